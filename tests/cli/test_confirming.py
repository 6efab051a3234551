"""`dubi rules confirm`: what nobody has read is listed; what somebody has read counts from then on, with its clause."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Dubi

LIMIT, AS_OF = "recognition.decision_limit", ("--as-of", "2026-11-20")
READ = ("--clause", "4.3.1", "--seen-at", "trang thông tin chính thức")


def test_what_is_not_read_is_listed(dubi: Dubi, book: Path) -> None:
    """Each value in force that nobody has read, with what rests on it and how many findings, those with most first."""
    found = dubi("rules", "confirm", *AS_OF, "--json", "--store", book).json["unconfirmed"]
    limit = next(one for one in found if one["parameter"] == LIMIT)
    assert (limit["document"], limit["value"]) == ("qd-208-2026", "30")
    assert "recognition.past_decision_limit" in limit["rules"]
    assert [one["findings"] for one in found] == sorted((one["findings"] for one in found), reverse=True)
    assert not any(one["parameter"].startswith("project.") for one in found)


def test_what_was_read_counts(dubi: Dubi, book: Path) -> None:
    """It is kept in the log and named there, counts as read from then on, and does not go with an undo."""
    values = ("rules", "confirm", LIMIT, "--value", "25", *READ)
    written = dubi(*values, "--json", "--store", book, DUBI_USER="Chị Nga").json
    assert (written["parameter"], written["document"], written["shipped"]) == (LIMIT, "qd-208-2026", "30")
    assert (written["who"], written["value"]) == ("Chị Nga", "25")
    found = dubi("rules", "confirm", *AS_OF, "--json", "--store", book).json["unconfirmed"]
    assert LIMIT not in {one["parameter"] for one in found}
    assert LIMIT in dubi("log", "--store", book).out
    assert dubi("log", "verify", "--store", book).code == 0
    dubi("undo", "--yes", "--store", book)
    found = dubi("rules", "confirm", *AS_OF, "--json", "--store", book).json["unconfirmed"]
    assert LIMIT not in {one["parameter"] for one in found}


def test_what_is_wrong_is_refused(dubi: Dubi, book: Path) -> None:
    """A value that is no number, a name that nothing bears, and half of what is needed are refused; nothing is kept."""
    assert dubi("rules", "confirm", LIMIT, "--value", "ba mươi", *READ, "--store", book).code == 3
    near = dubi("rules", "confirm", "recognition.decision_limits", "--value", "30", *READ, "--store", book)
    assert (near.code, LIMIT in near.err) == (2, True)
    assert dubi("rules", "confirm", LIMIT, "--value", "30", "--store", book).code == 2
    assert dubi("rules", "confirm", "--value", "30", "--store", book).code == 2
    assert LIMIT not in dubi("log", "--store", book).out
