"""The page of rules and clauses is the one that the data gives, and nothing is left out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.proving.rulebook_page import COMMAND, shipped_page
from engine.ruleset import load_ruleset
from rules.loader import examples as examples_loader
from rules.loader import overlays as overlays_loader

PAGE = Path(__file__).parent.parent.parent / "docs" / "quy-tac.md"


@pytest.fixture(scope="module")
def made() -> str:
    """The page as the data gives it now."""
    return shipped_page()


def test_page_is_current(made: str) -> None:
    """The page in the folder of documents is the one that the data gives."""
    assert PAGE.read_text(encoding="utf-8") == made, f"docs/quy-tac.md is out of date; run: .venv/bin/{COMMAND}"


def test_page_is_whole(made: str) -> None:
    """Every rule with its examples, every computed fact, every value of the law and every document stands in it."""
    ruleset = load_ruleset(None, tuple(overlays_loader.find(name) for name in overlays_loader.names()))
    for name in (*ruleset.rules, *ruleset.computed, *ruleset.law.parameters, *load_ruleset().law.documents):
        assert f"`{name}`" in made
    for example in examples_loader.load():
        if example.rule in ruleset.rules:
            assert example.title in made


def test_page_is_in_words(made: str) -> None:
    """Nothing of the program's own making is left standing in the words: no empty value, no placeholder, no code."""
    for line in made.splitlines():
        assert "None" not in line
        assert not ("{" in line and "Thông báo" in line)


def test_tables_are_whole(made: str) -> None:
    """Every row of a table has as many cells as its heading, so that none is cut off where it is shown."""
    cells = 0
    for line in made.splitlines():
        if not line.startswith("|"):
            cells = 0
            continue
        count = line.replace("\\|", "").count("|")
        cells = cells or count
        assert count == cells, line
