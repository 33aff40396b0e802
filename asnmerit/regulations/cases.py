"""The chapter of a regulation page on scenarios: what they reach, the worked examples, and what has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from asnmerit.regulations.model import NOTHING, Block, Grid, Heading, Paragraph, Words, code, joined, labelled, plain
from asnmerit.regulations.phrases import remark, said
from asnmerit.scenarios.coverage import coverage
from asnmerit.scenarios.running import run_book

if TYPE_CHECKING:
    from asnmerit.regulations.lexicon import Lexicon
    from asnmerit.scenarios.book import Book
    from asnmerit.scenarios.coverage import Coverage, Unit
    from asnmerit.scenarios.running import Result

MOST_NAMES = 6


def covered(lexicon: Lexicon, books: Sequence[Book]) -> Iterator[Block]:
    """Give the chapter; without books it says that there are none."""
    mine = [b for b in books if b.policy == lexicon.policy.name]
    if not mine:
        yield Paragraph(said("coverage_none"))
        return
    results = [r for book in mine for r in run_book(book)]
    (found,) = coverage(results, [lexicon.policy])
    passed = sum(r.passed for r in results)
    yield Paragraph(said("coverage_intro", plain(str(passed)), plain(str(len(results)))))
    failed = [code(r.name) if r.name else plain(r.book.file) for r in results if not r.passed]
    if failed:
        yield Paragraph(said("failed", joined(", ", failed)))
    yield from _rules(found)
    yield from _sides(found)
    yield from _rows(lexicon, found)
    yield from _examples(results)
    yield from _not_encoded(mine)
    yield from _all(results)


def _grid(heads: Sequence[str], rows: Sequence[tuple[Words, ...]]) -> Iterator[Block]:
    if rows:
        yield Grid(tuple(said(h) for h in heads), tuple(rows))


def _rules(found: Coverage) -> Iterator[Block]:
    rows = [(_named(unit), plain(str(len(cases))), _cases(cases)) for unit, cases in found.of("rule").items()]
    yield from _grid(("rule", "coverage_count", "cases"), rows)


def _named(unit: Unit) -> Words:
    name = unit.name.removeprefix("rules.")
    return labelled(unit.label, name.partition("[")[0]).over(code(name))


def _cases(cases: Sequence[str]) -> Words:
    if not cases:
        return said("no_case")
    more = [said("and_more", plain(str(len(cases) - MOST_NAMES)))] if len(cases) > MOST_NAMES else []
    return joined(", ", [*(code(c) for c in cases[:MOST_NAMES]), *more])


def _sides(found: Coverage) -> Iterator[Block]:
    """Give for each condition, version by version, the cases in which it was met and in which it was not."""
    sides: dict[tuple[str, int], dict[str, tuple[Unit, tuple[str, ...]]]] = {}
    for unit, cases in found.of("side").items():
        sides.setdefault((unit.name, unit.line), {})[unit.detail] = (unit, cases)
    rows = []
    for both in sides.values():
        unit = next(iter(both.values()))[0]
        counts = [both.get(side, (unit, ()))[1] for side in ("met", "not met")]
        rows.append((_named(unit), *(_counted(cases) for cases in counts)))
    yield from _grid(("condition", "met", "not_met"), rows)


def _counted(cases: Sequence[str]) -> Words:
    return joined(": ", [plain(str(len(cases))), code(cases[0])]) if cases else said("no_case")


def _rows(lexicon: Lexicon, found: Coverage) -> Iterator[Block]:
    tables: dict[str, list[tuple[str, ...]]] = {}
    for unit, cases in found.of("row").items():
        tables.setdefault(unit.name, []).append(cases)
    rows = []
    for name, reached in tables.items():
        decl = lexicon.policy.declared.tables[name]
        done = sum(bool(cases) for cases in reached)
        count = said("of", plain(str(done)), plain(str(len(reached))))
        rows.append((labelled(decl.about.label, name).over(code(name)), count))
    yield from _grid(("table", "rows_reached"), rows)


def _examples(results: Sequence[Result]) -> Iterator[Block]:
    rows = []
    for result in results:
        scenario = result.scenario
        for example in scenario.examples if scenario is not None else ():
            if scenario is not None:
                case = scenario.case
                partly = remark("partly", case.partly) if case.partly else NOTHING
                source = plain(case.source or "").over(partly)
                rows.append((plain(example), code(result.name), _tier(case.tier), source))
    if rows:
        yield Heading(3, said("examples"))
        yield from _grid(("example", "case", "tier", "source"), sorted(rows, key=lambda r: r[0].id))


def _tier(tier: str | None) -> Words:
    return said(f"tier_{tier}") if tier else NOTHING


def _not_encoded(books: Sequence[Book]) -> Iterator[Block]:
    rows = [(plain(k), plain(v)) for book in books for k, v in book.not_encoded.items()]
    if rows:
        yield Heading(3, said("not_encoded"))
        yield from _grid(("example", "reason"), rows)


def _all(results: Sequence[Result]) -> Iterator[Block]:
    """Give every case by name: what it shows, on which day, whence it comes."""
    rows = []
    for result in results:
        scenario = result.scenario
        if scenario is None:
            continue
        case = scenario.case
        title = labelled(case.title, "") if case.title else NOTHING
        note = plain(case.note) if case.note else NOTHING
        whence = _tier(case.tier).over(plain(case.source or ""))
        rows.append((code(result.name), plain(scenario.on.isoformat()), title.over(note), whence))
    if rows:
        yield Heading(3, said("all_cases"))
        yield from _grid(("case", "day", "shows", "source"), rows)
