"""`dubi report`: the report forms, filled from the records, on the screen or as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.receipts import keep_figures
from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.counted import open_counted
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, only_one_form, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.values.records import Roster
    from desk.question import Question
    from reports.forms.model import Report, Slots, Table

LIST, OVERVIEW = "list", "overview"
VERIFY = ("verify", "kiem-chung")

Start = Annotated[
    dt.date | None,
    typer.Option("--from", metavar="NGÀY", parser=day, help="Ngày đầu kỳ, tính cả ngày đó."),
]
End = Annotated[
    dt.date | None,
    typer.Option("--to", metavar="NGÀY", parser=day, help="Ngày cuối kỳ, tính cả ngày đó."),
]
AsOf = Annotated[
    dt.date | None,
    typer.Option("--as-of", metavar="NGÀY", parser=day, help="Tính đến ngày nào. Bỏ trống là ngày cuối kỳ."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--setting", metavar="TÊN=CÁCH", help="Chọn một cách tính, ví dụ admission_date=decision. Ghi được nhiều lần."
    ),
]

app = typer.Typer()


@app.command(
    "report",
    cls=command("bao-cao"),
    help="Điền biểu mẫu báo cáo của một kỳ; list liệt kê các biểu mẫu, overview vẽ hình tổng quan.",
)
def report(
    form: Annotated[str, typer.Argument(metavar="BIỂU", help="Mã hoặc tên ngắn của biểu mẫu, list hoặc overview.")],
    file: arguments.OptionalFile = None,
    start: Start = None,
    end: End = None,
    as_of: AsOf = None,
    unit: arguments.Unit = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="TỆP", help="Ghi ra tệp .xlsx.")] = None,
    docx: Annotated[Path | None, typer.Option("--docx", metavar="TỆP", help="Ghi ra tệp .docx.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="TỆP", help="Ghi ra tệp .pdf.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="TỆP", help="Ghi ra trang web một tệp.")] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", metavar="TỆP", help="Điền vào bản sao của biểu .xlsx có sẵn; ghi ra tệp của --xlsx."
        ),
    ] = None,
    setting: Settings = None,
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="In cả tên đi kèm thông tin nhạy cảm (dân tộc, tôn giáo…).")
    ] = False,
    no_people: Annotated[
        bool, typer.Option("--no-people", help="Không kèm danh sách người đứng sau các số liệu.")
    ] = False,
    stacked: Annotated[
        bool, typer.Option("--stacked", help="Các dòng của một mục nằm chung một ô, như một số biểu gốc.")
    ] = False,
    place: Annotated[
        str | None, typer.Option("--place", metavar="NƠI", help="Địa danh ghi trước ngày tháng ở góc phải.")
    ] = None,
    made_on: Annotated[
        dt.date | None, typer.Option("--made-on", metavar="NGÀY", parser=day, help="Ngày tính, ghi dưới biểu.")
    ] = None,
    evaluator: arguments.Evaluator = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    receipt: arguments.Receipt = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
    force: arguments.Force = False,
) -> None:
    """Fill one form."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    if receipt is not None and form in (*VERIFY, LIST, OVERVIEW):
        raise typer.BadParameter("Biên nhận ghi cùng một biểu: dubi report F2 … --receipt TỆP.json")
    if form in VERIFY:
        from cli.reporting.receipts import verify

        verify(file, store, as_json=as_json)
        return
    if form == LIST:
        _print_forms(as_json=as_json)
        return
    period = _period(start, end)
    if template is not None and xlsx is None:
        raise BadInput("--template cần thêm --xlsx: ghi bản đã điền ra tệp nào.")
    if form == OVERVIEW:
        days = (*period, as_of or period[1])
        desk = desk_for(file, store)
        question = desk.ask(as_of=days[2], known_on=known_on, unit=unit, law=law, overlays=overlay)
        _write_overview(desk.roster(question), question, period, chosen_settings(setting), html, pdf, replace=force)
        return
    from desk.counting.ledgers import book
    from engine.ruleset import load_ruleset
    from engine.statistics.counting import Run
    from reports.forms import formbook
    from reports.forms.filling import fill
    from reports.forms.occasion import Occasion
    from reports.lists.people_lists import facts_listed

    known = formbook.known_form(form)
    chosen = chosen_settings(setting)
    listed = facts_listed(known, book(load_ruleset()))
    opened = open_counted(evaluator, receipt, file, store, known_on, listed, known.indicators)
    roster, source = opened.roster, opened.source
    run = Run(*period, as_of or period[1])
    ledger = opened.ledger(run, unit, chosen, known.indicators)
    files = {"xlsx": xlsx, "docx": docx, "pdf": pdf, "html": html}
    people = not no_people and template is None and bool(xlsx or html or as_json)
    occasion = Occasion(ledger, roster.units, unit, people, sensitive, place, made_on)
    filled = _as_known(fill(known, occasion), known_on)
    if known.warning:
        note(f"Lưu ý: {known.warning}")
    if template is not None and xlsx is not None:
        from reports.render.template import fill_template

        note(f"Đã điền {fill_template(filled, template, xlsx, replace=force)} ô của biểu có sẵn vào {xlsx}.")
        files["xlsx"] = None
    if stacked:
        from reports.forms.stacking import stacked as with_stacked_cells

        _write(with_stacked_cells(filled), files, replace=force)
    else:
        _write(filled, files, replace=force)
    if receipt is not None and source is not None:
        from cases.history.receipts import Asked
        from reports.forms.figures_of import figures_of

        pairs = tuple(f"{name}={choice}" for name, choice in sorted(chosen.items()))
        asked = Asked("report", run.as_of, known_on, *period, unit, settings=pairs, form=known.name)
        keep_figures(receipt, asked, roster, source, figures_of(filled), (known.file,), replace=force)
    if as_json:
        from reports.render.json import values

        print_json(values(filled))
    elif as_csv:
        from reports.render.csv import text

        typer.echo(text(filled), nl=False)
    elif not any((xlsx, docx, pdf, html)):
        _print_report(filled)


