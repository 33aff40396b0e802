"""Scenarios: files of people, days and expected answers that test a policy, and how much of it they reach."""

from __future__ import annotations

from asnmerit.scenarios.book import SUFFIXES, Book, read_book
from asnmerit.scenarios.coverage import Coverage, Unit, coverage
from asnmerit.scenarios.finding import books, files
from asnmerit.scenarios.running import Mismatch, Result, run_book, run_scenarios

__all__ = [
    "SUFFIXES",
    "Book",
    "Coverage",
    "Mismatch",
    "Result",
    "Unit",
    "books",
    "coverage",
    "files",
    "read_book",
    "run_book",
    "run_scenarios",
]
