"""SIASN exports and the spreadsheets around them: how their cells are written, codes and known dirt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from asnmerit.readers.findings import CellRefusedError, Words
from asnmerit.readers.siasn_codes import EDUCATION, SEX, book_of, folded
from asnmerit.readers.text import refused_member
from asnmerit.rules.types import Enum

_APOSTROPHES: Final = "'`\u2018\u2019"
_STATUS_CODE: Final = Words("kode kedudukan hukum, misalnya 01", "a legal-status code, such as 01")
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
_NOTHING: Final = frozenset({"", "-", "--", "null"})
SEXES: Final = SEX
_RANK_IN_BRACKETS: Final = re.compile(r".*\([IVXivx]+[ ./]?[A-Ea-e]\)")


def looks_like_siasn(header: Iterable[str]) -> bool:
    """Say whether a header row is that of an export: it has the column `nip_baru` or `pns_id`.

    >>> looks_like_siasn(["PNS ID", "NIP BARU", "NAMA"])
    True
    """
    return not {"NIPBARU", "PNSID"}.isdisjoint(folded(name) for name in header)


def cleaned(text: str) -> str:
    """Take off what exports put around a value: an apostrophe before it, `="..."`; null and a dash are nothing.

    >>> cleaned("'198503172010011003"), cleaned('="198503172010011003"'), cleaned("null"), cleaned("-")
    ('198503172010011003', '198503172010011003', '', '')
    """
    text = text.strip()
    if text[:1] == "=" and (formula := _TEXT_FORMULA.fullmatch(text)):
        text = formula[1].strip()
    if text[:1] in _APOSTROPHES:
        text = text[1:].strip()
    return "" if text.lower() in _NOTHING else text


def member(kind: Enum, text: str) -> tuple[str, str]:
    """Read a code or a spelling as a member of a type; give the code of the finding where there is one.

    A code that SIASN knows but the type has no member for gives "" and `code-open`.

    >>> rank = Enum("rank", ("III/a", "III/b"), (0, 1), True, policy="indonesia/asn")
    >>> member(rank, "32"), member(rank, "IIIa"), member(rank, "Penata Muda (III/a)")
    (('III/b', ''), ('III/a', ''), ('III/a', 'spelling-read'))

    Raises:
        CellRefusedError: if it is neither a code nor a spelling of a member.
    """
    if text in kind.members:
        return text, ""
    plain, book = folded(text), book_of(kind.policy, kind.name)
    if found := book.get(plain, ""):
        if found not in kind.members:
            return "", "code-open"
        return found, "spelling-read" if _RANK_IN_BRACKETS.fullmatch(text) else ""
    if plain.isdigit() and (found := book.get("0" + plain, "")) in kind.members:
        return found, "zero-restored"
    same = [m for m in kind.members if folded(m) == plain]
    if len(same) == 1:
        return same[0], ""
    if book is EDUCATION and (found := _level_before_subject(text)) in kind.members:
        return found, "spelling-read"
    raise refused_member(text, kind.members)


def _level_before_subject(text: str) -> str:
    """Give the level of `S2 TEKNIK SIPIL`; nothing where two levels stand side by side, as in `D-IV/S-1`."""
    words = [word for word in re.split(r"[\s,]+", text.strip()) if word]
    for count in (3, 2, 1):
        found = EDUCATION.get(folded("".join(words[:count])), "")
        whole = len(words) >= count and all(folded(word) for word in words[:count])
        if found and whole and not folded(words[0]).isdigit():
            rest = re.match(r"(?:[/+&-]|dan|atau|or)", words[count], re.IGNORECASE) if len(words) > count else None
            return "" if rest else found
    return ""


def coded(codes: Mapping[str, str], text: str) -> str:
    """Read a code by the book of its column; give "" when the book says that the code leaves it open.

    >>> from asnmerit.readers.siasn_codes import ACTIVE
    >>> coded(ACTIVE, "01"), coded(ACTIVE, "03")
    ('ya', '')

    Raises:
        CellRefusedError: if it is not a code at all.
    """
    plain = folded(text)
    if len(plain) == 1 and plain.isdigit():
        plain = "0" + plain
    if plain in codes:
        return codes[plain]
    if re.fullmatch(r"[0-9]{2}", plain):
        return ""
    raise CellRefusedError("cell-member", text, _STATUS_CODE)
