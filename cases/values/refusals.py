"""What is said about cells and files that cannot be taken, and the exceptions that carry it.

BadInput
├── Refused            cells of a workbook: all of them at once
└── BadFile            the file as a whole
    ├── MissingFile    ├── NotAWorkbook       ├── DamagedWorkbook
    ├── LockedFile     ├── PasswordProtected  ├── TooLarge
    ├── SheetMissing   ├── HeaderProblem      └── TargetExists
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_IDENTITY_NUMBER = re.compile(r"(?<![\d./-])\d(?:[ .\u00a0]?\d){8,11}(?![\d/-])|(?<!\d)\d{9,12}(?!\d)")
_DAYS_OR_YEARS = re.compile(r"\d{1,2}[ .]\d{1,2}[ .](?:19|20)\d\d.*|(?:(?:19|20)\d\d[ .]?)+")
_MOST_SHOWN = 200
_LONGEST_VALUE = 80


def without_numbers(text: str) -> str:
    """The text with only the last three digits of every personal number in it, also of one cut by spaces or dots."""
    return _IDENTITY_NUMBER.sub(_starred, text)


def _starred(match: re.Match[str]) -> str:
    found = match[0]
    if not found.isdecimal() and _DAYS_OR_YEARS.fullmatch(found):
        return found
    hidden = sum(sign.isdecimal() for sign in found) - 3
    shown = []
    for sign in found:
        shown.append("*" if sign.isdecimal() and hidden > 0 else sign)
        hidden -= sign.isdecimal()
    return "".join(shown)


def masked(value: str) -> str:
    """The value as a message may show it: of a personal number only the last three digits, and not too long."""
    shown = without_numbers(value)
    return shown if len(shown) <= _LONGEST_VALUE else shown[: _LONGEST_VALUE - 1] + "…"


class Remark(NamedTuple):
    """One thing about one cell: where it stands, what is wrong, what to do. ``value`` is already fit to be shown.

    A remark about a whole sheet has row 0.
    """

    sheet: str
    row: int
    column: str | None
    header: str | None
    field: str | None
    value: str | None
    code: str
    reason: str
    suggestion: str

    def __str__(self) -> str:
        place = f"Sheet “{self.sheet}”" + (f", dòng {self.row}" if self.row else "")
        if self.column:
            place += f", cột {self.column} “{self.header}”"
        elif self.header:
            place += f", cột “{self.header}”"
        shown = f": “{self.value}”" if self.value else ""
        return f"{place}{shown}: {self.reason} {self.suggestion}"

    def as_why(self) -> dict[str, str | None]:
        """The form that a preview gives to programs."""
        return {
            "code": self.code,
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
            "suggestion": self.suggestion,
        }


class Refused(BadInput):
    """A workbook with cells that cannot be taken; ``remarks`` holds every one of them."""

    def __init__(self, file: Path | str, remarks: Iterable[Remark]) -> None:
        self.file, self.remarks = str(file), tuple(remarks)
        lines = [f"  - {remark}" for remark in self.remarks[:_MOST_SHOWN]]
        if len(self.remarks) > _MOST_SHOWN:
            lines.append(f"  - … và {len(self.remarks) - _MOST_SHOWN} chỗ nữa.")
        head = f"Tệp “{file}” có {len(self.remarks)} chỗ phải sửa; chưa có gì được ghi vào kho."
        super().__init__("\n".join([head, *lines]))


class BadFile(BadInput):
    """A file that cannot be taken as a whole: what is wrong with it, and what to do."""

    sentence = "Tệp “{file}” {problem}"
    problem = "không dùng được."
    advice = "Kiểm tra lại tệp."

    def __init__(self, file: Path | str, problem: str | None = None, advice: str | None = None) -> None:
        self.file = str(file)
        said = self.sentence.format(file=file, problem=problem or self.problem)
        super().__init__(f"{said} {advice or self.advice}")


class MissingFile(BadFile):
    """There is no such file."""

    sentence = "Không tìm thấy tệp “{file}”."
    advice = "Kiểm tra lại tên tệp và thư mục."


class NotAWorkbook(BadFile):
    """The file is something else than an .xlsx workbook."""

    problem = "không phải là sổ Excel (.xlsx)."
    advice = "Mở bằng Excel rồi chọn Lưu thành (Save As), loại tệp “Excel Workbook (*.xlsx)”."


class DamagedWorkbook(BadFile):
    """The file began as a workbook and is broken or cut off."""

    problem = "bị hỏng hoặc chép chưa xong."
    advice = "Chép lại từ bản gốc, hoặc mở bằng Excel, để Excel sửa rồi lưu lại."


class LockedFile(BadFile):
    """The file is open in Excel."""

    problem = "đang mở trong Excel."
    advice = "Lưu và đóng tệp rồi thử lại."


class TargetExists(BadFile):
    """The file to be written is there already."""

    problem = "đã có."
    advice = "Chọn tên khác, hoặc thêm --force để ghi đè."


class PasswordProtected(BadFile):
    """The workbook opens only with a password."""

    problem = "có đặt mật khẩu."
    advice = "Mở bằng Excel, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ sổ), lưu lại rồi thử lại."


class Sealed(BadFile):
    """The file was sealed for somebody whose key opens it."""

    problem = "được khoá, chỉ nơi nhận mở được."
    advice = "Nhập bằng khoá của nơi nhận, bằng lệnh: dubi import TỆP --key TỆP-KHOÁ"


class TooLarge(BadFile):
    """The workbook is larger than any roster, or claims to be."""

    problem = "lớn quá mức của một sổ theo dõi."
    advice = "Xoá các dòng, cột trống bị định dạng thừa hoặc tách thành nhiều tệp."


class SheetMissing(BadFile):
    """The workbook has no sheet `Hồ sơ`."""


class HeaderProblem(BadFile):
    """A header that is missing, stands twice or is spelt as nobody else spells it."""
