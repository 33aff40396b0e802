"""An entry of a document with what it says changed, in the version in force or in a new one from a day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.rules.days import day_text
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.schema import TRUE, day_of
from asnmerit.timeline import FOREVER, Act, in_force

if TYPE_CHECKING:
    from asnmerit.diagnostics import Position
    from asnmerit.rules.declarations import Module

DATES: Final = frozenset({"from", "until", "enacted", "repealed"})
PAYLOADS: Final[Mapping[str, frozenset[str]]] = {
    "parameters": frozenset({"value", "disputed"}),
    "tables": frozenset({"rows", "series", "row_source", "disputed"}),
    "scores": frozenset({"schemes", "otherwise", "round"}),
    "indicators": frozenset({"schemes", "otherwise", "round"}),
    "rules": frozenset({"applies", "requires", "unless", "grants"}),
}
"""What of an entry is dated with it, by section."""
META: Final = frozenset({"source", "grade", "note"})
Payload = Mapping[str, Node | None]


@attrs.frozen(eq=False)
class When:
    """The day of the law, the day as known on which it is asked for, and from when to when a change holds."""

    on: int
    known: int
    start: int | None = None
    until: int | None = None

    @property
    def day(self) -> int:
        """The day whose version is changed: the first of the change, else that of the law."""
        return self.on if self.start is None else self.start


def with_key(table: Table, key: str, node: Node | None) -> Table:
    """Give a mapping with a key set, or without it (None)."""
    found = [(k, node if k.text == key else v) for k, v in table.entries if k.text != key or node is not None]
    if node is not None and table.get(key) is None:
        found.append((Scalar(node.position, key), node))
    return Table(table.position, tuple((k, v) for k, v in found if v is not None))


def with_keys(table: Table, more: Payload) -> Table:
    """Give a mapping with several keys set or taken away."""
    for key, node in more.items():
        table = with_key(table, key, node)
    return table


def table(position: Position, entries: Payload) -> Table:
    """Make a mapping of what there is."""
    return Table(position, tuple((Scalar(n.position, k), n) for k, n in entries.items() if n is not None))


def spelled(entry: Node, short: str) -> Table:
    """Give an entry as a mapping, where it is written as the lone value of a key."""
    return entry if isinstance(entry, Table) else Table(entry.position, ((Scalar(entry.position, short), entry),))


def versions_of(entry: Table, section: str, module: Module) -> list[Act[Table]]:
    """Give the dated versions of an entry; an entry without versions is one itself."""
    listed = entry.get("versions")
    items = listed.items if isinstance(listed, Sequence) else (entry,)
    # A parameter's own `from` is its range, not its day; indicators have no days.
    dated = isinstance(listed, Sequence) or section not in {"parameters", "indicators"}
    said = any(entry.get(k) is not None for k in PAYLOADS[section])
    return [_act(v, module, dated=dated) for v in items if isinstance(v, Table) and (v is not entry or said)]


def _act(version: Table, module: Module, *, dated: bool) -> Act[Table]:
    def day(key: str, default: int) -> int:
        node = version.get(key) if dated else None
        found = day_of(node.text) if isinstance(node, Scalar) else None
        return default if found is None else found

    flag = version.get("repealed") if dated else None
    repealed = isinstance(flag, Scalar) and flag.text in TRUE
    start, until = day("from", module.start), min(day("until", module.until), FOREVER)
    payload = None if repealed else version
    return Act(payload, start, until, day("enacted", module.enacted), version.position, module.layer)


def version_in_force(entry: Table, section: str, module: Module, on: int, known: int) -> Table | None:
    """Give the version of an entry that is in force on a day, as its own document has it; None where there is none."""
    act = in_force(versions_of(entry, section, module), on, known)
    return None if act is None else act.payload


def redated(
    entry: Table, section: str, module: Module, when: When, at: Position, change: Callable[[Table], Payload]
) -> Table:
    """Change what an entry says on a day: `change` gives the new payload from the version in force (or an empty one).

    Without a day of its own the change takes the place of the version in force, days and all; with one it is a
    version of its own, enacted with that version, and ends where that one ends. `at` is the place of the change: that
    of what is wrong with the new version.
    """
    if when.start is not None and when.start < module.start:
        when = attrs.evolve(when, start=module.start)  # nothing holds before the policy does
    act = in_force(versions_of(entry, section, module), when.day, when.known)
    if act is None or act.payload is None:
        start = when.start if when.start is not None else module.start
        new = with_keys(Table(at, ()), change(Table(at, ())))
        return _with_version(entry, section, _dated(new, start if start > module.start else None, when.until, None))
    old = act.payload
    if when.until is None and when.start in {None, act.start}:
        new = Table(at, with_keys(old, change(old)).entries)
        return new if old is entry else _replaced(entry, old, new)
    kept = Table(at, tuple((k, v) for k, v in old.entries if k.text in PAYLOADS[section]))
    new = with_keys(kept, change(old))
    until = min(act.until, when.until if when.until is not None else FOREVER)
    ends = None if until in {FOREVER, module.until} else until
    enacted = act.enacted if act.enacted != module.enacted else None
    return _with_version(entry, section, _dated(new, when.start or act.start, ends, enacted))


def _replaced(entry: Table, old: Table, new: Table) -> Table:
    listed = entry.get("versions")
    items = listed.items if isinstance(listed, Sequence) else ()
    position = listed.position if listed is not None else entry.position
    return with_key(entry, "versions", Sequence(position, tuple(new if v is old else v for v in items)))


def _dated(version: Table, start: int | None, until: int | None, enacted: int | None) -> Table:
    days = {"from": start, "until": until, "enacted": enacted}
    return with_keys(
        version, {k: None if d is None else Scalar(version.position, day_text(d)) for k, d in days.items()}
    )


def _with_version(entry: Table, section: str, new: Table) -> Table:
    listed = entry.get("versions")
    if isinstance(listed, Sequence):
        return with_key(entry, "versions", Sequence(listed.position, (*listed.items, new)))
    dates = frozenset() if section == "parameters" else DATES
    moved = [(k, v) for k, v in entry.entries if k.text in PAYLOADS[section] | dates]
    first = (Table(entry.position, tuple(moved)),) if moved else ()
    rest = Table(entry.position, tuple((k, v) for k, v in entry.entries if k.text not in PAYLOADS[section] | dates))
    return with_key(rest, "versions", Sequence(entry.position, (*first, new)))
