"""The rules as they are written: one entry a rule, read strictly; what the words mean is checked by the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules.loader.spelling.near import did_you_mean
from rules.loader.yaml_nodes import Node, entries

HERE = Path(__file__).parents[1]
STAGE_FILES = ("admission", "approved", "probation", "recognition", "movement", "special_cases", "record")
SEVERITIES = ("overdue", "blocked", "due", "confirm", "inform")
HOLDERS = ("cell", "committee", "upper", "awaiting_transfer")


@dataclass(frozen=True, slots=True)
class Clause:
    """What a rule rests on: a parameter, and the day whose version counts (an expression)."""

    parameter: str
    on: str
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A word (a severity, a holder), and the condition under which it is the one (None = otherwise)."""

    word: str
    when: str | None
    line: int


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words: conditions are still text, with the lines they stand on."""

    name: str
    title: str
    when: str
    severities: tuple[Choice, ...]
    cites: tuple[Clause, ...]
    say: str
    file: Path
    lines: dict[str, int]
    due: str | None = None
    held_by: tuple[Choice, ...] = ()
    """Who holds it up; empty where nobody does."""
    late_on: str | None = None
    unsure: str | None = None
    """The severity where the texts behind it were not read or quoted (only who has read the text may block)."""
    see: tuple[tuple[str, int], ...] = ()
    """Further parameters that belong to the rule but decide nothing in it, with their lines."""
    silent: str | None = None
    """What the texts do not say on this point ("không có quy định"), shown with the rule."""
    stands: bool = False
    """Its severity stands also where the value it rests on came with a later document."""
    never: tuple[tuple[str, int], ...] = ()
    """Of a rule that tells what was done late: the rules that speak while it is not done at all."""
    no_never: str | None = None
    """Why there is no such rule."""
    before: tuple[tuple[str, int], ...] = ()
    """The steps that are not to be taken while a finding of the rule that is blocked or to be confirmed stands."""
    no_before: str | None = None
    """Why it stands before no step."""
    matter: str | None = None
    """What it is about: findings of one case about one matter are one line on a screen."""
    overlay: str | None = None
    replaces: str | None = None
    applies_from: dt.date | None = None
    """The first as-of day of an overlay's rule: that on which its document came into force."""
    applies_before: dt.date | None = None
    """The first as-of day on which an overlay's rule stands in the place of this one."""


def _choice(node: Node, known: Sequence[str], called: str, *, last: bool) -> Choice:
    word, _, condition = node.text().partition(" when ")
    if word not in known:
        hint = did_you_mean(word, known, f"Chọn một trong: {', '.join(known)}.")
        raise node.error(f"“{word}” không phải là {called}.", hint)
    if last == bool(condition):
        raise node.error(
            f"Danh sách {called} phải kết thúc bằng một mục không có điều kiện, và chỉ mục cuối không có.",
            f"Ví dụ: [“{known[1]} when …”, {known[0]}].",
        )
    return Choice(word, condition or None, node.line)


def _choices(node: Node, known: Sequence[str], called: str) -> tuple[Choice, ...]:
    members = node.items() if isinstance(node.content, list) else [node]
    if not members:
        raise node.error(f"Danh sách {called} trống.", f"Chọn một trong: {', '.join(known)}.")
    return tuple(_choice(member, known, called, last=member is members[-1]) for member in members)


def _cites(node: Node) -> tuple[Clause, ...]:
    members = node.items() if isinstance(node.content, list) else [node]
    if not members:
        raise node.error("Quy tắc không có căn cứ.", "Thêm {clause: tên.tham_số, on: ngày}.")
    clauses = []
    for member in members:
        keys = member.mapping(["clause", "on"])
        clauses.append(Clause(keys["clause"].text(), keys["on"].text(), member.line))
    return tuple(clauses)


def _names(node: Node) -> tuple[tuple[str, int], ...]:
    """The rules or steps named; a text instead of a list says why there are none."""
    return () if isinstance(node.content, str) else tuple((item.text(), item.line) for item in node.items())


def _why_none(node: Node) -> str | None:
    return node.content if isinstance(node.content, str) else None


def read_rule(node: Node, overlay: str | None = None) -> RuleText:
    """Read one rule entry; raises `LawFileError` with file and line."""
    keys = node.mapping(
        ["rule", "title", "when", "severity", "cites", "say"],
        [
            *("due", "held_by", "late_on", "unsure", "see", "silent", "stands", "never", "before", "matter"),
            *(["replaces"] if overlay else []),
        ],
    )
    name = keys["rule"].text()
    if "." not in name or not all(part.isidentifier() for part in name.split(".")):
        raise keys["rule"].error(f"“{name}” không dùng làm tên quy tắc được.", "Ghi dạng giai_doan.ten_quy_tac.")
    if "late_on" in keys and "due" not in keys:
        raise keys["late_on"].error("Quy tắc có late_on nhưng không có due.", "Thêm due, hoặc bỏ late_on.")
    return RuleText(
        name=name,
        title=keys["title"].text(),
        when=keys["when"].text(),
        severities=_choices(keys["severity"], SEVERITIES, "mức độ"),
        cites=_cites(keys["cites"]),
        say=keys["say"].text(),
        file=node.file,
        lines={key: value.line for key, value in keys.items()},
        due=keys.read("due", Node.text),
        held_by=keys.read("held_by", lambda node: _choices(node, HOLDERS, "nơi giữ việc"), ()),
        late_on=keys.read("late_on", Node.text),
        unsure=keys.read("unsure", lambda node: node.one_of(SEVERITIES)),
        see=keys.read("see", lambda node: tuple((item.text(), item.line) for item in node.items()), ()),
        silent=keys.read("silent", Node.text),
        stands=keys.read("stands", Node.flag, otherwise=False),
        never=keys.read("never", _names, ()),
        no_never=keys.read("never", _why_none),
        before=keys.read("before", _names, ()),
        no_before=keys.read("before", _why_none),
        matter=keys.read("matter", Node.text),
        overlay=overlay,
        replaces=keys.read("replaces", Node.text),
    )


def read_rules(nodes: Iterable[Node], overlay: str | None = None) -> dict[str, RuleText]:
    """Read rules; raises `LawFileError` for a name given twice."""
    rules: dict[str, RuleText] = {}
    for node in nodes:
        rule = read_rule(node, overlay)
        if rule.name in rules:
            raise node.error(f"Quy tắc “{rule.name}” khai báo hai lần.", "Mỗi quy tắc một mục.")
        rules[rule.name] = rule
    return rules


def load_rules(place: Path = HERE) -> dict[str, RuleText]:
    """Read the rules of a folder (one file a stage of the process) or of one file."""
    paths = [place] if place.is_file() else [place / f"{stage}.yaml" for stage in STAGE_FILES]
    return read_rules(node for path in paths if path.exists() for node in entries(path))
