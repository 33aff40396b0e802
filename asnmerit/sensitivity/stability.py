"""What fragility found: every error that was tried, every rater, and the stability of each person's outcome."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from asnmerit.frames.answers import ERROR, STATUSES, UNDETERMINED
from asnmerit.sensitivity.tabling import html, language, plain, table

TITLE: Final = {"id": "Kerapuhan keputusan", "en": "Fragility"}
KINDS: Final = {
    "rating": {"id": "penilai", "en": "rating"},
    "rounding": {"id": "pembulatan", "en": "rounding"},
    "day": {"id": "hari", "en": "day"},
}
NOTES: Final = {
    "settled": {
        "id": "{0} dari {1} orang memiliki hasil yang pasti; {2} belum pasti dan {3} berdata salah, tidak dihitung.",
        "en": "{0} of {1} people have a settled outcome; {2} are undetermined and {3} faulty, and not counted.",
    },
    "firm": {
        "id": "{0} orang ({1}) tidak berubah oleh kesalahan mana pun; rata-rata seluruh percobaan {2} bertahan.",
        "en": "{0} people ({1}) keep their outcome under every error; of all tries together {2} keep it.",
    },
    "rater": {
        "id": "Salah satu langkah pada {0}: {1} hasil berubah.",
        "en": "An error of one step in {0}: {1} outcomes flip.",
    },
    "unlawful": {
        "id": "Pembulatan {0} tidak dapat dicoba: nilai akan keluar dari skalanya.",
        "en": "Rounding by {0} cannot be tried: a value would leave its scale.",
    },
    "alone": {
        "id": "Setiap kesalahan dicoba sendiri-sendiri; dua kesalahan bersama dapat mengubah lebih banyak.",
        "en": "Each error is tried alone; two together may flip more.",
    },
}


@attrs.frozen
class Perturbation:
    """One error: its kind (`rating`, `rounding`, `day`), where, which way, of how many asked, how many flipped.

    `gained` and `lost` are those of the flipped who came to be granted, and who came to be refused.
    """

    kind: str
    fact: str
    what: str
    way: str
    asked: int = 0
    flipped: int = 0
    gained: int = 0
    lost: int = 0


@attrs.frozen(repr=False, eq=False)
class Fragility:
    """How fragile the outcomes of a decision are. `raters` counts for each rated fact whom any error of it flips."""

    policy: str
    decision: str
    day: datetime.date
    tried: tuple[Perturbation, ...]
    raters: Mapping[str, int]
    unlawful: tuple[str, ...]
    status: Any = attrs.field(repr=False)
    kept: Any = attrs.field(repr=False)
    asked: Any = attrs.field(repr=False)

    def __repr__(self) -> str:
        """Name the decision and how much of it is stable."""
        return f"<Fragility of {self.policy} {self.decision}: {self.people} people, {len(self.tried)} errors tried>"

    @property
    def people(self) -> int:
        """All rows of the frame."""
        return len(self.status)

    @property
    def unsettled(self) -> int:
        """People whose outcome is undetermined, or whose row is faulty."""
        return int(((self.status == UNDETERMINED) | (self.status == ERROR)).sum())

    @property
    def firm(self) -> int:
        """People with a settled outcome that no error flips."""
        settled = (self.status != UNDETERMINED) & (self.status != ERROR)
        return int((settled & (self.kept == self.asked)).sum())

    @property
    def overall(self) -> Fraction | None:
        """The share of all tries that keep the outcome; None where nothing could be tried."""
        asked = int(self.asked.sum())
        return Fraction(int(self.kept.sum()), asked) if asked else None

    @property
    def stability(self) -> tuple[Fraction | None, ...]:
        """The share of the errors asked of each person that keep the outcome, row by row; None where none was asked."""
        pairs = zip(self.kept.tolist(), self.asked.tolist(), strict=True)
        return tuple(Fraction(kept, asked) if asked else None for kept, asked in pairs)

    @property
    def persons(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """One row a person, in the order of the frame: status, errors asked, kept, and the stability as a float."""
        pairs = zip(self.kept.tolist(), self.asked.tolist(), strict=True)
        return table(
            {
                "status": [STATUSES[s] for s in self.status.tolist()],
                "asked": self.asked.tolist(),
                "kept": self.kept.tolist(),
                "stability": [kept / asked if asked else None for kept, asked in pairs],
            }
        )

    @property
    def columns(self) -> dict[str, list[Any]]:
        """One row an error that was tried."""
        names = ("kind", "what", "way", "asked", "flipped", "gained", "lost")
        return {name: [getattr(t, name) for t in self.tried] for name in names}

    @property
    def table(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """The errors that were tried, as an Arrow table."""
        return table(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Give the sums as plain data; those of persons stand in `persons`."""
        return {
            "policy": self.policy,
            "decision": self.decision,
            "day": str(self.day),
            "people": self.people,
            "unsettled": self.unsettled,
            "firm": self.firm,
            "overall": None if self.overall is None else str(self.overall),
            "raters": dict(self.raters),
            "unlawful": list(self.unlawful),
            "tried": [attrs.asdict(t) for t in self.tried],
        }

    def _said(self, lang: str) -> dict[str, list[Any]]:
        return {**self.columns, "kind": [KINDS[t.kind][lang] for t in self.tried]}

    def _notes(self, lang: str) -> list[str]:
        undetermined = int((self.status == UNDETERMINED).sum())
        settled = self.people - self.unsettled
        counts = (settled, self.people, undetermined, self.unsettled - undetermined)
        notes = [NOTES["settled"][lang].format(*counts)]
        if self.overall is not None:
            shares = [f"{float(s):.1%}" for s in (Fraction(self.firm, settled), self.overall)]
            shares = [s.replace(".", ",") for s in shares] if lang == "id" else shares
            notes.append(NOTES["firm"][lang].format(self.firm, *shares))
        notes += [NOTES["rater"][lang].format(name, n) for name, n in self.raters.items()]
        notes += [NOTES["unlawful"][lang].format(", ".join(self.unlawful))] if self.unlawful else []
        return [*notes, NOTES["alone"][lang]]

    def text(self, lang: str = "id") -> str:
        """Write it in Indonesian or English."""
        of = language(lang)
        return "\n".join([f"{TITLE[of]}: {self.policy} {self.decision}", *plain(self._said(of), of), *self._notes(of)])

    def __str__(self) -> str:
        """Write it in Indonesian."""
        return self.text()

    def to_html(self, lang: str = "id") -> str:
        """Write it as a fragment of HTML."""
        of = language(lang)
        return html(f"{TITLE[of]}: {self.policy} {self.decision}", self._said(of), self._notes(of), of)

    def _repr_html_(self) -> str:
        return self.to_html()
