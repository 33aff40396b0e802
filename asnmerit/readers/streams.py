"""Text out of a stream of bytes that belongs to the caller."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import BinaryIO


class BorrowedText(io.TextIOWrapper):
    """UTF-8 text, a leading byte order mark taken off; bytes that are not UTF-8 come as lone surrogates.

    When it goes, the stream below stays open: whoever opened it closes it.

    >>> raw = io.BytesIO(b"nip")
    >>> BorrowedText(raw, newline="").read(), raw.closed
    ('nip', False)
    """

    def __init__(self, stream: BinaryIO, newline: str) -> None:
        """Read from a stream; `newline` as for `open`."""
        super().__init__(stream, encoding="utf-8-sig", errors="surrogateescape", newline=newline)

    def __del__(self) -> None:
        """Let go of the stream."""
        with suppress(ValueError, OSError):
            self.detach()
