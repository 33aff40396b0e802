"""Random well-typed policy documents, as mappings for `asnmerit.load`.

A document is written with the ranges of its expressions in mind; where a proof at load still fails (an overflow, a
divisor, a table left), the expression at fault is replaced by a plain one and the document is loaded again. Any
other fault is a bug, of this generator or of the loader.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.errors import PolicyError
from support.dice import Dice, Drawn, Seeded
from support.given import Document, Given, Path

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy
    from support.numbers import Scope

PROOFS = frozenset(
    {
        "overflow",
        "divisor",
        "outside-table",
        "outside-range",
        "not-whole",
        "date-range",
        "expression-length",
        "expression-depth",
        "generator-size",
    }
)


@attrs.define
class Made:
    """A document that loads, its policy, and the kinds of things it was asked to hold."""

    document: Document
    policy: Policy

    def dump(self) -> str:
        """Show the document, to be read or loaded again."""
        return json.dumps(self.document, indent=1, ensure_ascii=False, default=str)


class Writer(Given):
    """Writes one document, each part reading those before it."""

    def write(self) -> Document:
        """Write a whole document, each part reading those before it."""
        for section in (self._types, self._facts, self._parameters, self._tables, self._indicators):
            section()
        self._derived("d", self.dice.whole(2, 5))
        self._conditions()
        self._decision("first_decision")
        self._derived("e", self.dice.whole(0, 2))
        if self.dice.chance(60):
            self._decision("second_decision")
            self._derived("g", self.dice.whole(0, 2))
        if self.checks:
            self._claims()
        return {k: v for k, v in self.document.items() if v not in ({}, [])}

    # --- what is computed ---

    def _derived(self, prefix: str, count: int) -> None:
        for i in range(count):
            name, spec = f"{prefix}{i}", self._kind()
            entry: dict[str, Any] = {}
            path: Path = ("derived", name, "is")
            scope = self._each_of(entry)
            entered = scope is not self.scope
            if spec["type"] not in {"bool", "number", "date"}:
                entry["type"] = spec["type"]
            if not entered and self.dice.chance(15):
                entry.update(self._versions(lambda s=spec, p=path: {"is": self.text((*p[:2], "is"), s)}))  # type: ignore[misc]
            else:
                entry["is"] = self.text(path, spec, self.depth, scope)
            if (
                self.checks
                and not entered
                and "versions" not in entry
                and spec["type"] == "number"
                and self.dice.chance(15)
            ):
                entry["range"] = ["-50", "1000"]
                spec = {**spec, "from": "-50", "to": "1000"}
            self.document["derived"][name] = entry
            if "for" not in entry:
                self.e.enter(self.scope, spec, name)
            elif entry["for"]["k"].startswith("types."):
                self.scope.families.append((name, entry["for"]["k"][6:], spec))
            else:
                self.scope.rowwise.setdefault(entry["for"]["k"], []).append((name, spec))

    def _each_of(self, entry: dict[str, Any]) -> Scope:
        """Sometimes say `for:` a list's rows or a type's members; the scope in which the value is then written."""
        scope = self.scope.inside()
        if self.scope.lists and self.dice.chance(20):
            rows = self.dice.pick(list(self.scope.lists))
            entry["for"] = {"k": rows}
            for field, of in self.scope.lists[rows].items():
                self.e.enter(scope, of, f"k.{field}")
            for step, of in self.scope.rowwise.get(rows, ()):
                self.e.enter(scope, of, f"{step}[k]")
            return scope
        if self.dice.chance(12):
            enum = self.dice.pick(list(self.types))
            entry["for"] = {"k": f"types.{enum}"}
            scope.members.setdefault(enum, []).append("k")
            return scope
        return self.scope

    def _kind(self) -> dict[str, Any]:
        return dict(
            self.dice.pick(
                (
                    {"type": "number"},
                    {"type": "number"},
                    {"type": "bool"},
                    {"type": "bool"},
                    {"type": "date"},
                    {"type": "rupiah"},
                    {"type": "golongan"},
                    {"type": "jenis"},
                    {"type": "predikat"},
                )
            )
        )

    def _claims(self) -> None:
        if self.dice.chance(25):
            self.document["checks"]["periksa"] = self.text(("checks", "periksa"), {"type": "bool"}, 2)

    # --- norms ---

    def _conditions(self) -> None:
        for i in range(self.dice.whole(0, 3)):
            name = f"syarat{i}"
            self.document["conditions"][name] = self.condition(("conditions", name), 2)
            self.scope.bools.append(name)

    def condition(self, path: Path, depth: int, scope: Scope | None = None) -> Any:
        """Write a condition in one of its forms."""
        truth = {"type": "bool"}
        form = self.dice.pick(("text", "is", "any_of", "all_of", "at_least", "versions")) if depth > 0 else "text"
        if form == "text":
            return self.text(path, truth, 2, scope)
        if self.scope.guarded and self.dice.chance(20):
            name = self.dice.pick(self.scope.guarded)
            asked = self.text((*path, "is"), truth, 1, scope)
            return {"when": f"{name}.applies", "is": f"{name} >= 2 or {asked}"}
        entry: dict[str, Any] = {}
        if form == "is":
            entry["is"] = self.text((*path, "is"), truth, 2, scope)
        elif form == "versions":
            entry.update(self._versions(lambda: {"is": self.text((*path, "is"), truth, 1, scope)}))
        else:
            parts = [f"a{i}" for i in range(self.dice.whole(1, 4))]
            key = "of" if form == "at_least" else form
            entry[key] = {n: self.condition((*path, key, n), depth - 1, scope) for n in parts}
            if form == "at_least":
                entry["at_least"] = self.dice.whole(1, len(parts))
        if form != "versions":
            if self.dice.chance(30):
                entry["when"] = self.text((*path, "when"), truth, 1, scope)
            if self.dice.chance(30):
                entry["except"] = {"kecuali": self.condition((*path, "except", "kecuali"), depth - 1, scope)}
        return entry

    def _decision(self, name: str) -> None:
        hit = self.dice.pick(("unique", "first", "any", "collect"))
        fields = {"jumlah": {"type": self.dice.pick(("number", "rupiah", "integer"))}}
        if self.dice.chance(50):
            fields["hasil"] = {"type": self.dice.pick(("predikat", "jenis", "bool", "date"))}
        rules = [f"{name}_r{i}" for i in range(self.dice.whole(1, 3))]
        entry: dict[str, Any] = {
            "outcome": fields,
            "hit": hit,
            "kind": self.dice.pick(("benefit", "burden", "finding")),
        }
        if hit == "first":
            entry["order"] = list(reversed(rules)) if self.dice.chance(50) else rules
        if hit == "collect":
            entry["total"] = {"jumlah": "sum"}
        elif self.dice.chance(60):
            entry["otherwise"] = {f: self.text(("decisions", name, "otherwise", f), s, 1) for f, s in fields.items()}
        self._shared(name, entry)
        self.document["decisions"][name] = entry
        for rule in rules:
            self._rule(rule, name, fields)
        single = len(rules) == 1 and not any("for" in self.document["rules"][r] for r in rules)
        if hit in {"first", "collect"} or single:
            self.scope.bools.append(f"{name}.granted")
            for field in entry.get("total", entry.get("otherwise", {})):
                self.e.enter(self.scope, fields[field], f"{name}.{field}")

    def _shared(self, name: str, entry: dict[str, Any]) -> None:
        """Sometimes say conditions that belong to every rule of a decision."""
        if self.dice.chance(30):
            entry["applies"] = self.condition(("decisions", name, "applies"), 1)
        for part in ("requires", "unless"):
            if self.dice.chance(20):
                entry[part] = {"umum": self.condition(("decisions", name, part, "umum"), 1)}

    def _rule(self, rule: str, decision: str, fields: dict[str, Any]) -> None:
        entry: dict[str, Any] = {"decides": decision, "source": "uu 2"}
        scope = self.scope
        if self.dice.chance(12):
            entry["for"], scope = {"k": "types.jenis"}, self.scope.inside()
            scope.members.setdefault("jenis", []).append("k")
        if self.dice.chance(40):
            entry["applies"] = self.condition(("rules", rule, "applies"), 1, scope)
        for part, percent in (("requires", 80), ("unless", 30)):
            if self.dice.chance(percent):
                names = [f"{part[0]}{i}" for i in range(self.dice.whole(1, 2))]
                entry[part] = {n: self.condition(("rules", rule, part, n), 2, scope) for n in names}
        # Equal grants are frequent on purpose: with `any` they are not a conflict.
        entry["grants"] = {
            f: self.text(("rules", rule, "grants", f), s, 1, scope) if self.dice.chance(50) else self.e.atom(s)
            for f, s in fields.items()
        }
        self.document["rules"][rule] = entry


def written(dice: Dice, *, checks: bool = True, depth: int = 3) -> Made:
    """Write a random document that loads."""
    writer = Writer(dice, checks=checks, depth=depth)
    document = writer.write()
    for _ in range(12):
        try:
            return Made(document, am.load(document))
        except PolicyError as error:
            _repaired(document, writer.plain, error)
    message = f"not repaired: {document}"
    raise AssertionError(message)


def _repaired(document: Document, plain: dict[Path, str], error: PolicyError) -> None:
    """Replace the expressions whose proof failed; any other fault is a bug."""
    changed = False
    for fault in error.diagnostics:
        whole = fault.code == "type-mismatch" and "whole number" in fault.message
        if fault.code == "needs-constant" or whole or fault.code in PROOFS:
            place = fault.position.path
            for path, text in plain.items():
                at = ".".join(map(str, path))
                if (
                    at == place
                    or at.startswith(f"{place}.")
                    or place.startswith((f"{at}.", f"{at}["))
                    or (path[-1] == "is" and place.startswith(at[:-3]))
                ):
                    changed |= _set(document, path, text)
            continue
        message = f"{fault}\n{json.dumps(document, indent=1, default=str)}"
        raise AssertionError(message)
    if not changed:
        message = f"nothing to replace for {error}\n{json.dumps(document, indent=1, default=str)}"
        raise AssertionError(message)


def _set(document: Document, path: Path, text: str) -> bool:
    """Put a plain expression at a place, in every version of it."""
    inside: Any = document
    for key in path[:-1]:
        inside = inside[key]
    if "versions" in inside:
        for version in inside["versions"]:
            version[path[-1]] = text
        return True
    changed = inside[path[-1]] != text
    inside[path[-1]] = text
    return bool(changed)


def law_of(made: Made, dice: Dice) -> Law:
    """Cut the law of some day from a policy, sometimes as known earlier."""
    on = dice.pick(("2022-02-15", "2020-02-29", "2021-03-01", "2023-12-31", "2024-02-29"))
    known = on if dice.chance(20) else None
    return am.in_force(made.policy, on=on, known=known)


def day_of(law: Law, dice: Dice) -> datetime.date:
    """Give a day on which the law holds: its own, its ends, or any."""
    first, until = law.valid
    last = datetime.date(2199, 12, 31) if until is None else until - datetime.timedelta(days=1)
    soon = min(last, first + datetime.timedelta(days=1500))
    free = datetime.date.fromordinal(dice.whole(first.toordinal(), soon.toordinal()))
    return dice.pick((law.on, free, first, last, free))


@st.composite
def policies(draw: Any, *, checks: bool = True, depth: int = 3) -> Made:
    """Give a random policy that loads."""
    return written(Drawn(draw), checks=checks, depth=depth)


def seeded(seed: int, *, checks: bool = True, depth: int = 3) -> tuple[Made, Law, Seeded]:
    """Give the policy, law and dice of a seed: the same in every process."""
    dice = Seeded(seed)
    made = written(dice, checks=checks, depth=depth)
    return made, law_of(made, dice), dice
