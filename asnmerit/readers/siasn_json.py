"""Answers of the SIASN service into rows: a person's data-utama with the histories (riwayat) beside it.

    {"data-utama": {...}, "rw-golongan": [...], "rw-skp22": [...], "rw-hukdis": [], "under_examination": false}

Each part may stand in the service's envelope `{"code": 1, "data": ...}`, and so may the whole. A history that is not
there leaves its facts unknown; an empty one says that there is nothing. Other keys must be facts of the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import BinaryIO, Final

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.readers.conventions import SIASN, Reading
from asnmerit.readers.findings import NOTHING, CellRefusedError, FileRefusedError, Finding, Words, shortened
from asnmerit.readers.jsonl import objects, objects_in_lines, records
from asnmerit.readers.layout import FactLike, Layout, lay_out
from asnmerit.readers.rows import Row, refused_row, row_of, told_twice, typed
from asnmerit.readers.siasn_columns import named
from asnmerit.readers.siasn_entries import (
    HISTORIES,
    MAIN,
    Entry,
    entries,
    flat,
    history_name,
    looks_like_person,
    others,
    without_envelope,
)
from asnmerit.readers.siasn_histories import FACTS, Histories
from asnmerit.readers.tabular import TableOptions
from asnmerit.rules.types import Type

_PERSON: Final = Words(
    'satu objek seperti {"data-utama": {...}, "rw-skp22": [...]}',
    'one object such as {"data-utama": {...}, "rw-skp22": [...]}',
)
_A_KEY: Final = Words("riwayat SIASN atau fakta kebijakan ini", "a history of SIASN or a fact of this policy")
_AS_SIASN: Final = Words("sama dengan SIASN", "the same as SIASN says")
DEFINITIVE: Final = "D"
MOST_BROKEN_AT_THE_START: Final = 100


def read_siasn_json(
    stream: BinaryIO, facts: Iterable[FactLike], options: TableOptions | None = None, *, lines: bool = False
) -> Iterator[Row]:
    """Read a file of persons: an array, one object after the other, or one a line; in envelopes or not.

    >>> import io
    >>> data = b'[{"data-utama": {"nipBaru": "198503172010011003"}, "rw-hukdis": []}]'
    >>> [row.id for row in read_siasn_json(io.BytesIO(data), [])]
    ['198503172010011003']

    Args:
        stream: the file.
        facts: the facts of the law.
        options: synonyms, aliases, inverted rating codes; names of keys to pass over.
        lines: whether each line is an object by itself.

    Raises:
        FileRefusedError: if the file is empty or starts as no JSON.
    """
    found = (objects_in_lines if lines else objects)(stream)
    return told_twice(_rows(found, _People(facts, options or TableOptions())))


def read_json_of_either_kind(
    stream: BinaryIO, facts: Iterable[FactLike], options: TableOptions | None = None, *, lines: bool = False
) -> tuple[str, Iterator[Row]]:
    """Read records as `decide` takes them, or persons as SIASN gives them: the first object that can be read tells.

    >>> import io
    >>> kind, rows = read_json_of_either_kind(io.BytesIO(b'[{"rank": "III/a"}]'), [])
    >>> kind, [row.record for row in rows]
    ('json', [{'rank': 'III/a'}])

    Raises:
        FileRefusedError: as `read_siasn_json`.
    """
    options = options or TableOptions()
    values = iter((objects_in_lines if lines else objects)(stream))
    start: list[tuple[int, object]] = []
    for value in values:
        start.append(value)
        if not isinstance(value[1], Finding) or len(start) == MOST_BROKEN_AT_THE_START:
            break
    both = chain(start, values)
    if start and looks_like_person(start[-1][1]):
        return "siasn-json", told_twice(_rows(both, _People(facts, options)))
    return "jsonl" if lines else "json", records(both, facts, options.ignore)


def siasn_person(answers: Mapping[str, object], facts: Iterable[FactLike], options: TableOptions | None = None) -> Row:
    """Read one person: data-utama and histories as the service gives them.

    >>> person = {"data-utama": {"nipBaru": "198503172010011003"}, "rw-hukdis": {"code": 1, "data": []}}
    >>> siasn_person(person, []).id
    '198503172010011003'
    """
    return _People(facts, options or TableOptions()).row(answers, 1, 1)


def _rows(found: Iterable[tuple[int, object]], people: _People) -> Iterator[Row]:
    number = 0
    for line, value in found:
        inner = without_envelope(value)
        for one in inner if isinstance(inner, list) else [inner]:
            number += 1
            yield refused_row(number, line, one) if isinstance(one, Finding) else people.row(one, number, line)


class _People:
    """Reads persons for one set of facts. The layouts of data-utama are kept: they are alike for all."""

    def __init__(self, facts: Iterable[FactLike], options: TableOptions) -> None:
        self.facts = list(facts)
        self.kinds: dict[str, Type] = {fact.name: fact.type for fact in self.facts}
        self.options = options
        self.reading: Reading = options.reading(SIASN)
        self.layouts: dict[tuple[str, ...], Layout] = {}

    def row(self, value: object, number: int, line: int) -> Row:
        """Read one person."""
        inner = without_envelope(value)
        if not isinstance(inner, dict) or not looks_like_person(inner):
            return refused_row(number, line, Finding("person-shape", expected=_PERSON))
        if not any(history_name(key) for key in inner):
            inner = {MAIN: inner}
        work = Histories({}, self.reading)
        main = self._main(inner, work)
        found: dict[str, list[Entry]] = {}
        for key, one in inner.items():
            name = history_name(key)
            if name and name != MAIN:
                listed, told = entries(name, one)
                work.findings += told
                if listed is not None:
                    found[name] = listed
        work.entries = found
        row = self._of_main(main, number, line)
        person = main.get("id", "") or main.get("pnsId", "")
        work.findings += others((e for each in found.values() for e in each), person, row.id)
        record = {**row.record, **self._of_histories(work, row.record)}
        for fact, own in self._own(inner, work).items():
            if record.setdefault(fact, own) != own:
                work.findings.append(Finding("cells-disagree", fact, expected=_AS_SIASN))
        _compare(work, record, self.kinds)
        carries = row.carries | {fact for fact, (needed, _) in FACTS.items() if set(needed) <= set(found)}
        return attrs.evolve(row, record=record, findings=(*row.findings, *work.findings), carries=carries)

    def _main(self, inner: Mapping[str, object], work: Histories) -> dict[str, str]:
        """Give the texts of data-utama; those of keys that disagree are left out and told."""
        value = next((one for key, one in inner.items() if history_name(key) == MAIN), None)
        opened = without_envelope(value)
        if isinstance(opened, list) and len(opened) == 1:
            opened = opened[0]
        if not isinstance(opened, dict):
            work.findings.append(Finding("person-shape" if value is not None else "history-missing", MAIN))
            return {}
        found, told = flat(opened, MAIN)
        work.findings += told
        names = {named(key): key for key in opened}
        return {names[key]: text for key, text in found.items()}

    def _of_main(self, main: Mapping[str, str], number: int, line: int) -> Row:
        """Read data-utama as a table of one row: the same names, codes and dates hold."""
        header = tuple(main)
        if header not in self.layouts:
            try:
                self.layouts[header] = lay_out(header, self.facts, SIASN, ("*",))
            except FileRefusedError as error:
                return Row(number, line, findings=error.findings)
        return row_of(list(main.values()), self.layouts[header], self.reading, number, line)

    def _of_histories(self, work: Histories, record: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for fact, (needed, read) in FACTS.items():
            kind = self.kinds.get(fact)
            if kind is None or fact in record:
                continue
            if missing := [name for name in needed if name not in work.entries]:
                if len(missing) < len(needed):
                    work.findings.append(Finding("history-missing", ", ".join(missing), fact))
                continue
            value = read(work, kind)
            if value is not None:
                found[fact] = value
        return {**found, **self._latest_rank(work, record)}

    def _latest_rank(self, work: Histories, record: Mapping[str, object]) -> dict[str, object]:
        """Where data-utama says nothing of the rank, take the latest of rw-golongan, and tell."""
        if "rank" in record or "rank_date" in record or "rank" not in self.kinds:
            return {}
        dated = [(day, entry) for entry in work.entries.get("rw-golongan", ()) if (day := work.day(entry, "rank_date"))]
        if not dated:
            return {}
        day, last = max(dated, key=lambda pair: pair[0])
        rank = work.value(last, "rank", self.kinds["rank"], "rank")
        if rank is None or sum(one == day for one, _ in dated) > 1:
            return {}
        work.tell(last, Finding("from-history", expected=Words(str(rank), str(rank))), "rank")
        return {"rank": rank, **({"rank_date": day} if "rank_date" in self.kinds else {})}

    def _own(self, inner: Mapping[str, object], work: Histories) -> dict[str, object]:
        """Read the facts that stand beside the histories under their own names; no other key is taken."""
        found: dict[str, object] = {}
        left_out = frozenset(self.options.ignore)
        for key, value in inner.items():
            if history_name(key) or key in left_out or named(key) in {"ID", "NIP", "NAMA", "NAME", "NIPBARU"}:
                continue
            if key in self.kinds:
                try:
                    found[key] = typed(self.kinds[key], value)
                except CellRefusedError as error:
                    work.findings.append(attrs.evolve(error.finding, column=key))
            elif "*" not in left_out:
                near = near_misses(key, [*HISTORIES, *self.kinds])
                hint = Words(f"maksud Anda {near[0]}?", f"did you mean {near[0]}?") if near else NOTHING
                work.findings.append(Finding("key-unknown", shortened(key), "", _A_KEY, hint))
        return found


def _compare(work: Histories, record: Mapping[str, object], kinds: Mapping[str, Type]) -> None:
    """Hold data-utama against the latest entries of its histories."""
    for fact, history, thing in (
        ("rank_date", "rw-golongan", "rank_date"),
        ("position_date", "rw-jabatan", "position_date"),
    ):
        said, listed = record.get(fact), work.entries.get(history, [])
        if fact not in kinds or not isinstance(said, date):
            continue
        days = [day for entry in listed if _counts(entry) and (day := work.day(entry, thing))]
        if days and max(days) != said:
            latest = max(days).isoformat()
            work.findings.append(Finding("history-differs", f"{history}, {fact}", f"{said} ≠ {latest}"))


def _counts(entry: Entry) -> bool:
    """Acting appointments (PLT, PLH) are no posts of one's own."""
    return entry.text("assignment").upper() in {"", DEFINITIVE}
