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
from support.expressions import Expressions, Scope

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy

PROOFS = frozenset({"overflow", "divisor", "outside-table", "outside-range", "not-whole", "date-range", "expression-length",
                    "expression-depth", "generator-size"})
MEMBERS = {
    "golongan": ["III/a", "III/b", "III/c", "IV/a", "IV/b"],
    "jenis": ["utama", "lain", "S-1"],
    "predikat": ["kurang", "cukup", "baik", "sangat baik"],
}
SOURCES = {"uu": {"title": "a law", "grade": "A"}}
FIRST, DAYS = datetime.date(2020, 1, 1), ("2021-03-01", "2022-01-01", "2023-07-01")
Document = dict[str, Any]
Path = tuple[str | int, ...]


@attrs.define
class Made:
    """A document that loads, its policy, and the kinds of things it was asked to hold."""

    document: Document
    policy: Policy

    def dump(self) -> str:
        """Show the document, to be read or loaded again."""
        return json.dumps(self.document, indent=1, ensure_ascii=False, default=str)


class Writer:
    """Writes one document; `plain` remembers what each expression may be replaced by."""

    def __init__(self, dice: Dice, *, checks: bool = True, depth: int = 3) -> None:
        self.dice, self.checks, self.depth = dice, checks, depth
        self.scope = Scope()
        self.types = {n: m[: dice.whole(2, len(m))] for n, m in MEMBERS.items()}
        self.e = Expressions(dice, self.types, ["golongan", "predikat"])
        self.plain: dict[Path, str] = {}
        self.document: Document = {
            "asnmerit": 1, "policy": "random/policy", "title": "random", "enacted": "2019-12-01",
            "effective": {"from": str(FIRST)}, "sources": SOURCES, "types": {}, "facts": {}, "checks": {},
            "indicators": {}, "scores": {}, "parameters": {}, "tables": {}, "derived": {}, "conditions": {},
            "decisions": {}, "rules": {},
        }

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

    def text(self, path: Path, spec: dict[str, Any], depth: int | None = None, scope: Scope | None = None) -> str:
        """Write an expression of a type at a place of the document."""
        self.plain[path] = self.e.atom(spec)
        return self.e.of(scope or self.scope, spec, self.depth if depth is None else depth)

    # --- what is given ---

    def _types(self) -> None:
        d, types = self.document["types"], self.types
        levels: list[Any] = [[types["golongan"][0], types["golongan"][1]], *types["golongan"][2:]]
        d["golongan"] = {"order": levels if self.dice.chance(60) else types["golongan"]}
        d["predikat"] = {"order": types["predikat"]}
        d["jenis"] = {"members": types["jenis"]}

    def _spec(self) -> dict[str, Any]:
        return dict(self.dice.pick((
            {"type": "bool"}, {"type": "bool"}, {"type": "integer", "from": "0", "to": "20"},
            {"type": "integer", "from": "-7", "to": "8", "step": "5"},
            {"type": "number", "from": "0", "to": "100", "step": "0.01"},
            {"type": "number", "from": "-2.5", "to": "2.5", "step": "0.125"},
            {"type": "number", "from": "0.1", "to": "0.7", "step": "0.3"},
            {"type": "percent", "from": "0%", "to": "100%", "step": "0.5%"},
            {"type": "rupiah", "from": "0", "to": "9000000"},
            {"type": "date", "from": "1990-02-28", "to": "2035-12-31"}, {"type": "date"},
            {"type": "golongan"}, {"type": "jenis"}, {"type": "predikat"},
        )))

    def _facts(self) -> None:
        for i in range(self.dice.whole(3, 6)):
            name, spec = f"f{i}", self._spec()
            self.e.enter(self.scope, spec, name)
            self.document["facts"][name] = spec
            if self.dice.chance(15):
                spec.update(assume=self._value(spec), source="uu 1")
        if self.dice.chance(60):
            spec, back = self._spec(), self.dice.whole(1, 3)
            self.document["facts"]["yr"] = {**spec, "per": "year", "back": back}
            self.scope.yearly["yr"] = (spec, back)
            for k in range(back):
                self.e.enter(self.scope, spec, f"yr[{k}]")
        if self.dice.chance(60):
            spec, enum = self._spec(), self.dice.pick(("jenis", "golongan"))
            self.document["facts"]["pm"] = {**spec, "per": enum}
            self.scope.families.append(("pm", enum, spec))
            self.e.enter(self.scope, spec, f"pm['{self.types[enum][0]}']")
        for name in ("rows", "lines"):
            if self.dice.chance(60 if name == "rows" else 25):
                fields = {f"c{i}": self._spec() for i in range(self.dice.whole(1, 3))}
                up_to = self.dice.whole(1, 3)
                self.document["facts"][name] = {"type": "list", "up_to": up_to, "of": fields}
                self.scope.lists[name], self.scope.sizes[name] = fields, up_to

    def _value(self, spec: dict[str, Any]) -> str:
        match spec["type"]:
            case "bool":
                return self.dice.pick(("yes", "no", "true", "false"))
            case "date":
                return self.dice.pick(("2020-02-29", "2000-01-31", "2024-12-31"))
            case "integer" | "number" | "rupiah" | "percent":
                return str(self.dice.pick((spec.get("from", "3"), spec.get("to", "12"))))
            case name:
                return self.dice.pick(self.types[name])

    def _parameters(self) -> None:
        p, scope = self.document["parameters"], self.scope
        for i in range(self.dice.whole(1, 4)):
            spec = self._spec()
            name = f"p{i}"
            p[name] = {"type": spec["type"], **self._versions(lambda s=spec: {"value": self._value(s)})}  # type: ignore[misc]
            if "step" in spec:
                p[name].update(spec)
            self.e.enter(scope, spec, name)
        if self.dice.chance(50):
            p["bulan"] = {"type": "months", **self._versions(
                lambda: {"value": [m for m in range(1, 13) if self.dice.chance(35)] or [4, 10]})}
            scope.months.append("bulan")
        if "yr" in self.document["facts"] and self.dice.chance(50):
            back = self.document["facts"]["yr"]["back"]
            p["batas"] = {"type": "integer", **self._versions(lambda: {"value": self.dice.whole(1, back)})}
            scope.limits.setdefault(back, []).append("batas")

    def _versions(self, payload: Any) -> dict[str, Any]:
        """Say one value, or dated ones: enacted before they hold, each from a later day."""
        if not self.dice.chance(30):
            return dict(payload())
        found = [{"from": str(FIRST), "enacted": "2019-12-01", **payload()}]
        for day in DAYS[: self.dice.whole(1, 3)]:
            enacted = datetime.date.fromisoformat(day) - datetime.timedelta(days=self.dice.pick((10, 30)))
            found.append({"from": day, "enacted": str(enacted), **payload()})
        return {"versions": found}

    def _tables(self) -> None:
        for i in range(self.dice.whole(0, 2)):
            keys = [self._key(k) for k in range(self.dice.whole(1, 2))]
            if all("match" in k for k in keys) and len(keys) > 1:
                keys = keys[:1]
            columns = {c: self._column() for c in (("satu", "dua") if self.dice.chance(30) else ("",))}
            name = f"tab{i}"
            entry: dict[str, Any] = {"by": {f"k{j}": {x: v for x, v in k.items() if x != "rows"} for j, k in enumerate(keys)}}
            entry["gives"] = columns[""] if "" in columns else columns
            entry.update(self._versions(lambda k=keys, c=columns: {"rows": self._rows(k, c, holes=True)}))  # type: ignore[misc]
            entry["otherwise"] = self._cell(columns)
            self.document["tables"][name] = entry
            self.scope.tables[name] = (keys, columns)

    def _key(self, at: int) -> dict[str, Any]:
        return dict(self.dice.pick((
            {"type": "golongan", "rows": self.types["golongan"]}, {"type": "jenis", "rows": self.types["jenis"]},
            {"type": "bool", "rows": ["yes", "no"]},
            {"type": "integer", "from": "-2", "to": "3", "rows": ["-2", "-1", "0", "1", "2", "3"]},
            *(({"type": "number", "from": "0", "to": "100", "match": "from", "rows": ["0", "12.5", "50", "99.99"]},
               {"type": "date", "from": "1990-01-01", "to": "2100-12-31", "match": "from",
                "rows": ["1990-01-01", "2010-02-28", "2024-02-29"]})[:1] if at == 0 else ()),
        )))

    def _column(self) -> dict[str, Any]:
        return dict(self.dice.pick((
            {"type": "number", "from": "-100", "to": "100", "step": "0.25"}, {"type": "integer", "from": "0", "to": "9"},
            {"type": "bool"}, {"type": "date"}, {"type": "predikat"}, {"type": "jenis"},
        )))

    def _cell(self, columns: dict[str, dict[str, Any]]) -> Any:
        cells = {c: self._value(s) for c, s in columns.items()}
        return cells[""] if "" in cells else list(cells.values())

    def _rows(self, keys: list[dict[str, Any]], columns: dict[str, dict[str, Any]], *, holes: bool) -> Any:
        first, *rest = keys
        chosen = [r for r in first["rows"] if not (holes and self.dice.chance(25))] or first["rows"][:1]
        return {r: self._rows(rest, columns, holes=False) if rest else self._cell(columns) for r in chosen}

    # --- indicators and scores ---

    def _indicators(self) -> None:
        if not self.dice.chance(40):
            return
        d, weights, guarded = self.document["indicators"], [], False
        for i in range(self.dice.whole(1, 2)):
            name = f"ind{i}"
            scale = dict(self.dice.pick(({"from": "0", "to": "100", "step": "0.5"}, {"from": "-1", "to": "4", "step": "0.25"})))
            entry: dict[str, Any] = {"scale": scale}
            if self.dice.chance(70):
                entry.update(self._raters())
            else:
                path = ("indicators", name, "is")
                entry["is"] = f"min(max({self.text(path, {'type': 'number'}, 2)}, {scale['from']}), {scale['to']})"
            if self.dice.chance(50):
                mode = self.dice.pick(("half_up", "half_even", "half_down", "down", "up", "floor", "ceiling"))
                entry["round"] = {"to": "0.5", "mode": mode}
            guard = self.dice.chance(40)
            if guard:
                entry["applies"] = self.text(("indicators", name, "applies"), {"type": "bool"}, 1)
                self.scope.bools.append(f"{name}.applies")
            d[name] = entry
            text = f"({name} if {name}.applies else 0)" if guard else name
            self.e.enter(self.scope, {"type": "number", "from": min(scale["from"], "0"), "to": scale["to"]}, text)
            weights.append(name)
            guarded = guarded or guard
        split = [{w: f"{100 // len(weights)}%" for w in weights}, {weights[-1]: "100%"}]
        score: dict[str, Any] = {"schemes": split[: self.dice.whole(1, 2)]}
        if guarded:
            score["otherwise"] = "0"
        if self.dice.chance(50):
            score["round"] = {"to": "0.01", "mode": "half_up"}
        self.document["scores"]["nilai"] = score
        self.e.enter(self.scope, {"type": "number", "from": "-1", "to": "100"}, "nilai")

    def _raters(self) -> dict[str, Any]:
        kinds = [("atasan", "rekan"), ("atasan",)][self.dice.whole(0, 1)]
        raters: dict[str, Any] = {}
        for kind in kinds:
            up_to = self.dice.whole(1, 4)
            raters[kind] = {"up_to": up_to, "combine": self.dice.pick(("mean", "median"))}
            if self.dice.chance(40):
                raters[kind]["at_least"] = self.dice.whole(1, up_to)
            if self.dice.chance(40):
                raters[kind]["required"] = "yes"
        schemes = [{"atasan": "60%", "rekan": "40%"}, {"atasan": "100%"}] if len(kinds) > 1 else [{"atasan": "100%"}]
        entry: dict[str, Any] = {"raters": raters, "schemes": schemes}
        if "required" not in raters["atasan"]:
            entry["otherwise"] = "0"
        return entry

    # --- what is computed ---

    def _derived(self, prefix: str, count: int) -> None:
        for i in range(count):
            name, spec = f"{prefix}{i}", self._kind()
            entry: dict[str, Any] = {}
            path: Path = ("derived", name, "is")
            scope, entered = self.scope, False
            if self.scope.lists and self.dice.chance(20):
                rows = self.dice.pick(list(self.scope.lists))
                entry["for"], scope = {"k": rows}, self.scope.inside()
                for field, of in self.scope.lists[rows].items():
                    self.e.enter(scope, of, f"k.{field}")
                for step, of in self.scope.rowwise.get(rows, ()):
                    self.e.enter(scope, of, f"{step}[k]")
                entered = True
            elif self.dice.chance(12):
                enum = self.dice.pick(list(self.types))
                entry["for"], scope = {"k": f"types.{enum}"}, self.scope.inside()
                scope.members.setdefault(enum, []).append("k")
                entered = True
            if spec["type"] not in {"bool", "number", "date"}:
                entry["type"] = spec["type"]
            if not entered and self.dice.chance(15):
                entry.update(self._versions(lambda s=spec, p=path: {"is": self.text((*p[:2], "is"), s)}))  # type: ignore[misc]
            else:
                entry["is"] = self.text(path, spec, self.depth, scope)
            if self.checks and not entered and "versions" not in entry and spec["type"] == "number" and self.dice.chance(15):
                entry["range"] = ["-50", "1000"]
                spec = {**spec, "from": "-50", "to": "1000"}
            self.document["derived"][name] = entry
            if "for" not in entry:
                self.e.enter(self.scope, spec, name)
            elif entry["for"]["k"].startswith("types."):
                self.scope.families.append((name, entry["for"]["k"][6:], spec))
            else:
                self.scope.rowwise.setdefault(entry["for"]["k"], []).append((name, spec))

    def _kind(self) -> dict[str, Any]:
        return dict(self.dice.pick((
            {"type": "number"}, {"type": "number"}, {"type": "bool"}, {"type": "bool"}, {"type": "date"}, {"type": "rupiah"},
            {"type": "golongan"}, {"type": "jenis"}, {"type": "predikat"},
        )))

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
        entry: dict[str, Any] = {"outcome": fields, "hit": hit, "kind": self.dice.pick(("benefit", "burden", "finding"))}
        if hit == "first":
            entry["order"] = list(reversed(rules)) if self.dice.chance(50) else rules
        if hit == "collect":
            entry["total"] = {"jumlah": "sum"}
        elif self.dice.chance(60):
            entry["otherwise"] = {f: self.text(("decisions", name, "otherwise", f), s, 1) for f, s in fields.items()}
        if self.dice.chance(30):
            entry["applies"] = self.condition(("decisions", name, "applies"), 1)
        for part in ("requires", "unless"):
            if self.dice.chance(20):
                entry[part] = {"umum": self.condition(("decisions", name, part, "umum"), 1)}
        self.document["decisions"][name] = entry
        for rule in rules:
            self._rule(rule, name, fields)
        single = len(rules) == 1 and not any("for" in self.document["rules"][r] for r in rules)
        if hit in {"first", "collect"} or single:
            self.scope.bools.append(f"{name}.granted")
            for field in entry.get("total", entry.get("otherwise", {})):
                self.e.enter(self.scope, fields[field], f"{name}.{field}")

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
                if at == place or at.startswith(f"{place}.") or place.startswith((f"{at}.", f"{at}[")) or (
                        path[-1] == "is" and place.startswith(at[:-3])):
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


@st.composite
def policies(draw: Any, *, checks: bool = True, depth: int = 3) -> Made:
    """Give a random policy that loads."""
    return written(Drawn(draw), checks=checks, depth=depth)


def seeded(seed: int, *, checks: bool = True, depth: int = 3) -> tuple[Made, Law, Seeded]:
    """Give the policy, law and dice of a seed: the same in every process."""
    dice = Seeded(seed)
    made = written(dice, checks=checks, depth=depth)
    return made, law_of(made, dice), dice
