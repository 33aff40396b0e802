"""The command `asnmerit`: check, decide, explain, replay, template, and what is bundled."""

from asnmerit.cli.program import main

__all__ = ["main"]
