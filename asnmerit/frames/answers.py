"""What a block of steps says, as Arrow columns: status, outcome, rule, totals, named values, reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.compiled import compiled
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, FrameError
from asnmerit.frames.arrow import flags, is_unicode, np, pa
from asnmerit.frames.typed import coded, fixed, lists, shape_of
from asnmerit.outcome import facts_below

if TYPE_CHECKING:
    from asnmerit.frames.kernel import Answer
    from asnmerit.frames.lanes import Read
    from asnmerit.outcome import ConditionPlan
    from asnmerit.plan import DecisionPlan
    from asnmerit.rules.law import Law

Array = Any
STATUSES: Final = ("granted", "refused", "undetermined", "conflict", "error")
GRANTED, REFUSED, UNDETERMINED, CONFLICT, ERROR = range(5)
PER_MASK: Final = 63


@attrs.frozen
class Wanted:
    """Which answers the caller wants. See `FrameOptions`."""

    decisions: tuple[str, ...]
    values: tuple[str, ...]
    reasons: str | None
    prefix: str
    dictionary: bool


def wanted(
    law: Law,
    *,
    decisions: Collection[str] | None,
    values: Collection[str] | str,
    reasons: object,
    prefix: object,
    dictionary: object,
) -> Wanted:
    """Check what the caller wants."""
    chosen = tuple(law.decisions) if decisions is None else _names("decisions", decisions)
    for name in chosen:
        if name not in law.decisions:
            raise ArgumentError("decisions", name, f"decisions of the law: {', '.join(law.decisions) or 'none'}")
    named = compiled(law).named if isinstance(values, str) and values == "*" else _names("values", values)
    for name in named:
        if name not in law.index:
            near = near_misses(str(name)[:80], law.index)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError("values", name, f'names of steps of the law, or "*"{hint}')
    if reasons is not None and not (isinstance(reasons, str) and reasons in {"bits", "columns"}):
        raise ArgumentError("reasons", reasons, '"bits", "columns" or None')
    if not isinstance(prefix, str) or not is_unicode(prefix):
        raise ArgumentError("prefix", prefix, "text that is put before the names of the answers")
    if not isinstance(dictionary, bool):
        raise ArgumentError("dictionary", dictionary, "True or False")
    return Wanted(chosen, tuple(dict.fromkeys(named)), reasons, prefix, dictionary)


def _names(argument: str, given: object) -> tuple[str, ...]:
    """Give names, each once; a text is one name."""
    names = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Collection) else None
    if names is None or not all(isinstance(name, str) for name in names):
        raise ArgumentError(argument, given, "a name, or a list of names")
    return tuple(dict.fromkeys(names))


# --- reasons ---


@attrs.frozen
class Reason:
    """One condition of a rule: its step, its name in answers, and whether the rule needs it to be false."""

    key: str
    name: str
    unless: bool


def reasons(plan: DecisionPlan) -> tuple[Reason, ...]:
    """Give the conditions of a decision, each once, in the order of its rules; parts of a condition follow it."""
    found: dict[tuple[str, bool], Reason] = {}

    def add(conditions: Sequence[ConditionPlan]) -> None:
        for one in conditions:
            key, unless = one.node.key, one.part == "unless"
            name = key.removeprefix("rules.")
            shared = unless and ".unless." not in key
            found.setdefault((key, unless), Reason(key, f"unless.{name}" if shared else name, unless))
            add((*one.children, *one.exceptions))

    for rule in plan.rules:
        add(rule.conditions)
    return tuple(found.values())


def _packed(columns: Sequence[Array], rows: int) -> Array:
    """Put truth values into the bits of integers, the first into the lowest."""
    out = np.zeros(rows, "<i8")
    octets = out.view(np.uint8).reshape(rows, 8)
    for start in range(0, len(columns), 8):
        first, *later = reversed(columns[start : start + 8])
        octet = first.view(np.uint8).copy()
        for column in later:
            np.add(octet, octet, out=octet)
            np.bitwise_or(octet, column.view(np.uint8), out=octet)
        octets[:, start // 8] = octet
    return out


# --- a decision ---


@attrs.frozen(eq=False)
class Steps:
    """The steps of a block, and how a step's column looks."""

    law: Law
    answer: Answer
    rows: int

    def value(self, key: str) -> Array:
        """Give the values of a step."""
        return self.answer.values[key]

    def known(self, key: str) -> Array | None:
        """Give where a step is known; None for everywhere."""
        return self.answer.known[key]

    def true(self, key: str) -> Array:
        """Give where a step is true for certain."""
        known = self.known(key)
        return self.value(key) if known is None else self.value(key) & known


