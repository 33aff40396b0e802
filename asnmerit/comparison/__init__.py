"""Two laws side by side over a population: who wins, who loses, what it costs, and by which condition."""
