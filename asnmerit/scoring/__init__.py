"""How people are scored: raters, weights, schemes and orders. All of it builds expressions."""
