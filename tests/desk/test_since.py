"""Two people and the command line at the same things: nobody is written over unseen, whatever the order."""

from __future__ import annotations

import datetime as dt
import shutil
from itertools import permutations, product
from pathlib import Path

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise
from desk.changes.since import WrittenSince
from desk.changes.values import AddPerson, AddUnit, Change, Correct, RecordStep, SetTarget, SetUnit, Together
from desk.desk import Desk

DATA = Path(__file__).parents[1] / "data" / "rosters"
TODAY = dt.date(2025, 3, 1)
CASE, OTHER = "HS-05", "HS-06"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a small cell."""
    home = tmp_path_factory.mktemp("since")
    url = f"sqlite:///{home / 'dubi.sqlite'}"
    initialise(url)
    assert import_file(url, DATA / "chi-bo-nho.xlsx", apply=True, who="thử").batch
    return home / "dubi.sqlite"


@pytest.fixture
def url(begun: Path, tmp_path: Path) -> str:
    """That store, nobody else's."""
    shutil.copyfile(begun, tmp_path / "dubi.sqlite")
    return f"sqlite:///{tmp_path / 'dubi.sqlite'}"


def written(url: str, change: Change, who: str) -> None:
    """Write a change as the command line does, in one go."""
    desk = Desk(url, today=TODAY, user=who)
    desk.commit(desk.preview(change), confirmed=True)


def test_what_was_written_since_the_look_is_not_written_over(url: str) -> None:
    """Of the same things: refused in the moment of writing, told with its lines; of other things: written."""
    step = RecordStep(CASE, "cell_proposed_recognition_on", dt.date(2025, 2, 3))
    pairs: list[tuple[Change, Change, bool]] = [
        (step, Correct(CASE, ("ethnicity=Thái",)), True),
        (Correct(CASE, ("occupation=farmer",)), Correct(OTHER, ("ethnicity=Thái",)), False),
        (RecordStep(CASE.lower(), "dossier_opened_on", dt.date(2020, 1, 6)), Correct(CASE, ("sex=Nữ",)), True),
        (
            Together((step, RecordStep(OTHER, "dossier_opened_on", dt.date(2020, 1, 6)))),
            Correct(OTHER, ("sex=Nam",)),
            True,
        ),
        (SetUnit("CB-01", (("place", "Sơn La"),)), SetTarget("CB-01", "2026", "4"), True),
        (SetUnit("CB-01", (("place", "Mường La"),)), Correct(CASE, ("ethnicity=Kinh",)), False),
        (AddPerson((("full_name", "Lò Thị Ngân"), ("unit", "CB-01"))), AddUnit("CB-07", ()), False),
    ]
    for mine, theirs, meets in pairs:
        desk = Desk(url, today=TODAY, user="tôi")
        seen, shown = desk.look(), desk.preview(mine)
        written(url, theirs, "chị Lan")
        before = desk.last_hash()
        if not meets:
            desk.commit(shown, confirmed=True, seen=seen)
            continue
        with pytest.raises(WrittenSince):
            desk.commit(shown, confirmed=True, seen=seen)
        assert desk.last_hash() == before, mine
        told = desk.since(shown, seen)
        assert [one.batch.who for one in told.writes] == ["chị Lan"], mine
        assert all(one.lines for one in told.writes)
        assert told.both == ()


def test_what_both_say_is_named(url: str) -> None:
    """A part that both wrote about is told as one would write it now; a step of the same kind is such a part."""
    for mine, theirs, said in (
        (Correct(CASE, ("ethnicity=Thái",)), Correct(CASE, ("ethnicity=Mường", "sex=Nữ")), "Mường → Thái"),
        (
            RecordStep(CASE, "new_member_certified_on", dt.date(2024, 5, 6)),
            RecordStep(CASE, "new_member_certified_on", dt.date(2024, 5, 7)),
            "06/05/2024",
        ),
    ):
        desk = Desk(url, today=TODAY, user="tôi")
        seen = desk.look()
        written(url, theirs, "chị Lan")
        both = desk.since(desk.preview(mine), seen).both
        assert len(both) == 1
        assert said in both[0]


def test_a_look_of_another_log_sees_nothing(url: str) -> None:
    """Where the store never stood where it was looked at, all that was written counts as written since."""
    desk = Desk(url, today=TODAY)
    shown = desk.preview(Correct(CASE, ("ethnicity=Thái",)))
    for seen in ("", "0", f"{desk.look()[:-1]}x", "9:none"):
        with pytest.raises(WrittenSince):
            desk.commit(shown, confirmed=True, seen=seen)
    assert desk.commit(shown, confirmed=True, seen=desk.look()).batch


def test_every_order_of_two_people_and_the_command_line(url: str) -> None:
    """Each looks, then writes; the command line writes between. What a page wrote was looked at as it then stood, and
    in the end each part of the case is as the last one wrote who was not refused: nothing is lost, nothing overlaid.

    Which of two parts the command line writes is left out: with the names of the parts changed it is the same case.
    """
    parts = ("ethnicity", "occupation")
    values = {"ethnicity": ("Thái", "Mường", "Kinh"), "occupation": ("farmer", "student", "other")}
    number = 0
    of_command = parts[0]
    for of_a, of_b in product(parts, repeat=2):
        for order in sorted(set(permutations(("a", "a", "b", "b", "c")))):
            number += 1
            wants = {
                who: (part, values[part][(number + place) % 3])
                for place, (who, part) in enumerate((("a", of_a), ("b", of_b), ("c", of_command)))
            }
            desk = Desk(url, today=TODAY)
            stands = {name: text_of(desk, name) for name in parts}
            looked: dict[str, tuple[str, object, int]] = {}
            writes = 0
            for who in order:
                part, value = wants[who]
                change = Correct(CASE, (f"{part}={value}",))
                mine = Desk(url, today=TODAY, user=who)
                if who == "c":
                    shown, seen, clean = mine.preview(change), None, True
                elif who not in looked:
                    looked[who] = (mine.look(), mine.preview(change), writes)
                    continue
                else:
                    seen, shown, before = looked[who]  # type: ignore[assignment]  # as they were put there
                    clean = before == writes
                if not shown.alters and stands[part] == value and clean:
                    continue
                try:
                    mine.commit(shown, confirmed=True, seen=seen)
                except WrittenSince:
                    assert not clean, (order, wants)
                    continue
                assert clean, (order, wants)
                changed = stands[part] != value
                stands[part] = value
                writes += changed
            assert {name: text_of(desk, name) for name in parts} == stands, (order, wants)


def text_of(desk: Desk, name: str) -> object:
    """A field of the case as it is stored now."""
    now = Desk(desk.url, today=TODAY)
    return now.case(now.ask(), CASE).record.fields.get(name)
