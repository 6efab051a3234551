"""What was written can be taken back and made again, as long as nothing rests on it; the log keeps all of it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.history.people import concerned
from cases.history.replay import known_after, replayed
from cases.history.undo import NOT_TAKEN_BACK, NothingToTakeBack, OthersWrite, RestsOnIt, redo, undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.log.batches import read_batches, read_changes
from cases.store.connection import initialise, querying, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch, write_down
from cases.values.kinds import Identity, Kind
from cases.values.records import Course, Discipline, Enrolment, Placement, Record, Roster, StepEntry, Unit
from cases.workbook.exporting import write_workbook
from rules.loader.errors import UnknownName
from tests.cases.files.workbooks import case_book, somebody
from tests.cases.stores.generated import rosters
from tests.whole import examples, first_of


def put(store: str, roster: Roster, who: str | None = None) -> str:
    """Write a roster and give the name of the write."""
    batch = new_batch(who)
    with writing(store) as connection:
        apply_roster(connection, roster, batch)
    return batch.id


def case(code: str, **fields: object) -> Record:
    """A case with a name."""
    return Record(code, {"code": code, "full_name": f"Người {code}", **fields})  # type: ignore[dict-item]  # fields by keyword are of any kind


@pytest.mark.parametrize("name", first_of(["chi-bo-nho", "dang-bo-co-so", "son-la-6t-2024"]))
def test_import_then_undo_leaves_the_same_export(data: Path, tmp_path: Path, store: str, name: str) -> None:
    """A store exports the same bytes before an import and after it was taken back, and so does redo after it."""
    put(store, Roster((case("HS-X", unit="CB-X"),)))
    before = write_workbook(read_store(store), tmp_path / "truoc.xlsx")
    batch = import_file(store, data / "rosters" / f"{name}.xlsx", apply=True).batch
    between = write_workbook(read_store(store), tmp_path / "giua.xlsx")
    done = undo(store)
    assert done.batch.name == batch
    assert write_workbook(read_store(store), tmp_path / "sau.xlsx").read_bytes() == before.read_bytes()
    redo(store)
    assert write_workbook(read_store(store), tmp_path / "lai.xlsx").read_bytes() == between.read_bytes()
    assert verify(store).holds


@given(one=rosters(), two=rosters(), three=rosters(), chance=st.randoms(use_true_random=False))
@settings(max_examples=examples(40, most=20))
def test_any_way_back_and_forth(one: Roster, two: Roster, three: Roster, chance: random.Random) -> None:
    """Whatever is written and taken back in whatever order: the log retells the store, every state of it included."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/dubi.sqlite"
        initialise(url)
        seen: dict[int, Roster] = {}
        for roster in (one, two, three):
            put(url, roster)
            _note(url, seen)
            for _ in range(chance.randrange(4)):
                try:
                    chance.choice((undo, redo))(url)
                except (NothingToTakeBack, RestsOnIt):
                    continue
                _note(url, seen)
        assert verify(url).holds
        with querying(url) as execute:
            assert replayed(read_changes(execute)).roster() == read_store(url)
            for number, roster in seen.items():
                assert known_after(execute, number) == roster


def _note(url: str, seen: dict[int, Roster]) -> None:
    with querying(url) as execute:
        batches = read_batches(execute)
    if batches:
        seen[batches[-1].id] = read_store(url)


@given(one=rosters(), two=rosters())
@settings(max_examples=examples(40, most=20))
def test_the_last_write_always_goes_back(one: Roster, two: Roster) -> None:
    """Taking back what was just written gives the store as it was, and redo gives it as it became."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/dubi.sqlite"
        initialise(url)
        put(url, one)
        before = read_store(url)
        put(url, two)
        after = read_store(url)
        if after == before:
            return
        for _ in range(2):
            undo(url)
            assert read_store(url) == before
            redo(url)
            assert read_store(url) == after


def test_no_key_is_looked_for_among_all(file_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many things a write brought, each is compared by its key a few times when they are made again."""
    asked: Counter[int] = Counter()
    real = Kind.identity

    def counted(kind: Kind, value: Any) -> Identity:
        asked[many] += 1
        return real(kind, value)

    for many in (40, 400):
        put(file_store, Roster(tuple(case(f"HS-{many}-{number}") for number in range(many))))
        undo(file_store)
        with monkeypatch.context() as patch:
            patch.setattr(Kind, "identity", counted)
            redo(file_store)
    assert asked[400] <= 12 * asked[40]
    assert verify(file_store).holds


