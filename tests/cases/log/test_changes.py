"""Every write leaves its trace: who, when, from where, and what stood there before and after."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cases.imports.importing import import_file
from cases.store.connection import writing
from tests.cases.files.workbooks import case_book, somebody


class Line(NamedTuple):
    """A line of the log with the heading above it."""

    name: str
    who: str
    source: str
    entity: str
    key: str
    before: Any
    after: Any


def _changes(store: str) -> list[Line]:
    with writing(store) as connection:
        query = """SELECT name, who, source, entity, "key", before, after
            FROM changes JOIN batches ON batches.id = changes.batch_id ORDER BY changes.id"""
        return [Line(*row) for row in connection.execute(query)]


def test_each_change_is_written_down(tmp_path: Path, store: str) -> None:
    """The log holds who, from which file, in which batch, and how a case stood before and after, what differs only."""
    first = import_file(store, case_book(tmp_path / "1.xlsx", somebody(note="cũ")), apply=True, who="Bí thư")
    row = somebody(note=None, admitted_on=date(2020, 1, 5))
    second = import_file(store, case_book(tmp_path / "2.xlsx", row), apply=True, who="Thư ký")
    (made, changed) = _changes(store)
    assert tuple(made)[:6] == (first.batch, "Bí thư", "1.xlsx", "case", "HS-1", None)
    assert json.loads(made.after) == {
        "code": "HS-1",
        "full_name": "Trần Văn Mẫu",
        "born_on": "1990-05-15",
        "note": "cũ",
    }
    assert tuple(changed)[:5] == (second.batch, "Thư ký", "2.xlsx", "case", "HS-1")
    assert json.loads(changed.before) == {}  # an empty cell takes nothing away
    assert json.loads(changed.after) == {"step admitted_on 2020-01-05": {}}


def test_the_machine_names_the_user(tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name given, the log takes the name of the machine's user, and says so where there is none."""
    monkeypatch.setattr("getpass.getuser", lambda: "thuky")
    import_file(store, case_book(tmp_path / "1.xlsx", somebody("HS-1")), apply=True)

    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nobody)
    import_file(store, case_book(tmp_path / "2.xlsx", somebody("HS-2", full_name="Lê Thị Thử")), apply=True)
    assert [change.who for change in _changes(store)] == ["thuky", "không rõ"]
