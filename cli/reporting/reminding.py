"""`dubi list` and `remind`: the month's work to print, and its limits in a calendar."""

from __future__ import annotations

import calendar as months
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.arguments import today
from cli.screen.opening import open_roster
from cli.screen.output import note, on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput
from rules.loader.spelling.days import NotADay, typed_month

if TYPE_CHECKING:
    from reports.lists.worklist import Item

app = typer.Typer()

MOST_DAYS = 3660


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
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """List the work of a month."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from cli.screen.wording import heading, whom
    from desk import desk
    from reports.lists.worklist import work, write_worklist

    as_of = as_of or today()
    until = month or _month(f"{as_of:%m/%Y}")
    if until < as_of:
        raise BadInput(
            f"Tháng {until:%m/%Y} đã qua vào ngày tính đến {on_screen(as_of)}. Chọn tháng khác, hoặc --as-of."
        )
    roster = open_roster(file, store)
    coming = desk.coming(roster, as_of, (until - as_of).days, unit)
    items = work(desk.check(roster, as_of, unit), coming)
    if xlsx is not None:
        write_worklist(xlsx, items, as_of, until, roster.units, replace=force)
        note(f"Đã ghi {len(items)} việc ra tệp “{xlsx}”.")
    if as_json:
        values = {"as_of": as_of, "until": until, "unit": unit}
        print_json({**values, "work": [_json(item) for item in items]})
    elif as_csv:
        _print_csv(items, as_of)
    elif xlsx is None:
        for line in heading(as_of, None, file, whom(unit, roster.units)):
            say(strong(line))
        _print(items, until)


def _json(item: Item) -> dict[str, Any]:
    return {
        "severity": item.severity,
        "unit": item.unit,
        "case": item.case,
        "name": item.name,
        "reason": item.reason,
        "due": item.due,
        "days_left": item.days_left,
        "held_by": item.held_by,
        "document": item.document,
        "clause": item.clause,
        "certainty": item.certainty,
    }


def _print_csv(items: list[Item], as_of: dt.date) -> None:
    from cli.screen.wording import label
    from reports.lists.citing import citation
    from reports.lists.worklist import title_of

    header = ("Tính đến ngày", "Mức độ", "Đơn vị", "Mã hồ sơ", "Họ và tên", "Việc và lý do", "Hạn", "Còn (ngày)")
    print_csv(
        (*header, "Ai làm", "Căn cứ", "Độ chắc chắn"),
        (
            (
                *(
                    as_of,
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
            for item in items
        ),
    )


def _print(items: list[Item], until: dt.date) -> None:
    from reports.lists.worklist import title_of

    say(f"\n{strong(f'Việc cần làm đến hết ngày {on_screen(until)}: {len(items)}')}")
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
    ] = 90,
    names: Annotated[
        bool, typer.Option("--names", help="Ghi cả họ tên; bình thường chỉ ghi mã hồ sơ, vì lịch hay đi lên mạng.")
    ] = False,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    store: arguments.Store = None,
) -> None:
    """Write the coming limits as a calendar."""
    from desk import desk
    from reports.lists.reminders import reminders, write_calendar

    as_of = as_of or today()
    roster, whose = open_roster(file, store), _whose(file, store)
    wanted = reminders(desk.coming(roster, as_of, within, unit), whose, names=names)
    pending = reminders(desk.coming(roster, as_of, MOST_DAYS), whose, names=names)
    number, called_off = write_calendar(ics, wanted, pending, as_of)
    dropped = f", báo huỷ {called_off} việc đã xong hoặc đã đổi" if called_off else ""
    say(f"Đã ghi {number} hạn sắp đến ra tệp “{ics}”{dropped}.")


def _whose(file: Path | None, store: str | None) -> str:
    """What tells the cases of this book from those of another: the file's name, or the first write of the store."""
    if file is not None:
        return file.name
    from cases.log.logbook import read_batches
    from cases.store.connection import querying, store_url

    with querying(store_url(store)) as execute:
        batches = read_batches(execute)
    return batches[0].name if batches else ""
