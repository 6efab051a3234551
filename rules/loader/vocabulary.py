"""The words of the rules: every fact about a case with its type and its workbook column, and the code lists.

One source: the workbook's columns, the store's step kinds and the conditions' names all come from ``facts.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from rules.loader.kept.copies import kept
from rules.loader.yaml_nodes import Node, entries, read_yaml

HERE = Path(__file__).parents[1]
_FILES = (HERE / "facts.yaml", HERE / "codes.yaml")

Kind = Literal["given", "step", "attribute", "mark", "first_day", "last_day", "computed"]
TYPES = ("date", "number", "mark", "code", "text")
KINDS = ("given", "step", "attribute", "mark", "first_day", "last_day")
RECORDED_KEYS = (
    ("fact", "type", "kind"),
    (
        *("label", "column", "required", "optional", "codes", "unknown", "unknown_when", "note", "reference"),
        *("of", "keeps", "sensitive", "hides_names"),
    ),
)
COMPUTED_KEYS = (("fact", "label", "is"), ("codes", "note", "reference", "sensitive"))
"""The keys of an entry: those it must have, and those it may have."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a case: recorded (with its column), given by the command, or computed from others."""

    name: str
    type: str | None
    """`date`, `number`, `mark`, `code` or `text`; None for a computed fact until it is checked."""
    kind: Kind
    label: str
    file: Path
    line: int
    column: str | None = None
    required: bool = False
    optional: bool = False
    codes: str | None = None
    unknown: bool = False
    note: str | None = None
    expression: str | None = None
    unknown_when: str | None = None
    of: str | None = None
    """The fact with a day known only in part (a year, a month, or nothing of it) whose first or last day this is."""
    reference: str | None = None
    """Why it is kept although no rule works with it: for people to read."""
    keeps: str | None = None
    """The fact whose column the office keeps where this mark is set."""
    sensitive: bool = False
    """Whether it is personal data of the sensitive kind: shown and given out only where somebody asks, and says why."""
    hides_names: bool = False
    """Whether a figure that reads it is given without the names of those it counts."""
    condition_line: int = 0
    """The line of the expression or of `unknown_when`."""


@dataclass(frozen=True)
class Vocabulary:
    """All facts by name, and the code lists (`codes["schooling"]["primary"]` is the Vietnamese label).

    What is told of all facts together is gathered once, for it is asked of every case.
    """

    facts: dict[str, Fact]
    codes: dict[str, dict[str, str]]

    @cached_property
    def columns(self) -> tuple[Fact, ...]:
        """The facts that stand in sheet `Hồ sơ`, in the order of its columns."""
        return tuple(fact for fact in self.facts.values() if fact.column)

    @cached_property
    def partly(self) -> dict[str, tuple[str, str]]:
        """The facts that hold a day known only in part, each with the facts of its first and its last possible day."""
        days = {(fact.of, fact.kind): fact.name for fact in self.facts.values() if fact.of}
        return {of: (days[of, "first_day"], days[of, "last_day"]) for of in dict.fromkeys(of for of, _ in days)}

    @cached_property
    def begun_on(self) -> frozenset[str]:
        """The facts that hold a day before which they are not there yet: steps, and days that a step had at least."""
        return frozenset(fact.name for fact in self.facts.values() if fact.kind in ("step", "first_day"))

    @cached_property
    def kept(self) -> dict[str, str]:
        """For each fact that some rule asks for where its column is kept: the mark that says so."""
        return {fact.keeps: fact.name for fact in self.facts.values() if fact.keeps}

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """The facts that are shown and given out only where somebody asks, and says why."""
        return frozenset(fact.name for fact in self.facts.values() if fact.sensitive)

    @cached_property
    def hides_names(self) -> frozenset[str]:
        """The facts of which only counts are given, unless names are asked for expressly."""
        return frozenset(fact.name for fact in self.facts.values() if fact.hides_names)

    @cached_property
    def step_kinds(self) -> tuple[str, ...]:
        """The kinds of dated steps."""
        return tuple(fact.name for fact in self.facts.values() if fact.kind == "step")


