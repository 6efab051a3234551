"""Reading units: what each is, where it stood through time, and what it has settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.values.records import UNIT_SETTINGS, Unit, UnitStanding
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.execute import Execute

_UNITS = """
    SELECT units.id, units.declared, units.code, units.name, units.level, units.sector, parents.code,
        units.opened_on, units.closed_on, units.no_masses_left, units.few_members
    FROM units LEFT JOIN units AS parents ON parents.id = units.parent_id ORDER BY units.id"""
_STANDINGS = """
    SELECT unit_id, parents.code, since, heirs.code FROM unit_standings
    LEFT JOIN units AS parents ON parents.id = unit_standings.parent_id
    LEFT JOIN units AS heirs ON heirs.id = unit_standings.merged_into_id ORDER BY unit_standings.id"""
_SETTINGS = "SELECT unit_id, name, value FROM unit_settings ORDER BY unit_id, name"


def every_unit(execute: Execute) -> Iterator[tuple[int, Unit, bool]]:
    """All units with the number of their row, and whether they were declared or are only named."""
    history: dict[int, list[UnitStanding]] = {}
    for unit_id, parent, since, merged_into in execute(_STANDINGS):
        history.setdefault(unit_id, []).append(UnitStanding(parent, stored_day(since), merged_into))
    settings: dict[int, dict[str, Any]] = {}
    for unit_id, name, value in execute(_SETTINGS):
        settings.setdefault(unit_id, {})[name] = value
    for number, declared, code, name, level, sector, parent, opened, closed, no_masses, few in execute(_UNITS):
        days = stored_day(opened), stored_day(closed)
        more = settings.get(number, {})
        unit = Unit(
            *(code, name, level, sector, parent, *days, bool(no_masses), bool(few), tuple(history.get(number, ()))),
            **{name: more[name] for name in UNIT_SETTINGS if name in more},
        )
        yield number, unit, bool(declared)
