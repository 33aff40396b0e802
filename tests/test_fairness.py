"""Fairness between groups: counts are those of brute force, intervals those of their formulas, small groups hidden."""

import math
import random
from fractions import Fraction
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

import asnmerit as am
from asnmerit.equity.fairly import fairness
from asnmerit.equity.intervals import Spread, difference_interval, mean_interval, rate_interval, ratio_interval
from asnmerit.equity.suppressing import Cell, hidden
from support.manokwari import MERIT, ON, STATUSES, staff

BY = ["sex", "region_of_origin"]


@pytest.fixture(scope="module")
def merit():
    return am.in_force(am.load(MERIT), on=ON)


@pytest.fixture(scope="module")
def frame():
    return staff(600, seed=21)


def decided(law, table, decision):
    done = am.decide_frame(law, table, ignore="*", decisions=[decision], values=["merit_score"], reasons=None)
    return done.to_pylist()


# --- counts ---


@pytest.mark.parametrize("decision", ["promotion", "incentives"])
def test_every_group_is_counted_as_by_hand(merit, frame, decision):
    found = fairness(merit, frame, decision, by=BY, within="merit_score", bands=["80", 85], smallest=1)
    rows = decided(merit, frame, decision)

    def band(row):
        score = None if row["error"] else row["merit_score"]
        return None if score is None else "< 80" if score < 80 else "80 - < 85" if score < 85 else ">= 85"

    seen = 0
    for group in found.groups:
        mine = [r for r in rows if all(r[n] == x for n, x in zip(group.by, group.labels, strict=True))]
        mine = [r for r in mine if not group.banded or band(r) == group.band]
        status = [r[f"{decision}.status"] for r in mine]
        assert dict(group.counts) == {s: status.count(s) for s in STATUSES}
        granted, refused = status.count("granted"), status.count("refused")
        assert group.rate == (Fraction(granted, granted + refused) if granted + refused else None)
        open_ = status.count("undetermined")
        if granted + refused + open_:
            assert group.least == Fraction(granted, granted + refused + open_)
            assert group.most == Fraction(granted + open_, granted + refused + open_)
        if decision == "incentives":
            paid = [r["incentives.amount"] for r in mine if r["incentives.status"] == "granted"]
            settled = paid + [0] * refused
            amount = group.amounts["amount"]
            assert amount.total == sum(paid)
            assert amount.mean == (Fraction(sum(paid), len(settled)) if settled else None)
            if len(settled) > 1:
                spread = np.std(settled, ddof=1) / math.sqrt(len(settled))
                assert (amount.interval[1] - float(amount.mean)) >= 1.9 * spread
        seen += len(mine)
    # Everybody once, by each column, by both, and by band in each of these but the last.
    assert seen == 600 * (1 + 2 + 1 + 1 + 2)
    assert len([g for g in found.groups if not g.banded]) == 1 + 2 + 4 + 8
    assert len([g for g in found.groups if g.banded and not g.by]) == 4


def test_the_reference_is_the_highest_rate_or_the_one_named(merit, frame):
    found = fairness(merit, frame, "promotion", by="region_of_origin")
    groups = [g for g in found.groups if g.by and not g.hidden]
    top = max(g.rate for g in groups)
    assert [g.rate for g in groups if g.reference] == [top]
    assert all(g.ratio == g.rate / top for g in groups)
    assert [g.ratio_interval for g in groups if g.reference] == [None]
    named = fairness(merit, frame, "promotion", by="region_of_origin", reference="manokwari")
    own = named.group("manokwari")
    assert own.reference and own.ratio == 1
    other = named.group("papua_barat")
    assert other.ratio == other.rate / own.rate
    counts = [(g.counts["granted"], g.counts["granted"] + g.counts["refused"]) for g in (other, own)]
    assert other.ratio_interval == ratio_interval(*counts[0], *counts[1], 0.95)


def test_protected_facts_are_the_default_and_the_unrecorded_are_a_group(merit, frame):
    found = fairness(merit, frame, "promotion")
    assert set(found.by) == set(BY) and found.read == ()
    assert found.group(None, by="region_of_origin").people == frame["region_of_origin"].null_count > 0
    assert "(not recorded)" in found.text("en") and "(tidak tercatat)" in found.text("id")
    renamed = frame.rename_columns({"region_of_origin": "asal"})
    again = fairness(merit, renamed, "promotion", columns={"asal": "region_of_origin"})
    assert again == found


