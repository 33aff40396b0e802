"""Whether a decision treats groups alike: rates and amounts with intervals, ratios, comparable bands, small groups."""

from asnmerit.equity import intervals

__all__ = ["intervals"]
# First of all: where SciPy is missing, its extra is named, which brings whatever else fairness needs.
