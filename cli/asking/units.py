"""`dubi units` and `unit show`: the tree of units with their cases, and where a unit stood through time."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command, group

app = typer.Typer()
one_unit = typer.Typer(
    name="unit",
    cls=group("to-chuc"),
    help="Danh sách đơn vị: thêm, đặt các mục, đổi nơi trực thuộc, sáp nhập, kết thúc, xem quá trình.",
    no_args_is_help=True,
)

Code = Annotated[str, typer.Argument(metavar="MÃ", help="Mã ở cột “Mã đơn vị”.")]

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
