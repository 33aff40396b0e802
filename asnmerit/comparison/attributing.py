"""Which of several changes made at once did what: shares that depend on no order and add up to the whole, exactly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any, Final, Protocol, Unpack, runtime_checkable

import attrs

from asnmerit.comparison.attributed import Attribution, Share
from asnmerit.comparison.cells import change_of, money
from asnmerit.comparison.comparing import Day, Frame, PeopleOptions, answered, order_of
from asnmerit.comparison.pairing import Pair, paired
from asnmerit.comparison.population import population
from asnmerit.comparison.reading import Answers
from asnmerit.comparison.signing import signed
from asnmerit.errors import ArgumentError, AsnmeritError, UnknownDecisionError
from asnmerit.frames.answers import REFUSED
from asnmerit.frames.arrow import np
from asnmerit.frames.deciding import BATCH_ROWS
from asnmerit.rules.law import A_LAW, Law

MOST_CHANGES: Final = 8
"""With n changes 2^n laws decide everyone."""
FEWEST_ROWS: Final = 2_048
COUNTED: Final = ("changed", "winners", "losers")


class TooManyChangesError(AsnmeritError, ValueError):
    """More changes than can be attributed: every set of them is a law of its own."""

    def __init__(self, changes: Collection[str]) -> None:
        """Keep the names of the changes."""
        self.changes = tuple(changes)
        super().__init__(self.changes)

    def __str__(self) -> str:
        """Say how many there are and how many there may be."""
        return f"{len(self.changes)} changes, at most {MOST_CHANGES}: join some that belong together"


@runtime_checkable
class Parted(Protocol):
    """A reform made of named changes: the law before, their names, and the reform with some of them."""

    @property
    def before(self) -> Law:
        """The law before."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the changes."""
        ...

    @property
    def unbound(self) -> tuple[str, ...]:
        """The changes that go beyond what is delegated."""
        ...

    def part(self, keys: Collection[str]) -> Any:  # noqa: ANN401 - a reform, which has a `law`
        """Give the reform with some of its changes."""
        ...


Laws = Mapping[str, Callable[[Law], Law]] | Mapping[Collection[str], Law] | Parted