def test_a_permutation_changes_nothing(merit, frame):
    order = np.random.default_rng(4).permutation(600)
    one, other = (
        fairness(merit, t, "incentives", by=BY, within="merit_score", bands=9) for t in (frame, frame.take(order))
    )
    assert one == other
    assert any(g.hidden for g in one.groups) and any(g.ratio_interval for g in one.groups)


def test_bands_hold_equals_together_and_are_of_like_size(merit, frame):
    found = fairness(merit, frame, "promotion", by="sex", within="merit_score", bands=5, smallest=1)
    bands = [g for g in found.groups if g.banded and not g.by]
    known = [g.people for g in bands if g.band is not None]
    assert len(known) == 5 and max(known) - min(known) < 12
    scored = [r for r in decided(merit, frame, "promotion") if r["error"] is None and r["merit_score"] is not None]
    assert sum(known) == len(scored)
    alike = pa.concat_tables([frame.slice(0, 1)] * 30)
    one = fairness(merit, alike, "promotion", by="sex", within="merit_score", smallest=1)
    assert len([g for g in one.groups if g.banded and not g.by]) == 1


def test_other_kinds_of_frames_give_the_same(merit, frame):
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    known = frame.select([n for n in frame.column_names if n not in {"sanctions", "projects_led"}])
    expected = fairness(merit, known, "incentives", by=BY, absent="unknown")
    assert fairness(merit, pl.from_arrow(known), "incentives", by=BY, absent="unknown") == expected
    coded = known.set_column(
        known.column_names.index("sex"), "sex", known["sex"].cast(pa.dictionary(pa.uint8(), pa.string()))
    )
    assert fairness(merit, coded, "incentives", by=BY, absent="unknown") == expected
    assert isinstance(known.to_pandas(), pd.DataFrame)
    assert fairness(merit, known.to_pandas(), "incentives", by=BY, absent="unknown") == expected


# --- hidden groups ---


def shown_and_hidden(groups):
    return [g for g in groups if not g.hidden], [g for g in groups if g.hidden]


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_group_can_be_worked_out(merit, seed):
    """Solve for the finest groups: every number shown is a sum over them."""
    draw = random.Random(seed)
    table = staff(90, seed=seed)
    table = table.append_column("grade", pa.array([draw.choice("aaabbc") for _ in range(90)]))
    found = fairness(merit, table, "promotion", by=["sex", "grade", "region_of_origin"], within="merit_score", bands=2)
    rows = decided(merit, table, "promotion")
    members = {}
    for i, row in enumerate(rows):
        for g, group in enumerate(found.groups):
            alike = all(row[n] == x for n, x in zip(group.by, group.labels, strict=True))
            if alike and (not group.banded or in_band(row, group.band)):
                members.setdefault(g, set()).add(i)
    matrix = np.zeros((len(found.groups), 90))
    for g, who in members.items():
        matrix[g, list(who)] = 1
    open_ = [g for g, group in enumerate(found.groups) if not group.hidden]
    closed = [g for g, group in enumerate(found.groups) if group.hidden]
    assert open_ and closed
    rank = np.linalg.matrix_rank(matrix[open_])
    for g in closed:
        if found.groups[g].hidden == "small":
            assert len(members[g]) < 10
            assert np.linalg.matrix_rank(np.vstack([matrix[open_], matrix[g]])) > rank, found.groups[g]
        else:
            assert len(members[g]) >= 10
    for g in open_:
        assert len(members[g]) == found.groups[g].people >= 10
    for group in shown_and_hidden(found.groups)[1]:
        assert (group.people, group.counts, group.rate, group.ratio, dict(group.amounts)) == (
            None,
            None,
            None,
            None,
            {},
        )


def in_band(row, band):
    score = None if row["error"] else row["merit_score"]
    if band is None or score is None:
        return band is None and score is None
    if band.startswith("< "):
        return score < Fraction(band[2:])
    return score >= Fraction(band[3:]) if band.startswith(">= ") else None


def test_a_group_is_hidden_so_that_no_difference_reveals_a_small_one():
    def cells(counts):
        first = [Cell(("a",), (i,), n, (i,)) for i, n in enumerate(counts)]
        return [*first, Cell((), (), sum(counts), tuple(range(len(counts))))]

    assert hidden(cells([50, 40, 30]), 10) == {}
    assert hidden(cells([50, 40, 3]), 10) == {2: "small", 1: "secondary"}
    # Two small ones protect each other only when they are enough together.
    assert hidden(cells([50, 40, 7, 6]), 10) == {2: "small", 3: "small"}
    assert hidden(cells([50, 40, 3, 2]), 10) == {2: "small", 3: "small", 1: "secondary"}
    assert hidden(cells([4]), 10) == {0: "small", 1: "small"}
    assert hidden(cells([4]), 1) == {}


