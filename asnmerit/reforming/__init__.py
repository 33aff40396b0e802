"""Reforms: a law with parameters, tables, weights or rules changed, within what is delegated or openly beyond it."""