def attribute(
    laws: Laws,
    frame: Frame,
    decision: str,
    *,
    before: Law | None = None,
    as_of: Day = None,
    **options: Unpack[PeopleOptions],
) -> Attribution:
    """Share out what several changes do together: each gets its Shapley value, whatever order they are thought of in.

    `laws` is a mapping from the name of a change to a function from law to law, with the law `before`; or a mapping
    from every set of names (a tuple or frozenset, the empty one too) to the law under those changes; or a reform.
    Shared out are, exactly, as fractions: each amount of the outcome, and the numbers of changed decisions, winners
    and losers. Only people whom every one of the laws settles are counted; the others are in `unsettled`.

    Raises `TooManyChangesError` beyond eight changes, `ArgumentError` where a set of changes has no law, and what
    `compare` raises.

    >>> import asnmerit, pyarrow
    >>> policy = asnmerit.load("manokwari/merit")
    >>> old, new = (asnmerit.in_force(policy, on=day) for day in ("2025-04-01", "2026-04-01"))
    >>> found = attribute({"new year": lambda law: new}, pyarrow.table({"active": [False]}), "promotion", before=old)
    >>> found.people, found.whole["changed"]
    (1, 0)
    """
    names, found = _laws(laws, before)
    unique, places = _different(found, decision)
    pairs = [paired(unique[0], law, decision) for law in unique]
    games = _Games(pairs)
    people = population(frame)
    asked = PeopleOptions(**options)
    asked.setdefault("batch_rows", max(FEWEST_ROWS, BATCH_ROWS * 8 // max(len(unique), 8)))
    orders = [order_of(unique[0], pairs, 0, as_of, asked)]
    orders += [order_of(law, [pair], 1, as_of, asked) for law, pair in zip(unique[1:], pairs[1:], strict=True)]
    for _, _, answers in answered(orders, people, ()):
        games.add(answers)
    worth = [games.worth(place) for place in places]
    shared = _shared(names, worth, games, (found[0], found[-1]), decision)
    return attrs.evolve(shared, unbound=laws.unbound) if isinstance(laws, Parted) else shared


def _laws(laws: object, before: object) -> tuple[tuple[str, ...], list[Law]]:
    """Give the names of the changes and the law of every set of them, by the bits of its place."""
    if isinstance(laws, Mapping) and laws:
        if all(isinstance(law, Law) for law in laws.values()):
            return _of_subsets(laws)
        if all(isinstance(n, str) and callable(c) for n, c in laws.items()):
            if not isinstance(before, Law):
                raise ArgumentError("before", before, A_LAW)
            return _of_changes(laws, before)
    if isinstance(laws, Parted):
        names = _few(laws.keys)
        return names, [laws.before if not some else laws.part(some).law for some in _sets(names)]
    expected = "changes by name (functions from law to law), a law for each set of changes, or a reform"
    raise ArgumentError("laws", laws, expected)


def _few(names: Collection[str]) -> tuple[str, ...]:
    if len(names) > MOST_CHANGES:
        raise TooManyChangesError(names)
    if not names:
        raise ArgumentError("laws", "no changes", "one change at least")
    return tuple(names)


def _sets(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Give every set of the names, at the place whose bits it is."""
    return [tuple(n for i, n in enumerate(names) if mask >> i & 1) for mask in range(2 ** len(names))]


def _of_changes(changes: Mapping[str, Any], before: Law) -> tuple[tuple[str, ...], list[Law]]:
    names = _few(tuple(changes))
    found: list[Law] = [before]
    for some in _sets(names)[1:]:
        # The last change is made upon the law of the others, so that each is made once a set.
        base = found[sum(1 << names.index(n) for n in some[:-1])]
        law = changes[some[-1]](base)
        if not isinstance(law, Law):
            raise ArgumentError("laws", law, f"a Law from the change {some[-1]!r}")
        found.append(law)
    return names, found


def _of_subsets(laws: Mapping[Any, Law]) -> tuple[tuple[str, ...], list[Law]]:
    given: dict[frozenset[str], Law] = {}
    for key, law in laws.items():
        some = frozenset((key,) if isinstance(key, str) else key)
        if some in given:
            raise ArgumentError("laws", key, "one law for a set of changes")
        given[some] = law
    names = _few(tuple(dict.fromkeys(n for key in laws for n in ((key,) if isinstance(key, str) else sorted(key)))))
    missing = [some for some in _sets(names) if frozenset(some) not in given]
    if missing:
        said = "; ".join(" + ".join(some) or "no change" for some in missing[:8])
        raise ArgumentError("laws", said, "a law for every set of changes; these have none")
    return names, [given[frozenset(some)] for some in _sets(names)]


def _different(laws: Sequence[Law], decision: str) -> tuple[list[Law], list[int]]:
    """Give the laws that differ in meaning, the first first, and the place of each law among them."""
    known: dict[tuple[Any, ...], int] = {}
    unique: list[Law] = []
    places = []
    for law in laws:
        if decision not in law.decisions:
            raise UnknownDecisionError(decision, tuple(law.decisions))
        key = (law.meaning, law.on, tuple((n, str(d.type)) for n, d in law.declared.items()))
        if key not in known:
            known[key] = len(unique)
            unique.append(law)
        places.append(known[key])
    return unique, places


@attrs.define(eq=False)
class _Game:
    """What one law does against the law before, to the people whom every law settles."""

    counts: dict[str, int] = attrs.field(factory=lambda: dict.fromkeys(COUNTED, 0))
    before: list[int] = attrs.field(factory=list)
    after: list[int] = attrs.field(factory=list)


class _Games:
    """What each of the different laws does, batch by batch."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs = pairs
        self.games = [_Game() for _ in pairs]
        self.people = self.unsettled = 0

    def add(self, answers: Sequence[Any]) -> None:
        settled = np.ones(answers[0].num_rows, bool)
        for at, (pair, answer) in enumerate(zip(self.pairs, answers, strict=True)):
            # The first pair is the law before, held against itself.
            settled &= Answers(pair, min(at, 1), answer).status() <= REFUSED
        self.people += len(settled)
        self.unsettled += int((~settled).sum())
        for pair, game, answer in zip(self.pairs, self.games, answers, strict=True):
            found = signed(pair, (answers[0], answer), [(settled.astype(np.int64), [False, True])], why=False)
            ways = tuple(f.way for f in pair.fields)
            rest = (found.people, found.before, found.after)
            for cell, people, before, after in zip(found.cells, *rest, strict=True):
                if cell.group == ((bool, True),):
                    _note(game, change_of(cell, pair.way, ways), people, before, after)

    def worth(self, place: int) -> dict[str, Fraction]:
        """Give what a law is worth: more paid than before, by field, and people."""
        pair, game = self.pairs[place], self.games[place]
        found = {name: Fraction(count) for name, count in game.counts.items()}
        for i, field in enumerate(pair.amounts):
            both = (game.before[i], game.after[i]) if game.before else (0, 0)
            found[f"amount.{field.name}"] = Fraction(both[1], field.dens[1]) - Fraction(both[0], field.dens[0])
        return found


def _note(game: _Game, change: str, people: int, before: Sequence[int], after: Sequence[int]) -> None:
    game.counts["changed"] += people * (change in {"winner", "loser", "otherwise"})
    game.counts["winners"] += people * (change == "winner")
    game.counts["losers"] += people * (change == "loser")
    game.before = [a + b for a, b in zip(game.before or [0] * len(before), before, strict=True)]
    game.after = [a + b for a, b in zip(game.after or [0] * len(after), after, strict=True)]


def shapley(worth: Sequence[Fraction], count: int) -> list[Fraction]:
    """Give the Shapley value of each of some players, of the worth of every set of them by its bits.

    The values add up to the worth of all of them less that of none.

    >>> shapley([Fraction(0), Fraction(10), Fraction(20), Fraction(36)], 2)
    [Fraction(13, 1), Fraction(23, 1)]
    """
    values = []
    for player in range(count):
        others = [i for i in range(count) if i != player]
        value = Fraction(0)
        for size in range(count):
            weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for some in combinations(others, size):
                mask = sum(1 << i for i in some)
                value += weight * (worth[mask | 1 << player] - worth[mask])
        values.append(value)
    return values


def _shared(
    names: tuple[str, ...],
    worth: Sequence[Mapping[str, Fraction]],
    games: _Games,
    laws: tuple[Law, Law],
    decision: str,
) -> Attribution:
    """Share out everything that all of the laws have."""
    every = (1 << len(names)) - 1
    measures = [name for name in worth[every] if all(name in one for one in worth)]
    columns = {m: [one[m] for one in worth] for m in measures}
    values = {m: shapley(column, len(names)) for m, column in columns.items()}
    shares = tuple(
        Share(
            name,
            {m: money(values[m][i]) for m in measures},
            {m: money(columns[m][1 << i] - columns[m][0]) for m in measures},
            {m: money(columns[m][every] - columns[m][every ^ 1 << i]) for m in measures},
        )
        for i, name in enumerate(names)
    )
    whole = {m: money(columns[m][every] - columns[m][0]) for m in measures}
    return Attribution(laws, decision, shares, whole, games.people, games.unsettled)
