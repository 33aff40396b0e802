"""One row of a frame as a record, and explained: decided again by itself, and held against the columns."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

from asnmerit.decision import Decision, decide
from asnmerit.errors import ArgumentError, Fault, FrameError, RecordError, shown
from asnmerit.explanation import explain
from asnmerit.frames.answers import outcome_names
from asnmerit.frames.arrow import is_text, np, pa, strings
from asnmerit.frames.columns import Used, check_types, fed_by, used_columns
from asnmerit.frames.deciding import FrameOptions, Order, answer_schema, ordered
from asnmerit.frames.gathering import mapping_of
from asnmerit.frames.kinds import is_lazy, source_of
from asnmerit.frames.lanes import LaneReader
from asnmerit.readers.findings import CATALOGUE, CellRefusedError
from asnmerit.readers.layout import scalar_of
from asnmerit.readers.rows import NONE_AT_ALL, from_json_text
from asnmerit.rules.types import ListOf, PerMember, Yearly

if TYPE_CHECKING:
    from asnmerit.lines import Explanation
    from asnmerit.rules.law import Law

Frame = Any


def explain_row(
    law: Law,
    frame: Frame,
    row: int,
    as_of: datetime.date | str | None = None,
    lang: str = "id",
    **options: Unpack[FrameOptions],
) -> Explanation:
    """Explain one row (the first is 0) of a frame, or of what `decide_frame` gave: the row is decided by itself.

    Give the same law, day and options. Where the frame holds statuses, rules and outcomes they must agree, or a
    `FrameError` names each column that does not. Raises `RecordError` for a row that cannot be decided.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> done = asnmerit.decide_frame(law, pyarrow.table({"active": [False]}))
    >>> "REFUSED" in str(asnmerit.explain_row(law, done, 0, lang="en"))
    True
    """
    order = ordered(law, as_of, options)
    if is_lazy(frame) or isinstance(frame, pa.RecordBatchReader):
        raise ArgumentError("frame", frame, "a frame whose rows are there: collect it first")
    source = source_of(frame)
    row = _place(row, source.rows)
    answers = {n for n in answer_schema(law, as_of, **options).names if n in source.names}
    names = [name for name in source.names if name not in answers]
    used = used_columns(law, names, order.how)
    table, objects = source.table(fed_by(used))
    check_types(used, table.schema, tuple(objects), order.how)
    marked = _marked(order, used, table.slice(row, 1), objects)
    cells = {u.name: _python(table.column(u.name)[row], u) for u in used}
    cells |= {name: values[row] if cells[name] is not None else None for name, values in objects.items()}
    said, _ = source.table(sorted(map(str, answers)))
    claimed = {name: said.column(name)[row].as_py() for name in said.column_names}
    decision = _decided(order, used, cells, claimed, marked)
    return explain(decision, lang=lang)


def _place(row: object, rows: int) -> int:
    if not isinstance(row, int | np.integer) or isinstance(row, bool) or not 0 <= row < rows:
        raise ArgumentError("row", row, f"the place of a row, from 0 to {rows - 1}")
    return int(row)


def _python(cell: Any, column: Used) -> object:  # noqa: ANN401 - a scalar of PyArrow
    """Give a cell as Python has it; a day that Python's calendar does not have is a fault of the row."""
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        if is_text(cell.type):
            return strings(pa.array([cell]))[0]
        fault = Fault("wrong-type", column.place.fact, str(cell.type), "text in UTF-8")
        raise RecordError([fault]) from None
    except (OverflowError, ValueError):
        raise RecordError([Fault("out-of-range", column.place.fact, str(cell.type), "a day of the calendar")]) from None


def _marked(order: Order, used: tuple[Used, ...], one: Any, objects: Mapping[str, Sequence[object]]) -> list[Fault]:  # noqa: ANN401 - a table of PyArrow
    """Give the fault that a row has in a frame, where it has one: a record cannot show that two columns disagree."""
    for batch in one.to_batches() if used else ():
        faults = LaneReader(order.law, used, order.how, objects, order.as_of.year).read(batch).faults
        if faults.first is not None and faults.first[0]:
            code, fact, column = faults.told[faults.first[0]]
            what = f"{CATALOGUE[code].what.en}: " if code in CATALOGUE else ""
            return [Fault(code, fact, "", "a row that can be decided", f"{what}column {column}")]
    return []


