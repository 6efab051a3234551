"""A province's own rules: off by default, for one question by `--overlay`, for a store by `dubi overlay`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Dubi

AS_OF = ("--as-of", "2026-03-31")
HA_NOI = "ha-noi-2025"


def own(found: object) -> set[str]:
    """The rules of an overlay among the findings."""
    assert isinstance(found, dict)
    return {one["rule"] for one in found["findings"] if one["overlay"] == HA_NOI}


def test_off_unless_asked(dubi: Dubi, large: Path) -> None:
    """Without a word no overlay speaks; with `--overlay` its findings name it, and both evaluators agree."""
    assert own(dubi("check", large, *AS_OF, "--json").json) == set()
    live = dubi("check", large, *AS_OF, "--overlay", HA_NOI, "--json").json
    assert own(live)
    assert all(rule.startswith("ha_noi.") for rule in own(live))
    assert live == dubi("check", large, *AS_OF, "--overlay", HA_NOI, "--evaluator", "sweep", "--json").json


def test_unknown_overlay(dubi: Dubi, large: Path) -> None:
    """A name that no overlay bears is a wrong name, with the nearest one."""
    ran = dubi("check", large, "--overlay", "ha-noi-2024")
    assert (ran.code, "ha-noi-2025" in ran.err) == (2, True)


def test_chosen_for_a_store(dubi: Dubi, large: Path, store: Path) -> None:
    """What a store has chosen counts for its own cases until something else is chosen, and stands in its log."""
    assert dubi("import", large, "--apply", "--store", store).code == 0
    assert dubi("overlay", HA_NOI, "--store", store).code == 0
    assert own(dubi("check", *AS_OF, "--json", "--store", store).json)
    assert own(dubi("check", large, *AS_OF, "--json", "--store", store).json) == set()
    assert "ha-noi-2025" in dubi("log", "--store", store).out
    assert dubi("log", "verify", "--store", store).code == 0
    assert dubi("overlay", "--none", "--store", store).code == 0
    assert own(dubi("check", *AS_OF, "--json", "--store", store).json) == set()


def test_undo_leaves_the_choice_alone(dubi: Dubi, large: Path, store: Path) -> None:
    """`undo` after a choice takes back the last write of cases; the choice is made anew, not undone."""
    assert dubi("import", large, "--apply", "--store", store).code == 0
    assert dubi("overlay", HA_NOI, "--store", store).code == 0
    assert dubi("undo", "--store", store).code == 0
    assert dubi("check", *AS_OF, "--json", "--store", store).json["cases"] == 0
    assert HA_NOI in dubi("overlay", "--store", store).out
