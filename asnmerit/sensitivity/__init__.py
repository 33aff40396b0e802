"""How much an answer hangs on the numbers it was made with: sweeps, margins of weights, fragility."""
