"""The kernel as SQL: exact integers, truth values and NULL for what is not known, in short flat columns.

Nothing is nested deeply, and no named step is written out where it is read: it is a column of a level below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.sql.dialects import EPOCH, as_date, truth, whole
from asnmerit.sql.levels import DEEPEST, LONGEST, SHORT, Levels, Text

if TYPE_CHECKING:
    from asnmerit.rules.law import Law, LawStep

Lanes = Mapping[tuple[str, Any], "Text | Sequence[Text]"]
AT_ONCE: Final = 40
"""So many terms stand in one sum, conjunction or disjunction; more become columns of their own."""


def combined(pattern: str, *args: Text, truth: bool = False) -> Text:
    """Fill texts into a pattern; `truth` says that what comes out is a BOOLEAN."""
    return Text(
        pattern.format(*[a.code for a in args]),
        frozenset[str]().union(*[a.refs for a in args]),
        max((a.level for a in args), default=0),
        1 + max((a.depth for a in args), default=0),
        truth=truth,
    )


def _of_kind(node: Expr, text: Text) -> Text:
    """Give a truth value that the kernel takes for a number, such as the key of a table, as 0 or 1."""
    if text.truth and node.type.kind != "bool":
        return combined("CAST(CASE WHEN {0} THEN 1 WHEN NOT {0} THEN 0 END AS BIGINT)", text)
    return text


class Writer:
    """Folds kernel expressions into texts and columns."""

    def __init__(self, levels: Levels, lanes: Lanes) -> None:
        """Write into some levels; `lanes` are the columns of `law.inputs`, a list's fields one for each row."""
        self.levels, self.lanes = levels, lanes
        self.steps: dict[str, Any] = {}
        self.rows: dict[Binder, int] = {}
        self.hint = ""
        self.count = 0

    def step_columns(self, step: LawStep, said: str = "") -> None:
        """Write a step: one column, or one for each row of its list."""
        if step.binder is None:
            self.steps[step.key] = self._root(step.code, step.key, said)
            return
        found = []
        for i in range(step.binder.up_to):
            self.rows[step.binder] = i
            found.append(self._root(step.code, f"{step.key} [{i + 1}]", said))
        self.steps[step.key] = found

    def _root(self, code: Expr, key: str, said: str) -> Text:
        self.hint, self.count = key, 0
        text = self.named(fold(code, self), key)
        self.levels.say(text, f"{key}: {said}" if said else "")
        return text

    def named(self, text: Text, wanted: str = "") -> Text:
        """Make a column of what is not one."""
        if text.depth and not wanted:
            self.count += 1
        return self.levels.named(text, wanted or f"{self.hint} #{self.count}")

    def again(self, text: Text) -> Text:
        """Give a text that may be written more than once."""
        return text if text.depth <= 1 and len(text.code) <= SHORT else self.named(text)

    def sized(self, text: Text) -> Text:
        """Give a text that may be written into another."""
        return self.named(text) if len(text.code) > LONGEST or text.depth > DEEPEST else text

    # --- leaves ---

    def literal(self, node: Literal) -> Text:
        """A constant."""
        if node.type.kind == "bool":
            return Text(truth(node.value), literal=True, truth=True)
        return Text(whole(int(node.value)), literal=True)

    def fact(self, node: Fact) -> Text:
        """An input."""
        found = self.lanes[(node.name, node.slot)]
        assert isinstance(found, Text)  # noqa: S101 - only the fields of lists are several
        return _of_kind(node, found)

    def row(self, node: Row) -> Text:
        """A field of the row at hand."""
        found = self.lanes[(node.binder.list_fact, f".{node.field}")]
        assert not isinstance(found, Text)  # noqa: S101
        return _of_kind(node, found[self.rows[node.binder]])

    def parameter(self, node: Parameter) -> Text:
        """Parameters are constants by now."""
        message = f"the parameter {node.key} was not lowered"
        raise TypeError(message)

    def step(self, node: Step) -> Text:
        """A step written before."""
        known = self.steps[node.key]
        return _of_kind(node, known if node.binder is None else known[self.rows[node.binder]])

    # --- operators ---

    def call(self, node: Call, args: tuple[Text, ...]) -> Text:
        """An operator of the kernel."""
        if node.op in {"and", "or"}:
            return self.sized(_of_kind(node, self._joined(f" {node.op.upper()} ", args, truth=True)))
        if node.op not in _OPERATORS:
            message = f"no SQL for the operator {node.op}"
            raise TypeError(message)
        return self.sized(_of_kind(node, self.sized(_OPERATORS[node.op](self, node, args))))

    def _joined(self, word: str, terms: Sequence[Text], *, truth: bool = False) -> Text:
        """Join terms by a word; very many in groups, so that no text grows without end."""
        while len(terms) > AT_ONCE:
            groups = [terms[i : i + AT_ONCE] for i in range(0, len(terms), AT_ONCE)]
            terms = [self.named(self._joined(word, g, truth=truth)) for g in groups]
        if len(terms) == 1:
            return terms[0]
        return combined("(" + word.join("{}" for _ in terms) + ")", *terms, truth=truth)

    # --- folds over rows ---

    def each(self, node: Each) -> Text:
        """A fold: written out row by row; a row beyond the count does not exist."""
        count = self.lanes[(node.binder.list_fact, "#")]
        assert isinstance(count, Text)  # noqa: S101
        parts = []
        for i in range(node.binder.up_to):
            self.rows[node.binder] = i
            where = None if node.where is None else fold(node.where, self)
            parts.append((where, fold(node.body, self)))
        if node.op in {"all", "any"}:
            return self.sized(_of_kind(node, self._truth(node.op, count, [body for _, body in parts])))
        if node.op == "sum":
            return self.sized(self._sum(count, [body for _, body in parts]))
        assert node.default is not None  # noqa: S101 - the language demands one
        return self.named(self._extreme(node.op, count, parts, fold(node.default, self)))

    def _truth(self, op: str, count: Text, bodies: Sequence[Text]) -> Text:
        pattern, word = ("({{}} < {} OR {{}})", " AND ") if op == "all" else ("({{}} >= {} AND {{}})", " OR ")
        terms = [self.sized(combined(pattern.format(i + 1), count, body)) for i, body in enumerate(bodies)]
        joined = self._joined(word, terms, truth=True)
        return combined("CASE WHEN {} IS NOT NULL THEN {} END", count, joined, truth=True)

    def _sum(self, count: Text, bodies: Sequence[Text]) -> Text:
        pattern = "CASE WHEN {{}} < {0} THEN 0 WHEN {{}} >= {0} THEN {{}} END"
        terms = [
            self.sized(_integer(combined(pattern.format(i + 1), count, count, body), body))
            for i, body in enumerate(bodies)
        ]
        return self._joined(" + ", terms)

    def _extreme(self, op: str, count: Text, parts: Sequence[tuple[Text | None, Text]], default: Text) -> Text:
        """Give the least or greatest of the rows that count; unknown where one of them, or its filter, is."""
        doubts = [combined("{} IS NULL", count)]
        values = []
        for i, (where, plain) in enumerate(parts):
            body = self.again(plain)
            if where is None:
                kept = combined(f"({{}} >= {i + 1})", count)
            else:
                kept = self.named(combined(f"({{}} >= {i + 1} AND {{}})", count, where))
                doubts.append(combined("{} IS NULL", kept))
            if not body.literal:
                doubts.append(combined("({} AND {} IS NULL)", kept, body))
            values.append(self.sized(_integer(combined("CASE WHEN {} THEN {} END", kept, body), body)))
        best = "LEAST" if op == "min" else "GREATEST"
        found = combined(f"{best}({', '.join('{}' for _ in values)})", *values)
        doubt = self._joined(" OR ", doubts)
        return combined("CASE WHEN {} THEN NULL ELSE COALESCE({}, {}) END", doubt, self.sized(found), default)


