"""`dubi figure`: figures that no record gives, typed in for a unit and a period, and those still to be typed in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day, whole_period
from cli.screen.effects import Preview, write
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group
from desk.changes.values import SetFigure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.changes.previews import FigurePreview
    from desk.counting.typed_figures import Listed, Period
    from desk.values import Contradiction, FigureDraft

app = typer.Typer()
figures = typer.Typer(
    name="figure",
    cls=group("so-nhap-tay"),
    help="Số liệu mà sổ không tính ra được: nhập cho một đơn vị và một kỳ, xem đã nhập gì, biểu nào còn thiếu gì.",
    no_args_is_help=True,
)
app.add_typer(figures)

Start = Annotated[
    dt.date | None, typer.Option("--from", metavar="NGÀY", parser=day, help="Ngày đầu kỳ, tính cả ngày đó.")
]
End = Annotated[dt.date | None, typer.Option("--to", metavar="NGÀY", parser=day, help="Ngày cuối kỳ, tính cả ngày đó.")]


@figures.command("set", cls=command("nhap"), help="Nhập một số cho một đơn vị và một kỳ; nhập lại thì thay số cũ.")
def set_figure(
    name: Annotated[str, typer.Argument(metavar="MÃ", help="Mã chỉ tiêu, ví dụ manual.documents.")],
    value: Annotated[str, typer.Argument(metavar="SỐ", help="Con số, ví dụ 12 hoặc 3,5.")],
    unit: Annotated[str, typer.Option("--unit", metavar="MÃ", help="Số của đơn vị nào, gồm cả các đơn vị trực thuộc.")],
    start: Start = None,
    end: End = None,
    on: Annotated[
        dt.date | None,
        typer.Option(
            "--on", metavar="NGÀY", parser=day, help="Ngày của số tính đến một ngày, thay cho --from và --to."
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="CHỮ", help="Lấy từ đâu, ví dụ “Sổ văn bản đi”.")
    ] = None,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Type a figure in."""
    write(store, SetFigure(name, value, unit, start, end, on, source), _show, preview=preview, as_json=as_json)


def _show(shown: FigurePreview) -> None:
    _print_draft(shown.draft)
    for one in shown.contradictions:
        note(f"Cần xem lại: {_conflict(one)}")


@figures.command(
    "list",
    cls=command("danh-sach"),
    help="Các số đã nhập; có --from và --to thì cả các số mà biểu mẫu cần và chưa ai nhập.",
)
def list_figures(
    file: arguments.FileOption = None,
    unit: arguments.Unit = None,
    start: Start = None,
    end: End = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the typed figures, and what forms still ask for."""
    desk = desk_for(file, store)
    period = whole_period(start, end) if start or end else None
    found = desk.figures(desk.ask(known_on=known_on, unit=unit), period)
    if as_json:
        print_json(found.as_json())
        return
    _print_listed(found.figures)
    for one in found.contradictions:
        say(f"Cần xem lại: {_conflict(one)}")
    if period is None or found.missing is None:
        say("\nThêm --from và --to để xem biểu mẫu nào còn thiếu số nào.")
    else:
        _print_missing(found.missing, period, found.top or "MÃ-ĐƠN-VỊ")


def _when(start: dt.date, end: dt.date) -> str:
    return f"ngày {on_screen(end)}" if start == end else f"{on_screen(start)} – {on_screen(end)}"


def _print_draft(draft: FigureDraft) -> None:
    from desk.words.labels import indicator_label

    after, before = draft.after, draft.before
    say(strong(f"{indicator_label(after.indicator)} ({after.indicator})"))
    was = f"{_written(before.value)} → " if before is not None and before.value != after.value else ""
    source = f" · nguồn: {after.source}" if after.source else ""
    say(f"  Đơn vị {after.unit} · {_when(after.begins_on, after.ends_on)}: {was}{_written(after.value)}{source}")


def _written(value: str) -> str:
    return value.replace(".", ",")


def _conflict(one: Contradiction) -> str:
    from desk.words.labels import indicator_label
    from desk.words.numbers import plain

    below = ", ".join(f"{entry.unit} {plain(entry.value)}" for entry in one.below)
    return (
        f"{indicator_label(one.own.name)}: {one.own.unit} nhập {plain(one.own.value)}, các đơn vị bên dưới "
        f"cộng lại {plain(one.added)} ({below}); số của {one.own.unit} được dùng."
    )


def _print_listed(found: Sequence[Listed]) -> None:
    from cli.screen.table import ScreenColumn, table

    if not found:
        say("Chưa nhập số nào.")
        return
    columns = (
        *(
            ScreenColumn("Chỉ tiêu", wraps=True),
            ScreenColumn("Đơn vị"),
            ScreenColumn("Kỳ"),
            ScreenColumn("Số", right=True),
        ),
        *(ScreenColumn("Nguồn", wraps=True), ScreenColumn("Người nhập", wraps=True), ScreenColumn("Mã")),
    )
    rows = []
    for one in found:
        figure = one.figure
        when = _when(figure.begins_on, figure.ends_on) + (" (kỳ khác)" if one.holds is False else "")
        who = f"{figure.author or '–'}, {on_screen(figure.entered_on)}"
        rows.append((one.label, figure.unit, when, _written(figure.value), figure.source or "–", who, figure.indicator))
    for line in table(columns, rows):
        say(line)


def _print_missing(missing: Mapping[str, Sequence[str]], period: Period, unit: str) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import indicator_label, indicator_time

    if not missing:
        say("\nKhông biểu mẫu nào còn thiếu số nhập tay của kỳ này.")
        return
    say(f"\n{strong(f'Chưa nhập, mà biểu mẫu cần: {len(missing)} số')}")
    columns = (ScreenColumn("Chỉ tiêu", wraps=True), ScreenColumn("Là số"), ScreenColumn("Biểu"), ScreenColumn("Mã"))
    kinds = {"period": "của kỳ", "day": "đến ngày"}
    rows = [
        (indicator_label(name), kinds[str(indicator_time(name))], ", ".join(forms), name)
        for name, forms in missing.items()
    ]
    for line in table(columns, rows, indent="  "):
        say(line)
    say(
        f"Nhập từng số: dubi figure set MÃ SỐ --unit {unit} "
        f"--from {on_screen(period[0])} --to {on_screen(period[1])} --source “lấy từ đâu”"
    )
