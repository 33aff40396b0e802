"""What was found out about two laws: the regions of change, what else differs, and what became of claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.auditing.difference.telling import difference_text
from asnmerit.auditing.findings import Verdict, Witness
from asnmerit.explanation import explain
from asnmerit.version import __version__

if TYPE_CHECKING:
    from asnmerit.auditing.difference.answers import Lacking
    from asnmerit.auditing.difference.losing import NobodyLoses
    from asnmerit.auditing.difference.meeting import Redeclared
    from asnmerit.decision import Decision
    from asnmerit.lines import Explanation

Words = Mapping[str, str]
FORMAT: Final = 1


@attrs.frozen
class Side:
    """What a box allows of one fact: its column and name, and the values, as data and in words.

    `values` holds `from` and `to`, or `among`, or `rows` (the rows of a list as they stand).
    """

    column: str
    name: Words
    values: Mapping[str, Any]
    words: Words

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {"name": self.column, **self.values}


@attrs.frozen
class Region:
    """People who are answered differently in one way, by the same rules.

    `kind` is `refused -> granted` and the like for a status, else `more`, `less`, `other`, `appears`, `disappears`.
    `rules` are those that decide by either law, None where none does or where rules do not tell people apart.
    Everybody of the common domain inside `box` is of the region: `proved`, or else tried `tried` times. Facts that are
    not named in it are free. `seen` of the people sampled were of the region.
    """

    decision: str
    field: str
    kind: str
    rules: tuple[str | None, str | None]
    box: tuple[Side, ...]
    proved: bool
    tried: int
    seen: int
    before: Decision
    after: Decision
    names: tuple[str, str] = ("", "")
    """What either law calls the decision, or the score."""
    ranges: tuple[Side, ...] = ()
    """What the deciding numbers were among those seen: scores and other named values. Nothing is proved of it."""

    @property
    def name(self) -> str:
        """Name what changes: `promotion.status`."""
        return f"{self.decision}.{self.field}" if self.decision else self.field

    @property
    def person(self) -> Mapping[str, Any]:
        """Somebody of the region, as the first law takes them."""
        return self.before.facts

    @property
    def witness(self) -> Witness:
        """The person as decided by either law."""
        names = tuple(dict.fromkeys(self.names))
        only, values = (names, ()) if self.decision else ((), names)
        return Witness((self.before, self.after), only=only, values=values)

    def derivations(self, lang: str = "id") -> tuple[Explanation, Explanation]:
        """Give why either law answers as it does."""
        one, other = self.names
        return explain(self.before, lang, one), explain(self.after, lang, other)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "decision": self.decision,
            "field": self.field,
            "change": self.kind,
            "rules": list(self.rules),
            "box": [s.to_dict() for s in self.box],
            "everybody_in_the_box": "proved" if self.proved else f"{self.tried} sampled",
            "seen": self.seen,
            "measured": [s.to_dict() for s in self.ranges],
            **self.witness.to_dict(),
        }


@attrs.frozen
class Claimed:
    """A claim and what became of it; refuted by a person, decided by either law.

    `by` is `a` or `b` where the person is taken by that law only; `faults` are what the other says against the record.
    `nobody`: nobody was found of whom the condition holds. `partly`: it was not asked of all whom one law only takes.
    """

    claim: NobodyLoses
    verdict: Verdict
    witness: Witness | None = None
    samples: int = 0
    unclear: tuple[str, ...] = ()
    names: tuple[str, str] = ("", "")
    faults: tuple[str, ...] = ()
    by: Literal["a", "b"] | None = None
    nobody: bool = False
    partly: bool = False

    @property
    def said(self) -> str:
        """The verdict in capitals."""
        if self.verdict is Verdict.UNPROVED:
            return f"NO COUNTEREXAMPLE in {self.samples:,} samples"
        return self.verdict.name

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        found: dict[str, Any] = {"claim": str(self.claim), "verdict": self.verdict.value, "samples": self.samples}
        if self.unclear:
            found["not_compared"] = list(self.unclear)
        found |= {k: True for k in ("nobody", "partly") if getattr(self, k)}
        if self.by is not None:
            found |= {"taken_only_by": self.by, "faults": list(self.faults)}
        return found if self.witness is None else {**found, **self.witness.to_dict()}


@attrs.frozen
class Taken:
    """Whether somebody's record is taken by one law only, for a check or a range of the other; `by` is `a` or `b`."""

    by: Literal["a", "b"]
    verdict: Verdict
    witness: Witness | None = None
    faults: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        found: dict[str, Any] = {"taken_only_by": self.by, "verdict": self.verdict.value}
        return found if self.witness is None else {**found, "faults": list(self.faults), **self.witness.to_dict()}


