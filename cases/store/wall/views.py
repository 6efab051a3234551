"""What stands before each table of a store for somebody who may see a part of it: the rows that are hers, and no more.

A view is called as the table it stands before and is found first, so that every query of the program obeys it unasked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cases.values.kinds import beside_cases

Among = Callable[[str], str]
"""The condition that a column holds a number of a set."""


@dataclass(frozen=True, slots=True)
class Sets:
    """How it is said that something is among what is seen."""

    units: Among
    cases: Among
    persons: Among
    gone: Callable[[str, str], str]
    """The same of a thing in no table any more, by its kind and number."""


_OF_A_CASE = ("steps", "attributes", "dated_attributes", "memberships", "disciplines")
_OF_A_UNIT = ("targets", "figures", "unit_settings")
_SEEN_ABOVE = ("name", "level", "sector", "parent_id")
_SEEN_BELOW = ("opened_on", "closed_on")
_FLAGS = ("no_masses_left", "few_members")
_HEADING = ("name", "who", "action", "undoes_id")
_CONTENT = ("source", "details", "salt", "digest")
FOR_ALL = ("overlay", "confirm")
"""Writes that hold no case: what was chosen for the whole store, and what of the law was read."""


def rows_of(of: Callable[[str], str], sets: Sets) -> dict[str, str]:
    """The condition of the rows that are seen, by table; ``of`` names a table itself, which is called ``own`` here."""
    units, cases = sets.units, sets.cases
    learner = f"SELECT 1 FROM {of('enrolments')} AS learner WHERE learner.course_id = own.id"
    held = f"SELECT 1 FROM {of('courses')} AS held WHERE held.id = own.course_id AND {units('held.unit_id')}"
    found = {
        "cases": cases("own.id"),
        "persons": sets.persons("own.id"),
        "courses": f"{units('own.unit_id')} OR EXISTS ({learner} AND {cases('learner.case_id')})",
        "enrolments": f"{cases('own.case_id')} OR (own.case_id IS NULL AND EXISTS ({held}))",
        **{table: cases("own.case_id") for table in _OF_A_CASE},
        **{table: units("own.unit_id") for table in _OF_A_UNIT},
    }
    whose = {"unit": units("own.item"), "case": cases("own.item")}
    for kind in beside_cases():
        if kind.name not in whose:
            inner = found[kind.table].replace("own.", "thing.")
            there = f"SELECT 1 FROM {of(kind.table)} AS thing WHERE thing.id = own.item AND ({inner})"
            whose[kind.name] = f"EXISTS ({there})"
    told = " OR ".join(f"(own.entity = '{entity}' AND {condition})" for entity, condition in whose.items())
    return {**found, "changes": f"{told} OR {sets.gone('own.entity', 'own.item')}"}


def views(of: Callable[[str], str], sets: Sets, above: str, named: str, batches: str) -> dict[str, str]:
    """The query behind each view, in an order in which they can be made.

    ``above`` and ``named`` give the numbers of the units that are above those seen, and that things seen name;
    ``batches`` the numbers of the writes that did something seen, each with how much (``size``).
    """
    found = {
        table: f"SELECT own.* FROM {of(table)} AS own WHERE {condition}"
        for table, condition in rows_of(of, sets).items()
    }
    inside, higher = sets.units("own.id"), f"own.id IN ({above})"
    near = f"({inside} OR {higher})"
    columns = [
        "own.id",
        "own.code",
        *(f"CASE WHEN {near} THEN own.{name} END AS {name}" for name in _SEEN_ABOVE),
        *(f"CASE WHEN {inside} THEN own.{name} END AS {name}" for name in _SEEN_BELOW),
        *(f"(own.{name} AND {inside}) AS {name}" for name in _FLAGS),
        f"(own.declared AND {near}) AS declared",
    ]
    found["units"] = f"SELECT {', '.join(columns)} FROM {of('units')} AS own WHERE {near} OR own.id IN ({named})"
    near = f"{sets.units('own.unit_id')} OR own.unit_id IN ({above})"
    found["unit_standings"] = f"SELECT own.* FROM {of('unit_standings')} AS own WHERE {near}"
    for_all = ", ".join(f"'{action}'" for action in FOR_ALL)
    told = f"(seen.id IS NOT NULL OR own.action IN ({for_all}))"
    wholly = f"(seen.size = own.size OR own.action IN ({for_all}))"
    columns = [
        "own.id",
        "own.made_at",
        "own.hash",
        *(f"CASE WHEN {told} THEN own.{name} END AS {name}" for name in _HEADING),
        *(f"CASE WHEN {wholly} THEN own.{name} END AS {name}" for name in _CONTENT),
        "coalesce(seen.size, 0) AS size",
    ]
    found["batches"] = (
        f"SELECT {', '.join(columns)} FROM {of('batches')} AS own LEFT JOIN ({batches}) AS seen ON seen.id = own.id"
    )
    return found
