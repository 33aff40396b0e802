"""Parts of the SQL interpretation: names and comments, dialects, levels of columns, the edge, the answers."""
