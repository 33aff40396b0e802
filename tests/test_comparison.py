"""Two laws compared: counted as if each person were decided one by one, whatever the order, frame or batches."""

import datetime
import json
import weakref
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pyarrow as pa
import pytest

import asnmerit as am
from asnmerit.comparison.attributing import TooManyChangesError, attribute
from asnmerit.comparison.comparing import compare, shared
from asnmerit.errors import ArgumentError, FrameError, PolicyError, UnknownDecisionError
from support import people, tables
from support.dice import Seeded
from support.fates import HEAD, checked, crowd, decided, fared, near_pair, table_of
from support.policies import seeded

SEEDS = range(40)


def drawn(seed, days):
    """A random policy, its laws of some days, and a table of random people."""
    made, law, dice = seeded(seed)
    laws = [am.in_force(made.policy, on=day) for day in days]
    persons = [people.person(dice, law, laws[0].on, (0, 0, 0, 25)[i % 4]) for i in range(40)]
    return laws, tables.table_of(dice, law, laws[0].on, persons, 3, nan=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_agree_with_deciding_one_by_one(seed):
    laws, made = drawn(seed, ("2020-02-29", "2024-02-29"))
    try:
        found = compare(*laws, made.table(), batch_rows=17)
    except FrameError:
        pytest.skip("a column that Arrow gives another type than the fact")
    for name in found:
        checked(laws, name, made.records, found)


def test_laws_that_declare_different_facts_agree_with_deciding_one_by_one():
    different = 0
    for seed in range(200, 230):
        laws, records, _ = near_pair(seed, trimmed=True)
        read = set(laws[0].declared) | set(laws[1].declared)
        table = table_of(records)
        table = table.select([n for n in table.column_names if n in read])
        checked(laws, "d", records, compare(*laws, table))
        different += set(laws[0].declared) != set(laws[1].declared)
    assert different >= 10


@pytest.mark.parametrize("block", range(10))
def test_near_policies_agree_with_deciding_one_by_one(block):
    """A block of them, so that every way to fare is met: a comparison that finds nothing agrees with nothing."""
    seen = Counter()
    for seed in range(15 * block, 15 * block + 15):
        laws, records, _ = near_pair(seed)
        seen += checked(laws, "d", records, compare(*laws, table_of(records), batch_rows=23))
    assert {"winner", "loser", "otherwise", "unchanged", "undetermined", "error", "why", "grants"} <= set(seen), seen


def days_of(policy):
    """Two days on which a bundled policy holds."""
    found = []
    for day in ("2020-04-01", "2022-04-01", "2024-04-01", "2025-04-01", "2026-04-01"):
        try:
            found.append(am.in_force(policy, on=day))
        except (am.NotInForceError, PolicyError):
            continue
    return found[:1] + found[-1:]


@pytest.mark.parametrize("name", [n for n in am.policies() if am.load(n).own_decisions])
def test_bundled_policies_agree_with_deciding_one_by_one(name):
    laws = days_of(am.load(name))
    if len(laws) < 2:
        pytest.skip("it holds on no day, or needs a child")
    dice = Seeded(7)
    persons = [people.person(dice, laws[1], laws[1].on, (0, 0, 5)[i % 3]) for i in range(25)]
    made = tables.table_of(dice, laws[1], laws[1].on, persons, nan=False)
    if not set(laws[0].decisions) & set(laws[1].decisions):
        return
    found = compare(*laws, made.table())
    for decision in found:
        checked(laws, decision, made.records, found)
    assert found.to_text("id") and found.to_text("en") and found.to_json() and found._repr_html_()


# --- what is counted is exact, and depends on no order ---


def plain_law(amount=100, threshold=5, kind="benefit", hit="collect", **more):
    """A law that pays whoever scores enough; `more` goes into the document."""
    decision = {"kind": kind, "hit": hit, "outcome": {"amount": {"type": "rupiah"}}}
    if hit == "collect":
        decision["total"] = {"amount": "sum"}
    rule = {"decides": "d", "requires": {"enough": f"score >= {threshold}"}, "grants": {"amount": str(amount)}}
    return am.in_force(am.load({**HEAD, "decisions": {"d": decision}, "rules": {"r": rule}, **more}), on="2024-01-01")


SCORES = [9, 7, 6, 5, 3, None]


def scored(scores=SCORES, **columns):
    return pa.table({"score": pa.array(scores, pa.int64()), **columns})


@pytest.mark.parametrize("seed", range(12))
def test_a_permutation_and_the_size_of_batches_change_nothing(seed):
    laws, records, dice = near_pair(seed)
    units = [dice.pick(("a", "b", None)) for _ in records]
    whole = table_of(records).append_column("unit", pa.array(units))
    places = list(range(len(records)))
    dice.random.shuffle(places)
    once = compare(*laws, whole, by="unit")
    again = compare(*laws, whole.take(pa.array(places)), by="unit", batch_rows=7, threads=3)
    assert once.to_json() == again.to_json()
    assert once.to_text("id") == again.to_text("id") and once.to_text("en") == again.to_text("en")
    for what in ("groups", "flow", "outcomes", "conditions"):
        assert once.table(what).equals(again.table(what))
    for unit, counts in once["d"].groups.items():
        own = [i for i, value in enumerate(whole["unit"].to_pylist()) if value == unit]
        assert compare(*laws, whole.take(pa.array(own)), ignore="unit")["d"].all == counts
    back = {places[row.pop("row")]: row for row in again["d"].changed.to_pylist()}
    assert back == {row.pop("row"): row for row in once["d"].changed.to_pylist()}


def test_amounts_are_gained_and_lost_in_exact_rupiah():
    found = compare(plain_law(100, 5), plain_law(70, 6), scored())["d"]
    assert (found.all.winners, found.all.losers, found.all.unchanged, found.all.undetermined) == (0, 4, 1, 1)
    amounts = found.all.amounts["amount"]
    assert (amounts.before, amounts.after, amounts.gained, amounts.lost, amounts.change) == (400, 210, 0, 190, -190)
    assert all(type(v) is int for v in (amounts.before, amounts.after, amounts.gained, amounts.lost))
    assert [(t.condition, t.people, t.losers, t.alone) for t in found.conditions] == [
        ("r.grants.amount", 3, 3, 3),
        ("r.requires.enough", 1, 1, 1),
    ]


def test_of_a_burden_less_is_winning_and_of_a_finding_nobody_wins():
    burden = compare(plain_law(100, 5, "burden"), plain_law(70, 6, "burden"), scored())["d"]
    assert (burden.all.winners, burden.all.losers) == (4, 0)
    assert (burden.all.amounts["amount"].gained, burden.all.amounts["amount"].lost) == (190, 0)
    assert "a burden" in compare(plain_law(kind="burden"), plain_law(5, kind="burden"), scored()).to_text("en")
    finding = compare(plain_law(100, 5, "finding"), plain_law(70, 6, "finding"), scored())["d"]
    assert (finding.all.winners, finding.all.losers, finding.all.otherwise) == (0, 0, 4)


def test_totals_beyond_64_bits_stay_exact():
    huge = 4 * 10**18
    found = compare(plain_law(huge), plain_law(huge + 1), scored([9] * 5 + [1]), batch_rows=2)["d"]
    amounts = found.all.amounts["amount"]
    assert (amounts.before, amounts.after, amounts.gained) == (5 * huge, 5 * huge + 5, 5)
    assert found.table("groups")["amount_before"].to_pylist() == [5 * huge]
    assert pa.types.is_decimal(found.table("groups")["amount_before"].type)
    assert json.loads(compare(plain_law(huge), plain_law(1), scored([9] * 5)).to_json())["decisions"]["d"]["all"]


def test_money_of_those_settled_on_one_side_only_is_told_apart():
    lawyer = {"requires": {"enough": "score >= 5", "active": "active"}}
    rule = {"decides": "d", "grants": {"amount": "100"}, **lawyer}
    found = compare(plain_law(), plain_law(rules={"r": rule}), scored([9, 9], active=[True, None]))["d"]
    amounts = found.all.amounts["amount"]
    assert (amounts.before, amounts.after, amounts.only_before, amounts.only_after) == (100, 100, 100, 0)
    assert (found.all.undetermined, found.all.unchanged) == (1, 1)


# --- groups ---


def test_groups_add_up_to_everyone_and_nulls_are_a_group_of_their_own():
    units = ["a", "a", None, "b", "b", "c"]
    found = compare(plain_law(100, 5), plain_law(70, 6), scored(unit=pa.array(units)), by="unit")["d"]
    assert list(found.groups) == ["a", "b", "c", None]
    for name in ("people", "winners", "losers", "otherwise", "unchanged", "undetermined", "error"):
        assert sum(getattr(c, name) for c in found.groups.values()) == getattr(found.all, name)
    for name in ("before", "after", "gained", "lost"):
        money = [getattr(c.amounts["amount"], name) for c in found.groups.values()]
        assert sum(money) == getattr(found.all.amounts["amount"], name)
    assert found.groups["c"].people == 1 and found.groups["c"].undetermined == 1
    assert found.groups[None].amounts["amount"].lost == 30
    assert found.table("groups").column_names[:2] == ["unit", "people"]
    assert "(tidak diisi)" in compare(plain_law(), plain_law(7), scored(unit=pa.array(units)), by="unit").to_text()


def test_several_columns_and_facts_can_be_grouped_by():
    table = scored(unit=["a", "b"] * 3, level=["low", "low", "high"] * 2)
    found = compare(plain_law(100, 5), plain_law(70, 6), table, by=["unit", "level"])["d"]
    assert list(found.groups) == [("a", "high"), ("a", "low"), ("b", "high"), ("b", "low")]
    assert found.table("groups").column_names[:2] == ["unit", "level"]
    assert found.changed.column_names[:4] == ["row", "unit", "level", "change"]


def test_a_group_column_may_bear_any_name():
    names = ("change", "row", "conditions", "people", "winners", "amount_before")
    table = scored(**{name: ["x"] * 6 for name in names})
    found = compare(plain_law(100, 5), plain_law(70, 6), table, by=names)["d"]
    rows = found.changed.to_pylist()
    assert all(row[f"by.{n}"] == "x" for row in rows for n in ("change", "row", "conditions", "amount_before"))
    assert rows[0]["people"] == "x" and rows[0]["change"] == "loser" and rows[0]["amount_before"] == 100
    groups = found.table("groups").to_pylist()[0]
    assert groups["people"] == "x" and groups["count.people"] == 6 and groups["count.amount_before"] == 400


def test_a_column_of_values_of_several_types_makes_no_groups():
    import pandas as pd

    units = pd.Series([True, 1, "1", None, float("nan")], dtype=object)
    with pytest.raises(FrameError, match="one type"):
        compare(plain_law(), plain_law(7), pd.DataFrame({"score": [9] * 5, "unit": units}), by="unit")
    plain = pd.DataFrame({"score": [9] * 3, "unit": pd.Series(["a", None, float("nan")], dtype=object)})
    assert {k: c.people for k, c in compare(plain_law(), plain_law(7), plain, by="unit")["d"].groups.items()} == {
        "a": 1,
        None: 2,
    }


def test_a_group_column_must_be_there_and_hold_plain_values():
    with pytest.raises(FrameError) as error:
        compare(plain_law(), plain_law(7), scored(unit=["a"] * 6, odd=["x"] * 6), by=["unti", "unit"])
    assert {(f.code, f.fact) for f in error.value.faults} == {("not-there", "unti"), ("unknown-fact", "odd")}
    assert "did you mean unit?" in str(error.value)
    with pytest.raises(FrameError) as error:
        compare(plain_law(), plain_law(7), scored(unit=[[1]] * 6), by="unit")
    assert error.value.faults[0].code == "wrong-type"
    for by in ([], 3, ["a", "a"]):
        with pytest.raises(ArgumentError):
            compare(plain_law(), plain_law(7), scored(), by=by)


def test_groups_stand_in_the_order_of_their_values_however_they_are_stored():
    days = [datetime.date(2020, 1, d) for d in (9, 10, 9, 10, 9, 10)]
    numbers = pa.array([Decimal(9), Decimal("10.5")] * 3)
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 6], pa.int32()), pa.array(["b", "a"]))
    laws = plain_law(100, 5), plain_law(70, 6)
    for column, names in ((pa.array(days), days[:2]), (numbers, [Decimal(9), Decimal("10.5")]), (runs, ["a", "b"])):
        found = compare(*laws, scored().append_column("unit", column), by="unit")["d"]
        assert list(found.groups) == names
        assert sum(c.losers for c in found.groups.values()) == found.all.losers > 0


