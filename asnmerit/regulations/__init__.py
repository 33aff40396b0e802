"""A policy in words: a page that a reader who knows no code can hold against the law."""

from __future__ import annotations

from asnmerit.regulations.page import Regulation, regulation

__all__ = ["Regulation", "regulation"]
