"""`dubi timings`: how long each step takes, what waits with whom since when, what the coming months bring."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cli.screen.table import ScreenColumn
    from desk.counting.timings import Timings

app = typer.Typer()


@app.command(
    "timings",
    cls=command("thoi-gian"),
    help="Thời gian đi vào đâu: mỗi bước mất bao lâu, việc gì đang chờ ai từ bao giờ, mười hai tháng tới có gì.",
)
def timings(
    start: Annotated[dt.date, typer.Option("--from", metavar="NGÀY", parser=day, help="Ngày đầu kỳ, tính cả ngày đó.")],
    end: Annotated[dt.date, typer.Option("--to", metavar="NGÀY", parser=day, help="Ngày cuối kỳ, tính cả ngày đó.")],
    file: arguments.OptionalFile = None,
    as_of: Annotated[
        dt.date | None,
        typer.Option("--as-of", metavar="NGÀY", parser=day, help="Tính đến ngày nào. Bỏ trống là ngày cuối kỳ."),
    ] = None,
    unit: arguments.Unit = None,
    who: Annotated[
        str | None,
        typer.Option(
            "--who",
            metavar="SỐ-LIỆU",
            help="Liệt kê những người đứng sau một số liệu: BƯỚC:BƯỚC, nơi giữ việc (cell), hay tháng tới (2026-12).",
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="TỆP.xlsx", help="Ghi số liệu và ai đứng sau ra tệp Excel."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="TỆP", help="Vẽ hình ra tệp .svg hoặc .png.")
    ] = None,
    force: arguments.Force = False,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Time the steps of a period."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from desk.words.labels import heading, whom

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of or end, known_on=known_on, unit=unit)
    found = desk.timings(question, start, end)
    if who:
        # A name that is not known is refused in every form.
        head, rows = _people(found, who)
        if as_csv:
            print_csv([column.heading for column in head], rows)
            return
    for path, drawn in ((xlsx, False), (picture, True)):
        if path is not None:
            found.write(path, picture=drawn, replace=force)
            note(f"Đã ghi {path}.")
    if as_json:
        print_json(found.as_json())
        return
    if as_csv:
        _print_csv(found)
        return
    if xlsx is not None or picture is not None:
        return
    say(strong(f"Kỳ {on_screen(start)} – {on_screen(end)}"))
    for line in heading(question, desk.place, whom(unit, found.units)):
        say(strong(line))
    if who:
        _print_table(f"{who}: {len(rows)}", head, rows)
    else:
        _print_parts(found)


def _print_table(title: str, columns: Sequence[ScreenColumn], rows: Iterable[Sequence[object]]) -> None:
    from cli.screen.table import table

    say(f"\n{strong(title)}")
    for line in table(columns, [tuple(map(_cell, row)) for row in rows], indent="  "):
        say(line)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return on_screen(value) if isinstance(value, dt.date) else str(value)


def _print_parts(found: Timings) -> None:
    from cli.screen.table import ScreenColumn
    from desk.words.labels import fact_label, label

    names = ("Người", "Giữa", "9/10", "Lâu nhất", "Ngày làm việc", "Chậm", "Ngày trái")
    numbers = tuple(ScreenColumn(name, right=True) for name in names)
    _print_table(
        "Mỗi bước mất bao nhiêu ngày",
        (ScreenColumn("Từ", wraps=True), ScreenColumn("Đến", wraps=True), *numbers),
        (
            (
                *(fact_label(one.from_step), fact_label(one.to_step), one.n, one.median_days, one.p90_days),
                *(one.max_days, one.median_working_days, one.late, one.contradictory),
            )
            for one in found.transitions
        ),
    )
    say("  Giữa: một nửa số người mất không quá từng ấy ngày; 9/10: chín phần mười số người. Chậm: quá hạn của luật.")
    _print_table(
        "Đang chờ ai, đã bao nhiêu ngày",
        (ScreenColumn("Ở đâu"), *numbers[:3], ScreenColumn("Lâu nhất", right=True), ScreenColumn("Mã")),
        (
            (label("held_by", one.held_by), one.n, one.median_days, one.p90_days, one.oldest.days, one.oldest.case)
            for one in found.waiting
        ),
    )
    _print_table(
        "Mười hai tháng tới",
        (
            *(ScreenColumn("Tháng"), ScreenColumn("Hết dự bị", right=True), ScreenColumn("Hạn chi bộ xét", right=True)),
            ScreenColumn("Hạn quyết định", right=True),
        ),
        (
            (f"{one.month[5:]}/{one.month[:4]}", one.probations_ending, one.cell_limits, one.decision_limits)
            for one in found.ahead
        ),
    )


def _people(found: Timings, who: str) -> tuple[Sequence[ScreenColumn], list[tuple[object, ...]]]:
    """The people behind a number, with the days that it is made of; raises `UnknownName`."""
    from cli.screen.table import ScreenColumn
    from desk.words.labels import fact_label, label

    behind = found.behind(who)
    person = (ScreenColumn("Mã"), ScreenColumn("Họ và tên", wraps=True), ScreenColumn("Đơn vị"))
    if behind.waits:
        return (*person, ScreenColumn("Từ ngày"), ScreenColumn("Ngày", right=True), ScreenColumn("Ở đâu")), [
            (one.case, one.name, one.unit, one.since, one.days, label("held_by", one.held_by)) for one in behind.waits
        ]
    if behind.limits:
        return (*person, ScreenColumn("Hạn"), ScreenColumn("Việc", wraps=True)), [
            (one.case, one.name, one.unit, one.day, one.label) for one in behind.limits
        ]
    ends = (behind.passages[0].from_step, behind.passages[0].to_step) if behind.passages else ()
    stretch = tuple(ScreenColumn(fact_label(step), wraps=True) for step in ends)
    return (*person, *stretch, ScreenColumn("Ngày", right=True), ScreenColumn("Chậm")), [
        (one.case, one.name, one.unit, one.first, one.second, one.days, "x" if one.late else "")
        for one in behind.passages
    ]


def _print_csv(found: Timings) -> None:
    from desk.words.labels import fact_label

    period, whole = (found.start, found.end, found.question.as_of), found.question.unit
    stretches = [(whole, one) for one in found.transitions]
    stretches += [(of.unit, one) for of in found.by_unit for one in of.transitions]
    rows: list[tuple[object, ...]] = [
        (
            *(*period, unit, None, fact_label(one.from_step), fact_label(one.to_step), one.n, one.median_days),
            *(one.p90_days, one.max_days, one.median_working_days, one.late, one.contradictory),
        )
        for unit, one in stretches
    ]
    rows += [
        (
            *(*period, whole, one.month, fact_label(one.from_step), fact_label(one.to_step)),
            *(one.n, one.median_days, *[None] * 5),
        )
        for one in found.months
    ]
    print_csv(
        (
            *("Từ ngày", "Đến ngày", "Tính đến ngày", "Đơn vị", "Tháng", "Từ bước", "Đến bước", "Số người"),
            *("Giữa (ngày)", "9/10 (ngày)", "Lâu nhất (ngày)", "Giữa (ngày làm việc)", "Chậm", "Ngày trái nhau"),
        ),
        rows,
    )
