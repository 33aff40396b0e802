"""The law as Python source for one record: flat statements, integers only.

There is one function for records with every fact known, and one that knows about the unknown. Nothing of a
policy's text reaches the source: names are generated.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules import calendar
from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.rounding import MODES, divided

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Run = Callable[[tuple[Any, ...]], tuple[Any, ...]]
_LONGEST = 160


@attrs.frozen
class Text:
    """An expression of the source: an atom (a name or number) or not, and whether its value can be unknown."""

    code: str
    unsure: bool = False
    atom: bool = True


@attrs.define
class Source:
    """Lines of a function body, its constants, and what has been computed already."""

    sure: bool
    lines: list[str] = attrs.field(factory=list)
    constants: dict[str, Any] = attrs.field(factory=dict)
    shared: dict[str, Text] = attrs.field(factory=dict)
    depth: int = 1
    count: int = 0

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + text)

    def fresh(self, prefix: str = "t") -> str:
        """Make a new name."""
        self.count += 1
        return f"{prefix}{self.count}"

    def named(self, text: Text) -> Text:
        """Give an atom for an expression: the same name for the same text."""
        if text.atom:
            return text
        if text.code not in self.shared:
            name = self.fresh()
            self.line(f"{name} = {text.code}")
            self.shared[text.code] = Text(name, text.unsure)
        return self.shared[text.code]

    def constant(self, value: tuple[Any, ...]) -> str:
        """Give the name of a constant tuple."""
        for name, known in self.constants.items():
            if known == value and list(map(type, known)) == list(map(type, value)):
                return name
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name


class Writer:
    """Folds a kernel expression into source."""

    def __init__(self, source: Source, inputs: dict[tuple[str, Any], str], steps: dict[str, Text]) -> None:
        """Write into a source; `inputs` names the lanes, `steps` the steps written before."""
        self.source, self.inputs, self.steps = source, inputs, steps
        self.rows: dict[Binder, str] = {}

    def write(self, root: Expr) -> Text:
        """Write an expression. Within one step shared nodes are written once."""
        return fold(root, self)

    def literal(self, node: Literal) -> Text:
        """A constant."""
        return Text(repr(bool(node.value) if node.type.kind == "bool" else int(node.value)))

    def fact(self, node: Fact) -> Text:
        """An input lane; the day of decision is always known."""
        return Text(self.inputs[(node.name, node.slot)], unsure=not self.source.sure and node.name != "as_of")

    def row(self, node: Row) -> Text:
        """A field of the row at hand."""
        lane = self.inputs[(node.binder.list_fact, f".{node.field}")]
        return Text(f"{lane}[{self.rows[node.binder]}]", unsure=not self.source.sure, atom=False)

    def parameter(self, node: Parameter) -> Text:
        """Parameters are constants by now."""
        message = f"the parameter {node.key} was not lowered"
        raise TypeError(message)

    def step(self, node: Step) -> Text:
        """A step written before."""
        known = self.steps[node.key]
        if node.binder is None:
            return known
        return Text(f"{known.code}[{self.rows[node.binder]}]", known.unsure, atom=False)

    def call(self, node: Call, args: tuple[Text, ...]) -> Text:
        """An operator: Kleene ones by their own form, strict ones guarded where an argument may be unknown."""
        if node.op in {"and", "or"}:
            return self._joined(node.op, args)
        if node.op == "select":
            return self._select(*(self.source.named(a) for a in args))
        if node.op == "pick":
            c, a, b = (self.source.named(x) for x in args)
            chosen = f"({a.code} if {c.code} else {b.code})"
            return self._guarded(chosen, (c,), a.unsure or b.unsure)
        if any(a.unsure for a in args):
            args = tuple(self.source.named(a) for a in args)
        code = self._strict(node, args)
        return self._guarded(code, args, unsure=False)

    def _guarded(self, code: str, args: tuple[Text, ...], unsure: bool) -> Text:  # noqa: FBT001 - truth is a value here
        doubtful = [a.code for a in dict.fromkeys(args) if a.unsure]
        if doubtful:
            test = " or ".join(f"{d} is None" for d in doubtful)
            return self.source.named(Text(f"None if {test} else {code}", unsure=True, atom=False))
        text = Text(code, unsure, atom=False)
        return self.source.named(text) if len(code) > _LONGEST or unsure else text

    def _joined(self, op: str, args: tuple[Text, ...]) -> Text:
        word, other = (" and ", "False") if op == "and" else (" or ", "True")
        if not any(a.unsure for a in args):
            text = Text(f"({word.join(a.code for a in args)})", atom=False)
            return self.source.named(text) if len(text.code) > _LONGEST else text
        atoms = [self.source.named(a) for a in args]
        settled = " or ".join(f"{a.code} is {other}" for a in atoms)
        doubt = " or ".join(f"{a.code} is None" for a in atoms if a.unsure)
        end = "True" if op == "and" else "False"
        return self.source.named(Text(f"{other} if {settled} else None if {doubt} else {end}", unsure=True, atom=False))

    def _select(self, c: Text, a: Text, b: Text) -> Text:
        chosen = f"({a.code} if {c.code} else {b.code})"
        if not c.unsure:
            return self._guarded(chosen, (), a.unsure or b.unsure)
        agreed = f"({a.code} if {a.code} == {b.code} else None)"
        code = f"{chosen} if {c.code} is not None else {agreed}"
        return self.source.named(Text(code, unsure=True, atom=False))

    def _strict(self, node: Call, args: tuple[Text, ...]) -> str:  # noqa: C901 - one case an operator
        a = [x.code for x in args]
        match node.op:
            case "add" | "sub" | "mul":
                return f"({a[0]} {'+-*'[('add', 'sub', 'mul').index(node.op)]} {a[1]})"
            case "quot":
                return _quotient(node, a)
            case "eq" | "lt" | "le":
                return f"({a[0]} {({'eq': '==', 'lt': '<', 'le': '<='})[node.op]} {a[1]})"
            case "min" | "max":
                return f"{node.op}({a[0]}, {a[1]})"
            case "not":
                return f"(not {a[0]})"
            case "lookup":
                cells = tuple(map(bool, node.const)) if node.type.kind == "bool" else node.const
                return f"{self.source.constant(cells)}[{a[0]}]"
            case "bucket":
                return f"bisect_right({self.source.constant(node.const)}, {a[0]})"
            case "month_index" | "day" if not args[0].unsure:
                d = self.source.named(Text(f"fromordinal({a[0]})", atom=False)).code
                return f"({d}.year * 12 + {d}.month - 1)" if node.op == "month_index" else f"{d}.day"
            case "date_at" if not any(x.unsure for x in args) and _near(node.args[0].type.lo, node.args[0].type.hi):
                i = self.source.named(Text(f"{a[0]} - {calendar.NEAR_FIRST}", atom=False)).code
                k = self.source.named(args[1]).code
                return f"(starts[{i}] + ({k} if {k} < lengths[{i}] else lengths[{i}]))"
            case "month_index" | "day" | "date_at":
                return (
                    self.source.named(Text(f"{node.op}({', '.join(a)})", atom=False)).code
                    if not any(x.unsure for x in args)
                    else f"{node.op}({', '.join(a)})"
                )
            case _:
                message = f"no source for the operator {node.op}"
                raise TypeError(message)

    # --- folds over rows ---

    def each(self, node: Each) -> Text:
        """A loop over the rows."""
        s = self.source
        rows = self.inputs[(node.binder.list_fact, "#")]
        result, i = s.fresh("r"), s.fresh("i")
        start = {"sum": "0", "all": "True", "any": "False"}.get(node.op, "None")
        default = None if node.default is None else self.source.named(self.write(node.default))
        s.line(f"{result} = {start}")
        indent = 0
        if not s.sure:
            s.line(f"if {rows} is None:")
            s.line(f"    {result} = None")
            s.line("else:")
            indent = 1
        s.depth += indent
        flag = s.fresh("f") if default is not None else ""
        if flag:
            s.line(f"{flag} = False")
        s.line(f"for {i} in range({rows}):")
        s.depth += 1
        before, self.source.shared = s.shared, dict(s.shared)
        self.rows[node.binder] = i
        self._one_row(node, result, flag)
        self.source.shared = before
        s.depth -= 1
        if flag and default is not None:
            s.line("else:")
            s.line(f"    if not {flag}:")
            s.line(f"        {result} = {default.code}")
        s.depth -= indent
        return Text(result, unsure=not s.sure)

    def _one_row(self, node: Each, result: str, flag: str) -> None:
        s = self.source
        if node.where is not None:
            where = s.named(self.write(node.where))
            self._stop_if_unknown(where, result)
            s.line(f"if {where.code}:")
            s.depth += 1
        body = s.named(self.write(node.body))
        match node.op:
            case "all" | "any":
                end = node.op == "any"
                s.line(f"if {body.code} is {end}:")
                s.line(f"    {result} = {end}")
                s.line("    break")
                if body.unsure:
                    s.line(f"if {body.code} is None:")
                    s.line(f"    {result} = None")
            case "sum":
                self._stop_if_unknown(body, result)
                s.line(f"{result} += {body.code}")
            case _:
                self._stop_if_unknown(body, result)
                sign = "<" if node.op == "min" else ">"
                s.line(f"if not {flag} or {body.code} {sign} {result}:")
                s.line(f"    {result} = {body.code}")
                s.line(f"    {flag} = True")
        if node.where is not None:
            s.depth -= 1

    def _stop_if_unknown(self, text: Text, result: str) -> None:
        if text.unsure:
            self.source.line(f"if {text.code} is None:")
            self.source.line(f"    {result} = None")
            self.source.line("    break")


def _near(low: int, high: int) -> bool:
    """Whether months are all within the tables of month starts and lengths."""
    return low >= calendar.NEAR_FIRST and high <= calendar.NEAR_LAST


def _quotient(node: Call, a: list[str]) -> str:
    mode = node.const
    positive = node.args[0].type.lo >= 0
    if mode == "floor" or (mode == "down" and positive):
        return f"({a[0]} // {a[1]})"
    if mode == "ceiling":
        return f"(-(-{a[0]} // {a[1]}))"
    if mode == "half_up" and positive:
        return f"((2 * {a[0]} + {a[1]}) // (2 * {a[1]}))"
    return f"{mode}({a[0]}, {a[1]})"


def source(law: Law, *, sure: bool) -> tuple[str, dict[str, Any]]:
    """Give the source of `run(x)` and its constants. `sure`: for records with every fact known.

    `x` holds the lanes of `law.inputs` as integers, days, codes and truth values; the result holds every step.
    """
    body = Source(sure)
    names = {lane: f"x{i}" for i, lane in enumerate(law.inputs)}
    if names:
        body.line(f"{', '.join(names.values())}, = x")
    steps: dict[str, Text] = {}
    for i, step in enumerate(law.steps):
        writer = Writer(body, names, steps)
        name = f"s{i}"
        if step.binder is None:
            steps[step.key] = body.named(writer.write(step.code))
        else:
            _rowwise(writer, step.binder, step.code, name)
            steps[step.key] = Text(name, unsure=not sure)
    results = "".join(f"{steps[s.key].code}, " for s in law.steps)
    body.line(f"return ({results})")
    return "def run(x):\n" + "\n".join(body.lines) + "\n", body.constants


def _rowwise(writer: Writer, binder: Binder, code: Expr, name: str) -> None:
    s = writer.source
    rows = writer.inputs[(binder.list_fact, "#")]
    i = s.fresh("i")
    s.line(f"{name} = {'[]' if s.sure else f'None if {rows} is None else []'}")
    s.line(f"for {i} in range({rows}):" if s.sure else f"for {i} in range({rows} or 0):")
    s.depth += 1
    before, s.shared = s.shared, dict(s.shared)
    writer.rows[binder] = i
    s.line(f"{name}.append({writer.write(code).code})")
    s.shared = before
    s.depth -= 1


def to_python(law: Law, *, sure: bool = False) -> Run:
    """Compile a law to a function from input lanes to step values. See `source`."""
    text, constants = source(law, sure=sure)
    rounding = {mode: _rounder(mode) for mode in MODES}
    names: dict[str, Any] = {
        "__builtins__": {"range": range, "min": min, "max": max},
        "bisect_right": bisect_right,
        "fromordinal": date.fromordinal,
        "starts": calendar.month_starts(),
        "lengths": calendar.month_lengths(),
        "month_index": calendar.month_index,
        "day": calendar.day_of_month,
        "date_at": calendar.date_at,
        **rounding,
        **constants,
    }
    exec(compile(text, f"<law {law.policy} {law.on}>", "exec"), names)
    run: Run = names["run"]
    return run


def _rounder(mode: str) -> Callable[[int, int], int]:
    def rounder(n: int, d: int) -> int:
        return divided(mode, n, d)

    return rounder
