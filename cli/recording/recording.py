"""`dubi add`, `record` and `correct`: one person, one step, one mistake at a time."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import (
    Confirm,
    Document,
    Preview,
    StoredAt,
    ask,
    on_a_terminal,
    show_case,
    show_together,
    write,
)
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say
from cli.screen.vietnamese import command
from desk.changes.values import AddPerson, Correct, RecordStep, Together
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.changes.values import Change

app = typer.Typer()

On = Annotated[
    dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày của bước, ví dụ 03/02/2024 hoặc 2024-02-03.")
]
Result = Annotated[str | None, typer.Option("--result", metavar="CHỮ", help="Kết quả, ví dụ 12/12 phiếu.")]
Note = Annotated[str | None, typer.Option("--note", metavar="CHỮ", help="Ghi chú. Không ghi nội dung mật.")]

OneCase = Annotated[
    str | None, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã ở cột “Mã hồ sơ”; bỏ khi đã có --cases, --where.")
]
Cases = Annotated[
    str | None,
    typer.Option(
        "--cases", metavar="TỆP|MÃ,MÃ", help="Nhiều hồ sơ: các mã cách nhau dấu phẩy, hoặc tệp có cột Mã hồ sơ."
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="ĐIỀU-KIỆN",
        help="Mọi hồ sơ thoả điều kiện, ví dụ 'stage is probationary and unit = \"CB-01\"'.",
    ),
]

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
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Add a person with a case."""
    from desk.changes.fields import is_named, known_name

    given = {"full_name": name, "born_on": born, "sex": sex, "unit": unit, "candidate_on": candidate_on}
    fields = [(field, text) for field, text in given.items() if text is not None]
    fields += [known_name(setting) for setting in settings or ()]
    if not is_named(fields) and on_a_terminal():
        _ask_for(fields)
    _write(
        store,
        AddPerson(tuple(fields), code),
        as_of,
        confirm=confirm,
        preview=preview,
        sensitive=sensitive,
        as_json=as_json,
    )


def _ask_for(fields: list[tuple[str, str]]) -> None:
    from desk.changes.fields import header_of, require_value

    note("Ghi từng mục rồi bấm Enter; mục nào chưa biết thì bấm Enter để trống.")
    for field in _ASKED:
        while field not in dict(fields):
            text = ask(f"{header_of(field)}:")
            try:
                require_value(field, text)
            except BadInput as error:
                note(str(error))
            else:
                fields.append((field, text))


@app.command(
    "record",
    cls=command("ghi"),
    help="Ghi một bước của hồ sơ: xem bước ấy làm thay đổi gì, rồi ghi. Tên bước không cần dấu, ví dụ ket-nap.",
)
def record(
    on: On,
    case: OneCase = None,
    step: Annotated[
        str | None,
        typer.Argument(metavar="BƯỚC", help="Tên bước hoặc tên cột, ví dụ chi-bo-xet-ket-nap; xem: dubi steps."),
    ] = None,
    cases: Cases = None,
    where: Where = None,
    document: Document = None,
    stored_at: StoredAt = None,
    result: Result = None,
    remark: Note = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record a step of a case."""
    whose, words = _meant([case, step], cases, where, store, as_of, sensitive)
    if len(words) != 1:
        raise typer.BadParameter("Ghi mã hồ sơ rồi tên bước; nhiều hồ sơ thì --cases hoặc --where, rồi tên bước.")
    changes = [RecordStep(code, words[0], on, document, stored_at, result, remark) for code in whose]
    _write(
        store,
        _one_or_many(changes, cases, where),
        as_of,
        confirm=confirm,
        preview=preview,
        sensitive=sensitive,
        as_json=as_json,
    )


@app.command(
    "correct",
    cls=command("sua"),
    help="Sửa chỗ ghi sai của hồ sơ: “Cột=giá trị”, hoặc một bước với --on, --document, --stored-at, --result, --note.",
)
def correct(
    case: OneCase = None,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SỬA-GÌ",
            help="Tên cột và giá trị đúng, ví dụ “Ngày sinh=05/06/1998”, bỏ trống giá trị là xoá; hoặc tên một bước.",
        ),
    ] = None,
    cases: Cases = None,
    where: Where = None,
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
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Correct what was recorded wrongly."""
    whose, words = _meant([case, *(what or ())], cases, where, store, as_of, sensitive)
    if not words:
        raise typer.BadParameter(
            "Ghi mã hồ sơ rồi điều cần sửa; nhiều hồ sơ thì --cases hoặc --where, rồi điều cần sửa."
        )
    changes = [Correct(code, tuple(words), on, old, document, stored_at, result, remark, since) for code in whose]
    _write(
        store,
        _one_or_many(changes, cases, where),
        as_of,
        confirm=confirm,
        preview=preview,
        sensitive=sensitive,
        as_json=as_json,
    )


def _meant(
    words: list[str | None],
    cases: str | None,
    where: str | None,
    store: str | None,
    as_of: dt.date | None,
    sensitive: str | None,
) -> tuple[Sequence[str], list[str]]:
    """The codes of the cases that are meant, and the words behind them; raises `BadParameter`, `BadInput`."""
    given = [word for word in words if word is not None]
    if cases is not None and where is not None:
        raise typer.BadParameter("Ghi --cases hoặc --where, không ghi cả hai.")
    if cases is None and where is None:
        return given[:1], given[1:]
    desk = desk_for(None, store, sensitive)
    if cases is not None:
        return desk.named_cases(cases).codes, given
    chosen = desk.cases_where(desk.ask(as_of=as_of), where or "")
    if chosen.undecided:
        shown = ", ".join(chosen.undecided[:5]) + (" …" if chosen.undecided[5:] else "")
        note(f"Chưa đủ dữ kiện để xét điều kiện cho {len(chosen.undecided)} hồ sơ, không ghi cho họ: {shown}")
    return chosen.codes, given


def _one_or_many(changes: Sequence[RecordStep | Correct], cases: str | None, where: str | None) -> Change:
    return changes[0] if cases is None and where is None else Together(tuple(changes))


def _write(
    store: str | None,
    change: Change,
    as_of: dt.date | None,
    *,
    confirm: bool,
    preview: bool,
    sensitive: str | None,
    as_json: bool,
) -> None:
    show = show_together if isinstance(change, Together) else partial(show_case, preview=preview)
    write(store, change, show, as_of=as_of, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json)


@app.command("steps", cls=command("cac-buoc"), help="Liệt kê các bước ghi được, mỗi bước với những tên gọi của nó.")
def steps(as_json: arguments.Json = False) -> None:
    """List the kinds of steps."""
    from cli.screen.table import ScreenColumn, table
    from desk.changes.fields import step_kinds, steps_json

    if as_json:
        print_json(steps_json())
        return
    for line in table(
        (ScreenColumn("Tên để gõ"), ScreenColumn("Cột của sổ", wraps=True), ScreenColumn("Tên tiếng Anh")), step_kinds()
    ):
        say(line)
