"""From the surface of a document to declarations: parameters and tables, with their versions and other readings."""

from __future__ import annotations

from collections.abc import Sequence as Many

import attrs

from asnmerit.diagnostics import Faults
from asnmerit.rules import surface
from asnmerit.rules import types as t
from asnmerit.rules.declarations import ParameterDecl, ParameterValue, TableDecl, TableValue
from asnmerit.rules.declare import Declarer
from asnmerit.rules.document import Node, Scalar
from asnmerit.rules.rows import Layout, RowReader, axis_of, one_band, with_row
from asnmerit.rules.scope import Entity, ParameterName, TableName
from asnmerit.rules.values import read_value
from asnmerit.timeline import Act


@attrs.define(eq=False)
class Valuer:
    """Declares the parameters and tables of one document."""

    declarer: Declarer
    faults: Faults

    def declare(self) -> None:
        """Declare all of them; one without a type changes what a parent declared."""
        document = self.declarer.module.document
        for name, parameter in document.parameters.items():
            self._parameter(name, parameter)
        for name, table in document.tables.items():
            self._table(name, table)

    # --- parameters ---

    def _parameter(self, name: str, entry: surface.ParameterEntry) -> None:
        if name in self.declarer.scope.faulty:
            return
        inherited = self._inherited(name, ParameterName)
        if inherited is not None and entry.type is None:
            decl = self.declarer.into.parameters[name]
            decl.acts += self._parameter_acts(name, entry, decl.type)
            return
        of = self._parameter_type(name, entry)
        if of is None:
            self.declarer.scope.faulty.add(name)
            return
        about = self.declarer.about(entry)
        acts = self._parameter_acts(name, entry, of)
        if entry.value is None and entry.versions is None and not entry.delegated:
            self.faults.add("shape-missing", entry.position, what=f"parameter `{name}`", key="value")
        self.declarer.add(name, ParameterName(name, _plain(of), entry.position), entry.position)
        self.declarer.into.parameters.setdefault(name, ParameterDecl(name, of, acts, about, entry.delegated))

    def _inherited(self, name: str, kind: type) -> Entity | None:
        """Give what a parent calls by this name, which an entry without a type then changes."""
        parent = self.declarer.module.parent
        entity = parent.scope.value(name) if parent else None
        return entity if isinstance(entity, kind) else None

    def _parameter_type(self, name: str, entry: surface.ParameterEntry) -> t.Type | None:
        what = f"parameter `{name}`"
        if entry.type is not None and entry.type.text == "months":
            return t.Months()
        return self.declarer.scalar_type(entry, what, bounded=entry.delegated)

    def _parameter_acts(self, name: str, entry: surface.ParameterEntry, of: t.Type) -> list[Act[ParameterValue]]:
        if entry.value is not None and entry.versions is not None:
            self.faults.add("shape-together", entry.position, what=f"`{name}`", expected="say `value` or `versions`")
        acts = []
        if entry.value is not None:
            payload = self._value(name, entry.value, of, (entry,), entry.disputed)
            acts.append(self.declarer.act(payload, None, entry.position))
        for version in entry.versions or ():
            if version.value is None and not version.repealed:
                self.faults.add("version-payload", version.position, name=name, expected="`value` (or `repealed: yes`)")
                continue
            shared = (version, entry)
            payload = self._value(name, version.value, of, shared, (*version.disputed, *entry.disputed))
            acts.append(self.declarer.act(payload, version, version.position))
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
                reading = self._reading(name, other)
                if reading in readings:
                    self.faults.add("duplicate-key", other.position, key=reading)
                readings[reading] = ParameterValue(read, self.declarer.about(other))
        return ParameterValue(value, self.declarer.about(*metas), readings)

    def _reading(self, name: str, other: surface.Disputed) -> str:
        """Give the name of a reading: its own, else the id of its source."""
        if other.reading is not None:
            return str(other.reading)
        if other.source:
            return other.source[0].source
        expected = "say `reading` or `source`: it is asked for by that name"
        self.faults.add("shape-together", other.position, what=f"another reading of `{name}`", expected=expected)
        return ""

    # --- tables ---

    def _table(self, name: str, entry: surface.TableEntry) -> None:
        if name in self.declarer.scope.faulty:
            return
        inherited = self._inherited(name, TableName)
        if inherited is not None and entry.by is None:
            decl = self.declarer.into.tables[name]
            otherwise = entry.otherwise or decl.otherwise
            decl.acts += self._table_acts(entry, decl.layout, otherwise)
            return
        layout = self._layout(name, entry)
        if layout is None:
            self.declarer.scope.faulty.add(name)
            return
        acts = self._table_acts(entry, layout, entry.otherwise)
        said = (entry.rows, entry.series, entry.versions)
        if said == (None, None, None) and not entry.delegated:
            self.faults.add("shape-missing", entry.position, what=f"table `{name}`", key="rows")
        keys = tuple(_plain_scalar(a.type) for a in layout.axes)
        columns = {c: _plain_scalar(of) for c, of in layout.columns.items()}
        self.declarer.add(name, TableName(name, keys, columns, entry.position), entry.position)
        self.declarer.into.tables.setdefault(
            name, TableDecl(name, layout, entry.otherwise, acts, self.declarer.about(entry), entry.delegated)
        )

    def _layout(self, name: str, entry: surface.TableEntry) -> Layout | None:
        if not entry.by or entry.gives is None:
            self.faults.add(
                "shape-missing", entry.position, what=f"table `{name}`", key="by" if not entry.by else "gives"
            )
            return None
        axes = []
        for key, spec in entry.by.items():
            of = self.declarer.scalar_type(spec, f"key `{key}` of `{name}`", bounded=False)
            axis = None if of is None else axis_of(key, of, spec.match)
            if isinstance(axis, str):
                self.faults.add("table-row", spec.position, table=name, reason=axis)
            elif axis is not None:
                axes.append(axis)
        single = isinstance(entry.gives, surface.TypeSpec)
        columns = {"": entry.gives} if isinstance(entry.gives, surface.TypeSpec) else dict(entry.gives)
        self.declarer.parts(columns)
        types = {
            c: self.declarer.scalar_type(s, f"column `{c}` of `{name}`" if not single else f"`{name}`", bounded=False)
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
            acts.append(self.declarer.act(payload, version, version.position))
        return acts

    def _rows(
        self, version: surface.TablePayload, entry: surface.TableEntry, layout: Layout, otherwise: Node | None
    ) -> TableValue | None:
        place = Scalar(version.position, "")
        data = RowReader(layout, self.faults).read(version.rows, version.series, otherwise, place)
        if data is None:
            return None
        rows = {key: self.declarer.citations(refs) for key, refs in (version.row_source or {}).items()}
        value = TableValue(data, self.declarer.about(version, entry), rows)
        by_reading: dict[str, TableValue] = {}
        shared = () if version is entry else entry.disputed
        for other in (*version.disputed, *shared):
            name = self._reading(layout.name, other)
            base = by_reading.get(name, attrs.evolve(value, about=self.declarer.about(other)))
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
