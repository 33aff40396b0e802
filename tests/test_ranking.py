"""Ranking: the legal order of the DUK, ties, what is not known, and the laws of every ranking."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asnmerit as am

DAY = "2025-12-31"
SOMEONE = {
    "employment": "pns",
    "rank": "III/c",
    "rank_date": "2020-04-01",
    "cpns_date": "2010-01-01",
    "position_kind": "struktural",
    "echelon": "IV.a",
    "position_date": "2019-01-01",
    "service_years": 16,
    "service_months": 0,
    "grade_service_years": 11,
    "grade_service_months": 0,
    "leadership_training": "pim_iv",
    "leadership_training_date": "2018-01-01",
    "education": "s1",
    "graduation_year": 2008,
    "birth_date": "1985-01-01",
}


def someone(name="", **facts):
    return {**SOMEONE, "nip": name, **facts}


def order(*people, **more):
    return [r.identity for r in am.rank_duk(people, on=DAY, **more)]


# --- the legal order of PP 15/1979 ---

# What makes a person come first, key by key, and what comes after.
KEYS = {
    "rank": ({"rank": "III/d"}, {"rank": "III/c"}),
    "rank_date": ({"rank_date": "2020-04-01"}, {"rank_date": "2020-10-01"}),
    "post_height": ({"echelon": "III.b"}, {"echelon": "IV.a"}),
    "position_date": ({"position_date": "2019-01-01"}, {"position_date": "2019-01-02"}),
    "service_compared": ({"service_years": 16, "service_months": 1}, {"service_years": 16, "service_months": 0}),
    "leadership_training": ({"leadership_training": "pim_iii"}, {"leadership_training": "pim_iv"}),
    "training_days_ago": ({"leadership_training_date": "2017-12-31"}, {"leadership_training_date": "2018-01-01"}),
    "education": ({"education": "s2"}, {"education": "s1"}),
    "graduation_year": ({"graduation_year": 2007}, {"graduation_year": 2008}),
    "birth_date": ({"birth_date": "1984-12-31"}, {"birth_date": "1985-01-01"}),
}


@pytest.mark.parametrize("key", KEYS)
def test_each_key_decides_whatever_the_keys_after_it_say(key):
    better, worse = KEYS[key]
    after = list(KEYS)[list(KEYS).index(key) + 1 :]
    first, second = someone("first", **better), someone("second", **worse)
    for later in after:
        first |= KEYS[later][1]
        second |= KEYS[later][0]
    ranking = am.rank_duk([second, first], on=DAY)
    assert [(r.identity, r.place) for r in ranking] == [("first", 1), ("second", 2)]
    assert ranking.rows[1].below.how == "decided"
    assert ranking.rows[1].below.key.name == key
    assert "PP 15/1979" in ranking.rows[1].below.key.source
    assert ranking.rows[1].status == "placed"


def test_the_policy_has_these_keys_and_no_others():
    assert [k.name for k in am.rank_duk([], on=DAY).keys] == list(KEYS)


def test_those_without_training_are_level_there():
    one, other = (someone(n, leadership_training="tidak_ada", leadership_training_date=None) for n in "ab")
    assert [r.status for r in am.rank_duk([one, other], on=DAY)] == ["shared", "shared"]


def test_level_certificates_do_not_decide():
    one, other = someone("younger", education="d4", birth_date="1986-01-01"), someone("older", education="s1")
    assert order(one, other) == ["older", "younger"]


# --- where existing code disagrees (kode HR): the pages on PP 15/1979 settle it, or a reading says that nothing does


def by(*keys):
    """Give an order of names as code with other sort keys makes it."""
    return lambda *people: [p["nip"] for p in sorted(people, key=lambda p: [k(p) for k in keys])]


RANKS = ["III/a", "III/b", "III/c", "III/d", "IV/a"]
ECHELONS = ["II.b", "III.a", "III.b", "IV.a", "IV.b", "V", "bukan"]


def rank_first(p):
    return -RANKS.index(p["rank"])


def echelon(p):
    return ECHELONS.index(p["echelon"])


def swapped(wrong, first, second, **more):
    """Whether the law puts the first before the second, and the other code the other way round."""
    return order(second, first, **more) == ["first", "second"] and wrong(first, second) == ["second", "first"]


def test_disagreement_duk_training_printed_but_not_sorted():
    """One family of views prints training but leaves it out of the sort; PP 15/1979 has it before education."""
    wrong = by(rank_first, lambda p: p["rank_date"], echelon, lambda p: p["position_date"], lambda p: p["cpns_date"],
               lambda p: -["s1", "s2"].index(p["education"]))  # fmt: skip
    first = someone("first", leadership_training="pim_iii")
    assert swapped(wrong, first, someone("second", education="s2"))


def test_disagreement_duk_entry_date_for_service():
    """The date of entry leaves recognised earlier service (PMK) out; nothing read says which service is meant."""
    wrong = by(rank_first, lambda p: p["rank_date"], echelon, lambda p: p["position_date"], lambda p: p["cpns_date"])
    first, second = someone("first", service_years=18), someone("second", cpns_date="2009-01-01")
    assert swapped(wrong, first, second)
    assert order(first, second, readings={"service_counted_as": "sejak_cpns"}) == ["second", "first"]


def test_disagreement_duk_grade_service_for_service():
    """Grade service is cut by 5, 6 or 11 years when the group of ranks changes."""
    first, second = someone("first", service_years=18, grade_service_years=7), someone("second")
    assert order(second, first) == ["first", "second"]
    assert order(first, second, readings={"service_counted_as": "golongan"}) == ["second", "first"]


def test_disagreement_duk_post_before_rank():
    """One screen sorts by post and echelon before rank; by PP 15/1979 rank comes first."""
    wrong = by(echelon, rank_first)
    assert swapped(wrong, someone("first", rank="III/d"), someone("second", echelon="III.b"))


def test_disagreement_duk_service_before_time_in_rank():
    """A school's list takes service before time in rank; by PP 15/1979 the earlier rank comes first."""
    wrong = by(rank_first, lambda p: -p["service_years"], lambda p: p["rank_date"])
    assert swapped(wrong, someone("first", rank_date="2019-04-01"), someone("second", service_years=20))


