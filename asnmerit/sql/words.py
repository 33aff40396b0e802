"""What a query says of itself to an auditor: its law, the values of the law, and the article behind each column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from asnmerit.rules.expr import Parameter, walk
from asnmerit.rules.law import shown_exact
from asnmerit.rules.types import Months
from asnmerit.sql.names import comment

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import Law, LawStep


def said(about: About) -> str:
    """Give label, citations and grade in one line."""
    labels = list(dict.fromkeys((about.label or {}).values()))
    cited = "; ".join(dict.fromkeys(map(str, about.citations)))
    return " / ".join(labels) + (f" [{cited}]" if cited else "")


def remark(step: LawStep) -> str:
    """Give what is said of a step; nothing for a part that has no words of its own."""
    return said(step.about)


def heading(law: Law, day: datetime.date, dialect: str) -> Iterator[str]:
    """Give the lines before the query."""
    titles = " / ".join(dict.fromkeys(law.title.values()))
    yield f"-- {comment(f'{law.policy}: {titles}')}"
    known = f", as known on {law.known}" if law.known else ""
    yield f"-- The law of {law.on}{known}, for facts as of {day}; for {dialect}. Made by asnmerit: do not edit."
    yield f"-- meaning {law.meaning}"
    for name, source in sorted(law.readings.items()):
        yield f"-- {comment(f'reading of {name}: {source}')}"
    yield "-- Numbers are whole: each stands for itself over a fixed denominator; days count from 0001-01-01;"
    yield "-- members of a type are numbered from 0; NULL is not known."
    yield from _values(law)


def _values(law: Law) -> Iterator[str]:
    """Give the values of the law that the steps read, with their articles."""
    read = {node.key: node.type for step in law.steps for node in walk(step.rich) if isinstance(node, Parameter)}
    for key, of in sorted(read.items()):
        value = law.data.parameters[key]
        text = ", ".join(map(str, sorted(value))) if isinstance(of, Months) else shown_exact(value, of)
        about = law.sources.get(key)
        yield f"-- {comment(f'{key} = {text}: {said(about) if about is not None else str()}')}"