def _decided(
    order: Order,
    used: tuple[Used, ...],
    cells: Mapping[str, object],
    claimed: Mapping[str, Any],
    marked: Sequence[Fault],
) -> Decision:
    record, faults = record_of(order, used, cells)
    if faults:
        raise RecordError(faults)
    decision = decide(order.law, record, order.as_of)
    if marked:
        raise RecordError(marked)
    wrong = [
        Fault("disagrees", name, shown(claimed[name]), shown(want), "decided again, the row says something else")
        for name, want in _answers(order, decision).items()
        if name in claimed and not _same(claimed[name], want)
    ]
    if wrong:
        raise FrameError(wrong)
    return decision


def record_of(
    order: Order, used: tuple[Used, ...], cells: Mapping[str, object]
) -> tuple[dict[str, object], list[Fault]]:
    """Put a row's cells together into a record for `decide`, with the faults of reading them."""
    record: dict[str, object] = {}
    parts: dict[str, dict[tuple[Any, ...], object]] = {}
    faults: list[Fault] = []
    for column in used:
        try:
            value = _value(order, column, cells[column.name])
        except CellRefusedError as error:
            f = error.finding
            faults.append(Fault(f.code, column.place.fact, f.value, f.expected.en, f.hint.en))
            continue
        if value is None:
            continue
        fact, slot = column.place.fact, column.place.slot
        if slot:
            parts.setdefault(fact, {})[slot] = value
        else:
            record.setdefault(fact, value)
    for fact, slots in parts.items():
        if fact in record:
            faults.append(Fault("column-clash", fact, "", "one column, or columns of its parts"))
        record[fact] = _together(order.law.declared[fact].type, slots)
    return record, faults


def _value(order: Order, column: Used, value: object) -> object:
    if not isinstance(value, str):
        if not isinstance(value, list) or not isinstance(column.place.kind, Yearly | PerMember):
            return value
        found, code = mapping_of(value)
        if code:
            raise CellRefusedError(code, shown(value))
        return found
    of, reading = column.place.kind, order.how.reading
    scalar = scalar_of(of)
    text = value if reading is None else reading.convention.cleaned(value)
    if text.strip() == NONE_AT_ALL and isinstance(column.place.whole, ListOf):
        return []
    if scalar is None:
        return from_json_text(of, text) if text.strip() else None
    if reading is None:
        return value
    text = column.part(text) if column.part is not None and text else text
    said = reading.open_code(column.called, scalar, text)[0] if text else ""
    return reading.scalar(scalar, said, column.place.fact)[0] if said else None


def _together(of: Any, slots: Mapping[tuple[Any, ...], object]) -> object:  # noqa: ANN401 - a type of the language
    if not isinstance(of, ListOf):
        return {slot[0]: value for slot, value in slots.items()}
    if any(value == [] for value in slots.values()):
        return []
    count = max(int(slot[0]) for slot in slots)
    if of.plain:
        return [slots.get((i,)) for i in range(1, count + 1)]
    rows: list[dict[str, object]] = [{} for _ in range(count)]
    for (entry, field), value in slots.items():
        rows[int(entry) - 1][str(field)] = value
    return rows


def _answers(order: Order, decision: Decision) -> dict[str, Any]:
    """Give what the columns of a row should say."""
    prefix = order.want.prefix
    found: dict[str, Any] = {}
    for name in order.want.decisions:
        outcome = decision[name]
        found[f"{prefix}{name}.status"] = outcome.status
        if outcome.plan.which is not None:
            found[f"{prefix}{name}.rule"] = outcome.rule
        for field, called in outcome_names(outcome.plan, order.want).items():
            found[f"{prefix}{called}"] = (outcome.outcome or {}).get(field)
    return found


def _same(claimed: Any, want: Any) -> bool:  # noqa: ANN401 - values of columns
    if isinstance(claimed, float) and claimed != claimed:  # noqa: PLR0124 - what pandas makes of null
        claimed = None
    if isinstance(claimed, Mapping) and "numerator" in claimed:
        claimed = Fraction(claimed["numerator"], claimed["denominator"])
    return bool(claimed == want)
