"""`dubi unit …` and `target set`: units listed, changed, moved, merged and closed, and what each is to reach."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking.units import Code, one_unit
from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Confirm, Preview, write
from cli.screen.output import say
from cli.screen.vietnamese import command, group
from desk.changes.values import AddUnit, CloseUnit, MergeUnits, MoveUnit, SetTarget, SetUnit

if TYPE_CHECKING:
    from desk.changes.previews import UnitPreview

app = typer.Typer()
targets = typer.Typer(
    name="target", cls=group("chi-tieu"), help="Chỉ tiêu kết nạp mỗi năm của đơn vị.", no_args_is_help=True
)
app.add_typer(targets)
app.add_typer(one_unit)

On = Annotated[dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Từ ngày nào.")]


def _field(option: str, header: str) -> Any:
    return typer.Option(option, metavar="CHỮ", help=f"{header}.")


@one_unit.command("add", cls=command("them"), help="Thêm một đơn vị vào danh sách đơn vị.")
def add(
    unit: Annotated[str, typer.Argument(metavar="MÃ", help="Mã của đơn vị mới.")],
    name: Annotated[str | None, _field("--name", "Tên đơn vị")] = None,
    level: Annotated[str | None, _field("--level", "Cấp, ví dụ chi-bo-co-so, hoặc mã như grassroots_cell")] = None,
    sector: Annotated[str | None, _field("--sector", "Khối, ví dụ “Xã”, hoặc mã như commune")] = None,
    parent: Annotated[str | None, _field("--parent", "Mã của đơn vị cấp trên")] = None,
    opened: Annotated[str | None, _field("--opened", "Ngày thành lập")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MỤC=GIÁ-TRỊ", help="Một cột khác của sheet Đơn vị, ví dụ “Địa danh=Sơn La”."),
    ] = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Write a unit down."""
    from desk.changes.fields import unit_setting

    given = {"name": name, "level": level, "sector": sector, "parent": parent, "opened_on": opened}
    fields = [(field, text) for field, text in given.items() if text is not None]
    change = AddUnit(unit, (*fields, *map(unit_setting, settings or ())))
    write(store, change, _show, confirm=confirm, preview=preview, as_json=as_json)


@one_unit.command(
    "set",
    cls=command("dat"),
    help="Đặt các mục của một đơn vị: tên, cấp, khối, tiêu đề biểu, địa danh, người ký, cột có theo dõi.",
)
def settle(
    unit: Code,
    settings: Annotated[
        list[str],
        typer.Argument(
            metavar="MỤC=GIÁ-TRỊ",
            help="Một cột của sheet Đơn vị và giá trị, ví dụ “Tiêu đề biểu=TỈNH ỦY MẪU|BAN TỔ CHỨC” "
            "(dấu | là xuống dòng); bỏ trống giá trị là xoá.",
        ),
    ],
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Change the details and settings of a unit."""
    from desk.changes.fields import unit_setting

    change = SetUnit(unit, tuple(map(unit_setting, settings)))
    write(store, change, _show, confirm=confirm, preview=preview, as_json=as_json)


@targets.command("set", cls=command("dat"), help="Đặt chỉ tiêu kết nạp của một đơn vị trong một năm; thay số cũ.")
def set_target(
    unit: Code,
    year: Annotated[str, typer.Argument(metavar="NĂM", help="Năm, ví dụ 2026.")],
    value: Annotated[str, typer.Argument(metavar="SỐ", help="Số người cần kết nạp.")],
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Set a target."""
    write(store, SetTarget(unit, year, value), _show, confirm=confirm, preview=preview, as_json=as_json)


@one_unit.command("move", cls=command("chuyen"), help="Từ một ngày, một đơn vị trực thuộc đơn vị khác.")
def move(
    unit: Code,
    to: Annotated[str, typer.Option("--to", metavar="MÃ", help="Mã của đơn vị cấp trên mới.")],
    on: On,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that a unit belongs to another from a day on."""
    write(store, MoveUnit(unit, to, on), _show, preview=preview, as_json=as_json)


@one_unit.command(
    "merge", cls=command("sap-nhap"), help="Từ một ngày, các đơn vị nhập vào một đơn vị khác đã có trong sổ."
)
def merge(
    units_: Annotated[list[str], typer.Argument(metavar="MÃ…", help="Mã các đơn vị nhập vào đơn vị kia.")],
    into: Annotated[str, typer.Option("--into", metavar="MÃ", help="Mã của đơn vị nhận.")],
    on: On,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that units are part of another from a day on."""
    write(store, MergeUnits(tuple(units_), into, on), _show, preview=preview, as_json=as_json)


@one_unit.command("close", cls=command("ket-thuc"), help="Một đơn vị kết thúc hoạt động từ một ngày.")
def close(
    unit: Code,
    on: On,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that a unit is closed."""
    write(store, CloseUnit(unit, on), _show, confirm=confirm, preview=preview, as_json=as_json)


def _show(shown: UnitPreview) -> None:
    for line in shown.told:
        say(line)
