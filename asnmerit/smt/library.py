"""The home of z3: imported here and nowhere else, when the first term of a law is asked for."""

from __future__ import annotations

from typing import Any

z3: Any
try:
    import z3 as _z3  # type: ignore[import-untyped, unused-ignore]  # the extra `audit` may be absent
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "proofs need z3: pip install 'asnmerit[audit]'"
    raise ModuleNotFoundError(message, name=error.name) from error
z3 = _z3
