"""The fast edge: generated source that reads the common kinds of values and gives None for anything else.

It never refuses and never accepts what `edge.read_record` would not: where in doubt it steps aside, and the
careful reading decides. A test holds the two to the same lanes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.edge import Input, assumed, faulty
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Months, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

FastEdge = Callable[[dict[str, object], datetime.date], Input | None]


class StepAsideError(Exception):
    """Raised by the generated edge when a value is not of a common kind."""


def _number(value: Any, den: int, low: int, high: int, step: int) -> int:  # noqa: ANN401 - told apart by class
    """Read an exact number that is no plain int: a Decimal, a Fraction, or the double nearest to a step."""
    if value.__class__ is float:
        n = round(value * den)
        if n / den != value or not -(10**15) < n < 10**15:
            raise StepAsideError
    elif value.__class__ is Decimal and abs(value.adjusted()) < 30:  # noqa: PLR2004 - far from what a range allows
        p, q = value.as_integer_ratio()
        n, rest = divmod(p * den, q)
        if rest:
            raise StepAsideError
    elif value.__class__ is Fraction or value.__class__ is int:
        n, rest = divmod(value.numerator * den, value.denominator)
        if rest:
            raise StepAsideError
    else:
        raise StepAsideError
    if not low <= n <= high or (n - low) % step:
        raise StepAsideError
    return int(n)


def _day(text: str) -> int:
    if text.__class__ is not str or len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():  # noqa: PLR2004
        raise StepAsideError
    return datetime.date.fromisoformat(text).toordinal()


class _Writer:
    """Writes the source of one law's edge."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.lines: list[str] = []
        self.names: dict[str, Any] = {
            "number": _number,
            "date": datetime.date,
            "day": _day,
            "StepAside": StepAsideError,
            "Input": Input,
            "bool": bool,
            "str": str,
            "int": int,
            "list": list,
            "dict": dict,
            "len": len,
            "type": type,
            "range": range,
            "tuple": tuple,
        }
        self.lanes = {lane: f"x{i}" for i, lane in enumerate(law.inputs)}

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def constant(self, value: Any) -> str:  # noqa: ANN401
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name

    def scalar(self, depth: int, of: Scalar, target: str) -> None:
        """Convert the known value `v` into the target."""
        match of:
            case Bool():
                self.line(depth, "if v is not True and v is not False: raise StepAside")
                self.line(depth, f"{target} = v")
            case Enum():
                codes = self.constant({m: i for i, m in enumerate(of.members)})
                self.line(depth, f"{target} = {codes}[v]")
            case Date():
                t = int_type(of)
                self.line(depth, f"{target} = v.toordinal() if v.__class__ is date else day(v)")
                self.line(depth, f"if not {t.lo} <= {target} <= {t.hi}: raise StepAside")
            case Number():
                t = int_type(of)
                step = t.den if of.step is None else int(of.step * t.den)
                on_step = f" and not (v - {t.lo // t.den}) % {of.step}" if t.den == 1 and step != 1 else ""
                if t.den == 1:
                    test = f"v.__class__ is int and {t.lo} <= v <= {t.hi}{on_step}"
                    self.line(depth, f"{target} = v if {test} else number(v, 1, {t.lo}, {t.hi}, {step})")
                else:
                    self.line(depth, f"{target} = number(v, {t.den}, {t.lo}, {t.hi}, {step})")

    def fact(self, name: str, decl: FactDecl) -> None:
        match decl.type:
            case Yearly() as yearly:
                self._yearly(name, yearly)
            case PerMember() as family:
                self._members(name, family)
            case ListOf() as rows:
                self._rows(name, rows)
            case Months():
                raise StepAsideError
            case of:
                self.line(1, f"v = get({name!r})")
                self.line(1, "if v is None:")
                self.line(2, f"{self.lanes[(name, None)]} = None; u = True")
                self.line(1, "else:")
                self.scalar(2, of, self.lanes[(name, None)])

    def _yearly(self, name: str, of: Yearly) -> None:
        """Read every year given, so that each is checked; keep those that the slots stand for."""
        slots = [k for k in range(of.back) if (name, k) in self.lanes]
        for k in slots:
            self.line(1, f"{self.lanes[(name, k)]} = None")
        self.line(1, f"m = get({name!r})")
        self.line(1, "if m is not None:")
        self.line(2, "if m.__class__ is not dict: raise StepAside")
        self.line(2, "for y, v in m.items():")
        self.line(3, "if y.__class__ is not int or not 1900 <= y <= 2199: raise StepAside")
        self.line(3, "if v is None: continue")
        self.scalar(3, of.of, "c")
        for k in slots:
            self.line(3, f"{'el' if k != slots[0] else ''}if y == year - {1 + k}: {self.lanes[(name, k)]} = c")
        self.line(1, f"if {' or '.join(f'{self.lanes[(name, k)]} is None' for k in slots)}: u = True")

    def _members(self, name: str, of: PerMember) -> None:
        members = [m for m in of.enum.members if (name, m) in self.lanes]
        known = self.constant(frozenset(of.enum.members))
        self.line(1, f"m = get({name!r})")
        self.line(1, "if m is None: m = {}")
        self.line(1, f"if m.__class__ is not dict or not m.keys() <= {known}: raise StepAside")
        if len(members) != len(of.enum.members):
            self.line(1, "raise StepAside")
            members = []
            for lane in [x for (n, _), x in self.lanes.items() if n == name]:
                self.line(1, f"{lane} = None")
        for member in members:
            self.line(1, f"v = m.get({member!r})")
            self.line(1, "if v is None:")
            self.line(2, f"{self.lanes[(name, member)]} = None; u = True")
            self.line(1, "else:")
            self.scalar(2, of.of, self.lanes[(name, member)])

    def _rows(self, name: str, of: ListOf) -> None:
        lanes = {f: x for (n, f), x in self.lanes.items() if n == name}
        known = self.constant(frozenset(of.fields))
        self.line(1, f"m = get({name!r})")
        self.line(1, "if m is None:")
        self.line(2, f"{' = '.join(lanes.values())} = None; u = True")
        self.line(1, "else:")
        self.line(2, f"if m.__class__ is not list or not {of.at_least} <= len(m) <= {of.up_to}: raise StepAside")
        for field in of.fields:
            self.line(2, f"c_{list(of.fields).index(field)} = []")
        self.line(2, "for row in m:")
        if not of.plain:
            self.line(3, f"if row.__class__ is not dict or not row.keys() <= {known}: raise StepAside")
        for i, (field, kind) in enumerate(of.fields.items()):
            self.line(3, "v = row" if of.plain else f"v = row.get({field!r})")
            self.line(3, "if v is None:")
            self.line(4, "c = None; u = True" if f".{field}" in lanes else "c = None")
            self.line(3, "else:")
            self.scalar(4, kind, "c")
            self.line(3, f"c_{i}.append(c)")
        for slot, lane in lanes.items():
            column = "len(m)" if slot == "#" else f"tuple(c_{list(of.fields).index(str(slot)[1:])})"
            self.line(2, f"{lane} = {column}")

    def presumed(self, name: str, decl: FactDecl) -> None:
        """Fill an unknown fact by its presumption."""
        self.line(1, f"if get({name!r}) is None:")
        self.line(2, f"presumed += ({name!r},)")
        for slot, value in assumed(decl).items():
            if (name, slot) in self.lanes:
                self.line(2, f"{self.lanes[(name, slot)]} = {value!r}")
        self.line(1, "else:")


