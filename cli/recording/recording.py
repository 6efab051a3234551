"""`dubi add`, `record` and `correct`: one person, one step, one mistake at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Case, Confirm, Document, Preview, StoredAt, ask, make_and_save, on_a_terminal
from cli.screen.output import note, print_json, say
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from cases.changes.saving import Draft
    from cases.store.reading import Execute
    from cases.values.records import Value

app = typer.Typer()

On = Annotated[
    dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày của bước, ví dụ 03/02/2024 hoặc 2024-02-03.")
]
Result = Annotated[str | None, typer.Option("--result", metavar="CHỮ", help="Kết quả, ví dụ 12/12 phiếu.")]
Note = Annotated[str | None, typer.Option("--note", metavar="CHỮ", help="Ghi chú. Không ghi nội dung mật.")]

_ASKED = ("full_name", "born_on", "sex", "unit", "ethnicity", "occupation", "schooling", "helper", "candidate_on")
"""What `add` asks for on a terminal, in this order."""


def _field(option: str, header: str) -> Any:
    return typer.Option(option, metavar="CHỮ", help=f"{header}.")


@app.command("add", cls=command("them"), help="Thêm một người vào sổ; chạy trên màn hình thì hỏi từng mục.")
def add(
    name: Annotated[str | None, _field("--name", "Họ và tên")] = None,
    born: Annotated[str | None, _field("--born", "Ngày sinh")] = None,
    sex: Annotated[str | None, _field("--sex", "Giới tính: Nam hoặc Nữ")] = None,
    unit: Annotated[str | None, _field("--unit", "Mã đơn vị")] = None,
    code: Annotated[str | None, _field("--code", "Mã hồ sơ; bỏ trống thì cấp mã tiếp theo")] = None,
    candidate_on: Annotated[str | None, _field("--candidate-on", "Ngày công nhận quần chúng ưu tú")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="CỘT=GIÁ-TRỊ", help="Một cột khác của sổ, ví dụ “Dân tộc=Thái”."),
    ] = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Add a person with a case."""
    from cases.changes.values import known_column, read_setting, read_value

    given = {"full_name": name, "born_on": born, "sex": sex, "unit": unit, "candidate_on": candidate_on}
    values: dict[str, Value | None] = {
        field: read_value(known_column(field), text) for field, text in given.items() if text is not None
    }
    for setting in settings or ():
        column, text = read_setting(setting)
        values[column.field] = read_value(column, text)
    if "full_name" not in values:
        if not on_a_terminal():
            raise typer.BadParameter("Thiếu họ và tên: thêm --name.")
        _ask_for(values)
    code = code or (str(values["code"]) if "code" in values else None)
    fields = {field: value for field, value in values.items() if value is not None and field != "code"}

    def made(execute: Execute, now: dt.date) -> Draft:
        from cases.changes.changing import next_code
        from cases.changes.saving import draft_new, look
        from cases.changes.values import known_column, read_value
        from cases.values.records import Record

        own = read_value(known_column("code"), code) if code else next_code(head.code for head in look(execute).heads)
        return draft_new(execute, Record(str(own), {"code": str(own), **fields}), now)

    make_and_save(store, made, "add", as_of=as_of, confirm=confirm, preview=preview, as_json=as_json)


def _ask_for(values: dict[str, Value | None]) -> None:
    from cases.changes.values import known_column, read_value
    from rules.loader.errors import BadInput

    note("Ghi từng mục rồi bấm Enter; mục nào chưa biết thì bấm Enter để trống.")
    for field in _ASKED:
        column = known_column(field)
        while field not in values:
            text = ask(f"{column.header}:")
            try:
                values[field] = read_value(column, text)
            except BadInput as error:
                note(str(error))


