"""How a named value came about: its formula with the values it was computed from, then those in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from asnmerit.lines import Line
from asnmerit.phrases import phrase
from asnmerit.rules.expr import Step, walk
from asnmerit.rules.to_text import Language, Speech, Token, Tokens, said_value, step_name

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import LawStep

DEEPEST = 12
INNER = frozenset({"derived", "indicator", "score", "applies", "condition"})
Cite = Callable[["About"], Tokens]


def derived(decision: Decision, names: Iterable[str], lang: Language, speech: Speech, cite: Cite) -> Iterator[Line]:
    """Give the lines that explain named values; a value met again is not said twice."""
    seen: set[str] = set()
    for name in names:
        yield from _value(decision, name, lang, speech, cite, 0, seen)


def _value(
    decision: Decision, key: str, lang: Language, speech: Speech, cite: Cite, depth: int, seen: set[str]
) -> Iterator[Line]:
    law = decision.law
    if key in seen or depth > DEEPEST:
        return
    seen.add(key)
    step = law.steps[law.index[key]]
    if step.role in INNER:
        name = Token(step_name(law, key, lang), "name")
        said = Token(_said(decision, step, lang), "value")
        yield Line(depth, (name, Token(": "), said, Token(" = "), *speech.say(step.rich), *cite(step.about)))
        depth += 1
    for node in walk(step.rich):
        if isinstance(node, Step) and node.key in law.index:
            yield from _value(decision, node.key, lang, speech, cite, depth, seen)


def _said(decision: Decision, step: LawStep, lang: Language) -> str:
    value = decision.values[step.key]
    if step.binder is not None and value is not None:
        return "; ".join(said_value(one, step.type, lang) for one in value) or phrase("none", lang)
    return said_value(value, step.type, lang)