def _integer(text: Text, *branches: Text) -> Text:
    """Make sure that a choice between constants is a 64-bit number, not a smaller one."""
    if all(b.literal and not b.truth for b in branches):
        return combined("CAST({} AS BIGINT)", text)
    return attrs.evolve(text, truth=branches[0].truth)


def _binary(symbol: str, *, truth: bool = False) -> Callable[[Writer, Call, tuple[Text, ...]], Text]:
    return lambda _w, _node, args: combined(f"({{}} {symbol} {{}})", *args, truth=truth)


def _not(_writer: Writer, _node: Call, args: tuple[Text, ...]) -> Text:
    return combined("(NOT {})", args[0], truth=True)


def _select(writer: Writer, _node: Call, args: tuple[Text, ...]) -> Text:
    c, a, b = map(writer.again, args)
    if a.literal and b.literal and a.code != b.code:
        return _integer(combined("CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} END", c, a, b), a, b)
    return _integer(combined("CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} WHEN {1} = {2} THEN {1} END", c, a, b), a, b)


def _pick(writer: Writer, _node: Call, args: tuple[Text, ...]) -> Text:
    c = writer.again(args[0])
    return _integer(combined("CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} END", c, *args[1:]), *args[1:])


def _extremum(symbol: str) -> Callable[[Writer, Call, tuple[Text, ...]], Text]:
    """LEAST and GREATEST pass over NULL; two comparisons do not."""

    def write(writer: Writer, _node: Call, args: tuple[Text, ...]) -> Text:
        a, b = map(writer.again, args)
        return combined(f"CASE WHEN {{0}} {symbol}= {{1}} THEN {{0}} WHEN {{1}} {symbol} {{0}} THEN {{1}} END", a, b)

    return write


