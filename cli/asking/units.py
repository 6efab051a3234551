"""`dubi units` and `unit …`: the tree of units with their cases, and what becomes of a unit from a day on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Confirm, Preview, write
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command, group
from desk.changes.values import CloseUnit, MergeUnits, MoveUnit

if TYPE_CHECKING:
    from desk.changes.previews import UnitPreview

app = typer.Typer()
one_unit = typer.Typer(
    name="unit",
    cls=group("to-chuc"),
    help="Một đơn vị theo thời gian: đổi nơi trực thuộc, sáp nhập, kết thúc, xem quá trình.",
    no_args_is_help=True,
)
app.add_typer(one_unit)

Code = Annotated[str, typer.Argument(metavar="MÃ", help="Mã ở cột “Mã đơn vị”.")]
On = Annotated[dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Từ ngày nào.")]

STAGES = {
    "candidate": "Quần chúng",
    "approved": "Đã có QĐ",
    "probationary": "Dự bị",
    "official": "Chính thức",
    "undated": "Chưa rõ ngày",
    "left": "Đã ra",
    "moved_out": "Đã chuyển",
}
"""The stages in as few letters as a column allows."""


@app.command(
    "units", cls=command("don-vi"), help="Cây đơn vị, mỗi đơn vị có bao nhiêu hồ sơ từng giai đoạn, bao nhiêu quá hạn."
)
def units(
    file: arguments.OptionalFile = None,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Show the units with their cases."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import heading, label, whom

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, unit=unit, overlays=overlay)
    found = desk.units(question)
    lines = found.lines
    if as_json:
        print_json(found.as_json())
        return
    if as_csv:
        header = ("Tính đến ngày", "Mã đơn vị", "Tên đơn vị", "Cấp", "Trực thuộc", *STAGES.values(), "Quá hạn")
        print_csv(
            header,
            (
                (
                    *(
                        question.as_of,
                        line.code,
                        line.name,
                        line.level and label("unit_level", line.level),
                        line.parent,
                    ),
                    *(*(line.stages.get(stage, 0) for stage in STAGES), line.overdue),
                )
                for line in lines
            ),
        )
        return
    for text in heading(question, desk.place, unit and whom(unit, found.units)):
        say(strong(text))
    say()
    stages = {stage: name for stage, name in STAGES.items() if any(stage in line.stages for line in lines)}
    columns = (
        ScreenColumn("Đơn vị"),
        ScreenColumn("Tên", wraps=True),
        *(ScreenColumn(name, right=True) for name in (*stages.values(), "Quá hạn")),
    )
    rows = [
        (
            "  " * line.depth + (line.code or "(chưa ghi đơn vị)"),
            line.name or "–",
            *(str(line.stages.get(stage, 0)) for stage in stages),
            str(line.overdue),
        )
        for line in lines
    ]
    for text in table(columns, rows):
        say(text)
    say("\nSố của mỗi đơn vị gồm cả các đơn vị trực thuộc. Quá hạn: số hồ sơ có ít nhất một việc quá hạn.")


@one_unit.command("move", cls=command("chuyen"), help="Từ một ngày, một đơn vị trực thuộc đơn vị khác.")
def move(
    unit: Code,
    to: Annotated[str, typer.Option("--to", metavar="MÃ", help="Mã của đơn vị cấp trên mới.")],
    on: On,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that a unit belongs to another from a day on."""
    write(store, MoveUnit(unit, to, on), _show, preview=preview, as_json=as_json)


@one_unit.command(
    "merge", cls=command("sap-nhap"), help="Từ một ngày, các đơn vị nhập vào một đơn vị khác đã có trong sổ."
)
def merge(
    units_: Annotated[list[str], typer.Argument(metavar="MÃ…", help="Mã các đơn vị nhập vào đơn vị kia.")],
    into: Annotated[str, typer.Option("--into", metavar="MÃ", help="Mã của đơn vị nhận.")],
    on: On,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that units are part of another from a day on."""
    write(store, MergeUnits(tuple(units_), into, on), _show, preview=preview, as_json=as_json)


@one_unit.command("close", cls=command("ket-thuc"), help="Một đơn vị kết thúc hoạt động từ một ngày.")
def close(
    unit: Code,
    on: On,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that a unit is closed."""
    write(store, CloseUnit(unit, on), _show, confirm=confirm, preview=preview, as_json=as_json)


@one_unit.command("show", cls=command("xem"), help="Quá trình của một đơn vị: trực thuộc đâu, từ ngày nào.")
def show(unit: Code, store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Show where a unit stood through time."""
    story = desk_for(None, store).unit(unit)
    if as_json:
        print_json(story.as_json())
        return
    found = story.unit
    say(strong(f"{found.code} · {found.name or '–'}"))
    for label_, on in (("Thành lập", found.opened_on), ("Kết thúc", found.closed_on)):
        if on is not None:
            say(f"  {label_} ngày {on_screen(on)}")
    for one in story.lines:
        since = "từ đầu" if one.since is None else f"từ {on_screen(one.since)}"
        until = "" if one.until is None else f" đến {on_screen(one.until)}"
        where = f"nhập vào {one.merged_into}" if one.merged_into else f"trực thuộc {one.parent or 'không đơn vị nào'}"
        say(f"  {since}{until}: {where}")


def _show(shown: UnitPreview) -> None:
    for line in shown.told:
        say(line)