def test_undo_goes_back_step_by_step(store: str) -> None:
    """`undo` after `undo` takes back the command before, `redo` after `redo` is not another command's."""
    first, second = put(store, Roster((case("HS-1"),))), put(store, Roster((case("HS-2"),)))
    assert undo(store).batch.name == second
    assert undo(store).batch.name == first
    assert read_store(store) == Roster()
    with pytest.raises(NothingToTakeBack, match="Không có lần ghi nào"):
        undo(store)
    assert redo(store).batch.name == first
    assert redo(store).batch.name == second
    with pytest.raises(NothingToTakeBack):
        redo(store)
    assert undo(store).batch.name == second


def test_after_a_new_write_redo_wants_a_name(store: str) -> None:
    """What was taken back before another write is made again only when it is named."""
    first = put(store, Roster((case("HS-1"),)))
    undo(store)
    put(store, Roster((case("HS-2"),)))
    with pytest.raises(NothingToTakeBack, match="Lệnh ngay trước không phải là hoàn tác"):
        redo(store)
    assert redo(store, first).batch.name == first
    assert [record.code for record in read_store(store).records] == ["HS-1", "HS-2"]


def test_a_thing_comes_back_in_its_place(store: str) -> None:
    """What was taken back and made again stands where it stood, not behind what came later."""
    put(store, Roster((case("HS-1"),)))
    undo(store)
    put(store, Roster((case("HS-2"),)))
    with querying(store) as execute:
        (first, *_) = read_batches(execute)
    redo(store, str(first.id))
    assert [record.code for record in read_store(store).records] == ["HS-1", "HS-2"]


def test_two_steps_of_one_case_are_two_things(store: str) -> None:
    """An earlier step can be taken back while a later one of the same case stays."""
    put(store, Roster((case("HS-1"),)))
    first = put(store, Roster((case("HS-1", candidate_on=date(2024, 1, 5)),)))
    paper = StepEntry("dossier_opened_on", date(2024, 2, 5), document="12-HS")
    both = case("HS-1", candidate_on=date(2024, 1, 5), dossier_opened_on=date(2024, 2, 5))
    put(store, Roster((Record(both.code, both.fields, (paper,)),)))
    undo(store, first)
    (record,) = read_store(store).records
    assert "candidate_on" not in record.fields
    assert record.fields["dossier_opened_on"] == date(2024, 2, 5)
    assert record.steps == (paper,)


def test_later_changes_rest_on_it(store: str) -> None:
    """A field changed again, or a case written to since, keeps the earlier write; the reason names the later one."""
    first = put(store, Roster((case("HS-1", note="một"),)), who="Lan")
    second = put(store, Roster((case("HS-1", note="hai"),)), who="Huệ")
    third = put(store, Roster((case("HS-1", note="ba"),)), who="Cúc")
    with pytest.raises(RestsOnIt) as refusal:
        undo(store, second, confirmed=True)
    assert second in str(refusal.value)
    assert f"“HS-1” đã thay đổi sau đó bởi lần ghi {third} (Cúc," in str(refusal.value)
    with pytest.raises(RestsOnIt):
        undo(store, first, confirmed=True)
    undo(store, confirmed=True)
    assert undo(store, second, confirmed=True).batch.name == second
    assert read_store(store).records[0].fields["note"] == "một"


def test_what_is_in_use_stays(store: str) -> None:
    """A class with learners, a case in a class and a unit with cases are not pulled away from under them."""
    course = put(store, Roster(courses=(Course("L1", "awareness"),)))
    person = put(store, Roster((case("HS-1"),)))
    put(store, Roster(enrolments=(Enrolment("L1", "HS-1"),)))
    for batch, words in ((course, "Lớp “L1” đang được dùng ở học viên “L1 · HS-1”"), (person, "Hồ sơ “HS-1” đang")):
        with pytest.raises(RestsOnIt, match=words):
            undo(store, batch)
    unit = put(store, Roster(units=(Unit("CB-1", "Chi bộ 1"),)))
    put(store, Roster((Record("HS-2", case("HS-2").fields, placements=(Placement("CB-1"),)),)))
    with pytest.raises(RestsOnIt, match="Đơn vị “CB-1” đang được dùng ở hồ sơ “HS-2”"):
        undo(store, unit)
    assert verify(store).holds


def test_a_unit_only_named_stays_as_long_as_it_is_named(store: str) -> None:
    """Taking back the case that first named a unit keeps the unit when another case names it too."""
    put(store, Roster(units=(Unit("ĐB", "Đảng bộ"),)))
    first = put(store, Roster((case("HS-1", unit="CB-9"),)))
    put(store, Roster((case("HS-2", unit="CB-9"),)))
    undo(store, first)
    assert [unit.code for unit in read_store(store).units] == ["ĐB", "CB-9"]
    undo(store)
    assert [unit.code for unit in read_store(store).units] == ["ĐB", "CB-9"]
    assert verify(store).holds


