"""Two people and the command line at the same things: nobody is written over unseen, whatever the order."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Iterable
from itertools import permutations, product
from pathlib import Path

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise
from desk.answers.finding import stored_case
from desk.changes.since import WrittenSince
from desk.changes.values import AddPerson, AddUnit, Change, Correct, RecordStep, SetTarget, SetUnit, Together
from desk.desk import Desk
from desk.values import Preview

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
        (Correct(CASE, ("helper=Lò Văn Thử",)), Correct(CASE, ("helper=Lò Mẫu", "sex=Nữ")), "Lò Mẫu → Lò Văn Thử"),
        (Correct(CASE, ("ethnicity=Thái",)), Correct(CASE, ("ethnicity=Mường",)), "Dân tộc: đã sửa (đã che)"),
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
    in the end each part of each case is as the last one wrote who was not refused: nothing is lost, nothing overlaid.
    Many more orders, through the pages, are in tests/web/writing/test_two_browsers.py.
    """
    places = tuple(product((CASE, OTHER), ("ethnicity", "occupation")))
    orders = sorted(set(permutations(("a", "a", "b", "b", "c"))))
    chance = random.Random(5)  # noqa: S311  # no secret
    for number, order in enumerate(orders):
        meant = [chance.choice(places) for _ in "abc"]
        wants = {
            who: (place, value_of(place[1], number + turn))
            for turn, (who, place) in enumerate(zip("abc", meant, strict=True))
        }
        stands = all_of(url, places)
        looked: dict[str, tuple[str, Preview, str]] = {}
        last = dict.fromkeys((CASE, OTHER), "")  # what was last written about each, by the order of writes
        for turn, who in enumerate(order):
            (case, part), value = wants[who]
            desk = Desk(url, today=TODAY, user=who)
            change = Correct(case, (f"{part}={value}",))
            if who != "c" and who not in looked:
                looked[who] = (desk.look(), desk.preview(change), last[case])
                continue
            seen, shown, before = looked.get(who) or (None, desk.preview(change), last[case])
            clean = before == last[case]
            if stands[case, part] == value and clean:
                continue  # there is nothing to write
            try:
                desk.commit(shown, confirmed=True, seen=seen)
                assert clean, (order, wants)
                stands[case, part], last[case] = value, str(turn)
            except WrittenSince:
                assert not clean, (order, wants)
        assert all_of(url, places) == stands, (order, wants)


def value_of(part: str, number: int) -> str:
    """One of three values of a field, in turn."""
    values = {"ethnicity": ("Thái", "Mường", "Kinh"), "occupation": ("farmer", "student", "other")}
    return values[part][number % 3]


def all_of(url: str, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], object]:
    """The fields of the cases as they are stored now."""
    fields = {case: stored_case(url, case).records[0].fields for case in (CASE, OTHER)}
    return {(case, part): fields[case].get(part) for case, part in places}
