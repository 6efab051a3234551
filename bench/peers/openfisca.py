"""OpenFisca-core: a variable for each fact and each rule, computed for all persons at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.law import FIRST, NEVER, RULES, STEPS, Law
from bench.peers.rows import Found, as_frame, columns

NAME = "OpenFisca-core"

PERSON = build_entity(key="person", plural="persons", label="Hồ sơ", is_person=True)

Formula = Callable[..., Any]


def _variable(name: str, value_type: type, unit: DateUnit, formula: Formula | None = None) -> type[Variable]:
    """A variable; days are whole numbers, so that `NEVER` can stand for a step that was not taken."""
    content: dict[str, Any] = {"value_type": value_type, "entity": PERSON, "definition_period": unit, "label": name}
    if value_type is int:
        content["default_value"] = NEVER
    if formula is not None:
        content["formula"] = formula
    return type(name, (Variable,), content)


def _system(law: Law) -> TaxBenefitSystem:
    """The law: the steps as recorded, those made by the day, the limits, the stage, and a mark for each rule."""
    as_of = np.int32(law.as_of)
    tables = {
        name: np.array(getattr(law, name), dtype=np.int32)
        for name in (
            *("probation_ends", "cell_window_ends", "recognition_decision_limit", "admission_decision_limit"),
            *("ceremony_days", "rank", "worked"),
        )
    }
    from_issue = np.array(law.ceremony_from_issue)

    def visible(step: str) -> Formula:
        def formula(person: Any, period: Any) -> Any:
            day = person(step, period)
            return np.where(day <= as_of, day, NEVER)

        return formula

    def limit(table: str, since: str) -> Formula:
        return lambda person, period: tables[table][person(since, period) - FIRST]

    def ceremony_limit(person: Any, period: Any) -> Any:
        decided = person("known_admission_decided_on", period)
        received = person("known_admission_decision_received_on", period)
        begins = np.where(from_issue[decided - FIRST], decided, received)
        return tables["worked"][tables["rank"][begins - FIRST] + tables["ceremony_days"][decided - FIRST] - 1]

    def gone(person: Any, period: Any) -> Any:
        moved_out, moved_in = person("known_moved_out_on", period), person("known_moved_in_on", period)
        back = (moved_in != NEVER) & (moved_in >= moved_out)
        return (person("known_left_on", period) != NEVER) | ((moved_out != NEVER) & ~back)

    def recognised(person: Any, period: Any) -> Any:
        undecided = person("recognition_decided_on", period) == NEVER
        named = (person("known_recognised_from", period) != NEVER) & undecided
        return (person("known_recognition_decided_on", period) != NEVER) | named

    def official(person: Any, period: Any) -> Any:
        return ~person("gone", period) & person("recognised", period)

    def before(step: str | None, after: str | None) -> Formula:
        """Neither gone nor recognised, with one step taken and another not."""

        def formula(person: Any, period: Any) -> Any:
            here = ~person("gone", period) & ~person("recognised", period)
            if step:
                here = here & (person(f"known_{step}", period) != NEVER)
            return here & (person(f"known_{after}", period) == NEVER) if after else here

        return formula

    def candidate(person: Any, period: Any) -> Any:
        decided = person("known_admission_decided_on", period) != NEVER
        return person("not_admitted", period) & ~decided

    def approved(person: Any, period: Any) -> Any:
        decided = person("known_admission_decided_on", period) != NEVER
        return person("not_admitted", period) & decided

    def ended(person: Any, period: Any) -> Any:
        return person("probationary", period) & (person("probation_ends_on", period) <= as_of)

    def upcoming(person: Any, period: Any) -> Any:
        ends = person("probation_ends_on", period)
        return person("probationary", period) & (ends > as_of) & (ends <= law.upcoming_until)

    def without_course(mark: str) -> Formula:
        return lambda person, period: person(mark, period) & (person("known_new_member_certified_on", period) == NEVER)

    def past_cell_window(person: Any, period: Any) -> Any:
        not_proposed = person("known_cell_proposed_recognition_on", period) == NEVER
        return person("probation_ended", period) & not_proposed & (as_of > person("cell_window_ends_on", period))

    def past(stage: str, limit_on: str) -> Formula:
        return lambda person, period: person(stage, period) & (as_of > person(limit_on, period))

    def recognised_late(person: Any, period: Any) -> Any:
        decided = person("known_recognition_decided_on", period)
        late = (decided != NEVER) & (decided > person("recognition_limit_on", period))
        return person("official", period) & late

    def early_step(person: Any, period: Any) -> Any:
        ends = person("probation_ends_on", period)
        proposed = person("known_cell_proposed_recognition_on", period)
        decided = person("known_recognition_decided_on", period)
        early = ((proposed != NEVER) & (proposed <= ends)) | ((decided != NEVER) & (decided <= ends))
        return (person("probationary", period) | person("official", period)) & early & (ends != NEVER)

    def first_day(person: Any, period: Any) -> Any:
        return person("probation_ends_on", period) + 1

    days = {f"known_{step}": visible(step) for step in STEPS} | {
        "probation_ends_on": limit("probation_ends", "known_admitted_on"),
        "first_day_of_recognition": first_day,
        "cell_window_ends_on": limit("cell_window_ends", "probation_ends_on"),
        "recognition_decision_limit_on": limit("recognition_decision_limit", "known_cell_proposed_recognition_on"),
        "recognition_limit_on": limit("recognition_decision_limit", "cell_window_ends_on"),
        "admission_decision_limit_on": limit("admission_decision_limit", "known_cell_proposed_admission_on"),
        "ceremony_limit_on": ceremony_limit,
    }
    marks = {
        "gone": gone,
        "recognised": recognised,
        "official": official,
        "probationary": before("admitted_on", None),
        "not_admitted": before(None, "admitted_on"),
        "candidate": candidate,
        "approved": approved,
        "probation_ended": ended,
        "recognition_upcoming": upcoming,
        "recognition_course_needed": without_course("recognition_upcoming"),
        "recognition_ended_not_recognised": ended,
        "recognition_ended_without_course": without_course("probation_ended"),
        "recognition_past_cell_window": past_cell_window,
        "recognition_past_decision_limit": past("probationary", "recognition_decision_limit_on"),
        "recognition_recognised_late": recognised_late,
        "recognition_early_step": early_step,
        "admission_past_decision_limit": past("candidate", "admission_decision_limit_on"),
        "admission_past_ceremony_limit": past("approved", "ceremony_limit_on"),
    }
    system = TaxBenefitSystem([PERSON])
    system.add_variables(
        *(_variable(step, int, DateUnit.DAY) for step in STEPS),
        *(_variable(name, int, DateUnit.DAY, formula) for name, formula in days.items()),
        *(_variable(name, bool, DateUnit.DAY, formula) for name, formula in marks.items()),
    )
    return system


DUE = (
    *("probation_ends_on", "probation_ends_on", "probation_ends_on", "probation_ends_on", "cell_window_ends_on"),
    *("recognition_decision_limit_on", "recognition_limit_on", "first_day_of_recognition"),
    *("admission_decision_limit_on", "ceremony_limit_on"),
)


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    system = _system(law)
    recorded, codes = columns(cases), cases["code"]
    period = str(dt.date(1970, 1, 1) + dt.timedelta(days=law.as_of))

    def run() -> Found:
        simulation = SimulationBuilder().build_default_simulation(system, count=cases.height)
        for name, days in recorded.items():
            simulation.set_input(name, period, days)
        rows, due = [], []
        for rule, day in zip(RULES, DUE, strict=True):
            rows.append(np.flatnonzero(simulation.calculate(rule.replace(".", "_"), period)))
            due.append(simulation.calculate(day, period)[rows[-1]])
        which = np.repeat(np.arange(len(RULES), dtype=np.int8), [len(found) for found in rows])
        return Found(codes, np.concatenate(rows), which, np.concatenate(due))

    return run


findings = as_frame