# --- what must be said ---


def test_a_comparison_in_which_nothing_changes_says_so_loudly():
    found = compare(plain_law(), plain_law(), scored())
    assert found.nothing_changes and found.same_meaning
    assert "NOTHING CHANGES" in found.to_text("en") and "TIDAK ADA YANG BERUBAH" in found.to_text("id")
    assert "NOTHING CHANGES" in repr(found) and "NOTHING CHANGES" in found._repr_html_()
    assert found.to_dict()["nothing_changes"] is True
    other = compare(plain_law(100, 5), plain_law(100, 6), scored([9, 8]))
    assert other.nothing_changes and not other.same_meaning
    assert other["d"].changed.num_rows == 0 and "amount_before" in other["d"].changed.column_names


def test_an_empty_frame_and_one_of_errors_alone_are_told():
    empty = compare(plain_law(), plain_law(7), scored([]), by="score")
    assert empty.people == 0 and empty["d"].groups == {} and empty["d"].all.people == 0
    assert "No people" in empty.to_text("en") and len(empty.table("groups")) == 0
    assert compare(plain_law(), plain_law(7), pa.table({"score": pa.array([], pa.int64())})).people == 0
    wrong = compare(plain_law(), plain_law(7), scored([10, 11, 99]))
    assert wrong["d"].all.error == 3 and wrong["d"].all.amounts["amount"].before == 0
    assert wrong.faults == ({("out-of-range", "score"): 3},) * 2
    text = wrong.to_text("en")
    assert "3 in error" in text and "out-of-range in score: 3" in text
    assert "not one decision is settled" in text


