"""`dubi list` and `remind`: the month's work to print, and its limits in a calendar."""

from __future__ import annotations

import calendar as months
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command
from desk.question import CALENDAR_DAYS, MOST_DAYS
from desk.words.spelling import NotADay, typed_month
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from desk.answers.coming import Worklist

app = typer.Typer()


def _month(text: str) -> dt.date:
    """The last day of a month written as mm/yyyy or yyyy-mm."""
    try:
        year, month = typed_month(text)
    except NotADay as error:
        raise BadInput(str(error)) from None
    return dt.date(year, month, months.monthrange(year, month)[1])


@app.command(
    "list", cls=command("viec-trong-thang"), help="Việc cần làm trong tháng, mỗi việc với lý do; ghi ra Excel."
)
def list_work(
    file: arguments.OptionalFile = None,
    month: Annotated[
        dt.date | None,
        typer.Option(
            "--month", metavar="THÁNG", parser=_month, help="Đến hết tháng nào, ví dụ 11/2026. Bỏ trống là tháng này."
        ),
    ] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="TỆP.xlsx", help="Ghi danh sách ra tệp Excel.")] = None,
    force: arguments.Force = False,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """List the work of a month."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from desk.words.labels import heading, whom

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, unit=unit, overlays=overlay)
    found = desk.worklist(question, month or _month(f"{question.as_of:%m/%Y}"))
    if xlsx is not None:
        found.write(xlsx, replace=force)
        note(f"Đã ghi {len(found.listed)} việc ra tệp “{xlsx}”.")
    if as_json:
        print_json(found.as_json())
    elif as_csv:
        _print_csv(found)
    elif xlsx is None:
        for line in heading(question, desk.place, whom(unit, found.units)):
            say(strong(line))
        _print(found)


def _print_csv(found: Worklist) -> None:
    from desk.words.labels import citation, label, title_of

    header = ("Tính đến ngày", "Mức độ", "Đơn vị", "Mã hồ sơ", "Họ và tên", "Việc và lý do", "Hạn", "Còn (ngày)")
    print_csv(
        (*header, "Ai làm", "Căn cứ", "Độ chắc chắn"),
        (
            (
                *(
                    found.question.as_of,
                    title_of(item.severity),
                    item.unit,
                    item.case,
                    item.name,
                    item.reason,
                    item.due,
                    item.days_left,
                ),
                *(item.held_by and label("held_by", item.held_by), citation(item.document, item.clause)),
                label("certainty", item.certainty),
            )
            for item in found.items
        ),
    )


def _print(found: Worklist) -> None:
    from desk.words.labels import title_of

    items = found.listed
    say(f"\n{strong(f'Việc cần làm đến hết ngày {on_screen(found.until)}: {len(items)}')}")
    unit: object = object()
    for item in items:
        if item.unit != unit:
            unit = item.unit
            say(f"\n{strong(item.unit or 'Chưa ghi đơn vị')}")
        say(f"  [{title_of(item.severity)}] {item.case} {item.name}: {item.reason}")
    if not items:
        say("  Không có việc nào.")


@app.command(
    "remind",
    cls=command("nhac-viec"),
    help="Ghi các hạn sắp đến ra lịch (.ics); ghi lại lần sau thì lịch được cập nhật.",
)
def remind(
    ics: Annotated[Path, typer.Option("--ics", metavar="TỆP.ics", help="Tệp lịch để nhập vào điện thoại, máy tính.")],
    file: arguments.OptionalFile = None,
    within: Annotated[
        int, typer.Option("--within", metavar="SỐ-NGÀY", min=1, max=MOST_DAYS, help="Trong bao nhiêu ngày tới.")
    ] = CALENDAR_DAYS,
    names: Annotated[
        bool, typer.Option("--names", help="Ghi cả họ tên; bình thường chỉ ghi mã hồ sơ, vì lịch hay đi lên mạng.")
    ] = False,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
) -> None:
    """Write the coming limits as a calendar."""
    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, unit=unit, overlays=overlay)
    number, called_off = desk.remind(question, within, MOST_DAYS, ics, names=names)
    dropped = f", báo huỷ {called_off} việc đã xong hoặc đã đổi" if called_off else ""
    say(f"Đã ghi {number} hạn sắp đến ra tệp “{ics}”{dropped}.")
