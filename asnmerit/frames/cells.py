"""Cells of one Arrow column into the kernel's integers: what `asnmerit.edge.convert` does to one value, to a block.

A cell that is null is unknown. A cell that is no value of its fact gets a code and counts as unknown; nothing is
guessed and nothing is raised. A type that can never hold a value of the fact is `impossible`, told before any row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs

from asnmerit.edge import MOST_FLOAT, converted
from asnmerit.errors import Fault
from asnmerit.frames.arrow import is_text, np, pa, plain_column, plain_dtype, raw, strings, truth, words
from asnmerit.frames.kernel import dtype_of
from asnmerit.frames.primitives import UNIX
from asnmerit.readers.conventions import Reading
from asnmerit.readers.findings import CATALOGUE, CellRefusedError
from asnmerit.readers.rows import FORMULA_MARKS, NONE_AT_ALL, formula_fault
from asnmerit.rules.kernel import Int
from asnmerit.rules.lower import int_type
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY
from asnmerit.rules.types import Bool, Date, Enum, Number, Scalar

Array = Any
_EDGE: Final = (
    "wrong-type", "inexact", "not-finite", "out-of-range", "off-step", "not-a-date", "unknown-member",
    "too-many", "too-few", "not-a-year", "twice", "unknown-field", "check",
)  # fmt: skip
CODES: Final = ("", *_EDGE, *sorted(code for code, kind in CATALOGUE.items() if kind.kind == "refusal"))
CODE: Final = {code: i for i, code in enumerate(CODES)}
UNKNOWN, NOTHING = -1, -2
"""What a text may stand for besides a value: not known; `[]`, there are none."""
MOST_TEXTS: Final = 200_000
LONG = 2**63 - 1
MOST_POWER = 18


@attrs.frozen(eq=False)
class Cells:
    """Lawful integers; where they are known; codes of what is wrong (0 for nothing); where `[]` stood."""

    values: Array
    known: Array | None = None
    wrong: Array | None = None
    none: Array | None = None

    @property
    def given(self) -> Array:
        """Where something stood in the cell."""
        here = np.ones(len(self.values), np.bool_) if self.known is None else self.known
        return here if self.wrong is None else here | (self.wrong > 0)


def no_cells(of: Int, rows: int) -> Cells:
    """Give cells of which nothing is known."""
    return Cells(np.full(rows, of.lo, dtype_of(of)), np.zeros(rows, np.bool_))


def finished(of: Int, values: Array, known: Array | None, wrong: Array | None) -> Cells:
    """Put a lawful value where nothing is known, and where something is wrong."""
    if wrong is not None and known is not None:
        wrong = np.where(known, wrong, 0).astype(np.int16)
    if wrong is not None and not wrong.any():
        wrong = None
    sure = known
    if wrong is not None:
        sure = wrong == 0 if known is None else known & (wrong == 0)
    if sure is not None and sure.all():
        sure = None
    dtype = dtype_of(of)
    values = values.astype(dtype, copy=False)
    return Cells(values if sure is None else np.where(sure, values, dtype(of.lo)), sure, wrong)


# --- texts ---


@attrs.frozen
class Texts:
    """How the texts of one column are read: by a convention of the readers, or exactly as `decide` reads a string."""

    reading: Reading | None
    column: str = ""
    fact: str = ""
    slots: bool = False
    part: Callable[[str], str] | None = None
    memory: dict[tuple[int, str], tuple[int, int]] = attrs.field(factory=dict, eq=False, repr=False)
    last: list[tuple[Any, int, Array, Array]] = attrs.field(factory=list, eq=False, repr=False)

    def read(self, of: Scalar, text: str) -> tuple[int, int]:
        """Give the integer and 0; or anything, and the number of what is wrong, `UNKNOWN` or `NOTHING`."""
        key = (id(of), text)
        found = self.memory.get(key)
        if found is None:
            if len(self.memory) > MOST_TEXTS:
                self.memory.clear()
            found = self.memory[key] = self._read(of, text)
        return found

    def _read(self, of: Scalar, text: str) -> tuple[int, int]:
        if self.reading is not None and has_controls(text):
            return 0, CODE["cell-control"]
        if self.slots and text.strip() == NONE_AT_ALL:
            return 0, NOTHING
        value: object = text
        if self.reading is not None:
            if text[:1] in FORMULA_MARKS and (fault := formula_fault(text)):
                return 0, CODE[fault]
            try:
                text = self.reading.convention.cleaned(text)
                value = self._cell(of, self.part(text) if self.part is not None and text else text)
            except CellRefusedError as error:
                return 0, CODE[error.finding.code]
        if value is None:
            return 0, UNKNOWN
        integer, code = converted(value, of)
        return int(integer or 0), CODE[code]

    def _cell(self, of: Scalar, text: str) -> object:
        if self.reading is None or not text:
            return None
        said, _ = self.reading.open_code(self.column, of, text)
        return self.reading.scalar(of, said, self.fact)[0] if said else None

    def table(self, of: Scalar, dictionary: Any) -> tuple[Array, Array]:  # noqa: ANN401 - an array of PyArrow
        """Read the different texts of a block; the last block's are remembered."""
        for seen, kind, values, codes in list(self.last):
            if kind == id(of) and len(seen) == len(dictionary) and seen.equals(dictionary):
                return values, codes
        pairs = [(0, UNKNOWN) if text is None else self.read(of, text) for text in strings(dictionary)]
        values = np.array([v for v, _ in pairs] or [0], np.int64)
        codes = np.array([c for _, c in pairs] or [UNKNOWN], np.int16)
        self.last[:] = [(dictionary, id(of), values, codes)]
        return values, codes


