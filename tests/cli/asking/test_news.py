"""`dubi news`: what came and what went since the last look that was kept."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Dubi


def test_a_look_and_the_next(dubi: Dubi, data: Path) -> None:
    """Nothing is new at first; later what came is what `check` has now and had not then."""
    assert dubi("init").code == dubi("import", data / "rosters" / "dang-bo-co-so.xlsx", "--apply").code == 0
    assert "dubi news --keep" in dubi("news", "--as-of", "2024-10-31").err
    first = dubi("news", "--as-of", "2024-10-31", "--keep", "--json").json
    assert (first["since"], first["came"], first["went"]) == (None, [], [])
    assert first["looked_at"] == 600
    stands = {(f["case"], f["rule"]) for f in dubi("check", "--as-of", "2024-10-31", "--json").json["findings"]}
    assert {(f["case"], f["rule"]) for f in first["standing"]} == stands

    second = dubi("news", "--as-of", "2024-12-31", "--json").json
    assert second["since"] == "2024-10-31"
    assert second["looked_at"] < 100
    then, now = (
        {(f["case"], f["rule"]): f["severity"] for f in dubi("check", "--as-of", day, "--json").json["findings"]}
        for day in ("2024-10-31", "2024-12-31")
    )
    assert {(f["case"], f["rule"]): f["severity_before"] for f in second["came"]} == {
        key: then.get(key) for key, severity in now.items() if then.get(key) != severity
    }
    assert {(f["case"], f["rule"]) for f in second["went"]} == then.keys() - now.keys()
    assert all(day["change_on"] > "2024-12-31" for day in second["coming"])

    shown = dubi("news", "--as-of", "2024-12-31").out
    overdue = [f for f in second["came"] if f["severity"] == "overdue"]
    assert f"Mới có, quá hạn: {len(overdue)}" in shown
    assert all(f["case"] in shown for f in overdue)
    refused = dubi("news", "--as-of", "2024-10-30")
    assert (refused.code, refused.out) == (3, "")
    assert "31/10/2024" in refused.err
