"""Reading YAML strictly: every value knows its file and line, and nothing is taken in silence.

PyYAML's C parser gives the node tree with its marks; the checks on top (duplicate keys, unknown keys, wrong types)
are ours, because the safe loader keeps the last of two equal keys and turns ``no`` into false.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from rules.errors import LawFileError

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INT = re.compile(r"-?\d+\Z")
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file with its place: ``content`` is text, a list of nodes, or a mapping of nodes."""

    file: Path
    line: int
    content: str | list[Node] | dict[str, Node]
    quoted: bool = False

    def error(self, problem: str, hint: str) -> LawFileError:
        """The refusal of this value."""
        return LawFileError(self.file, self.line, problem, hint)

    def items(self) -> list[Node]:
        """The members of a list."""
        if not isinstance(self.content, list):
            raise self.error("Chỗ này phải là một danh sách.", "Mỗi mục bắt đầu bằng dấu “- ”.")
        return self.content

    def pairs(self) -> dict[str, Node]:
        """A mapping whose keys are free."""
        if not isinstance(self.content, dict):
            raise self.error("Chỗ này phải là các cặp “khoá: giá trị”.", "Xem một mục tương tự trong cùng tệp.")
        return self.content

    def mapping(self, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, Node]:
        """The keys of a mapping, all of them known and the required ones present."""
        required, known, content = list(required), [*required, *optional], self.pairs()
        for key, node in content.items():
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"Có phải “{near[0]}”?" if near else f"Các khoá được dùng: {', '.join(known)}."
                raise node.error(f"Khoá “{key}” không có trong quy ước.", hint)
        for key in required:
            if key not in content:
                raise self.error(f"Thiếu khoá “{key}”.", f"Thêm dòng “{key}: …”.")
        return content

    def text(self) -> str:
        """A text, never empty."""
        if not isinstance(self.content, str) or not self.content.strip():
            raise self.error("Chỗ này phải là một dòng chữ.", "Ghi nội dung vào sau dấu hai chấm.")
        return self.content

    def date(self) -> dt.date:
        """A day as yyyy-mm-dd."""
        text = self.text()
        if _DATE.match(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                pass
        raise self.error(f"“{text}” không phải là một ngày.", "Ghi theo dạng năm-tháng-ngày, ví dụ 2025-07-01.")

    def integer(self) -> int:
        """A whole number."""
        text = self.text()
        if not _INT.match(text):
            raise self.error(f"“{text}” không phải là số nguyên.", "Ghi một số nguyên, không có đơn vị.")
        return int(text)

    def flag(self) -> bool:
        """``true`` or ``false``."""
        text = self.text()
        if text not in ("true", "false"):
            raise self.error(f"“{text}” không phải là true hay false.", "Ghi true (có) hoặc false (không).")
        return text == "true"

    def one_of(self, choices: Iterable[str]) -> str:
        """One of a closed list of words."""
        text, choices = self.text(), list(choices)
        if text not in choices:
            near = difflib.get_close_matches(text, choices, 1)
            hint = f"Có phải “{near[0]}”?" if near else f"Chọn một trong: {', '.join(choices)}."
            raise self.error(f"“{text}” không dùng được ở đây.", hint)
        return text


def read_yaml(path: Path) -> Node:
    """Read one YAML document; raises `LawFileError` for a syntax error, a duplicate key, an alias or a tag."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LawFileError(path, 1, f"Không đọc được tệp ({error}).", "Kiểm tra tên tệp và bảng mã UTF-8.") from error
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LawFileError(
            path, line, f"Sai cú pháp YAML ({error.problem}).", "Kiểm tra thụt dòng, dấu hai chấm và dấu nháy."
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise LawFileError(path, 1, "Tệp không phải là YAML đọc được.", "Kiểm tra ký tự lạ trong tệp.") from error
    if root is None:
        raise LawFileError(path, 1, "Tệp trống.", "Tệp phải có ít nhất một mục.")
    return _convert(path, root)


def _convert(path: Path, node: yaml.Node) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Node(path, line, node.value, quoted=node.style in ("'", '"'))
    if isinstance(node, yaml.SequenceNode):
        return Node(path, line, [_convert(path, child) for child in node.value])
    content: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise LawFileError(path, line, "Khoá phải là một từ.", "Ghi “khoá: giá trị”.")
        if key.value in content:
            raise LawFileError(
                path, key.start_mark.line + 1, f"Khoá “{key.value}” ghi hai lần.", "Bỏ một trong hai dòng."
            )
        content[key.value] = _convert(path, value)
    return Node(path, line, content)


def entries(path: Path) -> Iterator[Node]:
    """The members of a file that is one list; see `files` for a list spread over several files."""
    yield from read_yaml(path).items()


def files(place: Path) -> list[Path]:
    """The YAML files of a folder in the order of their names, or the one file named."""
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place]
