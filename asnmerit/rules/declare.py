"""From the surface of a document to declarations: types, facts, parameters and tables; names enter the scope."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import Faults, Position, near_misses
from asnmerit.rules import surface
from asnmerit.rules import types as t
from asnmerit.rules.declarations import (
    About,
    Citation,
    Declarations,
    FactDecl,
    Module,
    ParameterDecl,
    ParameterValue,
    TableDecl,
    TableValue,
)
from asnmerit.rules.document import Node, Scalar, Sequence, kind_of
from asnmerit.rules.rows import Layout, RowReader, axis_of, one_band, with_row
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY, day_of
from asnmerit.rules.scope import RESERVED, Entity, FactName, ParameterName, TableName, TypeName
from asnmerit.rules.values import read_number, read_value
from asnmerit.timeline import FOREVER, Act

if TYPE_CHECKING:
    from collections.abc import Sequence as Many

NUMBERS = frozenset({"number", "integer", "percent", "rupiah"})
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
        for name, parameter in document.parameters.items():
            self._parameter(name, parameter)
        for name, table in document.tables.items():
            self._table(name, table)

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

    def act(self, payload: Any, dates: surface.Dates | None, position: Position) -> Act[Any]:  # noqa: ANN401
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

    # --- parameters ---

    def _parameter(self, name: str, entry: surface.ParameterEntry) -> None:
        if name in self.scope.faulty:
            return
        inherited = self._inherited(name, ParameterName)
        if inherited is not None and entry.type is None:
            decl = self.into.parameters[name]
            decl.acts += self._parameter_acts(name, entry, decl.type)
            return
        of = self._parameter_type(name, entry)
        if of is None:
            self.scope.faulty.add(name)
            return
        about = self.about(entry)
        acts = self._parameter_acts(name, entry, of)
        if entry.value is None and entry.versions is None and not entry.delegated:
            self.faults.add("shape-missing", entry.position, what=f"parameter `{name}`", key="value")
        self.add(name, ParameterName(name, _plain(of), entry.position), entry.position)
        self.into.parameters.setdefault(name, ParameterDecl(name, of, acts, about, entry.delegated))

    def _inherited(self, name: str, kind: type) -> Entity | None:
        """Give what a parent calls by this name, which an entry without a type then changes."""
        parent = self.module.parent
        entity = parent.scope.value(name) if parent else None
        return entity if isinstance(entity, kind) else None

    def _parameter_type(self, name: str, entry: surface.ParameterEntry) -> t.Type | None:
        what = f"parameter `{name}`"
        if entry.type is not None and entry.type.text == "months":
            return t.Months()
        return self.scalar_type(entry, what, bounded=entry.delegated)

    def _parameter_acts(self, name: str, entry: surface.ParameterEntry, of: t.Type) -> list[Act[ParameterValue]]:
        if entry.value is not None and entry.versions is not None:
            self.faults.add("shape-together", entry.position, what=f"`{name}`", expected="say `value` or `versions`")
        acts = []
        if entry.value is not None:
            payload = self._value(name, entry.value, of, (entry,), entry.disputed)
            acts.append(self.act(payload, None, entry.position))
        for version in entry.versions or ():
            if version.value is None and not version.repealed:
                self.faults.add("version-payload", version.position, name=name, expected="`value` (or `repealed: yes`)")
                continue
            shared = (version, entry)
            payload = self._value(name, version.value, of, shared, (*version.disputed, *entry.disputed))
            acts.append(self.act(payload, version, version.position))
        return acts

    def _value(
        self,
        name: str,
        node: Node | None,
        of: t.Type,
        metas: tuple[surface.Meta, ...],
        disputed: Many[surface.Disputed],
    ) -> ParameterValue | None:
        if node is None:
            return None
        value = read_value(node, of, self.faults, f"`{name}`")
        readings = {}
        for other in disputed:
            if other.value is not None:
                read = read_value(other.value, of, self.faults, f"another reading of `{name}`")
                readings[self._reading(other)] = ParameterValue(read, self.about(other))
        return ParameterValue(value, self.about(*metas), readings)

    def _reading(self, other: surface.Disputed) -> str:
        if other.reading is not None:
            return str(other.reading)
        return other.source[0].source if other.source else "other"

    # --- tables ---

    def _table(self, name: str, entry: surface.TableEntry) -> None:
        if name in self.scope.faulty:
            return
        inherited = self._inherited(name, TableName)
        if inherited is not None and entry.by is None:
            decl = self.into.tables[name]
            otherwise = entry.otherwise or decl.otherwise
            decl.acts += self._table_acts(entry, decl.layout, otherwise)
            return
        layout = self._layout(name, entry)
        if layout is None:
            self.scope.faulty.add(name)
            return
        acts = self._table_acts(entry, layout, entry.otherwise)
        said = (entry.rows, entry.series, entry.versions)
        if said == (None, None, None) and not entry.delegated:
            self.faults.add("shape-missing", entry.position, what=f"table `{name}`", key="rows")
        keys = tuple(_plain_scalar(a.type) for a in layout.axes)
        columns = {c: _plain_scalar(of) for c, of in layout.columns.items()}
        self.add(name, TableName(name, keys, columns, entry.position), entry.position)
        self.into.tables.setdefault(
            name, TableDecl(name, layout, entry.otherwise, acts, self.about(entry), entry.delegated)
        )

    def _layout(self, name: str, entry: surface.TableEntry) -> Layout | None:
        if not entry.by or entry.gives is None:
            self.faults.add(
                "shape-missing", entry.position, what=f"table `{name}`", key="by" if not entry.by else "gives"
            )
            return None
        axes = []
        for key, spec in entry.by.items():
            of = self.scalar_type(spec, f"key `{key}` of `{name}`", bounded=False)
            axis = None if of is None else axis_of(key, of, spec.match)
            if isinstance(axis, str):
                self.faults.add("table-row", spec.position, table=name, reason=axis)
            elif axis is not None:
                axes.append(axis)
        single = isinstance(entry.gives, surface.TypeSpec)
        columns = {"": entry.gives} if isinstance(entry.gives, surface.TypeSpec) else dict(entry.gives)
        types = {
            c: self.scalar_type(s, f"column `{c}` of `{name}`" if not single else f"`{name}`", bounded=False)
            for c, s in columns.items()
        }
        if len(axes) != len(entry.by) or None in types.values() or not types:
            return None
        if not one_band(tuple(axes)):
            self.faults.add("table-row", entry.position, table=name, reason="at most one key may have `match: from`")
            return None
        return Layout(name, tuple(axes), {c: of for c, of in types.items() if of is not None})

    def _table_acts(self, entry: surface.TableEntry, layout: Layout, otherwise: Node | None) -> list[Act[TableValue]]:
        acts = []
        said = entry.rows is not None or entry.series is not None
        if said and entry.versions is not None:
            self.faults.add(
                "shape-together", entry.position, what=f"`{layout.name}`", expected="say `rows` or `versions`"
            )
        for version in ((entry,) if said else ()) + tuple(entry.versions or ()):
            payload = None
            if not version.repealed:
                payload = self._rows(version, entry, layout, otherwise)
                if payload is None:
                    continue
            acts.append(self.act(payload, version, version.position))
        return acts

    def _rows(
        self, version: surface.TablePayload, entry: surface.TableEntry, layout: Layout, otherwise: Node | None
    ) -> TableValue | None:
        place = Scalar(version.position, "")
        data = RowReader(layout, self.faults).read(version.rows, version.series, otherwise, place)
        if data is None:
            return None
        rows = {key: self.citations(refs) for key, refs in (version.row_source or {}).items()}
        value = TableValue(data, self.about(version, entry), rows)
        by_reading: dict[str, TableValue] = {}
        shared = () if version is entry else entry.disputed
        for other in (*version.disputed, *shared):
            name = self._reading(other)
            base = by_reading.get(name, attrs.evolve(value, about=self.about(other)))
            changed = self._other_row(other, layout, base)
            if changed is not None:
                by_reading[name] = changed
        return attrs.evolve(value, readings=by_reading)

    def _other_row(self, other: surface.Disputed, layout: Layout, base: TableValue) -> TableValue | None:
        if other.value is None or other.row is None:
            return None
        if len(other.row) != len(layout.axes):
            self.faults.add(
                "table-row", other.position, table=layout.name, reason=f"`row` names {len(layout.axes)} keys"
            )
            return None
        keys = [
            read_value(k, a.type, self.faults, f"key `{a.name}`") for k, a in zip(other.row, layout.axes, strict=True)
        ]
        reader = RowReader(layout, self.faults)
        reader.level(other.value, tuple(keys))
        if None in keys or not reader.cells:
            return None
        return attrs.evolve(base, data=with_row(base.data, tuple(keys), reader.cells[tuple(keys)]))


def _plain(of: t.Type) -> t.Type:
    """Give a type without its range, as expressions see it: ranges are proved per slice."""
    return _plain_scalar(of) if isinstance(of, t.Number | t.Date | t.Bool | t.Enum) else of


def _plain_scalar(of: t.Scalar) -> t.Scalar:
    return t.Number(of.unit) if isinstance(of, t.Number) else of


def entity_key(entity: Entity) -> str:
    """Give the key that an entity's name takes in the closure: types have their own space."""
    match entity:
        case TypeName(enum):
            return f"type {enum.policy}/{enum.name}"
        case FactName(name):
            return name
        case _:
            return entity.key
