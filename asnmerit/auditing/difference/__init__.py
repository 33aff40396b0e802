"""Two laws side by side: whether they answer alike, where not, and whether anybody loses."""
