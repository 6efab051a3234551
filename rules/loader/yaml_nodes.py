"""Reading YAML strictly: every value knows its file and line, and nothing is taken in silence.

PyYAML's C parser gives the node tree with its marks; the checks on top (duplicate keys, unknown keys, wrong types)
are ours, because the safe loader keeps the last of two equal keys and turns ``no`` into false.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, overload

import yaml

from rules.loader.errors import LawFileError
from rules.loader.spelling.days import whole_day
from rules.loader.spelling.near import did_you_mean

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INT = re.compile(r"-?\d+\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
}
_CHECK_FORM = "Kiểm tra thụt dòng, dấu hai chấm và dấu nháy."
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


Value = TypeVar("Value")


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
        """The members of a list; raises `LawFileError` where it is none."""
        if not isinstance(self.content, list):
            raise self.error("Chỗ này phải là một danh sách.", "Mỗi mục bắt đầu bằng dấu “- ”.")
        return self.content

    def pairs(self) -> Keys:
        """A mapping whose keys are free; raises `LawFileError` where it is none."""
        if not isinstance(self.content, dict):
            raise self.error("Chỗ này phải là các cặp “khoá: giá trị”.", "Xem một mục tương tự trong cùng tệp.")
        return Keys(self.content)

    def texts(self) -> dict[str, str]:
        """A mapping of free keys to texts."""
        return {key: node.text() for key, node in self.pairs().items()}

    def mapping(self, required: Iterable[str] = (), optional: Iterable[str] = ()) -> Keys:
        """The keys of a mapping; raises `LawFileError` unless all are known and the required ones present."""
        required, known, content = list(required), [*required, *optional], self.pairs()
        for key, node in content.items():
            if key not in known:
                hint = did_you_mean(key, known, f"Các khoá được dùng: {', '.join(known)}.")
                raise node.error(f"Khoá “{key}” không có trong quy ước.", hint)
        for key in required:
            if key not in content:
                raise self.error(f"Thiếu khoá “{key}”.", f"Thêm dòng “{key}: …”.")
        return content

    def text(self) -> str:
        """A text; raises `LawFileError` where it is none, or empty."""
        if not isinstance(self.content, str) or not self.content.strip():
            raise self.error("Chỗ này phải là một dòng chữ.", "Ghi nội dung vào sau dấu hai chấm.")
        return self.content

    def date(self) -> dt.date:
        """A day as yyyy-mm-dd, of 1900–2100; raises `LawFileError` for anything else."""
        text = self.text()
        if _DATE.match(text) and (day := whole_day(text)) is not None:
            return day
        raise self.error(f"“{text}” không phải là một ngày.", "Ghi theo dạng năm-tháng-ngày, ví dụ 2025-07-01.")

    def integer(self) -> int:
        """A whole number; raises `LawFileError` for anything else."""
        text = self.text()
        if not _INT.match(text):
            raise self.error(f"“{text}” không phải là số nguyên.", "Ghi một số nguyên, không có đơn vị.")
        return int(text)

    def flag(self) -> bool:
        """``true`` or ``false``; raises `LawFileError` for anything else."""
        text = self.text()
        if text not in ("true", "false"):
            raise self.error(f"“{text}” không phải là true hay false.", "Ghi true (có) hoặc false (không).")
        return text == "true"

    def one_of(self, choices: Iterable[str]) -> str:
        """One of a closed list of words; raises `LawFileError` with the nearest one."""
        text, choices = self.text(), list(choices)
        if text not in choices:
            hint = did_you_mean(text, choices, f"Chọn một trong: {', '.join(choices)}.")
            raise self.error(f"“{text}” không dùng được ở đây.", hint)
        return text


class Keys(dict[str, Node]):
    """The keys of a mapping, all of them known; those that need not be there are read by `read`."""

    @overload
    def read(self, key: str, how: Callable[[Node], Value]) -> Value | None: ...
    @overload
    def read(self, key: str, how: Callable[[Node], Value], otherwise: Value) -> Value: ...
    def read(self, key: str, how: Callable[[Node], Any], otherwise: Any = None) -> Any:
        """What stands under a key, read by `how`; something else where the file does not have the key.

        Raises the `LawFileError` of what `how` refuses.
        """
        return how(self[key]) if key in self else otherwise


def read_yaml(path: Path) -> Node:
    """Read one YAML document; raises `LawFileError` for a syntax error, a duplicate key, an alias or a tag."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LawFileError(path, 1, f"Không đọc được tệp ({error}).", "Kiểm tra tên tệp và bảng mã UTF-8.") from error
    if stray := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        raise LawFileError(path, line, "Tệp có ký tự không đọc được.", "Kiểm tra ký tự lạ trong tệp.")
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(path, text, error) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise LawFileError(path, 1, "Tệp không phải là YAML đọc được.", "Kiểm tra ký tự lạ trong tệp.") from error
    if root is None:
        raise LawFileError(path, 1, "Tệp trống.", "Tệp phải có ít nhất một mục.")
    conversion = _Conversion(path)
    try:
        return conversion.node(root)
    except _Alias:
        alias = next(event for event in yaml.parse(text, Loader=_LOADER) if isinstance(event, yaml.AliasEvent))
        raise LawFileError(
            path,
            alias.start_mark.line + 1 if alias.start_mark else 1,
            f"Chỗ này dùng lại nơi khác bằng dấu “*{alias.anchor}”.",
            "Chép hẳn nội dung ra, không dùng & và *.",
        ) from None


def _syntax_error(path: Path, text: str, error: yaml.MarkedYAMLError) -> LawFileError:
    """What the parser stumbled over; a quote left open is told where it was opened, not at the end of the file."""
    opened = error.context_mark if "quoted scalar" in (error.context or "") else None
    mark = opened or error.problem_mark
    line = mark.line + 1 if mark else 1
    tab = "\t" in "".join(text.splitlines()[line - 1 : line])
    hint = f"{_CHECK_FORM} Thụt dòng bằng dấu cách, không bằng phím Tab." if tab else _CHECK_FORM
    return LawFileError(path, line, f"Sai cú pháp YAML ({error.problem}).", hint)


class _Alias(Exception):
    """A node stands in two places; the nodes themselves only know the first."""


class _Conversion:
    """Turns the parser's nodes into ours; refuses what would be read in a way that nobody sees."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: set[int] = set()

    def error(self, node: yaml.Node, problem: str, hint: str) -> LawFileError:
        return LawFileError(self.path, node.start_mark.line + 1, problem, hint)

    def node(self, node: yaml.Node) -> Node:
        line = node.start_mark.line + 1
        if node.tag not in _PLAIN_TAGS:
            raise self.error(node, f"Nhãn kiểu “{node.tag}” không dùng được.", "Bỏ chữ bắt đầu bằng dấu “!”.")
        if isinstance(node, yaml.ScalarNode):
            return Node(self.path, line, node.value, quoted=node.style in ("'", '"'))
        # An alias gives the same node once more.
        if id(node) in self.seen:
            raise _Alias
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return Node(self.path, line, [self.node(child) for child in node.value])
        content: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.error(key, "Khoá phải là một từ.", "Ghi “khoá: giá trị”.")
            if key.value in content:
                raise self.error(key, f"Khoá “{key.value}” ghi hai lần.", "Bỏ một trong hai dòng.")
            content[key.value] = self.node(value)
        return Node(self.path, line, content)


def entries(path: Path) -> Iterator[Node]:
    """The members of a file that is one list; see `files` for a list spread over several files."""
    yield from read_yaml(path).items()


def files(place: Path) -> list[Path]:
    """The YAML files of a folder in the order of their names, or the one file named."""
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place]
