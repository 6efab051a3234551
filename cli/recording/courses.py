"""`dubi enrol` and `course …`: classes, their learners and their certificates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.arguments import day, today
from cli.screen.effects import Confirm, Preview, write_course
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group

if TYPE_CHECKING:
    from cases.changes.courses import CourseDraft
    from cases.store.reading import Execute
    from cases.values.records import Course, Enrolment

app = typer.Typer()
classes = typer.Typer(
    name="course",
    cls=group("lop"),
    help="Các lớp bồi dưỡng: mở lớp, sửa, xem học viên, cấp giấy chứng nhận.",
    no_args_is_help=True,
)
app.add_typer(classes)

Code = Annotated[str, typer.Argument(metavar="MÃ-LỚP", help="Mã ở cột “Mã lớp”.")]
Cases = Annotated[list[str] | None, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã hồ sơ của học viên, một hay nhiều mã.")]
Opened = Annotated[dt.date | None, typer.Option("--opened", metavar="NGÀY", parser=day, help="Ngày mở lớp.")]
Closed = Annotated[dt.date | None, typer.Option("--closed", metavar="NGÀY", parser=day, help="Ngày bế giảng.")]
Unit = Annotated[str | None, typer.Option("--unit", metavar="MÃ", help="Đơn vị mở lớp.")]
Audience = Annotated[str | None, typer.Option("--audience", metavar="CHỮ", help="Đối tượng của lớp.")]


@app.command("enrol", cls=command("ghi-danh"), help="Ghi học viên vào một lớp: các hồ sơ, hoặc người chưa có hồ sơ.")
def enrol(
    course: Code,
    cases: Cases = None,
    name: Annotated[str | None, typer.Option("--name", metavar="HỌ-TÊN", help="Người học chưa có hồ sơ.")] = None,
    youth_union: Annotated[bool, typer.Option("--youth-union", help="Người chưa có hồ sơ là đoàn viên TNCS.")] = False,
    trade_union: Annotated[
        bool, typer.Option("--trade-union", help="Người chưa có hồ sơ là đoàn viên công đoàn.")
    ] = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Enrol learners in a class."""
    if not cases and name is None:
        raise typer.BadParameter("Ghi mã hồ sơ của học viên, hoặc --name với người chưa có hồ sơ.")

    def made(execute: Execute) -> CourseDraft:
        from cases.changes import courses
        from cases.changes.values import read_name
        from cases.values.records import Enrolment

        guest = None if name is None else Enrolment(course, None, read_name(name), youth_union, trade_union)
        return courses.enrolled(execute, course, cases or (), guest)

    write_course(store, made, "enrol", confirm=False, preview=preview, as_json=as_json)


