"""What is kept of a large store for units, timings and what lies ahead answers as the whole store would, also later."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise
from cases.store.sight import Sight
from desk.changes.values import AddPerson, Change, Correct, Move, RecodeCase, RecordStep, RemoveCase, SetUnit
from desk.desk import Desk
from desk.question import Question
from desk.sweeping import looked
from desk.sweeping.looked import Looked
from tests.whole import WHOLE

DATA = Path(__file__).parents[1] / "data" / "rosters"
DAY = dt.date(2024, 10, 31)
YEAR = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
CHANGES: tuple[tuple[Change, int], ...] = (
    (Correct("HS-0184", ("helper=Lò Mẫu",)), 1),
    (RecordStep("HS-0138", "cell_met_on", dt.date(2024, 10, 1)), 1),
    (Move("HS-0200", dt.date(2024, 6, 3), to="CB-04"), 1),
    (AddPerson((("full_name", "Lò Thị Ngân"), ("born_on", "05/06/1999"), ("sex", "Nữ"), ("unit", "CB-04"))), 1),
    (RemoveCase("HS-0201"), 1),
    (RecodeCase("HS-0202", "MOI-1"), 2),
    (SetUnit("CB-04", (("place", "Sơn La"),)), 0),
)
"""Changes one after the other, and how many cases at most are looked at anew after each."""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the roster of a grassroots committee."""
    path = tmp_path_factory.mktemp("looked") / "dubi.sqlite"
    initialise(f"sqlite:///{path}")
    import_file(f"sqlite:///{path}", DATA / "dang-bo-co-so.xlsx", apply=True, who="thử")
    return path


@pytest.fixture
def url(begun: Path, tmp_path: Path) -> str:
    """That store, nobody else's."""
    shutil.copyfile(begun, tmp_path / "dubi.sqlite")
    return f"sqlite:///{tmp_path / 'dubi.sqlite'}"


def answers(desk: Desk, question: Question, kept: Looked | None) -> list[Any]:
    """Every answer that is counted from what is kept, in the form for programs, and the people behind numbers."""
    timings = desk.timings(question, *YEAR, kept)
    ahead = desk.ahead(question, "monthly", kept)
    behind = [timings.behind(f"{one.from_step}:{one.to_step}") for one in timings.transitions]
    behind += [timings.behind(one.held_by) for one in timings.waiting]
    found = [desk.units(question, kept), timings, ahead, desk.due(question, 400, kept)]
    told = [one.as_json() for one in found]  # type: ignore[attr-defined]  # each of them has its own form
    return [json.loads(json.dumps(told, default=str)), behind, ahead.limits]


def test_what_is_kept_answers_as_the_store_does(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For everybody, a unit, and eyes that see a unit, before and after each write; few cases are looked at for it."""
    sees = Desk(url, today=DAY, sight=Sight(frozenset({"CB-04"})))
    desks = {"all": Desk(url, today=DAY), **({"some": sees} if WHOLE else {})}
    kept: dict[str, Looked] = {}
    numbers: list[int] = []
    seen = looked._seen

    def counted(place: str, looking: Any, facts: Any, codes: set[str]) -> Any:
        numbers.append(len(codes))
        return seen(place, looking, facts, codes)

    monkeypatch.setattr(looked, "_seen", counted)
    for change, most in ((None, 0), *(CHANGES if WHOLE else CHANGES[::3])):
        if change is not None:
            writer = Desk(url, today=DAY, user="chị Lan")
            writer.commit(writer.preview(change), confirmed=True)
        ends = change in (None, CHANGES[3][0], CHANGES[-1][0])
        for name, desk in desks.items():
            numbers.clear()
            kept[name] = desk.looked(desk.ask(as_of=DAY, by="sweep"), kept.get(name))
            assert name != "all" or sum(numbers) <= most, (change, numbers)
            for unit in (None, "CB-04") if ends else ():
                question = desk.ask(as_of=DAY, unit=unit, by="sweep")
                assert answers(desk, question, kept[name]) == answers(desk, question, None), (change, name, unit)


def test_another_day_is_looked_at_anew(url: str) -> None:
    """What is kept of one day serves no other."""
    desk = Desk(url, today=DAY)
    kept, other = desk.looked(desk.ask(as_of=DAY, by="sweep")), desk.ask(as_of=DAY + dt.timedelta(40), by="sweep")
    anew = desk.looked(other, kept)
    assert answers(desk, other, anew) == answers(desk, other, None) != answers(desk, other, kept)
