"""What simulations found, drawn: charts in Indonesian and English, each with its plain table and in words."""

from asnmerit.pictures import drawing

__all__ = ["drawing"]
# First of all: where Altair is missing, its extra is named, which brings whatever else pictures need.