def statuses(plan: DecisionPlan, steps: Steps) -> Array:
    """Give the status of each row: `asnmerit.plan.status_of` on columns."""
    granted = f"{plan.node.key}.granted"
    known = steps.known(granted)
    found = np.where(steps.value(granted), np.int8(GRANTED), np.int8(REFUSED))
    whole = _complete(plan, steps)
    if whole is not None:
        found[(found == GRANTED) & ~whole] = UNDETERMINED
    if known is not None:
        found[~known] = UNDETERMINED
    if plan.conflict is not None:
        key = f"{plan.node.key}.conflict"
        found[steps.true(key)] = CONFLICT
        open_ = steps.known(key)
        if open_ is not None:
            found[~open_] = UNDETERMINED
    return found


def _complete(plan: DecisionPlan, steps: Steps) -> Array | None:
    whole: Array | None = None

    def need(mask: Array | None) -> None:
        nonlocal whole
        if mask is not None:
            whole = mask if whole is None else whole & mask

    if plan.node.hit != "collect":
        for place in plan.fields:
            need(steps.known(f"{plan.node.key}.{place.name}"))
        return whole
    for rule in plan.rules:
        need(steps.known(rule.node.key))
        for key in rule.node.grants.values():
            known = steps.known(key)
            need(None if known is None else known | ~steps.true(rule.node.key))
    return whole


def keys_of(plan: DecisionPlan) -> list[str]:
    """Give the steps that the status, the outcome and the rule of a decision are read from."""
    node = plan.node
    keys = [f"{node.key}.granted", *(f"{node.key}.{p.name}" for p in plan.fields)]
    keys += [f"{node.key}.conflict"] if plan.conflict is not None else []
    keys += [f"{node.key}.rule"] if plan.which is not None else []
    if node.hit == "collect":
        keys += [k for rule in plan.rules for k in (rule.node.key, *rule.node.grants.values())]
    return keys


Made = Callable[[Steps, "Read", Array | None, dict[str, Array]], Any]


@attrs.frozen(eq=False)
class AnswerColumn:
    """A column of the answer: its name, its type, and how it is made of steps, lanes, faulty rows and statuses."""

    name: str
    type: Any
    make: Made
    about: dict[str, str] = attrs.field(factory=dict)


def _also(known: Array | None, lawful: Array | None) -> Array | None:
    if known is None or lawful is None:
        return known if lawful is None else lawful
    return known & lawful


def _status_column(plan: DecisionPlan, want: Wanted) -> AnswerColumn:
    shape = coded(STATUSES, dictionary=want.dictionary)
    key = plan.node.key
    return AnswerColumn(f"{key}.status", shape.type, lambda _s, _r, _ok, status: shape.make(status[key], None))


def has_value(plan: DecisionPlan, field: str, status: Array) -> Array:
    """Give where a field of an outcome has a value: of the granted, and of the refused where `otherwise` says one."""
    granted: Array = status == GRANTED
    return granted | (status == REFUSED) if field in plan.node.otherwise else granted


def _field_column(law: Law, plan: DecisionPlan, field: str, name: str, want: Wanted) -> AnswerColumn:
    key = f"{plan.node.key}.{field}"
    shape = shape_of(law.steps[law.index[key]], dictionary=want.dictionary)

    def make(steps: Steps, _: Read, ok: Array | None, status: dict[str, Array]) -> Any:  # noqa: ANN401 - an array
        shown = ok
        if plan.node.hit != "collect":
            shown = has_value(plan, field, status[plan.node.key])
        return shape.make(steps.value(key), _also(steps.known(key), shown))

    return AnswerColumn(name, shape.type, make)


def _rule_column(plan: DecisionPlan, want: Wanted) -> AnswerColumn:
    key = f"{plan.node.key}.rule"
    shape = coded([r.node.name for r in plan.rules], dictionary=want.dictionary)

    def make(steps: Steps, _: Read, __: Array | None, status: dict[str, Array]) -> Any:  # noqa: ANN401 - an array
        return shape.make(steps.value(key), _also(steps.known(key), status[plan.node.key] == GRANTED))

    return AnswerColumn(key, shape.type, make)


def _bit_columns(plan: DecisionPlan) -> list[AnswerColumn]:
    found = reasons(plan)
    columns: list[AnswerColumn] = []
    for at in range(0, max(len(found), 1), PER_MASK):
        some = found[at : at + PER_MASK]
        more = f"_{at // PER_MASK + 1}" if at else ""
        about = {"bits": "\n".join(r.name for r in some)}
        for word, met in (("met", True), ("unmet", False)):
            columns.append(AnswerColumn(f"{plan.node.key}.{word}{more}", pa.int64(), _mask_of(some, met=met), about))
    return columns


