"""The text of an expression in, Python's syntax tree out: only after a scan that makes reading it harmless.

Nothing is executed. The scan admits ASCII names, plain decimal numbers, quoted members and the operators of the
language; it limits length, brackets and tokens before `ast.parse` sees the text.
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from asnmerit.diagnostics import Faults, Position
    from asnmerit.rules.document import Scalar

MAX_LENGTH: Final = 4_000
MAX_TOKENS: Final = 1_000
MAX_DEPTH: Final = 60
MAX_DIGITS: Final = 30

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<string>'[^'\\\n]*'|"[^"\\\n]*")
      | (?P<open>[(\[])
      | (?P<close>[)\]])
      | (?P<operator><=|>=|==|!=|<|>|\+|-(?!>)|\*(?!\*)|/(?!/)|=(?!=)|,|:(?!=)|\.)
    """,
    re.VERBOSE | re.ASCII,
)
_DATE = re.compile(r"(?<![\w.])\d{4}-\d{2}-\d{2}(?![\w.])", re.ASCII)
_WORDS_REFUSED = frozenset({"lambda", "await", "yield", "async", "is", "None", "True", "False"})
_ALLOWED = (
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Compare,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.Eq,
    ast.NotEq,
    ast.In,
    ast.NotIn,
    ast.IfExp,
    ast.Name,
    ast.Load,
    ast.Store,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.Call,
    ast.keyword,
    ast.GeneratorExp,
    ast.comprehension,
    ast.Tuple,
    ast.List,
)


@attrs.frozen
class Source:
    """A parsed expression: its tree, its text in parentheses, and where the text starts in the document."""

    tree: ast.expr
    text: str
    scalar: Scalar

    def place(self, node: ast.AST) -> Position:
        """Give the place of a part of the expression in the document."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 1)
        before = sum(len(text) + 1 for text in self.text.split("\n")[: line - 1])
        return self.scalar.at(max(before + column - 1, 0))

    def number(self, node: ast.Constant) -> Fraction:
        """Read a number again from the text, exactly: the tree holds it as a float."""
        return Fraction(ast.get_source_segment(self.text, node) or "0")

    def segment(self, node: ast.AST) -> str:
        """Give the text of a part of the expression."""
        return ast.get_source_segment(self.text, node) or ""


def parse(scalar: Scalar, faults: Faults) -> Source | None:
    """Read an expression; None, with a fault, when it is not one of the language."""
    text, place = scalar.text, scalar.position
    if len(text) > MAX_LENGTH:
        faults.add("expression-length", place, length=len(text), limit=MAX_LENGTH)
        return None
    if not _scan(text, scalar, faults):
        return None
    wrapped = f"({text})"
    try:
        tree = ast.parse(wrapped, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = _reason(error, text)
        faults.add("expression-syntax", place, text=text[:60], reason=reason)
        return None
    source = Source(tree, wrapped, scalar)
    return source if _admitted(source, faults) else None


def _reason(error: Exception, text: str) -> str:
    if not isinstance(error, SyntaxError):
        return "it is too deep"
    if written := _DATE.search(text):
        return f"the date {written.group()} stands in `parameters:`, as a value, and the expression names it"
    if "Generator expression" in error.msg:
        return "beside another argument a generator stands in its own parentheses: max((x for x in rows), default=0)"
    return error.msg


def _scan(text: str, scalar: Scalar, faults: Faults) -> bool:
    depth = count = run = at = end = 0
    previous = ""
    while at < len(text):
        here = scalar.at(at)
        token = _TOKEN.match(text, at)
        if token is None:
            faults.add("expression-construct", here, construct=f"`{text[at : at + 12]}`")
            return False
        kind, part, at = str(token.lastgroup), token.group(), token.end()
        if kind == "space":
            continue
        count += 1
        depth += (kind == "open") - (kind == "close")
        run = run + 1 if part in {"not", "-"} else 0
        if depth < 0:
            faults.add("expression-syntax", here, text=text[:60], reason="a bracket is closed that was not opened")
            return False
        if depth > MAX_DEPTH or count > MAX_TOKENS or run > MAX_DEPTH:
            faults.add("expression-depth", here, limit=MAX_DEPTH)
            return False
        if kind == "number" and len(part) > MAX_DIGITS:
            faults.add("shape-digits", here, what="an expression", digits=len(part), limit=MAX_DIGITS)
            return False
        joined = kind == "string" and (previous == "string" or (previous == "name" and token.start() == end))
        if (kind == "name" and part in _WORDS_REFUSED) or joined:
            faults.add("expression-construct", here, construct=f"`{part}`")
            return False
        previous, end = kind, at
    return True


def _admitted(source: Source, faults: Faults) -> bool:
    stack: list[tuple[ast.AST, int]] = [(source.tree, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            faults.add("expression-depth", source.scalar.position, limit=MAX_DEPTH)
            return False
        odd = not isinstance(node, _ALLOWED) or (isinstance(node, ast.Slice) and node.step is not None)
        odd = odd or (isinstance(node, ast.Constant) and type(node.value) not in {str, int, float})
        if odd or (isinstance(node, ast.comprehension) and node.is_async):
            construct = f"`{source.segment(node)[:40] or type(node).__name__}`"
            faults.add("expression-construct", source.place(node), construct=construct)
            return False
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return True
