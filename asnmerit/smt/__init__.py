"""What the terms of a law are made of: truth, whole numbers and days as z3 has them. Needs the extra `audit`."""
