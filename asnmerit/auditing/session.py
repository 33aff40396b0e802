"""Auditing a law: all claims gathered, asked within a budget, and read into findings with people who show them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.arguments import budget_of, heard, kinds_of, law_of
from asnmerit.auditing.claims import (
    bounds,
    cliffs,
    days,
    exposure,
    guarantees,
    holes,
    merit,
    protected,
    rules,
    unknowns,
)
from asnmerit.auditing.claims.among import asked_among, reaches_beyond
from asnmerit.auditing.claims.claim import Bench, Claim, Shown, finding, identity
from asnmerit.auditing.claims.plainest import Plainest
from asnmerit.auditing.claims.wording import one_after_another
from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict
from asnmerit.auditing.proving.driver import NO_SOLVER, Budget, Prover
from asnmerit.auditing.questions import Exists, Extended, Extreme, both
from asnmerit.auditing.replaying import ReplayError
from asnmerit.rules.declarations import About
from asnmerit.rules.law import Law
from asnmerit.rules.policy import Policy

if TYPE_CHECKING:
    import datetime

    from asnmerit.auditing.proving.cases import Answer
    from asnmerit.auditing.questions import Question

Progress = Callable[[int, "int | None", str], object]
"""Told while an audit runs: what is settled, of how many (None: not known), and what is done now."""
SOURCES: Final = (rules, merit, protected, guarantees, bounds, exposure)
ORDER: Final = (Verdict.COUNTEREXAMPLE, Verdict.UNPROVED, Verdict.PROVED, Verdict.OBSERVED)
HOLES: Final = 3.0
"""Seconds that the search for holes between rules may take."""
CLIFFS: Final = 0.15
"""The share of the time that is kept for cliffs, where they are asked for; they may take what else is left over."""
AFTER: Final = 0.2
"""The share of the time that cliffs leave to what comes after them, where more is left than was kept for them."""
LEAST: Final = 2.0
"""With fewer seconds a decision is not asked about once more, and cliffs are not looked for."""
WITNESSES: Final = 0.15
"""The share of the time that is kept for making witnesses plain."""
LARGE: Final = 1000
"""In laws of more steps cliffs take longer than all else: they are looked for where nothing else is asked."""
NO_CLIFFS: Final = {
    "id": "penurunan karena satu langkah data (`cliff`) tidak diperiksa: waktunya tidak cukup; mintalah tersendiri",
    "en": "drops for one step of a fact (`cliff`) were not looked at: there was no time; ask for them alone",
}
NO_TIME: Final = {
    "id": "data yang tidak diketahui tidak diperiksa: waktunya habis",
    "en": "unknown facts were not looked at: no time was left",
}
HURRIED: Final = {
    "id": "waktu habis di tengah data yang tidak diketahui: sebagian tidak diperiksa, atau tanpa contoh orang",
    "en": "the time was up among unknown facts: some were not looked at, or are told without an example",
}
SOMEBODY: Final = {
    "id": "ada orang yang lolos pemeriksaan data (`checks`)",
    "en": "somebody passes the `checks` of the law",
}
NOBODY: Final = {
    "id": "tidak seorang pun lolos, sehingga hal lain apa pun terbukti tanpa arti; tidak ada lagi yang ditanyakan",
    "en": "nobody passes them, so that everything else would be proved of nobody; nothing else is asked",
}
NOBODY_FOUND: Final = {
    "id": "tidak ditemukan seorang pun yang lolos pemeriksaan data: yang terbukti mungkin terbukti tanpa arti",
    "en": "nobody was found who passes the checks of the law: what is proved may be proved of nobody",
}
NO_TIME_FOR_ANYBODY: Final = {
    "id": "tidak ada waktu untuk mencari orang yang lolos pemeriksaan data: yang terbukti mungkin terbukti tanpa arti",
    "en": "there was no time to look for people who pass the checks: what is proved may be proved of nobody",
}
DECIDES_NOTHING: Final = {
    "id": "hukum ini tidak memutuskan apa pun: tidak ada yang dapat diklaim tentang putusan",
    "en": "this law decides nothing: of decisions there is nothing to claim",
}
FIRST: Final = 0.7
"""The share of the time of claims that the first round may take; the second asks those that rest on its answers."""


def audit(  # noqa: PLR0913 - every part can be chosen
    law: Law | Policy,
    on: datetime.date | str | None = None,
    known: datetime.date | str | None = None,
    readings: Mapping[str, str] | None = None,
    *,
    budget: float = 60.0,
    seed: int = 0,
    samples: int = 400_000,
    jobs: int = 2,
    only: Collection[str] | str | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Find out what a law guarantees, what it does not, and for whom.

    Args:
        law: a law, or a policy; of a policy `on` says the day, and its dates are audited too.
        on: the day; for a policy only.
        known: the day as known on which the law is asked for.
        readings: disputed readings, as for `in_force`.
        budget: seconds that the audit may take, more or less.
        seed: the same seed gives the same people to try.
        samples: how many people are tried for a claim.
        jobs: how many solvers run at the same time.
        only: kinds of findings to look for (see `Kind`); all of them when left out.
        progress: told (settled, of how many or None, what is done now) while it works.

    Raises:
        ArgumentError: for an argument that is not what is asked for: no law, no day, an unknown kind, no budget.
        NotInForceError: where the policy has no law on the day.
        ModuleNotFoundError: where z3 or NumPy is not installed (the extra `audit`).

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> found = audit(law, only=["gap", "protected-matters"], budget=20)
    >>> for one in found:
    ...     print(one.subject, one.said)
    predikat_kinerja: sex PROVED
    penghargaan_kinerja: sex PROVED
    """
    chosen, policy = law_of(law, on, known, readings)
    if find_spec("z3") is None:
        raise ModuleNotFoundError(NO_SOLVER, name="z3")
    kinds, allowed = kinds_of(only), budget_of(budget, samples, jobs, seed)
    started = time.monotonic()
    asking = Auditing(chosen, policy, allowed, kinds, started + allowed.total, heard(progress))
    found = sorted(asking.findings(), key=lambda f: (ORDER.index(f.verdict), not f.flaw))
    said = {"seconds": allowed.total, "samples": samples, "jobs": jobs, "seed": seed}
    seconds = round(time.monotonic() - started, 3)
    about = {**chosen.identity(), "as_of": str(chosen.on)}
    return Audit(about, dict(chosen.title), tuple(found), seconds, said, tuple(asking.notes.values()))


