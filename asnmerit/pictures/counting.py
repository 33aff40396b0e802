"""People counted by columns: of the frame, of the answers, or both; never more than the groups that occur."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import pa, pc
from asnmerit.frames.columns import year_of
from asnmerit.frames.dataframes import decide_frame
from asnmerit.frames.kinds import Source, source_of
from asnmerit.rules.law import A_LAW, Law
from asnmerit.rules.types import Enum, Yearly

Table = Any
MOST_GROUPS: Final = 30
"""Groups that a chart shows; its table has all."""


def checked_law(law: object) -> Law:
    """Check a law. Raises `ArgumentError`."""
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    return law


def least(smallest: object) -> int:
    """Check the smallest group that is shown."""
    if not isinstance(smallest, int) or isinstance(smallest, bool) or smallest < 1:
        raise ArgumentError("smallest", smallest, "a whole number from 1: the smallest group that is shown")
    return smallest


def column_of(source: Source, law: Law, argument: str, name: object) -> str:
    """Check the name of a column of the frame, or of an answer of the law. Raises `ArgumentError`."""
    there = [n for n in source.names if isinstance(n, str)]
    if not isinstance(name, str) or not (name in there or name in law.index):
        near = near_misses(str(name)[:80], [*there, *law.index])
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ArgumentError(argument, name, f"a column of the frame, or a value of the law{hint}")
    return name


def columns(law: Law, frame: Any, names: Sequence[str], options: Mapping[str, Any]) -> Table:  # noqa: ANN401 - a frame
    """Give columns of a frame, and those that are not in it as the law says them; plain texts and numbers."""
    source = source_of(frame)
    own = list(dict.fromkeys(n for n in names if n in source.names))
    told: list[str] = list(dict.fromkeys(n for n in names if n not in source.names))
    made: dict[str, Any] = {}
    if own:
        table, objects = source.table(own)
        for name in own:
            values = objects.get(name)
            made[name] = _plain(table.column(name) if values is None else pa.array([_text(v) for v in values]))
    if told:
        decided = [n for n in told if law.steps[law.index[n]].role == "decision"]
        chosen = list(dict.fromkeys(n.rpartition(".")[0] for n in decided))
        values_: list[str] = [n for n in told if n not in decided]
        answers = decide_frame(
            law, frame, keep=False, decisions=chosen, values=values_, reasons=None, **{"ignore": "*", **options}
        )
        found = source_of(answers).table(told)[0]
        made |= {n: _plain(found.column(n)) for n in told}
    return pa.table({n: made[n] for n in dict.fromkeys(names)})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _plain(column: Any) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Take a column out of its dictionary; what is neither text nor a whole number becomes text."""
    of = column.type
    if pa.types.is_dictionary(of):
        column = column.cast(of.value_type)
        of = column.type
    if pa.types.is_null(of) or pa.types.is_boolean(of) or pa.types.is_floating(of):
        return column.cast(pa.string())
    if pa.types.is_integer(of):
        return column.cast(pa.int64()) if not pa.types.is_uint64(of) else column.cast(pa.string())
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        return pa.array([_text(v) for v in column.to_pylist()], pa.string())


def counts(table: Table) -> dict[tuple[Any, ...], int]:
    """Count the rows that are alike in every column."""
    if not table.num_rows:
        return {}
    grouped = table.group_by(table.column_names).aggregate([([], "count_all")])
    keys = zip(*(grouped.column(n).to_pylist() for n in table.column_names), strict=True)
    return dict(zip(keys, grouped.column("count_all").to_pylist(), strict=True))


def total(table: Table, name: str) -> int:
    """Add up a column of whole numbers; those that are hidden do not count."""
    return int(pc.sum(table.column(name)).as_py() or 0)


def members_of(law: Law, name: str) -> Enum | None:
    """Give the type of a column whose values are members of one, `performance_2025` too; None for any other."""
    fact, _, year = name.rpartition("_")
    plain = fact if fact and year_of(year) is not None and name not in law.declared else name
    of: object = law.declared[plain].type if plain in law.declared else None
    if of is None and name in law.index:
        of = law.steps[law.index[name]].type
    of = of.of if isinstance(of, Yearly) else of
    return of if isinstance(of, Enum) else None


def title_of(law: Law, name: str, lang: str) -> str:
    """Give the name of a column as people say it."""
    fact, _, year = name.rpartition("_")
    if name not in law.declared and fact in law.declared and year_of(year) is not None:
        return f"{_labelled(law.declared[fact].about.label, fact, lang)} {year}"
    if name in law.declared:
        return _labelled(law.declared[name].about.label, name, lang)
    if name in law.index:
        return _labelled(law.steps[law.index[name]].about.label, name, lang)
    return name.replace("_", " ")


def _labelled(label: Mapping[str, str] | None, name: str, lang: str) -> str:
    return (label or {}).get(lang) or name.replace("_", " ")