def _mask_of(some: Sequence[Reason], *, met: bool) -> Made:
    def make(steps: Steps, _: Read, ok: Array | None, __: dict[str, Array]) -> Any:  # noqa: ANN401 - an array
        truths = [_stands(steps, reason, met=met) for reason in some]
        return fixed(pa.int64(), _packed(truths, steps.rows), ok)

    return make


def _stands(steps: Steps, reason: Reason, *, met: bool) -> Array:
    """Give where a condition stands as its rule needs it (`met`), or surely does not."""
    value, known = steps.value(reason.key), steps.known(reason.key)
    value = value if met != reason.unless else ~value
    return value if known is None else value & known


def _reason_columns(plan: DecisionPlan) -> list[AnswerColumn]:
    def column(reason: Reason) -> AnswerColumn:
        def make(steps: Steps, _: Read, ok: Array | None, __: dict[str, Array]) -> Any:  # noqa: ANN401 - an array
            value = steps.value(reason.key)
            return flags(~value if reason.unless else value, _also(steps.known(reason.key), ok))

        return AnswerColumn(f"{plan.node.key}.holds.{reason.name}", pa.bool_(), make)

    return [column(reason) for reason in reasons(plan)]


def _value_column(law: Law, key: str, want: Wanted) -> AnswerColumn:
    step = law.steps[law.index[key]]
    shape = shape_of(step, dictionary=want.dictionary)

    def make(steps: Steps, read: Read, ok: Array | None, _: dict[str, Array]) -> Any:  # noqa: ANN401 - an array
        if step.binder is None:
            return shape.make(steps.value(key), _also(steps.known(key), ok))
        lane = (step.binder.list_fact, "#")
        sure = _also(read.block.known.get(lane), ok)
        return lists(shape, steps.value(key), steps.known(key), read.block.values[lane], sure)

    return AnswerColumn(key, shape.type if step.binder is None else pa.list_(shape.type), make)


def _verdict_columns(plan: DecisionPlan, want: Wanted) -> list[AnswerColumn]:
    """Give the columns of a decision that are not its outcome, the status first."""
    found = [_status_column(plan, want)]
    found += [_rule_column(plan, want)] if plan.which is not None and plan.rules else []
    return found + (_bit_columns(plan) if want.reasons == "bits" else [])


def outcome_names(plan: DecisionPlan, want: Wanted) -> dict[str, str]:
    """Give what the column of each field of an outcome is called: a field may bear the name of another column."""
    taken, key = {c.name for c in _verdict_columns(plan, want)}, plan.node.key
    names = [place.name for place in plan.fields]
    return {n: f"{key}.outcome.{n}" if f"{key}.{n}" in taken else f"{key}.{n}" for n in names}


def answer_columns(law: Law, want: Wanted) -> list[AnswerColumn]:
    """Give the columns of decisions and values, in order; the same for every frame."""
    columns: list[AnswerColumn] = []
    for name in want.decisions:
        plan = compiled(law).plans[name]
        first, *others = _verdict_columns(plan, want)
        outcome = [_field_column(law, plan, field, called, want) for field, called in outcome_names(plan, want).items()]
        columns += [first, *outcome, *others]
        if want.reasons == "columns":
            columns += _reason_columns(plan)
    columns += [_value_column(law, key, want) for key in want.values]
    return columns


def answer_keys(law: Law, want: Wanted) -> list[str]:
    """Give the steps that the answers are read from, the checks of records among them."""
    keys = [s.key for s in law.steps if s.role == "check"]
    for name in want.decisions:
        plan = compiled(law).plans[name]
        keys += keys_of(plan)
        keys += [r.key for r in reasons(plan)] if want.reasons is not None else []
    return list(dict.fromkeys([*keys, *want.values]))


def check_faults(law: Law) -> list[tuple[str, str]]:
    """Give the checks of a law: step, and the facts that it compares."""
    return [(s.key, ", ".join(sorted(facts_below(law, s.key)))) for s in law.steps if s.role == "check"]


def no_names_twice(names: Sequence[str], taken: Collection[str]) -> None:
    """Refuse answers whose columns would bear a name that is there already."""
    seen = set(taken)
    faults = [
        Fault("column-twice", name, "", "one column of a name", "prefix= puts something before the answers")
        for name in names
        if name in seen or seen.add(name)  # type: ignore[func-returns-value]
    ]
    if faults:
        raise FrameError(faults)
