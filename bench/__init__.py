"""Measurements side by side with other ways to decide the same policy; see README.md."""