def test_a_unit_goes_back_to_being_named(store: str) -> None:
    """Declaring a unit that a case named before can be taken back: the store has no list of units again."""
    put(store, Roster((case("HS-1", unit="CB-1"),)))
    put(store, Roster(units=(Unit("CB-1", "Chi bộ 1"),)))
    assert read_store(store).units == (Unit("CB-1", "Chi bộ 1"),)
    undo(store)
    assert read_store(store).units == ()
    assert verify(store).holds


def test_names_that_mean_a_write(tmp_path: Path, store: str) -> None:
    """A write is named by its name, its number or the end of its name; a wrong one is refused with the nearest."""
    batch = import_file(store, case_book(tmp_path / "1.xlsx", somebody()), apply=True).batch
    assert batch is not None
    for name in (batch, "1", batch[-6:]):
        assert undo(store, name).batch.name == batch
        redo(store)
    with pytest.raises(UnknownName, match=f"Có phải “{batch}”"):
        undo(store, batch[:-1] + "g")
    with pytest.raises(UnknownName, match="dubi log"):
        undo(store, "999")


def test_what_is_no_command_is_not_undone(store: str) -> None:
    """An undo is made good by redo, not by another undo; and nothing is taken back twice."""
    first = put(store, Roster((case("HS-1"),)))
    back = undo(store).name
    with pytest.raises(NothingToTakeBack, match="đã được hoàn tác rồi"):
        undo(store, first)
    with pytest.raises(NothingToTakeBack, match="là một lần hoàn tác"):
        undo(store, back)
    again = redo(store, back).name
    with pytest.raises(NothingToTakeBack, match="là một lần làm lại"):
        undo(store, again)
    with pytest.raises(NothingToTakeBack, match="không phải là lần đã hoàn tác"):
        redo(store, first)


def test_entries_without_a_change_stand_in_nobodys_way(store: str) -> None:
    """Of every kind of entry that changes no case: undo passes over it, and names why it is not taken back itself."""
    first = put(store, Roster((case("HS-1"),)))
    for action in NOT_TAKEN_BACK:
        if action in ("undo", "redo"):
            continue
        with writing(store) as connection:
            entry = write_down(connection, [], new_batch("Lan", None, action))
        with pytest.raises(NothingToTakeBack):
            undo(store, entry.name)
        assert undo(store).batch.name == first
        redo(store, first)


def test_what_somebody_else_wrote_is_asked_about(store: str) -> None:
    """Taking back or making again a write of somebody else names it, its author and its people, and waits for a yes."""
    name = put(store, Roster((case("HS-1"), case("HS-2"))), who="Lan")
    for _ in range(2):
        with pytest.raises(OthersWrite) as asked:
            undo(store, who="Huệ")
        said = str(asked.value)
        assert said.startswith(f"Lần ghi {name} là của Lan (")
        assert "2 thay đổi, về HS-1 Người HS-1, HS-2 Người HS-2)" in said
        assert len(read_store(store).records) == 2
    assert undo(store, who="Huệ", confirmed=True).batch.name == name
    with pytest.raises(OthersWrite, match="là của Huệ"):
        redo(store, who="Lan")
    done = redo(store, who="Huệ")
    assert [(one.code, one.name) for one in done.whom.people] == [("HS-1", "Người HS-1"), ("HS-2", "Người HS-2")]
    assert undo(store, name, who="Lan").batch.name == name
    with querying(store) as execute:
        whom = concerned(execute, [one.id for one in read_batches(execute)], most=1)
    assert {str(one) for one in whom.values()} == {"HS-1 Người HS-1 và 1 người nữa"}


def test_an_entry_names_its_people_by_whatever_it_touched(store: str) -> None:
    """A learner's and a disciplined member's names come with their entries, a unit's entry names nobody."""
    put(store, Roster((case("HS-1"),), units=(Unit("CB-1", "Chi bộ 1"),), courses=(Course("L1", "awareness"),)))
    put(store, Roster(enrolments=(Enrolment("L1", "HS-1"),)))
    put(store, Roster(disciplines=(Discipline("HS-1", "warning", date(2021, 2, 3)),)))
    put(store, Roster(units=(Unit("CB-2", "Chi bộ 2"),)))
    with querying(store) as execute:
        assert [str(one) for one in concerned(execute, range(1, 5)).values()] == ["HS-1 Người HS-1"] * 3 + [""]
