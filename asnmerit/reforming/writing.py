"""Changes written into the documents of a policy: its own, or beyond delegation those of its parents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.reforming.cells import changed_rows
from asnmerit.reforming.dating import META, Payload, redated, spelled, table, version_in_force, with_key, with_keys
from asnmerit.reforming.drafts import Drafts
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.editing import Add, Drop, Set, node_at
from asnmerit.timeline import in_force

if TYPE_CHECKING:
    from asnmerit.reforming.overlay import Asked
    from asnmerit.rules import surface
    from asnmerit.rules.declarations import Module
    from asnmerit.timeline import Act

KINDS: Final = {
    "parameters": "parameter",
    "tables": "table",
    "scores": "score",
    "indicators": "indicator",
    "rules": "rule",
    "decisions": "decision",
}
WIDE: Final = ("set",)
GROWING: Final = ("add_rules", "add_requires")


class Writer(Drafts):
    """Writes changes into the documents: as a child's value where that is delegated, else where the thing itself is."""

    def write(self, asked: tuple[Asked, ...]) -> None:
        """Write each change, in order; what cannot be written is a fault."""
        ways: Mapping[str, Any] = {
            "parameters": self._parameter,
            "tables": self._table,
            "scores": self._scheme,
            "indicators": self._scheme,
            "rules": self._rule,
            "decisions": self._decision,
        }
        for one in asked:
            if one.name in self.known(one.section) or (one.section == "rules" and one.said is not None):
                ways[one.section](one)
            else:
                near = near_misses(one.name, self.known(one.section))
                kind = KINDS[one.section]
                self.faults.add("unknown-name", one.position, near, kind=f"{kind} of the policy", name=one.name)
        for name in list(self.roots):
            self.cite(name)

    # --- parameters and tables ---

    def _parameter(self, one: Asked) -> None:
        value = one.said.value
        payload: dict[str, Node | None] = {"value": value, "disputed": None, **self.about(one)}
        self._valued(one, lambda _old: payload)

    def _table(self, one: Asked) -> None:
        said = [k for k in ("cells", "rows", "series") if getattr(one.said, k) is not None]
        if not said or (len(said) > 1 and "cells" in said):
            expected = "say `cells` (those that change), or `rows` or `series` (all of them)"
            self.faults.add("shape-together", one.position, what=f"the change of table `{one.name}`", expected=expected)
            return
        about = self.about(one)
        if said != ["cells"]:
            whole: Payload = {
                "rows": one.said.rows, "series": one.said.series, "row_source": None, "disputed": None, **about,
            }  # fmt: skip
            self._valued(one, lambda _old: whole)
            return
        decl = self.documents.policy.declared.tables[one.name]
        when = self.when_of(one)
        act = in_force(decl.acts, when.day, when.known)
        if act is None or act.payload is None:
            expected = "`rows`: it has none on that day of which cells could change"
            self.faults.add("shape-together", one.position, what=f"the change of table `{one.name}`", expected=expected)
            return
        old = self._payload(one.name, act)
        made = changed_rows(decl, act.payload.data, old, one.said.cells, self.faults)
        if made is not None:
            rows, touched = made
            self._valued(one, partial(self._cells, rows, touched, about, act.payload.about))

    def _payload(self, name: str, act: Act[Any]) -> surface.TablePayload:
        """Give the version of a table as it is written."""
        entries = [m.document.tables[name] for m in self.documents.policy.modules if name in m.document.tables]
        return next(v for e in entries for v in (e, *(e.versions or ())) if v.position == act.position)

    def _cells(self, rows: Node, touched: tuple[str, ...], about: Payload, old: Any, version: Table) -> Payload:  # noqa: ANN401
        """Give a version with its rows; those with changed cells cite the reform, the others what they cited."""
        here = rows.position
        kept = version.get("row_source")
        cited = kept if isinstance(kept, Table) else Table(here, ())
        cited = with_keys(cited, dict.fromkeys(touched, about["source"]))
        refs = tuple(Scalar(here, f"{c.source} {c.place}".strip()) for c in old.citations)
        source = Sequence(here, refs) if refs else about["source"]
        return {
            "rows": rows, "series": None, "disputed": None, "row_source": cited,
            "source": source, "grade": about["grade"], "note": about["note"],
        }  # fmt: skip

    def _valued(self, one: Asked, change: Any) -> None:  # noqa: ANN401 - gives the payload from the version
        """Change a value where it may be changed: in the policy's own document, else beyond delegation."""
        declared = self.documents.policy.declared.valued[one.name]
        owner = self.holder(one.section, one.name) or self.own
        when, target = self.when_of(one), self.own
        chain, acts = self.chain(owner), list[Any](declared.acts)
        act: Act[Any] | None = in_force(acts, when.day, when.known)
        if one.name in self.beyond or not chain:
            layered = [m for m in chain if act is not None and m.layer == act.layer]
            found = self.mine(one, one.name, layered[0] if layered else owner, declared.about)
            if found is None:
                return
            target = found
            self.widen(one, [m for m in chain if m.layer < target.layer], WIDE)
        path = (one.section, one.name)
        entry = node_at(self.root(target), path)
        if entry is None:  # the parent's value, changed as a child may
            start = act.start if act is not None and when.start is None else when.start
            when = attrs.evolve(when, start=start if start is not None and start > target.start else None)
            entry = Table(one.position, ())
        new = redated(spelled(entry, "value"), one.section, target, when, one.position, change)
        self.edit(target, Add(path, new))

    # --- scores and indicators ---

    def _scheme(self, one: Asked) -> None:
        owner = self.holder(one.section, one.name) or self.own
        step = self.documents.policy.declared.steps.get(one.name)
        target = self.mine(one, one.name, owner, step.about if step else None)
        if target is None:
            return
        path = (one.section, one.name)
        entry = node_at(self.root(target), path)
        if isinstance(entry, Table):
            said = one.node if isinstance(one.node, Table) else Table(one.position, ())
            change = partial(self._weighed, one, said)
            self.edit(target, Set(path, redated(entry, one.section, target, self.when_of(one), one.position, change)))

    def _weighed(self, one: Asked, said: Table, old: Table) -> Payload:
        payload: dict[str, Node | None] = dict(self.about(one))
        for key in ("schemes", "otherwise", "round"):
            if said.get(key) is not None:
                payload[key] = said.get(key)
        weights, schemes = said.get("weights"), old.get("schemes")
        if isinstance(weights, Table):
            listed = schemes.items if isinstance(schemes, Sequence) else ()
            if len(listed) != 1 or not isinstance(listed[0], Table) or "schemes" in payload:
                expected = f"`schemes`, all of them: there are {len(listed)}"
                what = f"the weights of `{one.name}`"
                self.faults.add("shape-together", weights.position, what=what, expected=expected)
                return {}
            here = weights.position  # what is wrong with the sum is shown where the change is written
            kept = ((k, Scalar(here, v.text) if isinstance(v, Scalar) else v) for k, v in listed[0].entries)
            new = with_keys(Table(here, tuple(kept)), {k.text: v for k, v in weights.entries})
            payload["schemes"] = Sequence(here, (new,))
        return payload

    # --- rules and decisions ---

    def _rule(self, one: Asked) -> None:
        owner = self.holder("rules", one.name)
        if owner is None:
            self._new_rule(one)
            return
        rule = owner.document.rules[one.name]
        decides = rule.decides.text if rule.decides is not None else one.name
        decision = self.documents.policy.declared.decisions.get(decides)
        target = self.mine(one, decides, owner, decision.about if decision else None)
        if target is None:
            return
        path = ("rules", one.name)
        if one.said is None:
            self.edit(target, Drop(path))
            order = node_at(self.root(target), ("decisions", decides, "order"))
            if isinstance(order, Sequence):
                left = tuple(n for n in order.items if not (isinstance(n, Scalar) and n.text == one.name))
                self.edit(target, Set(("decisions", decides, "order"), Sequence(order.position, left)))
        elif isinstance(entry := node_at(self.root(target), path), Table):
            when = self.when_of(one)
            new = redated(entry, "rules", target, when, one.position, partial(self._merged, one))
            fixed = one.node.entries if isinstance(one.node, Table) else ()
            more = {k.text: v for k, v in fixed if k.text in {"decides", "for", "label", "title"}}
            self.edit(target, Set(path, with_keys(new, more)))

    def _new_rule(self, one: Asked) -> None:
        """Write a rule of its own; it is added to a parent's decision where that is delegated."""
        decides = one.said.decides.text if one.said.decides is not None else ""
        self._beyond_growing(one, decides)
        node = one.node if isinstance(one.node, Table) else Table(one.position, ())
        if node.get("source") is None:
            node = with_keys(node, self.about(one))
        self.edit(self.own, Add(("rules", one.name), node))

    def _beyond_growing(self, one: Asked, decision: str) -> None:
        """Where a parent's decision may not grow, let it, if that is asked for."""
        owner = self.holder("decisions", decision)
        if decision in self.beyond and owner is not None and owner is not self.own:
            self.widen(one, self.chain(owner)[1:], GROWING, decision)

    def _merged(self, one: Asked, old: Table) -> Payload:
        payload = self.about(one, old=old)
        payload.pop("note")
        said = one.node if isinstance(one.node, Table) else Table(one.position, ())
        for key in ("applies", "requires", "unless", "grants"):
            node, before = said.get(key), old.get(key)
            if node is None:
                continue
            if key == "applies" or not isinstance(node, Table):
                payload[key] = None if isinstance(node, Scalar) and node.null else node
                continue
            payload[key] = self._laid_over(before if isinstance(before, Table) else Table(node.position, ()), node, key)
        return payload

    def _laid_over(self, before: Table, node: Table, key: str) -> Table:
        for name, value in node.entries:
            gone = isinstance(value, Scalar) and value.null
            if gone and before.get(name.text) is None:
                near = near_misses(name.text, [k.text for k, _ in before.entries])
                self.faults.add("unknown-name", name.position, near, kind=f"condition of `{key}`", name=name.text)
            before = with_key(before, name.text, None if gone else value)
        return before

    def _decision(self, one: Asked) -> None:
        owner = self.holder("decisions", one.name) or self.own
        decl = self.documents.policy.declared.decisions[one.name]
        for part in ("requires", "unless"):
            said = getattr(one.said, part)
            if said is not None and said.add:
                self._added(one, part, said.add, owner)
            for name in said.remove if said is not None else ():
                self._removed(one, part, name, decl)
        if one.said.order is not None and (target := self.mine(one, one.name, owner, decl.about)) is not None:
            self.edit(target, Add(("decisions", one.name, "order"), one.said.order))

    def _added(self, one: Asked, part: str, added: Mapping[str, Node], owner: Module) -> None:
        self._beyond_growing(one, one.name)
        about = self.about(one)
        if owner is not self.own and node_at(self.root(self.own), ("decisions", one.name)) is None:
            self.edit(self.own, Add(("decisions", one.name), table(one.position, {"source": about["source"]})))
        for name, node in added.items():
            condition = spelled(node, "is")
            if condition.get("source") is None:
                condition = with_keys(condition, {k: v for k, v in about.items() if k in META and v is not None})
            self.edit(self.own, Add(("decisions", one.name, part, name), condition))

    def _removed(self, one: Asked, part: str, name: Scalar, decl: Any) -> None:  # noqa: ANN401 - a decision
        there = [
            m
            for m in self.documents.policy.modules
            if one.name in m.document.decisions and name.text in (getattr(m.document.decisions[one.name], part) or {})
        ]
        if not there:
            known = [c.name for c in getattr(decl, part)]
            kind = f"condition of `{part}` of `{one.name}`"
            self.faults.add("unknown-name", name.position, near_misses(name.text, known), kind=kind, name=name.text)
            return
        target = self.mine(one, one.name, there[0], decl.about)
        if target is not None:
            self.edit(target, Drop(("decisions", one.name, part, name.text)))


def said_in(root: Table, section: str, name: str, module: Module, on: int, known: int) -> Table | None:
    """Give what a document says of a name on a day."""
    entry = node_at(root, (section, name))
    if not isinstance(entry, Table):
        return None
    return entry if section == "decisions" else version_in_force(entry, section, module, on, known)
