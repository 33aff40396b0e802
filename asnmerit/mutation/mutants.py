"""Every small change of a policy document that is worth a test: what it was, what it becomes, and by which article."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.mutation.expressions import ROUNDINGS, Rewriting, rewritings
from asnmerit.mutation.places import Place, places, shown_path
from asnmerit.mutation.steps import beside, beside_day, beside_number
from asnmerit.mutation.values import written_type
from asnmerit.rules import shapes as s
from asnmerit.rules import surface
from asnmerit.rules.document import Scalar, Sequence, Table
from asnmerit.rules.editing import Add, Change, Drop, Path, Set, node_at, written
from asnmerit.rules.types import Bool, Date, Enum, Number

if TYPE_CHECKING:
    from asnmerit.rules.document import Node
    from asnmerit.rules.policy import Policy
    from asnmerit.rules.scope import Scope

CONDITIONS: Final = frozenset({"requires", "unless", "any_of", "all_of", "of", "except_"})
TURNED: Final = {"requires": "unless", "unless": "requires"}
JOINED: Final = {"any_of": "all_of", "all_of": "any_of"}
MODES: Final = {mode: tuple(m.replace("round_", "") for m in found) for name, found in ROUNDINGS.items()
                for mode in (name.replace("round_", ""),)}  # fmt: skip
_NEXT: Final = re.compile(r"(?:next|prev)\(([^()]*)\)\Z")
SHOWN: Final = 60


@attrs.frozen(eq=False)
class Mutant:
    """A document changed in one place: in what way, where, what was there and what is there now.

    `articles` are the citations nearest to the place; `number` its place among all mutants of the document.
    """

    number: int
    kind: str
    path: Path
    file: str
    line: int
    was: str
    became: str
    articles: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def way(self) -> str:
        """The way to the place, as one text."""
        return shown_path(self.path)

    def __str__(self) -> str:
        """Say what was changed."""
        return f"{self.kind} at {self.file}:{self.line} {self.way}: {self.was} -> {self.became}"


@attrs.frozen(eq=False)
class _Found:
    kind: str
    was: str
    became: str
    changes: tuple[Change, ...]


def mutants(root: Table, policy: Policy) -> tuple[Mutant, ...]:
    """Give all mutants of the document of a policy, in the order of the document.

    `root` is the document as read, `policy` what it was loaded to.
    """
    finder = _Finder(root, policy)
    found = [(place, one) for place in places(root, policy.module) for one in finder.of(place)]
    return tuple(
        Mutant(
            number, one.kind, place.path, place.node.position.file, place.node.position.line,
            one.was, one.became, place.articles, one.changes,
        )
        for number, (place, one) in enumerate(found, start=1)
    )  # fmt: skip


def some(found: Iterable[Mutant], limit: int | None, seed: int = 0) -> tuple[Mutant, ...]:
    """Give at most so many mutants, drawn by a seed, in the order of the document."""
    every = tuple(found)
    if limit is None or len(every) <= limit:
        return every
    drawn = random.Random(seed).sample(range(len(every)), limit)  # noqa: S311 - a sample, no secret
    return tuple(every[i] for i in sorted(drawn))


@attrs.frozen
class _Finder:
    """What can be changed at a place, by what stands there."""

    root: Table
    policy: Policy

    @property
    def scope(self) -> Scope:
        return self.policy.module.scope

    def of(self, place: Place) -> Iterator[_Found]:
        if place.field == "for_":
            return
        if place.path[0] == "facts":
            if place.field == "assume" and isinstance(place.node, Scalar):
                yield from self._valued(place, "presumption")
            return
        if place.field in CONDITIONS and not isinstance(place.shape, s.Named | s.Conditions):
            yield from self._condition(place)
        yield from self._by_field(place)
        if isinstance(place.node, Scalar):
            yield from self._scalar(place, place.node)

    def _by_field(self, place: Place) -> Iterator[_Found]:
        match place.field:
            case "applies" | "when":
                yield from self._dropped(place)
            case "any_of" | "all_of":
                yield from self._joined(place)
            case "order":
                yield from self._order(place)
            case "schemes":
                yield from self._schemes(place)
            case "mode" | "to":
                yield from self._rounding(place)
            case "combine":
                yield from self._combine(place)
            case _:
                return

    def _scalar(self, place: Place, node: Scalar) -> Iterator[_Found]:
        match place.shape:
            case s.Expression() | s.Entry(short="is"):
                yield from self._expression(place, node)
            case s.Entry(short="value"):
                yield from self._valued(place, "parameter")
            case s.Anything() | s.Literal() if place.field in {"value", "rows", "series", "otherwise"}:
                kind = "cell" if place.path[0] == "tables" else "parameter"
                yield from self._valued(place, kind)
            case s.Day() if place.field in {"from_", "until", "enacted"}:
                yield from self._day(place, node)
            case s.Whole() if place.field == "at_least":
                kind = "connective" if place.form is not surface.Rater else "threshold"
                yield from self._texts(place, node, kind, beside_number(node.text))
            case _:
                return

    def _texts(self, place: Place, node: Scalar, kind: str, texts: Iterable[str]) -> Iterator[_Found]:
        for text in texts:
            yield _Found(kind, _short(node.text), _short(text), (Set(place.path, written(text, node)),))

    # --- values ---

    def _valued(self, place: Place, kind: str) -> Iterator[_Found]:
        node, of = place.node, written_type(place.path, self.policy)
        if isinstance(node, Scalar) and of is not None:
            yield from self._texts(place, node, kind, beside(node.text, of))

    def _day(self, place: Place, node: Scalar) -> Iterator[_Found]:
        """A policy's own life is only made shorter: nothing can be asked of it outside."""
        later, earlier = beside_day(node.text) or ("", "")
        whole = place.form is surface.Period or place.form is surface.Document
        texts = (earlier,) if whole and place.field == "until" else (later,) if whole else (later, earlier)
        yield from self._texts(place, node, "date", [t for t in texts if t])

    def _rounding(self, place: Place) -> Iterator[_Found]:
        if place.form is surface.Rounding and isinstance(place.node, Scalar):
            node = place.node
            texts = MODES.get(node.text, ()) if place.field == "mode" else beside_coarser(node.text)
            yield from self._texts(place, node, "rounding", texts)

    def _combine(self, place: Place) -> Iterator[_Found]:
        if isinstance(place.node, Scalar):
            other = {"mean": "median", "median": "mean"}.get(place.node.text)
            yield from self._texts(place, place.node, "function", [other] if other else [])

    # --- expressions ---

    def _expression(self, place: Place, node: Scalar) -> Iterator[_Found]:
        grants = place.field in {"grants", "otherwise"}
        for one in (*rewritings(node, self.scope), *(self._off(place, node) if grants else ())):
            kind = "grant" if grants and one.kind == "threshold" else one.kind
            yield _Found(kind, one.was, one.became, (Set(place.path, written(one.text, node)),))

    def _off(self, place: Place, node: Scalar) -> Iterator[Rewriting]:
        """Give a grant that is no number or member written out, one step off."""
        of, text = self._granted(place), node.text
        if (inner := _NEXT.match(text)) is not None:
            yield Rewriting("grant", text, inner[1], inner[1])
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return
        if isinstance(of, Number):
            yield Rewriting("grant", _short(text), _short(f"{text} + 1"), f"({text}) + 1")
        elif isinstance(of, Date):
            yield Rewriting("grant", _short(text), _short(f"add_days({text}, 1)"), f"add_days({text}, 1)")
        elif isinstance(of, Bool):
            yield Rewriting("grant", _short(text), _short(f"not {text}"), f"not ({text})")

    def _granted(self, place: Place) -> Bool | Number | Date | Enum | None:
        """Give the type of the field that an expression of a rule, or of `otherwise`, fills."""
        section, name = place.path[0], str(place.path[1])
        if section == "rules":
            decides = node_at(self.root, ("rules", name, "decides"))
            name = decides.text if isinstance(decides, Scalar) else ""
        decision = self.policy.declared.decisions.get(name)
        return decision.fields.get(place.name) if decision is not None else None

    # --- conditions ---

    def _condition(self, place: Place) -> Iterator[_Found]:
        """A condition of several: dropped, or turned into its opposite."""
        above = node_at(self.root, place.path[:-1])
        many = len(above.entries) if isinstance(above, Table) else 0
        named = f"{place.path[-2]}.{place.name}"
        kind = "exception" if place.field == "except_" else "dropped condition"
        alone = many == 1 and place.field in {"any_of", "all_of", "of"}
        if not alone:
            gone = place.path[:-1] if many == 1 and place.field == "except_" else place.path
            yield _Found(kind, named, "(none)", (Drop(gone),))
        turned = TURNED.get(place.field)
        if turned is not None:
            to = (*place.path[:-2], turned, place.name)
            if node_at(self.root, to) is None:
                yield _Found("polarity", named, f"{turned}.{place.name}", (Drop(place.path), Add(to, place.node)))
        elif isinstance(place.node, Scalar):
            text = f"not ({place.node.text})"
            yield _Found("polarity", place.node.text, text, (Set(place.path, written(text, place.node)),))

    def _dropped(self, place: Place) -> Iterator[_Found]:
        yield _Found("dropped condition", place.name, "(none)", (Drop(place.path),))

    def _joined(self, place: Place) -> Iterator[_Found]:
        if isinstance(place.shape, s.Conditions) and isinstance(place.node, Table) and len(place.node.entries) > 1:
            other = JOINED[place.field]
            to = (*place.path[:-1], other)
            yield _Found("connective", place.field, other, (Drop(place.path), Add(to, place.node)))

    # --- order and weights ---

    def _order(self, place: Place) -> Iterator[_Found]:
        if isinstance(place.shape, s.Many) and isinstance(place.node, Sequence):
            yield from self._swapped(place, place.node)

    def _swapped(self, place: Place, node: Sequence) -> Iterator[_Found]:
        for i in range(len(node.items) - 1):
            a, b = node.items[i], node.items[i + 1]
            changed = attrs.evolve(node, items=(*node.items[:i], b, a, *node.items[i + 2 :]))
            was = f"{_told(a)}, {_told(b)}"
            yield _Found("order", was, f"{_told(b)}, {_told(a)}", (Set(place.path, changed),))

    def _schemes(self, place: Place) -> Iterator[_Found]:
        if isinstance(place.shape, s.Many) and isinstance(place.node, Sequence):
            yield from self._swapped(place, place.node)
        elif isinstance(place.node, Table):
            yield from self._weights(place, place.node)

    def _weights(self, place: Place, node: Table) -> Iterator[_Found]:
        """Take one per cent from a weight and give it to the next: together they must stay the whole."""
        entries = node.entries
        for (a, x), (b, y) in pairwise(entries):
            if isinstance(x, Scalar) and isinstance(y, Scalar):
                more, less = beside_number(x.text), beside_number(y.text)
                if more and less:
                    was, became = f"{a.text} {x.text}, {b.text} {y.text}", f"{a.text} {more[0]}, {b.text} {less[1]}"
                    changes = (
                        Set((*place.path, a.text), written(more[0], x)),
                        Set((*place.path, b.text), written(less[1], y)),
                    )
                    yield _Found("weight", was, became, changes)


def beside_coarser(text: str) -> tuple[str, ...]:
    """Give a rounding step ten times as coarse.

    >>> beside_coarser("0.01"), beside_coarser("1"), beside_coarser("1/3")
    (('0.1',), ('10',), ())
    """
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        return ()
    whole, _, rest = text.partition(".")
    moved = f"{whole}{rest[:1]}.{rest[1:]}".strip(".") if rest else f"{text}0"
    return (re.sub(r"^0+(?=\d)", "", moved),)


def _told(node: Node) -> str:
    if isinstance(node, Scalar):
        return _short(node.text)
    if isinstance(node, Table):
        return "{" + ", ".join(f"{k.text}: {_told(v)}" for k, v in node.entries) + "}"
    return "[" + ", ".join(map(_told, node.items)) + "]"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