def _others(law: Law) -> Callable[[dict[str, object], datetime.date], None]:
    """Give the check of facts that are declared but not read by this law: with care, one by one."""
    reads = law.reads

    def extra(record: dict[str, object], as_of: datetime.date) -> None:
        for name in record.keys() - reads:
            decl = law.declared.get(name)
            if decl is None or faulty(law, decl, record[name], as_of):
                raise StepAsideError

    return extra


def fast_edge(law: Law) -> FastEdge:
    """Compile the fast edge of a law: lanes for a plain dict of common values, None to step aside."""
    w = _Writer(law)
    reads = w.constant(frozenset(law.reads))
    w.line(0, "def edge(record, as_of):")
    w.line(1, f"if not record.keys() <= {reads}: extra(record, as_of)")
    w.line(1, "get = record.get")
    w.line(1, "u = False")
    w.line(1, "presumed = ()")
    w.line(1, "year = as_of.year")
    if ("as_of", None) in w.lanes:
        w.line(1, f"{w.lanes[('as_of', None)]} = as_of.toordinal()")
    for name in sorted(law.reads):
        decl = law.declared[name]
        if decl.assume is None:
            w.fact(name, decl)
            continue
        w.presumed(name, decl)
        at = len(w.lines)
        w.fact(name, decl)
        w.lines[at:] = ["    " + line for line in w.lines[at:]]
    lanes = "".join(f"{x}, " for x in w.lanes.values())
    w.line(1, f"return Input(({lanes}), presumed, not u)")
    names = {"__builtins__": {}, **w.names, "extra": _others(law)}
    exec(compile("\n".join(w.lines), f"<edge of {law.policy}>", "exec"), names)  # noqa: S102 - our own generated source
    edge: Callable[..., Input] = names["edge"]

    def fast(record: dict[str, object], as_of: datetime.date) -> Input | None:
        try:
            return edge(record, as_of)
        except Exception:  # noqa: BLE001 - a foreign object may raise anything; the careful reading says what it is
            return None

    return fast
