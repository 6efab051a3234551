"""`dubi find` and `show`: who is meant, and everything about one case on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.effects import Case
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from desk.answers.finding import Found, Point
    from desk.values import Plan, Record

app = typer.Typer()

FEW = 100
"""As many are listed unless all are asked for."""


@app.command("find", cls=command("tim"), help="Tìm người theo họ tên (không cần dấu), mã hồ sơ, đơn vị, giai đoạn.")
def find(
    text: Annotated[str, typer.Argument(metavar="TÊN-HOẶC-MÃ", help="Họ tên hay một phần, hoặc mã hồ sơ.")] = "",
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="MÃ", help="Chỉ tìm trong một đơn vị và các đơn vị trực thuộc.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option("--stage", metavar="GIAI-ĐOẠN", help="Chỉ tìm một giai đoạn, ví dụ du-bi, chinh-thuc.")
    ] = None,
    as_of: arguments.AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="Liệt kê hết, không dừng ở 100 người.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Find people."""
    if not (text or unit or stage):
        raise typer.BadParameter("Ghi họ tên hoặc mã cần tìm, hoặc --unit, --stage.")
    desk = desk_for(None, store)
    found = desk.find(desk.ask(as_of=as_of, unit=unit), text, stage, most=None if everything or as_json else FEW)
    if as_json:
        print_json(found.as_json())
        return
    _print_hits(found)


def _print_hits(found: Found) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label

    if not found.hits:
        say("Không tìm thấy ai. Thử ghi ít chữ hơn, không cần dấu.")
        return
    columns = (
        ScreenColumn("Mã"),
        ScreenColumn("Họ và tên", wraps=True),
        ScreenColumn("Ngày sinh"),
        ScreenColumn("Đơn vị"),
        ScreenColumn("Giai đoạn"),
    )
    rows = [
        (hit.code, hit.name, on_screen(hit.born_on), hit.unit or "–", label("stage", found.stages[hit.code]))
        for hit in found.hits
    ]
    for line in table(columns, rows):
        say(line)
    if len(found.hits) < found.number:
        say(f"… và {found.number - len(found.hits)} người nữa. Thêm --all để xem hết, hoặc ghi rõ hơn.")


@app.command(
    "show", cls=command("xem"), help="Xem một hồ sơ: người, các bước đã qua, bước tới sớm nhất và muộn nhất ngày nào."
)
def show(
    case: Case,
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Show one case."""
    desk = desk_for(file, store, sensitive)
    page = desk.case(desk.ask(as_of=as_of, known_on=known_on, law=law, overlays=overlay), case)
    if as_json:
        print_json(page.as_json())
        return
    _print_person(page.record, page.plan)
    if page.masked:
        from desk.words.masking import HIDDEN, MASK

        say(f"  {', '.join(page.masked_labels)}: {MASK}")
        note(HIDDEN)
    _print_line(page.line, page.question.as_of)
    from cli.asking.planning import print_steps

    print_steps("Việc tới", page.plan, page.question.ruleset)


def _print_person(record: Record, plan: Plan) -> None:
    from desk.answers.finding import about
    from desk.words.labels import label

    fields = record.fields
    say(strong(f"{record.code} · {fields.get('full_name', '–')} · đơn vị {fields.get('unit', 'chưa ghi')}"))
    stage = label("stage", plan.stage) if plan.exists else "chưa có bước nào"
    say(f"Tính đến ngày {on_screen(plan.as_of)} · Giai đoạn: {stage}")
    for name, value in about(record):
        say(f"  {name}: {value}")


def _print_line(line: Sequence[Point], as_of: dt.date) -> None:
    say(f"\n{strong('Các bước đã ghi')}")
    for one in line:
        later = " (sau ngày tính đến)" if one.on > as_of else ""
        say(f"  {on_screen(one.on)}  {one.label}{later}")
        place = one.stored_at and f"lưu tại {one.stored_at}"
        papers = "; ".join(filter(None, (one.document and f"số {one.document}", place, one.result, one.note)))
        if papers:
            say(f"              {papers}")
    if not line:
        say("  Chưa ghi bước nào.")
