"""The program of a worker: it holds one law as solver terms and answers questions, one at a time, until told to stop.

Started by `proving.workers` as a process of its own; it ends when its input closes, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, BinaryIO, Final

from asnmerit.auditing.proving.asked import Hello, Note, Result, Task, packed, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from asnmerit.smt.asking import Asking

BETWEEN: Final = 0.05
"""Seconds between two looks at the clock, and between two interruptions of a solver that does not listen."""
MB: Final = 1024 * 1024


class Watch:
    """Interrupts the solver when its time is up or when it is told to stop; again and again, until it listens.

    Only a check is interrupted: a model that is read meanwhile would be read in part.
    """

    def __init__(self, interrupt: Callable[[], object]) -> None:
        """Take what interrupts the solver."""
        self.interrupt = interrupt
        self.until = float("inf")
        self.stopped = False
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._checking = False

    @property
    def left(self) -> float:
        """Seconds left; none when stopped."""
        return 0.0 if self.stopped else max(0.0, self.until - time.monotonic())

    def start(self, limit: float) -> None:
        """Start the clock."""
        self.until = time.monotonic() + limit

    def heard(self, check: Callable[[], str]) -> str:
        """Give what a check says; a solver whose time is up may say anything, so then nothing is known."""
        with self._lock:
            self._checking = True
        try:
            found = check()
        finally:
            with self._lock:
                self._checking = False
        return found if self.left > 0 else "unknown"

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while something is solved."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _watch(self) -> None:
        while not self._over.wait(BETWEEN):
            with self._lock:
                if self._checking and self.left <= 0:
                    self.interrupt()


class Serving:
    """One worker's conversation: messages in on a thread of their own, so that `stop` and the end are always heard."""

    def __init__(self, given: BinaryIO, out: BinaryIO) -> None:
        """Take the two ends."""
        self.given, self.out = given, out
        self.tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self.watch: Watch | None = None
        self.at = -1
        self.dropped = -1

    def say(self, message: object) -> None:
        """Send a message; the end of the other side is the end of this one."""
        try:
            self.out.write(packed(message))
            self.out.flush()
        except OSError:
            os._exit(0)

    def listen(self) -> None:
        """Read until the other side has gone: a task, or the number of one that is no longer wanted."""
        while True:
            try:
                message = read(self.given)
            except (EOFError, OSError):
                os._exit(0)
            if isinstance(message, Task):
                # The number of a question is used again for another one: what was dropped before is over.
                self.dropped = -1
                self.tasks.put(message)
                continue
            self.dropped = message
            if self.watch is not None and self.at == message:
                self.watch.stopped = True

    def run(self) -> None:
        """Take the law, say whether there is a solver, and answer."""
        hello: Hello = read(self.given)
        limited(hello.memory)
        threading.Thread(target=self.listen, daemon=True).start()
        try:
            from asnmerit.smt import asking as solver  # noqa: PLC0415 - the extra `audit` may be absent
        except ImportError as error:
            self.say(Note("absent", told=str(error)))
            return
        asking = solver.Asking(hello.law, hello.as_of, hello.memory)
        self.say(Note("ready"))
        while True:
            self.answer(asking, self.tasks.get())

    def answer(self, asking: Asking, task: Task) -> None:
        """Answer one task; a fault is told, and the worker's state is not used again."""
        watch = Watch(asking.interrupt)
        self.watch, self.at = watch, task.number
        watch.stopped = self.dropped == task.number
        started = time.monotonic()

        def began() -> None:
            watch.start(task.limit)
            self.say(Note("began"))

        try:
            with watch.watching():
                result = asking.answer(task, watch, began, lambda part: self.say(Note("part", part)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side must hear of it
            self.say(Result(task.number, "open", seconds=time.monotonic() - started, told=_told(error)))
            self.out.close()
            os._exit(1)
        self.say(result)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def limited(memory: int) -> None:
    """Cap the memory of this process, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory * MB, memory * MB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve over standard input and output; what else writes to standard output goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1):
        os.dup2(nowhere, place)
    try:
        Serving(given, out).run()
    except (EOFError, OSError):
        sys.exit(0)


if __name__ == "__main__":
    main()
