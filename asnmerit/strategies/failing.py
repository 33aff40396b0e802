"""What a claim that failed says: the person or the pair, the answers, why, and scenarios to paste into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from asnmerit.explanation import explain
from asnmerit.scenarios.writing import Case, case_name, write_scenarios
from asnmerit.views import plain

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.strategies.claiming import Claim
    from asnmerit.strategies.settling import Refuted

WORDS: Final = {
    "id": {
        "not_so": "tidak benar: {0}",
        "people": ("orang",),
        "pair": ("sebelum", "sesudah"),
        "same_but": "sama, kecuali {0}",
        "why": "mengapa ({0}):",
        "scenarios": "sebagai skenario, yang mengharapkan jawaban seperti sekarang:",
    },
    "en": {
        "not_so": "not so: {0}",
        "people": ("person",),
        "pair": ("before", "after"),
        "same_but": "the same, but {0}",
        "why": "why ({0}):",
        "scenarios": "as scenarios, which expect what the law answers now:",
    },
}


class CounterexampleError(AssertionError):
    """A claim about a law does not hold: `claim` says which, `people` for whom, `scenario` is a file that runs.

    The scenario expects what the law answers now. Mend the expectation, or the policy.
    """

    def __init__(self, claim: str, people: tuple[dict[str, Any], ...], scenario: str, text: str) -> None:
        """Keep the parts; the text holds all of them."""
        self.claim, self.people, self.scenario = claim, people, scenario
        super().__init__(text)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between the processes of pytest-xdist."""
        return CounterexampleError, (self.claim, self.people, self.scenario, str(self))


def failure(refuted: Refuted, lang: str) -> CounterexampleError:
    """Give the error of a claim that failed: in which way, for whom, why, as scenarios, and how it was found."""
    words: Any = WORDS[lang]
    claim, people = refuted.claim, refuted.people
    names: tuple[str, ...] = words["pair" if len(people) > 1 else "people"]
    parts = [f"{words['not_so'].format(claim.words[lang])}\n  {refuted.told[lang]}"]
    together = list(zip(names, people, strict=True))
    said = [f"{names[0]}: {dict(people[0].facts)!r}"]
    said += [f"{name}: {words['same_but'].format(_changed(people[0], d))}" for name, d in together[1:]]
    parts.append("\n".join(said))
    parts.append("\n".join(f"{name}: {_answers(decision, claim)}" for name, decision in together))
    for name, decision in together:
        why = explain(decision, "en" if lang == "en" else "id", only=(*claim.decided, *claim.values))
        parts.append(f"{words['why'].format(name)}\n{_indented(str(why))}")
    cases = [Case(case_name(name), d, only=claim.decided, values=claim.values) for name, d in together]
    scenario = write_scenarios(cases)
    parts.append(f"{words['scenarios']}\n{_indented(scenario)}")
    parts.append(refuted.how[lang])
    return CounterexampleError(claim.words[lang], tuple(dict(d.facts) for d in people), scenario, "\n\n".join(parts))


def _changed(first: Decision, other: Decision) -> str:
    """Say what is different of the other of a pair."""
    one, two = first.facts, other.facts
    return repr({name: two.get(name) for name in {**one, **two} if two.get(name) != one.get(name)})


def _answers(decision: Decision, claim: Claim) -> str:
    said = []
    for name in claim.decided:
        outcome = decision[name]
        rule = f", rule {outcome.rule}" if outcome.rule else ""
        fields = "".join(f", {f} {plain(v)}" for f, v in (outcome.outcome or {}).items())
        said.append(f"{name} {outcome.status}{rule}{fields}")
    said += [f"{name} {plain(decision.values[name])}" for name in claim.values]
    return "; ".join(said)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