@app.command(
    "record",
    cls=command("ghi"),
    help="Ghi một bước của hồ sơ: xem bước ấy làm thay đổi gì, rồi ghi. Tên bước không cần dấu, ví dụ ket-nap.",
)
def record(
    case: Case,
    step: Annotated[
        str, typer.Argument(metavar="BƯỚC", help="Tên bước hoặc tên cột, ví dụ chi-bo-xet-ket-nap; xem: dubi steps.")
    ],
    on: On,
    document: Document = None,
    stored_at: StoredAt = None,
    result: Result = None,
    remark: Note = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record a step of a case."""
    from cases.changes.steps import known_step

    kind = known_step(step)

    def made(execute: Execute, now: dt.date) -> Draft:
        from cases.changes import saving
        from cases.changes.changing import with_step
        from cases.changes.values import read_papers
        from cases.values.records import StepEntry

        if kind.name == "disciplined_on":
            return _discipline(execute, case, on, result, now)
        entry = StepEntry(kind.name, on, **read_papers(document, result, remark, stored_at))
        return saving.draft(execute, case, lambda before: with_step(before, entry), now)

    make_and_save(store, made, "record", as_of=as_of, confirm=confirm, preview=preview, as_json=as_json)


def _discipline(execute: Execute, case: str, on: dt.date, result: str | None, now: dt.date) -> Draft:
    """A disciplinary measure, which has a sheet of its own: its form is the result."""
    from cases.changes import saving
    from cases.changes.changing import NotThere
    from cases.changes.values import read_code
    from cases.judging.judging import doubts_about_discipline
    from cases.store.reading import disciplines_of
    from cases.values.records import Discipline

    if not result:
        raise typer.BadParameter("Kỷ luật phải ghi hình thức: thêm --result, ví dụ --result “Cảnh cáo”.")
    form = read_code(result, "discipline_form", "Hình thức kỷ luật")
    draft = saving.draft(execute, case, lambda before: before, now)
    measure = Discipline(draft.after.code, form, on)
    if measure in disciplines_of(execute):
        raise NotThere(f"Hồ sơ {measure.case} đã ghi lần kỷ luật này rồi.")
    doubts = doubts_about_discipline(draft.after, on, now)
    return replace(draft, doubts=(*draft.doubts, *doubts), added=(measure,))


@app.command(
    "correct",
    cls=command("sua"),
    help="Sửa chỗ ghi sai của hồ sơ: “Cột=giá trị”, hoặc một bước với --on, --document, --stored-at, --result, --note.",
)
def correct(
    case: Case,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="SỬA-GÌ",
            help="Tên cột và giá trị đúng, ví dụ “Ngày sinh=05/06/1998”, bỏ trống giá trị là xoá; hoặc tên một bước.",
        ),
    ],
    on: Annotated[dt.date | None, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày đúng của bước.")] = None,
    old: Annotated[
        dt.date | None,
        typer.Option("--old", metavar="NGÀY", parser=day, help="Sửa lần ngày nào, khi bước ấy có nhiều lần."),
    ] = None,
    document: Document = None,
    stored_at: StoredAt = None,
    result: Result = None,
    remark: Note = None,
    since: Annotated[
        dt.date | None,
        typer.Option(
            "--since", metavar="NGÀY", parser=day, help="Giá trị mới có từ ngày này; trước đó vẫn là giá trị cũ."
        ),
    ] = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Correct what was recorded wrongly."""
    from cases.changes.correcting import Correction, read_corrections

    papers = {"document": document, "result": result, "note": remark, "stored_at": stored_at}
    correction = Correction(on, old, {name: text for name, text in papers.items() if text is not None}, since)
    change = read_corrections(what, correction)

    def made(execute: Execute, now: dt.date) -> Draft:
        from cases.changes import saving

        return saving.draft(execute, case, change, now)

    make_and_save(store, made, "correct", as_of=as_of, confirm=confirm, preview=preview, as_json=as_json)


@app.command("steps", cls=command("cac-buoc"), help="Liệt kê các bước ghi được, mỗi bước với những tên gọi của nó.")
def steps(as_json: arguments.Json = False) -> None:
    """List the kinds of steps."""
    from cases.changes.steps import kinds, spelt
    from cli.screen.table import Column, table

    known = kinds().values()
    if as_json:
        print_json({"steps": [{"step": kind.name, "label": kind.label, "names": list(kind.names)} for kind in known]})
        return
    rows = [
        (spelt(kind.names[0] if kind.names else kind.label).replace(" ", "-"), kind.label, kind.name) for kind in known
    ]
    for line in table((Column("Tên để gõ"), Column("Cột của sổ", wraps=True), Column("Tên tiếng Anh")), rows):
        say(line)
