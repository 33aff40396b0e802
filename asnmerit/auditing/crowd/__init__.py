"""People of a law, hundreds of thousands at a time: what each fact can hold, drawn, paired, repaired, made plain."""
