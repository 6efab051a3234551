"""`dubi case` and the new commands of units and targets as a user types them, in both languages and as JSON."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Dubi


def test_a_dossier_is_looked_at_changed_and_brought_back(dubi: Dubi, book: Path) -> None:
    """Each command previews, refuses what is not confirmed, answers programs, and is taken back by `undo`."""
    assert book.exists()
    assert dubi("add", "--name", "Nguyễn Thị Mẫu", "--code", "HS-90").code == 0
    before = dubi("check", "--json").json
    for words, action in (
        (("case", "remove", "HS-03"), "remove"),
        (("ho-so", "gop", "HS-03", "HS-90"), "join"),
        (("case", "recode", "HS-03", "CB-HS-03"), "recode"),
    ):
        looked = dubi(*words, "--preview", "--json")
        assert (looked.code, looked.json["action"], looked.json["batch"]) == (0, action, None)
        assert looked.json["changes"]
        assert dubi(*words, "--preview").code == 0
        if looked.json["doubts"]:
            refused = dubi(*words)
            assert (refused.code, "--confirm" in refused.err) == (3, True)
        assert dubi("check", "--json").json == before
        assert dubi(*words, "--confirm", "--json").json["batch"]
        assert dubi("check", "--json").json != before
        assert dubi("undo").code == 0
        assert dubi("check", "--json").json == before


def test_units_and_targets_are_typed(dubi: Dubi, store: Path) -> None:
    """A unit is listed and settled and a target set under either name; a wrong word is refused with what to do."""
    assert store.exists()
    assert dubi("unit", "add", "DU", "--name", "Đảng ủy xã", "--level", "grassroots_committee").code == 0
    added = dubi("to-chuc", "them", "CB-1", "--parent", "du", "--opened", "01/02/2020", "--set", "Địa danh=Xã Mẫu")
    assert (added.code, "CB-1: Địa danh: trống → Xã Mẫu" in added.out) == (0, True)
    shown = dubi("unit", "set", "CB-1", "Người ký=Nguyễn Văn Mẫu", "--json").json
    assert shown["changes"] == ["CB-1: Người ký: trống → Nguyễn Văn Mẫu"]
    assert dubi("chi-tieu", "dat", "CB-1", "2026", "3").code == 0
    log = dubi("log", "--json").json["batches"]
    assert [batch["action"] for batch in log] == ["unit", "unit", "unit", "target"]
    refused = dubi("unit", "set", "CB-1", "Người kí tên=A")
    assert (refused.code, "Có phải “Người ký”" in refused.err) == (2, True)
    assert dubi("unit", "set", "CB-1", "Người ký").code == 3
