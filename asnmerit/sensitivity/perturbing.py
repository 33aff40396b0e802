"""Small errors: a rater one step off, another rounding, a day earlier or later. Each as lanes or as a law."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, PolicyError
from asnmerit.frames.arrow import np
from asnmerit.frames.kernel import Block, Lane
from asnmerit.outcome import facts_below
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Enum, ListOf, Number, PerMember, Type, Yearly
from asnmerit.sensitivity.changing import MODES, rounded_steps, with_rounding

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Array = Any
ROUNDINGS: Final = ("half_up", "half_even", "half_down")
"""What another rounding is, where the caller does not say: the other readings of "round to the nearest"."""


@attrs.frozen(eq=False)
class Rated:
    """A fact that somebody rates: its lane and place in it (of a list the row), its range, how far an error goes."""

    fact: str
    lane: Lane
    row: int | None
    lo: int
    hi: int
    error: int
    codes: tuple[int, ...] | None = None

    def place(self, year: int) -> str:
        """Say which one of the fact it is, on a day of a year."""
        if self.row is not None:
            return f"{self.fact}[{self.row + 1}]"
        slot = self.lane[1]
        return self.fact if slot is None else f"{self.fact}[{year - 1 - slot if isinstance(slot, int) else slot}]"

    def moved(self, block: Block, sign: int) -> tuple[Block, Array] | None:
        """Give the block with this rating one error up or down, and in which rows that could be done."""
        values, known = block.values[self.lane], block.known.get(self.lane)
        if self.row is not None and self.row >= values.shape[0]:
            return None
        at: Any = slice(None) if self.row is None else self.row
        before = values[at]
        after, possible = self._shifted(before, sign)
        if known is not None:
            possible = possible & known[at]
        if self.row is not None:
            count = (self.fact, "#")
            possible = possible & (block.values[count] > self.row)
            possible = possible & block.known[count] if count in block.known else possible
        if not possible.any():
            return None
        changed = values.copy()
        changed[at] = np.where(possible, after, before)
        return attrs.evolve(block, values={**block.values, self.lane: changed}), possible

    def _shifted(self, before: Array, sign: int) -> tuple[Array, Array]:
        if self.codes is None:
            after = before.astype(np.int64) + sign * self.error
            return after, (after >= self.lo) & (after <= self.hi)
        # Members by level: an error goes to the next level, whichever members stand on it.
        next_ = np.array([_neighbour(self.codes, i, sign * self.error) for i in range(len(self.codes))])
        after = next_[before]
        return np.where(after >= 0, after, before), after >= 0


def _neighbour(levels: tuple[int, ...], code: int, steps: int) -> int:
    """Give the first member so many levels away; -1 where there is none."""
    wanted = levels[code] + steps
    return next((i for i, level in enumerate(levels) if level == wanted), -1)


def rated(law: Law, keys: Collection[str], asked: object, errors: object) -> tuple[Rated, ...]:
    """Give every place that somebody rates and some steps rest on.

    Without `asked` these are the scores of raters, and the facts that the law marks as merit. `errors` says how far an
    error goes, by fact: in points of a number, in steps of an order; otherwise one step.
    """
    below = facts_below(law, *keys)
    names = [n for n, d in law.declared.items() if n in below and (d.rates or "merit" in d.marks) and _steps(d.type)]
    if asked is not None:
        names = _chosen(law, asked, below)
    sizes = _sizes(errors, names)
    found: list[Rated] = []
    for lane in law.inputs:
        if lane[0] in names and lane[1] != "#":
            found += _places(law, lane, sizes.get(lane[0]))
    return tuple(found)


def _steps(of: Any) -> bool:  # noqa: ANN401 - a type of a fact
    inner = of.of if isinstance(of, Yearly | PerMember) else of.fields.get("value") if isinstance(of, ListOf) else of
    return isinstance(inner, Number) or (isinstance(inner, Enum) and inner.ordered)


def _chosen(law: Law, asked: object, below: Collection[str]) -> list[str]:
    names = [asked] if isinstance(asked, str) else list(asked) if isinstance(asked, Collection) else None
    if isinstance(asked, AbstractSet):
        names = sorted(asked, key=str)
    if names is None:
        raise ArgumentError("raters", asked, "names of facts that are rated")
    for name in names:
        good = name in law.declared and _steps(law.declared[name].type)
        if not good:
            near = near_misses(str(name)[:80], law.declared)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError("raters", name, f"a fact of the law with numbers or an order{hint}")
    return [name for name in names if name in below]


def _sizes(errors: object, names: Collection[str]) -> Mapping[str, Any]:
    if errors is None:
        return {}
    if not isinstance(errors, Mapping):
        raise ArgumentError("errors", errors, "a mapping from rated facts to how far a rater errs")
    for name in errors:
        if name not in names:
            near = near_misses(str(name)[:80], names)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError("errors", name, f"a rated fact: {', '.join(names) or 'there is none'}{hint}")
    return errors


def _places(law: Law, lane: Lane, size: object) -> Iterator[Rated]:
    of = law.declared[lane[0]].type
    inner: Type = of
    rows: tuple[int | None, ...] = (None,)
    if isinstance(of, Yearly | PerMember):
        inner = of.of
    elif isinstance(of, ListOf):
        inner, rows = of.fields[str(lane[1])[1:]], tuple(range(of.up_to))
    if not isinstance(inner, Number | Enum):
        return
    kind = int_type(inner)
    codes = inner.levels if isinstance(inner, Enum) else None
    step = (inner.step or Fraction(1)) if isinstance(inner, Number) else Fraction(1)
    far = step if size is None else _far(lane[0], size, step)
    for row in rows:
        # No error is made that is longer than the scale; numbers stay in 64 bits.
        yield Rated(lane[0], lane, row, kind.lo, kind.hi, min(int(far * kind.den), kind.hi - kind.lo + 1), codes)


def _far(name: str, size: object, step: Fraction) -> Fraction:
    try:
        far = Fraction(size) if isinstance(size, int | str | Fraction) and not isinstance(size, bool) else None
    except (ValueError, ZeroDivisionError):
        far = None
    if far is None or far <= 0 or far % step != 0:
        raise ArgumentError(f"errors[{name}]", size, f"a whole number of steps of {step}, above 0")
    return far


# --- laws ---


def roundings(law: Law, keys: Collection[str], asked: object) -> tuple[dict[str, Law], tuple[str, ...]]:
    """Give the law with each other rounding, by mode, and the modes with which it would not hold.

    Modes that change nothing are left out: those in which the law rounds already, and all of them where it never does.
    """
    names = ROUNDINGS if asked is None else (asked,) if isinstance(asked, str) else asked
    if isinstance(names, AbstractSet):
        # A set has no order of its own, and that of texts is another in each process.
        names = sorted(names, key=str)
    if not isinstance(names, Collection) or not all(name in MODES for name in names):
        raise ArgumentError("roundings", asked, f"modes: {', '.join(MODES)}")
    now = {mode for key, mode in rounded_steps(law) if key in keys}
    made: dict[str, Law] = {}
    unlawful: list[str] = []
    for mode in names:
        if not now or now == {mode}:
            continue
        try:
            made[mode] = with_rounding(law, mode)
        except PolicyError:
            unlawful.append(mode)
    return made, tuple(unlawful)


def days_around(law: Law, day: datetime.date, days: int) -> Iterator[datetime.date]:
    """Give the days so many before and after, where the same law holds."""
    first, last = law.valid
    for other in (day - datetime.timedelta(days), day + datetime.timedelta(days)):
        if other >= first and (last is None or other < last):
            yield other
