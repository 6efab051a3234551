"""`dubi find` and `show`: who is meant, and everything about one case on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.arguments import today
from cli.screen.effects import Case
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    import datetime as dt

    from cases.store.search import Hit
    from cases.values.records import Record
    from desk.answers.finding import Point
    from engine.planning import Plan

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
    from cases.store import search
    from cases.store.connection import querying, store_url
    from cases.store.reading import records_of
    from desk.answers import finding as desk_finding

    if not (text or unit or stage):
        raise typer.BadParameter("Ghi họ tên hoặc mã cần tìm, hoặc --unit, --stage.")
    as_of = as_of or today()
    wanted = _stage(stage) if stage else None
    with querying(store_url(store)) as execute:
        hits = search.find(execute, text, search.units_below(execute, unit) if unit else None)
        shown = hits if everything or wanted or as_json else hits[:FEW]
        records = {record.code: record for record in records_of(execute, [hit.head.id for hit in shown])}
    stages = desk_finding.stages((records[hit.code] for hit in shown), as_of)
    if wanted:
        shown = [hit for hit in shown if stages[hit.code] == wanted]
        hits = shown
        shown = shown if everything or as_json else shown[:FEW]
    if as_json:
        print_json({"as_of": as_of, "found": [_hit_json(hit, stages[hit.code]) for hit in shown]})
        return
    _print_hits(shown, stages, len(hits))


def _stage(text: str) -> str:
    from cases.changes.steps import spelt
    from cases.changes.values import read_code

    shorts = {"quan chung": "candidate", "du bi": "probationary", "chinh thuc": "official", "da ra": "left"}
    shorts |= {"da co qd": "approved", "da chuyen": "moved_out"}
    return shorts.get(spelt(text)) or read_code(text, "stage", "Giai đoạn")


def _hit_json(hit: Hit, stage: str | None) -> dict[str, Any]:
    return {"case": hit.code, "name": hit.name, "born_on": hit.born_on, "unit": hit.unit, "stage": stage}


def _print_hits(hits: list[Hit], stages: dict[str, str | None], number: int) -> None:
    from cli.screen.table import Column, table
    from cli.screen.wording import label

    if not hits:
        say("Không tìm thấy ai. Thử ghi ít chữ hơn, không cần dấu.")
        return
    columns = (
        Column("Mã"),
        Column("Họ và tên", wraps=True),
        Column("Ngày sinh"),
        Column("Đơn vị"),
        Column("Giai đoạn"),
    )
    rows = [
        (hit.code, hit.name, on_screen(hit.born_on), hit.unit or "–", label("stage", stages[hit.code])) for hit in hits
    ]
    for line in table(columns, rows):
        say(line)
    if len(hits) < number:
        say(f"… và {number - len(hits)} người nữa. Thêm --all để xem hết, hoặc ghi rõ hơn.")


@app.command(
    "show", cls=command("xem"), help="Xem một hồ sơ: người, các bước đã qua, bước tới sớm nhất và muộn nhất ngày nào."
)
def show(
    case: Case,
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Show one case."""
    from cases.values.records import Roster
    from cli.screen.opening import open_roster
    from desk import desk
    from desk.answers import finding as desk_finding
    from desk.answers import planning as desk_planning

    as_of = as_of or today()
    if file is not None:
        roster = open_roster(file, None)
        record = desk.known_case(roster, case)
        disciplines = [one for one in roster.disciplines if one.case == record.code]
    else:
        record, disciplines = desk_finding.stored_case(store, case)
    line = desk_finding.time_line(record, disciplines)
    plan = desk_planning.plan(Roster(records=(record,)), record.code, as_of)
    if as_json:
        print_json(_case_json(record, line, plan))
        return
    _print_person(record, plan)
    _print_line(line, as_of)
    from cli.asking.planning import print_steps

    print_steps("Việc tới", plan)


def _case_json(record: Record, line: list[Point], plan: Plan) -> dict[str, Any]:
    from cli.asking.planning import step_json

    return {
        "as_of": plan.as_of,
        "case": record.code,
        "stage": plan.stage,
        "fields": dict(record.fields),
        "steps": [
            {
                "step": one.kind,
                "label": one.label,
                "on": one.on,
                "document": one.document,
                "result": one.result,
                "stored_at": one.stored_at,
            }
            for one in line
        ],
        "next": [step_json(step) for step in plan.steps],
    }


def _print_person(record: Record, plan: Plan) -> None:
    from cli.screen.wording import label
    from desk.answers.finding import about

    fields = record.fields
    say(strong(f"{record.code} · {fields.get('full_name', '–')} · đơn vị {fields.get('unit', 'chưa ghi')}"))
    stage = label("stage", plan.stage) if plan.exists else "chưa có bước nào"
    say(f"Tính đến ngày {on_screen(plan.as_of)} · Giai đoạn: {stage}")
    for name, value in about(record):
        say(f"  {name}: {value}")


def _print_line(line: list[Point], as_of: dt.date) -> None:
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
