"""One expression written a little otherwise, in every way that is worth a test: a text in, changed texts out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.diagnostics import Faults
from asnmerit.mutation.steps import beside_member, beside_number
from asnmerit.rules.syntax import parse
from asnmerit.rules.types import Enum

if TYPE_CHECKING:
    from asnmerit.rules.document import Scalar
    from asnmerit.rules.scope import Scope

COMPARISONS: Final[Mapping[str, tuple[str, ...]]] = {
    ">=": (">", "<"),
    ">": (">=", "<="),
    "<=": ("<", ">"),
    "<": ("<=", ">="),
    "==": ("!=", ">=", "<="),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
}
_OPERATOR: Final = re.compile(r"<=|>=|==|!=|<|>|\bnot\s+in\b|\bin\b")
SWAPPED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
ROUNDINGS: Final = {
    "floor": ("ceiling",),
    "ceiling": ("floor",),
    "round_down": ("round_up",),
    "round_up": ("round_down",),
    "half_up": ("half_even", "floor"),
    "half_even": ("half_up", "floor"),
    "half_down": ("half_up", "floor"),
}
_ARITHMETIC: Final = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
_ATOM: Final = re.compile(r"[A-Za-z0-9_.]+\Z")
SHOWN: Final = 60


@attrs.frozen
class Rewriting:
    """An expression written otherwise: in what way, which part it was and what that became, and the whole new text."""

    kind: str
    was: str
    became: str
    text: str


def rewritings(scalar: Scalar, scope: Scope) -> Iterator[Rewriting]:
    """Give the ways to write an expression otherwise, in the order of the text.

    >>> from asnmerit.rules.document import Scalar
    >>> from asnmerit.diagnostics import Position
    >>> from asnmerit.rules.scope import Scope
    >>> [r.text for r in rewritings(Scalar(Position("x"), "months >= 24"), Scope())]
    ['months > 24', 'months < 24', 'months >= 25', 'months >= 23']
    """
    source = parse(scalar, Faults())
    if source is None:
        return
    rewriter = _Rewriter(source.text, scope)
    nodes = [n for n in ast.walk(source.tree) if isinstance(n, ast.expr)]
    seen = {scalar.text}
    for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset, -(n.end_col_offset or 0))):
        for found in rewriter.of(node):
            if found.text not in seen:
                seen.add(found.text)
                yield found


class _Rewriter:
    """Cuts parts out of one text and puts others in; places are counted in bytes, as the tree does."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.raw = text.encode()
        self.starts = [0]
        for line in self.raw.split(b"\n")[:-1]:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.scope = scope
        self.enums = [e.type for _, e in scope.entities() if e.kind == "a type" and isinstance(e.type, Enum)]

    def start(self, node: ast.expr) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr) -> int:
        return self.starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def text(self, node: ast.expr) -> str:
        return self.raw[self.start(node) : self.end(node)].decode()

    def put(self, kind: str, start: int, end: int, new: str, was: str = "", became: str = "") -> Rewriting:
        """Put a text in place of some bytes; the outer brackets, which reading added, are taken off."""
        whole = (self.raw[:start] + new.encode() + self.raw[end:])[1:-1].decode()
        old = was or self.raw[start:end].decode()
        return Rewriting(kind, _short(old), _short(became or new), whole)

    def of(self, node: ast.expr) -> Iterator[Rewriting]:
        match node:
            case ast.Compare():
                yield from self._comparisons(node)
            case ast.BoolOp():
                yield from self._connectives(node)
            case ast.Constant() | ast.Name():
                yield from self._beside(node)
            case ast.Call(func=ast.Name(id=name)) as call:
                yield from self._named(call, name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                yield from self._arithmetic(left, right, *_ARITHMETIC[type(op)])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self.put(
                    "polarity", self.start(node), self.end(node), f"({self.text(operand)})", became=self.text(operand)
                )
            case ast.IfExp():
                yield from self._branches(node)
            case _:
                return

    def _comparisons(self, node: ast.Compare) -> Iterator[Rewriting]:
        left = node.left
        for right in node.comparators:
            start, stop = self.end(left), self.start(right)
            found = _OPERATOR.search(self.raw[start:stop].decode())
            if found is not None:
                old = " ".join(found.group().split())
                whole = f"{self.text(left)} {old} {self.text(right)}"
                for new in COMPARISONS[old]:
                    became = f"{self.text(left)} {new} {self.text(right)}"
                    yield self.put("comparison", start + found.start(), start + found.end(), new, whole, became)
            left = right

    def _connectives(self, node: ast.BoolOp) -> Iterator[Rewriting]:
        word = "and" if isinstance(node.op, ast.And) else "or"
        other = "or" if word == "and" else "and"
        parts = [self.text(v) for v in node.values]
        start, end = self.start(node), self.end(node)
        joined = f" {other} ".join(map(_bracketed, parts))
        yield self.put("connective", start, end, f"({joined})", became=joined)
        for i in range(len(parts)):
            kept = f" {word} ".join(_bracketed(p) for j, p in enumerate(parts) if j != i)
            yield self.put("dropped condition", start, end, f"({kept})", became=kept)

    def _beside(self, node: ast.Constant | ast.Name) -> Iterator[Rewriting]:
        start, end, text = self.start(node), self.end(node), self.text(node)
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            for new in beside_number(text):
                yield self.put("threshold", start, end, f"({new})" if new.startswith("-") else new, became=new)
            return
        member = str(node.value) if isinstance(node, ast.Constant) else node.id
        if isinstance(node, ast.Name) and self.scope.value(member) is not None:
            return
        if member in {"yes", "no", "true", "false"} and isinstance(node, ast.Name):
            yield self.put("threshold", start, end, "no" if member in {"yes", "true"} else "yes")
        for new in self._members(member):
            plain = _ATOM.match(new) and not new[0].isdigit() and "." not in new and self.scope.value(new) is None
            yield self.put("threshold", start, end, new if plain and isinstance(node, ast.Name) else f'"{new}"')

    def _members(self, member: str) -> list[str]:
        return list(
            dict.fromkeys(new for of in self.enums if member in of.members for new in beside_member(member, of))
        )

    def _named(self, node: ast.Call, name: str) -> Iterator[Rewriting]:
        start, end = self.start(node), self.start(node) + len(name)
        whole = self.text(node)
        if name in SWAPPED:
            new = SWAPPED[name]
            yield self.put("function", start, end, new, whole, new + whole[len(name) :])
        for new in ROUNDINGS.get(name, ()):
            yield self.put("rounding", start, end, new, whole, new + whole[len(name) :])

    def _arithmetic(self, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Rewriting]:
        start, stop = self.end(left), self.start(right)
        at = self.raw[start:stop].decode().find(old)
        if at >= 0:
            was = f"{self.text(left)} {old} {self.text(right)}"
            yield self.put(
                "arithmetic", start + at, start + at + 1, new, was, f"{self.text(left)} {new} {self.text(right)}"
            )

    def _branches(self, node: ast.IfExp) -> Iterator[Rewriting]:
        yes, test, no = self.text(node.body), self.text(node.test), self.text(node.orelse)
        swapped = f"({no}) if {_bracketed(test)} else ({yes})"
        yield self.put("branch", self.start(node), self.end(node), f"({swapped})", became=swapped)


def _bracketed(text: str) -> str:
    return text if _ATOM.match(text) else f"({text})"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
