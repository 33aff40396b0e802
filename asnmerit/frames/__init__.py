"""Whole populations: the law over blocks of columns."""
