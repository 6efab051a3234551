"""The tables as statements see them: names, kinds and key of their columns, and the names of their indexes.

The tables themselves, with every check and key, are the models of `cases.store.tables`; to load those takes longer than
most writes. `tests/cases/stores/test_tables.py` holds what is said here to them.
"""

from __future__ import annotations

from typing import NamedTuple

_COLUMNS = {
    "identity": "id:int* store",
    "batches": "id:int* name made_at:time who action source undoes_id:int size:int details salt digest hash",
    "changes": "id:int* batch_id:int entity item:int key before after salt digest",
    "units": (
        "id:int* code name level sector parent_id:int opened_on:day closed_on:day "
        "no_masses_left:flag few_members:flag declared:flag"
    ),
    "unit_standings": "id:int* unit_id:int parent_id:int since:day merged_into_id:int",
    "unit_settings": "unit_id:int* name:text* value",
    "step_kinds": "name:text*",
    "codes": "list:text* code:text*",
    "attribute_kinds": "name:text* type code_list",
    "persons": "id:int* code full_name folded_name born_on:day sex",
    "cases": "id:int* code person_id:int unit_id:int",
    "steps": "case_id:int* kind:text* happened_on:day* document result note stored_at",
    "attributes": "case_id:int* name:text* type code_list value",
    "dated_attributes": "id:int* case_id:int name type code_list value since:day",
    "memberships": "id:int* case_id:int unit_id:int since:day until:day",
    "courses": "id:int* code kind unit_id:int opened_on:day closed_on:day audience online:flag",
    "enrolments": "id:int* course_id:int case_id:int full_name youth_union:flag trade_union:flag certified_on:day",
    "targets": "id:int* unit_id:int year:int value:int",
    "disciplines": "id:int* case_id:int form decided_on:day",
    "figures": "id:int* unit_id:int indicator begins_on:day ends_on:day value source author entered_on:day",
}
"""Each column is text unless its kind is named; a star marks those of the key. A table comes after those it names."""

INDEXES = (
    *("ix_changes_batch_id", "ix_units_parent_id", "ix_persons_folded_name", "ix_cases_person_id", "ix_cases_unit_id"),
    *("ix_steps_asked", "ix_attributes_asked", "ix_dated_attributes_asked", "ix_memberships_unit_id"),
    *("ix_courses_unit_id", "ix_enrolments_case_id", "ix_disciplines_case_id"),
)
"""Those that are no key: each by its table and what it is of."""


class WrittenTable(NamedTuple):
    """The columns of a table in their order, each with its kind: ``int``, ``text``, ``day``, ``time`` or ``flag``."""

    columns: dict[str, str]
    key: tuple[str, ...]


def _table(said: str) -> WrittenTable:
    columns, key = {}, []
    for column in said.split():
        name, _, kind = column.removesuffix("*").partition(":")
        columns[name] = kind or "text"
        if column.endswith("*"):
            key.append(name)
    return WrittenTable(columns, tuple(key))


TABLES = {name: _table(said) for name, said in _COLUMNS.items()}
