"""`dubi units`: the tree of units, each with its cases by stage and how many of them are overdue."""

from __future__ import annotations

import typer

from cli import arguments
from cli.arguments import today
from cli.opening import open_roster
from cli.output import only_one_form, print_csv, print_json, say, strong
from cli.vietnamese import command

app = typer.Typer()

STAGES = {
    "candidate": "Quần chúng",
    "approved": "Đã có QĐ",
    "probationary": "Dự bị",
    "official": "Chính thức",
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
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Show the units with their cases."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from cases import desk
    from cli.table import Column, table
    from cli.wording import heading, label

    as_of = as_of or today()
    roster = open_roster(file, store)
    lines = desk.units(roster, as_of)
    if as_json:
        members = [
            {
                "unit": line.code,
                "name": line.name,
                "level": line.level,
                "parent": line.parent,
                "stages": line.stages,
                "overdue": line.overdue,
            }
            for line in lines
        ]
        print_json({"as_of": as_of, "units": members})
        return
    if as_csv:
        header = ("Tính đến ngày", "Mã đơn vị", "Tên đơn vị", "Cấp", "Trực thuộc", *STAGES.values(), "Quá hạn")
        print_csv(
            header,
            (
                (
                    *(as_of, line.code, line.name, line.level and label("unit_level", line.level), line.parent),
                    *(*(line.stages.get(stage, 0) for stage in STAGES), line.overdue),
                )
                for line in lines
            ),
        )
        return
    for text in heading(as_of, None, file):
        say(strong(text))
    say()
    columns = (
        Column("Đơn vị"),
        Column("Tên", wraps=True),
        *(Column(name, right=True) for name in (*STAGES.values(), "Quá hạn")),
    )
    rows = [
        (
            "  " * line.depth + (line.code or "(chưa ghi đơn vị)"),
            line.name or "–",
            *(str(line.stages.get(stage, 0)) for stage in STAGES),
            str(line.overdue),
        )
        for line in lines
    ]
    for text in table(columns, rows):
        say(text)
    say("\nSố của mỗi đơn vị gồm cả các đơn vị trực thuộc. Quá hạn: số hồ sơ có ít nhất một việc quá hạn.")
