"""JSON read strictly: exact numbers, no key twice, nothing that is not JSON, no half characters."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Final

from asnmerit.readers.findings import CellRefusedError, Words

MOST_JSON_DIGITS: Final = 40
DEEPEST_JSON: Final = 32

# A whole string (one that never ends goes to the end of the text), or a bracket.
TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{\]}]', re.DOTALL)
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_EXACT: Final = Words(
    f'bilangan bulat, atau teks seperti "12.50" dan "25/8", paling banyak {MOST_JSON_DIGITS} digit',
    f'an integer, or a string such as "12.50" or "25/8", of at most {MOST_JSON_DIGITS} digits',
)


def strict_json(text: str) -> object:
    """Read one JSON value; numbers with a point become exact decimals.

    >>> strict_json('{"skp": 87.5, "tahun": 2025}')
    {'skp': Decimal('87.5'), 'tahun': 2025}

    Raises:
        CellRefusedError: if it is not JSON, repeats a key, says NaN or Infinity, holds a lone
            surrogate, or is nested deeper than `DEEPEST_JSON`.
    """
    if _depth(text) > DEEPEST_JSON:
        raise _too_deep(text)
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_float=_exact,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        where = Words(f"JSON; salah di karakter {error.pos + 1}", f"JSON; wrong at character {error.pos + 1}")
        raise CellRefusedError("json-syntax", text, where) from None
    except RecursionError:
        raise _too_deep(text) from None
    if _ESCAPED_SURROGATE.search(text):
        _no_half_characters(value)
    return value


def _depth(text: str) -> int:
    """Count how deep the brackets outside strings nest; cheap for the usual flat value."""
    opened = text.count("[") + text.count("{")
    if opened <= DEEPEST_JSON:
        return opened
    deepest = depth = 0
    for found in TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest


def _too_deep(text: str) -> CellRefusedError:
    expected = Words(f"paling dalam {DEEPEST_JSON} tingkat", f"at most {DEEPEST_JSON} levels")
    return CellRefusedError("json-depth", text, expected)


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise CellRefusedError("json-duplicate-key", key, Words("setiap kunci satu kali", "each key once"))
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise CellRefusedError("json-number", name, _EXACT)


def _exact(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise CellRefusedError("json-number", text, _EXACT) from None
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) > MOST_JSON_DIGITS or abs(exponent) > MOST_JSON_DIGITS:
        raise CellRefusedError("json-number", text, _EXACT)
    return value


def _integer(text: str) -> int:
    if len(text) > MOST_JSON_DIGITS:
        raise CellRefusedError("json-number", text, _EXACT)
    return int(text)


def _no_half_characters(value: object) -> None:
    if isinstance(value, str):
        if any("\ud800" <= c <= "\udfff" for c in value):
            raise CellRefusedError("cell-surrogate", value, Words("karakter utuh", "whole characters"))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _no_half_characters(key)
            _no_half_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _no_half_characters(inner)
