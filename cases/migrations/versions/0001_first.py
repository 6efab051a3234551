"""The first tables: people, cases and steps, units, courses, targets, discipline, and the log of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.migrations.columns import (
    KEY,
    NAME,
    NUMBERED_ONCE,
    TEXT,
    append_only,
    append_only_no_more,
    check,
    closed,
    column,
    day,
    filled,
    flag,
    one_of,
    primary,
    refers,
    typed_value,
    unique,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LEVELS = ("province", "upper", "grassroots_committee", "grassroots_cell", "sub_committee", "cell")
SECTORS = (
    "commune",
    "ward",
    "state_enterprise",
    "private_enterprise",
    "agency",
    "public_service",
    "nonpublic_service",
    "education",
    "health",
    "armed_forces",
    "school",
    "residential",
)


def upgrade() -> None:
    """Make every table."""
    _references()
    _people()
    _courses_and_figures()
    _log()


def _references() -> None:
    op.create_table("step_kinds", column("name", sa.String(KEY)), primary("step_kinds", "name"))
    op.create_table(
        "codes", column("list", sa.String(KEY)), column("code", sa.String(KEY)), primary("codes", "list", "code")
    )
    op.create_table(
        "attribute_kinds",
        column("name", sa.String(KEY)),
        column("type", sa.String(6)),
        column("code_list", sa.String(KEY), empty=True),
        primary("attribute_kinds", "name"),
        unique("attribute_kinds", "name", "type"),
        unique("attribute_kinds", "name", "code_list"),
        check("attribute_kinds", "type_is_known", "type IN ('date', 'number', 'mark', 'code', 'text')"),
        check("attribute_kinds", "code_has_list", "(type = 'code') = (code_list IS NOT NULL)"),
    )
    op.create_table(
        "units",
        column("id", sa.Integer()),
        column("code", sa.String(KEY)),
        column("name", sa.String(NAME), empty=True),
        column("level", one_of("unit_level", *LEVELS), empty=True),
        column("sector", one_of("unit_sector", *SECTORS), empty=True),
        column("parent_id", sa.Integer(), empty=True),
        column("opened_on", sa.Date(), empty=True),
        column("closed_on", sa.Date(), empty=True),
        column("no_masses_left", sa.Boolean()),
        column("few_members", sa.Boolean()),
        column("declared", sa.Boolean()),
        primary("units", "id"),
        filled("units", "code", KEY),
        filled("units", "name", NAME),
        check("units", "parent_is_another", "parent_id <> id"),
        *day("units", "opened_on"),
        *day("units", "closed_on"),
        flag("units", "no_masses_left"),
        flag("units", "few_members"),
        flag("units", "declared"),
        unique("units", "code"),
        closed("units", "level", "unit_level", *LEVELS),
        closed("units", "sector", "unit_sector", *SECTORS),
        refers("units", "parent_id", "units.id"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"])


def _people() -> None:
    op.create_table(
        "persons",
        column("id", sa.Integer()),
        column("code", sa.String(KEY), empty=True),
        column("full_name", sa.String(NAME)),
        column("folded_name", sa.String(NAME)),
        column("born_on", sa.Date(), empty=True),
        column("sex", one_of("sex", "Nam", "Nữ"), empty=True),
        primary("persons", "id"),
        filled("persons", "code", KEY),
        filled("persons", "full_name", NAME),
        filled("persons", "folded_name", NAME),
        *day("persons", "born_on"),
        unique("persons", "code"),
        closed("persons", "sex", "sex", "Nam", "Nữ"),
    )
    op.create_index(op.f("ix_persons_folded_name"), "persons", ["folded_name"])
    op.create_table(
        "cases",
        column("id", sa.Integer()),
        column("code", sa.String(KEY)),
        column("person_id", sa.Integer()),
        column("unit_id", sa.Integer(), empty=True),
        primary("cases", "id"),
        filled("cases", "code", KEY),
        unique("cases", "code"),
        refers("cases", "person_id", "persons.id"),
        refers("cases", "unit_id", "units.id"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_cases_person_id"), "cases", ["person_id"])
    op.create_index(op.f("ix_cases_unit_id"), "cases", ["unit_id"])
    op.create_table(
        "steps",
        column("case_id", sa.Integer()),
        column("kind", sa.String(KEY)),
        column("happened_on", sa.Date()),
        column("document", sa.String(TEXT), empty=True),
        column("result", sa.String(TEXT), empty=True),
        column("note", sa.String(TEXT), empty=True),
        primary("steps", "case_id", "kind", "happened_on"),
        *day("steps", "happened_on"),
        filled("steps", "document", TEXT),
        filled("steps", "result", TEXT),
        filled("steps", "note", TEXT),
        refers("steps", "case_id", "cases.id"),
        refers("steps", "kind", "step_kinds.name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attributes",
        column("case_id", sa.Integer()),
        column("name", sa.String(KEY)),
        column("type", sa.String(6)),
        column("code_list", sa.String(KEY), empty=True),
        column("value", sa.String(TEXT)),
        primary("attributes", "case_id", "name"),
        *typed_value("attributes", "'1'"),
        refers("attributes", "case_id", "cases.id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dated_attributes",
        column("id", sa.Integer()),
        column("case_id", sa.Integer()),
        column("name", sa.String(KEY)),
        column("type", sa.String(6)),
        column("code_list", sa.String(KEY), empty=True),
        column("value", sa.String(TEXT)),
        column("since", sa.Date(), empty=True),
        primary("dated_attributes", "id"),
        *typed_value("dated_attributes", "'0', '1'"),
        *day("dated_attributes", "since"),
        unique("dated_attributes", "case_id", "name", "since"),
        refers("dated_attributes", "case_id", "cases.id"),
    )
    op.create_table(
        "memberships",
        column("id", sa.Integer()),
        column("case_id", sa.Integer()),
        column("unit_id", sa.Integer()),
        column("since", sa.Date(), empty=True),
        column("until", sa.Date(), empty=True),
        primary("memberships", "id"),
        *day("memberships", "since"),
        *day("memberships", "until"),
        unique("memberships", "case_id", "unit_id", "since"),
        refers("memberships", "case_id", "cases.id"),
        refers("memberships", "unit_id", "units.id"),
    )
    op.create_index(op.f("ix_memberships_unit_id"), "memberships", ["unit_id"])


def _courses_and_figures() -> None:
    op.create_table(
        "courses",
        column("id", sa.Integer()),
        column("code", sa.String(KEY)),
        column("kind", one_of("course_kind", "awareness", "new_member")),
        column("unit_id", sa.Integer(), empty=True),
        column("opened_on", sa.Date(), empty=True),
        column("closed_on", sa.Date(), empty=True),
        column("audience", sa.String(TEXT), empty=True),
        column("online", sa.Boolean()),
        primary("courses", "id"),
        filled("courses", "code", KEY),
        filled("courses", "audience", TEXT),
        *day("courses", "opened_on"),
        *day("courses", "closed_on"),
        flag("courses", "online"),
        unique("courses", "code"),
        closed("courses", "kind", "course_kind", "awareness", "new_member"),
        refers("courses", "unit_id", "units.id"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_courses_unit_id"), "courses", ["unit_id"])
    op.create_table(
        "enrolments",
        column("id", sa.Integer()),
        column("course_id", sa.Integer()),
        column("case_id", sa.Integer(), empty=True),
        column("full_name", sa.String(NAME), empty=True),
        column("youth_union", sa.Boolean()),
        column("trade_union", sa.Boolean()),
        column("certified_on", sa.Date(), empty=True),
        primary("enrolments", "id"),
        check("enrolments", "learner_is_somebody", "case_id IS NOT NULL OR full_name IS NOT NULL"),
        unique("enrolments", "course_id", "case_id"),
        filled("enrolments", "full_name", NAME),
        *day("enrolments", "certified_on"),
        flag("enrolments", "youth_union"),
        flag("enrolments", "trade_union"),
        refers("enrolments", "course_id", "courses.id"),
        refers("enrolments", "case_id", "cases.id"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_enrolments_case_id"), "enrolments", ["case_id"])
    op.create_table(
        "targets",
        column("id", sa.Integer()),
        column("unit_id", sa.Integer()),
        column("year", sa.Integer()),
        column("value", sa.Integer()),
        primary("targets", "id"),
        unique("targets", "unit_id", "year"),
        check("targets", "year_in_bounds", "year BETWEEN 1900 AND 2100"),
        check("targets", "value_in_bounds", "value BETWEEN 0 AND 1000000000"),
        refers("targets", "unit_id", "units.id"),
        **NUMBERED_ONCE,
    )
    op.create_table(
        "disciplines",
        column("id", sa.Integer()),
        column("case_id", sa.Integer()),
        column("form", one_of("discipline_form", "reprimand", "warning", "dismissal", "expulsion")),
        column("decided_on", sa.Date()),
        primary("disciplines", "id"),
        *day("disciplines", "decided_on"),
        refers("disciplines", "case_id", "cases.id"),
        closed("disciplines", "form", "discipline_form", "reprimand", "warning", "dismissal", "expulsion"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_disciplines_case_id"), "disciplines", ["case_id"])


def _log() -> None:
    op.create_table(
        "batches",
        column("id", sa.Integer()),
        column("name", sa.String(KEY)),
        column("made_at", sa.DateTime()),
        column("who", sa.String(NAME)),
        column("action", sa.String(20)),
        column("source", sa.String(NAME), empty=True),
        column("undoes_id", sa.Integer(), empty=True),
        column("size", sa.Integer()),
        column("hash", sa.String(64)),
        primary("batches", "id"),
        unique("batches", "name"),
        filled("batches", "name", KEY),
        filled("batches", "who", NAME),
        filled("batches", "action", 20),
        filled("batches", "source", NAME),
        check("batches", "size_is_count", "size >= 0"),
        check("batches", "hash_is_sha256", "length(hash) = 64"),
        refers("batches", "undoes_id", "batches.id"),
        **NUMBERED_ONCE,
    )
    entities = "'case', 'unit', 'course', 'enrolment', 'target', 'discipline'"
    op.create_table(
        "changes",
        column("id", sa.Integer()),
        column("batch_id", sa.Integer()),
        column("entity", sa.String(10)),
        column("item", sa.Integer()),
        column("key", sa.String(TEXT)),
        column("before", sa.Text(), empty=True),
        column("after", sa.Text(), empty=True),
        column("hash", sa.String(64)),
        primary("changes", "id"),
        filled("changes", "key", TEXT),
        check("changes", "something_changed", "before IS NOT NULL OR after IS NOT NULL"),
        check("changes", "entity_is_known", f"entity IN ({entities})"),
        check("changes", "hash_is_sha256", "length(hash) = 64"),
        refers("changes", "batch_id", "batches.id"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_changes_batch_id"), "changes", ["batch_id"])
    append_only("batches")
    append_only("changes")


def downgrade() -> None:
    """Drop every table, those that others refer to last."""
    for name in ("changes", "batches"):
        append_only_no_more(name)
    for name in (
        "changes",
        "batches",
        "disciplines",
        "targets",
        "enrolments",
        "courses",
        "memberships",
        "dated_attributes",
        "attributes",
        "steps",
        "cases",
        "persons",
        "units",
        "attribute_kinds",
        "codes",
        "step_kinds",
    ):
        op.drop_table(name)
