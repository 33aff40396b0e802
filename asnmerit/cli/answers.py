"""The answer for each row of a file, and how it looks in a table and as an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs

import asnmerit as am
from asnmerit.cli.opening import Source
from asnmerit.cli.options import Question
from asnmerit.cli.problems import Problem, from_fault, from_finding, unconfirmed
from asnmerit.readers import Finding, Row
from asnmerit.readers.findings import Language
from asnmerit.rules.declarations import About
from asnmerit.rules.law import exact_text

ERROR_COLUMNS: Final = ("error_code", "error_column", "error_wrong", "error_expected")
BETWEEN: Final = " | "

_SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    "id": {
        "requires": "tidak terpenuhi",
        "unless": "terhalang oleh",
        "applies": "tidak berlaku",
        "open": "belum diketahui",
        "none": "tidak ada aturan",
    },
    "en": {
        "requires": "not met",
        "unless": "barred by",
        "applies": "does not apply",
        "open": "not known",
        "none": "no rule",
    },
}


@attrs.frozen
class Answer:
    """What came of one row: a decision, or the problems that kept it from being decided."""

    row: Row
    decision: am.Decision | None = None
    problems: tuple[Problem, ...] = ()


def answers(asked: Question, source: Source, rows: Iterable[Row], ignore: tuple[str, ...]) -> Iterator[Answer]:
    """Decide row by row, in order."""
    # The columns of a table were settled by its header; keys of JSON objects are the edge's to judge.
    left_out: tuple[str, ...] | str = () if source.layout else "*" if "*" in ignore else ignore
    for row in rows:
        yield _answer(asked, source, row, left_out)


def _answer(asked: Question, source: Source, row: Row, left_out: tuple[str, ...] | str) -> Answer:
    if row.refusals:
        return Answer(row, problems=tuple(from_finding(f) for f in row.refusals))
    try:
        found = am.decide(asked.law, row.record, as_of=asked.as_of, ignore=left_out, witness=asked.witness)
    except am.RecordError as error:
        return Answer(row, problems=tuple(from_fault(f, asked.law, source) for f in error.faults))
    except am.WitnessError as error:
        return Answer(row, problems=(unconfirmed(error),))
    return Answer(row, found)


def header_of(law: am.Law) -> list[str]:
    """Give the columns of the result table: who, each decision, what is wrong, what was noted."""
    columns = ["row", "line", "id"]
    for name, node in law.decisions.items():
        columns.append(f"{name}.status")
        if node.hit == "collect":
            columns.append(f"{name}.granted_by")
            columns += [f"{name}.total.{field}" for field in node.totals]
        else:
            columns += [f"{name}.{field}" for field in node.fields]
        columns += [f"{name}.missing", f"{name}.reason"]
    return [*columns, *ERROR_COLUMNS, "notes"]


def cells_of(answer: Answer, law: am.Law, lang: Language, *, decimal_comma: bool = False) -> list[str]:
    """Give the cells of one answer, as many as the header has."""
    row = answer.row
    cells = [str(row.number), str(row.line), row.id]
    for name in law.decisions:
        cells += _outcome_cells(answer, name, law, lang, decimal_comma=decimal_comma)
    for part in ("code", "column", "wrong"):
        said = [getattr(p, part) for p in answer.problems]
        cells.append(BETWEEN.join(s if isinstance(s, str) else s.text(lang) for s in said))
    cells.append(BETWEEN.join(p.wanted(lang) for p in answer.problems))
    return [*cells, BETWEEN.join(f.text(lang) for f in row.notes)]


def _outcome_cells(answer: Answer, name: str, law: am.Law, lang: Language, *, decimal_comma: bool) -> list[str]:
    node = law.decisions[name]
    collect = node.hit == "collect"
    fields = list(node.totals if collect else node.fields)
    if answer.decision is None:
        return ["error", *[""] * (len(fields) + collect + 2)]
    found = answer.decision[name]
    said = found.outcome or {}
    cells = [found.status]
    if collect:
        cells.append(BETWEEN.join(rule for rule in found.rules))
    cells += [shown(said.get(field), decimal_comma=decimal_comma) for field in fields]
    return [*cells, " ".join(found.missing.facts), reason(found, law, lang)]


def shown(value: Any, *, decimal_comma: bool = False) -> str:  # noqa: ANN401 - a value of any type of the language
    """Show an exact value in a cell; nothing for what is not known.

    >>> shown(Decimal("87.5"), decimal_comma=True), shown(Fraction(1, 3)), shown(True), shown(None)
    ('87,5', '1/3', 'ya', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | Decimal | Fraction):
        text = exact_text(Fraction(value))
        return text.replace(".", ",") if decimal_comma else text
    return value.isoformat() if isinstance(value, date) else str(value)


def reason(found: am.Outcome, law: am.Law, lang: Language) -> str:
    """Say in a few words why: the rule that granted, the conditions that fail, or what is not known."""
    words = _SAID[lang]
    rules = {rule.name: label_of(rule.about, rule.name, lang) for rule in found.node.rules}
    if found.status == "granted":
        return BETWEEN.join(rules[name] for name in found.rules)
    if found.status == "conflict":
        return " ≠ ".join(rules[name] for name in found.rules)
    if found.status == "undetermined":
        labels = {f.name: (f.label or {}).get(lang, f.name) for f in law.facts}
        return f"{words['open']}: {', '.join(labels.get(name, name) for name in found.missing.facts)}"
    failed = [_failed(found, name, rules[name], lang) for name in rules]
    return BETWEEN.join(failed) or words["none"]


def _failed(found: am.Outcome, rule: str, label: str, lang: Language) -> str:
    """Name what speaks against a rule: its scope alone if it does not apply, else all that fails."""
    results = [r for r in found.conditions[rule] if r.holds is False]
    parts = ["applies"] if any(r.part == "applies" for r in results) else ["requires", "unless"]
    against = {part: [label_of(r.about, r.name, lang) for r in results if r.part == part] for part in parts}
    said = [f"{_SAID[lang][part]}: {', '.join(labels)}" for part, labels in against.items() if labels]
    return f"{label}: {'; '.join(said)}"


def label_of(about: About, name: str, lang: Language) -> str:
    """Give a label in a language, else in any, else the name."""
    label = about.label or {}
    return label.get(lang) or next(iter(label.values()), name)


def object_of(answer: Answer, lang: Language) -> dict[str, object]:
    """Give one answer as plain data: row, id, and the decision record or the errors."""
    row = answer.row
    found: dict[str, object] = {"row": row.number, "line": row.line, "id": row.id}
    if answer.decision is not None:
        found["decision"] = answer.decision.to_dict()
    else:
        found["errors"] = [
            {"code": p.code, "column": p.column, "wrong": p.wrong.text(lang), "expected": p.expected.text(lang),
             "hint": p.hint.text(lang)}
            for p in answer.problems
        ]  # fmt: skip
    if row.notes:
        found["notes"] = [_note(finding, lang) for finding in row.notes]
    return found


def _note(finding: Finding, lang: Language) -> dict[str, str]:
    return {"kind": finding.kind, "code": finding.code, "column": finding.column, "text": finding.text(lang)}
