"""However many cases there are, an answer is the same: one by one while they are few, and in columns."""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise
from desk import source
from desk.desk import Desk
from engine import evaluators
from tests.conftest import DATA
from tests.desk.walls.wall_questions import ANSWERS, SWEPT
from tests.desk.walls.walled import TODAY
from tests.whole import first_of

PERIOD = dt.date(2023, 1, 1), dt.date(2025, 12, 31)
FILE = DATA / "rosters" / "dang-bo-co-so.xlsx"


def said(found: Any) -> str:
    """All that an answer says to programs; the content of a file that it wrote."""

    def form(one: Any) -> Any:
        return one.as_json() if hasattr(one, "as_json") else str(one)

    return json.dumps(found, ensure_ascii=False, default=form, sort_keys=True)


@pytest.mark.parametrize("of_one", first_of([False, True]), ids=str)
def test_many_are_told_what_few_are_told(of_one: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question that is answered from columns, about a store and about a file, of all units and of one."""
    url = f"sqlite:///{tmp_path / 'so.sqlite'}"
    initialise(url)
    import_file(url, FILE, apply=True)
    unit = Desk(url, today=TODAY).roster(Desk(url, today=TODAY).ask()).units[2].code if of_one else None
    asked = {name: ANSWERS[name] for name in SWEPT}
    asked["report"] = lambda desk, q, code, out: desk.report(q, "F5", *PERIOD)
    asked["figures beside check"] = lambda desk, q, code, out: desk.stats(q, *PERIOD).beside
    for place in (url, FILE):
        answers: list[dict[str, str]] = []
        for many in (1_000_000, 1):
            monkeypatch.setattr(evaluators, "MANY", many)
            monkeypatch.setattr(source, "_LARGE", OrderedDict())
            desk = Desk(place, today=TODAY)
            question = desk.ask(unit=unit)
            assert question.in_batches == (many == 1 and place is url)
            answers.append({name: said(ask(desk, question, "", tmp_path)) for name, ask in asked.items()})
        for name, few in answers[0].items():
            assert few == answers[1][name], f"{name} in {place}"
            assert of_one or len(few) > 2
