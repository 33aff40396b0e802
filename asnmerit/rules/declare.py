"""From the surface of a document to declarations: types, facts, parameters and tables; names enter the scope."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.diagnostics import Faults, Position, near_misses
from asnmerit.rules import surface
from asnmerit.rules import types as t
from asnmerit.rules.declarations import (
    About,
    Citation,
    Declarations,
    FactDecl,
    Module,
)
from asnmerit.rules.document import Node, Scalar, Sequence, kind_of
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY, day_of
from asnmerit.rules.scope import PARTS, RESERVED, Entity, FactName, TypeName
from asnmerit.rules.values import read_number, read_value
from asnmerit.timeline import FOREVER, Act

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Many

MOST_MEMBERS = 1_000


class Declarer:
    """Declares what one document says of types, facts, parameters and tables."""

    def __init__(self, module: Module, into: Declarations, faults: Faults) -> None:
        """Declare a module's entries into the declarations of the whole closure."""
        self.module, self.into, self.faults = module, into, faults
        self.scope = module.scope

    def declare(self) -> None:
        """Take over the names that the module sees, then declare its own, in the order of the format."""
        for other in self.module.uses:
            self._take_over(other, [n for n in other.scope.entities() if self._owner(n[1]) is other])
        if self.module.parent is not None:
            self._take_over(self.module.parent, list(self.module.parent.scope.entities()))
        document = self.module.document
        for name, entry in document.types.items():
            self._type(name, entry)
        for name, fact in document.facts.items():
            self._fact(name, fact)

    # --- names ---

    def _take_over(self, other: Module, names: list[tuple[str, Entity]]) -> None:
        self.scope.faulty |= other.scope.faulty
        for name, entity in names:
            before = self.scope.add(name, entity)
            if before is not None:
                self.faults.add(
                    "name-taken",
                    self.module.document.position,
                    name=name,
                    kind=f"{before.kind} of another policy than {other.name}",
                )

    def _owner(self, entity: Entity) -> Module | None:
        return self.into.owners.get(entity_key(entity))

    def add(self, name: str, entity: Entity, position: Position) -> None:
        """Enter a name: not a word of the language, not taken in the closure, not there in two senses."""
        key = entity_key(entity)
        if name in RESERVED:
            self.faults.add("reserved-name", position, name=name)
        before = self.scope.add(name, entity)
        owner = self.into.owners.setdefault(key, self.module)
        if before is not None or owner is not self.module:
            kind = before.kind if before else entity.kind
            where = "" if owner is self.module else f" of {owner.name}"
            self.faults.add("name-taken", position, name=name, kind=kind + where)

    def parts(self, named: Mapping[str, surface.Meta]) -> None:
        """Check the names of fields, columns and kinds of raters, which are read as NAME.PART."""
        for name, entry in named.items():
            if name in PARTS:
                self.faults.add("reserved-name", entry.position, name=name)

    # --- what anything named says of itself ---

    def about(self, *metas: surface.Meta) -> About:
        """Gather label, sources, grade and note; the first that says something is heard."""
        position = metas[0].position
        refs: tuple[surface.Ref, ...] = next((m.source for m in metas if m.source), ())
        return About(
            label=next((m.label for m in metas if m.label), None),
            citations=self.citations(refs),
            grade=next((m.grade for m in metas if m.grade), "") or "",
            note=next((m.note for m in metas if m.note), "") or "",
            position=position,
            policy=self.module.name,
        )

    def citations(self, refs: Many[surface.Ref]) -> tuple[Citation, ...]:
        """Resolve citations against the catalogue of sources."""
        found = []
        for ref in refs:
            source = self.module.sources.get(ref.source)
            if source is None:
                near = near_misses(ref.source, self.module.sources)
                self.faults.add("unknown-source", ref.position, near, name=ref.source)
                continue
            title = (source.label or {}).get("id", ref.source)
            found.append(Citation(ref.source, ref.rest, title, source.grade or ""))
        return tuple(found)

    def act(self, payload: Any, dates: surface.Dates | None, position: Position) -> Act[Any]:  # noqa: ANN401 - any payload
        """Date a payload: by its own days, or by the document's."""
        d = dates or surface.Dates()
        start = self.module.start if d.from_ is None else d.from_
        until = self.module.until if d.until is None else d.until
        enacted = self.module.enacted if d.enacted is None else d.enacted
        return Act(None if d.repealed else payload, start, min(until, FOREVER), enacted, position, self.module.layer)

    # --- types ---

    def _type(self, name: str, entry: surface.TypeEntry) -> None:
        if (entry.order is None) == (entry.members is None):
            self.faults.add(
                "shape-together", entry.position, what=f"type `{name}`", expected="say `order` or `members`"
            )
            return
        members: list[str] = []
        levels: list[int] = []
        for level, node in enumerate(entry.order or entry.members or ()):
            inner = node.items if isinstance(node, Sequence) else (node,)
            for item in inner:
                self._member(item, name, level, members, levels)
        if not members or len(members) > MOST_MEMBERS:
            self.faults.add(
                "shape-together", entry.position, what=f"type `{name}`", expected=f"1 to {MOST_MEMBERS} members"
            )
            return
        labels = dict(entry.labels or {})
        for labelled in labels:
            if labelled not in members:
                self.faults.add(
                    "unknown-member", entry.position, near_misses(labelled, members), name=labelled, type=name
                )
        enum = t.Enum(
            name, tuple(members), tuple(levels), entry.order is not None, labels, entry.label, self.module.name
        )
        if name in t.PLAIN_TYPES or name == "list":
            self.faults.add("reserved-name", entry.position, name=name)
        self.add(name, TypeName(enum, entry.position), entry.position)

    def _member(self, item: Node, name: str, level: int, members: list[str], levels: list[int]) -> None:
        if not isinstance(item, Scalar) or item.null:
            self.faults.add(
                "shape-kind", item.position, what=f"a member of `{name}`", expected="a word", got=kind_of(item)
            )
        elif item.text in members:
            self.faults.add("duplicate-key", item.position, key=item.text)
        else:
            members.append(item.text)
            levels.append(level)

    def scalar_type(self, spec: surface.TypeSpec, what: str, *, bounded: bool) -> t.Scalar | None:
        """Give the type of a fact, field, parameter or column. `bounded`: its range must be declared."""
        of = self._named_type(spec, what)
        if isinstance(of, t.Months):
            self.faults.add(
                "type-mismatch", spec.position, expected="a type that a person's record may have", got="months"
            )
            return None
        if isinstance(of, t.Number):
            return self._number(of, spec, what, bounded=bounded)
        if isinstance(of, t.Date):
            low, high = (self._day_bound(n, what) for n in (spec.from_, spec.to))
            return t.Date(low or FIRST_DAY, high or LAST_DAY)
        return of if isinstance(of, t.Bool | t.Enum) else None

    def _day_bound(self, node: Scalar | None, what: str) -> int | None:
        if node is None:
            return None
        day = day_of(node.text)
        if day is None:
            self.faults.add("shape-date", node.position, what=what, value=node.text[:40])
        return day

    def _named_type(self, spec: surface.TypeSpec, what: str) -> t.Type | None:
        if spec.type is None:
            self.faults.add("shape-missing", spec.position, what=what, key="type")
            return None
        if spec.type.text == "list":
            expected = "a list is a fact of its own; it cannot stand inside another type"
            self.faults.add("shape-together", spec.type.position, what=what, expected=expected)
            return None
        plain = t.PLAIN_TYPES.get(spec.type.text)
        found = plain or self.scope.type(spec.type.text)
        if found is None:
            known = [*t.PLAIN_TYPES, "list", *self.scope.type_names()]
            near = near_misses(spec.type.text, known)
            self.faults.add("unknown-name", spec.type.position, near, kind="type", name=spec.type.text)
        return found

    def _number(self, of: t.Number, spec: surface.TypeSpec, what: str, *, bounded: bool) -> t.Number | None:
        percent = of.unit == "percent"
        low, high = (read_number(n, self.faults, what, percent=percent) for n in (spec.from_, spec.to))
        step = read_number(spec.step, self.faults, what, percent=percent)
        whole = of.unit in {"integer", "rupiah"}
        if whole and step is None:
            step = Fraction(1)
        needed = {"from": low, "to": high, "step": step}
        missing = [k for k, v in needed.items() if v is None and getattr(spec, {"from": "from_"}.get(k, k)) is None]
        missing = [k for k in missing if not (k == "step" and whole)]
        if bounded and missing:
            self.faults.add(
                "range-missing", spec.position, what=what, type=of.unit, missing=", ".join(f"`{m}`" for m in missing)
            )
            return None
        if whole and any(x is not None and x.denominator != 1 for x in (low, high, step)):
            self.faults.add("shape-number", spec.position, what=what, value="a bound or step", expected="whole numbers")
            return None
        if low is not None and high is not None and high < low:
            self.faults.add("range-empty", spec.position, what=what, low=low, high=high)
            return None
        if step is not None and step <= 0:
            self.faults.add("shape-number", spec.position, what=what, value=step, expected="a step above 0")
            return None
        if None not in (low, high, step) and (high - low) % step != 0:  # type: ignore[operator]
            self.faults.add("range-step", spec.position, what=what, low=low, high=high, step=step)
            return None
        return t.Number(of.unit, low, high, step)

    # --- facts ---

    def _fact(self, name: str, entry: surface.FactEntry) -> None:
        of = self._fact_type(name, entry)
        if of is None:
            self.scope.faulty.add(name)
            return
        about = self.about(entry)
        assume = None
        if entry.assume is not None:
            assume = read_value(entry.assume, of, self.faults, f"the presumption on `{name}`")
            if not entry.source:
                self.faults.add("assume-source", entry.position, name=name)
        marks = frozenset(m for m in ("merit", "protected", "immutable", "actionable") if getattr(entry, m))
        self.add(name, FactName(name, of, entry.position), entry.position)
        labels = {f: spec.label for f, spec in (entry.of or {}).items() if spec.label}
        self.into.facts.setdefault(name, FactDecl(name, of, about, assume, marks, entry.cost, None, labels))

    def _fact_type(self, name: str, entry: surface.FactEntry) -> t.Type | None:
        what = f"fact `{name}`"
        is_list = entry.type is not None and entry.type.text == "list"
        if is_list != (entry.of is not None) or is_list != (entry.up_to is not None):
            expected = "`type: list` comes with `up_to` and `of`, and these with it"
            self.faults.add("shape-together", entry.position, what=what, expected=expected)
            return None
        if (entry.per is not None and entry.per.text == "year") != (entry.back is not None):
            self.faults.add("shape-together", entry.position, what=what, expected="`per: year` comes with `back`")
            return None
        self.parts(entry.of or {})
        if entry.of is not None and entry.up_to is not None:
            fields = {f: self.scalar_type(s, f"field `{f}` of `{name}`", bounded=True) for f, s in entry.of.items()}
            known = {f: of for f, of in fields.items() if of is not None}
            if not fields:
                self.faults.add("shape-together", entry.position, what=what, expected="`of` names one field at least")
            return t.ListOf(known, entry.up_to) if len(known) == len(fields) and fields else None
        of = self.scalar_type(entry, what, bounded=True)
        if of is None or entry.per is None:
            return of
        if entry.per.text == "year":
            return t.Yearly(of, entry.back or 1)
        enum = self.scope.type(entry.per.text)
        if enum is None:
            near = near_misses(entry.per.text, ["year", *self.scope.type_names()])
            self.faults.add("unknown-name", entry.per.position, near, kind="type", name=entry.per.text)
            return None
        return t.PerMember(of, enum)


def entity_key(entity: Entity) -> str:
    """Give the key that an entity's name takes in the closure: types have their own space."""
    match entity:
        case TypeName(enum):
            return f"type {enum.policy}/{enum.name}"
        case FactName(name):
            return name
        case _:
            return entity.key
