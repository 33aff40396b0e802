"""Folds over the rows of a list, in a block: a loop over as many rows as anybody in the block has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.frames.choices import mask
from asnmerit.frames.program import Ref, kind_of
from asnmerit.frames.writer import FALSE, TRUE, Val, Writer

if TYPE_CHECKING:
    from asnmerit.rules.expr import Each


@attrs.define
class Folding:
    """Writes one fold: accumulators before the loop, one row in it."""

    writer: Writer
    node: Each
    doubtful: bool = False

    def write(self) -> Val:
        """Write the loop and give its result: unknown where the list is, or where a row leaves it open."""
        w, node = self.writer, self.node
        count = w.inputs[(node.binder.list_fact, "#")]
        default = None if node.default is None else w.write(node.default)
        accumulators = self._start(kind_of(node.type), default)
        p = w.program
        p.count += 1
        i = f"i{p.count}"
        p.begin(f"for {i} in range(most_{w.lists[node.binder.list_fact + '#']}):")
        before = w.rows.get(node.binder)
        w.rows[node.binder] = i
        present = p.new(f"greater({{0}}, {i}, out={{out}})", "bool", count.value)
        self._row(present, accumulators)
        if before is None:
            del w.rows[node.binder]
        else:
            w.rows[node.binder] = before
        p.end()
        return self._result(count, accumulators, default)

    def _mutable(self, kind: Any, start: Ref) -> Ref:  # noqa: ANN401 - a kind of column
        """Name a column that the loop changes; it is never shared."""
        p = self.writer.program
        target = p.fresh(kind)
        p.add("copyto({1}, {0})", start, target, target=target)
        return target

    def _update(self, text: str, target: Ref, *refs: Ref) -> None:
        self.writer.program.add(text, target, *refs)

    def _start(self, kind: Any, default: Val | None) -> dict[str, Ref]:  # noqa: ANN401 - a kind of column
        """Make the accumulators: the value, whether all is known, and what else the operator needs."""
        found = {"known": self._mutable("bool", TRUE)}
        match self.node.op:
            case "sum":
                found["value"] = self._mutable(kind, Ref("0", "int32", 0))
            case "all" | "any":
                found["value"] = self._mutable("bool", TRUE if self.node.op == "all" else FALSE)
                found["sunk"] = self._mutable("bool", FALSE)
            case _:
                found["value"] = self._mutable(kind, default.value if default else Ref("0", "int32", 0))
                found["has"] = self._mutable("bool", FALSE)
        return found

    def _row(self, present: Ref, acc: dict[str, Ref]) -> None:
        w, node = self.writer, self.node
        where = None if node.where is None else w.write(node.where)
        asked = present if where is None else w.all_of(present, where.value) or TRUE
        body = w.write(node.body)
        absent = w.negated(present)
        if where is not None and where.known is not None:
            self.doubtful = True
            self._update("logical_and({0}, {1}, out={0})", acc["known"], w.any_of(absent, where.known))
        match node.op:
            case "sum":
                counted = w.where(asked, body.value, Ref("0", "int32", 0), body.value.kind)
                self._update("add({0}, {1}, out={0})", acc["value"], counted)
                self._know(acc, w.negated(asked), body)
            case "all" | "any":
                self._truth(present, absent, body, acc)
            case _:
                self._extreme(asked, body, acc)
                self._know(acc, w.negated(asked), body)

    def _know(self, acc: dict[str, Ref], unasked: Ref, body: Val) -> None:
        if body.known is not None:
            self.doubtful = True
            self._update("logical_and({0}, {1}, out={0})", acc["known"], self.writer.any_of(unasked, body.known))

    def _truth(self, present: Ref, absent: Ref, body: Val, acc: dict[str, Ref]) -> None:
        w = self.writer
        every = self.node.op == "all"
        if every:
            self._update("logical_and({0}, {1}, out={0})", acc["value"], w.any_of(absent, body.value))
        else:
            self._update("logical_or({0}, {1}, out={0})", acc["value"], w.all_of(present, body.value) or TRUE)
        self._know(acc, absent, body)
        against = w.negated(body.value) if every else body.value
        self._update("logical_or({0}, {1}, out={0})", acc["sunk"], w.all_of(present, body.known, against) or TRUE)

    def _extreme(self, asked: Ref, body: Val, acc: dict[str, Ref]) -> None:
        w = self.writer
        word = "less" if self.node.op == "min" else "greater"
        # Not shared: the accumulator changes in each round.
        better = w.program.fresh("bool")
        w.program.add(f"{word}({{0}}, {{1}}, out={{2}})", body.value, acc["value"], better, target=better)
        # For truth values, a >= b is a or not b: the first row that counts is better than none.
        self._update("greater_equal({0}, {1}, out={0})", better, acc["has"])
        self._update("logical_and({0}, {1}, out={0})", better, asked)
        self._replace(acc["value"], body.value, better)
        self._update("logical_or({0}, {1}, out={0})", acc["has"], asked)

    def _replace(self, target: Ref, value: Ref, test: Ref) -> None:
        """Put the value where the test is true. By bits: much quicker than copying where true."""
        p = self.writer.program
        differ = p.fresh(target.kind)
        p.add("bitwise_xor({0}, {1}, out={2})", target, value, differ, target=differ)
        self._update("bitwise_and({0}, {1}, out={0})", differ, mask(p, test, target.kind))
        self._update("bitwise_xor({0}, {1}, out={0})", target, differ)

    def _result(self, count: Val, acc: dict[str, Ref], default: Val | None) -> Val:
        w = self.writer
        known: Ref | None = acc["known"] if self.doubtful else None
        if self.node.op in {"all", "any"}:
            known = None if known is None else w.any_of(known, acc["sunk"])
        elif self.node.op != "sum" and default is not None and default.known is not None:
            known = w.all_of(known, w.any_of(acc["has"], default.known))
        return Val(acc["value"], w.all_of(count.known, known))