def test_margins_of_a_crossing_do_not_reveal_a_cell():
    counts = {(0, 0): 40, (0, 1): 30, (0, 2): 25, (1, 0): 35, (1, 1): 3, (1, 2): 28}
    finest = {place: i for i, place in enumerate(counts)}
    cells = [Cell(("a", "b"), place, n, (finest[place],)) for place, n in counts.items()]
    for axis, name in enumerate("ab"):
        for value in sorted({p[axis] for p in counts}):
            mine = [p for p in counts if p[axis] == value]
            cells.append(Cell((name,), (value,), sum(counts[p] for p in mine), tuple(finest[p] for p in mine)))
    found = hidden(cells, 10)
    places = {cells[i].place for i in found}
    assert (1, 1) in places and len(places) == 4, "a cell beside it in its row and in its column, and their corner"


def test_one_person_groups_and_empty_frames(merit):
    one = staff(1, seed=3)
    found = fairness(merit, one, "promotion")
    assert {g.hidden for g in found.groups} == {"small"}
    assert fairness(merit, one, "promotion", smallest=1).everybody.people == 1
    with pytest.raises(am.ArgumentError, match="a frame with people"):
        fairness(merit, one.slice(0, 0), "promotion")


# --- intervals ---


def test_wilson_and_exact_are_their_formulas():
    from scipy import stats

    z = stats.norm.ppf(0.975)
    for k, n in ((0, 10), (3, 10), (10, 10), (37, 1200), (1, 1)):
        low, high = rate_interval(k, n, 0.95)
        middle, width = k / n + z * z / 2 / n, z * math.sqrt(k / n * (1 - k / n) / n + z * z / 4 / n / n)
        assert low == pytest.approx(max((middle - width) / (1 + z * z / n), 0), abs=1e-9)
        assert high == pytest.approx(min((middle + width) / (1 + z * z / n), 1), abs=1e-9)
        low, high = rate_interval(k, n, 0.95, "exact")
        assert low == pytest.approx(0 if k == 0 else stats.beta.ppf(0.025, k, n - k + 1))
        assert high == pytest.approx(1 if k == n else stats.beta.ppf(0.975, k + 1, n - k))
    assert rate_interval(0, 0, 0.95) is None


def test_the_interval_of_a_ratio_is_katz():
    from scipy.stats.contingency import relative_risk

    for a, n, c, m in ((30, 100, 60, 100), (5, 9, 90, 120), (120, 130, 7, 8)):
        expected = relative_risk(a, n, c, m).confidence_interval(0.9)
        assert ratio_interval(a, n, c, m, 0.9) == pytest.approx((expected.low, expected.high))
    assert ratio_interval(0, 10, 0, 10, 0.95) is None and ratio_interval(0, 0, 3, 10, 0.95) is None
    low, high = ratio_interval(0, 50, 25, 50, 0.95)
    assert 0 < low < high < 1
    assert ratio_interval(9, 9, 9, 9, 0.95) == (1, 1)


def test_means_are_students_and_differences_welchs():
    from scipy import stats

    draw = random.Random(2)
    a, b = ([draw.randint(0, 100) for _ in range(n)] for n in (12, 40))

    def spread(values):
        mean = Fraction(sum(values), len(values))
        return Spread(len(values), Fraction(sum(values)), float(sum((v - mean) ** 2 for v in values)))

    one = stats.ttest_1samp(a, 0).confidence_interval(0.9)
    assert mean_interval(spread(a), 0.9) == pytest.approx(tuple(one))
    two = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    assert difference_interval(spread(a), spread(b), 0.9) == pytest.approx(tuple(two))
    assert mean_interval(spread([1]), 0.9) is None and difference_interval(spread([1]), spread(a), 0.9) is None
    assert difference_interval(spread([2, 2]), spread([5, 5, 5]), 0.9) == (-3, -3)


def test_wilson_covers_about_as_often_as_it_says():
    from scipy import stats

    for n, p in ((12, 0.1), (40, 0.5), (40, 0.93)):
        covered = 0.0
        for k in range(n + 1):
            low, high = rate_interval(k, n, 0.95)
            covered += stats.binom.pmf(k, n, p) * (low <= p <= high)
        assert 0.92 < covered < 0.99


# --- words and errors ---


