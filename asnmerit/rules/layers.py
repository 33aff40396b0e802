"""What a policy may change of its parent: only what is delegated, only in the way it is delegated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.rules.law import exact_text, shown_exact
from asnmerit.rules.types import Date, Enum, Number
from asnmerit.rules.values import read_number
from asnmerit.timeline import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from asnmerit.diagnostics import Faults
    from asnmerit.rules import surface
    from asnmerit.rules.declarations import Declarations, Module, ParameterDecl, TableDecl
    from asnmerit.rules.norms import Change
    from asnmerit.rules.policy import Policy
    from asnmerit.timeline import Act

VALUES = {"set", "raise", "lower"}
Bounds = tuple["Fraction | None", "Fraction | None"]


def check_delegates(module: Module, declared: Declarations, faults: Faults) -> None:
    """Hold what a document delegates to what it has: its own names, or what its parent handed on, no more of it."""
    for name, entry in module.document.delegates.items():
        if name in module.scope.faulty:
            continue
        kinds = _kinds(name, declared)
        wrong = [m for m in entry.may or () if m not in kinds]
        if not kinds:
            faults.add(
                "delegates-nothing", entry.position, name=name, reason="it is no parameter, table or decision here"
            )
        elif wrong:
            faults.add("delegates-nothing", entry.position, name=name, reason=f"`{wrong[0]}` does not go with it")
        owner = declared.owners.get(name)
        if owner is not None and owner is not module:
            _no_more(module, name, entry, declared, faults)


def _kinds(name: str, declared: Declarations) -> set[str]:
    if name in declared.parameters:
        of = declared.parameters[name].type
        ranked = isinstance(of, Number | Date) or (isinstance(of, Enum) and of.ordered)
        return VALUES if ranked else {"set"}
    if name in declared.tables:
        return {"set"}
    return {"add_rules", "add_requires"} if name in declared.decisions else set()


def _no_more(module: Module, name: str, entry: surface.DelegateEntry, declared: Declarations, faults: Faults) -> None:
    held = module.parent.document.delegates.get(name) if module.parent else None
    if held is None:
        reason = "its parent does not delegate it"
    elif set(entry.may or ()) - set(held.may or ()) - (VALUES if "set" in (held.may or ()) else set()):
        reason = f"its parent allows only {', '.join(held.may or ())}"
    elif not _inside(_bounds(name, entry, declared, faults), _bounds(name, held, declared, faults)):
        reason = "its range is wider than its parent's"
    else:
        return
    faults.add("delegates-more", entry.position, policy=module.name, name=name, reason=reason)


def _inside(inner: Bounds, outer: Bounds) -> bool:
    low = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    return low and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def _bounds(name: str, entry: surface.DelegateEntry, declared: Declarations, faults: Faults) -> Bounds:
    if entry.within is None:
        return None, None
    of: Any = declared.parameters[name].type if name in declared.parameters else None
    if name in declared.tables:
        of = next((c for c in declared.tables[name].layout.columns.values() if isinstance(c, Number)), None)
    percent = isinstance(of, Number) and of.unit == "percent"
    low, high = (
        read_number(n, faults, f"`within` of `{name}`", percent=percent) for n in (entry.within.from_, entry.within.to)
    )
    return low, high


def check_changes(changes: Sequence[Change], declared: Declarations, faults: Faults) -> None:
    """Hold added rules and conditions to the delegation of the decision they change."""
    for change in changes:
        decl = declared.decisions[change.name]
        parent = change.module.parent
        entry = parent.document.delegates.get(change.name) if parent else None
        if entry is None or change.how not in (entry.may or ()):
            about = declared.decisions[change.name].about
            held = _cited(entry, parent) if entry is not None and parent is not None else ""
            article = held or ", ".join(map(str, about.citations))
            faults.add(
                "not-delegated",
                change.position,
                related=[about.position],
                policy=change.module.name,
                name=change.name,
                parent=decl.policy,
                article=article or "no article given",
                own=change.own,
            )


def _cited(entry: surface.DelegateEntry, module: Module) -> str:
    """Give the articles of a delegation as others are shown: the title of the source and the place in it."""
    titles = {
        ref.source: (module.sources[ref.source].label or {}) for ref in entry.source if ref.source in module.sources
    }
    return ", ".join(f"{titles.get(r.source, {}).get('id', r.source)} {r.rest}".strip() for r in entry.source)


def check_values(policy: Policy, faults: Faults) -> None:
    """Refuse every value that a child sets though its parent does not delegate it, on whatever day."""
    for name, decl in policy.declared.valued.items():
        for module in policy.module.ancestors:
            parent = module.parent
            if parent is None or not _changes(policy, name, module) or name in parent.document.delegates:
                continue
            first = [a for a in decl.acts if a.layer < module.layer and a.payload is not None]
            article = ", ".join(map(str, decl.about.citations)) or ", ".join(
                str(c) for a in first if a.payload is not None for c in a.payload.about.citations
            )
            for act in [a for a in decl.acts if a.layer == module.layer]:
                own = ", ".join(map(str, act.payload.about.citations)) if act.payload is not None else ""
                faults.add(
                    "not-delegated",
                    act.position,
                    related=[decl.about.position],
                    policy=module.name,
                    name=name,
                    parent=parent.name,
                    article=article or "no article given",
                    own=own or "no article given",
                )


def within_delegation(policy: Policy, on: int, known: int, faults: Faults) -> None:
    """Hold, on one slice, every value that a child sets to what its parent delegates and says."""
    for name, decl in policy.declared.valued.items():
        for module in policy.module.ancestors:
            if module.parent is not None and _changes(policy, name, module):
                _held(policy, name, decl, module, on, known, faults)


def _changes(policy: Policy, name: str, module: Module) -> bool:
    owner = policy.declared.owners.get(name)
    own = module.document.parameters.get(name) or module.document.tables.get(name)
    return own is not None and owner is not module


def _held(
    policy: Policy,
    name: str,
    decl: ParameterDecl | TableDecl,
    module: Module,
    on: int,
    known: int,
    faults: Faults,
) -> None:
    parent = module.parent
    entry = parent.document.delegates.get(name) if parent else None
    acts: list[Act[Any]] = [a for a in decl.acts if a.layer == module.layer]
    act = in_force(acts, on, known)
    if parent is None or entry is None or act is None or act.payload is None:
        return
    own = ", ".join(map(str, act.payload.about.citations)) or "no article given"
    article = _cited(entry, parent) or "no article given"
    before: Act[Any] | None = in_force([a for a in decl.acts if a.layer < module.layer], on, known)
    low, high = _bounds(name, entry, policy.declared, faults)
    for value in _numbers(act.payload):
        allowed = _breach(value, entry.may or (), before, low, high)
        if allowed:
            shown = shown_exact(value, Number())
            faults.add(
                "outside-delegation",
                act.position,
                related=[entry.position],
                policy=module.name,
                own=own,
                name=name,
                value=shown,
                parent=parent.name,
                article=article,
                allowed=allowed,
            )
            return


def _numbers(payload: Any) -> Iterator[Any]:  # noqa: ANN401 - a parameter's value or a table's
    if hasattr(payload, "data"):
        for column, of in payload.data.types.items():
            if isinstance(of, Number):
                cells = payload.data.columns[column]
                yield from (c for c, p in zip(cells, payload.data.present, strict=True) if p)
    elif not isinstance(payload.value, frozenset | bool | None):
        yield payload.value


def _breach(value: Any, may: tuple[str, ...], before: Act[Any] | None, low: Any, high: Any) -> str:  # noqa: ANN401
    """Say what is allowed when a value is not; an empty text when it is."""
    if (low is not None and value < low) or (high is not None and value > high):
        ends = ["any" if end is None else exact_text(end) for end in (low, high)]
        return f"from {ends[0]} to {ends[1]}"
    old = getattr(before.payload, "value", None) if before is not None and before.payload is not None else None
    if "set" in may or old is None:
        return ""
    fine = ("raise" in may and value >= old) or ("lower" in may and value <= old)
    return "" if fine else f"{' or '.join(may)} from {exact_text(old)}"
