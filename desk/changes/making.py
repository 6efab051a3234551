"""What a change does to a store as it now is: made for the preview, and made anew in the moment of writing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.changes import (
    changing,
    courses,
    handing,
    moving,
    organising,
    saving,
    standings,
    together,
    typing_figures,
    whole_cases,
)
from cases.changes.correcting import Correction, read_corrections
from cases.changes.values import (
    known_column,
    read_code,
    read_course_kind,
    read_name,
    read_of,
    read_papers,
    read_value,
)
from cases.judging.judging import doubts_about_discipline
from cases.judging.steps import known_step
from cases.store.reading import measures_of
from cases.store.search import codes_of
from cases.store.wall.beyond import is_taken
from cases.values.codes import next_code
from cases.values.records import Course, Discipline, Enrolment, Record, StepEntry
from cases.workbook import schema as layout
from desk.changes.values import (
    AddCourse,
    AddPerson,
    AddUnit,
    CaseChange,
    Certify,
    CloseUnit,
    Correct,
    CorrectCourse,
    CourseChange,
    Enrol,
    GiveBack,
    HandUp,
    JoinCases,
    Leave,
    MergeUnits,
    Move,
    MoveUnit,
    RecodeCase,
    RecordStep,
    RemoveCase,
    SetFigure,
    SetTarget,
    SetUnit,
    Together,
    UnitChange,
    WholeChange,
)
from rules.loader.errors import BadQuestion

if TYPE_CHECKING:
    from cases.judging.doubts import Doubt
    from cases.log.write_plan import WritePlan
    from cases.store.reading import Execute

ACTIONS = {
    AddPerson: "add",
    RecordStep: "record",
    Correct: "correct",
    Move: "move",
    Leave: "leave",
    HandUp: "submit",
    GiveBack: "return",
    Enrol: "enrol",
    RemoveCase: "remove",
    JoinCases: "join",
    RecodeCase: "recode",
    SetTarget: "target",
}
"""What the log calls these changes; those of classes are called `course`, of units `unit`, of figures `figure`."""


def together_draft(change: Together, execute: Execute, now: dt.date) -> together.TogetherDraft:
    """What is done to many cases at once; raises `UnknownName`, `BadInput`, `BadQuestion`."""
    if not change.changes:
        raise BadQuestion("Không có hồ sơ nào để ghi.")
    scene = saving.Scene(execute)
    return together.together(partial(case_draft, one, execute, now, scene) for one in change.changes)


def case_draft(change: CaseChange, execute: Execute, now: dt.date, scene: saving.Scene | None = None) -> saving.Draft:
    """What a change does to a case; raises `UnknownName`, `BadInput`, `BadQuestion`.

    ``scene``: what of the store was read already.
    """
    match change:
        case AddPerson():
            return _added(change, execute, now)
        case RecordStep():
            return _recorded(change, execute, now, scene)
        case Correct():
            papers = {name: getattr(change, name) for name in ("document", "result", "note", "stored_at")}
            given = {name: text for name, text in papers.items() if text is not None}
            corrected = read_corrections(change.what, Correction(change.on, change.old, given, change.since))
            return saving.draft(execute, change.case, corrected, now, scene)
        case Move():
            if change.to is None and change.source is None:
                raise BadQuestion("Ghi chuyển đi đâu (--to) hoặc từ đâu đến (--from).")
            papers = read_papers(change.document, stored_at=change.stored_at)
            moved = moving.transfer(moving.known_units(execute), change.on, change.to, change.source, papers)
            return saving.draft(execute, change.case, moved, now)
        case Leave():
            how = read_code(change.how, "exit_kind", "Hình thức ra khỏi Đảng")
            entry = StepEntry("left_on", change.on, **read_papers(change.document, stored_at=change.stored_at))
            return saving.draft(execute, change.case, lambda record: changing.exited(record, how, entry), now)
        case HandUp():
            papers = read_papers(change.document, note=change.note)
            handed_up = handing.handed_up(execute, change.to, change.on, papers)
            return saving.draft(execute, change.case, handed_up, now, scene)
        case GiveBack():
            reason = handing.reason_of(change.reason)
            papers = read_papers(change.document, note=reason)
            return saving.draft(execute, change.case, handing.given_back(reason, change.on, papers), now, scene)


def whole_draft(change: WholeChange, execute: Execute, now: dt.date) -> whole_cases.WholeDraft:
    """What a change does to a dossier as a whole; raises `UnknownName`, `BadInput`."""
    match change:
        case RemoveCase(code):
            return whole_cases.removed(execute, code)
        case JoinCases(code, other, on):
            return whole_cases.one_of_two(execute, code, other, now, on)
        case RecodeCase(code, new):
            return whole_cases.recoded(execute, code, new)


def _added(change: AddPerson, execute: Execute, now: dt.date) -> saving.Draft:
    values = {column.field: read_value(column, text) for column, text in fields_of(change)}
    if "full_name" not in values:
        raise BadQuestion("Thiếu họ và tên: thêm --name.")
    code = change.code or values.get("code")
    fields = {name: value for name, value in values.items() if value is not None and name != "code"}
    own = (
        read_value(known_column("code"), str(code))
        if code
        else next_code(codes_of(execute), partial(is_taken, execute))
    )
    return saving.draft_new(execute, Record(str(own), {"code": str(own), **fields}), now)


def fields_of(change: AddPerson) -> list[tuple[layout.SheetColumn, str]]:
    """The columns that are filled, each with its text; raises `UnknownName`."""
    return [(known_column(name), text) for name, text in change.fields]


def _recorded(change: RecordStep, execute: Execute, now: dt.date, scene: saving.Scene | None) -> saving.Draft:
    kind = known_step(change.step)
    if kind.name == "disciplined_on":
        return _disciplined(change, execute, now, scene)
    papers = read_papers(change.document, change.result, change.note, change.stored_at)
    entry = StepEntry(kind.name, change.on, **papers)
    return saving.draft(execute, change.case, lambda before: changing.with_step(before, entry), now, scene)


def _disciplined(change: RecordStep, execute: Execute, now: dt.date, scene: saving.Scene | None) -> saving.Draft:
    """A disciplinary measure, which has a sheet of its own: its form is the result."""
    if not change.result:
        raise BadQuestion("Kỷ luật phải ghi hình thức: thêm --result, ví dụ --result “Cảnh cáo”.")
    form = read_code(change.result, "discipline_form", "Hình thức kỷ luật")
    draft = saving.draft(execute, change.case, lambda before: before, now, scene)
    measure = Discipline(draft.after.code, form, change.on)
    if measure in measures_of(execute, measure.case):
        raise changing.NotThere(f"Hồ sơ {measure.case} đã ghi lần kỷ luật này rồi.")
    doubts = doubts_about_discipline(draft.after, change.on, now)
    return replace(draft, doubts=(*draft.doubts, *doubts), added=(measure,))


def course_draft(change: CourseChange, execute: Execute, now: dt.date) -> courses.CourseDraft:
    """What a change does to classes; raises `UnknownName`, `BadInput`, `BadQuestion`."""
    match change:
        case Enrol(course, cases, name):
            if not cases and name is None:
                raise BadQuestion("Ghi mã hồ sơ của học viên, hoặc --name với người chưa có hồ sơ.")
            guest = None
            if name is not None:
                guest = Enrolment(course, None, read_name(name), change.youth_union, change.trade_union)
            return courses.enrolled(execute, course, cases, guest)
        case AddCourse():
            code, audience = (
                read_of(layout.COURSES, name, text)
                for name, text in (("code", change.course), ("audience", change.audience))
            )
            kind = read_course_kind(change.of)
            new = Course(str(code), kind, change.unit, change.opened, change.closed, audience, change.online)
            return courses.opened(execute, new)
        case CorrectCourse():
            return courses.corrected(execute, change.course, _corrected(change))
        case Certify(course, on, cases):
            return courses.certified(execute, course, cases, on, now)


def _corrected(change: CorrectCourse) -> dict[str, Any]:
    audience = read_of(layout.COURSES, "audience", change.audience)
    given = {"opened_on": change.opened, "closed_on": change.closed, "unit": change.unit}
    values = {**given, "audience": audience, "online": change.online}
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        raise BadQuestion("Ghi điều cần sửa: --opened, --closed, --unit, --audience hoặc --online.")
    return values


def unit_plan(change: UnitChange, execute: Execute) -> WritePlan:
    """What a change does to units; raises `UnknownName`, `BadInput`."""
    match change:
        case MoveUnit(unit, to, on):
            return standings.moved(execute, unit, to, on)
        case MergeUnits(units, into, on):
            return standings.merged(execute, units, into, on)
        case CloseUnit(unit, on):
            return standings.closed(execute, unit, on)
        case AddUnit(unit, fields):
            return organising.added(execute, unit, fields)
        case SetUnit(unit, fields):
            if not fields:
                raise BadQuestion("Ghi điều cần đặt, ví dụ “Địa danh=Sơn La”. Xem các mục: dubi unit set --help")
            return organising.settled(execute, unit, fields)
        case SetTarget(unit, year, value):
            return organising.target_set(execute, unit, year, value)


def unit_doubts(change: UnitChange, execute: Execute) -> list[Doubt]:
    """What is to be asked about a change of units before it is written."""
    match change:
        case CloseUnit(unit, on):
            return standings.people_inside(execute, unit, on)
        case AddUnit(unit):
            return organising.doubts_of_adding(execute, unit)
        case SetUnit(unit, fields):
            return organising.doubts_of_settling(execute, unit, fields)
        case SetTarget(unit, year):
            return organising.doubts_of_target(execute, unit, year)
    return []


def figure_draft(change: SetFigure, execute: Execute) -> typing_figures.FigureDraft:
    """What typing a figure in does; raises `UnknownName`, `BadInput`, `BadQuestion`."""
    if change.on is not None and (change.start is not None or change.end is not None):
        raise BadQuestion("Ghi --on, hoặc --from và --to, không ghi cả hai.")
    when = change.on or (change.start, change.end)
    return typing_figures.typed(
        execute, typing_figures.figure(change.indicator, change.unit, when, change.value, change.source)
    )
