"""Replay: a stored decision record is decided again, by the law it names, and compared."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.bundle import in_force, load
from asnmerit.decision import Decision, decide
from asnmerit.errors import AsnmeritError, DecisionRecordError, PolicyNotFoundError
from asnmerit.record import FORMAT, canonical
from asnmerit.rules.types import ListOf, Number, PerMember, Type, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.law import Law


def typed_facts(law: Law, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts of a decision record as `decide` takes them: exact numbers from text, the rest as it is."""
    return {
        name: _typed(law.declared[name].type, value) if name in law.declared else value for name, value in facts.items()
    }


def _typed(of: Type, value: Any) -> Any:  # noqa: ANN401 - JSON data
    if value is None:
        return None
    match of:
        case Yearly(inner) | PerMember(inner) if isinstance(value, Mapping):
            return {k: _typed(inner, v) for k, v in value.items()}
        case ListOf(fields, _, plain_rows) if isinstance(value, list):
            if plain_rows:
                return [_typed(fields["value"], v) for v in value]
            return [
                {k: _typed(fields[k], v) if k in fields else v for k, v in row.items()}
                if isinstance(row, Mapping)
                else row
                for row in value
            ]
        case Number() if isinstance(value, str):
            return _number(value)
        case _:
            return value


def _number(text: str) -> Fraction | str:
    top, slash, bottom = text.partition("/")
    digits = top.removeprefix("-").replace(".", "", 1)
    fine = digits.isascii() and digits.isdigit() and len(text) <= 80 and not text.startswith(".")  # noqa: PLR2004 - longer than any number
    if not fine or (slash and not (bottom.isascii() and bottom.isdigit() and int(bottom))):
        return text
    return Fraction(text)


@attrs.frozen
class Replay:
    """The result of deciding a stored decision again.

    `status`: `same`; `same outcome` (the documents changed, the meaning did not); `law changed` (another meaning; the
    differences say whether the answer changed); `different` (same meaning, another answer: the record was altered);
    `law unavailable`.
    """

    status: Literal["same", "same outcome", "law changed", "different", "law unavailable"]
    differences: tuple[str, ...] = ()
    decision: Decision | None = attrs.field(default=None, repr=False)

    @property
    def agrees(self) -> bool:
        """Whether the stored decision stands as it was given."""
        return self.status in {"same", "same outcome"}


def replay(record: Mapping[str, Any] | str, law: Law | None = None, search: tuple[str, ...] = ()) -> Replay:
    """Decide a stored decision record again and compare.

    `law` may be given; else the policy is loaded by its name (`search` as for `load`). Raises `DecisionRecordError`
    for what is not a decision record.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> replay(asnmerit.decide(law, {}).to_json()).status
    'same'
    """
    stored = _read(record)
    try:
        found = law if law is not None else _law_of(stored["law"], search)
    except AsnmeritError as error:
        return Replay("law unavailable", (str(error).splitlines()[0],))
    if found is None:
        return Replay("law unavailable", (f"no policy named {stored['law']['policy']!r}",))
    try:
        facts = typed_facts(found, stored["facts"])
        as_of = datetime.date.fromisoformat(stored["as_of"])
        again = decide(found, facts, as_of=as_of)
    except (AsnmeritError, ValueError) as error:
        same_law = found.meaning == stored["law"].get("meaning")
        return Replay("different" if same_law else "law changed", tuple(str(error).splitlines()[:20]))
    return _compared(stored, again)


def _read(record: Mapping[str, Any] | str) -> dict[str, Any]:
    if isinstance(record, str):
        try:
            record = json.loads(record)
        except (ValueError, RecursionError) as error:
            message = f"not JSON: {str(error)[:80]}"
            raise DecisionRecordError(message) from error
    shape = {"law": Mapping, "as_of": str, "facts": Mapping, "decisions": Mapping}
    wrong = [k for k, kind in shape.items() if not isinstance(record, Mapping) or not isinstance(record.get(k), kind)]
    if (
        wrong
        or not isinstance(record, Mapping)
        or type(record.get("asnmerit")) is not int
        or record["asnmerit"] != FORMAT
    ):
        what = f"`{wrong[0]}` is missing or of another kind" if wrong else "it is of another format"
        message = f"not a decision record of format {FORMAT}: {what}"
        raise DecisionRecordError(message)
    law = record["law"]
    if not isinstance(law.get("policy"), str) or not isinstance(law.get("on"), str):
        message = "not a decision record: `law` does not name its policy and day"
        raise DecisionRecordError(message)
    readings = law.get("readings") or {}
    if not isinstance(readings, Mapping):
        message = "not a decision record: `readings` of its law is not a mapping"
        raise DecisionRecordError(message)
    return dict(record)


def _law_of(identity: Mapping[str, Any], search: tuple[str, ...]) -> Law | None:
    if str(identity["policy"]).endswith((".yaml", ".yml", ".json")):
        return None
    try:
        policy = load(identity["policy"], search=search)
    except PolicyNotFoundError:
        return None
    readings = identity.get("readings") or {}
    return in_force(policy, identity["on"], identity.get("known"), readings if isinstance(readings, Mapping) else {})


def _compared(stored: Mapping[str, Any], again: Decision) -> Replay:
    fresh = again.to_dict()
    differences = []
    for part in ("presumed", "values", "facts"):
        if part in stored and canonical(stored[part]) != canonical(fresh[part]):
            differences += _where(part, stored[part], fresh[part])
    names = {**stored["decisions"], **fresh["decisions"]}
    for name in names:
        old, new = stored["decisions"].get(name), fresh["decisions"].get(name)
        if canonical(old) != canonical(new):
            differences += _where(name, old, new)
    differences += [f"{key}: not part of a decision record" for key in stored if key not in fresh]
    if stored["law"].get("meaning") != fresh["law"]["meaning"]:
        return Replay("law changed", tuple(differences), again)
    if differences:
        return Replay("different", tuple(differences), again)
    same = canonical(stored["law"].get("documents")) == canonical(fresh["law"]["documents"])
    return Replay("same" if same else "same outcome", (), again)


def _where(name: str, old: Any, new: Any) -> list[str]:  # noqa: ANN401 - JSON data
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = [k for k in {**old, **new} if canonical(old.get(k)) != canonical(new.get(k))]
        return [f"{name}.{k}: stored {_short(old.get(k))}, now {_short(new.get(k))}" for k in keys]
    return [f"{name}: stored {_short(old)}, now {_short(new)}"]


def _short(value: object) -> str:
    text = canonical(value)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004 - longer than any number
