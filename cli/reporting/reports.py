"""`dubi report`: the report forms, filled from the records, on the screen or as files."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.receipts import keep, tell_sent_before
from cli.screen import arguments
from cli.screen.arguments import day, whole_period
from cli.screen.opening import desk_for
from cli.screen.output import note, only_one_form, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk.filling.forms import Report, Slots, Table

LIST, OVERVIEW = ("list", "danh-sach"), ("overview", "tong-quan")
VERIFY, SENT = ("verify", "kiem-chung"), ("sent", "da-bao")

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
    help="Điền biểu mẫu báo cáo của một kỳ; list liệt kê các biểu mẫu, overview vẽ hình tổng quan, "
    "verify kiểm biên nhận, sent cho biết số liệu đã báo nay còn đúng không.",
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
    why: arguments.WithSensitive = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
    force: arguments.Force = False,
) -> None:
    """Fill one form."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from desk.filling.forms import Wishes

    if receipt is not None and form in (*VERIFY, *SENT, *LIST, *OVERVIEW):
        raise typer.BadParameter("Biên nhận ghi cùng một biểu: dubi report F2 … --receipt TỆP.json")
    if form in VERIFY:
        from cli.reporting.receipts import verify

        verify(file, store, as_json=as_json)
        return
    if form in SENT:
        from cli.reporting.receipts import sent

        sent(store, as_json=as_json)
        return
    _require_done(
        form,
        {
            "--xlsx": xlsx,
            "--docx": docx,
            "--template": template,
            "--sensitive": sensitive,
            "--with-sensitive": why is not None,
            "--no-people": no_people,
            "--stacked": stacked,
            "--place": place,
            "--made-on": made_on,
            "--evaluator": evaluator,
            "--csv": as_csv,
        },
        {"--pdf": pdf, "--html": html, "--from": start, "--to": end, "--as-of": as_of, "--unit": unit, "--law": law}
        | {"--overlay": overlay, "--known-on": known_on, "--setting": setting, "TỆP": file},
        as_json=as_json,
    )
    if form in LIST:
        _print_forms(as_json=as_json)
        return
    period = whole_period(start, end)
    if template is not None and xlsx is None:
        raise BadInput("--template cần thêm --xlsx: ghi bản đã điền ra tệp nào.")
    sensitive = sensitive or why is not None
    desk = desk_for(file, store, (why or f"in biểu {form}") if sensitive else None)
    files = {"xlsx": xlsx, "docx": docx, "pdf": pdf, "html": html}
    if form in OVERVIEW:
        if html is None and pdf is None:
            raise typer.BadParameter("Hình tổng quan ghi ra tệp: thêm --html hoặc --pdf.")
        question = desk.ask(as_of=as_of or period[1], known_on=known_on, law=law, unit=unit, overlays=overlay)
        pictures = desk.overview(question, *period, setting or ())
        _write(partial(pictures.write, replace=force), {"html": html, "pdf": pdf})
        return
    if law is not None or overlay:
        raise typer.BadParameter("--law, --overlay chỉ dùng với dubi report overview: biểu mẫu đếm, không xét.")
    question = desk.ask(
        as_of=as_of or period[1], known_on=known_on, unit=unit, by=evaluator, one_moment=receipt is not None
    )
    people = not no_people and template is None and bool(xlsx or html or as_json)
    filled = desk.report(question, form, *period, setting or (), Wishes(people, sensitive, place, made_on))
    if filled.form.warning:
        note(f"Lưu ý: {filled.form.warning}")
    if template is not None and xlsx is not None:
        number = filled.fill_template(template, xlsx, replace=force)
        note(f"Đã điền {number} ô của biểu có sẵn vào {xlsx}.")
        files["xlsx"] = None
    _write(partial(filled.write, stacked=stacked, replace=force), files)
    reported = tell_sent_before(desk, filled)
    if receipt is not None:
        keep(desk, filled, receipt, replace=force)
    if as_json:
        print_json(filled.as_json() | reported)
    elif as_csv:
        typer.echo(filled.as_csv(), nl=False)
    elif not any((xlsx, docx, pdf, html)):
        _print_report(filled.report)


def _require_done(
    form: str, of_forms: Mapping[str, object], of_overview: Mapping[str, object], *, as_json: bool
) -> None:
    """Refuse what `list` and `overview` would not heed; raises `BadParameter`."""
    asked = {**of_forms, **(of_overview if form in LIST else {"--json": as_json})}
    given = [name for name, value in asked.items() if value not in (None, False, [], ())]
    if form in (*LIST, *OVERVIEW) and given:
        raise typer.BadParameter(f"“{form}” không dùng {', '.join(given)}. Bỏ đi rồi gọi lại.")


def _write(write: Callable[[str, Path], None], files: Mapping[str, Path | None]) -> None:
    for suffix, path in files.items():
        if path is not None:
            write(suffix, path)
            note(f"Đã ghi {path}.")


def _print_forms(*, as_json: bool) -> None:
    from desk.filling.forms import forms, forms_json

    if as_json:
        print_json(forms_json())
        return
    from cli.screen.table import ScreenColumn, table

    columns = (
        ScreenColumn("Mã"),
        ScreenColumn("Tên ngắn"),
        ScreenColumn("Biểu mẫu", wraps=True),
        ScreenColumn("Nguồn", wraps=True),
    )
    for line in table(columns, [(f.name, f.slug, f.label, f.source) for f in forms()]):
        say(line)


def _print_report(filled: Report) -> None:
    """The form on the screen."""
    from desk.filling.forms import Table

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
    from cli.screen.table import ScreenColumn, table
    from desk.words.numbers import cell_text

    columns = tuple(
        ScreenColumn(
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
