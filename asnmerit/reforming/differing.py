"""What a reform changes of a law on its day: each value, weight, condition before and after, and where it was said."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.reforming.cells import key_text, places, written
from asnmerit.reforming.dating import META
from asnmerit.reforming.writing import said_in
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.to_text import Language, said_value, value_name
from asnmerit.rules.types import Bool, Date, Enum, Number
from asnmerit.timeline import in_force

if TYPE_CHECKING:
    from asnmerit.reforming.documents import Documents
    from asnmerit.reforming.overlay import Asked
    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import Law
    from asnmerit.rules.table import TableData
    from asnmerit.rules.types import Scalar as ScalarType
    from asnmerit.timeline import Act

Flat = dict[tuple[str, ...], str]
PERCENT: Final = Number("percent")
SILENT: Final = META | {"label", "title", "from", "until", "enacted", "repealed", "versions"}


@attrs.frozen(eq=False)
class Changed:
    """One value, weight or condition that a reform names: what it is before and after, as documents write it.

    `key` is the change that it belongs to, `part` what of it: a row of a table, a weight, a condition. None stands for
    what is not there. `unit` is that of a number, else the type; empty for expressions. `source` says where the law
    has the old value, `start` from when the change holds. `unbound`: it goes beyond what is delegated.
    """

    key: str
    part: str
    before: str | None
    after: str | None
    unit: str
    source: str
    start: datetime.date | None
    unbound: bool
    label: Mapping[str, str] = attrs.field(factory=dict)
    type: ScalarType | None = attrs.field(default=None, repr=False)
    exact: tuple[Any, Any] = attrs.field(default=(None, None), repr=False)

    @property
    def name(self) -> str:
        """The name of what changes, without its section."""
        return self.key.partition(".")[2]

    @property
    def idle(self) -> bool:
        """Whether it is the same before and after."""
        return self.before == self.after

    def said(self, lang: Language) -> tuple[str, str]:
        """Give before and after as people write them; empty where there is nothing."""
        texts = (self.before, self.after)
        if self.type is None:
            return (texts[0] or "", texts[1] or "")
        first, second = (
            (said_value(_shown(v, self.type), self.type, lang) if v is not None else "") for v in self.exact
        )
        return first, second

    def to_dict(self) -> dict[str, Any]:
        """Give the change as plain data."""
        said = {k: getattr(self, k) for k in ("key", "part", "before", "after", "unit", "source", "unbound")}
        return {**said, "start": None if self.start is None else str(self.start), "label": dict(self.label)}


def _shown(value: Any, of: ScalarType) -> Any:  # noqa: ANN401 - an exact value of the type
    match of:
        case Bool():
            return bool(value)
        case Date():
            return datetime.date.fromordinal(int(value))
        case Enum():
            return of.members[int(value)]
        case Number():
            return Fraction(value)


@attrs.frozen(eq=False)
class Comparing:
    """Holds two laws and their documents side by side."""

    documents: Documents
    roots: Mapping[str, Table]
    before: Law
    after: Law
    when: tuple[int, int]
    unbound: frozenset[str]

    def changed(self, asked: tuple[Asked, ...]) -> Iterator[Changed]:
        """Give what each change changes, in the order asked; at least one line for each."""
        for one in asked:
            if one.section == "parameters":
                found = [self._parameter(one)]
            elif one.section == "tables":
                found = list(self._table(one))
            else:
                found = list(self._said(one))
            yield from found or [self._line(one, "", "", "")]

    def _line(self, one: Asked, part: str, before: str | None, after: str | None, **more: Any) -> Changed:  # noqa: ANN401
        start = getattr(one.said, "from_", None) or self._start(one)
        label = more.pop("label", None) or self._label(one)
        return Changed(
            key=one.key, part=part, before=before, after=after, unit=more.pop("unit", ""),
            source=more.pop("source", None) or self._source(self._about(one)),
            start=None if start is None else datetime.date.fromordinal(start),
            unbound=one.key in self.unbound, label=label, **more,
        )  # fmt: skip

    def _start(self, one: Asked) -> int | None:
        decl = self.documents.policy.declared.valued.get(one.name)
        if one.section not in {"parameters", "tables"} or decl is None:
            return None
        acts: list[Act[Any]] = list(decl.acts)
        act = in_force(acts, *self.when)
        return None if act is None else max(act.start, self.documents.policy.module.start)

    def _about(self, one: Asked) -> About | None:
        declared = self.documents.policy.declared
        if one.section in {"parameters", "tables"}:
            return self.before.sources.get(one.name) or declared.valued[one.name].about
        if one.section in {"scores", "indicators"}:
            return declared.steps[one.name].about
        if one.section == "decisions":
            return declared.decisions[one.name].about
        rules = [r for d in declared.decisions.values() for r in d.rules if r.name.partition("[")[0] == one.name]
        return rules[0].about if rules else None

    def _source(self, about: About | None) -> str:
        if about is None:
            return ""
        grade = f" [{about.evidence}]" if about.evidence else ""
        cited = ", ".join(map(str, about.citations))
        return f"{cited}{grade}" if cited else ""

    def _label(self, one: Asked) -> Mapping[str, str]:
        if one.section in {"parameters", "tables"}:
            langs: tuple[Language, ...] = ("id", "en")
            return {lang: value_name(self.before, one.name, lang) for lang in langs}
        about = self._about(one)
        return dict(about.label) if about is not None and about.label else {}

    # --- values ---

    def _parameter(self, one: Asked) -> Changed:
        of = self.documents.policy.declared.parameters[one.name].type
        pair = tuple(law.data.parameters.get(one.name) for law in (self.before, self.after))
        if not isinstance(of, Number | Bool | Date | Enum):
            texts = [None if v is None else ", ".join(map(str, sorted(v))) for v in pair]
            return self._line(one, "", *texts, unit=str(of))
        texts = [None if v is None else written(v, of) for v in pair]
        unit = of.unit if isinstance(of, Number) else str(of)
        return self._line(one, "", *texts, unit=unit, type=of, exact=pair)

    def _table(self, one: Asked) -> Iterator[Changed]:
        old, new = (law.data.tables.get(one.name) for law in (self.before, self.after))
        shape = new or old
        if shape is None:
            return
        rows = self.before.row_sources.get(one.name, {})
        for keys in _keys(old, new):
            names = [key_text(k, a) for k, a in zip(keys, shape.axes, strict=True)]
            for column, of in shape.types.items():
                pair = (_cell(old, keys, column), _cell(new, keys, column))
                if pair[0] == pair[1]:
                    continue
                part = ", ".join(names) + (f": {column}" if column else "")
                texts = [None if v is None else written(v, of) for v in pair]
                cited = ", ".join(map(str, rows.get(names[0], ())))
                unit = of.unit if isinstance(of, Number) else str(of)
                yield self._line(one, part, *texts, unit=unit, source=cited, type=of, exact=pair)

    # --- weights, conditions, grants ---

    def _said(self, one: Asked) -> Iterator[Changed]:
        policy = self.documents.policy
        for module in policy.modules:
            roots = self.documents.roots[module.name], self.roots.get(module.name)
            if roots[1] is None:
                continue
            old, new = (said_in(r, one.section, one.name, module, *self.when) for r in roots if r is not None)
            if (old is None) != (new is None) and one.section == "rules":
                yield self._line(one, "", None if old is None else one.name, None if new is None else one.name)
                continue
            a, b = (_flat(n) for n in (old, new))
            for part in dict.fromkeys([*a, *b]):
                if a.get(part) != b.get(part):
                    unit = "percent" if part[0] == "schemes" else ""
                    yield self._weight(one, part, a.get(part), b.get(part), unit)

    def _weight(self, one: Asked, part: tuple[str, ...], a: str | None, b: str | None, unit: str) -> Changed:
        name = ".".join(part[2:] if part[:2] == ("schemes", "") else [p for p in part if p])
        return self._line(one, name, a, b, unit=unit)


def _keys(old: TableData | None, new: TableData | None) -> Iterator[tuple[Any, ...]]:
    axes = [d.axes for d in (old, new) if d is not None]
    merged = [sorted({k for axis in pair for k in places(axis)}) for pair in zip(*axes, strict=True)]
    return itertools.product(*merged)


def _cell(data: TableData | None, keys: tuple[Any, ...], column: str) -> Any:  # noqa: ANN401 - of the column's type
    return None if data is None else data.columns[column][data.place(keys)]


def _flat(node: Node | None) -> Flat:
    """Give what an entry says, by the way to it; a lone scheme is not numbered, and `is` is where it belongs."""
    found: Flat = {}
    pending: list[tuple[tuple[str, ...], Node]] = [] if node is None else [((), node)]
    while pending:
        path, here = pending.pop()
        match here:
            case Scalar():
                share = here.exact and path[0] == "schemes"
                text = written(Fraction(here.text), PERCENT) if share else here.text
                found[path[:-1] if path[-1] == "is" else path] = text
            case Sequence(items=items):
                lone = len(items) == 1 and path == ("schemes",)
                pending += [((*path, "" if lone else str(i)), v) for i, v in enumerate(items, 1)][::-1]
            case Table(entries=entries):
                pending += [((*path, k.text), v) for k, v in entries if k.text not in SILENT][::-1]
    return found