def test_disagreement_duk_head_of_school_first():
    """A school's list puts the head of school first whatever the rank; PP 15/1979 knows no such key."""
    wrong = by(lambda p: p["nip"] != "second", rank_first)
    assert swapped(wrong, someone("first", rank="IV/a"), someone("second"))


def test_disagreement_duk_rank_only():
    """Other code leaves ties of rank as they come; the law does not."""
    first, second = someone("first", rank_date="2019-04-01"), someone("second")
    wrong = by(rank_first)
    assert wrong(first, second) != wrong(second, first)
    assert order(first, second) == order(second, first) == ["first", "second"]


def test_disagreement_duk_functional_against_structural():
    """Not settled by what was read: the echelon alone counts, unless the reading penyetaraan is chosen."""
    functional = someone("functional", position_kind="fungsional", echelon="bukan", functional_level="ahli_madya")
    structural = someone("structural", echelon="IV.b", position_date="2021-01-01")
    assert order(functional, structural) == ["structural", "functional"]
    assert order(functional, structural, readings={"functional_posts_have_height": "penyetaraan"}) == [
        "functional",
        "structural",
    ]


# --- who is listed ---


def test_who_is_not_of_the_list_or_cannot_be_read_is_named():
    people = [
        someone("a"),
        someone("b", employment="pppk"),
        someone("c", employment=None),
        someone("d", rank="III/z"),
        someone("e", employment="cpns", rank="III/a"),
    ]
    ranking = am.rank_duk(people, on=DAY)
    assert [(r.identity, r.place) for r in ranking] == [("a", 1), ("e", 2)]
    assert [(p.row, p.identity) for p in ranking.outside] == [(2, "b")]
    assert [(p.row, p.missing) for p in ranking.unsettled] == [(3, ("employment",))]
    assert [(e.row, [f.code for f in e.faults]) for e in ranking.errors] == [(4, ["unknown-member"])]
    assert not ranking.complete
    assert len(order(*people, readings={"cpns_listed": "pns"})) == 1


