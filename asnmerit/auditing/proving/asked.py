"""What goes to a worker and what comes back: a question in one encoding with a limit, and its result. Plain data."""

from __future__ import annotations

import pickle
import struct
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

import attrs

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from asnmerit.auditing.questions import Lane, Question
    from asnmerit.rules.law import Law

Lanes = dict["Lane", Any]
Verdict = Literal["none", "found", "open"]
_HEAD: Final = struct.Struct("!Q")


@attrs.frozen
class Hello:
    """The first message to a worker: its law, its day, and how much memory it may have, in MB."""

    law: Law
    as_of: datetime.date
    memory: int


@attrs.frozen
class Task:
    """A question for a worker: `limit` seconds of solving; `best` and `bound` for an `Extreme` as known so far."""

    number: int
    question: Question
    encoding: str
    limit: float
    best: int | None = None
    bound: int | None = None
    seed: int = 0


@attrs.frozen
class Result:
    """What a worker says. `people` found; of an `Extreme` the best value and the bound; `told`: why it is open."""

    number: int
    verdict: Verdict
    people: tuple[Mapping[Lane, Any], ...] = ()
    value: int | None = None
    bound: int | None = None
    seconds: float = 0.0
    told: str = ""


@attrs.frozen
class Note:
    """What a worker says between: `ready`, `absent` (no solver), `began` (terms are made), `part` (a better one)."""

    kind: Literal["ready", "absent", "began", "part"]
    result: Result | None = None
    told: str = ""


def packed(message: object) -> bytes:
    """Write a message as its length and its pickle."""
    data = pickle.dumps(message, protocol=5)
    return _HEAD.pack(len(data)) + data


def read(stream: BinaryIO) -> Any:  # noqa: ANN401 - a message
    """Read the next message.

    Raises:
        EOFError: if the other side has gone.

    >>> import io
    >>> read(io.BytesIO(packed(("one", 2))))
    ('one', 2)
    """
    (length,) = _HEAD.unpack(_exactly(stream, _HEAD.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301 - written by a process of our own, over a pipe


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = stream.read(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data
