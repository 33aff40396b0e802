"""What became of every mutant, and the score of the scenarios, article by article: as text and as plain data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.version import __version__

if TYPE_CHECKING:
    from asnmerit.mutation.killers import Killer
    from asnmerit.mutation.mutants import Mutant

Fate = Literal["stillborn", "killed", "equivalent", "witnessed", "open"]
FATES: Final[tuple[Fate, ...]] = ("killed", "witnessed", "open", "equivalent", "stillborn")
FORMAT: Final = 1
MOST_SHOWN: Final = 60


@attrs.frozen(eq=False)
class Ending:
    """What became of one mutant.

    `stillborn`: it is no policy (`by`: the code of its first fault). `killed`: a scenario notices it (`by`: its name).
    `equivalent`: it answers everybody alike, by its structure or by proof. `witnessed`: no scenario notices it, yet
    somebody is answered otherwise (`killer` is the new scenario). `open`: neither noticed nor proved alike; `samples`
    people were looked at.
    """

    mutant: Mutant
    fate: Fate
    by: str = ""
    killer: Killer | None = None
    samples: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        m = self.mutant
        said = {
            "number": m.number, "kind": m.kind, "file": m.file, "line": m.line, "path": m.way, "was": m.was,
            "became": m.became, "articles": list(m.articles), "fate": self.fate, "by": self.by,
        }  # fmt: skip
        return said | ({"samples": self.samples} if self.samples else {})


@attrs.frozen
class Tally:
    """How many mutants ended how."""

    counts: Mapping[str, int]

    @property
    def counted(self) -> int:
        """How many could be noticed: all but the stillborn and the equivalent."""
        return sum(self.counts.get(f, 0) for f in ("killed", "witnessed", "open"))

    @property
    def score(self) -> str:
        """The share that the scenarios notice, in per cent, never rounded up."""
        return _percent(self.counts.get("killed", 0), self.counted)

    @property
    def score_with_new(self) -> str:
        """The share that they notice together with the new ones."""
        return _percent(self.counts.get("killed", 0) + self.counts.get("witnessed", 0), self.counted)

    def reaches(self, percent: float) -> bool:
        """Whether the scenarios notice at least this share, exactly."""
        return 100 * self.counts.get("killed", 0) >= Fraction(percent) * self.counted

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        counts: dict[str, Any] = {fate: self.counts.get(fate, 0) for fate in FATES}
        return {**counts, "counted": self.counted, "score": self.score, "score_with_new": self.score_with_new}


def _percent(part: int, whole: int) -> str:
    return f"{math.floor(100 * part / whole)} %" if whole else "none to notice"


def tally(endings: Iterable[Ending]) -> Tally:
    """Count fates."""
    return Tally(Counter(e.fate for e in endings))


@attrs.frozen(eq=False)
class Report:
    """All endings of one run; `of` is how many mutants there are, `failing` the scenarios that the policy fails."""

    policy: str
    file: str
    of: int
    endings: Sequence[Ending]
    scenarios: int
    failing: Sequence[str]
    seconds: float
    seed: int
    limit: int | None = None

    @property
    def killers(self) -> tuple[Killer, ...]:
        """The new scenarios."""
        return tuple(e.killer for e in self.endings if e.killer is not None)

    @property
    def untried(self) -> int:
        """How many mutants there was no time for."""
        return min(self.of, self.of if self.limit is None else self.limit) - len(self.endings)

    @property
    def whole(self) -> Tally:
        """The counts of all articles together."""
        return tally(self.endings)

    def by_article(self) -> Mapping[str, Tally]:
        """Give the counts by article; of what cites none, under an empty name."""
        found: dict[str, list[Ending]] = {}
        for ending in self.endings:
            for article in ending.mutant.articles or ("",):
                found.setdefault(article, []).append(ending)
        return {article: tally(found[article]) for article in sorted(found)}

    def by_kind(self) -> Mapping[str, Tally]:
        """Give the counts by kind of change."""
        found: dict[str, list[Ending]] = {}
        for ending in self.endings:
            found.setdefault(ending.mutant.kind, []).append(ending)
        return {kind: tally(found[kind]) for kind in sorted(found)}

    def to_dict(self) -> dict[str, Any]:
        """Give the report as plain data, in an order that does not change."""
        return {
            "format": FORMAT,
            "asnmerit": __version__,
            "policy": self.policy,
            "file": self.file,
            "seed": self.seed,
            "scenarios": self.scenarios,
            "failing": list(self.failing),
            "mutants": len(self.endings),
            "of": self.of,
            "untried": self.untried,
            "total": self.whole.to_dict(),
            "articles": {article: t.to_dict() for article, t in self.by_article().items()},
            "kinds": {kind: t.to_dict() for kind, t in self.by_kind().items()},
            "endings": [e.to_dict() for e in self.endings],
            "new_scenarios": [k.name for k in self.killers],
            "seconds": round(self.seconds, 2),
        }


def told(report: Report, most: int = MOST_SHOWN) -> Iterator[str]:
    """Tell a report: the counts, the score of each article, and the mutants that nothing noticed."""
    whole = report.whole
    part = "" if len(report.endings) == report.of else f" of {report.of}"
    yield f"{report.policy}: {len(report.endings)}{part} mutants, {report.scenarios} scenarios, {report.seconds:.1f} s"
    if report.failing:
        yield f"  not used, for the policy itself does not pass them: {', '.join(report.failing)}"
    if report.untried:
        yield f"  the time was up: {report.untried} mutants were not tried"
    said = ", ".join(f"{whole.counts.get(f, 0)} {NAMES[f]}" for f in FATES)
    yield f"  {said}"
    yield f"  score {whole.score}; with the new scenarios {whole.score_with_new}"
    for article, one in report.by_article().items():
        yield f"  {one.score:>14}  {one.counts.get('killed', 0)}/{one.counted}  {article or '(no article)'}"
    left = [e for e in report.endings if e.fate in {"witnessed", "open"}]
    for ending in left[:most]:
        m = ending.mutant
        yield f"  {m.file}:{m.line}: {m.kind} {m.way}: {m.was} -> {m.became}"
        yield f"      {_found(ending)}"
    if len(left) > most:
        yield f"  and {len(left) - most} more"


NAMES: Final[Mapping[Fate, str]] = {
    "stillborn": "stillborn",
    "killed": "killed",
    "equivalent": "equivalent",
    "witnessed": "survived and killed by a new scenario",
    "open": "survived",
}


def _found(ending: Ending) -> str:
    if ending.fate == "witnessed":
        return f"no scenario notices it; this new one does: {ending.by}"
    return f"no scenario notices it, nor does anybody among {ending.samples} people: not proved alike"