# --- ties ---


def test_equal_people_share_a_place_and_are_marked():
    people = [someone("b"), someone("a"), someone("c", rank="III/b")]
    ranking = am.rank_duk(people, on=DAY)
    assert [(r.identity, r.place, r.status) for r in ranking] == [
        ("a", 1, "shared"),
        ("b", 1, "shared"),
        ("c", 3, "placed"),
    ]
    assert ranking.rows[1].below.how == "shared"


def small_law(ties, *keys):
    return am.in_force(
        am.load({
            "asnmerit": 1, "policy": "case/order", "title": "Order", "effective": {"from": "2020-01-01"},
            "enacted": "2020-01-01", "types": {"level": {"order": ["low", "high"]}},
            "facts": {
                "points": {"type": "number", "from": 0, "to": 10, "step": "0.5"}, "level": {"type": "level"},
                "fit": {"type": "bool"},
            },
            "rankings": {"first": {"ties": ties, "by": list(keys)}},
        }),
        on="2024-01-01",
    )  # fmt: skip


def test_strict_ties_are_not_ordered_and_say_so():
    law = small_law("strict", {"highest": "level"}, {"lowest": "points"}, {"highest": "fit and points > 5"})
    one = {"level": "high", "points": 3, "fit": True}
    ranking = am.rank(law, [one, one, {"level": "low", "points": "2.5", "fit": True} | {"points": 2}])
    assert [(r.place, r.first, r.last, r.status) for r in ranking] == [
        (None, 1, 2, "tied"),
        (None, 1, 2, "tied"),
        (3, 3, 3, "placed"),
    ]
    assert ranking.rows[1].below.how == "tied"
    assert [k.name for k in ranking.keys] == ["level", "points", "key_3"]
    assert ranking.keys[0].label["en"] == "level"
    assert "5" in ranking.keys[2].label["en"]
    assert "the law does not order them" in ranking.to_text("en")


# --- what is not known ---


def test_a_higher_key_settles_what_lower_ones_do_not_know():
    ranking = am.rank_duk([{"employment": "pns", "rank": "III/c"}, {"employment": "pns", "rank": "III/d"}], on=DAY)
    assert [(r.row, r.place, r.missing) for r in ranking] == [(2, 1, ()), (1, 2, ())]
    assert ranking.rows[0].unknown == tuple(KEYS)[1:]


def test_the_unknown_are_not_put_last_but_given_a_range():
    people = [
        someone("a", rank="IV/a"),
        someone("b", birth_date="1980-01-01"),
        someone("c"),
        someone("d", rank="III/a"),
    ]
    people.append(someone("x", echelon=None))
    ranking = am.rank_duk(people, on=DAY)
    assert [(r.identity, r.first, r.last, r.status) for r in ranking] == [
        ("a", 1, 1, "placed"),
        ("x", 2, 4, "open"),
        ("b", 2, 3, "open"),
        ("c", 3, 4, "open"),
        ("d", 5, 5, "placed"),
    ]
    _, x, b, c, _ = ranking.rows
    assert x.missing == ("echelon",)
    assert x.waits_for == ()
    assert b.missing == ()
    assert b.waits_for == c.waits_for == (5,)
    assert (b.below.how, b.below.key.name, b.below.missing) == ("open", "post_height", {5: ("echelon",)})
    assert (c.below.how, c.below.key.name) == ("decided", "birth_date")


def test_only_facts_that_matter_are_missing():
    """For a general post neither echelon nor functional level is asked for; of a training its day is."""
    one = someone("a", position_kind="pelaksana", echelon=None)
    other = someone("b", position_kind="pelaksana", echelon=None, leadership_training_date=None)
    ranking = am.rank_duk([one, other], on=DAY)
    assert {r.identity: r.missing for r in ranking} == {"a": (), "b": ("leadership_training_date",)}


def test_when_the_fact_is_known_the_place_is_within_its_range():
    people = [someone("b", birth_date="1980-01-01"), someone("c"), someone("x", echelon=None)]
    ranges = {r.identity: (r.first, r.last) for r in am.rank_duk(people, on=DAY)}
    for known in ("III.a", "IV.a", "V"):
        people[2]["echelon"] = known
        for row in am.rank_duk(people, on=DAY):
            first, last = ranges[row.identity]
            assert first <= row.place <= last


