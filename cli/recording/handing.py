"""`dubi submit` and `return`: a dossier between the cell and the unit above it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Case, Confirm, Document, Preview, show_case, write
from cli.screen.vietnamese import command
from desk.changes.values import GiveBack, HandUp

app = typer.Typer()


@app.command("submit", cls=command("nop-len"), help="Chi bộ nộp hồ sơ lên cấp trên: nộp ngày nào, đến đơn vị nào.")
def submit(
    case: Case,
    to: Annotated[str, typer.Option("--to", metavar="ĐƠN-VỊ", help="Mã hoặc tên đơn vị nhận hồ sơ.")],
    on: Annotated[dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày nộp.")],
    document: Document = None,
    remark: Annotated[str | None, typer.Option("--note", metavar="CHỮ", help="Ghi chú.")] = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that a dossier was handed up."""
    show = partial(show_case, preview=preview)
    change = HandUp(case, on, to, document, remark)
    write(store, change, show, as_of=as_of, confirm=confirm, preview=preview, as_json=as_json)


@app.command(
    "return",
    cls=command("tra-lai"),
    help="Cấp trên trả lại hồ sơ để chi bộ bổ sung: ngày nào, vì sao. Không đồng ý thì ghi bằng lệnh record.",
)
def give_back(
    case: Case,
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ-DO", help="Vì sao trả lại, còn thiếu gì.")],
    on: Annotated[dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày trả lại.")],
    document: Document = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that a dossier was given back."""
    show = partial(show_case, preview=preview)
    write(
        store,
        GiveBack(case, on, reason, document),
        show,
        as_of=as_of,
        confirm=confirm,
        preview=preview,
        as_json=as_json,
    )
