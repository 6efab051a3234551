"""The rules in words: all of them by stage, one of them beside its clauses and examples, and the page of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cases.values.whole_file import whole_file
from desk.words.labels import label
from engine.proving.rulebook_page import STAGES, shipped_page
from engine.proving.rulebook_page import severities_in_words as severities_in_words
from engine.proving.rulebook_text import ParameterView as ParameterView
from engine.proving.rulebook_text import RuleTexts, by_stage, examples_in_words, find_rule
from engine.proving.rulebook_text import RuleView as RuleView
from engine.ruleset import Rule, load_ruleset
from rules.loader import examples as examples_loader


@dataclass(frozen=True, slots=True)
class RuleList:
    """All rules of the national law, stage by stage."""

    stages: tuple[tuple[str, Sequence[Rule]], ...]
    """What a stage is called, and its rules."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        members = [
            {
                "rule": rule.name,
                "title": rule.title,
                "file": rule.text.file.name,
                "severities": [severity for severity, _ in rule.severities],
                "held_by": rule.held_by,
                "cites": [citation.parameter.name for citation in rule.cites],
            }
            for rule in load_ruleset().rules.values()
        ]
        return {"rules": members}


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule in words, with its examples."""

    view: RuleView
    examples: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {**asdict(self.view), "examples": list(self.examples)}


def rules() -> RuleList:
    """All rules; raises `LawFileError`."""
    return RuleList(tuple((STAGES.get(stage, stage), found) for stage, found in by_stage(load_ruleset())))


def severities_of(rule: Rule) -> str:
    """The severities that a finding by a rule can have, in words."""
    return ", ".join(dict.fromkeys(label("severity", word) for word, _ in rule.severities))


def rule(name: str) -> RuleShown:
    """One rule, of an overlay too; raises `UnknownName` with the nearest."""
    ruleset, found = find_rule(name)
    view = RuleTexts(ruleset).rule(found)
    return RuleShown(view, tuple(examples_in_words(examples_loader.load()).get(view.name, ())))


def page() -> str:
    """The page of all rules beside their clauses, in Markdown."""
    return shipped_page()


def write_page(path: Path) -> None:
    """Write that page to a file, over an earlier one; raises `StoreProblem`."""
    with whole_file(path, replace=True) as draft:
        draft.write_text(page(), encoding="utf-8", newline="\n")