def test_a_frame_without_columns_of_facts_has_people_too():
    assert compare(plain_law(), plain_law(7), pa.table({"x": [1, 2]}), ignore="x")["d"].all.undetermined == 2


def test_what_exists_on_one_side_only_is_said():
    more = {"decides": "e", "requires": {"active": "active"}, "grants": {}}
    rules = {"r": {"decides": "d", "requires": {"enough": "score >= 5"}, "grants": {"amount": "100"}}, "e": more}
    decisions = {"d": {"hit": "collect", "outcome": {"amount": {"type": "rupiah"}}, "total": {"amount": "sum"}},
                 "e": {"outcome": {}}}  # fmt: skip
    law = plain_law(rules=rules, decisions=decisions)
    found = compare(law, plain_law(), scored())
    assert list(found) == ["d"] and [(n.code, n.decision) for n in found.notes] == [("only-before", "e")]
    assert "exists only before" in found.to_text("en") and "hanya ada sebelum" in found.to_text("id")
    with pytest.raises(ArgumentError, match="does not"):
        compare(law, plain_law(), scored(), decision="e")
    with pytest.raises(UnknownDecisionError):
        compare(law, plain_law(), scored(), decision="nothing")
    with pytest.raises(UnknownDecisionError):
        found["e"]
    alone = {"decisions": {"e": {"outcome": {}}}, "rules": {"e": more}}
    with pytest.raises(ArgumentError, match="in common"):
        compare(plain_law(), plain_law(**alone), scored())


