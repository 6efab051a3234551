"""Reading a text file of separated values: which encoding, which separator, which rows.

A file that is not Unicode is handed on letter by letter (a byte, a letter): which old Vietnamese encoding it is in
shows only in the words, and is decided where all old text is.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from cases.files.grids import Grid, SpreadFile, make_even
from cases.values.refusals import BadFile, LockedFile, MissingFile, TooLarge

if TYPE_CHECKING:
    from pathlib import Path

    from cases.files.xlsx_reading import RawCell

SEPARATORS = (";", ",", "\t", "|")
EIGHT_BIT = "8-bit"

_MOST_BYTES = 100_000_000
_ROWS_TRIED = 60
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(r"\s*(<\?xml|<!doctype|<html|<table|%PDF|\{\\rtf)", re.IGNORECASE)


class NotARoster(BadFile):
    """The file is neither a workbook nor a text of separated values."""

    problem = "không phải là sổ tính hay tệp CSV."
    advice = "Mở bằng Excel rồi chọn Lưu thành (Save As), loại tệp “Excel Workbook (*.xlsx)”."


def read_delimited(path: Path) -> SpreadFile:
    """The rows of a text file; raises a `BadFile`."""
    text, encoding = decoded(_bytes(path), path)
    if _MARKUP.match(text) or _NOT_TEXT.search(text):
        raise NotARoster(path)
    separator = separator_of(text)
    rows = _rows(text, separator, path)
    return SpreadFile(path, "csv", (Grid(None, make_even(rows)),), encoding=encoding, separator=separator)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise TooLarge(path)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFile(path) from error
    except PermissionError as error:
        raise LockedFile(path) from error
    except OSError as error:
        raise NotARoster(path, "không mở được.", "Kiểm tra lại tên tệp và thư mục.") from error
    if not content.strip():
        raise NotARoster(path, "trống, không có gì bên trong.")
    return content


def decoded(content: bytes, path: Path) -> tuple[str, str]:
    """The text and the encoding it was in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise NotARoster(path, "bị hỏng hoặc chép chưa xong.", "Chép lại từ bản gốc.") from error
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), EIGHT_BIT


def separator_of(text: str) -> str:
    """The separator that cuts the most rows into the same number of several columns."""
    sample = "\n".join(text.splitlines()[:_ROWS_TRIED])

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
        except csv.Error:
            return 0, 0
        widths.pop(0, None)
        widths.pop(1, None)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return rows, width

    return max(SEPARATORS, key=score)


def _rows(text: str, separator: str, path: Path) -> list[list[RawCell]]:
    stray = NotARoster(
        path, "có dấu nháy kép hoặc dấu phân cách đặt sai chỗ.", "Mở bằng Excel rồi lưu lại thành tệp .xlsx."
    )
    try:
        rows: list[list[RawCell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise stray from error
    if _swallows_lines(rows, text, separator):
        raise stray
    return rows


def _swallows_lines(rows: list[list[RawCell]], text: str, separator: str) -> bool:
    """Whether a quote that nobody closed, or one within quotes, has made one cell of several lines: of people lost."""
    if not any(isinstance(cell, str) and "\n" in cell for row in rows for cell in row):
        return False
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error:
        return True
    return False
