"""The papers of a cell as they are written: their words, the fields in them, and whom they are about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean
from rules.loader.yaml_nodes import Keys, Node, entries

HERE = Path(__file__).parent
GATES = ("when", "findings", "otherwise", "afterwards")
"""What a paper may ask of a case besides its step."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper: about one case, or with a row for each person of a unit."""

    name: str
    label: str
    of_case: bool
    step: str | None
    """The step that it is written for."""
    afterwards: bool
    """Whether it is also written once the step is recorded: the minutes of a meeting that was held."""
    when: str | None
    """A condition over the case, in the language of the rules."""
    findings: tuple[str, ...]
    """Rules of which one at least must speak of the case."""
    otherwise: str | None
    """What is said where neither lets the case there."""
    right: tuple[str, ...]
    title: tuple[str, ...]
    text: tuple[str, ...]
    rows_of: str | None
    """The figure whose people are the rows."""
    columns: dict[str, str]
    signatures: tuple[tuple[str, ...], ...]

    @property
    def file(self) -> Path:
        """The shipped template."""
        return HERE / f"{self.name}.docx"


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(entry.text() for entry in node.items())


def _paper(node: Node) -> Paper:
    keys = node.mapping(["paper", "label", "of", "right", "title", "text", "signatures"], ["rows", "step", *GATES])
    rows = keys.read("rows", lambda node: node.mapping(["of", "columns"]), Keys())
    return Paper(
        name=keys["paper"].text(),
        label=keys["label"].text(),
        of_case=keys["of"].one_of(("case", "unit")) == "case",
        step=keys.read("step", Node.text),
        afterwards=keys.read("afterwards", Node.flag, otherwise=False),
        when=keys.read("when", Node.text),
        findings=keys.read("findings", _texts, ()),
        otherwise=keys.read("otherwise", Node.text),
        right=_texts(keys["right"]),
        title=_texts(keys["title"]),
        text=_texts(keys["text"]),
        rows_of=rows["of"].text() if rows else None,
        columns={label: field.text() for label, field in rows["columns"].pairs().items()} if rows else {},
        signatures=tuple(_texts(block) for block in keys["signatures"].items()),
    )


@cache
def load() -> dict[str, Paper]:
    """All papers; raises `LawFileError` with file and line."""
    return {paper.name: paper for paper in (_paper(node) for node in entries(HERE / "papers.yaml"))}


def known_paper(name: str) -> Paper:
    """The paper of that name; raises `UnknownName` with the nearest one."""
    papers = load()
    if name not in papers:
        hint = did_you_mean(name, papers, "Xem danh sách bằng lệnh: dubi paper list.")
        raise UnknownName(f"Không có giấy tờ “{name}”. {hint}")
    return papers[name]