def test_kinds_and_fields_that_differ_are_said_and_not_compared():
    found = compare(plain_law(kind="benefit"), plain_law(50, kind="burden"), scored())
    assert {n.code for n in found.notes} == {"kinds"} and found["d"].all.otherwise == 4
    rule = {"decides": "d", "requires": {"enough": "score >= 5"}, "grants": {"sum": "100"}}
    decision = {"hit": "collect", "outcome": {"sum": {"type": "rupiah"}}, "total": {"sum": "sum"}}
    found = compare(plain_law(), plain_law(rules={"r": rule}, decisions={"d": decision}), scored())
    assert {(n.code, n.said) for n in found.notes} == {("field-before", ("amount",)), ("field-after", ("sum",))}
    assert found.to_text("id") and found.to_text("en")


def test_laws_of_different_facts_take_their_own_columns():
    facts = {**HEAD["facts"], "tenure": {"type": "integer", "from": 0, "to": 9}}
    rule = {"decides": "d", "requires": {"long": "tenure >= 3"}, "grants": {"amount": "100"}}
    other = plain_law(facts=facts, rules={"r": rule})
    table = scored([9, 9, 1], tenure=[1, 5, 5])
    found = compare(plain_law(), other, table)["d"]
    assert (found.all.losers, found.all.unchanged, found.all.winners) == (1, 1, 1)
    assert {t.condition for t in found.conditions} == {"r.requires.long", "r.requires.enough"}
    with pytest.raises(FrameError) as error:
        compare(plain_law(), other, scored([9], nothing=[1]))
    assert [f.fact for f in error.value.faults] == ["nothing"]