def _as_known(filled: Report, known_on: dt.date | None) -> Report:
    """The form with the day by which what it says was recorded, where one was asked for."""
    if known_on is None:
        return filled
    line = f"Chỉ dựa vào những gì đã ghi vào kho đến hết ngày {on_screen(known_on)}."
    facts = {**filled.facts, "known_on": known_on.isoformat()}
    return replace(filled, notes=(*filled.notes, line), facts=facts)


def _period(start: dt.date | None, end: dt.date | None) -> tuple[dt.date, dt.date]:
    if start is None or end is None:
        raise typer.BadParameter("Thiếu kỳ báo cáo: ghi cả --from và --to.")
    if end < start:
        raise BadInput(f"Ngày cuối kỳ {on_screen(end)} đứng trước ngày đầu kỳ {on_screen(start)}. Đổi lại hai ngày.")
    return start, end


def chosen_settings(pairs: list[str] | None) -> dict[str, str]:
    """The settings chosen on the command line; raises `BadInput`, or `UnknownName` for what cannot be chosen."""
    from rules.loader import settings as settingbook

    chosen: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, choice = pair.partition("=")
        if not equals:
            raise BadInput(f"--setting “{pair}”: ghi theo dạng TÊN=CÁCH, ví dụ admission_date=decision.")
        chosen[name.strip()] = choice.strip()
    settingbook.chosen(chosen)
    return chosen


def _write(filled: Report, files: Mapping[str, Path | None], *, replace: bool) -> None:
    for suffix, path in files.items():
        if path is not None:
            import_module(f"reports.render.{suffix}").write(filled, path, replace=replace)
            note(f"Đã ghi {path}.")


def _write_overview(
    roster: Roster,
    question: Question,
    period: tuple[dt.date, dt.date],
    settings: dict[str, str],
    html: Path | None,
    pdf: Path | None,
    *,
    replace: bool,
) -> None:
    """Write the pictures of a period."""
    if html is None and pdf is None:
        raise typer.BadParameter("Hình tổng quan ghi ra tệp: thêm --html hoặc --pdf.")
    from desk.answers.checking import check
    from desk.counting import ledgers as desk_reports
    from engine.statistics.counting import Run
    from reports.forms.occasion import Occasion
    from reports.lists.overview import overview
    from reports.lists.overview_paper import write_html, write_pdf

    run, unit = Run(*period, question.as_of), question.unit
    ledger = desk_reports.ledger(roster, run, unit, settings)
    findings = check(roster, question).findings
    drawn = overview(Occasion(ledger, roster.units, unit, people=False), findings)
    for path, write in ((html, write_html), (pdf, write_pdf)):
        if path is not None:
            write(drawn, path, replace=replace)
            note(f"Đã ghi {path}.")


def _print_forms(*, as_json: bool) -> None:
    from reports.forms import formbook

    forms = formbook.load().values()
    if as_json:
        rows = [{"form": f.name, "name": f.slug, "label": f.label, "source": f.source} for f in forms]
        print_json({"forms": rows})
        return
    from cli.screen.table import Column, table

    columns = (Column("Mã"), Column("Tên ngắn"), Column("Biểu mẫu", wraps=True), Column("Nguồn", wraps=True))
    for line in table(columns, [(f.name, f.slug, f.label, f.source) for f in forms]):
        say(line)


def _print_report(filled: Report) -> None:
    """The form on the screen."""
    from reports.forms.model import Table

    for line in (*filled.title, *filled.subtitle):
        say(strong(line))
    for block in filled.blocks:
        say()
        if isinstance(block, Table):
            _print_table(block)
        else:
            _print_slots(block)
    say()
    for line in filled.notes:
        say(line)


def _print_table(block: Table) -> None:
    from cli.screen.table import Column, table
    from reports.forms.numbers import cell_text

    columns = tuple(
        Column(
            f"{column.over}: {column.label}" if column.over else column.label,
            right=column.align == "right",
            wraps=column.align == "left",
        )
        for column in block.columns
    )
    rows = []
    for line in block.lines:
        cells = [cell_text(cell) for cell in line.cells]
        cells[0] = "  " * line.indent + cells[0]
        rows.append([*cells, *[""] * (len(columns) - len(cells))])
    for text in table(columns, rows):
        say(text)


def _print_slots(block: Slots) -> None:
    for slot in block.slots:
        if slot.section:
            say(strong(slot.section))
        say(f"  {slot.code}  {slot.sentence}")
