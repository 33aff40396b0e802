"""From the documents of a closure to a proved policy: names, types, values, norms, layers, then every day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import Faults
from asnmerit.rules.declarations import Declarations, FactDecl, Module
from asnmerit.rules.declare import Declarer
from asnmerit.rules.derive import Deriver
from asnmerit.rules.layers import check_changes, check_delegates, check_values
from asnmerit.rules.norms import Change, Normer
from asnmerit.rules.policy import Policy
from asnmerit.rules.types import ListOf, PerMember, Yearly
from asnmerit.rules.valued import Valuer
from asnmerit.scoring.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asnmerit.rules.scope import Demand


def _columns(decl: FactDecl) -> str:
    """Give the pattern of the columns that a fact takes in a flat table, where it takes several."""
    match decl.type:
        case Yearly():
            return r"_\d{4}"
        case PerMember(_, enum):
            return "_(" + "|".join(map(re.escape, enum.members)) + ")"
        case ListOf(fields, _, plain):
            return r"_\d+" if plain else r"_\d+_(" + "|".join(map(re.escape, fields)) + ")"
        case _:
            return ""


def _columns_apart(declared: Declarations, faults: Faults) -> None:
    """Refuse a fact named like a column of another: a table could not tell them apart."""
    for decl in declared.facts.values():
        pattern = _columns(decl)
        for other in declared.facts.values() if pattern else ():
            if re.fullmatch(re.escape(decl.name) + pattern, other.name):
                kind = f"a column of the fact `{decl.name}`"
                faults.add("name-taken", other.about.position, name=other.name, kind=kind)


PROOFS = frozenset(
    {"overflow", "divisor", "outside-table", "outside-range", "not-whole", "date-range", "division-place", "overlap",
     "wipes-later-value", "empty-period", "value-range"}
)  # fmt: skip
"""Faults of proofs, which hold for what could be read, whatever else is wrong with the document."""


def _prove_the_rest(policy: Policy, faults: Faults) -> None:
    """Prove what could be read of a faulty document, so that its author mends it once; what is missing is no news."""
    found = Faults()
    policy.check_all(found)
    for fault in found.errors:
        if fault.code in PROOFS:
            faults.add(fault.code, fault.position, fault.near, fault.related, fault.fields)


def elaborate(module: Module, modules: Sequence[Module], faults: Faults) -> Policy:
    """Elaborate a closure; `modules` has what is rested on first and `module` last. Faults are noted, all of them."""
    declared = Declarations()
    demands: list[Demand] = []
    changes: list[Change] = []
    for depth, ancestor in enumerate(reversed(module.ancestors)):
        ancestor.layer = depth
    for each in modules:
        declarer = Declarer(each, declared, faults)
        declarer.declare()
        Valuer(declarer, faults).declare()
        deriver = Deriver(each, declared, faults, declarer, demands)
        normer = Normer(each, declared, faults, declarer, deriver, changes)
        scorer = Scorer(deriver, faults)
        scorer.enter()
        deriver.enter()
        normer.enter()
        deriver.define()
        scorer.define()
        normer.define()
        check_delegates(each, declared, faults)
        for entry in each.document.delegates.values():
            declarer.citations(entry.source)
    _columns_apart(declared, faults)
    check_changes(changes, declared, faults)
    title = module.document.label or {}
    policy = Policy(module.name, title, module, modules, declared, changes, demands)
    check_values(policy, faults)
    if faults.failed:
        _prove_the_rest(policy, faults)
    else:
        policy.check_all(faults)
    return attrs.evolve(policy, warnings=faults.warnings)
