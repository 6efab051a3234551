"""The steps that can come next, as they are written: from which day, until which day, by whom (`plan.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader import vocabulary
from rules.loader.rules import HERE, HOLDERS, Clause
from rules.loader.yaml_nodes import Node, entries

FILE = HERE / "plan.yaml"


@dataclass(frozen=True, slots=True)
class PlanText:
    """A coming step in words: conditions and days are still text, with the lines they stand on."""

    step: str
    label: str
    when: str
    cites: Clause
    file: Path
    lines: dict[str, int]
    records: str | None = None
    """The step that is recorded when it is taken; None = it is no act but a day that comes."""
    needs: tuple[str, ...] = ()
    """The facts without which it is not taken."""
    earliest: str | None = None
    latest: str | None = None
    held_by: str | None = None
    note: str | None = None


def _step(node: Node) -> PlanText:
    keys = node.mapping(
        ["step", "label", "when", "cites"], ["records", "needs", "earliest", "latest", "held_by", "note"]
    )
    facts, kinds = vocabulary.load().facts, vocabulary.load().step_kinds
    name = keys["step"].text()
    clause = keys["cites"].mapping(["clause", "on"])
    return PlanText(
        step=name,
        label=keys["label"].text(),
        when=keys["when"].text(),
        cites=Clause(clause["clause"].text(), clause["on"].text(), keys["cites"].line),
        file=node.file,
        lines={key: value.line for key, value in keys.items()},
        records=keys.read("records", lambda node: node.one_of(kinds), name if name in kinds else None),
        needs=keys.read("needs", lambda node: tuple(item.one_of(facts) for item in node.items()), ()),
        earliest=keys.read("earliest", Node.text),
        latest=keys.read("latest", Node.text),
        held_by=keys.read("held_by", lambda node: node.one_of(HOLDERS)),
        note=keys.read("note", Node.text),
    )


@cache
def load(file: Path = FILE) -> dict[str, PlanText]:
    """Read the steps in their order; raises `LawFileError` with file and line."""
    steps: dict[str, PlanText] = {}
    for node in entries(file):
        step = _step(node)
        if step.step in steps:
            raise node.error(f"Bước “{step.step}” khai báo hai lần.", "Mỗi bước một mục.")
        steps[step.step] = step
    return steps
