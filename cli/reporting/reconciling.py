"""`dubi reconcile`: a form that somebody filled by hand, against the records and against itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.reports import AsOf, End, Settings, Start
from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.filling.forms import Reconciled

FOUND = 1

app = typer.Typer()


@app.command(
    "reconcile",
    cls=command("doi-chieu"),
    help="Đối chiếu một biểu đã điền tay với sổ, và kiểm tra phép cộng, tỷ lệ trong biểu; không sửa gì.",
)
def reconcile(
    filled: Annotated[Path, typer.Argument(metavar="BIỂU.xlsx", help="Biểu đã điền (.xlsx).")],
    form: Annotated[
        str | None, typer.Option("--form", metavar="BIỂU", help="Là biểu mẫu nào. Bỏ trống thì tự nhận.")
    ] = None,
    file: arguments.FileOption = None,
    start: Start = None,
    end: End = None,
    as_of: AsOf = None,
    unit: arguments.Unit = None,
    setting: Settings = None,
    arithmetic: Annotated[
        bool, typer.Option("--arithmetic", help="Chỉ kiểm tra số học trong biểu, không đối chiếu với sổ.")
    ] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Compare a filled form with the records, and its numbers with each other."""
    period = (start, end) if start and end else None
    found = desk_for(file, store).reconcile(
        filled, form=form, period=period, as_of=as_of, unit=unit, settings=setting or (), arithmetic=arithmetic
    )
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)
    if found.errors:
        raise typer.Exit(FOUND)


def _print(found: Reconciled) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.filling.forms import WORDS

    read, period, differences = found.read, found.period, found.differences

    when = f" · kỳ {on_screen(period[0])} – {on_screen(period[1])}" if period else ""
    say(strong(f"Biểu {read.form.name}, {read.form.label} · sheet {read.sheet} · {len(read.cells)} ô có số{when}"))
    if not differences:
        say("Không thấy chỗ nào khác." if period else "Số học trong biểu khớp.")
        return
    columns = (ScreenColumn("Ô"), ScreenColumn("Dòng"), ScreenColumn("Loại"), ScreenColumn("Chi tiết", wraps=True))
    rows = [(d.cell, d.row if d.row != "*" else d.label, WORDS[d.kind], f"{d.label}: {d.message}") for d in differences]
    for line in table(columns, rows):
        say(line)
    say(f"{found.errors} chỗ khác, {len(differences) - found.errors} lưu ý. Không có gì được sửa.")
