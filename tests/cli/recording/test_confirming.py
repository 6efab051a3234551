"""`dubi rules confirm`: what nobody has read is listed; what somebody has read counts from then on, with its clause."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

from desk.desk import Desk
from tests.cli.conftest import Dubi

LIMIT, AS_OF = "recognition.decision_limit", ("--as-of", "2026-11-20")
READ = ("--clause", "4.3.1", "--seen-at", "trang thông tin chính thức")


def test_what_is_not_read_is_listed(dubi: Dubi, book: Path) -> None:
    """Each value in force that nobody has read, with what rests on it and how many findings, those with most first."""
    found = dubi("rules", "confirm", *AS_OF, "--json", "--store", book).json["unconfirmed"]
    limit = next(one for one in found if one["parameter"] == LIMIT)
    assert (limit["document"], limit["value"]) == ("qd-208-2026", "30")
    assert "recognition.past_decision_limit" in limit["rules"]
    desk = Desk(f"sqlite:///{book}", today=dt.date(2026, 11, 20))
    for one in found[:12]:  # a value that touches nothing changes nothing once it is read as it is shipped
        made = desk.confirming(desk.ask(), one["parameter"], one["value"], "1", "ở đâu")
        assert not made.cases or one["findings"], one["parameter"]
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


CASE = ("check", "--as-of", "2026-11-20", "--json")


def test_what_was_not_read_yet_is_not_known(dubi: Dubi, book: Path) -> None:
    """As known on a day before it was read, a value counts as it did then; a file, which has no log, knows of none."""
    with closing(sqlite3.connect(book)) as store:  # what stands in the store was written two days ago
        guards = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for guard, _ in guards:
            store.execute(f"DROP TRIGGER {guard}")
        ((made_at,),) = store.execute("SELECT made_at FROM batches").fetchall()
        earlier = dt.datetime.fromisoformat(made_at) - dt.timedelta(days=2)
        store.execute("UPDATE batches SET made_at = ?", (earlier.isoformat(sep=" "),))
        for _, made in guards:
            store.execute(made)
        store.commit()
    before = dubi(*CASE, "--store", book).json
    dubi("export", "so.xlsx", "--store", book, "--with-sensitive", "so với kho")
    found = dubi("rules", "confirm", *AS_OF, "--json", "--store", book).json["unconfirmed"][0]
    assert found["findings"] > 0
    said = ("--value", found["value"], *READ)
    assert dubi("rules", "confirm", found["parameter"], *said, "--store", book).code == 0
    after = dubi(*CASE, "--store", book).json
    assert after["findings"] != before["findings"]
    yesterday = (dt.date.today() - dt.timedelta(days=1)).isoformat()
    then = dubi(*CASE, "--known-on", yesterday, "--store", book).json
    assert then["findings"] == before["findings"]
    assert dubi("check", "so.xlsx", *CASE[1:], DUBI_STORE=str(book)).json["findings"] == before["findings"]


def test_a_receipt_knows_what_was_read(dubi: Dubi, book: Path) -> None:
    """A receipt made before is given again as it was then, and tells that the rules are others now."""
    made = dubi("check", "--as-of", "2026-11-20", "--receipt", "truoc.json", "--store", book)
    assert made.code == 0, made.err
    whole = dubi("report", "verify", "truoc.json", "--store", book, "--json").json
    assert dubi("rules", "confirm", LIMIT, "--value", "25", *READ, "--store", book).code == 0
    later = dubi("report", "verify", "truoc.json", "--store", book, "--json").json
    assert (whole["same_rules"], later["same_rules"]) == (True, False)
    assert later["not_reproduced"] == whole["not_reproduced"] == []


def test_what_is_wrong_is_refused(dubi: Dubi, book: Path) -> None:
    """A value that is no number, a name that nothing bears, and half of what is needed are refused; nothing is kept."""
    assert dubi("rules", "confirm", LIMIT, "--value", "ba mươi", *READ, "--store", book).code == 3
    near = dubi("rules", "confirm", "recognition.decision_limits", "--value", "30", *READ, "--store", book)
    assert (near.code, LIMIT in near.err) == (2, True)
    assert dubi("rules", "confirm", LIMIT, "--value", "30", "--store", book).code == 2
    assert dubi("rules", "confirm", "--value", "30", "--store", book).code == 2
    assert LIMIT not in dubi("log", "--store", book).out
