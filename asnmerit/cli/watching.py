"""A line on the terminal that says how far long work has come and what is being done; nothing where nobody watches."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from asnmerit.auditing.report.spans import clean

BETWEEN: Final = 0.1
"""Seconds between two drawings."""
WIDTH: Final = 20

Told = Callable[[int, "int | None", str], None]


class Line:
    """Draws what is done of how much, since when, and what is being done; the line is written over and over."""

    def __init__(self, label: str) -> None:
        """Start the clock."""
        self.label = label
        self.started = time.monotonic()
        self.drawn = -1.0

    def __call__(self, done: int, total: int | None, doing: str = "") -> None:
        """Draw, unless it was drawn a moment ago."""
        now = time.monotonic()
        if now - self.drawn < BETWEEN:
            return
        self.drawn = now
        room = shutil.get_terminal_size().columns - 1
        click.echo("\r" + self.text(done, total, doing, now - self.started)[:room].ljust(room), nl=False, err=True)

    def text(self, done: int, total: int | None, doing: str, seconds: float) -> str:
        """Write the line."""
        bar = f" [{'#' * (WIDTH * min(done, total) // total):<{WIDTH}}] {done:,}/{total:,}" if total else f" {done:,}"
        return f"{self.label}{bar}  {seconds:.0f} s  {clean(doing)}".replace("\n", " ")

    def end(self) -> None:
        """Wipe the line."""
        if self.drawn >= 0:
            room = shutil.get_terminal_size().columns - 1
            click.echo("\r" + " " * room + "\r", nl=False, err=True)


@contextmanager
def watched_work(label: str) -> Iterator[Told | None]:
    """Give the function to tell of the work, or None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    line = Line(label)
    try:
        yield line
    finally:
        line.end()
