"""Reading YAML strictly: every value knows its file and line, and nothing is taken in silence.

PyYAML's C parser gives what it meets with its marks; the checks on top (duplicate keys, unknown keys, wrong types)
are ours, because the safe loader keeps the last of two equal keys and turns ``no`` into false.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from rules.loader.errors import LawFileError
from rules.loader.spelling.days import whole_day
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    import yaml  # nobody waits for it who reads no file

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INT = re.compile(r"-?\d+\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
}
_OF_YAML = ("<<", "=")
"""Signs that, alone and without quotes, mean something to YAML."""
_CHECK_FORM = "Kiểm tra thụt dòng, dấu hai chấm và dấu nháy."


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
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LawFileError(path, 1, f"Không đọc được tệp ({error}).", "Kiểm tra tên tệp và bảng mã UTF-8.") from error
    if stray := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        raise LawFileError(path, line, "Tệp có ký tự không đọc được.", "Kiểm tra ký tự lạ trong tệp.")
    try:
        root = _Reading(path, text).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(path, text, error) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise LawFileError(path, 1, "Tệp không phải là YAML đọc được.", "Kiểm tra ký tự lạ trong tệp.") from error
    if root is None:
        raise LawFileError(path, 1, "Tệp trống.", "Tệp phải có ít nhất một mục.")
    return root


def _syntax_error(path: Path, text: str, error: yaml.MarkedYAMLError) -> LawFileError:
    """What the parser stumbled over; a quote left open is told where it was opened, not at the end of the file."""
    opened = error.context_mark if "quoted scalar" in (error.context or "") else None
    mark = opened or error.problem_mark
    line = mark.line + 1 if mark else 1
    tab = "\t" in "".join(text.splitlines()[line - 1 : line])
    hint = f"{_CHECK_FORM} Thụt dòng bằng dấu cách, không bằng phím Tab." if tab else _CHECK_FORM
    return LawFileError(path, line, f"Sai cú pháp YAML ({error.problem}).", hint)


class _Reading:
    """Makes our nodes of what the parser meets, one after another; refuses what would be read in a way nobody sees."""

    def __init__(self, path: Path, text: str) -> None:
        import yaml

        self.path, self.yaml = path, yaml
        self.next: Callable[[], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event
        self.anchors: set[str] = set()

    def error(self, event: yaml.Event, problem: str, hint: str) -> LawFileError:
        return LawFileError(self.path, _line(event), problem, hint)

    def document(self) -> Node | None:
        """The one document of the file, None where there is none; raises `LawFileError`, `yaml.YAMLError`."""
        self.next()
        if isinstance(self.next(), self.yaml.StreamEndEvent):
            return None
        root = self.node(self.next())
        self.next()
        after = self.next()
        if not isinstance(after, self.yaml.StreamEndEvent):
            raise self.error(after, "Sai cú pháp YAML (but found another document).", _CHECK_FORM)
        return root

    def node(self, event: Any) -> Node:
        """The value that begins with an event; raises `LawFileError`, `yaml.YAMLError`."""
        yaml = self.yaml
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise self.error(event, "Sai cú pháp YAML (found undefined alias).", _CHECK_FORM)
            problem = f"Chỗ này dùng lại nơi khác bằng dấu “*{event.anchor}”."
            raise self.error(event, problem, "Chép hẳn nội dung ra, không dùng & và *.")
        if event.anchor in self.anchors:
            raise self.error(event, f"Sai cú pháp YAML (anchor “&{event.anchor}” twice).", _CHECK_FORM)
        if event.anchor is not None:
            self.anchors.add(event.anchor)
        tag = event.tag
        if tag is not None and tag != "!" and tag not in _PLAIN_TAGS:
            raise self.error(event, f"Nhãn kiểu “{tag}” không dùng được.", "Bỏ chữ bắt đầu bằng dấu “!”.")
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            if event.value in _OF_YAML and event.implicit[0]:
                raise self.error(event, f"Dấu “{event.value}” không dùng được ở đây.", "Đặt nó trong dấu nháy.")
            return Node(self.path, line, event.value, quoted=event.style in ("'", '"'))
        if isinstance(event, yaml.SequenceStartEvent):
            members: list[Node] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                members.append(self.node(event))
            return Node(self.path, line, members)
        content: dict[str, Node] = {}
        while not isinstance(key := self.next(), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise self.error(key, "Khoá phải là một từ.", "Ghi “khoá: giá trị”.")
            if key.value in content:
                raise self.error(key, f"Khoá “{key.value}” ghi hai lần.", "Bỏ một trong hai dòng.")
            content[key.value] = self.node(self.next())
        return Node(self.path, line, content)


def _line(event: yaml.Event) -> int:
    """The line of the file, from 1, on which something begins."""
    return event.start_mark.line + 1 if event.start_mark else 1


def entries(path: Path) -> Iterator[Node]:
    """The members of a file that is one list; see `files` for a list spread over several files."""
    yield from read_yaml(path).items()


def files(place: Path) -> list[Path]:
    """The YAML files of a folder in the order of their names, or the one file named."""
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place]