def _fact(node: Node, codes: dict[str, dict[str, str]]) -> Fact:
    computed = "is" in node.pairs()
    keys = node.mapping(*(COMPUTED_KEYS if computed else RECORDED_KEYS))
    name = keys["fact"].text()
    if not (name.isidentifier() and name.isascii()):
        raise keys["fact"].error(f"“{name}” không dùng làm tên dữ kiện được.", "Chỉ dùng chữ không dấu, số và “_”.")
    column = keys.read("column", Node.text)
    if not computed and not column and "label" not in keys:
        raise node.error(f"Dữ kiện “{name}” thiếu khoá “label”.", "Thêm tên tiếng Việt của dữ kiện.")
    type_ = None if computed else keys["type"].one_of(TYPES)
    if type_ == "code" and "codes" not in keys:
        raise node.error(f"Dữ kiện “{name}” kiểu code nhưng thiếu khoá “codes”.", "Ghi tên một danh mục mã.")
    if "codes" in keys and type_ not in (None, "code"):
        raise keys["codes"].error(
            f"Dữ kiện “{name}” có khoá “codes” nhưng không phải kiểu code.", "Sửa type thành code, hoặc bỏ codes."
        )
    if "optional" in keys and column is None:
        raise keys["optional"].error(
            f"Dữ kiện “{name}” ghi “optional” mà không có cột.", "Thêm column, hoặc bỏ “optional”."
        )
    if "unknown" in keys and "unknown_when" in keys:
        raise keys["unknown"].error(f"Dữ kiện “{name}” ghi cả unknown và unknown_when.", "Chỉ giữ một.")
    sensitive, hides_names = (keys.read(key, Node.flag, otherwise=False) for key in ("sensitive", "hides_names"))
    if hides_names and not sensitive:
        raise keys["hides_names"].error(
            f"Dữ kiện “{name}” ghi “hides_names” mà không ghi “sensitive”.",
            "Thêm sensitive: true, hoặc bỏ hides_names.",
        )
    kind: Kind = "computed"
    if not computed:
        kind = keys["kind"].one_of(KINDS)  # type: ignore[assignment]  # narrowed by one_of
    if kind == "step" and type_ != "date":
        raise keys["type"].error("Một bước (kind: step) phải có type: date.", "Sửa lại type hoặc kind.")
    if (kind == "mark") != (type_ == "mark") and kind != "given":
        raise node.error("Dấu có/không phải ghi cả type: mark và kind: mark.", "Sửa lại cho khớp nhau.")
    if ("of" in keys) != (kind in ("first_day", "last_day")) or ("of" in keys and type_ != "date"):
        raise node.error(
            f"“{name}”: ngày đầu, ngày cuối (first_day, last_day) có type: date và ghi “of”; dữ kiện khác thì không.",
            "Ghi of: tên dữ kiện có ngày chưa rõ.",
        )
    return Fact(
        name=name,
        type=type_,
        kind=kind,
        label=keys.read("label", Node.text, column or name),
        file=node.file,
        line=node.line,
        column=column,
        required=keys.read("required", Node.flag, otherwise=False),
        optional=keys.read("optional", Node.flag, otherwise=False),
        codes=keys.read("codes", lambda node: node.one_of(codes)),
        unknown=keys.read("unknown", Node.flag, otherwise=False),
        note=keys.read("note", Node.text),
        expression=keys["is"].text() if computed else None,
        unknown_when=keys.read("unknown_when", Node.text),
        of=keys.read("of", Node.text),
        reference=keys.read("reference", Node.text),
        keeps=keys.read("keeps", Node.text),
        sensitive=sensitive,
        hides_names=hides_names,
        condition_line=next((keys[key].line for key in ("is", "unknown_when") if key in keys), node.line),
    )


def load_codes(path: Path) -> dict[str, dict[str, str]]:
    """The code lists of a file, each code with its Vietnamese label."""
    return {
        name: {code: label.text() for code, label in node.pairs().items()}
        for name, node in read_yaml(path).pairs().items()
    }


def _header(column: str) -> str:
    """A column's name as far as it tells columns apart: capitals and spacing do not."""
    return " ".join(column.casefold().split())


@cache
def load(facts_file: Path = _FILES[0], codes_file: Path = _FILES[1]) -> Vocabulary:
    """Read the facts and the code lists; raises `LawFileError` with file and line."""
    if (facts_file, codes_file) == _FILES:
        return kept("facts", Vocabulary, lambda: _read(*_FILES))
    return _read(facts_file, codes_file)


def _read(facts_file: Path, codes_file: Path) -> Vocabulary:
    codes = load_codes(codes_file)
    facts: dict[str, Fact] = {}
    columns: dict[str, Fact] = {}
    for node in entries(facts_file):
        fact = _fact(node, codes)
        if fact.name in facts:
            raise node.error(f"Dữ kiện “{fact.name}” khai báo hai lần.", f"Xem dòng {facts[fact.name].line}.")
        if fact.column and (other := columns.setdefault(_header(fact.column), fact)) is not fact:
            raise node.error(
                f"Cột “{other.column}” đã là của dữ kiện “{other.name}”.",
                f"Mỗi cột một dữ kiện; xem dòng {other.line}.",
            )
        if fact.of is not None and (fact.of not in facts or facts[fact.of].type != "text"):
            raise node.error(
                f"“{fact.name}” là ngày đầu hay cuối của “{fact.of}”, không phải một dữ kiện chữ ở trên.",
                "Ghi of: tên dữ kiện có ngày chưa rõ.",
            )
        facts[fact.name] = fact
    for fact in facts.values():
        if fact.keeps and not (facts.get(fact.keeps) and facts[fact.keeps].column):
            place = Node(facts_file, fact.line, fact.keeps)
            raise place.error(f"Không có cột của dữ kiện “{fact.keeps}”.", "Ghi tên một dữ kiện có cột.")
    return Vocabulary(facts, codes)
