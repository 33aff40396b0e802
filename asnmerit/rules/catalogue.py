"""The catalogue of operators: one row each, with its types, its meaning, its words and its expansion.

`meaning` is the reference: a plain function of exact values (Fraction, bool, day number, member code), called
with the row's constant first where it has one. `lower` writes the operator in the kernel. Nothing else in the
library knows what an operator means; the two are tested against each other, row by row and in random policies.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Final, Literal

import attrs

from asnmerit.rules import expansions as e
from asnmerit.rules import meanings as m


@attrs.frozen
class Operator:
    """One row. `signature` is empty for operators that have a syntax of their own.

    `unknown` says what an unknown argument does: `strict` (the result is unknown) or `kleene`.
    `words` are templates for Indonesian and English; `{0}` is the first argument.
    """

    name: str
    signature: str
    meaning: m.Meaning
    lower: e.Lower
    words: tuple[str, str]
    doc: str
    examples: tuple[tuple[tuple[object, ...], object], ...] = ()
    unknown: Literal["strict", "kleene"] = "strict"
    constant: bool = False


ROWS: Final[tuple[Operator, ...]] = (
    Operator(
        "add",
        "",
        lambda a, b: a + b,
        lambda k, a, b: k.arithmetic("add", a, b),
        ("{0} + {1}", "{0} + {1}"),
        "Sum.",
        ((("1/3", "1/6"), "1/2"),),
    ),
    Operator(
        "sub",
        "",
        lambda a, b: a - b,
        lambda k, a, b: k.arithmetic("sub", a, b),
        ("{0} - {1}", "{0} - {1}"),
        "Difference.",
        ((("1/3", "1/2"), "-1/6"),),
    ),
    Operator(
        "mul",
        "",
        lambda a, b: a * b,
        lambda k, a, b: k.times(a, b),
        ("{0} × {1}", "{0} × {1}"),
        "Product.",
        ((("5/2", "3/2"), "15/4"),),
    ),
    Operator(
        "div",
        "",
        lambda a, b: a / b,
        lambda k, a, b: k.over(a, b),
        ("{0} : {1}", "{0} / {1}"),
        "Quotient; by what varies only inside a rounding or a comparison.",
        ((("1", "12"), "1/12"),),
    ),
    Operator(
        "neg",
        "",
        lambda a: -a,
        lambda k, a: k.arithmetic("sub", k.number(0), a),
        ("-{0}", "-{0}"),
        "Negation.",
        ((("5/2",), "-5/2"),),
    ),
    Operator(
        "eq",
        "",
        lambda _l, a, b: a == b,
        lambda k, _l, a, b: k.compared("eq", a, b),
        ("{0} adalah {1}", "{0} is {1}"),
        "Equal.",
        ((("1/2", "1/2"), True),),
        constant=True,
    ),
    Operator(
        "ne",
        "",
        lambda _l, a, b: a != b,
        lambda k, _l, a, b: k.negated(k.compared("eq", a, b)),
        ("{0} bukan {1}", "{0} is not {1}"),
        "Not equal.",
        ((("1/2", "1/2"), False),),
        constant=True,
    ),
    Operator(
        "lt",
        "",
        m.by_level(lambda a, b: a < b),
        e.lower_compare("lt"),
        ("{0} kurang dari {1}", "{0} is less than {1}"),
        "Less, or earlier, or lower.",
        ((("1/3", "1/2"), True),),
        constant=True,
    ),
    Operator(
        "le",
        "",
        m.by_level(lambda a, b: a <= b),
        e.lower_compare("le"),
        ("{0} paling banyak {1}", "{0} is at most {1}"),
        "At most.",
        ((("1/2", "1/2"), True),),
        constant=True,
    ),
    Operator(
        "gt",
        "",
        m.by_level(lambda a, b: a > b),
        e.lower_compare("lt", swapped=True),
        ("{0} lebih dari {1}", "{0} is more than {1}"),
        "More, or later, or higher.",
        ((("1/2", "1/3"), True),),
        constant=True,
    ),
    Operator(
        "ge",
        "",
        m.by_level(lambda a, b: a >= b),
        e.lower_compare("le", swapped=True),
        ("{0} sekurang-kurangnya {1}", "{0} is at least {1}"),
        "At least.",
        ((("1/3", "1/2"), False),),
        constant=True,
    ),
    Operator(
        "and",
        "",
        m.all_of,
        lambda k, *a: k.both(*a),
        ("{*, dan }", "{*, and }"),
        "All hold.",
        (((True, None), None), ((False, None), False)),
        unknown="kleene",
    ),
    Operator(
        "or",
        "",
        m.any_of,
        lambda k, *a: k.either(*a),
        ("{*, atau }", "{*, or }"),
        "One holds.",
        (((False, None), None), ((True, None), True)),
        unknown="kleene",
    ),
    Operator(
        "not",
        "",
        lambda a: None if a is None else not a,
        lambda k, a: k.negated(a),
        ("tidak: {0}", "not: {0}"),
        "Does not hold.",
        (((True,), False), ((None,), None)),
        unknown="kleene",
    ),
    Operator(
        "if",
        "",
        m.choice,
        lambda k, c, a, b: k.chosen(c, a, b),
        ("{1} bila {0}, selain itu {2}", "{1} if {0}, otherwise {2}"),
        "A choice; with an unknown test, what both branches agree on.",
        (((True, "1", "2"), "1"), ((None, "3", "3"), "3"), ((None, "3", "4"), None)),
        unknown="kleene",
    ),
    Operator(
        "pick",
        "",
        lambda c, a, b: None if c is None else a if c else b,
        lambda k, c, a, b: k.chosen(c, a, b, strict=True),
        ("{1} bila {0}, selain itu {2}", "{1} if {0}, otherwise {2}"),
        "A choice inside an aggregate; with an unknown test, unknown.",
        (((None, "3", "3"), None),),
        unknown="kleene",
    ),
    Operator(
        "at_least",
        "",
        m.at_least,
        e.lower_at_least,
        ("sekurang-kurangnya {n} dari: {*; }", "at least {n} of: {*; }"),
        "At least n hold.",
        (((True, None, True), True),),
        unknown="kleene",
        constant=True,
    ),
    Operator(
        "clamp",
        "",
        lambda r, x: min(max(x, r[0]), r[1]),
        lambda k, r, x: k.arithmetic("min", k.arithmetic("max", x, k.number(r[0])), k.number(r[1])),
        ("{0}", "{0}"),
        "A value kept within its declared range.",
        constant=True,
    ),
    Operator(
        "min",
        "",
        lambda *a: min(a),
        lambda k, *a: k.arithmetic("min", *a),
        ("yang terkecil dari {*, }", "the smallest of {*, }"),
        "The smallest.",
        ((("1/2", "1/3"), "1/3"),),
    ),
    Operator(
        "max",
        "",
        lambda *a: max(a),
        lambda k, *a: k.arithmetic("max", *a),
        ("yang terbesar dari {*, }", "the largest of {*, }"),
        "The largest.",
        ((("1/2", "1/3"), "1/2"),),
    ),
    Operator(
        "cell",
        "",
        lambda cell, *keys: cell.read(*keys),
        lambda k, cell, *keys: cell.lower(k, *keys),
        ("{table} untuk {*, }", "{table} for {*, }"),
        "A cell of a table.",
        constant=True,
    ),
    Operator(
        "in_table",
        "",
        lambda cell, *keys: cell.present(*keys),
        lambda k, cell, *keys: cell.lower_present(k, *keys),
        ("{table} memuat {*, }", "{table} lists {*, }"),
        "Whether a table has a row.",
        constant=True,
    ),
    Operator(
        "listed",
        "",
        lambda codes, x: x in codes,
        e.lower_listed,
        ("{0} termasuk {n}", "{0} is one of {n}"),
        "Whether a member is one of those listed.",
        constant=True,
    ),
    Operator(
        "in_months",
        "",
        lambda listed, x: x in listed,
        e.lower_in_months,
        ("{0} termasuk {n}", "{0} is one of {n}"),
        "Whether a month is in a set of months.",
        constant=True,
    ),
    *(
        Operator(name, "number, constant? -> number", m.rounding(name), e.lower_round(mode), words, doc, examples)
        for name, mode, words, doc, examples in (
            (
                "floor",
                "floor",
                ("{0} dibulatkan ke bawah", "{0} rounded down to the floor"),
                "To the step below.",
                ((("-5/2",), "-3"),),
            ),
            (
                "ceiling",
                "ceiling",
                ("{0} dibulatkan ke atas", "{0} rounded up to the ceiling"),
                "To the step above.",
                ((("-5/2",), "-2"),),
            ),
            ("round_down", "down", ("{0} dipotong", "{0} cut off"), "Toward zero.", ((("-5/2",), "-2"),)),
            (
                "round_up",
                "up",
                ("{0} dibulatkan menjauhi nol", "{0} rounded away from zero"),
                "Away from zero.",
                ((("-5/2",), "-3"),),
            ),
            (
                "half_up",
                "half_up",
                ("{0} dibulatkan (setengah ke atas)", "{0} rounded (half up)"),
                "To the nearest step, ties away from zero.",
                ((("-5/2",), "-3"), (("25/8", "1/100"), "313/100")),
            ),
            (
                "half_even",
                "half_even",
                ("{0} dibulatkan (seri ke genap)", "{0} rounded (ties to even)"),
                "To the nearest step, ties to the even one.",
                ((("5/2",), "2"), (("-7/2",), "-4")),
            ),
            (
                "half_down",
                "half_down",
                ("{0} dibulatkan (seri ke nol)", "{0} rounded (ties toward zero)"),
                "To the nearest step, ties toward zero.",
                ((("-5/2",), "-2"),),
            ),
        )
    ),
    Operator(
        "add_months",
        "date, integer -> date",
        m.add_months,
        e.lower_add_months,
        ("{1} bulan sejak {0}", "{1} months after {0}"),
        "The same day so many months later, clipped to the month's end.",
        ((("2025-01-31", "1"), "2025-02-28"), (("2024-03-31", "-1"), "2024-02-29")),
    ),
    Operator(
        "months_between",
        "date, date -> integer",
        m.months_between,
        e.lower_between,
        ("bulan penuh dari {0} sampai {1}", "full months from {0} to {1}"),
        "The largest n with add_months(first, n) <= second.",
        ((("2025-01-31", "2025-02-28"), "1"), (("2025-04-11", "2025-04-01"), "-1")),
    ),
    Operator(
        "years_between",
        "date, date -> integer",
        lambda a, b: Fraction(m.months_between(a, b) // 12),
        lambda k, a, b: k.rounded("floor", k.times(e.lower_between(k, a, b), k.number(Fraction(1, 12))), Fraction(1)),
        ("tahun penuh dari {0} sampai {1}", "full years from {0} to {1}"),
        "Full years: months_between over 12, floored.",
        ((("2004-02-29", "2022-02-28"), "18"),),
    ),
    Operator(
        "calendar_months",
        "date, date -> integer",
        lambda a, b: Fraction(
            12 * (datetime.date.fromordinal(b).year - datetime.date.fromordinal(a).year)
            + datetime.date.fromordinal(b).month
            - datetime.date.fromordinal(a).month
        ),
        lambda k, a, b: k.arithmetic("sub", k.month_index(b), k.month_index(a)),
        ("selisih bulan kalender {0} dan {1}", "calendar months from {0} to {1}"),
        "Difference of the calendar months, days not looked at.",
        ((("2025-02-21", "2025-12-01"), "10"),),
    ),
    Operator(
        "add_days",
        "date, integer -> date",
        lambda a, n: a + int(n),
        lambda k, a, n: k.shifted(a, n),
        ("{1} hari sejak {0}", "{1} days after {0}"),
        "So many days later.",
        ((("2025-02-28", "1"), "2025-03-01"),),
    ),
    Operator(
        "days_between",
        "date, date -> integer",
        lambda a, b: Fraction(b - a),
        lambda k, a, b: attrs.evolve(d := k.call("sub", b, a), type=attrs.evolve(d.type, kind="number")),
        ("hari dari {0} sampai {1}", "days from {0} to {1}"),
        "Days from the first to the second.",
        ((("2025-02-28", "2025-03-01"), "1"),),
    ),
    Operator(
        "end_of_month",
        "date -> date",
        lambda a: m.month_start(a, Fraction(1)) - 1,
        lambda k, a: k.date_at(k.month_index(a), k.number(31)),
        ("akhir bulan dari {0}", "the end of the month of {0}"),
        "The last day of the month.",
        ((("2024-02-10",), "2024-02-29"),),
    ),
    Operator(
        "month_start",
        "date, integer -> date",
        m.month_start,
        e.lower_month_start,
        ("awal bulan ke-{1} setelah {0}", "the first of the month, {1} months after {0}"),
        "The first of the month, so many months later.",
        ((("2025-11-20", "2"), "2026-01-01"),),
    ),
    Operator(
        "next_month_in",
        "date, months -> date",
        m.next_month,
        e.lower_next_month,
        ("tanggal 1 pada {n} berikutnya sejak {0}", "the next first of {n} from {0}"),
        "The day itself if it is the first of a listed month, else the next such first.",
        constant=True,
    ),
    Operator(
        "retirement_date",
        "date, integer -> date",
        lambda a, y: m.month_start(m.add_months(a, 12 * y), Fraction(1)),
        lambda k, a, y: e.lower_month_start(k, e.lower_add_months(k, a, k.times(y, k.number(12))), k.number(1)),
        ("tanggal pensiun (lahir {0}, usia {1})", "retirement date (born {0}, age {1})"),
        "The first of the month after the birthday on which the age is reached.",
        ((("1968-05-17", "58"), "2026-06-01"),),
    ),
    Operator(
        "year",
        "date -> integer",
        lambda a: Fraction(datetime.date.fromordinal(a).year),
        e.lower_year,
        ("tahun dari {0}", "the year of {0}"),
        "The calendar year.",
        ((("2025-12-31",), "2025"),),
    ),
    Operator(
        "month",
        "date -> integer",
        lambda a: Fraction(datetime.date.fromordinal(a).month),
        e.lower_month,
        ("bulan dari {0}", "the month of {0}"),
        "The month, 1 to 12.",
        ((("2025-12-31",), "12"),),
    ),
    Operator(
        "day",
        "date -> integer",
        lambda a: Fraction(datetime.date.fromordinal(a).day),
        lambda k, a: k.day(a),
        ("hari dalam bulan dari {0}", "the day of the month of {0}"),
        "The day of the month, 1 to 31.",
        ((("2025-12-31",), "31"),),
    ),
    Operator(
        "next",
        "ordered -> same",
        lambda e, a: m.neighbour(e, a, 1),
        e.lower_neighbour(1),
        ("setingkat di atas {0}", "one above {0}"),
        "The first member one level up; the top stays.",
        constant=True,
    ),
    Operator(
        "prev",
        "ordered -> same",
        lambda e, a: m.neighbour(e, a, -1),
        e.lower_neighbour(-1),
        ("setingkat di bawah {0}", "one below {0}"),
        "The last member one level down; the bottom stays.",
        constant=True,
    ),
    Operator(
        "steps",
        "ordered, same -> integer",
        lambda e, a, b: Fraction(e.levels[b] - e.levels[a]),
        e.lower_steps,
        ("tingkat dari {0} ke {1}", "levels from {0} to {1}"),
        "How many levels the second is above the first.",
        constant=True,
    ),
)

CATALOGUE: Final[dict[str, Operator]] = {row.name: row for row in ROWS}
FUNCTIONS: Final[frozenset[str]] = frozenset(r.name for r in ROWS if r.signature) | {"min", "max"}
"""Operators that are called by name in expressions."""
AGGREGATES: Final = frozenset({"sum", "count", "any", "all", "min", "max"})
"""Names that fold a generator."""
