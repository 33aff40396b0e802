"""The given part of a random policy: types, facts, parameters, tables, indicators and scores."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from support.expressions import Expressions
from support.numbers import Scope

if TYPE_CHECKING:
    from support.dice import Dice

MEMBERS = {
    "golongan": ["III/a", "III/b", "III/c", "IV/a", "IV/b"],
    "jenis": ["utama", "lain", "S-1"],
    "predikat": ["kurang", "cukup", "baik", "sangat baik"],
}
SOURCES = {"uu": {"title": "a law", "grade": "A"}}
FIRST, DAYS = datetime.date(2020, 1, 1), ("2021-03-01", "2022-01-01", "2023-07-01")
Document = dict[str, Any]
Path = tuple[str | int, ...]

NUMBER_BAND = {"type": "number", "from": "0", "to": "100", "match": "from", "rows": ["0", "12.5", "50", "99.99"]}
DATE_BAND = {
    "type": "date",
    "from": "1900-01-01",
    "to": "2199-12-31",
    "match": "from",
    "rows": ["1900-01-01", "2010-02-28", "2024-02-29"],
}


class Given:
    """Writes what a document takes as given; `plain` remembers what each expression may be replaced by."""

    def __init__(self, dice: Dice, *, checks: bool = True, depth: int = 3) -> None:
        self.dice, self.checks, self.depth = dice, checks, depth
        self.scope = Scope()
        self.types = {n: m[: dice.whole(2, len(m))] for n, m in MEMBERS.items()}
        self.e = Expressions(dice, self.types, ["golongan", "predikat"])
        self.plain: dict[Path, str] = {}
        self.document: Document = {
            "asnmerit": 1,
            "policy": "random/policy",
            "title": "random",
            "enacted": "2019-12-01",
            "effective": {"from": str(FIRST)},
            "sources": SOURCES,
            "types": {},
            "facts": {},
            "checks": {},
            "indicators": {},
            "scores": {},
            "parameters": {},
            "tables": {},
            "derived": {},
            "conditions": {},
            "decisions": {},
            "rules": {},
        }

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
        return dict(
            self.dice.pick(
                (
                    {"type": "bool"},
                    {"type": "bool"},
                    {"type": "integer", "from": "0", "to": "20"},
                    {"type": "integer", "from": "-7", "to": "8", "step": "5"},
                    {"type": "number", "from": "0", "to": "100", "step": "0.01"},
                    {"type": "number", "from": "-2.5", "to": "2.5", "step": "0.125"},
                    {"type": "number", "from": "0.1", "to": "0.7", "step": "0.3"},
                    {"type": "percent", "from": "0%", "to": "100%", "step": "0.5%"},
                    {"type": "rupiah", "from": "0", "to": "9000000"},
                    {"type": "date", "from": "1990-02-28", "to": "2035-12-31"},
                    {"type": "date"},
                    {"type": "golongan"},
                    {"type": "jenis"},
                    {"type": "predikat"},
                )
            )
        )

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
                if self.dice.chance(15):
                    self.document["facts"][name].update(presume=[], source="uu 3")
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
            p["bulan"] = {
                "type": "months",
                **self._versions(lambda: {"value": [m for m in range(1, 13) if self.dice.chance(35)] or [4, 10]}),
            }
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
            entry: dict[str, Any] = {
                "by": {f"k{j}": {x: v for x, v in k.items() if x != "rows"} for j, k in enumerate(keys)}
            }
            entry["gives"] = columns.get("", columns)
            entry.update(self._versions(lambda k=keys, c=columns: self._cells(k, c)))  # type: ignore[misc]
            entry["otherwise"] = self._cell(columns)
            self.document["tables"][name] = entry
            self.scope.tables[name] = (keys, columns)

    def _cells(self, keys: list[dict[str, Any]], columns: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Say rows; by one integer key and in one column sometimes as a series."""
        if len(keys) == 1 and keys[0]["type"] == "integer" and "" in columns and self.dice.chance(50):
            values = [self._cell(columns) for _ in range(self.dice.whole(1, 3))]
            return {"series": {"start": "-2", "step": self.dice.pick(("1", "2")), "values": values}}
        return {"rows": self._rows(keys, columns, holes=True)}

    def _key(self, at: int) -> dict[str, Any]:
        return dict(
            self.dice.pick(
                (
                    {"type": "golongan", "rows": self.types["golongan"]},
                    {"type": "jenis", "rows": self.types["jenis"]},
                    {"type": "bool", "rows": ["yes", "no"]},
                    {"type": "integer", "from": "-2", "to": "3", "rows": ["-2", "-1", "0", "1", "2", "3"]},
                    *((NUMBER_BAND, DATE_BAND) if at == 0 else ()),
                )
            )
        )

    def _column(self) -> dict[str, Any]:
        return dict(
            self.dice.pick(
                (
                    {"type": "number", "from": "-100", "to": "100", "step": "0.25"},
                    {"type": "integer", "from": "0", "to": "9"},
                    {"type": "bool"},
                    {"type": "date"},
                    {"type": "predikat"},
                    {"type": "jenis"},
                )
            )
        )

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
            scale = dict(
                self.dice.pick(({"from": "0", "to": "100", "step": "0.5"}, {"from": "-1", "to": "4", "step": "0.25"}))
            )
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
                self.scope.guarded.append(name)
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
