"""What each column of a frame is for: the layout of the readers, with every fault told before any row is decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.edge import FIRST_YEAR, LAST_YEAR
from asnmerit.errors import ArgumentError, Fault, FrameError, shown
from asnmerit.frames.arrow import is_text, is_unicode, pa
from asnmerit.frames.cells import impossible
from asnmerit.readers.conventions import PLAIN, SIASN, Convention, Reading
from asnmerit.readers.findings import FileRefusedError, Finding
from asnmerit.readers.layout import YEAR_BESIDE, Place, lay_out, scalar_of
from asnmerit.rules.types import ListOf, PerMember, Type, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

CONVENTIONS: Final[Mapping[str, Convention]] = {"csv": PLAIN, "siasn": SIASN}


@attrs.frozen
class Used:
    """A column that feeds a place of a fact: its name in the frame, and what the layout calls it.

    A column of text that holds several things stands here once for each, with the function that takes its part.
    """

    name: str
    called: str
    place: Place
    part: Callable[[str], str] | None = None


@attrs.frozen
class Naming:
    """How the columns of frames are named and their texts are written, as the caller says it."""

    columns: Mapping[str, str] = attrs.field(factory=dict)
    ignore: tuple[str, ...] = ()
    convention: str | None = None
    absent: str = "unknown"

    @property
    def reading(self) -> Reading | None:
        """How texts are read, where a convention is asked for."""
        return None if self.convention is None else Reading(CONVENTIONS[self.convention])


def naming(columns: object, ignore: Collection[str] | str, convention: object, absent: object) -> Naming:
    """Check what the caller says of the columns."""
    if columns is not None and not (
        isinstance(columns, Mapping) and all(isinstance(name, str) for pair in columns.items() for name in pair)
    ):
        raise ArgumentError("columns", columns, "a mapping from columns of the frame to names of the law's columns")
    if not isinstance(ignore, Collection):
        raise ArgumentError("ignore", ignore, 'names of columns, or "*"')
    if convention is not None and not (isinstance(convention, str) and convention in CONVENTIONS):
        raise ArgumentError("convention", convention, 'None, "csv" or "siasn"')
    if not isinstance(absent, str) or absent not in {"unknown", "refuse"}:
        raise ArgumentError("absent", absent, '"unknown" or "refuse"')
    names = (ignore,) if isinstance(ignore, str) else tuple(map(str, ignore))
    return Naming(dict(columns or {}), names, convention, absent)


def used_columns(law: Law, names: Sequence[object], how: Naming) -> tuple[Used, ...]:
    """Find what each column is. Raises `FrameError` for columns that nothing claims, or that are here twice."""
    faults = [
        Fault("unknown-fact", shown(name), "", "names of columns are text")
        for name in names
        if not (isinstance(name, str) and name and is_unicode(name)) and not {"*", str(name)} & set(how.ignore)
    ]
    there = [name for name in names if isinstance(name, str) and name and is_unicode(name)]
    faults += [_not_there(name, there) for name in how.columns if name not in there]
    # A column that is ignored is out of the way: it is neither the same as another nor in another's place.
    real = [name for name in there if name not in how.ignore]
    passed = [name for name in how.ignore if name not in there]
    facts = list(law.declared.values())
    used: tuple[Used, ...] = ()
    same = _Same(real, how)
    if "*" in passed:
        real = [name for name in real if len(same.as_(name)) == 1 or not same.unclaimed(name, facts)]
    try:
        layout = lay_out([how.columns.get(name, name) for name in real], facts, same.convention, passed)
    except FileRefusedError as refused:
        faults += [_told(finding, same) for finding in refused.findings]
    else:
        used = tuple(Used(real[c.index], c.name, c.place, c.part) for c in layout.columns if c.place is not None)
        faults += [f for column in used for f in _year_fault(column)]
        if how.absent == "refuse":
            faults += _absent(law, used, real)
    if faults:
        raise FrameError(faults)
    return used


class _Same:
    """Which columns of a frame the layout calls by one name."""

    def __init__(self, names: Sequence[str], how: Naming) -> None:
        self.convention = CONVENTIONS[how.convention or "csv"]
        self.columns = how.columns
        self.found: dict[str, list[str]] = {}
        for name in names:
            self.found.setdefault(self.key(how.columns.get(name, name)), []).append(name)

    def key(self, called: str) -> str:
        """Give a name as names are told apart."""
        return self.convention.same_name(self.convention.cleaned(called))

    def as_(self, name: str) -> list[str]:
        """Give the columns that are called as this one is, itself among them."""
        return self.found.get(self.key(self.columns.get(name, name)), [])

    def unclaimed(self, name: str, facts: Sequence[FactDecl]) -> bool:
        """Whether a column belongs to no fact."""
        try:
            return not lay_out([self.columns.get(name, name)], facts, self.convention, ["*"]).carries
        except FileRefusedError:
            return False


def _told(finding: Finding, same: _Same) -> Fault:
    """Say for a frame what a reader says of the header of a file."""
    if finding.code == "column-twice":
        both = same.found.get(same.key(finding.column or finding.value), [])
        value = " and ".join(map(shown, both[:2]))
        return Fault("column-twice", finding.column or finding.value, value, "one column", "name the other in ignore=")
    code = {"column-unknown": "unknown-fact"}.get(finding.code, finding.code)
    expected = {"unknown-fact": "a fact of the law; name other columns in ignore="}
    hint = finding.hint.en.replace("--input-format siasn", 'convention="siasn"')
    return Fault(code, finding.column or finding.value, "", expected.get(code, finding.expected.en), hint)


def _not_there(name: object, real: Sequence[str]) -> Fault:
    near = near_misses(str(name)[:80], real)
    hint = f"did you mean {' or '.join(near)}?" if near else ""
    label = str(name) if is_unicode(str(name)) else shown(name)
    return Fault("not-there", label, "", "a column of the frame, as columns= names it", hint)


def _year_fault(column: Used) -> Iterator[Fault]:
    place = column.place
    if place.slot == (YEAR_BESIDE,):
        hint = f'columns={{"{column.name}": "{place.fact}_2025"}}'
        yield Fault("column-year", column.name, "", "a column for each year, its year behind its name", hint)
    elif isinstance(place.whole, Yearly) and place.slot and not FIRST_YEAR <= int(place.slot[0]) <= LAST_YEAR:
        yield Fault("not-a-year", column.name, str(place.slot[0]), "a calendar year of four digits")


def _absent(law: Law, used: Sequence[Used], real: Sequence[str]) -> Iterator[Fault]:
    """Name the facts that the law reads, does not presume, and finds no column of."""
    there = {u.place.fact for u in used}
    idle = [name for name in real if name not in {u.name for u in used}]
    for info in law.facts:
        if info.read and info.assumed is None and info.name not in there:
            near = near_misses(info.name, idle)
            hint = f"did you mean the column {' or '.join(near)}?" if near else ""
            yield Fault("not-there", info.name, "", f"a column: {info.columns}", hint)


# --- types ---


def fed_by(used: Sequence[Used]) -> list[str]:
    """Give the names of the columns that are used, each once."""
    return list(dict.fromkeys(u.name for u in used))


def check_types(used: Sequence[Used], schema: Any, mixed: Collection[str], how: Naming) -> None:  # noqa: ANN401 - a schema
    """Refuse columns whose type can never be that of their fact; all of them at once."""
    worded = how.convention is not None
    faults: list[Fault] = []
    for column in used:
        if column.name not in mixed:
            kind = schema.field(column.name).type
            faults += _type_faults(column.place.kind, kind, column.name, worded=worded)
            if column.part is not None and not is_text(kind) and not pa.types.is_null(kind):
                faults.append(Fault("wrong-type", column.name, str(kind), "text that holds several things"))
    if faults:
        raise FrameError(faults)


def _type_faults(of: Type, kind: Any, name: str, *, worded: bool) -> Iterator[Fault]:  # noqa: ANN401 - a type of PyArrow
    scalar = scalar_of(of)
    if scalar is not None:
        fault = impossible(scalar, kind, name, worded=worded)
        if fault is not None:
            yield fault
    elif not pa.types.is_null(kind) and not is_text(kind):
        if isinstance(of, ListOf):
            yield from _list_faults(of, kind, name, worded=worded)
        elif isinstance(of, Yearly | PerMember) and not pa.types.is_map(kind):
            yield from _family_faults(of, kind, name, worded=worded)


def is_list(kind: Any) -> bool:  # noqa: ANN401 - a type of PyArrow
    """Whether a column holds lists, however they are stored."""
    tests = ("is_list", "is_large_list", "is_fixed_size_list", "is_list_view", "is_large_list_view")
    return any(getattr(pa.types, test)(kind) for test in tests)


def _list_faults(of: ListOf, kind: Any, name: str, *, worded: bool) -> Iterator[Fault]:  # noqa: ANN401 - a type of PyArrow
    if not is_list(kind):
        yield Fault("wrong-type", name, str(kind), "lists ([] where there are none)")
    elif of.plain:
        yield from _type_faults(of.fields["value"], kind.value_type, name, worded=worded)
    elif not pa.types.is_null(kind.value_type):
        yield from _struct_faults(of.fields, kind.value_type, name, worded=worded)


def _family_faults(of: Yearly | PerMember, kind: Any, name: str, *, worded: bool) -> Iterator[Fault]:  # noqa: ANN401 - a type of PyArrow
    if isinstance(of, PerMember):
        yield from _struct_faults(dict.fromkeys(of.enum.members, of.of), kind, name, worded=worded)
    elif pa.types.is_struct(kind):
        years = {f.name: of.of for f in kind if year_of(f.name) is not None}
        yield from _struct_faults(years, kind, name, worded=worded)
    else:
        yield Fault("wrong-type", name, str(kind), "a mapping such as {2025: ...}", "or one column a year")


def year_of(name: str) -> int | None:
    """Give the calendar year that the field of a struct stands for."""
    good = name.isascii() and name.isdigit() and len(name) == 4  # noqa: PLR2004 - digits of a year
    return int(name) if good and FIRST_YEAR <= int(name) <= LAST_YEAR else None


def _struct_faults(fields: Mapping[str, Type], kind: Any, name: str, *, worded: bool) -> Iterator[Fault]:  # noqa: ANN401 - a type of PyArrow
    if not pa.types.is_struct(kind):
        yield Fault("wrong-type", name, str(kind), f"a mapping of {', '.join(list(fields)[:8])}")
        return
    names = [field.name for field in kind]
    for field in kind:
        if names.count(field.name) > 1:
            yield Fault("twice", f"{name}.{field.name[:40]}", "", "one field of a name")
        elif field.name in fields:
            yield from _type_faults(fields[field.name], field.type, f"{name}.{field.name}", worded=worded)
        else:
            near = near_misses(field.name[:80], fields)
            hint = f"did you mean {' or '.join(near)}?" if near else ""
            yield Fault("unknown-field", f"{name}.{field.name[:40]}", "", f"one of {', '.join(list(fields)[:8])}", hint)