def test_laws_of_different_days_say_so():
    policy = am.load("manokwari/merit")
    laws = [am.in_force(policy, on=day) for day in ("2025-04-01", "2026-04-01")]
    found = compare(*laws, pa.table({"active": [True, False]}))
    assert "two different days" in found.to_text("en") and found.days == tuple(law.on for law in laws)
    pair = compare(*laws, pa.table({"active": [False]}), as_of=("2025-06-01", datetime.date(2026, 6, 1)))
    assert pair.days == (datetime.date(2025, 6, 1), datetime.date(2026, 6, 1))
    with pytest.raises(ArgumentError):
        compare(*laws, pa.table({"active": [False]}), as_of="2025-06-01")


def test_a_repealed_rule_and_a_new_one_are_named():
    head = {"decides": "d", "requires": {"enough": "score >= 5"}, "grants": {"amount": "100"}}
    new = {"decides": "d", "requires": {"long": "years >= 5"}, "grants": {"amount": "100"}}
    table = scored([9, 1], years=[1, 9])
    found = compare(plain_law(), plain_law(rules={"s": new}), table)["d"]
    assert {t.condition for t in found.conditions} == {"r", "s"}
    assert [row["conditions"] for row in found.changed.to_pylist()] == [["r"], ["s"]]
    both = compare(plain_law(), plain_law(rules={"r": head, "s": new}), table)["d"]
    assert [(t.condition, t.winners) for t in both.conditions] == [("s", 1)]


