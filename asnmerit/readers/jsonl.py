"""JSON arrays and JSON Lines into rows, one after the other; never the whole file in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

import attrs

from asnmerit.readers.findings import CellRefusedError, FileRefusedError, Finding, Words, shortened
from asnmerit.readers.layout import FactLike
from asnmerit.readers.nip import employee_number
from asnmerit.readers.rows import Row, refused_row, told_twice, typed
from asnmerit.readers.streams import BorrowedText
from asnmerit.readers.strict_json import strict_json
from asnmerit.rules.types import Type

LONGEST_OBJECT: Final = 1_000_000
DEEPEST_FILE: Final = 1_000
CHUNK: Final = 1 << 16

_IN_STRING: Final = re.compile(r'["\\]')
_OUTSIDE: Final = re.compile(r'["{}\[\],]')
_ENVELOPE: Final = re.compile(
    r'\s*\{(?:\s*"(?:code|status|success|message|count|total)"\s*:\s*(?:"[^"\\]*"|\w+)\s*,)*\s*"data"\s*:\s*(?=\[)'
)
_SURROGATE: Final = re.compile("[\udc80-\udcff]")
_ENDS: Final = {"}": "{", "]": "["}
_OBJECT: Final = Words('satu objek, misalnya {"rank": "III/b"}', 'one object, such as {"rank": "III/b"}')
_ARRAY: Final = Words("daftar objek [{...}, {...}], atau satu objek setiap baris", "an array of objects, or one a line")
_LENGTH: Final = Words(f"paling banyak {LONGEST_OBJECT:,} karakter", f"at most {LONGEST_OBJECT:,} characters")
_NUMBER_KEYS: Final = ("nip", "nip_baru", "NIP")
_OTHER_KEYS: Final = ("employee_id", "id", "name", "nama")


@attrs.frozen
class _Piece:
    """The text of one object, and the line on which it starts."""

    line: int
    text: str
    fault: str = ""


def read_json_lines(stream: BinaryIO, facts: Iterable[FactLike], ignore: Iterable[str] = ()) -> Iterator[Row]:
    r"""Read one object a line. A line that is not one is told and does not stop the rest.

    >>> rows = read_json_lines(io.BytesIO(b'{"id": "A1"}\nnonsense\n'), [])
    >>> [(row.id, [f.code for f in row.refusals]) for row in rows]
    [('A1', []), ('', ['json-syntax'])]
    """
    return _rows(_line_pieces(BorrowedText(stream, newline="\n")), facts, ignore)


def read_json(stream: BinaryIO, facts: Iterable[FactLike], ignore: Iterable[str] = ()) -> Iterator[Row]:
    """Read an array of objects, or objects one after the other.

    >>> rows = read_json(io.BytesIO(b'[{"id": "A1"}, 7, {"id": "A2"}]'), [])
    >>> [(row.id, [f.code for f in row.refusals]) for row in rows]
    [('A1', []), ('', ['row-shape']), ('A2', [])]

    Raises:
        FileRefusedError: if the file is empty or starts as neither.
    """
    return _rows(_pieces(stream), facts, ignore)


def objects(stream: BinaryIO) -> Iterator[tuple[int, object]]:
    """Give each value of a JSON file with its line; a `Finding` in the place of one that cannot be read.

    An array in an envelope `{"code": 1, "data": [...]}` is taken out of it, however long it is.

    >>> list(objects(io.BytesIO(b'[{"id": "A1"}, 7]')))
    [(1, {'id': 'A1'}), (1, 7)]

    Raises:
        FileRefusedError: if the file is empty or starts as no JSON.
    """
    return ((piece.line, _value(piece)) for piece in _pieces(stream, unwrap=True))


def objects_in_lines(stream: BinaryIO) -> Iterator[tuple[int, object]]:
    r"""Give the value of each line with its number; a `Finding` in the place of one that cannot be read.

    >>> list(objects_in_lines(io.BytesIO(b'{"id": "A1"}\n\n7\n')))
    [(1, {'id': 'A1'}), (3, 7)]
    """
    return ((piece.line, _value(piece)) for piece in _line_pieces(BorrowedText(stream, newline="\n")))


def _pieces(stream: BinaryIO, *, unwrap: bool = False) -> Iterator[_Piece]:
    text = BorrowedText(stream, newline="\n")
    start = text.read(CHUNK)
    while start and not start.strip() and (more := text.read(CHUNK)):
        start = more
    opening = start.strip()[:1]
    if not opening:
        raise FileRefusedError([Finding("file-empty")])
    if opening not in "[{":
        code = "file-encoding" if _SURROGATE.match(opening) or opening == "\0" else "file-layout"
        raise FileRefusedError([Finding(code, value=shortened(start.strip()[:20]), expected=_ARRAY)])
    envelope = _ENVELOPE.match(start) if unwrap else None
    return _Splitter(text, start, envelope.end() if envelope else 0).pieces()


def _line_pieces(text: io.TextIOWrapper) -> Iterator[_Piece]:
    number = 0
    while line := text.readline(LONGEST_OBJECT):
        number += 1
        piece = line
        while len(piece) == LONGEST_OBJECT and not piece.endswith("\n"):
            piece = text.readline(LONGEST_OBJECT)
        if piece is not line:
            yield _Piece(number, "", "row-long")
        elif line.strip():
            yield _Piece(number, line)


class _Splitter:
    """Cuts a JSON file into its objects by strings and brackets alone; each is parsed by itself."""

    def __init__(self, text: io.TextIOWrapper, start: str, skipped: int = 0) -> None:
        self.text, self.chunk = text, start[skipped:]
        self.wrapped = bool(skipped)
        self.open: list[str] = []
        self.in_string = self.escaped = False
        self.kept: list[str] = []
        self.size = 0
        self.line = 1 + start[:skipped].count("\n")
        self.in_array = self.chunk.lstrip()[:1] == "["
        self.done = False

    def pieces(self) -> Iterator[_Piece]:
        if self.in_array:
            before, _, self.chunk = self.chunk.partition("[")
            self.line += before.count("\n")
        while self.chunk:
            yield from self._scan()
            if len(self.open) > DEEPEST_FILE:
                yield _Piece(self.line, "", "json-depth")
                return
            self.chunk = self.text.read(CHUNK)
        left = "".join(self.kept).strip()
        if left and self.in_array and not (self.done or self.open or self.in_string):
            yield from self._piece(last=False)
        if (left and not (self.wrapped and self.done)) or (self.in_array and not self.done):
            yield _Piece(self.line, "", "file-cut")

    def _scan(self) -> Iterator[_Piece]:
        at = begin = 0
        while at < len(self.chunk) and len(self.open) <= DEEPEST_FILE:
            if self.escaped:
                self.escaped = False
                at += 1
                continue
            found = (_IN_STRING if self.in_string else _OUTSIDE).search(self.chunk, at)
            if found is None:
                break
            at = found.end()
            kept = self._mark(found[0])
            if kept is not None:
                self._keep(self.chunk[begin : at if kept else found.start()])
                begin = at
                yield from self._piece(last=found[0] == "]" and not kept)
        self._keep(self.chunk[begin:])

    def _mark(self, mark: str) -> bool | None:
        """Take one mark. None: the object goes on; True: it ends with the mark; False: it ended before it."""
        if self.in_string or mark == '"':
            self.escaped = mark == "\\"
            self.in_string = self.in_string != (mark == '"')
            return None
        if mark in "{[":
            self.open.append(mark)
        elif mark in _ENDS and _ENDS[mark] in self.open:
            while self.open.pop() != _ENDS[mark]:
                pass
            return True if not self.open and not self.in_array else None
        elif not self.open and self.in_array and mark in ",]" and not self.done:
            return False
        return None

    def _keep(self, part: str) -> None:
        if self.size <= LONGEST_OBJECT:
            self.kept.append(part)
        self.size += len(part)

    def _piece(self, *, last: bool) -> Iterator[_Piece]:
        text = "".join(self.kept)
        fault = "row-long" if self.size > LONGEST_OBJECT else ""
        start = self.line + text[: len(text) - len(text.lstrip())].count("\n")
        self.line += text.count("\n")
        self.kept, self.size = [], 0
        self.done = self.done or last
        if text.strip() or not last:
            yield _Piece(start, text.strip(), fault)


def _rows(pieces: Iterator[_Piece], facts: Iterable[FactLike], ignore: Iterable[str]) -> Iterator[Row]:
    return records(((piece.line, _value(piece)) for piece in pieces), facts, ignore)


def records(
    values: Iterable[tuple[int, object]], facts: Iterable[FactLike], ignore: Iterable[str] = ()
) -> Iterator[Row]:
    """Make rows of parsed values, each with its line.

    >>> [row.record for row in records([(1, {"id": "A1", "rank": "III/a"})], [])]
    [{'rank': 'III/a'}]
    """
    kinds = {fact.name: fact.type for fact in facts}
    left_out = frozenset(ignore)
    numbered = enumerate(values, start=1)
    return told_twice(_row(value, kinds, left_out, Row(number, line)) for number, (line, value) in numbered)


def _row(value: object, kinds: Mapping[str, Type], left_out: frozenset[str], row: Row) -> Row:
    if isinstance(value, Finding):
        return refused_row(row.number, row.line, value)
    if not isinstance(value, dict):
        return refused_row(row.number, row.line, Finding("row-shape", value=shortened(value), expected=_OBJECT))
    return _record(value, kinds, left_out, row)


def _value(piece: _Piece) -> object:
    """Parse one object; a finding where that cannot be done."""
    if piece.fault:
        return Finding(piece.fault, expected=_LENGTH if piece.fault == "row-long" else Words("", ""))
    if not piece.text.isascii() and _SURROGATE.search(piece.text):
        return Finding("row-encoding", expected=Words("teks UTF-8", "UTF-8 text"))
    try:
        return strict_json(piece.text)
    except CellRefusedError as error:
        # A broken object is not shown: it is a whole person.
        return attrs.evolve(error.finding, value="")


def _record(value: Mapping[str, object], kinds: Mapping[str, Type], left_out: frozenset[str], row: Row) -> Row:
    record: dict[str, object] = {}
    findings: list[Finding] = []
    for key, inner in value.items():
        if key in left_out or (key not in kinds and key in (*_NUMBER_KEYS, *_OTHER_KEYS)):
            continue
        try:
            record[key] = typed(kinds[key], inner) if key in kinds else inner
        except CellRefusedError as error:
            findings.append(attrs.evolve(error.finding, column=shortened(key)))
    identity = _identity(value, findings)
    return attrs.evolve(row, id=identity, record=record, findings=tuple(findings))


def _identity(value: Mapping[str, object], findings: list[Finding]) -> str:
    for key in _NUMBER_KEYS:
        if value.get(key) is not None:
            try:
                return employee_number(str(value[key]))[0]
            except CellRefusedError as error:
                findings.append(attrs.evolve(error.finding, column=key))
                return ""
    own = next((value[key] for key in _OTHER_KEYS[:2] if value.get(key) is not None), "")
    return shortened(own)
