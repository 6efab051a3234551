"""The commands that make the store and write it out: `init`, `export`, and `template` for an empty workbook."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, say
from cli.screen.vietnamese import command

app = typer.Typer()


@app.command("init", cls=command("khoi-tao"), help="Tạo kho lưu hồ sơ trên máy này, hoặc nâng cấp kho cũ.")
def init(store: arguments.Store = None) -> None:
    """Make the store, or bring it up to date."""
    made = desk_for(None, store).make_store()
    where = f" “{made.path}”" if made.path else ""
    if made.kept is not None:
        note(f"Đã sao lưu kho trước khi nâng cấp: “{made.kept.path}”.")
    say(f"Đã tạo kho{where}." if made.new else f"Kho{where} đã có và dùng được.")
    say("Nhập sổ theo dõi bằng lệnh: dubi import TỆP")


@app.command(
    "export",
    cls=command("xuat"),
    help="Xuất toàn bộ kho ra sổ theo dõi (.xlsx), hoặc ra tệp .parquet cho lệnh sweep.",
)
def export(
    file: arguments.NewWorkbook,
    as_of: Annotated[
        dt.date | None,
        typer.Option(
            "--as-of",
            metavar="NGÀY",
            parser=arguments.day,
            help="Chỉ cho tệp .parquet: mỗi hồ sơ một dòng như đã biết đến ngày này. Bỏ trống là hôm nay.",
        ),
    ] = None,
    sensitive: arguments.WithSensitive = None,
    without: Annotated[
        bool,
        typer.Option(
            "--without-sensitive", help="Chỉ cho sổ .xlsx: bỏ các cột nhạy cảm. Tệp .parquet vốn không có chúng."
        ),
    ] = False,
    force: arguments.Force = False,
    store: arguments.Store = None,
) -> None:
    """Write the whole store as a canonical workbook, or as Parquet with one row a case."""
    if without and sensitive is not None:
        raise typer.BadParameter("Chỉ ghi một trong hai: --with-sensitive hoặc --without-sensitive.")
    desk = desk_for(None, store, sensitive)
    if file.suffix.lower() == ".parquet":
        day = as_of or desk.today
        cases = desk.export_columns(file, day, replace=force)
        say(f"Tính đến ngày {on_screen(day)}: đã xuất {cases} hồ sơ ra tệp “{file}”.")
        note("Tệp này chứa hồ sơ đảng viên, không được mã hoá: giữ ở nơi quy định cho phép.")
        _say_what_is_out(sensitive)
        return
    if as_of is not None:
        raise typer.BadParameter("--as-of chỉ dùng khi xuất ra tệp .parquet; sổ .xlsx giữ mọi ngày.")
    cases = desk.export(file, without_sensitive=without, replace=force)
    say(f"Đã xuất {cases} hồ sơ ra tệp “{file}”.")
    if without:
        note("Cột nhạy cảm không ghi ra tệp; nhập lại tệp này không làm mất gì.")
        return
    note("Sổ này giữ đủ mọi cột, cả dữ liệu nhạy cảm, không được mã hoá: giữ ở nơi quy định cho phép.")


def _say_what_is_out(sensitive: str | None) -> None:
    if sensitive is None:
        note('Cột nhạy cảm không ghi ra tệp; nhập lại tệp này không làm mất gì. Cần thì thêm --with-sensitive "LÝ DO".')


@app.command("template", cls=command("bieu-mau"), help="Ghi ra một sổ theo dõi trống, có sẵn danh mục và ghi chú.")
def template(file: arguments.NewWorkbook, force: arguments.Force = False) -> None:
    """Write an empty canonical workbook."""
    from desk.keeping.store import write_template

    write_template(file, force=force)
    say(f"Đã ghi sổ trống ra tệp “{file}”. Điền xong, kiểm tra bằng lệnh: dubi check {file}")