def test_arguments_are_checked():
    law = plain_law()
    for bad in ({"law": 1}, None, am.load("manokwari/merit")):
        with pytest.raises(ArgumentError, match="law_b"):
            compare(law, bad, scored())
    with pytest.raises(ArgumentError, match="did you mean ignore"):
        compare(law, law, scored(), ignor="x")
    with pytest.raises(ArgumentError, match="frame"):
        compare(law, law, [1, 2])
    for options in ({"rows": 1}, {"decision": []}, {"decision": 3}, {"as_of": (None,)}, {"threads": 0}):
        with pytest.raises(ArgumentError):
            compare(law, law, scored(), **options)
    found = compare(law, plain_law(7), scored(), rows=False)
    with pytest.raises(ArgumentError, match="rows=True"):
        found["d"].table("changed")
    with pytest.raises(ArgumentError, match="groups"):
        found["d"].table("nothing")
    with pytest.raises(ArgumentError):
        found.to_text("nl")


# --- kinds of frames ---


def test_every_kind_of_frame_gives_the_same():
    import duckdb
    import pandas as pd
    import polars as pl

    laws, table = (plain_law(100, 5), plain_law(70, 6)), scored(unit=pa.array(["a", "b"] * 3))
    want = compare(*laws, table, by="unit")
    frames = {
        "batch": table.to_batches()[0],
        "reader": pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2)),
        "pandas": table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get),
        "polars": pl.from_arrow(table),
        "lazy": pl.from_arrow(table).lazy(),
        "duckdb": duckdb.from_arrow(table),
    }
    for name, frame in frames.items():
        found = compare(*laws, frame, by="unit")
        assert found.to_json() == want.to_json(), name
    assert type(compare(*laws, frames["pandas"], by="unit")["d"].changed).__module__.startswith("pandas")
    assert type(compare(*laws, frames["polars"], by="unit").table("groups")).__module__.startswith("polars")


def test_an_answer_that_becomes_open_names_the_condition_that_went():
    def law(**more):
        return am.in_force(am.load({
            **{k: v for k, v in HEAD.items() if k != "parameters"}, "decisions": {"d": {}},
            "rules": {"r": {"decides": "d", "requires": {"enough": "score >= 5", **more}}},
        }), on="2024-01-01")  # fmt: skip

    people = pa.table({"active": [False, False, True], "score": pa.array([None, 3, None], pa.int64())})
    for laws in ((law(active="active"), law()), (law(), law(active="active"))):
        found = compare(*laws, people, ignore="*")["d"]
        assert (found.all.undetermined, found.all.unchanged) == (2, 1)
        assert [(r["row"], r["conditions"]) for r in found.changed.to_pylist()] == [(0, ["r.requires.active"])]


def test_batches_that_both_laws_have_read_are_let_go():
    """`itertools.tee` would keep dozens of them: a reader of millions would stand in memory."""
    alive = weakref.WeakSet()

    class Batch:
        pass

    def batches():
        for _ in range(300):
            one = Batch()
            alive.add(one)
            yield one
            del one

    most = 0
    for together in zip(*shared(batches(), 3), strict=True):
        assert len({id(b) for b in together}) == 1
        most = max(most, len(alive))
    assert 0 < most <= 3


def test_batches_are_shared_though_one_law_runs_ahead():
    first, second = shared(iter("abcde"), 2)
    assert [next(first), next(first), next(second), next(first)] == ["a", "b", "a", "c"]
    assert ("".join(second), "".join(first)) == ("bcde", "de")

    def failing():
        yield "a"
        raise ValueError

    one, other = shared(failing(), 2)
    assert next(one) == next(other) == "a"
    with pytest.raises(ValueError):  # noqa: PT011 - the reader's own
        next(one)


def test_progress_is_told():
    told = []
    compare(plain_law(), plain_law(7), scored(), batch_rows=4, progress=lambda done, rows: told.append((done, rows)))
    assert told == [(4, 6), (6, 6)]


# --- several changes at once ---


