"""Comparing two laws a second way: every person decided one by one, and small policies near to one another.

The other way is `asnmerit.comparison`, over columns; nothing of it is used here.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pyarrow as pa

import asnmerit as am
from asnmerit.rules.types import Bool, Enum, Number
from support.dice import Seeded

SETTLED = {"granted", "refused"}


def decided(law, record, day):
    """The decision of a record as far as the law knows its facts, or None for a record in error."""
    try:
        return am.decide(law, {k: v for k, v in record.items() if k in law.declared}, day)
    except am.RecordError:
        return None


def named(result):
    key = result.node.key.removeprefix("rules.")
    return f"unless.{key}" if result.part == "unless" and ".unless." not in result.node.key else key


# --- how one person fares ---


def fields_of(law, name):
    node = law.decisions[name]
    names = node.totals if node.hit == "collect" else node.fields
    return {f: law.steps[law.index[f"{name}.{f}"]].type for f in names if f"{name}.{f}" in law.index}


def way_of(law, name, field, of):
    node = law.decisions[name]
    if field in node.better:
        return 1 if node.better[field] == "higher" else -1
    return {"benefit": 1, "burden": -1}.get(node.kind, 0) if is_money(of) else 0


def is_money(of):
    return isinstance(of, Number) and of.unit == "rupiah"


def statuses(laws, name, pair):
    """The statuses; who is refused, and is given by `otherwise` what is not known, is not settled."""
    types = [fields_of(law, name) for law in laws]
    shared = [f for f in types[0].keys() & types[1].keys() if type(types[0][f]) is type(types[1][f])]
    return [
        "undetermined"
        if o.status == "refused" and any(f in o.node.otherwise and o.outcome[f] is None for f in shared)
        else o.status
        for o in pair
    ]


def fields_moved(laws, name, a, b):
    """What each shared field is before and after, and of those that moved the sign; 0 where it has none."""
    money, signs, moved = {}, set(), False
    types = [fields_of(law, name) for law in laws]
    for field in types[0].keys() & types[1].keys():
        two = types[0][field], types[1][field]
        if type(two[0]) is not type(two[1]):
            continue
        x, y = ((o.outcome or {}).get(field) for o in (a, b))
        if is_money(two[0]) and is_money(two[1]):
            x, y = (Fraction(v or 0) if o.status in SETTLED else 0 for v, o in ((x, a), (y, b)))
            money[field] = (x, y)
        if x != y:
            moved = True
            ways = {way_of(law, name, field, of) for law, of in zip(laws, two, strict=True)}
            signs.add((ways.pop() if len(ways) == 1 else 0) * direction(two, x, y))
    return money, signs - {0}, moved


def direction(types, x, y):
    """1 where y is more than x, -1 where it is less, 0 where they cannot be told."""
    if x is None or y is None:
        return 0
    if isinstance(types[0], Enum):
        of = types[0]
        if types[0] != types[1] or not of.ordered:
            return 0
        x, y = (of.levels[of.members.index(v)] for v in (x, y))
    return (y > x) - (y < x)


def things_of(law, outcome):
    """What a collecting decision grants beside totals, as it is told."""
    node = outcome.node
    plain = [f for f in node.fields if f not in node.totals]
    found = set()
    for rule in node.rules:
        if rule.name in outcome.rules and plain:
            said = [_said(law, node.fields[f], rule.grants[f]) for f in plain if f in rule.grants]
            found.add(", ".join(said) if said and None not in said else rule.name)
    return found


def _said(law, of, key):
    code = law.steps[law.index[key]].code
    if type(code).__name__ != "Literal":
        return None
    if isinstance(of, Enum):
        return of.members[code.value]
    return ("false", "true")[code.value] if isinstance(of, Bool) else None


def fared(laws, name, pair):
    """How one person fared: the change, money before and after, and whether the answer is another one."""
    if None in pair:
        return "error", {}, (pair[0] is None) is not (pair[1] is None)
    a, b = (d[name] for d in pair)
    money, signs, moved = fields_moved(laws, name, a, b)
    now = statuses(laws, name, (a, b))
    for status in ("undetermined", "conflict"):
        if status in now:
            return status, {}, now[0] != now[1]
    way = {"benefit": 1, "burden": -1}.get(a.kind, 0) if a.kind == b.kind else 0
    collects = a.node.hit == b.node.hit == "collect"
    before, after = (things_of(law, o) if collects else set() for law, o in zip(laws, (a, b), strict=True))
    if a.status != b.status:
        sign = way if b.status == "granted" else -way
    elif moved:
        sign = signs.pop() if len(signs) == 1 else 0
    elif before != after:
        sign = way * ((before < after) - (after < before))
    else:
        return "unchanged", money, False
    return {1: "winner", -1: "loser", 0: "otherwise"}[sign], money, True


# --- what made the difference ---


def granting(outcome):
    """The rules that granted: all that hold where they add up, else the one."""
    return set(outcome.rules) if outcome.node.hit == "collect" else {outcome.rule} - {None}


def turned(laws, pair, name):
    """The conditions not met where a rule no longer grants, or did not yet; None where that says nothing."""
    if None in pair:
        return None
    a, b = (d[name] for d in pair)
    if not set(statuses(laws, name, (a, b))) <= SETTLED:
        return None
    found = set()
    for rules, other in ((granting(a) - granting(b), b), (granting(b) - granting(a), a)):
        for rule in rules:
            failing = {named(r) for r in other.conditions.get(rule, ()) if r.holds is False}
            found |= failing if rule in other.conditions else {rule}
    return found or None


# --- a comparison held against that ---


def checked(laws, name, records, found):
    """Hold counts, amounts, rows and reasons of a comparison against one by one; give what was seen."""
    fates, money, changed, why = Counter(), {}, {}, {}
    for i, record in enumerate(records):
        pair = [decided(law, record, law.on) for law in laws]
        how, paid, differs = fared(laws, name, pair)
        fates[how] += 1
        for field, both in paid.items():
            money[field] = [a + b for a, b in zip(money.get(field, (0, 0)), both, strict=True)]
        if differs:
            changed[i] = how
            why[i] = turned(laws, pair, name)
    counts = found[name].all
    names = {"winner": "winners", "loser": "losers"}
    seen = {c: getattr(counts, names.get(c, c)) for c in (*names, "otherwise", "unchanged")}
    seen |= {c: getattr(counts, c) for c in ("undetermined", "conflict", "error")}
    assert {k: v for k, v in seen.items() if v} == dict(fates)
    for field, both in money.items():
        assert [counts.amounts[field].before, counts.amounts[field].after] == both
    rows = found[name].changed.to_pylist()
    assert {row["row"]: row["change"] for row in rows} == changed
    for row in rows:
        if why[row["row"]]:
            assert {c for c in row["conditions"] if ".grants." not in c} == why[row["row"]], row
    grants = sum(".grants." in c for row in rows for c in row["conditions"])
    return fates + Counter(why=sum(map(bool, why.values())), grants=grants)


# --- small policies near to one another, so that people change ---

HEAD = {
    "asnmerit": 1,
    "policy": "test/near",
    "title": "Near",
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01",
    "parameters": {"base": {"type": "rupiah", "value": 70}},
    "types": {"level": {"order": ["low", "middle", "high"]}, "form": {"members": ["pay", "praise"]}},
    "facts": {
        "active": {"type": "bool"},
        "score": {"type": "integer", "from": 0, "to": 9},
        "years": {"type": "integer", "from": 0, "to": 9},
        "level": {"type": "level"},
    },
}
FIELDS = {
    "amount": {"type": "rupiah"},
    "cut": {"type": "rupiah", "better": "lower"},
    "rung": {"type": "level", "better": "higher"},
    "form": {"type": "form"},
    "mark": {"type": "bool"},
    "share": {"type": "number", "better": "higher"},
}


def near(dice, kind, hit, fields, *, trimmed=False):
    """A policy with one decision; two of one kind, hit and fields are near to one another."""
    grants = {
        "amount": lambda: dice.pick(("100", "250", "base * score")),
        "cut": lambda: dice.pick(("10", "20")),
        "rung": lambda: dice.pick(("low", "high", "level")),
        "form": lambda: dice.pick(("pay", "praise")),
        "mark": lambda: dice.pick(("true", "active")),
        "share": lambda: dice.pick(("1", "score / 7")),
    }
    conditions = {
        "enough": lambda: f"score >= {dice.whole(2, 6)}",
        "long": lambda: f"years >= {dice.whole(1, 5)}",
        "active": lambda: "active",
    }
    names = [f"r{i}" for i in range(dice.whole(1, 3))]
    rules = {}
    for name in names:
        requires = {c: make() for c, make in conditions.items() if dice.chance(60)}
        rules[name] = {
            "decides": "d",
            "requires": requires or {"active": "active"},
            "grants": {f: grants[f]() for f in fields},
            **({"unless": {"top": "level == high"}} if dice.chance(30) else {}),
        }
    decision = {"kind": kind, "hit": hit, "outcome": {f: FIELDS[f] for f in fields}}
    if hit == "first":
        decision["order"] = names
    if hit == "collect":
        decision["total"] = {f: "sum" for f in fields if f in {"amount", "cut", "share"}}
    elif dice.chance(30):
        decision["otherwise"] = {f: grants[f]() for f in fields}
    facts = HEAD["facts"]
    if trimmed:
        text = str((decision, rules))
        facts = {n: of for n, of in facts.items() if n in text}
    return am.load({**HEAD, "facts": facts, "decisions": {"d": decision}, "rules": rules})


def crowd(dice, count):
    """Records of people, some unknown, some faulty."""
    found = []
    for _ in range(count):
        record = {
            "active": dice.chance(80),
            "score": dice.whole(0, 9),
            "years": dice.whole(0, 9),
            "level": dice.pick(("low", "middle", "high")),
        }
        if dice.chance(10):
            record[dice.pick(tuple(record))] = None
        if dice.chance(4):
            record["score"] = 10
        found.append(record)
    return found


def near_pair(seed, *, trimmed=False):
    """Two laws near to one another, and a crowd; `trimmed`: each declares the facts alone that it reads."""
    dice = Seeded(seed)
    kind = dice.pick(("benefit", "benefit", "burden", "finding"))
    hit = dice.pick(("unique", "first", "collect", "any"))
    fields = [f for f in FIELDS if dice.chance(50)] or ["amount"]
    if hit == "collect" and not {"amount", "cut", "share"} & set(fields):
        fields.append("amount")
    laws = [am.in_force(near(dice, kind, hit, fields, trimmed=trimmed), on="2024-01-01") for _ in range(2)]
    return laws, crowd(dice, 60), dice


def table_of(records):
    names = list(HEAD["facts"])
    types = [pa.bool_(), pa.int64(), pa.int64(), pa.string()]
    return pa.table({n: pa.array([r[n] for r in records], t) for n, t in zip(names, types, strict=True)})
