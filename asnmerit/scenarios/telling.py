"""What a run of scenarios is told as: text with the derivation of every mismatch, or plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asnmerit.explanation import explain

if TYPE_CHECKING:
    from asnmerit.scenarios.coverage import Coverage, Kind
    from asnmerit.scenarios.running import Result

KIND_NAMES: dict[Kind, str] = {"rule": "rules granted", "side": "sides of conditions", "row": "rows of tables"}
MOST_LEFT = 60


def told(results: Sequence[Result], lang: str = "id", origins: Mapping[str, str] | None = None) -> Iterator[str]:
    """Tell the results: what failed with expected, got and derivation, then the counts of each file.

    `origins` says by file which policy document was tested.
    """
    for result in results:
        if not result.passed:
            yield from failure(result, lang)
    for file in dict.fromkeys(r.book.file for r in results):
        counts = Counter("passed" if r.passed else "failed" for r in results if r.book.file == file)
        tested = f" ({origins[file]})" if origins and origins.get(file) else ""
        yield f"{file}{tested}: {counts['passed']} passed, {counts['failed']} failed"


def failure(result: Result, lang: str = "id") -> Iterator[str]:
    """Tell one failed case."""
    place = result.scenario.position if result.scenario else result.book.file
    yield f"FAILED {result.name or 'the file'} ({place})"
    for diagnostic in result.diagnostics:
        yield f"  {diagnostic}"
    for mismatch in result.mismatches:
        yield f"  {mismatch}"
    yield from (f"    {line}" for line in derivation(result, lang))


def derivation(result: Result, lang: str = "id") -> list[str]:
    """Give the derivation of what came out otherwise: each decision once, and each value."""
    if result.decision is None:
        return []
    known = {*result.decision.law.decisions, *result.decision.law.index}
    values = [m.name if m.name in known else m.name.partition("[")[0] for m in result.mismatches if not m.decision]
    only = list(dict.fromkeys(n for n in [*(m.decision for m in result.mismatches), *values] if n in known))
    return str(explain(result.decision, lang, only)).splitlines() if only else []


def told_coverage(found: Iterable[Coverage]) -> Iterator[str]:
    """Tell what the cases reach of each policy, and what no case reaches."""
    for one in found:
        counts = ", ".join(
            f"{name} {done} of {all_}" + (f" ({one.shown_share(kind)})" if all_ else "")
            for kind, name in KIND_NAMES.items()
            for done, all_ in [one.counts(kind)]
        )
        yield f"{one.policy}: {counts}"
        for article, units in one.by_article().items():
            done = sum(bool(cases) for cases in units.values())
            if done < len(units):
                yield f"  {article or '(no article)'}: {done} of {len(units)}"
        for unit in one.left[:MOST_LEFT]:
            yield f"    not reached: {unit.kind} {unit}"
        if len(one.left) > MOST_LEFT:
            yield f"    and {len(one.left) - MOST_LEFT} more"


def as_data(
    results: Sequence[Result],
    found: Iterable[Coverage] = (),
    lang: str = "id",
    origins: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Give results and coverage as plain data, in an order that does not change."""
    return {
        "tested": dict(sorted((origins or {}).items())),
        "passed": sum(r.passed for r in results),
        "failed": sum(not r.passed for r in results),
        "cases": [_case(r, lang) for r in results],
        "not_encoded": {
            example: reason
            for book in {id(r.book): r.book for r in results}.values()
            for example, reason in sorted(book.not_encoded.items())
        },
        "coverage": [_covered(c) for c in found],
    }


def _case(result: Result, lang: str) -> dict[str, Any]:
    scenario = result.scenario
    return {
        "file": result.book.file,
        "policy": result.book.policy,
        "name": result.name,
        "passed": result.passed,
        "examples": list(scenario.examples) if scenario else [],
        "source": scenario.case.source if scenario else None,
        "tier": scenario.case.tier if scenario else None,
        "mismatches": [{"name": m.name, "expected": m.expected, "got": m.got} for m in result.mismatches],
        "diagnostics": [d.to_dict() for d in result.diagnostics],
        "derivation": [] if result.passed else derivation(result, lang),
    }


def _covered(one: Coverage) -> dict[str, Any]:
    counts: dict[str, Any] = {kind: dict(zip(("reached", "all"), one.counts(kind), strict=True)) for kind in KIND_NAMES}
    articles = {
        article: {"reached": sum(bool(c) for c in units.values()), "all": len(units)}
        for article, units in one.by_article().items()
    }
    left = [{"kind": u.kind, "name": u.name, "detail": u.detail, "line": u.line} for u in one.left]
    return {"policy": one.policy, **counts, "articles": articles, "not_reached": left}