# --- words and data ---


def test_words_in_both_languages():
    people = [someone("A"), someone("B", rank="III/d"), someone("C", service_years=None), someone("D", rank="x")]
    ranking = am.rank_duk([*people, someone("E", employment="pppk"), someone("F", employment=None)], on=DAY)
    english, indonesian = ranking.to_text("en"), ranking.to_text("id")
    assert "row 2 is above: higher rank (Penata Tingkat I (III/d) against Penata (III/c))" in english
    assert "baris 2 di atasnya: pangkat lebih tinggi" in indonesian
    assert "masa kerja seluruhnya (tahun)" in indonesian
    assert "all recognised service in whole years of row 3" in english
    assert "Not of this list: E (row 5)" in english
    assert "F (row 6) [employment]" in english
    assert "row 4: rank: got 'x'" in english
    assert "31 Desember 2025" in indonesian
    with pytest.raises(am.ArgumentError):
        ranking.to_text("fr")


def test_as_data():
    ranking = am.rank_duk([someone("A"), someone("B", rank="III/d"), someone("C", rank=None)], on=DAY)
    said = json.loads(ranking.to_json())
    assert said["ranking"] == "duk"
    assert said["as_of"] == DAY
    assert said["law"]["policy"] == "indonesia/duk"
    assert [r["id"] for r in said["rows"]] == ["C", "B", "A"]
    assert said["rows"][0]["missing"] == ["rank"]
    assert said["rows"][2]["below"] == {"row": 2, "how": "decided", "key": "rank", "missing": {}}
    assert said["rows"][1]["keys"]["rank_date"] == "2020-04-01"
    assert pickle.loads(pickle.dumps(ranking)).to_json() == ranking.to_json()  # noqa: S301 - our own bytes


# --- arguments ---


def test_a_ranking_that_is_not_there_is_named():
    law = am.in_force(am.load("indonesia/asn"), on=DAY)
    with pytest.raises(am.ArgumentError, match="no `rankings`"):
        am.rank(law, [])
    with pytest.raises(am.ArgumentError, match="duk"):
        am.rank(am.in_force(am.load("indonesia/duk"), on=DAY), [], ranking="dku")
    with pytest.raises(am.ArgumentError):
        am.rank("indonesia/duk", [])


def test_records_may_come_from_a_generator_and_keys_of_no_fact_are_refused_unless_named():
    law = am.in_force(am.load("indonesia/duk"), on=DAY)
    ranking = am.rank(law, (someone(n) for n in "ab"))
    assert [e.faults[0].code for e in ranking.errors] == ["unknown-fact", "unknown-fact"]
    assert len(am.rank(law, (someone(n) for n in "ab"), identity="nip")) == 2
    assert len(am.rank(law, (someone(n) for n in "ab"), ignore=["nip"], as_of="2026-06-30")) == 2
    assert am.rank(law, [], as_of="2026-06-30").as_of.isoformat() == "2026-06-30"


# --- laws ---


@given(
    st.lists(
        st.fixed_dictionaries({
            "rank": st.sampled_from(["III/a", "III/b"]), "rank_date": st.sampled_from(["2019-04-01", "2020-04-01"]),
            "echelon": st.sampled_from(["IV.a", "V", None]), "service_years": st.sampled_from([15, 16, None]),
            "birth_date": st.sampled_from(["1985-01-01", "1986-01-01"]),
        }),
        max_size=6,
    ),
    st.randoms(),
)  # fmt: skip
def test_the_duk_does_not_depend_on_the_order_of_the_file(people, rng):
    people = [someone(str(i), **p) for i, p in enumerate(people)]
    shuffled = people[:]
    rng.shuffle(shuffled)

    def said(ranking):
        return [(r.identity, r.first, r.last, r.status, r.missing, r.below and r.below.how) for r in ranking]

    assert said(am.rank_duk(people, on=DAY)) == said(am.rank_duk(shuffled, on=DAY))