def _quotient(writer: Writer, node: Call, args: tuple[Text, ...]) -> Text:
    """Round a quotient from the one that truncates and its rest, which has the sign of n. Nothing exceeds n and d."""
    n, d = map(writer.named, args)
    mode, low = node.const, node.args[0].type.lo
    divided = combined(writer.levels.dialect.divided("{}", "{}"), n, d)
    if mode == "down" or (mode == "floor" and low >= 0):
        return divided
    rest = combined("MOD({}, {})", n, d)
    if mode in {"floor", "ceiling", "up"}:
        up = "WHEN {0} > 0 THEN 1" if mode != "floor" else ""
        down = "WHEN {0} < 0 THEN -1" if mode != "ceiling" and low < 0 else ""
        return _corrected(divided, " ".join(filter(None, (up, down))), rest)
    m = writer.named(rest)
    up, down = _TIES[mode]
    odd = " OR ({0} = {1} - {0} AND MOD({2}, 2) <> 0)" if mode == "half_even" else ""
    tests = [f"WHEN {{0}} > 0 AND ({up}{odd}) THEN 1"]
    if low < 0:
        tests.append(f"WHEN {{0}} < 0 AND ({down}{odd.replace('{1} - {0}', '-{1} - {0}')}) THEN -1")
    return _corrected(divided, " ".join(tests), m, d, divided)


_TIES: Final = {
    "half_up": ("{0} >= {1} - {0}", "{0} <= -{1} - {0}"),
    "half_down": ("{0} > {1} - {0}", "{0} < -{1} - {0}"),
    "half_even": ("{0} > {1} - {0}", "{0} < -{1} - {0}"),
}


def _corrected(divided: Text, tests: str, *args: Text) -> Text:
    correction = combined(f"CASE {tests} ELSE 0 END", *args)
    return combined("({} + {})", divided, correction)


def _lookup(writer: Writer, node: Call, args: tuple[Text, ...]) -> Text:
    """An array of the cells; places count from one in SQL."""
    of_bool = node.type.kind == "bool"
    cells = [truth(c) if of_bool else str(int(c)) for c in node.const]
    array = writer.levels.dialect.array(cells, "BOOLEAN" if of_bool else "BIGINT")
    place = writer.sized(args[0])
    filled = combined("CAST({} + 1 AS INTEGER)", place)
    return attrs.evolve(filled, code=f"({array})[{filled.code}]", truth=of_bool)


def _bucket(writer: Writer, node: Call, args: tuple[Text, ...]) -> Text:
    """The number of thresholds that are reached."""
    x = writer.named(args[0])
    ends = node.const
    if not ends:
        return combined("CASE WHEN {} IS NOT NULL THEN CAST(0 AS BIGINT) END", x)
    tests = " ".join(f"WHEN {{0}} < {whole(end)} THEN {i}" for i, end in enumerate(ends))
    return combined(f"CAST(CASE {tests} WHEN {{0}} >= {whole(ends[-1])} THEN {len(ends)} END AS BIGINT)", x)


def _part(pattern: str) -> Callable[[Writer, Call, tuple[Text, ...]], Text]:
    def write(writer: Writer, _node: Call, args: tuple[Text, ...]) -> Text:
        day = writer.named(combined(as_date("{}"), args[0]), f"{writer.hint} date")
        return combined(pattern, day)

    return write


def _date_at(writer: Writer, _node: Call, args: tuple[Text, ...]) -> Text:
    """The day in its month, or the month's last: by the days before the first of this month and of the next."""
    month, day = writer.named(args[0]), writer.again(args[1])
    dialect = writer.levels.dialect

    def before(m: str) -> Text:
        year = dialect.divided(m, "12")
        first = f"make_date(CAST({year} AS INTEGER), CAST(MOD({m}, 12) + 1 AS INTEGER), 1)"
        return writer.named(combined(f"CAST({first} - {EPOCH} AS BIGINT)", month))

    this, following = before("{0}"), before("({0} + 1)")
    pattern = "CASE WHEN {2} < {1} - {0} THEN {0} + {2} WHEN {2} >= {1} - {0} THEN {1} END"
    return combined(pattern, this, following, day)


_OPERATORS: Final[Mapping[str, Callable[[Writer, Call, tuple[Text, ...]], Text]]] = {
    "add": _binary("+"),
    "sub": _binary("-"),
    "mul": _binary("*"),
    "eq": _binary("=", truth=True),
    "lt": _binary("<", truth=True),
    "le": _binary("<=", truth=True),
    "not": _not,
    "min": _extremum("<"),
    "max": _extremum(">"),
    "select": _select,
    "pick": _pick,
    "quot": _quotient,
    "lookup": _lookup,
    "bucket": _bucket,
    "month_index": _part("(CAST(EXTRACT(YEAR FROM {0}) AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM {0}) AS BIGINT) - 1)"),
    "day": _part("CAST(EXTRACT(DAY FROM {0}) AS BIGINT)"),
    "date_at": _date_at,
}


def write_steps(law: Law, levels: Levels, lanes: Lanes, say: Callable[[LawStep], str] = lambda _: "") -> dict[str, Any]:
    """Write every step of a law; gives the column of each, for a step with one value a row a list of them."""
    writer = Writer(levels, lanes)
    for step in law.steps:
        writer.step_columns(step, say(step))
    return writer.steps