def changed_law(names):
    """A law under some of four changes that act upon one another."""
    amount = 100 + 50 * ("raise" in names)
    threshold = 5 + 2 * ("threshold" in names)
    rule = {"decides": "d", "requires": {"enough": f"score >= {threshold}"}, "grants": {"amount": str(amount)}}
    if "active" in names:
        rule["requires"]["active"] = "active"
    rules = {"r": rule}
    if "years" in names:
        rules["s"] = {"decides": "d", "requires": {"long": "years >= 5"}, "grants": {"amount": str(amount)}}
    return plain_law(rules=rules)


FOUR = ("raise", "threshold", "active", "years")


def subsets(names):
    return [tuple(n for i, n in enumerate(names) if mask >> i & 1) for mask in range(2 ** len(names))]


def one_by_one(laws, names, records):
    """The Shapley values by their definition: the mean over all orders, of what each adds when it comes."""
    answers = {some: [decided(law, r, law.on) for r in records] for some, law in laws.items()}
    settled = [
        i
        for i in range(len(records))
        if all(d[i] is not None and d[i]["d"].status in {"granted", "refused"} for d in answers.values())
    ]
    base = answers[frozenset()]

    def worth(some):
        mine = answers[frozenset(some)]
        money = [(d[i]["d"].outcome or {}).get("amount", 0) for d in (base, mine) for i in settled]
        half = len(settled)
        fates = [fared((laws[frozenset()], laws[frozenset(some)]), "d", (base[i], mine[i]))[0] for i in settled]
        return {
            "amount.amount": Fraction(sum(money[half:]) - sum(money[:half])),
            "changed": Fraction(len(fates) - fates.count("unchanged")),
            "winners": Fraction(fates.count("winner")),
            "losers": Fraction(fates.count("loser")),
        }

    orders = list(permutations(names))
    worths = {frozenset(some): worth(some) for some in subsets(names)}
    values = {}
    for name in names:
        total = Counter()
        for order in orders:
            ahead = frozenset(order[: order.index(name)])
            for measure, value in worths[ahead | {name}].items():
                total[measure] += value - worths[ahead][measure]
        values[name] = {m: Fraction(v) / len(orders) for m, v in total.items()}
    return values, worths[frozenset(names)], len(records) - len(settled)


@pytest.mark.parametrize("seed", range(4))
def test_shares_are_the_mean_over_all_orders_and_add_up_exactly(seed):
    records = crowd(Seeded(seed), 60)
    laws = {frozenset(some): changed_law(some) for some in subsets(FOUR)}
    want, whole, unsettled = one_by_one(laws, FOUR, records)
    found = attribute(laws, table_of(records), "d", batch_rows=17)
    assert set(found.changes) == set(FOUR) and found.unsettled == unsettled and found.people == 60
    for name in FOUR:
        for measure in ("amount.amount", "changed", "winners", "losers"):
            assert found[name][measure] == want[name].get(measure, 0), (name, measure)
    for measure, value in found.whole.items():
        assert value == whole[measure]
        assert sum(Fraction(share[measure]) for share in found.shares) == value
        assert type(value) is int
    assert any(found.whole.values()) and any(type(s["changed"]) is Fraction for s in found.shares)


def test_changes_by_name_are_functions_from_law_to_law():
    made = {}

    def law_of(some):
        law = changed_law(some)
        made[law] = some
        return law

    changes = {name: lambda law, name=name: law_of((*made[law], name)) for name in FOUR}
    table = table_of(crowd(Seeded(9), 50))
    found = attribute(changes, table, "d", before=law_of(()))
    laws = {some: changed_law(some) for some in subsets(FOUR)}
    assert found.table().equals(attribute(laws, table, "d").table())
    shuffled = attribute({n: changes[n] for n in reversed(FOUR)}, table.take(pa.array(range(49, -1, -1))), "d",
                         before=law_of(()))  # fmt: skip
    assert {s.name: s for s in shuffled.shares} == {s.name: s for s in found.shares}