def has_controls(text: str) -> bool:
    """Whether a text holds control characters, other than those between words and lines."""
    return not text.isprintable() and any((c < " " and c not in "\t\r\n") or c == "\x7f" for c in text)


def _from_text(of: Scalar, column: Any, texts: Texts) -> Cells:  # noqa: ANN401 - an array of PyArrow
    dictionary, places, known = words(column)
    values, codes = texts.table(of, dictionary)
    if not codes.any():
        t = int_type(of)
        return finished(t, values.astype(dtype_of(t)).take(places, mode="clip"), known, None)
    return _coded(of, values[places], codes[places], known)


def _coded(of: Scalar, values: Array, codes: Array, known: Array | None) -> Cells:
    here = np.ones(len(values), np.bool_) if known is None else known
    none = here & (codes == NOTHING)
    cells = finished(int_type(of), values, here & (codes >= 0), np.maximum(codes, 0))
    return attrs.evolve(cells, none=none) if none.any() else cells


def from_objects(of: Scalar, values: Sequence[object], texts: Texts) -> Cells:
    """Read Python objects one by one: what a column holds that has no one type."""
    found: list[tuple[int, int]] = []
    for value in values:
        if value is None:
            found.append((0, UNKNOWN))
        elif isinstance(value, str):
            found.append(texts.read(of, value))
        else:
            integer, code = converted(value, of)
            found.append((int(integer or 0), CODE[code]))
    integers = np.array([n for n, _ in found], np.int64)
    return _coded(of, integers, np.array([c for _, c in found], np.int16), None)


# --- numbers ---


def _within(n: Array, low: int, high: int, known: Array | None) -> Array | None:
    """Give where numbers leave a range, None for nowhere; what is null does not count."""
    if len(n) == 0 or (known is None and low <= int(n.min()) and int(n.max()) <= high):
        return None
    outside = (n < low) | (n > high)
    if known is not None:
        outside &= known
    return outside if outside.any() else None


def _marked(wrong: Array | None, where: Array | None, code: str, rows: int) -> Array | None:
    """Note a code where nothing is noted yet."""
    if where is None or not where.any():
        return wrong
    if wrong is None:
        wrong = np.zeros(rows, np.int16)
    wrong[where & (wrong == 0)] = CODE[code]
    return wrong


