"""What is written is judged in the moment of writing, not by what was seen before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cases.changes.changing import NotThere, with_step, with_values
from cases.changes.saving import Draft, draft, draft_new, save
from cases.history.undo import undo
from cases.history.verification import verify
from cases.judging.doubts import Impossible, Unconfirmed
from cases.store.connection import querying
from cases.store.reading import Execute, read_store
from cases.values.records import Record, Roster, StepEntry
from tests.cases.log.test_taking_back import case, put

TODAY = date(2026, 11, 25)


def step(kind: str, on: date) -> Callable[[Execute], Draft]:
    """Making the draft of a step of HS-1."""

    def made(execute: Execute) -> Draft:
        return draft(execute, "HS-1", lambda record: with_step(record, StepEntry(kind, on)), TODAY)

    return made


def test_another_process_was_quicker(store: str) -> None:
    """What another recorded in between is kept, a doubt that came up with it is asked about, a repetition refused."""
    put(store, Roster((case("HS-1"),)))
    mine = step("cell_proposed_admission_on", date(2024, 3, 4))
    with querying(store) as execute:
        seen = mine(execute)
    assert seen.doubts == ()
    save(store, step("dossier_opened_on", date(2024, 5, 6)), "record", confirmed=True)
    with pytest.raises(Unconfirmed, match="đứng trước “Ngày lập hồ sơ”"):
        save(store, mine, "record", accepted=seen.doubts)
    save(store, mine, "record", confirmed=True)
    with pytest.raises(NotThere):
        save(store, mine, "record", confirmed=True)
    (record,) = read_store(store).records
    assert {"cell_proposed_admission_on", "dossier_opened_on"} <= record.fields.keys()
    assert verify(store).batches == 3


def test_what_was_accepted_is_not_asked_again(store: str) -> None:
    """A doubt that somebody has said yes to goes through; what cannot be does not, whatever was accepted."""
    put(store, Roster((case("HS-1", born_on=date(1990, 1, 1)),)))
    made = step("admission_decided_on", date(2024, 3, 4))
    with querying(store) as execute:
        seen = made(execute)
    assert [doubt.code for doubt in seen.doubts] == ["needed_missing"]
    with pytest.raises(Unconfirmed):
        save(store, made, "record")
    save(store, made, "record", accepted=seen.doubts)
    with pytest.raises(Impossible):
        save(store, step("cell_met_on", date(1980, 1, 1)), "record", confirmed=True)


def test_somebody_added_twice(store: str) -> None:
    """Two processes that add the same person: the second is asked, though it saw nobody before."""
    record = Record("HS-2", {"code": "HS-2", "full_name": "Lê Thị Mẫu", "born_on": date(1990, 1, 1)})
    other = Record("HS-3", {**record.fields, "code": "HS-3", "full_name": "LÊ THỊ MẪU"})
    save(store, lambda execute: draft_new(execute, record, TODAY), "add")
    with pytest.raises(Unconfirmed, match="HS-2"):
        save(store, lambda execute: draft_new(execute, other, TODAY), "add", accepted=())


def test_a_person_of_two_cases_has_one_name(store: str) -> None:
    """Correcting the name in one case corrects it in the person's other case; both are in the log and go back."""
    first = case("HS-1", person_code="P1")
    put(store, Roster((first, Record("HS-2", {**first.fields, "code": "HS-2"}))))
    before = read_store(store)
    save(
        store,
        lambda execute: draft(execute, "HS-2", lambda one: with_values(one, {"full_name": "Tên Đúng"}), TODAY),
        "correct",
    )
    assert {record.fields["full_name"] for record in read_store(store).records} == {"Tên Đúng"}
    assert verify(store).holds
    undo(store)
    assert read_store(store) == before
