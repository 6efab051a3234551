"""`dubi due`: the limits that come up in the days ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command
from desk.question import MOST_DAYS

if TYPE_CHECKING:
    from desk.answers.coming import ComingLimits

app = typer.Typer()


@app.command("due", cls=command("den-han"), help="Những hạn sắp đến: việc gì, của ai, ngày nào, theo điều khoản nào.")
def due(
    file: arguments.OptionalFile = None,
    within: Annotated[
        int, typer.Option("--within", metavar="SỐ-NGÀY", min=1, max=MOST_DAYS, help="Trong bao nhiêu ngày tới.")
    ] = 90,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """List the limits that lie ahead."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from desk.words.labels import doubts, heading, whom

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, unit=unit, overlays=overlay)
    found = desk.due(question, within)
    if as_json:
        print_json(found.as_json())
        return
    if as_csv:
        _print_csv(found)
        return
    for line in heading(question, desk.place, whom(unit, found.units)):
        say(strong(line))
    say(f"\n{strong(f'Sắp đến hạn trong {within} ngày (đến hết {on_screen(found.last)}): {len(found.listed)}')}")
    _print_table(found)
    for line in doubts({entry.certainty for entry in found.listed}):
        say(line)


def _print_csv(found: ComingLimits) -> None:
    from desk.words.labels import citation, label

    as_of = found.question.as_of
    print_csv(
        (
            *("Tính đến ngày", "Hạn", "Còn (ngày)", "Mã hồ sơ", "Họ và tên", "Đơn vị", "Việc"),
            *("Căn cứ", "Độ chắc chắn"),
        ),
        (
            (
                *(as_of, entry.day, (entry.day - as_of).days, entry.case, entry.name, entry.unit, entry.label),
                *(citation(entry.document, entry.clause), label("certainty", entry.certainty)),
            )
            for entry in found.coming
        ),
    )


def _print_table(found: ComingLimits) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import marked_citation

    as_of = found.question.as_of
    columns = (
        ScreenColumn("Hạn"),
        ScreenColumn("Còn (ngày)", right=True),
        ScreenColumn("Mã"),
        ScreenColumn("Họ và tên", wraps=True),
        ScreenColumn("Đơn vị"),
        ScreenColumn("Việc", wraps=True),
        ScreenColumn("Căn cứ", wraps=True),
    )
    rows = [
        (
            on_screen(entry.day),
            str((entry.day - as_of).days),
            entry.case,
            entry.name,
            entry.unit or "–",
            entry.label,
            marked_citation(entry.document, entry.clause, entry.certainty),
        )
        for entry in found.listed
    ]
    for line in table(columns, rows, indent="  "):
        say(line)
