"""Processes that solve: started when there is work, stopped politely, then hard; none is ever left behind.

A worker is a plain subprocess with pickles over pipes. Nothing of the caller's program is imported in it, and no
process with threads is forked.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self, cast

import attrs

from asnmerit.auditing.proving.asked import Hello, Note, Result, Task, packed, read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from asnmerit.rules.law import Law

POLITE: Final = 0.7
"""Seconds that a worker has, after its time is up, to say so itself."""
TO_START: Final = 20.0
"""Seconds that a worker has to start and to make the terms of a question."""
DEATHS: Final = 3
"""A worker that dies so often without an answer in between is not started again."""

_PROGRAM: Final = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from asnmerit.auditing.proving.worker import main; sys.argv[1:] = []; main()"
)


def _command() -> list[str]:
    path = [os.path.abspath(p) for p in sys.path]  # noqa: PTH100 - an empty entry is here
    return [sys.executable, "-P", "-c", _PROGRAM, json.dumps(path)]


def _surroundings() -> dict[str, str]:
    """Give the environment of a worker: nothing that changes how Python starts; one order of hashes."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    return kept | {"PYTHONHASHSEED": "0"}


class Worker:
    """One process and the thread that talks with it. What it says goes to `heard` as (worker, message or None)."""

    def __init__(self, hello: bytes, heard: queue.SimpleQueue[tuple[Worker, Any]]) -> None:
        """Start the process; it reads its law while the caller goes on."""
        self.heard = heard
        self.task: Task | None = None
        self.until = float("inf")
        self.since = 0.0
        self.last: Result | None = None
        self._given: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._given.put(hello)
        self.process = subprocess.Popen(  # noqa: S603 - this Python, a program of our own
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            start_new_session=True,
        )
        self._end = weakref.finalize(self, _ended, self.process, self._given)
        me = weakref.ref(self)
        args = (self.process, self._given, heard, me)
        self._threads = [
            threading.Thread(target=_writing, args=args[:2], daemon=True),
            threading.Thread(target=_reading, args=(self.process, heard, me), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def give(self, task: Task, until: float) -> None:
        """Hand over a task; the worker has till then to make its terms, and the task's limit after that."""
        self.task, self.last, self.since = task, None, time.monotonic()
        self.until = min(until, self.since + TO_START + task.limit)
        self._given.put(packed(task))

    def drop(self) -> None:
        """Say that the task is no longer wanted; it is stopped hard if it does not listen."""
        if self.task is not None:
            self.until = min(self.until, time.monotonic() + POLITE)
            self._given.put(packed(self.task.number))

    def kill(self) -> None:
        """End the process and its threads. It may be called more than once."""
        self._end()
        for thread in self._threads:
            thread.join(2.0)


def _ended(process: subprocess.Popen[bytes], given: queue.SimpleQueue[bytes | None]) -> None:
    process.kill()
    process.wait()
    given.put(None)


def _writing(process: subprocess.Popen[bytes], given: queue.SimpleQueue[bytes | None]) -> None:
    """Write what is given, on a thread of its own: a worker that does not read holds up nobody else."""
    pipe = process.stdin
    with contextlib.suppress(OSError, ValueError):
        while (data := given.get()) is not None and pipe is not None:
            pipe.write(data)
            pipe.flush()
    if pipe is not None:
        with contextlib.suppress(OSError, ValueError):
            pipe.close()


def _reading(
    process: subprocess.Popen[bytes],
    heard: queue.SimpleQueue[tuple[Worker, Any]],
    me: weakref.ref[Worker],
) -> None:
    """Pass on what the worker says, and None when it has gone."""
    pipe = cast("BinaryIO | None", process.stdout)
    message: Any = None
    while pipe is not None:
        try:
            message = read(pipe)
        except Exception:  # noqa: BLE001 - gone, or killed in the middle of a message
            message = None
        worker = me()
        if worker is not None:
            heard.put((worker, message))
        del worker
        if message is None:
            pipe.close()
            return


class Workers:
    """Some workers for one law. A context manager: whatever happens inside, no process is left after it.

    `absent` says why there is no solver, once that is known.
    """

    def __init__(self, law: Law, as_of: datetime.date, jobs: int, memory: int) -> None:
        """Nothing is started before `start` or the first task."""
        self._hello = packed(Hello(law, as_of, memory))
        self.jobs = max(1, jobs)
        self.heard: queue.SimpleQueue[tuple[Worker, Any]] = queue.SimpleQueue()
        self.all: list[Worker] = []
        self.absent = ""
        self.deaths = 0

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        self.close()

    def close(self) -> None:
        """End every process; new ones are started if there is work again."""
        while self.all:
            self.all.pop().kill()

    def start(self) -> None:
        """Start what is missing, so that laws are read and terms made while the caller does something else."""
        while len(self.all) < self.jobs and not self.gone:
            try:
                self.all.append(Worker(self._hello, self.heard))
            except (OSError, ValueError) as error:
                self.absent = f"no process could be started: {error}"

    @property
    def gone(self) -> bool:
        """Whether nothing can be solved here: no solver, or workers that only die."""
        return bool(self.absent) or self.deaths >= DEATHS * self.jobs

    @property
    def idle(self) -> list[Worker]:
        """The workers without a task."""
        return [w for w in self.all if w.task is None]

    def give(self, tasks: Callable[[], Task | None], until: float) -> None:
        """Give every idle worker the next task, as long as there is one."""
        for worker in self.idle:
            task = tasks()
            if task is not None:
                worker.give(task, until)

    @property
    def busy(self) -> list[Worker]:
        """The workers at work."""
        return [w for w in self.all if w.task is not None]

    def drop(self, number: int) -> None:
        """Stop every task on a question: it is answered."""
        for worker in self.busy:
            if worker.task is not None and worker.task.number == number:
                worker.drop()

    def wait(self, until: float) -> tuple[Task, Result] | None:
        """Wait for the next result, at most till then. A worker past its time is ended and its task comes back open."""
        while True:
            now = time.monotonic()
            late = next((w for w in self.busy if now >= w.until), None)
            if late is not None:
                return self._lost(late, "its time was up")
            if now >= until or not self.busy:
                return None
            soonest = min([until, *(w.until for w in self.busy)])
            try:
                worker, message = self.heard.get(timeout=max(0.0, min(soonest - now, 1.0)))
            except queue.Empty:
                continue
            found = self._heard(worker, message)
            if found is not None:
                return found

    def _heard(self, worker: Worker, message: Any) -> tuple[Task, Result] | None:  # noqa: ANN401 - a message
        if worker not in self.all:
            return None
        match message:
            case Result():
                self.deaths = 0
                task, worker.task = worker.task, None
                return None if task is None else (task, message)
            case Note("absent"):
                self.absent = message.told
                return self._lost(worker, message.told)
            case Note("began") if worker.task is not None:
                worker.until = min(worker.until, time.monotonic() + worker.task.limit + POLITE)
            case Note("part"):
                worker.last = message.result
            case None:
                self.deaths += 1
                return self._lost(worker, "the process died")
            case _:
                pass
        return None

    def _lost(self, worker: Worker, told: str) -> tuple[Task, Result] | None:
        """End a worker; its task comes back open, with the best that it had said."""
        self.all.remove(worker)
        worker.kill()
        task = worker.task
        if task is None:
            return None
        spent = time.monotonic() - worker.since
        return task, attrs.evolve(worker.last or Result(task.number, "open"), seconds=spent, told=told)

    def stop(self) -> None:
        """End the workers that are at work; the others stay for the next questions."""
        for worker in self.busy:
            self.all.remove(worker)
            worker.kill()
