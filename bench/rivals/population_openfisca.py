"""The population policy in OpenFisca: a variable a step, each with its formula, over one entity.

OpenFisca keeps numbers as int32 or float32. Scores are whole hundredths here and credit whole thousandths, so that
nothing is lost; codes are numbers and tables NumPy's, in place of its own enums and parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.columns import AS_OF, BOOLS, OUTPUTS, people
from bench.rivals import population_tables as t
from bench.rivals.population_numpy import TABLES, TODAY, half_even, half_up, months_until_today, with_dates

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns

Get = Any
MONTH = f"{AS_OF:%Y-%m}"
PERSON = build_entity(key="person", plural="persons", label="a person", is_person=True)

NUMBERS: dict[str, Callable[[Get], Any]] = {
    "quality_peers": lambda f: half_up(f("quality_peer_1") + f("quality_peer_2") + f("quality_peer_3"), 3),
    "quality": lambda f: half_up(12 * f("quality_supervisor") + 5 * f("quality_peers") + 3 * f("quality_staff"), 20),
    "conduct_peers": lambda f: half_up(f("conduct_peer_1") + f("conduct_peer_2") + f("conduct_peer_3"), 3),
    "conduct": lambda f: half_up(12 * f("conduct_supervisor") + 5 * f("conduct_peers") + 3 * f("conduct_staff"), 20),
    "merit_score": lambda f: half_even(7 * f("quality") + 3 * f("conduct"), 10),
    "performance": lambda f: f("merit_score") - 25 * f("absent_days"),
    "performance_level": lambda f: np.select([f("performance") >= 8500, f("performance") >= 7000], [2, 1], 0),
    "potential_level": lambda f: np.select([f("potential") >= 8250, f("potential") >= 6500], [2, 1], 0),
    "box": lambda f: TABLES["MATRIX"][3 * f("performance_level") + f("potential_level")],
    "months_in_rank": lambda f: months_until_today(f("rank_date")),
    "months_in_post": lambda f: months_until_today(f("position_date")),
    "years_of_service": lambda f: months_until_today(f("service_date")) // 12,
    "months_counted": lambda f: np.clip(f("months_in_rank"), 0, 12),
    "credit_of_year": lambda f: half_up(
        TABLES["YEARLY_CREDIT"][f("rank")] * TABLES["SHARE"][f("predicate_last")] * f("months_counted") * 125, 12
    ),
    "credit_total": lambda f: f("credit") + f("credit_of_year"),
    "credit_short": lambda f: np.maximum(TABLES["CREDIT_NEED"][f("rank")] - f("credit_total"), 0),
    "of_zone": lambda f: half_up(f("base_pay") * TABLES["ZONE_RATE"][f("zone")], 40),
    "of_box": lambda f: half_up(f("base_pay") * TABLES["BOX_RATE"][f("box")], 200),
    "entry": lambda f: TABLES["ENTRY"][f("education")],
    "next_rank": lambda f: np.minimum(f("rank") + 1, 16),
    "promotion_track": lambda f: np.select([f(name) for name in TRACKS], [0, 1, 2, 3, 4], 4),
    "promotion_new_rank": lambda f: np.select(
        [f(name) for name in TRACKS],
        [f("entry") if name == "ijazah" else f("next_rank") for name in TRACKS],
        f("next_rank"),
    ),
    "kinerja": lambda f: (f("high_in_matrix") & f("good_last_year") & f("not_sanctioned")) * f("of_box"),
    "terpencil": lambda f: ((f("zone") != 0) & f("settled_in_post") & f("present")) * f("of_zone"),
    "proyek": lambda f: (
        ((f("projects_on_time") >= 1) & f("good_last_year") & f("not_examined"))
        * 400_000
        * np.minimum(f("projects_on_time"), 5)
    ),
    "pimpinan": lambda f: (
        ((f("position_kind") == 2) & (f("subordinates") >= 5) & (f("box") >= 4))
        * 50_000
        * np.minimum(f("subordinates"), 20)
    ),
    "kehadiran": lambda f: ((f("absent_days") == 0) & f("not_sanctioned")) * 500_000,
    "mentor_aktif": lambda f: (f("mentor") & f("settled_in_post") & (f("merit_score") >= 9000)) * 750_000,
    "pendidikan": lambda f: ((f("education") >= 3) & f("trained") & f("present")) * 600_000,
    "pengabdian": lambda f: ((f("years_of_service") >= 30) & f("not_sanctioned") & f("not_examined")) * 450_000,
    "pelatihan": lambda f: (f("trained") & f("some_time_in_rank")) * 300_000,
    "perilaku": lambda f: ((f("conduct") >= 9000) & f("not_sanctioned")) * 350_000,
    "dua_tahun_terbaik": lambda f: (
        ((f("predicate_last") == 4) & (f("predicate_before") == 4) & f("not_sanctioned") & f("not_examined"))
        * half_up(f("base_pay"), 8)
    ),
    "tunjangan_fungsional": lambda f: (
        ((f("position_kind") == 1) & f("competency_passed") & f("credit_enough") & f("good_last_year"))
        * TABLES["ALLOWANCE"][f("rank")]
    ),
    "incentives_amount": lambda f: sum(f(name) for name in INCENTIVES),
}
INCENTIVES = tuple(NUMBERS)[22:34]
TRUTH: dict[str, Callable[[Get], Any]] = {
    "under_sanction": lambda f: (f("sanction_level") >= 2) & (f("sanction_end") >= TODAY),
    "not_examined": lambda f: ~f("under_examination"),
    "not_sanctioned": lambda f: ~f("under_sanction"),
    "good_last_year": lambda f: f("predicate_last") >= 3,
    "good_two_years": lambda f: f("good_last_year") & (f("predicate_before") >= 3),
    "credit_enough": lambda f: f("credit_short") == 0,
    "long_in_rank": lambda f: f("months_in_rank") >= 48,
    "some_time_in_rank": lambda f: f("months_in_rank") >= 24,
    "settled_in_post": lambda f: f("months_in_post") >= 12,
    "high_in_matrix": lambda f: f("box") >= 7,
    "below_ceiling": lambda f: f("rank") < TABLES["CEILING"][f("education")],
    "trained": lambda f: (f("training_hours") >= 24) & f("competency_passed"),
    "present": lambda f: f("absent_days") <= 10,
    "eligible": lambda f: f("not_examined") & f("not_sanctioned") & f("good_last_year"),
    "luar_biasa": lambda f: f("eligible") & f("exceptional_achievement") & f("high_in_matrix") & (f("rank") < 16),
    "fungsional": lambda f: (
        f("eligible") & (f("position_kind") == 1) & f("credit_enough") & f("some_time_in_rank") & f("good_two_years")
        & f("trained") & (f("rank") < 16)
    ),
    "struktural": lambda f: (
        f("eligible") & (f("position_kind") == 2) & f("settled_in_post") & f("some_time_in_rank") & f("good_two_years")
        & (f("rank") < 15) & (f("box") >= 4)
    ),
    "ijazah": lambda f: (
        f("eligible") & (f("rank") < f("entry")) & f("competency_passed") & f("settled_in_post") & f("present")
    ),
    "reguler": lambda f: f("eligible") & f("long_in_rank") & f("good_two_years") & f("below_ceiling") & f("present"),
    "promotion_granted": lambda f: np.logical_or.reduce([f(name) for name in TRACKS]),
}  # fmt: skip
TRACKS = ("luar_biasa", "fungsional", "struktural", "ijazah", "reguler")


def _variable(name: str, of: type, formula: Callable[[Get], Any] | None) -> type[Variable]:
    parts: dict[str, Any] = {"value_type": of, "entity": PERSON, "definition_period": DateUnit.MONTH}
    if formula is not None:
        parts["formula"] = lambda person, period: formula(lambda other: person(other, period))
    return type(name, (Variable,), parts)


def system() -> TaxBenefitSystem:
    """Make the system: every fact and every step a variable."""
    import datetime  # noqa: PLC0415 - the type that OpenFisca asks for

    made = TaxBenefitSystem([PERSON])
    for name in people(1):
        of = bool if name in BOOLS else datetime.date if name in t.DATES else int
        made.add_variable(_variable(name, of, None))
    for of, formulas in ((int, NUMBERS), (bool, TRUTH)):
        for name, formula in formulas.items():
            made.add_variable(_variable(name, of, formula))
    return made


def prepare() -> tuple[Callable[[Columns], Columns], Callable[[Columns], Columns]]:
    """Give how the columns are taken in, and the function that is timed."""
    rules = system()

    def decide(columns: Columns) -> Columns:
        simulation = SimulationBuilder().build_default_simulation(rules, count=len(columns["rank"]))
        for name, column in columns.items():
            simulation.set_input(name, MONTH, column)
        return {name: simulation.calculate(name.replace(".", "_"), MONTH) for name in OUTPUTS}

    return with_dates, decide
