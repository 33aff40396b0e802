"""Mutation of a policy: small changes of its document, and whether its scenarios notice them."""

from __future__ import annotations

from asnmerit.mutation.killers import write_killers
from asnmerit.mutation.mutants import Mutant, mutants
from asnmerit.mutation.report import Ending, Report, Tally, told
from asnmerit.mutation.running import mutate

__all__ = ["Ending", "Mutant", "Report", "Tally", "mutants", "mutate", "told", "write_killers"]
