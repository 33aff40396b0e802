"""Synthetic populations: made-up civil servants with consistent careers, calibrated to the published shares.

Nothing here reads a policy. What a column is called and which values it takes is the convention of flat files; that the
tables repeated here (certificates, levels, the 3x3 matrix) are those of the policies is held by a test.
"""
