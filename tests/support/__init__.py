"""What the tests share: random policies and people, and the comparison of interpretations."""
