"""What somebody sees of a store is the same, worked out anew or gone on to from what was known before a write."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from cases.store.connection import querying
from cases.store.sight import Sight
from cases.store.wall import scope
from cases.values.records import Roster
from desk.changes.values import (
    AddCourse,
    AddPerson,
    AddUnit,
    Change,
    Correct,
    Enrol,
    MergeUnits,
    Move,
    MoveUnit,
    RecodeCase,
    RecordStep,
    RemoveCase,
    SetTarget,
    SetUnit,
)
from desk.desk import Desk
from rules.loader.errors import DubiError
from tests.desk.walls.walled import TODAY, Office, drawn
from tests.whole import WHOLE, examples

DAY = dt.date(2026, 10, 5)


def _change(office: Office, chance: Random) -> Change | None:
    """Something that is done to the store; None = the last write is taken back."""
    case = chance.choice(sorted(office.of_case))
    one, other = chance.sample(sorted(office.of_unit), 2)
    return chance.choice(
        (
            RecordStep(case, "cell_met_on", DAY - dt.timedelta(days=chance.randrange(200))),
            Correct(case, (f"note=ghi {chance.randrange(99)}",)),
            AddPerson((("full_name", "Người Mới"), ("unit", one))),
            Move(case, DAY, to=one),
            Correct(case, (f"unit={one}",)),
            RemoveCase(case),
            RecodeCase(case, f"{case}B"),
            MoveUnit(one, other, DAY),
            MergeUnits((one,), other, DAY),
            AddUnit(f"UN{chance.randrange(99)}", (("parent", one),)),
            SetUnit(one, (("place", "Sơn La"),)),
            SetTarget(one, "2027", "4"),
            AddCourse(f"LN{chance.randrange(99)}", "awareness", unit=one),
            Enrol("LP1KV", (case,)),
            None,
        )
    )


@hypothesis.given(seed=st.integers(0, 2**32))
@hypothesis.settings(max_examples=examples(2), phases=[hypothesis.Phase.generate])
def test_going_on_gives_what_looking_anew_gives(seed: int) -> None:
    """After every write, of whatever kind, everybody sees what she would who had never looked before."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        _go_on(Random(seed), Path(folder), patch)  # noqa: S311  # chance that can be had again


def _go_on(chance: Random, folder: Path, patch: pytest.MonkeyPatch) -> None:
    office = drawn(chance, folder)
    desks = [Desk(office.url, today=TODAY, sight=Sight(frozenset({unit}))) for unit in office.of_unit]
    eyes = [desk.eyes for desk in desks]
    gone_on: list[bool] = []
    stood: dict[tuple[int, str], Roster] = {}
    real = scope._gone_on

    def counted(*given: Any) -> scope.Scope | None:
        found = real(*given)
        gone_on.append(found is not None)
        return found

    patch.setattr(scope, "_gone_on", counted)
    for _ in range(25 if WHOLE else 10):
        change = _change(office, chance)
        with suppress(DubiError):
            if change is None:
                office.whole.undo(confirmed=True)
            else:
                office.whole.commit(office.whole.preview(change), confirmed=True)
        with querying(office.url) as execute:
            for one in eyes:
                assert one is not None
                found, anew = scope.scope_of(execute, one), scope._looked_at(execute, one)
                assert (found.whole, found.units, found.above, found.named) == (
                    anew.whole,
                    anew.units,
                    anew.above,
                    anew.named,
                ), change
                assert set(found.gone) == set(anew.gone), change
                assert dict(found.batches) == dict(anew.batches), change
        for number, desk in enumerate(desks):
            roster = desk.roster(desk.ask())
            assert stood.setdefault((number, desk.state()), roster) == roster, (
                f"{change} and the state is called the same"
            )
            desk._opened.clear()
    assert {True, False} <= set(gone_on), "both ways are gone"