@classes.command("add", cls=command("them"), help="Thêm một lớp.")
def add(
    code: Code,
    kind: Annotated[
        str, typer.Option("--kind", metavar="LOẠI", help="nhan-thuc (nhận thức về Đảng) hoặc dang-vien-moi.")
    ],
    opened: Opened = None,
    closed: Closed = None,
    unit: Unit = None,
    audience: Audience = None,
    online: Annotated[bool, typer.Option("--online", help="Lớp trực tuyến.")] = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Add a class."""
    from cases.changes.values import read_course_kind, read_of
    from cases.values.records import Course
    from cases.workbook import schema as layout

    own, said = (read_of(layout.COURSES, field, text) for field, text in (("code", code), ("audience", audience)))
    course = Course(str(own), read_course_kind(kind), unit, opened, closed, said, online)

    def made(execute: Execute) -> CourseDraft:
        from cases.changes import courses

        return courses.opened(execute, course)

    write_course(store, made, "course", confirm=False, preview=preview, as_json=as_json)


@classes.command("correct", cls=command("sua"), help="Sửa một lớp: ngày mở, ngày bế giảng, đơn vị, đối tượng.")
def correct(
    code: Code,
    opened: Opened = None,
    closed: Closed = None,
    unit: Unit = None,
    audience: Audience = None,
    online: Annotated[bool | None, typer.Option("--online/--not-online", help="Lớp trực tuyến, hay không.")] = None,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Correct a class."""
    from cases.changes.values import read_of
    from cases.workbook import schema as layout

    audience = read_of(layout.COURSES, "audience", audience)
    given = {"opened_on": opened, "closed_on": closed, "unit": unit, "audience": audience, "online": online}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if not values:
        raise typer.BadParameter("Ghi điều cần sửa: --opened, --closed, --unit, --audience hoặc --online.")

    def made(execute: Execute) -> CourseDraft:
        from cases.changes import courses

        return courses.corrected(execute, code, values)

    write_course(store, made, "course", confirm=False, preview=preview, as_json=as_json)


@classes.command(
    "certify",
    cls=command("cap-chung-nhan"),
    help="Cấp giấy chứng nhận cho học viên; không ghi mã hồ sơ nào thì cho mọi người chưa có.",
)
def certify(
    code: Code,
    on: Annotated[dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày cấp giấy.")],
    cases: Cases = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Give certificates to the learners of a class."""

    def made(execute: Execute) -> CourseDraft:
        from cases.changes import courses

        return courses.certified(execute, code, cases or (), on, today())

    write_course(store, made, "course", confirm=confirm, preview=preview, as_json=as_json)


@classes.command("list", cls=command("danh-sach"), help="Liệt kê các lớp, mỗi lớp có bao nhiêu học viên.")
def list_courses(store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """List the classes."""
    from cli.screen.table import Column, table
    from desk.words.labels import label

    courses, learners = _read(store)
    if as_json:
        print_json({"courses": [_course_json(course, learners) for course in courses]})
        return
    rows = [
        (
            *(course.code, label("course_kind", course.kind), course.unit or "–"),
            *(on_screen(course.opened_on), on_screen(course.closed_on), course.audience or "–"),
            *(str(len(_of(course, learners))), str(_certified(course, learners))),
        )
        for course in courses
    ]
    head = (Column("Mã lớp"), Column("Loại", wraps=True), Column("Đơn vị"), Column("Mở"), Column("Bế giảng"))
    numbers = (Column("Học viên", right=True), Column("Đã cấp", right=True))
    for line in table((*head, Column("Đối tượng", wraps=True), *numbers), rows):
        say(line)
    if not rows:
        say("Chưa có lớp nào. Thêm bằng lệnh: dubi course add")


@classes.command("show", cls=command("xem"), help="Xem một lớp và học viên của lớp.")
def show(code: Code, store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Show a class with its learners."""
    from cases.changes.courses import known_course
    from cli.screen.table import Column, table
    from desk.words.labels import label

    courses, learners = _read(store)
    course = known_course(courses, code)
    own = _of(course, learners)
    if as_json:
        people = [{"case": one.case, "name": name, "certified_on": one.certified_on} for one, name in own]
        print_json({**_course_json(course, learners), "learners": people})
        return
    say(strong(f"Lớp {course.code} · {label('course_kind', course.kind)} · đơn vị {course.unit or 'chưa ghi'}"))
    say(f"Mở {on_screen(course.opened_on)}, bế giảng {on_screen(course.closed_on)}")
    rows = [(one.case or "–", name, on_screen(one.certified_on)) for one, name in own]
    for line in table((Column("Mã"), Column("Họ và tên", wraps=True), Column("Cấp giấy")), rows, indent="  "):
        say(line)


_Learners = list[tuple["Enrolment", str]]


def _read(store: str | None) -> tuple[tuple[Course, ...], _Learners]:
    """The classes, and their learners each with a name."""
    from cases.store.connection import querying, store_url
    from cases.store.reading import courses_of, enrolments_of, names_of

    with querying(store_url(store)) as execute:
        names = names_of(execute)
        learners = [(one, names.get(one.case or "") or one.full_name or "–") for one in enrolments_of(execute)]
        return courses_of(execute), learners


def _of(course: Course, learners: _Learners) -> _Learners:
    return [(one, name) for one, name in learners if one.course == course.code]


def _certified(course: Course, learners: _Learners) -> int:
    return sum(1 for one, _ in _of(course, learners) if one.certified_on)


def _course_json(course: Course, learners: _Learners) -> dict[str, Any]:
    return {
        "course": course.code,
        "kind": course.kind,
        "unit": course.unit,
        "opened_on": course.opened_on,
        "closed_on": course.closed_on,
        "audience": course.audience,
        "online": course.online,
        "enrolled": len(_of(course, learners)),
        "certified": _certified(course, learners),
    }