def _whole(of: Number, n: Array, known: Array | None) -> Cells:
    """Read integers: the range first, then the step."""
    t = int_type(of)
    low, high = -(-t.lo // t.den), t.hi // t.den
    outside = _within(n, low, high, known)
    wrong = _marked(None, outside, "out-of-range", len(n))
    if outside is not None or known is not None:
        inside = True if known is None else known
        n = np.where(inside if outside is None else inside & ~outside, n, 0)
    values = n.astype(np.int64, copy=False) * t.den if t.den > 1 else n
    return _on_step(of, values, known, wrong)


def _on_step(of: Number, values: Array, known: Array | None, wrong: Array | None) -> Cells:
    t = int_type(of)
    step = t.den if of.step is None else int(of.step * t.den)
    if step > 1 and (t.den % step or t.lo % step or wrong is not None):
        off = (values.astype(np.int64, copy=False) - t.lo) % step != 0
        wrong = _marked(wrong, off, "off-step", len(values))
    return finished(t, values, known, wrong)


def _floats(of: Number, x: Array, known: Array | None) -> Cells:
    """Read doubles: each counts as the nearest point of the step, if it is the double nearest to that point."""
    t = int_type(of)
    rows = len(x)
    if known is not None:
        x = np.where(known, x, 0.0)
    with np.errstate(all="ignore"):
        wrong = _marked(None, ~np.isfinite(x), "not-finite", rows)
        wrong = _marked(wrong, np.abs(x) >= MOST_FLOAT, "out-of-range", rows)
        near = np.rint(x * t.den)
        wrong = _marked(wrong, ~((np.abs(near) < MOST_FLOAT) & (near / t.den == x)), "off-step", rows)
    n = near.astype(np.int64) if wrong is None else np.where(wrong > 0, t.lo, near).astype(np.int64)
    outside = _within(n, t.lo, t.hi, None)
    wrong = _marked(wrong, outside, "out-of-range", rows)
    return _on_step(of, n, known, wrong)


def _decimals(of: Number, column: Any, known: Array | None, texts: Texts) -> Cells:  # noqa: ANN401 - an array of PyArrow
    """Read exact decimals whose digits fit one word; the others one by one."""
    t, scale = int_type(of), column.type.scale
    pairs = raw(column, np.dtype((np.int64, 2))) if column.type.bit_width == 128 else None  # noqa: PLR2004 - two words
    if pairs is None or not 0 <= scale <= MOST_POWER:
        return from_objects(of, column.to_pylist(), texts)
    u = pairs[:, 0]
    if known is not None or pairs[:, 1].any() or int(u.min(initial=0)) < 0:
        fits = pairs[:, 1] == u >> 63
        if known is not None:
            u, fits = np.where(known, u, 0), fits | ~known
        if not fits.all():
            return from_objects(of, column.to_pylist(), texts)
    shared = int(np.gcd(t.den, 10**scale)) if t.den < LONG else 1
    a, b = t.den // shared, 10**scale // shared
    low, high = -(-t.lo * b // a), t.hi * b // a
    outside = _within(u, low, high, known)
    wrong = _marked(None, outside, "out-of-range", len(u))
    if outside is not None:
        u = np.where(outside, 0, u)
    whole, rest = np.divmod(u, b) if b > 1 else (u, None)
    if rest is not None:
        wrong = _marked(wrong, rest != 0, "off-step", len(u))
    return _on_step(of, whole * a, known, wrong)


def _number(of: Number, column: Any, known: Array | None, texts: Texts) -> Cells:  # noqa: ANN401 - an array of PyArrow
    kind = column.type
    if pa.types.is_integer(kind):
        n = raw(column, plain_dtype(kind))
        if pa.types.is_uint64(kind):
            over = n > LONG
            if over.any():
                cells = _whole(of, np.where(over, 0, n).astype(np.int64), ~over if known is None else known & ~over)
                wrong = np.zeros(len(n), np.int16) if cells.wrong is None else cells.wrong.copy()
                wrong[over if known is None else over & known] = CODE["out-of-range"]
                return attrs.evolve(cells, wrong=wrong)
            n = n.astype(np.int64)
        return _whole(of, n, known)
    if pa.types.is_float64(kind):
        if int_type(of).den >= MOST_FLOAT:
            return from_objects(of, column.to_pylist(), texts)
        return _floats(of, raw(column, np.float64), known)
    return _decimals(of, column if kind.bit_width >= 128 else column.cast(pa.decimal128(38, kind.scale)), known, texts)  # noqa: PLR2004 - narrow decimals widened


# --- days ---

_PER_DAY: Final = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def _days(of: Date, column: Any, known: Array | None) -> Cells:  # noqa: ANN401 - an array of PyArrow
    t = int_type(of)
    kind, wrong = column.type, None
    if pa.types.is_date32(kind):
        days = raw(column, np.int32)
    else:
        moments = raw(column, np.int64)
        per_day = _PER_DAY["ms" if pa.types.is_date64(kind) else kind.unit]
        days = moments // per_day
        if pa.types.is_timestamp(kind):
            wrong = _marked(None, moments != days * per_day, "wrong-type", len(days))
    low, high = (of.lo or FIRST_DAY) - UNIX, (of.hi or LAST_DAY) - UNIX
    outside = _within(days, low, high, known)
    wrong = _marked(wrong, outside, "out-of-range", len(days))
    if outside is not None or known is not None:
        days = np.clip(days, low, high)
    return finished(t, np.add(days, UNIX, dtype=dtype_of(t), casting="same_kind"), known, wrong)


# --- a column ---


def read_cells(of: Scalar, column: Any, texts: Texts) -> Cells:  # noqa: ANN401 - an array of PyArrow
    """Read a column of a possible type."""
    column = plain_column(column)
    if pa.types.is_null(column.type):
        return no_cells(int_type(of), len(column))
    if is_text(column.type):
        return _from_text(of, column, texts)
    known = truth(column)
    match of:
        case Bool():
            values = (column if known is None else column.fill_null(False)).to_numpy(zero_copy_only=False)
            return finished(int_type(of), values, known, None)
        case Number():
            return _number(of, column, known, texts)
        case Date():
            return _days(of, column, known)
        case Enum():
            raise TypeError(column.type)


def _numeric(kind: Any) -> bool:  # noqa: ANN401 - a type of PyArrow
    return bool(pa.types.is_integer(kind) or pa.types.is_float64(kind) or pa.types.is_decimal(kind))


def _day_like(kind: Any) -> bool:  # noqa: ANN401 - a type of PyArrow
    return bool(pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None))


_POSSIBLE: Final[dict[type, tuple[Callable[[Any], bool], str]]] = {
    Bool: (pa.types.is_boolean, "true or false"),
    Number: (_numeric, "a number"),
    Date: (_day_like, "days, or text YYYY-MM-DD"),
    Enum: (lambda _: False, "text"),
}


def impossible(of: Scalar, kind: Any, name: str, *, worded: bool) -> Fault | None:  # noqa: ANN401 - a type of PyArrow
    """Say why a column of a type can never hold values of a fact; `worded`: a convention reads words and numbers."""
    while pa.types.is_run_end_encoded(kind) or (pa.types.is_dictionary(kind) and not is_text(kind)):
        kind = kind.value_type
    if pa.types.is_null(kind):
        return None
    if is_text(kind) and (worded or isinstance(of, Date | Enum)):
        return None
    holds, expected = _POSSIBLE[type(of)]
    if holds(kind):
        return None
    hint, code = "", "wrong-type"
    if isinstance(of, Number) and pa.types.is_floating(kind):
        code, hint = "inexact", "a 32-bit float cannot hold it: use Decimal, int or a 64-bit float"
    elif is_text(kind):
        hint = 'numbers and truth values are not text; convention="csv" or "siasn" reads text as the readers do'
    elif pa.types.is_timestamp(kind):
        hint = "a moment with a time zone is not a day: convert it to local days first"
    elif isinstance(of, Bool):
        hint = "0, 1 and words are not truth values"
    if isinstance(of, Enum):
        expected = f"text, members of {of.name}: {', '.join(of.members[:4])} …"
    return Fault(code, name, str(kind), expected, hint)