def test_the_text_warns_of_what_a_ratio_does_not_show(merit, frame):
    found = fairness(merit, frame, "incentives", by=BY, within="merit_score", bands=3)
    for lang, words in (
        ("en", ("not its cause", "does not prove", "by chance")),
        ("id", ("bukan sebabnya", "bukan bukti")),
    ):
        for text in (found.text(lang), found.to_html(lang)):
            assert all(word in text for word in words)
    assert found.table.num_rows == len(found.groups)
    assert found.to_dict()["cautions"] and found._repr_html_().count("<tr>") == min(len(found.groups), 60) + 1
    assert str(found) == found.text("id") and "Fairness" in repr(found)
    with pytest.raises(KeyError):
        found.group("mars")
    read = fairness(merit, frame, "promotion", by="employment")
    assert read.read == ("employment",) and "employment" in read.cautions("en")[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": []}, "by"),
        ({"by": ["sex", "sex"]}, "each once"),
        ({"by": "employee"}, "at most 200 groups"),
        ({"by": "quality_peers"}, "one value a person"),
        ({"within": "merit_scor"}, "did you mean merit_score"),
        ({"within": "promotion"}, "a score of the law"),
        ({"within": "merit_score", "bands": 1}, "bands"),
        ({"within": "merit_score", "bands": [80, 70]}, "rising"),
        ({"within": "merit_score", "bands": [80.5]}, "exact"),
        ({"smallest": 0}, "smallest"),
        ({"smallest": True}, "smallest"),
        ({"confidence": 1}, "between 0 and 1"),
        ({"confidence": 95}, "between 0 and 1"),
        ({"confidence": 10**400}, "between 0 and 1"),
        ({"confidence": 1 - Fraction(1, 10**400)}, "between 0 and 1"),
        ({"method": "wald"}, "wilson"),
        ({"intersections": 2}, "True or False"),
        ({"by": "sex", "reference": "wanit"}, "did you mean wanita"),
        ({"by": BY, "reference": "wanita"}, "a mapping"),
        ({"by": BY, "reference": {"gender": "wanita"}}, "a column to group by"),
    ],
)
def test_bad_questions_have_named_errors(merit, frame, options, said):
    with pytest.raises(am.ArgumentError) as caught:
        fairness(merit, frame, "promotion", **options)
    assert said in str(caught.value)


def test_a_column_of_several_types_makes_no_groups(merit):
    pd = pytest.importorskip("pandas")
    mixed = [True, "yes", 1, "1", 1.0, None]
    table = pd.DataFrame({"active": [False] * 6, "team": pd.Series(mixed, dtype=object), "other": mixed[::-1]})
    with pytest.raises(am.FrameError) as caught:
        fairness(merit, table, "promotion", by=["team", "other"], absent="unknown")
    assert [(f.code, f.fact) for f in caught.value.faults] == [("wrong-type", "team"), ("wrong-type", "other")]


def test_cuts_beyond_every_score_make_no_bands(merit, frame):
    found = fairness(merit, frame, "promotion", by="sex", within="merit_score", bands=[-(10**40), 80, 10**40])
    bands = {g.band: g.people for g in found.groups if g.banded and not g.by and g.band is not None}
    assert set(bands) == {f"{-(10**40)} - < 80", f"80 - < {10**40}"}


def test_a_set_of_columns_is_taken_in_one_order(merit, frame):
    """Sets of texts go in another order in each process."""
    names = {"sex", "region_of_origin", "employment"}
    assert fairness(merit, frame, "promotion", by=names).by == tuple(sorted(names))


def test_missing_columns_and_facts_are_named_at_once(merit, frame):
    with pytest.raises(am.FrameError) as caught:
        fairness(merit, frame, "promotion", by=["sexs", "regio"])
    assert [f.fact for f in caught.value.faults] == ["sexs", "regio"] and "did you mean sex?" in str(caught.value)
    with pytest.raises(am.FrameError) as caught:
        fairness(merit, frame.drop_columns(["active", "employment"]), "promotion", by="sex")
    assert {f.fact for f in caught.value.faults} == {"active", "employment"}
    with pytest.raises(am.ArgumentError, match=r"the law protects .*region_of_origin"):
        fairness(merit, frame.drop_columns(BY), "promotion")
    with pytest.raises(am.UnknownDecisionError):
        fairness(merit, frame, None)


def test_crossings_are_of_every_two_columns(merit, frame):
    table = frame.append_column("half", pa.array(["x", "y"] * 300))
    found = fairness(merit, table, "promotion", by=[*BY, "half"])
    pairs = {g.by for g in found.groups if len(g.by) == 2}
    assert pairs == set(combinations([*BY, "half"], 2))
    assert not {g.by for g in fairness(merit, table, "promotion", by=BY, intersections=False).groups if len(g.by) == 2}
