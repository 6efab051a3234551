"""Rosters of any content that the contract allows, for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from cases.values.history import settle_steps
from cases.values.records import (
    UNIT_SETTINGS,
    AttributeEntry,
    Course,
    Discipline,
    Enrolment,
    Placement,
    Record,
    Roster,
    StepEntry,
    Target,
    TypedFigure,
    Unit,
    UnitStanding,
)
from cases.workbook import schema as layout
from rules.loader import vocabulary
from rules.loader.spelling.folding import tidy_lines

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyấầẩẫậếềểễệốồổỗộứừửữựÁĐỨ0123456789 .,-/='\"&<>()[]+"
_texts = st.text(_LETTERS + "\n\t;_x", min_size=1, max_size=40).map(tidy_lines).filter(bool)
_words = st.text(_LETTERS, min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
_names = st.sampled_from(["Nguyễn Văn Mẫu", "Trần Thị Ví Dụ", "Đặng Hoà", "LÒ A MẪU", "Hồ Thuỳ Mẫu"])
_days = st.dates(date(1951, 1, 1), date(2100, 12, 31))
_marks = st.booleans()
_decimals = st.sampled_from(["0", "7", "1250", "3.5", "12.25", "0.1"])


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def _codes(prefix: str, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.integers(0, 10**6), unique=True, max_size=most).map(
        lambda numbers: [f"{prefix}{number}" for number in numbers]
    )


_settings = {
    column.field: st.lists(st.sampled_from(list(layout.choices("kept_column"))), unique=True, min_size=1).map(
        lambda names: "; ".join(name for name in layout.choices("kept_column") if name in names)
    )
    if column.type == "codes"
    else _words
    if column.type == "key"
    else _texts
    for column in layout.UNITS.columns
}


def _value(column: layout.SheetColumn) -> st.SearchStrategy[Any]:
    if column.type == "date":
        return _days
    if column.type == "mark":
        return st.just(True)
    if column.type == "code":
        return st.sampled_from(list(layout.choices(column.codes or "")))
    if column.field in vocabulary.load().partly:
        return st.sampled_from(["x", "2019", "03/2024"])
    if column.type == "number":
        return st.integers(1900, 2100) if column.field == "birth_year" else st.integers(0, 20)
    return _words if column.type == "key" else _texts


_FREE = [
    column
    for column in layout.case_sheet().columns
    if column.field not in ("code", "full_name", "born_on", "sex", "unit", "person_code", "admitted_on")
]
_DATED = [column for column in _FREE if column.field in layout.choices("attribute")]
_KINDS = list(layout.choices("step"))


@st.composite
def records(draw: st.DrawFn, code: str, units: list[str]) -> Record:
    """One case with any of its columns filled and any history."""
    born_on = draw(_maybe(st.dates(date(1900, 1, 1), date(1950, 12, 31))))
    chosen = draw(st.lists(st.sampled_from(_FREE), unique=True, max_size=12))
    fields: dict[str, Any] = {column.field: draw(_value(column)) for column in chosen}
    fields |= {"code": code, "full_name": draw(_names)}
    optional = {"born_on": born_on, "sex": draw(_maybe(st.sampled_from(["Nam", "Nữ"])))}
    optional["unit"] = draw(_maybe(st.sampled_from(units))) if units else None
    fields |= {name: value for name, value in optional.items() if value is not None}
    steps = draw(
        st.lists(
            st.builds(StepEntry, st.sampled_from(_KINDS), _days, *[_maybe(_texts)] * 4),
            unique_by=lambda entry: (entry.kind, entry.on),
            max_size=4,
        )
    )
    settled, history = settle_steps(fields, steps)
    admitted_on = settled.get("admitted_on")
    if isinstance(admitted_on, date):  # keep recognition behind the ceremony, as the workbook must
        recognition = ("cell_proposed_recognition_on", "recognition_decided_on", "recognised_from")
        settled = {name: value for name, value in settled.items() if name not in recognition}
        history = tuple(entry for entry in history if entry.kind not in recognition)
    attributes = [
        AttributeEntry(
            column.field, draw(_value(column)) if column.type != "mark" else draw(_marks), draw(_maybe(_days))
        )
        for column in draw(st.lists(st.sampled_from(_DATED), unique=True, max_size=3))
    ]
    stays = [
        Placement(unit, since, since + timedelta(days=draw(st.integers(0, 400))) if draw(st.booleans()) else None)
        for unit in (draw(st.lists(st.sampled_from(units), unique=True, max_size=2)) if units else [])
        for since in [draw(st.dates(date(1951, 1, 1), date(2090, 1, 1)))]
    ]
    return Record(code, settled, history, tuple(attributes), tuple(stays))


@st.composite
def _standings(draw: st.DrawFn, unit: Unit, others: list[str]) -> tuple[UnitStanding, ...]:
    """Where a unit stood through time; last where it stands now."""
    if not others:
        return ()
    days = sorted(draw(st.lists(_days, unique=True, max_size=3)))
    places = [draw(_maybe(st.sampled_from(others))) for _ in days[1:]] + [unit.parent] * bool(days)
    heirs = [draw(_maybe(st.sampled_from(others))) for _ in days]
    found = [UnitStanding(*one) for one in zip(places, days, heirs, strict=True)]
    from_the_beginning: bool = draw(st.booleans())
    return tuple([replace(found[0], since=None), *found[1:]] if found and from_the_beginning else found)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """A whole roster: units in a tree, cases, courses with learners, targets, discipline and typed figures."""
    unit_codes = draw(_codes("ĐV-", 4))
    listed = draw(st.booleans()) and bool(unit_codes)
    units = [
        Unit(
            code,
            draw(_maybe(_words)),
            draw(_maybe(st.sampled_from(list(layout.choices("unit_level"))))),
            draw(_maybe(st.sampled_from(list(layout.choices("unit_sector"))))),
            draw(_maybe(st.sampled_from(unit_codes[:place]))) if place else None,
            draw(_maybe(_days)),
            None,
            draw(_marks),
            draw(_marks),
            **{name: draw(_maybe(_settings[name])) for name in UNIT_SETTINGS},
        )
        for place, code in enumerate(unit_codes)
    ]
    units = [replace(unit, history=draw(_standings(unit, unit_codes[:place]))) for place, unit in enumerate(units)]
    people = [draw(records(code, unit_codes)) for code in draw(_codes("HS ", 5))]
    courses = [
        Course(
            code,
            draw(st.sampled_from(["awareness", "new_member"])),
            draw(_maybe(st.sampled_from(unit_codes))) if unit_codes else None,
            draw(_maybe(_days)),
            None,
            draw(_maybe(_texts)),
            draw(_marks),
        )
        for code in draw(_codes("L/", 2))
    ]
    enrolments = [
        Enrolment(course.code, case, None if case else draw(_names), draw(_marks), draw(_marks), draw(_maybe(_days)))
        for course in courses
        for case in [*(person.code for person in people if draw(st.booleans())), None, None]
    ]
    years = draw(st.lists(st.integers(1900, 2100), unique=True, max_size=2))
    targets = [Target(unit, year, draw(st.integers(0, 999))) for unit in unit_codes[:2] for year in years]
    forms = st.sampled_from(list(layout.choices("discipline_form")))
    disciplines = [Discipline(person.code, draw(forms), draw(_days)) for person in people[:2]]
    known = st.sampled_from(list(layout.choices("typed_figure")))
    figures = [
        TypedFigure(unit, name, ends[0], ends[1], draw(_decimals), draw(_maybe(_texts)), draw(_names), draw(_days))
        for unit in unit_codes[:2]
        for name in draw(st.lists(known, unique=True, max_size=2))
        for ends in [sorted((draw(_days), draw(_days)))]
    ]
    return Roster(
        tuple(people),
        tuple(units) if listed else (),
        tuple(courses),
        tuple(enrolments),
        tuple(targets),
        tuple(disciplines),
        tuple(figures),
    )
