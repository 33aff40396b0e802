"""Margins of the weights of a score: how far each can move before the order of people, or who is above, changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Unpack

import attrs

from asnmerit.compiled import compiled
from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import np
from asnmerit.sensitivity.margins import Change, line, order_changes, threshold_changes, unrounded
from asnmerit.sensitivity.tabling import html, language, plain, table
from asnmerit.sensitivity.trying import Trial, TryOptions, people
from asnmerit.sensitivity.weighting import weighed

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

MOST_ROWS: Final = 5
TITLE: Final = {"id": "Ruang gerak bobot", "en": "Margins of weights"}
NOTES: Final = {
    "order": {
        "id": "Selama bobot bergerak kurang dari ini (bobot lain mengikuti secara sebanding), urutan orang tetap. "
        "Yang dibandingkan adalah jumlah berbobot sebelum dibulatkan.",
        "en": "While a weight moves by less than this (the others scale with it), the order of people stays. "
        "What is compared is the weighted sum before rounding.",
    },
    "threshold": {
        "id": "Selama bobot bergerak kurang dari ini (bobot lain mengikuti secara sebanding), "
        "orang yang nilainya mencapai {0} tetap sama.",
        "en": "While a weight moves by less than this (the others scale with it), those who reach {0} stay the same.",
    },
    "all": {
        "id": "Kosong: sejauh apa pun bobot bergerak, tidak ada yang berubah.",
        "en": "Empty: however far the weight moves, nothing changes.",
    },
    "out": {
        "id": "{0} dari {1} orang tidak ikut: nilainya belum diketahui atau datanya salah.",
        "en": "{0} of {1} people are left out: a value is not known, or the row is faulty.",
    },
}


@attrs.frozen
class Margin:
    """One weight: what it is, and the first change when it goes down or up; None where nothing ever changes.

    `carries_all`: the weight is 100%, and there are no others to scale.
    """

    part: str
    weight: Fraction
    down: Change | None
    up: Change | None
    carries_all: bool = False


@attrs.frozen(repr=False)
class WeightMargins:
    """The margins of all weights of a score. `least` is the smallest of all moves that change something."""

    policy: str
    score: str
    threshold: Fraction | None
    margins: tuple[Margin, ...]
    people: int
    left_out: int

    def __repr__(self) -> str:
        """Name the score and how many people were compared."""
        return f"<WeightMargins of {self.policy} {self.score}: {self.people} people>"

    def __getitem__(self, part: str) -> Margin:
        """Give the margin of one part."""
        for margin in self.margins:
            if margin.part == part:
                return margin
        raise KeyError(part)

    @property
    def least(self) -> Fraction | None:
        """The smallest move of any weight that changes something."""
        return min((c.move for m in self.margins for c in (m.down, m.up) if c is not None), default=None)

    @property
    def columns(self) -> dict[str, list[Any]]:
        """One row a weight: the weight, the moves, and the rows of the people whom the first change is about."""

        def moves(side: str) -> list[Fraction | None]:
            found = [getattr(m, side) for m in self.margins]
            return [None if c is None else c.move for c in found]

        def rows(side: str) -> list[str | None]:
            found = [getattr(m, side) for m in self.margins]
            return [None if c is None else _few(c.rows) for c in found]

        return {
            "part": [m.part for m in self.margins],
            "weight": [m.weight for m in self.margins],
            "down": moves("down"),
            "up": moves("up"),
            "rows_down": rows("down"),
            "rows_up": rows("up"),
        }

    @property
    def table(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """The margins as an Arrow table; shares stay exact."""
        return table(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as plain data; shares are text."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]
        return {
            "policy": self.policy,
            "score": self.score,
            "threshold": None if self.threshold is None else str(self.threshold),
            "people": self.people,
            "left_out": self.left_out,
            "margins": [{k: str(v) if isinstance(v, Fraction) else v for k, v in row.items()} for row in rows],
        }

    def _notes(self, lang: str) -> list[str]:
        kind = NOTES["order" if self.threshold is None else "threshold"][lang]
        out = [NOTES["out"][lang].format(self.left_out, self.left_out + self.people)] if self.left_out else []
        return [kind.format(self.threshold), NOTES["all"][lang], *out]

    def text(self, lang: str = "id") -> str:
        """Write it in Indonesian or English."""
        of = language(lang)
        return "\n".join([f"{TITLE[of]}: {self.policy} {self.score}", *plain(self._percent(), of), *self._notes(lang)])

    def _percent(self) -> dict[str, list[Any]]:
        """Give the columns with shares as percentages: exact in brackets where they are long."""
        found = dict(self.columns)
        for name in ("weight", "down", "up"):
            found[name] = [None if v is None else _percentage(v) for v in found[name]]
        return found

    def __str__(self) -> str:
        """Write it in Indonesian."""
        return self.text()

    def to_html(self, lang: str = "id") -> str:
        """Write it as a fragment of HTML."""
        return html(
            f"{TITLE[language(lang)]}: {self.policy} {self.score}", self._percent(), self._notes(lang), language(lang)
        )

    def _repr_html_(self) -> str:
        return self.to_html()


def _few(rows: tuple[int, ...]) -> str:
    more = f" … ({len(rows)})" if len(rows) > MOST_ROWS else ""
    return ", ".join(map(str, rows[:MOST_ROWS])) + more


def _percentage(share: Fraction) -> str:
    exact = f"{share.numerator}/{share.denominator}"
    short = f"{float(share * 100):.4g}%"
    return short if Fraction(short[:-1]) == share * 100 else f"{short} ({exact})"


def weight_margins(
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    score: str,
    *,
    threshold: object = None,
    as_of: datetime.date | str | None = None,
    **options: Unpack[TryOptions],
) -> WeightMargins:
    """Find how far each weight of a score can move, the others scaled to 100%, before something changes.

    Without a threshold the something is the order of people: that two who were apart by the weighted sum (before it is
    rounded) become equal. With one (an exact number, or the name of a parameter) it is who reaches it, rounding
    included. Moves are exact shares: 1/50 is two points of a hundred. People of whom a value is not known, and faulty
    rows, are left out and counted.

    Raises `ArgumentError` for a score that has no scheme of weights, or several; `FrameError` for columns.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> frame = pyarrow.table({
    ...     "quality_supervisor": [[90], [80]], "quality_peers": [[], []], "quality_subordinates": [[], []],
    ...     "absences": ['[{"start": "2025-03-03", "days": 2}]', "[]"], "innovation_panel": [[70], [75]]})
    >>> found = weight_margins(law, frame, "merit_score")
    >>> found["quality"].up, found["quality"].down.move
    (None, Fraction(1, 18))
    """
    compiled(law)
    found = weighed(law, score)
    bound = None if threshold is None else _threshold(law, threshold)
    keys = [s.key for s in law.steps if s.role == "check"] + list(found.weights)
    given = people(law, frame, keys, as_of, options)
    trial = Trial([law], keys, given.day)
    values: dict[str, list[Any]] = {key: [] for key in found.weights}
    kept: list[Any] = []
    start = 0
    for block, wrong in given.blocks:
        for view in trial.views(block, wrong):
            good = np.ones(block.rows, np.bool_) if view.wrong is None else ~view.wrong
            for key in found.weights:
                known = view.steps.known(key)
                good = good if known is None else good & known
            for key in found.weights:
                values[key].append(view.steps.value(key)[good])
            kept.append(start + np.flatnonzero(good))
        start += block.rows
    rows = np.concatenate(kept) if kept else np.zeros(0, np.int64)
    dens = {key: int(law.steps[law.index[key]].code.type.den) for key in found.weights}
    columns = {key: (np.concatenate(v) if v else np.zeros(0, np.int64), dens[key]) for key, v in values.items()}
    margins = []
    for part, weight in found.weights.items():
        if weight == 1:
            margins.append(Margin(part, weight, None, None, carries_all=True))
            continue
        lines = line(found, part, columns)
        if bound is None:
            down, up = order_changes(lines, rows)
        else:
            at, closed = unrounded(bound, found.mode, found.to)
            down, up = threshold_changes(lines, rows, at, closed=closed)
        margins.append(Margin(part, weight, down, up))
    return WeightMargins(law.policy, score, bound, tuple(margins), len(rows), given.rows - len(rows))


def _threshold(law: Law, said: object) -> Fraction:
    if isinstance(said, str) and said in law.data.parameters:
        said = law.data.parameters[said]
    try:
        if isinstance(said, int | Fraction | Decimal | str) and not isinstance(said, bool):
            return Fraction(said)
    except (ValueError, ZeroDivisionError, OverflowError):
        pass
    names: Mapping[str, Any] = law.data.parameters
    raise ArgumentError("threshold", said, f"an exact number, or the name of a parameter: {', '.join(names)}")
