"""A block program: flat instructions over columns, written before anybody knows which buffers they will use.

Every value is named once. When the program is finished, names are given buffers by when they are last needed, so
that a block runs in little memory that stays in the processor's cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

if TYPE_CHECKING:
    from asnmerit.rules.kernel import Int

Kind = Literal["bool", "int32", "int64"]
NARROW = 2**31
IN_PLACE = frozenset({
    "add", "subtract", "multiply", "negative", "minimum", "maximum", "floor_divide", "bitwise_and", "bitwise_xor",
    "right_shift", "logical_and", "logical_or", "logical_not", "equal", "less", "less_equal", "greater",
    "greater_equal",
})  # fmt: skip
"""NumPy's functions of single elements: where an argument is not needed again, the result may take its place."""


@attrs.frozen
class Ref:
    """A column of the block, or a constant that holds for all rows."""

    code: str
    kind: Kind
    const: int | None = None

    @property
    def constant(self) -> bool:
        """Whether it is the same for all rows."""
        return self.const is not None


def kind_for(low: int, high: int) -> Kind:
    """Give the narrowest kind of column that holds a range.

    >>> kind_for(0, 2**31 - 1), kind_for(0, 2**31)
    ('int32', 'int64')
    """
    return "int32" if low >= -NARROW and high < NARROW else "int64"


def kind_of(of: Int) -> Kind:
    """Give the kind of column that holds a kernel type."""
    return "bool" if of.kind == "bool" else kind_for(of.lo, of.hi)


@attrs.frozen
class Line:
    """A line of the program: `{0}`, `{1}` ... stand for refs; `target` is what it writes, if that is new."""

    depth: int
    text: str
    refs: tuple[Ref, ...] = ()
    target: Ref | None = None
    opens: bool = False


@attrs.define
class Program:
    """Lines, constants and names; loops nest."""

    lines: list[Line] = attrs.field(factory=list)
    constants: list[object] = attrs.field(factory=list)
    depth: int = 0
    count: int = 0
    shared: list[dict[tuple[object, ...], Ref]] = attrs.field(factory=lambda: [{}])

    def fresh(self, kind: Kind) -> Ref:
        """Name a new column."""
        self.count += 1
        return Ref(f"v{self.count}", kind)

    def add(self, text: str, *refs: Ref, target: Ref | None = None, opens: bool = False) -> None:
        """Add a line at the present depth."""
        self.lines.append(Line(self.depth, text, refs, target, opens))

    def new(self, text: str, kind: Kind, *refs: Ref) -> Ref:
        """Compute a column that is not computed yet: `{out}` stands for where it goes."""
        key = (text, kind, *(r.code for r in refs))
        for known in reversed(self.shared):
            if key in known:
                return known[key]
        target = self.fresh(kind)
        self.add(text.replace("{out}", "{" + str(len(refs)) + "}"), *refs, target, target=target)
        self.shared[-1][key] = target
        return target

    def begin(self, text: str) -> None:
        """Open a loop: what is shared inside does not count after it."""
        self.add(text, opens=True)
        self.depth += 1
        self.shared.append({})

    def end(self) -> None:
        """Close the loop."""
        self.shared.pop()
        self.depth -= 1

    def constant(self, value: object) -> str:
        """Give the name of a constant of the program."""
        for i, known in enumerate(self.constants):
            if known is value or (isinstance(value, tuple) and known == value):
                return f"c{i}"
        self.constants.append(value)
        return f"c{len(self.constants) - 1}"


@attrs.frozen
class Plan:
    """Where each name lives: the code that stands for it, and how many buffers of each kind are needed."""

    places: dict[str, str]
    buffers: dict[Kind, int]


def placed(program: Program, fixed: dict[str, str]) -> Plan:
    """Give names to buffers. `fixed` names live elsewhere, such as in a column that is handed out."""
    last = _last_uses(program)
    free: dict[Kind, list[str]] = {"bool": [], "int32": [], "int64": []}
    counts: dict[Kind, int] = dict.fromkeys(free, 0)
    places = dict(fixed)
    ends: dict[int, list[Ref]] = {}

    def free_again(refs: list[Ref]) -> None:
        for ref in refs:
            free[ref.kind].append(places[ref.code])

    for at, line in enumerate(program.lines):
        target = line.target
        done = ends.pop(at, [])
        # One by one, elements may be overwritten as they are read; so the block stays small enough for the cache.
        if line.text.partition("(")[0] in IN_PLACE:
            free_again(done)
            done = []
        if target is not None and target.code not in places:
            pool = free[target.kind]
            if not pool:
                pool.append(f"{target.kind}_{counts[target.kind]}")
                counts[target.kind] += 1
            places[target.code] = pool.pop()
            ends.setdefault(last.get(target.code, at), []).append(target)
        free_again(done + ends.pop(at, []))
    return Plan(places, counts)


def _last_uses(program: Program) -> dict[str, int]:
    """Give the last line on which each name is needed: for one made before a loop and used in it, the loop's end."""
    ends = _loop_ends(program.lines)
    made: dict[str, int] = {}
    last: dict[str, int] = {}
    open_: list[tuple[int, int]] = []
    for at, line in enumerate(program.lines):
        while open_ and open_[-1][1] < at:
            open_.pop()
        if line.target is not None:
            made.setdefault(line.target.code, at)
        for ref in line.refs:
            needed = at
            for start, end in open_:
                if made.get(ref.code, at) < start:
                    needed = max(needed, end)
            last[ref.code] = max(last.get(ref.code, 0), needed)
        if line.opens:
            open_.append((at, ends[at]))
    return last


def _loop_ends(lines: list[Line]) -> dict[int, int]:
    ends: dict[int, int] = {}
    for at, line in enumerate(lines):
        if line.opens:
            end = at
            while end + 1 < len(lines) and lines[end + 1].depth > line.depth:
                end += 1
            ends[at] = end
    return ends