@attrs.frozen(repr=False)
class Difference:
    """How two laws differ on one day: whom only one takes (`taken`), and for whom of the others the answers differ.

    `regions` are the changes found; `open` names those ways to change of which it is not proved that the regions are
    all there is. `only` are the facts that one law reads and the other does not; `redeclared` those that they declare
    otherwise, of which only the common values were compared; `lacking` the decisions and fields that one law has alone.
    `compared` are the decisions and scores that all this is about; `left_out` those that were not asked for.
    """

    a: Mapping[str, Any]
    b: Mapping[str, Any]
    titles: tuple[Words, Words]
    day: str
    regions: tuple[Region, ...]
    open: tuple[str, ...] = ()
    only: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    redeclared: tuple[Redeclared, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    taken: tuple[Taken, ...] = ()
    claims: tuple[Claimed, ...] = ()
    values: tuple[str, ...] = ()
    samples: int = 0
    seconds: float = 0.0
    compared: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say the verdict."""
        return f"<Difference of {self.a['policy']} and {self.b['policy']} on {self.day}: {self.said}>"

    @property
    def complete(self) -> bool:
        """Whether it is proved that nobody is answered differently outside the regions."""
        return not self.open

    @property
    def equivalent(self) -> bool | None:
        """Whether both laws take the same people and answer them alike in what was compared.

        True is proved, None is not known: two laws of which nothing was compared are not equivalent.
        """
        apart = {x.verdict for x in self.taken}
        if self.regions or self.lacking or Verdict.COUNTEREXAMPLE in apart:
            return False
        presumed = any(r.presumed_apart for r in self.redeclared)
        return True if self.compared and self.complete and not presumed and Verdict.UNPROVED not in apart else None

    @property
    def said(self) -> str:
        """The verdict in capitals."""
        if self.equivalent is None and not self.compared:
            return "NOTHING COMPARED"
        if self.equivalent is None:
            return f"NO DIFFERENCE in {self.samples:,} samples"
        return "EQUIVALENT" if self.equivalent else "DIFFERENT"

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data that JSON can hold; seconds are left out."""
        return {
            "asnmerit": FORMAT,
            "library": __version__,
            "a": dict(self.a),
            "b": dict(self.b),
            "day": self.day,
            "compared": list(self.compared),
            "left_out": list(self.left_out),
            "equivalent": self.equivalent,
            "complete": self.complete,
            "open": list(self.open),
            "samples": self.samples,
            "regions": [r.to_dict() for r in self.regions],
            "claims": [c.to_dict() for c in self.claims],
            "taken": [x.to_dict() for x in self.taken],
            "facts": {
                "only_a": list(self.only[0]),
                "only_b": list(self.only[1]),
                "redeclared": [r.to_dict() for r in self.redeclared],
            },
            "lacking": [attrs.asdict(x) for x in self.lacking],
            "values": list(self.values),
        }

    as_dict = to_dict

    def to_json(self) -> str:
        """Give it as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self, lang: str = "en", *, derivations: bool = False) -> str:
        """Give it as text, in Indonesian (`id`) or English (`en`).

        Of the derivations it has what differs in them, or all with `derivations`.
        """
        return difference_text(self, lang, derivations=derivations)

    def __str__(self) -> str:
        """Give it as English text."""
        return self.to_text("en")
