"""`dubi paper`: drafts of a cell's papers, filled for one case or for the people of a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput

LIST = ("list", "danh-sach")

app = typer.Typer()


@app.command(
    "paper",
    cls=command("giay-to"),
    help="Soạn giấy tờ kết nạp, công nhận chính thức, chuyển sinh hoạt từ mẫu; list liệt kê các mẫu.",
)
def paper(
    name: Annotated[str, typer.Argument(metavar="MẪU", help="Tên mẫu, ví dụ giay-moi; hoặc list.")],
    case: Annotated[
        str | None, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Hồ sơ của ai; mẫu danh sách thì bỏ trống, dùng --unit.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="TỆP.docx", help="Ghi ra tệp này.")] = None,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="TÊN=GIÁ-TRỊ", help="Điền thêm một chỗ, ví dụ “Ngày họp=05/11/2024”."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="TỆP.docx", help="Dùng mẫu riêng của đơn vị thay mẫu có sẵn.")
    ] = None,
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    force: arguments.Force = False,
    as_json: arguments.Json = False,
) -> None:
    """Fill one paper."""
    from desk.filling.papers import known_paper

    if name in LIST:
        _print_papers(as_json=as_json)
        return
    known = known_paper(name)
    if out is None:
        raise typer.BadParameter("Thiếu tên tệp sẽ ghi: thêm --out TỆP.docx.")
    if known.of_case and case is None:
        raise typer.BadParameter("Mẫu này soạn cho một người: ghi mã hồ sơ sau tên mẫu.")
    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, unit=unit)
    remarks = desk.paper(question, name, out, case=case, fields=_given(field), template=template, replace=force)
    for remark in remarks:
        note(f"Chú ý: {remark}")
    note(f"Đã ghi {out}. Đây là bản nháp: đọc lại, sửa, rồi mới ký.")


def _given(pairs: list[str] | None) -> dict[str, str]:
    """The fields given on the command line."""
    fields: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not equals or not value.strip():
            raise BadInput(f"--field “{pair}”: ghi theo dạng TÊN=GIÁ-TRỊ, ví dụ “Ngày họp=05/11/2024”.")
        fields[name.strip()] = value.strip()
    return fields


def _print_papers(*, as_json: bool) -> None:
    from desk.filling.papers import papers, papers_json

    if as_json:
        print_json(papers_json())
        return
    from cli.screen.table import ScreenColumn, table

    columns = (ScreenColumn("Mẫu"), ScreenColumn("Soạn cho"), ScreenColumn("Giấy tờ", wraps=True))
    rows_shown = [(p.name, "một người" if p.of_case else "một đơn vị", p.label) for p in papers()]
    for line in table(columns, rows_shown):
        say(line)
