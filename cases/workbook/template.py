"""The empty canonical workbook that a unit begins with: every sheet, lists to choose from, and notes on the headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.workbook import schema as layout
from cases.workbook.write import BookWriter, Table, write_book

if TYPE_CHECKING:
    from pathlib import Path

_GUIDE = (
    ("Sổ theo dõi phát triển đảng viên", True),
    ("", False),
    ("Cách dùng", True),
    ("1. Ghi mỗi người một dòng ở sheet “Hồ sơ”. Chỉ mã hồ sơ và họ tên là bắt buộc; chưa có thì để trống.", False),
    (
        "2. Ngày ghi theo dạng ngày/tháng/năm, ví dụ 03/02/2024. Không ghi ngày áng chừng.",
        False,
    ),
    ("3. Ô có/không: ghi x nếu có, để trống nếu không.", False),
    ("4. Ô có danh sách: bấm mũi tên ở cạnh ô để chọn. Ghi mã ở sheet “Danh mục” cũng được.", False),
    ("5. Rê chuột lên tên cột để xem cách ghi. Không đổi tên cột; thứ tự cột thì đổi được.", False),
    ("6. Cột nền xám, chữ nghiêng là cột không bắt buộc: không dùng thì xoá cả cột.", False),
    ("7. Lưu và đóng tệp trong Excel rồi chạy: dubi check tên-tệp.xlsx", False),
    ("", False),
    ("Các sheet", True),
)


def write_template(path: Path | str, *, force: bool = False) -> Path:
    """Write an empty workbook, ready to be filled and imported."""

    def fill(writer: BookWriter) -> None:
        writer.prepare_lists(layout.all_sheets())
        for sheet in layout.all_sheets():
            writer.add(sheet, Table(), sheet.columns, notes=True)
        _add_guide(writer)
        writer.add_lists()

    return write_book(path, fill, force=force)


def _add_guide(writer: BookWriter) -> None:
    page = writer.book.add_worksheet(layout.GUIDE_SHEET)
    page.set_column(0, 0, 110, writer.wrapped)
    lines = [*_GUIDE, *((f"{sheet.name}: {sheet.note}", False) for sheet in layout.all_sheets())]
    for number, (line, strong) in enumerate(lines):
        page.write_string(number, 0, line, writer.bold if strong else writer.wrapped)
