"""Why two numbers differ is told with each person and the reason: not yet there, or counted and since gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cases.store.connection import initialise
from cases.values.records import Record, Roster, Value
from desk.changes.values import Leave
from desk.desk import Desk
from tests.calling import call
from tests.cases.log.test_taking_back import put

D = dt.date
TODAY = D(2026, 11, 29)


def somebody(code: str, **fields: Value) -> Record:
    """A person with these fields."""
    return Record(
        code, {"code": code, "full_name": f"Người {code}", "unit": "CB-1", "born_on": D(1990, 1, 1), **fields}
    )


LATE = {
    "admission_decided_on": D(2022, 1, 5),
    "admitted_on": D(2022, 1, 20),
    "new_member_certified_on": D(2022, 9, 1),
    "cell_proposed_recognition_on": D(2024, 5, 6),
    "recognition_decided_on": D(2024, 6, 10),
}


def kept(tmp_path: Path, *records: Record) -> Desk:
    """The desk before a store with these people."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    put(url, Roster(records))
    return Desk(url, today=TODAY, user="Huệ")


def test_whoever_is_not_counted_yet_is_named_with_the_day(tmp_path: Path) -> None:
    """All cases of the source are counted or named: of a mistyped year the day is told, live and in columns alike."""
    records = (
        somebody("HS-1", candidate_on=D(2062, 3, 1)),
        somebody("HS-2", candidate_on=D(2026, 3, 1), awareness_certified_on=D(2062, 5, 1)),
        somebody("HS-3"),
        somebody("HS-4", candidate_on=TODAY),
        somebody("HS-5", admitted_partly="2019", left_on=D(2062, 1, 1), exit_kind="resigned"),
    )
    desk = kept(tmp_path, *records)
    for by in ("live", "sweep"):
        for day, codes in ((TODAY, ["HS-1"]), (TODAY - dt.timedelta(days=1), ["HS-1", "HS-4"]), (D(2062, 3, 1), [])):
            checked = desk.check(desk.ask(as_of=day, by=by))
            assert [one["case"] for one in checked.as_json()["not_yet"]] == codes, (by, day)
            assert checked.evaluation.cases + len(codes) == len(records)
    assert desk.check(desk.ask(unit="CB-1")).not_yet[0].first_on == D(2062, 3, 1)
    said = call(["check", "--as-of", TODAY.isoformat(), "--store", desk.url], tmp_path).out
    assert "Chưa tính 1 hồ sơ" in said
    assert "HS-1 (01/03/2062)" in said


def test_a_figure_says_whom_check_does_not_name(tmp_path: Path) -> None:
    """Three were recognised late and one has left since: the figure keeps her, `check` does not, and both are said."""
    desk = kept(tmp_path, *(somebody(code, **LATE) for code in ("HS-1", "HS-2", "HS-3")))
    period = D(2024, 1, 1), D(2026, 11, 29)
    assert desk.stats(desk.ask(), *period).beside == {}
    desk.commit(desk.preview(Leave("HS-2", D(2026, 3, 2), "xin-ra")), confirmed=True)
    name = "recognition.recognised_late"
    found = desk.stats(desk.ask(), *period)
    check = [one.case for one in desk.check(desk.ask()).evaluation.findings if one.rule == name]
    assert (found.value(name), check) == (3, ["HS-1", "HS-3"])
    assert found.as_json()["beside_check"][name] == {
        "people": 3,
        "check": 2,
        "not_in_check": [
            {
                "case": "HS-2",
                "name": "Người HS-2",
                "why": "tính đến ngày 29/11/2026: đã ra khỏi đảng từ ngày 02/03/2026",
            }
        ],
    }
    assert "who" not in found.as_json()
    command = ["stats", "--from", "2024-01-01", "--to", "2026-11-29", "--store", desk.url]
    assert "dubi check nêu 2. Không nêu: HS-2 Người HS-2" in call(command, tmp_path).out
