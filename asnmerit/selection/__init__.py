"""Limited places and limited money: who comes in, who waits, and what decided."""
