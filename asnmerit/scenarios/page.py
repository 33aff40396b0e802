"""The coverage of policies as one HTML page that needs nothing else: articles, what stands under them, which cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from asnmerit.scenarios.telling import KIND_NAMES, derivation

if TYPE_CHECKING:
    from asnmerit.scenarios.book import Book
    from asnmerit.scenarios.coverage import Coverage, Unit
    from asnmerit.scenarios.running import Result

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; color: #1c2330 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #d8dde6 }
th { background: #eef1f6 } td.number { white-space: nowrap }
.left td { background: #fff1f0 } .cases { color: #4a5568; font-size: .85rem; overflow-wrap: anywhere }
.failed { border-left: 4px solid #c53030; padding-left: 1rem; margin: 1rem 0 }
pre { background: #f6f8fb; padding: .75rem; overflow-x: auto; white-space: pre-wrap }
caption { text-align: left; font-weight: 600; padding: .4rem 0 }
@media (prefers-color-scheme: dark) {
  body { background: #12161d; color: #dfe5ee } th { background: #1d2430 } td, th { border-color: #303a48 }
  .left td { background: #3a1f1f } pre { background: #1a202b } .cases { color: #a6b1c2 }
}
"""
MOST_CASES = 6


def page(results: Sequence[Result], found: Iterable[Coverage], lang: str = "id") -> str:
    """Write the page: what failed first, then each policy article by article, then every case with its source.

    `lang` is the language of labels and derivations; the frame is English.
    """
    html = Element("html", lang="en")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "title").text = "Scenario coverage"
    SubElement(head, "style").text = STYLE
    body = SubElement(html, "body")
    SubElement(body, "h1").text = "Scenario coverage"
    passed = sum(r.passed for r in results)
    SubElement(body, "p").text = f"{passed} of {len(results)} cases passed."
    for result in results:
        if not result.passed:
            _failed(body, result, lang)
    for one in found:
        _policy(body, one, lang)
    for book in {id(r.book): r.book for r in results}.values():
        _cases(body, book, [r for r in results if r.book is book], lang)
    text: str = tostring(html, encoding="unicode", method="html")
    return "<!doctype html>\n" + text + "\n"


def _failed(body: Element, result: Result, lang: str) -> None:
    box = SubElement(body, "div", {"class": "failed"})
    SubElement(box, "h2").text = f"Failed: {result.name or 'the file'}"
    place = str(result.scenario.position) if result.scenario else result.book.file
    SubElement(box, "p", {"class": "cases"}).text = f"{place}, of {result.book.policy or 'no policy'}"
    for said in (*result.diagnostics, *result.mismatches):
        SubElement(box, "p").text = str(said)
    if lines := derivation(result, lang):
        SubElement(box, "pre").text = "\n".join(lines)


def _cases(body: Element, book: Book, results: Sequence[Result], lang: str) -> None:
    """List the cases of one file, and what could not be encoded."""
    section = SubElement(body, "section")
    SubElement(section, "h2").text = f"{book.file}: {sum(r.passed for r in results)} of {len(results)} passed"
    table = _table(section, book.title.get(lang, book.policy), ("case", "passed", "examples", "source", "tier"))
    for result in results:
        if result.scenario is None:
            continue
        case = result.scenario.case
        title = (case.title or {}).get(lang, "")
        named = f"{title} ({result.name})" if title else result.name
        told = (
            "yes" if result.passed else "no",
            ", ".join(result.scenario.examples),
            case.source or "",
            case.tier or "",
        )
        line = _row(table, (named, *told))
        if not result.passed:
            line.set("class", "left")
    if book.not_encoded:
        left = _table(section, "Not encoded", ("example", "reason"))
        for example, reason in book.not_encoded.items():
            _row(left, (example, reason))


def _policy(body: Element, one: Coverage, lang: str) -> None:
    section = SubElement(body, "section", id=one.policy.replace("/", "-"))
    SubElement(section, "h2").text = f"{one.title.get(lang, one.policy)} ({one.policy})"
    table = _table(section, "Reached in all", ("what", "reached", "of", "share"))
    for kind, name in KIND_NAMES.items():
        done, all_ = one.counts(kind)
        _row(table, (name, str(done), str(all_), one.shown_share(kind)), numbers=3)
    for article, units in one.by_article().items():
        _article(section, article or "Without an article", units, lang)


def _article(section: Element, article: str, units: Mapping[Unit, tuple[str, ...]], lang: str) -> None:
    done = sum(bool(cases) for cases in units.values())
    table = _table(section, f"{article}: {done} of {len(units)}", ("what", "name", "detail", "line", "cases"))
    for unit, cases in units.items():
        more = f" and {len(cases) - MOST_CASES} more" if len(cases) > MOST_CASES else ""
        said = ", ".join(cases[:MOST_CASES]) + more
        label = (unit.label or {}).get(lang, "")
        named = f"{label} ({unit.name})" if label else unit.name
        row = _row(table, (unit.kind, named, unit.detail, str(unit.line), said or "no case"))
        row[-1].set("class", "cases")
        if not cases:
            row.set("class", "left")


def _table(section: Element, caption: str, heads: Sequence[str]) -> Element:
    table = SubElement(section, "table")
    SubElement(table, "caption").text = caption
    line = SubElement(SubElement(table, "thead"), "tr")
    for head in heads:
        SubElement(line, "th", scope="col").text = head
    return SubElement(table, "tbody")


def _row(table: Element, cells: Sequence[str], numbers: int = 0) -> Element:
    line = SubElement(table, "tr")
    for i, cell in enumerate(cells):
        attributes = {"class": "number"} if i >= len(cells) - numbers else {}
        SubElement(line, "td", attributes).text = cell
    return line
