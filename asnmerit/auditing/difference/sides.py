"""A box of facts in words and as data: only what it says of a fact that is not free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from asnmerit.auditing.claims.wording import column, lane_value, lane_words, listed, pair, plain_name
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.difference.boxes import Among, Span
from asnmerit.auditing.difference.found import Side
from asnmerit.rules.lower import int_type
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import Language, fact_name, said_value
from asnmerit.rules.types import Bool, Enum, ListOf
from asnmerit.views import plain, shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.auditing.difference.boxes import Box, Rows
    from asnmerit.auditing.difference.joining import Joint
    from asnmerit.auditing.questions import Lane
    from asnmerit.rules.law import Law

Words = dict[str, str]
MOST: Final = 0.5
"""Where more than this share of the members is inside, those outside are named."""


def sides_of(joint: Joint, box: Box) -> tuple[Side, ...]:
    """Say what a box allows, fact by fact."""
    law, found = joint.law, domains(joint.law)
    year = joint.day.year
    sides = [
        Side(column(law, lane, year), lane_words(law, lane, year), *_values(law, lane, found[lane], side))
        for lane, side in box.sides.items()
    ]
    for name, rows in box.rows.items():
        sides.append(Side(name, _fact(law, name), *_rows(joint, name, rows)))
    return tuple(sides)


def _fact(law: Law, name: str) -> Words:
    return {"id": fact_name(law, name, "id"), "en": fact_name(law, name, "en")}


def _values(law: Law, lane: Lane, domain: Domain, side: Span | Among) -> tuple[Mapping[str, Any], Words]:
    if isinstance(side, Among):
        return _among(law, lane, domain, side)
    low, high = (lane_value(law, lane, v) for v in (side.low, side.high))
    data = {"from": _shown(domain, side.low), "to": _shown(domain, side.high)}
    if side.low == side.high:
        return data, low
    if side.high == domain.high:
        return data, pair(("{0} atau lebih", "{0} or more"), low)
    if side.low == domain.low:
        return data, pair(("{0} atau kurang", "{0} or less"), high)
    return data, pair(("{0} sampai {1}", "{0} to {1}"), low, high)


def _among(law: Law, lane: Lane, domain: Domain, side: Among) -> tuple[Mapping[str, Any], Words]:
    codes = sorted(side.codes)
    data = {"among": [_shown(domain, code) for code in codes]}
    outside = [code for code in range(domain.size) if code not in side.codes]
    if not isinstance(domain.of, Bool) and len(outside) < MOST * len(codes):
        return data, pair(("bukan {0}", "not {0}"), _or(law, lane, outside))
    return data, _or(law, lane, codes)


def _or(law: Law, lane: Lane, codes: list[int]) -> Words:
    said = listed([lane_value(law, lane, code) for code in codes])
    if len(codes) == 1:
        return said
    *first, last = (lane_value(law, lane, code) for code in codes)
    return {
        lang: ", ".join(x[lang] for x in first) + {"id": " atau ", "en": " or "}[lang] + last[lang] for lang in said
    }


def _rows(joint: Joint, name: str, rows: Rows) -> tuple[Mapping[str, Any], Words]:
    """Say the rows of a list as they stand."""
    given = record_of(joint.law, rows.lanes, joint.day).get(name) or []
    if not given:
        return {"rows": []}, {"id": "tidak ada", "en": "none"}
    of = joint.law.declared[name].type
    assert isinstance(of, ListOf)  # noqa: S101 - only lists have rows
    return {"rows": plain(given)}, {
        lang: "; ".join(_row(joint.law, name, of, row, lang) for row in given) for lang in LANGUAGES
    }


def _row(law: Law, name: str, of: ListOf, row: Any, lang: Language) -> str:  # noqa: ANN401 - a row of a record
    """Say one row."""
    if of.plain:
        return said_value(row, of.fields["value"], lang)
    labels = law.declared[name].field_labels
    return ", ".join(
        f"{labels.get(f, {}).get(lang, plain_name(f))} {said_value(row[f], kind, lang)}"
        for f, kind in of.fields.items()
        if f in row
    )


def _shown(domain: Domain, value: int) -> Any:  # noqa: ANN401 - a value as JSON has it
    if domain.of is None:
        return value
    shown = shown_value(value, domain.of, int_type(domain.of).den)
    return shown if isinstance(domain.of, Bool | Enum) else plain(shown)
