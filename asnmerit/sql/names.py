"""Names, texts and comments in SQL: nothing of a policy's text can end one of them."""

from __future__ import annotations

import unicodedata
from typing import Final

import attrs

from asnmerit.errors import ArgumentError

LONGEST_NAME: Final = 63
"""PostgreSQL cuts names at 63 bytes, silently: longer ones could become one."""
LONGEST_COMMENT: Final = 300
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LOOSE: Final = str.maketrans({"'": "", '"': "", "`": "", "$": " ", ";": ",", "\\": "/", "?": ".", "%": " percent "})
"""Marks on which careless tools split or fill in a text of SQL, even inside a comment."""


def quoted(name: str) -> str:
    """Quote a name.

    >>> print(quoted('a"b'))
    "a""b"

    Raises:
        ArgumentError: for a name that SQL cannot hold.
    """
    if not name or "\0" in name or len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        raise ArgumentError("name", name, f"a name of 1 to {LONGEST_NAME} bytes")
    return '"' + name.replace('"', '""') + '"'


def quoted_path(name: str) -> str:
    """Quote a name that may stand in a schema.

    >>> print(quoted_path("hr.employees"))
    "hr"."employees"
    """
    return ".".join(map(quoted, name.split(".")))


def comment(text: str) -> str:
    r"""Make a text fit for a comment of one line: one line, no unseen characters, no marks that tools split on.

    >>> comment("Masa\n*/ kerja; DROP TABLE x --")
    'Masa * / kerja, DROP TABLE x - -'
    """
    seen = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text[: 4 * LONGEST_COMMENT])
    plain = " ".join(seen.translate(_LOOSE).split())
    plain = plain.replace("*/", "* /").replace("/*", "/ *").replace("--", "- -").replace("--", "- -")
    return plain if len(plain) <= LONGEST_COMMENT else plain[: LONGEST_COMMENT - 1] + "…"


@attrs.define
class Names:
    """Gives out names for columns: readable, short enough, and different also for a database that ignores case."""

    taken: set[str] = attrs.field(factory=set)

    def fresh(self, wanted: str) -> str:
        """Give a name like the one wanted."""
        plain = "".join("_" if unicodedata.category(c) in _UNSEEN or c in "\"'`\\;" else c for c in wanted) or "_"
        short = plain.encode("utf-8", "replace")[: LONGEST_NAME - 8].decode("utf-8", "ignore")
        name, n = short, 1
        while name.casefold() in self.taken:
            n += 1
            name = f"{short} ~{n}"
        self.taken.add(name.casefold())
        return name
