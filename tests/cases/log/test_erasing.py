"""Somebody is erased for ever: nothing of her is left in tables, log or file, and the chain holds as before."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date

import pytest

from cases.history.erasing import erase, written_anew
from cases.history.replay import known_after
from cases.history.undo import NothingToTakeBack, undo
from cases.history.verification import verify
from cases.keeping.backups import automatic
from cases.keeping.restoring import restore
from cases.log.batches import read_batches
from cases.store.connection import anchor, initialise, querying, sqlite_path
from cases.store.drivers.engines import engine
from cases.store.reading import read_store
from cases.store.tables import metadata
from cases.values.records import Course, Discipline, Enrolment, Record, Roster
from desk.personal.erasing import carry_out, erasing
from rules.loader.errors import BadInput, UnknownName
from tests.cases.log.test_taking_back import case, put
from tests.cases.stores.older_stores import take_back

NAME, OTHER = "Hoàng Thị Biến Mất", "Lê Thị Ở Lại"
FAITH = "Đạo Rất Hiếm"


def filled(store: str) -> None:
    """Two people in one class, one of them with two cases, a discipline and a faith."""
    first = Record("HS-1", {"code": "HS-1", "person_code": "N1", "full_name": NAME, "admitted_on": date(2020, 1, 5)})
    again = Record("HS-9", {"code": "HS-9", "person_code": "N1", "full_name": NAME, "religion": FAITH})
    other = Record("HS-2", {"code": "HS-2", "full_name": OTHER})
    put(store, Roster((first, other), courses=(Course("L1", "awareness"),)))
    put(
        store,
        Roster(
            (again,),
            enrolments=(Enrolment("L1", "HS-1"), Enrolment("L1", "HS-2")),
            disciplines=(Discipline("HS-1", "warning", date(2021, 2, 3)),),
        ),
    )
    put(store, Roster((Record("HS-9", {**again.fields, "note": f"{NAME} đã đổi"}),)))


def everything(store: str) -> str:
    """All that the store holds anywhere, as text: every row of every table, and the bytes of its files."""
    found = []
    with engine(store) as database, database.connect() as connection:
        for table in metadata.sorted_tables:
            found += [str(tuple(row)) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}")]  # noqa: S608  # our own words
    if (path := sqlite_path(store)) is not None:
        found += [
            other.read_bytes().decode("utf-8", "replace")
            for other in path.parent.glob(f"{path.name}*")
            if other.is_file()
        ]
    return "\n".join(found)


@pytest.mark.parametrize("sealed", [False, True], ids=["as written", "of an earlier form"])
def test_nothing_of_her_is_left(store: str, sealed: bool) -> None:
    """Name, faith, codes and papers are in no row and in no byte of the file; everybody else is, and the log holds."""
    filled(store)
    if sealed:
        take_back(store, "0004")
        initialise(store)
        anchor(store)  # as `dubi init` does it
    assert NAME in everything(store)
    done = erase(store, "HS-9", "Đơn ngày 3/2/2026", who="Lan")
    left = everything(store)
    for word in (NAME, FAITH, "HS-1", "HS-9", "hoang thi bien mat", "2021-02-03"):
        assert word not in left, word
    assert OTHER in left
    assert verify(store).holds
    assert (done.cases, done.lines) == (2, 5)
    roster = read_store(store)
    assert [record.code for record in roster.records] == ["HS-2"]
    assert [one.case for one in roster.enrolments] == ["HS-2"]
    with querying(store) as execute:
        last = read_batches(execute)[-1]
        assert (last.action, last.who) == ("erase", "Lan")
        assert "Đơn ngày 3/2/2026" in (last.details or "")
        for number in range(1, last.id + 1):
            assert NAME not in str(known_after(execute, number))
        assert OTHER in str(known_after(execute, 1))


def test_what_goes_on_after_somebody_was_erased(store: str) -> None:
    """Earlier writes are taken back without her, what was only hers is not, and an erasure stays."""
    filled(store)
    entry = erase(store, "HS-1", "Đơn ngày 3/2/2026").batch
    with pytest.raises(NothingToTakeBack, match="xoá hẳn dữ liệu theo yêu cầu"):
        undo(store, entry)
    with pytest.raises(NothingToTakeBack, match="nội dung đã xoá theo yêu cầu"):
        undo(store, "3")
    undo(store, "2")
    assert read_store(store).enrolments == ()
    undo(store, "1")
    assert read_store(store) == Roster()
    put(store, Roster((case("HS-1"),)))
    assert verify(store).holds


def test_a_name_in_a_file_name_goes_too(store: str) -> None:
    """A file called by her name is not named any more in the log; files called otherwise are."""
    from cases.store.connection import writing
    from cases.store.writing import apply_roster, new_batch

    for code, source in (("HS-1", "hoang-thi_bien mat.xlsx"), ("HS-2", "so.xlsx")):
        record = Record(code, {"code": code, "full_name": NAME if code == "HS-1" else OTHER})
        with writing(store) as connection:
            apply_roster(connection, Roster((record,)), new_batch("Lan", source))
    erase(store, "HS-1", "Đơn ngày 3/2/2026")
    with querying(store) as execute:
        assert [batch.source for batch in read_batches(execute)] == [None, "so.xlsx", None]
    assert verify(store).holds


def test_what_is_asked_before_somebody_is_erased(store: str) -> None:
    """Nobody is erased without a ground, and nobody unknown; nothing has changed then."""
    filled(store)
    before = everything(store)
    with pytest.raises(BadInput, match="phải ghi căn cứ"):
        erase(store, "HS-1", " ")
    with pytest.raises(UnknownName, match="HS-7"):
        erase(store, "HS-7", "Đơn")
    assert everything(store) == before


def test_a_store_that_somebody_holds_is_not_written_anew(file_store: str) -> None:
    """Who is erased is gone; that the file could not be made anew is said, and stops nothing that comes after."""
    filled(file_store)
    path = sqlite_path(file_store)
    assert path is not None
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        assert written_anew(file_store) is False
    finally:
        holder.close()
    assert written_anew(file_store) is True


def test_a_copy_of_the_store_is_written_anew(store: str) -> None:
    """A backup that the program made holds her no more and is whole; whoever restores an older copy finds her gone."""
    filled(store)
    made = automatic(store, "import")
    assert made is not None
    shown = erasing(store, "HS-9")
    assert [(one.path, one.damaged) for one in shown.backups] == [(made.path, False)]
    elsewhere = made.path.with_name("noi-khac.bak")
    shutil.copyfile(made.path, elsewhere)
    done = carry_out(store, shown, "Đơn ngày 3/2/2026", "Lan", learners=None)
    assert (done.rewritten, done.left, done.erased.clean) == ((made.path,), (), True)
    copy = f"sqlite:///{made.path}"
    assert all(word not in everything(copy) for word in (NAME, FAITH, "HS-1"))
    assert OTHER in everything(copy)
    assert verify(copy).holds
    restored = restore(store, elsewhere, confirmed=True)
    assert restored.lost.erased_again == 2
    assert NAME not in everything(store)
    assert OTHER in everything(store)
    assert verify(store, [made.path]).holds
