"""`dubi ahead`: twelve months ahead, what they ask of each unit, and who comes too late for the meetings there are."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.answers.ahead import Ahead

app = typer.Typer()


@app.command(
    "ahead",
    cls=command("sap-toi"),
    help="Mười hai tháng tới: ai hết dự bị, hạn nào đến, mỗi đơn vị phải họp mấy lần, học mấy lớp, ai sẽ quá hạn.",
)
def ahead(
    file: arguments.OptionalFile = None,
    meetings: Annotated[
        str | None,
        typer.Option(
            "--meetings",
            metavar="LỊCH",
            help="Cấp có thẩm quyền quyết định chỉ họp vào những ngày này: tệp lịch .ics, "
            "hoặc monthly (hang-thang) là mỗi tháng một lần, vào ngày làm việc cuối tháng.",
        ),
    ] = None,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    who: Annotated[
        str | None,
        typer.Option("--who", metavar="THÁNG", help="Liệt kê những người có hạn trong tháng, ví dụ 12/2026."),
    ] = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Look ahead."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from desk.words.labels import heading, whom

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, unit=unit)
    found = desk.ahead(question, meetings)
    if who:
        columns, rows = _people(found, who)
        if as_csv:
            print_csv(columns, rows)
            return
    if as_json:
        print_json(found.as_json())
        return
    if as_csv:
        _print_csv(found)
        return
    for line in heading(question, desk.place, whom(unit, found.units)):
        say(strong(line))
    if who:
        _table(f"Hạn trong tháng {who}: {len(rows)}", columns, rows, numbers=())
        return
    _print(found)
    if meetings is not None and not any(month.meetings for month in found.months):
        note("Lịch không có buổi họp nào trong mười hai tháng tới.")


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[str]) -> None:
    from cli.screen.table import ScreenColumn, table

    say(f"\n{strong(title)}")
    columns = [ScreenColumn(head, right=head in numbers, wraps=head not in numbers) for head in heads]
    texts = [[_text(cell) for cell in row] for row in rows]
    for line in table(columns, texts, indent="  "):
        say(line)


def _text(cell: object) -> str:
    if cell is None:
        return "–"
    return on_screen(cell) if isinstance(cell, dt.date) else str(cell)


MONTH = ("Tháng", "Hết dự bị", "Hạn chi bộ xét", "Hạn quyết định", "Chi bộ họp", "Cấp trên họp", "Lớp", "Người học")


def _numbers(found: Ahead) -> list[tuple[object, ...]]:
    """The months, each with its numbers."""
    return [_month(month.counted, month.asked) for month in found.months]


def _month(counted: object, asked: object) -> tuple[object, ...]:
    from dataclasses import astuple

    month, *limits = astuple(counted)  # type: ignore[call-overload]  # a month of the desk
    return (f"{month[5:]}/{month[:4]}", *limits, *astuple(asked))  # type: ignore[call-overload]  # likewise


def _print(found: Ahead) -> None:
    _table("Mười hai tháng tới", MONTH, _numbers(found), numbers=MONTH[1:])
    say("  Chi bộ họp, Cấp trên họp, Lớp: số lần ít nhất để kịp mọi hạn; Người học: chưa học lớp đảng viên mới.")
    rows = [(one.unit, *_month(counted, asked)) for one in found.by_unit for counted, asked in one.months]
    _table("Từng đơn vị", ("Đơn vị", *MONTH), rows, numbers=MONTH[1:])
    if found.meetings is None:
        return
    late = [one for month in found.months for one in month.late or ()]
    days = [on_screen(day) for month in found.months for day in month.meetings or ()]
    say(f"\n{strong('Cấp có thẩm quyền họp')}: {', '.join(days) or 'không buổi nào'}")
    title = f"Sẽ quá hạn quyết định nếu chỉ họp những ngày ấy: {len(late)}"
    _table(title, LATE, [(o.case, o.name, o.unit, o.due, o.next_meeting) for o in late], numbers=())


LATE = ("Mã", "Họ và tên", "Đơn vị", "Hạn", "Họp sau hạn")


def _people(found: Ahead, who: str) -> tuple[Sequence[str], list[tuple[object, ...]]]:
    """The people behind a month; raises `UnknownName`."""
    return ("Mã", "Họ và tên", "Đơn vị", "Hạn", "Việc"), [
        (one.case, one.name, one.unit, one.day, one.label) for one in found.behind(who)
    ]


def _print_csv(found: Ahead) -> None:
    whole = [(found.question.unit, *_month(m.counted, m.asked), len(m.late or ())) for m in found.months]
    own = [(one.unit, *_month(c, a), None) for one in found.by_unit for c, a in one.months]
    rows = [(found.question.as_of, *row) for row in (*whole, *own)]
    print_csv(("Tính đến ngày", "Đơn vị", *MONTH, "Sẽ quá hạn quyết định"), rows)
