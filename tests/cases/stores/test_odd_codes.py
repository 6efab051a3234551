"""Codes with signs that mean something to a database or its driver: at every door they are only letters."""

from __future__ import annotations

import datetime as dt

from cases.store.connection import writing
from cases.store.frames import stored_cases
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster
from desk.changes.values import Correct, RecordStep, RemoveCase
from desk.desk import Desk
from tests.whole import some

TODAY = dt.date(2025, 3, 1)
CODES = ("HS'%9", "A?B", "100%s", "%%", "C\\D", 'q"x', "a_b", "{x}", "x--y", "$1", ":ten", "Đ%(a)s")


def _case(code: str) -> Record:
    told = {"code": code, "full_name": f"Người {code}", "unit": "CB-1", "born_on": dt.date(1990, 1, 1)}
    return Record(code, told)  # type: ignore[arg-type]  # fields of any kind


def test_every_door_takes_them_for_letters(store: str) -> None:
    """Found, explained, written to, read in columns, looked at for news, taken out and back: each is itself alone."""
    with writing(store) as connection:
        apply_roster(connection, Roster(tuple(map(_case, CODES))), new_batch("thử"))
    desk = Desk(store, today=TODAY, user="thử")
    desk.news(desk.ask(), keep=True)
    for code in some(CODES):
        assert [one["case"] for one in desk.find(desk.ask(), code).as_json()["found"]] == [code]
        before = read_store(store)
        noted = desk.commit(desk.preview(Correct(code, ("note=100% ? %s",))), confirmed=True)
        stepped = desk.commit(desk.preview(RecordStep(code, "candidate_on", dt.date(2025, 1, 6))), confirmed=True)
        assert noted.batch
        assert stepped.batch
        after = {one.code: one for one in read_store(store).records}
        assert after[code].fields["note"] == "100% ? %s"
        changed = [one.code for one in before.records if after[one.code] != one]
        assert changed == [code]
        assert desk.explain(desk.ask(), code).as_json()["case"] == code
        assert desk.news(desk.ask(), keep=True).looked_at == 1
        read = next(iter(stored_cases(store, frozenset({"full_name"}), 100, codes=(code,))))
        assert read.cases["code"].to_list() == [code]
    gone = desk.commit(desk.preview(RemoveCase(CODES[0])), confirmed=True)
    assert gone.batch
    assert [one.code for one in read_store(store).records] == list(CODES[1:])
    desk.undo(confirmed=True)
    assert sorted(one.code for one in read_store(store).records) == sorted(CODES)
