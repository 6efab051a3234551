"""`dubi enrol` and `course …`: classes, their learners and their certificates."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Confirm, Preview, show_course, write
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group
from desk.changes.values import AddCourse, Certify, CorrectCourse, Enrol

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
    change = Enrol(course, tuple(cases or ()), name, youth_union, trade_union)
    write(store, change, show_course, preview=preview, as_json=as_json)


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
    change = AddCourse(code, kind, unit, opened, closed, audience, online)
    write(store, change, show_course, preview=preview, as_json=as_json)


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
    change = CorrectCourse(code, unit, opened, closed, audience, online)
    write(store, change, show_course, preview=preview, as_json=as_json)


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
    change = Certify(code, on, tuple(cases or ()))
    write(store, change, show_course, confirm=confirm, preview=preview, as_json=as_json)


@classes.command("list", cls=command("danh-sach"), help="Liệt kê các lớp, mỗi lớp có bao nhiêu học viên.")
def list_courses(store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """List the classes."""
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label

    found = desk_for(None, store).courses()
    if as_json:
        print_json(found.as_json())
        return
    rows = [
        (
            *(one.course.code, label("course_kind", one.course.kind), one.course.unit or "–"),
            *(on_screen(one.course.opened_on), on_screen(one.course.closed_on), one.course.audience or "–"),
            *(str(len(one.learners)), str(one.certified)),
        )
        for one in found.courses
    ]
    head = (
        ScreenColumn("Mã lớp"),
        ScreenColumn("Loại", wraps=True),
        ScreenColumn("Đơn vị"),
        ScreenColumn("Mở"),
        ScreenColumn("Bế giảng"),
    )
    numbers = (ScreenColumn("Học viên", right=True), ScreenColumn("Đã cấp", right=True))
    for line in table((*head, ScreenColumn("Đối tượng", wraps=True), *numbers), rows):
        say(line)
    if not rows:
        say("Chưa có lớp nào. Thêm bằng lệnh: dubi course add")


@classes.command("show", cls=command("xem"), help="Xem một lớp và học viên của lớp.")
def show(code: Code, store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Show a class with its learners."""
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label

    found = desk_for(None, store).course(code)
    if as_json:
        print_json(found.as_json())
        return
    course = found.course
    say(strong(f"Lớp {course.code} · {label('course_kind', course.kind)} · đơn vị {course.unit or 'chưa ghi'}"))
    say(f"Mở {on_screen(course.opened_on)}, bế giảng {on_screen(course.closed_on)}")
    rows = [(one.case or "–", one.name, on_screen(one.certified_on)) for one in found.learners]
    for line in table(
        (ScreenColumn("Mã"), ScreenColumn("Họ và tên", wraps=True), ScreenColumn("Cấp giấy")), rows, indent="  "
    ):
        say(line)
