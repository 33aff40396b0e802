"""A bar that shows how far a long piece of work has come: on a terminal, or below the cell of a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

WIDTH: Final = 30
BETWEEN: Final = 0.1
"""Seconds between two drawings."""

Told = Callable[[int, "int | None"], object]


class Bar:
    """Draws rows done out of rows in all. Give it `done` each time; `end` finishes the line."""

    def __init__(self) -> None:
        """Start the clock."""
        self.started = time.monotonic()
        self.drawn = -1.0
        self.text = ""
        self.last: tuple[int, int | None] | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Draw, unless it was drawn a moment ago."""
        now = time.monotonic()
        self.last = (done, total)
        if now - self.drawn < BETWEEN and done != total:
            return
        self.drawn, self.last = now, None
        seconds = max(now - self.started, 1e-9)
        share = "" if not total else f"[{'#' * (WIDTH * done // total):<{WIDTH}}] {100 * done // total:3d}% "
        text = f"{share}{done:,} rows, {done / seconds:,.0f} a second"
        sys.stderr.write("\r" + text.ljust(len(self.text)))
        sys.stderr.flush()
        self.text = text

    def end(self) -> None:
        """Leave the bar as it stands and go to the next line."""
        if self.last is not None:
            self.drawn = -1.0
            self(*self.last)
        if self.text:
            sys.stderr.write("\n")
            sys.stderr.flush()


class Sum:
    """Adds up what several pieces of one query tell, which may be decided at once: rows done so far, of all of them.

    How many rows a query has is not known before it has run, so the rows in all are None.
    """

    def __init__(self, progress: bool | Told) -> None:  # noqa: FBT001 - True, or a function
        """Start at nothing."""
        self.tell, self.end = teller(progress)
        self.done = self.open = 0
        self.lock = Lock()

    @contextmanager
    def piece(self) -> Iterator[Told]:
        """Give the function to tell of the rows of one piece; a bar's line ends when no piece is open."""
        before = 0
        with self.lock:
            self.open += 1

        def told(done: int, _total: int | None) -> None:
            nonlocal before
            with self.lock:
                self.done += done - before
                before = done
                self.tell(self.done, None)

        try:
            yield told
        finally:
            with self.lock:
                self.open -= 1
                if not self.open:
                    self.end()


def teller(progress: bool | Told) -> tuple[Told, Callable[[], None]]:  # noqa: FBT001 - True, or a function
    """Give the function to tell of rows done, and the one to call at the end."""
    if callable(progress):
        return progress, lambda: None
    if not progress:
        return (lambda _done, _total: None), lambda: None
    bar = Bar()
    return bar, bar.end