def test_a_real_reform_is_compared_and_attributed():
    from asnmerit.reforming.reforming import reform

    changes = {"parameters": {"minimum_merit_score": 70, "special_allowance": 2_000_000}}
    made = reform("manokwari/merit", changes, on="2026-04-01", unbound=True)
    lists = {n: [[]] * 3 for n in ("sanctions", "absences", "projects_led", "quality_peers", "quality_subordinates")}
    staff = pa.table({
        "active": [True] * 3, "performance_2025": ["baik"] * 3, "quality_supervisor_1": [90, 62, 20],
        "innovation_panel_1": [90, 62, 20], **{n: pa.array(v, pa.list_(pa.null())) for n, v in lists.items()},
    })  # fmt: skip
    found = compare(made.before, made, staff, decision="incentives")
    assert found["incentives"].all.winners == 2
    assert found["incentives"].all.amounts["amount"].gained == 2_500_000
    shared = attribute(made, staff, "incentives")
    assert set(shared.changes) == set(made.keys) and shared.whole["amount.amount"] == 2_500_000
    assert shared["parameters.special_allowance"]["amount.amount"] == 750_000
    labels = {t.condition: t.label["en"] for t in found["incentives"].conditions}
    assert labels == {
        "insentif_tunjangan_khusus.grants.amount": "Special allowance for reaching the target: money",
        "reaches_target": "the merit score reaches the minimum",
    }


def test_a_reform_of_parts_is_attributed():
    class Reform:
        def __init__(self, names):
            self.keys, self.before, self.law = tuple(names), changed_law(()), changed_law(names)
            self.unbound = self.keys[:1]

        def part(self, keys):
            return Reform(keys)

    table = table_of(crowd(Seeded(9), 50))
    laws = {some: changed_law(some) for some in subsets(FOUR)}
    found = attribute(Reform(FOUR), table, "d")
    assert found.shares == attribute(laws, table, "d").shares
    compared = compare(changed_law(()), Reform(FOUR), table)
    for one in (found, compared):
        assert one.unbound == ("raise",) == tuple(one.to_dict()["unbound"])
        assert "BEYOND WHAT IS DELEGATED: raise" in one.to_text("en") and "BEYOND" in one._repr_html_()
    assert "BEYOND DELEGATION" in repr(compared)


def test_a_change_that_does_nothing_has_no_share_and_all_of_it_is_said():
    table = table_of(crowd(Seeded(3), 40))
    base = changed_law(())
    found = attribute({"idle": lambda law: law, "raise": lambda _: changed_law(("raise",))}, table, "d", before=base)
    assert set(found["idle"].values.values()) == {0}
    assert found["raise"].values == found.whole
    for lang in ("id", "en"):
        assert "raise" in found.to_text(lang)
    idle = attribute({"idle": lambda law: law}, table, "d", before=base)
    assert idle.nothing_changes and "NOTHING CHANGES" in idle.to_text("en") and "NOTHING" in idle._repr_html_()
    assert json.loads(idle.to_json())["nothing_changes"] is True


def test_what_cannot_be_attributed_is_refused():
    law, table = changed_law(()), scored()
    many = {f"change {i}": lambda law: law for i in range(9)}
    with pytest.raises(TooManyChangesError, match="9 changes, at most 8"):
        attribute(many, table, "d", before=law)
    eight = dict(list(many.items())[:8])
    assert attribute(eight, table, "d", before=law).nothing_changes
    for laws, before in (({}, law), (3, law), (eight, None), ({"a": 3}, law), ({"a": lambda _: 3}, law)):
        with pytest.raises(ArgumentError):
            attribute(laws, table, "d", before=before)
    with pytest.raises(ArgumentError, match="no change; b"):
        attribute({"a": law, ("a", "b"): law}, table, "d")
    with pytest.raises(UnknownDecisionError):
        attribute({"a": lambda law: law}, table, "nothing", before=law)
    found = attribute({"a": lambda law: law}, table, "d", before=law)
    with pytest.raises(ArgumentError, match="a change: a"):
        found["b"]