@attrs.define(eq=False)
class Auditing:
    """One audit under way."""

    law: Law
    policy: Policy | None
    budget: Budget
    kinds: frozenset[Kind]
    until: float
    progress: Progress | None = None
    notes: dict[str, Mapping[str, str]] = attrs.field(factory=dict)
    answers: dict[tuple[Any, ...], Answer] = attrs.field(factory=dict)

    def findings(self) -> Iterator[Finding]:
        """Give everything found out, claim by claim."""
        extended = Extended(self.law)
        claims = [c for source in SOURCES for c in source.claims(self.law, extended) if c.kind in self.kinds]
        amounts = cliffs.prepare(self.law, extended) if Kind.CLIFF in self.kinds else []
        somebody = Exists(extended.add("somebody", both()))
        whole = extended.law()
        if not self.law.decisions:
            self.notes["empty"] = DECIDES_NOTHING
        bench = Bench(self.law, whole, self.law.on, Plainest(whole, self.law.on, until=self.until))
        reserve = (CLIFFS if amounts else 0.0) * self.budget.total
        with Prover(whole, attrs.evolve(self.budget, total=self.left), self.progress) as prover:
            if self._nobody(somebody, prover):
                yield _nobody(self.law)
                return
            kept = self._asked(claims, prover, reserve + WITNESSES * self.budget.total)
        yield from self._told(kept, bench, reserve)
        if amounts and (self.left < LEAST or (len(self.law.steps) > LARGE and len(self.kinds) > 1)):
            self.notes["cliffs"] = NO_CLIFFS
        elif amounts:
            self._tell("cliffs")
            over = self.left - AFTER * self.budget.total
            yield from cliffs.observe(amounts, self.budget, bench, seconds=min(self.left, max(reserve, over)))
        yield from self._observed()

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self.until - time.monotonic())

    def _nobody(self, somebody: Exists, prover: Prover) -> bool:
        """Whether it is proved that nobody passes the checks; where nobody was found, that is noted.

        A law without checks lets everybody pass.
        """
        self._tell("checks")
        if not any(s.role == "check" for s in self.law.steps):
            return False
        hurried = prover.left < LEAST
        (answer,) = prover.ask_all([somebody], FIRST * prover.left)
        if answer.verdict == "open":
            self.notes["somebody"] = NO_TIME_FOR_ANYBODY if hurried else NOBODY_FOUND
        return answer.verdict == "none"

    def _observed(self) -> Iterator[Finding]:
        """Give what is found out without the prover."""
        if Kind.GAP in self.kinds and self.left > 0:
            self._tell("gaps between rules")
            yield from holes.observe(self.law, self.budget.seed, min(self.left, HOLES))
        if Kind.UNKNOWN in self.kinds and self.left > 0:
            self._tell("unknown facts")
            yield from unknowns.observe(self.law, seed=self.budget.seed, until=self.until)
            if self.left <= 0:
                self.notes["unknown"] = HURRIED
        elif Kind.UNKNOWN in self.kinds:
            self.notes["unknown"] = NO_TIME
        if Kind.DATE in self.kinds and self.policy is not None:
            self._tell("dates")
            yield from days.observe(self.policy)

    def _tell(self, doing: str) -> None:
        if self.progress is not None:
            self.progress(len(self.answers), None, doing)

    # --- asking ---

    def _asked(self, claims: Sequence[Claim], prover: Prover, reserve: float) -> list[Claim]:
        """Ask the questions of all claims, and give the claims that are not empty.

        First what other claims rest on and what rests on nothing, then the rest, then once more what is still open.
        """
        first = [q for c in claims for q in (c.given or c.questions)]
        self._ask(first, prover, FIRST * (prover.left - reserve))
        kept = [c for c in claims if not any(self._none(q) for q in c.given)]
        rest = [q for c in kept if c.given for q in c.questions]
        self._ask(rest, prover, prover.left - reserve)
        self._ask(self._tied(kept), prover, FIRST * (prover.left - reserve))
        again = [q for c in kept for q in c.questions if self.answers[identity(q)].verdict == "open"]
        self._ask(again, prover, prover.left - reserve, again=True)
        self._ask(self._tied(kept), prover, prover.left - reserve)
        return kept

    def _tied(self, claims: Sequence[Claim]) -> list[Question]:
        """Give what asks whether there is a pair at all, of the claims that hold for every pair."""
        held = [c for c in claims if c.tied is not None and all(self._none(q) for q in c.questions)]
        return [q for c in held if c.tied is not None for q in c.tied.questions]

    def _none(self, question: Question) -> bool:
        return self.answers[identity(question)].verdict == "none"

    def _ask(self, questions: Iterable[Question], prover: Prover, seconds: float, *, again: bool = False) -> None:
        """Ask what was not asked before, each question once, the cheap ones first."""
        fresh = {identity(q): q for q in questions if again or identity(q) not in self.answers}
        ordered = sorted(fresh.items(), key=lambda item: _dearness(item[1]))
        if not ordered or (again and seconds <= 0):
            return
        found = prover.ask_all([q for _, q in ordered], max(seconds, 0.0))
        for (name, _), answer in zip(ordered, found, strict=True):
            before = self.answers.get(name)
            self.answers[name] = answer if before is None else _together(before, answer)
            if answer.verdict == "open" and answer.note:
                self.notes.setdefault(answer.note, {"id": answer.note, "en": answer.note})

    # --- reading ---

    def _told(self, claims: Sequence[Claim], bench: Bench, reserve: float) -> Iterator[Finding]:
        """Read all claims; those refuted by people whom they are not about are asked among the others first.

        Where there is no time for that, what was found is told.
        """
        self._tell("witnesses")
        shown = {c: tuple(Shown(q, self.answers[identity(q)], bench) for q in c.questions) for c in claims}
        beyond = [c for c in claims if c.among is not None and any(reaches_beyond(c, s) for s in shown[c])]
        seconds = (self.left - reserve) / 2
        if beyond and seconds > LEAST * len({c.among for c in beyond}):
            self._tell("among those granted")
            shown |= asked_among(beyond, bench, attrs.evolve(self.budget, total=seconds))
        for claim in claims:
            yield from self._read(claim, shown[claim])

    def _read(self, claim: Claim, shown: tuple[Shown, ...]) -> list[Finding]:
        """Read the answers to a claim. Where engines differ on a witness, that is told and nothing is concluded."""
        try:
            return [self._weighed(claim, found) for found in claim.read(shown)]
        except ReplayError as error:
            told = {"id": str(error), "en": str(error)}
            self.notes[str(error)] = told
            return [finding(claim, Verdict.UNPROVED, shown, told)]

    def _weighed(self, claim: Claim, found: Finding) -> Finding:
        """What holds for every pair because there is no pair is no proof: it is told, and somebody should look at it.

        What the form of the law proves, whatever the checks say, stays proved.
        """
        if claim.tied is None or found.verdict != Verdict.PROVED:
            return found
        never, told = claim.tied.told(self._verdict)
        said = one_after_another([found.told, told], "; ") if told else found.told
        if never and found.method != "structure":
            return attrs.evolve(found, verdict=Verdict.OBSERVED, told=told, flaw=True)
        return attrs.evolve(found, told=said)

    def _verdict(self, question: Question) -> str:
        answer = self.answers.get(identity(question))
        return "open" if answer is None else answer.verdict


def _nobody(law: Law) -> Finding:
    """Say that the checks of a law let nobody through: whatever else is claimed would be proved of nobody."""
    about = next((s.about for s in law.steps if s.role == "check"), About())
    return Finding(
        Kind.CONSTANT_CONDITION,
        "checks",
        Verdict.COUNTEREXAMPLE,
        SOMEBODY,
        NOBODY,
        flaw=True,
        about=about,
        method="solver",
    )


def _dearness(question: Question) -> int:
    return 0 if isinstance(question, Exists) else 2 if isinstance(question, Extreme) else 1


def _together(before: Answer, after: Answer) -> Answer:
    """Join what was found out in two rounds."""
    kept = before if after.verdict == "open" and before.verdict != "open" else after
    if after.verdict == "open" and before.value is not None and after.value is None:
        kept = before
    return attrs.evolve(kept, samples=before.samples + after.samples, seconds=before.seconds + after.seconds)
