"""Whether anybody is so: by the form of a law, by people tried, by a solver in processes of its own."""
