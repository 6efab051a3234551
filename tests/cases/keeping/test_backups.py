"""Nothing is lost: backups are whole and checked, old ones are cleared away by count, and restoring is one step."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cases.history.undo import NothingToTakeBack, undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.keeping import backups
from cases.keeping.backups import NotABackup, automatic, backup, clear, folder, kept
from cases.keeping.restoring import LogBroken, WritesLost, restore
from cases.log.batches import read_batches
from cases.store.connection import initialise, querying, sqlite_path, writing
from cases.store.reading import read_store
from cases.values import whole_file
from cases.values.records import Roster
from cases.workbook.exporting import write_workbook
from rules.loader.errors import BadInput, StoreProblem
from tests.cases.files.workbooks import case_book, somebody
from tests.cases.log.test_taking_back import case, put
from tests.cases.stores.older_stores import older_copy, take_back
from tests.given.stores import with_a_small_cell


@pytest.fixture
def filled(store: str, data: Path) -> str:
    """A store with the roster of a small cell, on every database."""
    if (path := sqlite_path(store)) is not None:
        return with_a_small_cell(path)
    import_file(store, data / "rosters" / "chi-bo-nho.xlsx", apply=True)
    return store


@pytest.fixture
def filled_file(file_store: str) -> str:
    """A store with the roster of a small cell on a file."""
    return with_a_small_cell(file_of(file_store))


def exported(url: str, path: Path) -> bytes:
    """What the store exports."""
    return write_workbook(read_store(url), path, force=True).read_bytes()


def file_of(url: str) -> Path:
    """The file of a SQLite store."""
    path = sqlite_path(url)
    assert path is not None
    return path


def test_a_backup_is_a_store(filled: str, tmp_path: Path) -> None:
    """The copy holds all that the store holds, log included, in one file that only its owner may read."""
    path = backup(filled, tmp_path / "sao.sqlite")
    assert read_store(f"sqlite:///{path}") == read_store(filled)
    assert verify(f"sqlite:///{path}") == verify(filled)
    assert [other.name for other in tmp_path.glob("*sao*.sqlite")] == ["sao.sqlite"]
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


def test_backing_up_and_restoring(filled: str, tmp_path: Path, data: Path) -> None:
    """After more was written, restoring gives the store of the backup, and what was there is kept aside."""
    before = exported(filled, tmp_path / "1.xlsx")
    path = backup(filled, tmp_path / "sao.sqlite")
    import_file(filled, data / "rosters" / "dang-bo-co-so.xlsx", apply=True)
    after = exported(filled, tmp_path / "2.xlsx")
    with pytest.raises(WritesLost, match=r"sẽ bỏ 1 lần ghi mà bản sao lưu không có:\n  - 2: ") as asked:
        restore(filled, path, who="Lan")
    assert exported(filled, tmp_path / "3.xlsx") == after
    assert list(folder(filled).glob("*-restore*")) == []
    done = restore(filled, path, who="Lan", accepted={asked.value.doubt})
    assert [(one.number, one.source) for one in done.lost.writes] == [(2, "dang-bo-co-so.xlsx")]
    assert exported(filled, tmp_path / "3.xlsx") == before
    assert done.aside is not None
    assert exported(f"sqlite:///{done.aside}", tmp_path / "4.xlsx") == after
    with querying(filled) as execute:
        last = read_batches(execute)[-1]
    assert (last.action, last.who, last.source, last.size) == ("restore", "Lan", "sao.sqlite", 0)
    (told,) = json.loads(last.details or "")["lost"]
    assert (told["number"], told["source"], told["size"]) == (2, "dang-bo-co-so.xlsx", 1614)
    assert verify(filled).holds
    restore(filled, done.aside)
    assert exported(filled, tmp_path / "5.xlsx") == after


def test_restoring_twice_is_no_tampering(filled: str, tmp_path: Path) -> None:
    """What a restore took back stays known to the next: the backups from before both are held against the log."""
    path = backup(filled, tmp_path / "sao.sqlite")
    put(filled, Roster((case("HS-A"),)))
    put(filled, Roster((case("HS-B"),)))
    for _ in range(2):
        restore(filled, path, who="Lan", confirmed=True)
        found = verify(filled, kept(filled))
        assert found.holds
        assert found.anchored.holds


def test_a_write_that_came_after_the_question_is_asked_about(filled: str, tmp_path: Path) -> None:
    """Whoever agreed to lose one write has not agreed to lose another that was made in the meantime."""
    path = backup(filled, tmp_path / "sao.sqlite")
    put(filled, Roster((case("HS-A"),)))
    with pytest.raises(WritesLost) as asked:
        restore(filled, path)
    put(filled, Roster((case("HS-B"),)))
    with pytest.raises(WritesLost, match="sẽ bỏ 2 lần ghi"):
        restore(filled, path, accepted={asked.value.doubt})
    assert {"HS-A", "HS-B"} <= {record.code for record in read_store(filled).records}


def test_a_backup_of_another_store(filled_file: str, tmp_path: Path) -> None:
    """A backup that shares no entry with the store is called another store's, and asked about."""
    other = f"sqlite:///{tmp_path / 'khac.sqlite'}"
    initialise(other)
    put(other, Roster((case("HS-X"),)))
    with pytest.raises(WritesLost, match="bản sao lưu của một kho khác"):
        restore(filled_file, backup(other, tmp_path / "sao.sqlite"))


def test_an_older_store_loses_nothing_unasked(filled_file: str, tmp_path: Path) -> None:
    """A store of an earlier form is asked about too, by its own log; its seal alone is no write."""
    older = older_copy(file_of(filled_file), tmp_path / "cu.sqlite", "0004")
    assert restore(filled_file, older).lost.writes == ()
    put(filled_file, Roster((case("HS-A"),)))
    take_back(filled_file, "0004")
    with pytest.raises(WritesLost, match="sẽ bỏ 1 lần ghi"):
        restore(filled_file, older)
    restore(filled_file, older, confirmed=True)
    assert len(read_store(filled_file).records) == 26
    assert verify(filled_file).holds


WRITER = """
import sys
from cases.store.connection import writing
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster

url = sys.argv[1]
for count in range(100_000):
    code = f"W-{count}"
    with writing(url) as connection:
        record = Record(code, {"code": code, "full_name": f"Người {count}"})
        apply_roster(connection, Roster((record,)), new_batch("máy khác"))
    print(code, flush=True)
"""


def test_writers_beside_a_restore_lose_nothing(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever another process was told is written is in the store put aside or in the restored one, each time."""
    monkeypatch.setenv("DUBI_WAIT", "60")
    path = backup(filled, tmp_path / "sao.sqlite")
    writer = subprocess.Popen([sys.executable, "-c", WRITER, filled], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    places, taken_back = [], set[str | None]()
    try:
        for _ in range(3):
            for _ in range(3):
                assert writer.stdout.readline()  # perhaps of a write before the last restore
            done = restore(filled, path, confirmed=True)
            assert done.aside is not None
            taken_back |= {one.who for one in done.lost.writes}
            places.append(f"sqlite:///{done.aside}")
    finally:
        writer.terminate()
    told = writer.communicate()[0].split()
    assert told
    assert taken_back == {"máy khác"}
    kept = {record.code for place in (*places, filled) for record in read_store(place).records}
    assert set(told) <= kept
    assert {f"W-{number}" for number in range(9)} <= kept
    assert verify(filled).holds


def test_writing_goes_on_after_a_restore(filled: str, tmp_path: Path) -> None:
    """The restored store takes new cases under numbers of their own, and undo stops at the restore."""
    path = backup(filled, tmp_path / "sao.sqlite")
    restore(filled, path)
    import_file(filled, case_book(tmp_path / "1.xlsx", somebody("HS-99")), apply=True)
    assert len(read_store(filled).records) == 27
    assert verify(filled).holds
    assert undo(filled).batch.source == "1.xlsx"
    with querying(filled) as execute:
        restored = next(batch for batch in read_batches(execute) if batch.action == "restore")
    with pytest.raises(NothingToTakeBack, match="là một lần phục hồi"):
        undo(filled, restored.name)


def test_restoring_where_no_store_is(filled_file: str, tmp_path: Path) -> None:
    """On a new machine the backup becomes the store."""
    path = backup(filled_file, tmp_path / "sao.sqlite")
    url = f"sqlite:///{tmp_path / 'may moi' / 'dubi.sqlite'}"
    assert restore(url, path).aside is None
    assert read_store(url) == read_store(filled_file)
    assert [other.name for other in (tmp_path / "may moi").iterdir()] == ["dubi.sqlite"]


def test_restoring_over_a_broken_store(filled_file: str, tmp_path: Path) -> None:
    """A store that is no database any more is kept aside as it is, and the backup takes its place."""
    path = backup(filled_file, tmp_path / "sao.sqlite")
    before = read_store(filled_file)
    broken = os.urandom(50_000)
    file_of(filled_file).write_bytes(broken)
    done = restore(filled_file, path)
    assert read_store(filled_file) == before
    assert done.aside is not None
    assert done.aside.read_bytes() == broken
    assert verify(filled_file).holds


def _make(case: str, filled: str, path: Path) -> None:
    backup(filled, path)
    if case == "cut off":
        path.write_bytes(path.read_bytes()[:60_000])
    elif case == "pages of noise":
        content = bytearray(path.read_bytes())
        content[8192:40960] = os.urandom(32768)
        path.write_bytes(content)
    elif case == "a text":
        path.write_text("sao lưu", encoding="utf-8")
    elif case == "another program's":
        path.unlink()
        sqlite3.connect(path).execute("CREATE TABLE hang (id INTEGER)").connection.close()
    elif case == "of a newer dubi":
        other = sqlite3.connect(path)
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
        other.close()
    elif case == "rows that point nowhere":
        other = sqlite3.connect(path)
        other.execute("UPDATE cases SET person_id = 999 WHERE id = 1")
        other.commit()
        other.close()
    else:
        path.unlink()


@pytest.mark.parametrize(
    "case",
    ["cut off", "pages of noise", "a text", "another program's", "of a newer dubi", "rows that point nowhere", "gone"],
)
def test_what_is_no_backup_is_refused(filled_file: str, tmp_path: Path, case: str) -> None:
    """A file that is damaged or something else is refused, and the store stays as it is, byte for byte."""
    path = tmp_path / "sao.sqlite"
    _make(case, filled_file, path)
    before = file_of(filled_file).read_bytes()
    with pytest.raises(NotABackup) as refusal:
        restore(filled_file, path)
    assert str(refusal.value).startswith(f"Tệp “{path}” ")
    assert file_of(filled_file).read_bytes() == before
    assert list(folder(filled_file).glob("*")) == []


def test_a_backup_whose_log_was_touched(filled_file: str, tmp_path: Path) -> None:
    """A backup with a broken log is refused unless it is confirmed."""
    path = backup(filled_file, tmp_path / "sao.sqlite")
    other = sqlite3.connect(path)
    other.execute("UPDATE persons SET full_name = 'Người Khác' WHERE id = 1")
    other.commit()
    other.close()
    with pytest.raises(LogBroken, match="--confirm"):
        restore(filled_file, path)
    assert not restore(filled_file, path, confirmed=True).verdict.holds
    assert "Người Khác" in {record.fields["full_name"] for record in read_store(filled_file).records}


def test_restoring_waits_for_a_writer(filled_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another command writes, restoring waits and then says so; nothing has changed."""
    monkeypatch.setenv("DUBI_WAIT", "0")
    path = backup(filled_file, tmp_path / "sao.sqlite")
    with writing(filled_file), pytest.raises(StoreProblem, match="đang bận"):
        restore(filled_file, path)
    assert verify(filled_file).holds


def test_a_failed_backup_leaves_nothing(filled_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup that cannot be finished leaves no half file, and the one before stays."""
    path = backup(filled_file, tmp_path / "sao.sqlite")
    before = path.read_bytes()

    def fail(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_file, "sync", fail)
    with pytest.raises(StoreProblem):
        backup(filled_file, path, replace=True)
    assert path.read_bytes() == before
    assert sorted(other.name for other in tmp_path.iterdir() if other.is_file()) == ["sao.sqlite", "sao.sqlite.anchor"]


def test_no_file_is_written_over_unasked(filled_file: str, tmp_path: Path) -> None:
    """A file that is there stays, and the store is never its own backup."""
    (tmp_path / "sao.sqlite").write_text("của người khác", encoding="utf-8")
    with pytest.raises(BadInput, match="--force"):
        backup(filled_file, tmp_path / "sao.sqlite")
    with pytest.raises(BadInput, match="chính là kho đang dùng"):
        backup(filled_file, file_of(filled_file), replace=True)
    with pytest.raises(BadInput, match="Không có thư mục"):
        backup(filled_file, tmp_path / "khong-co" / "sao.sqlite")


def test_a_folder_gets_a_name_with_the_day(filled_file: str, tmp_path: Path) -> None:
    """Given a folder, the backup is named by the day and hour."""
    path = backup(filled_file, tmp_path)
    assert path.parent == tmp_path
    assert path.name.startswith("dubi-2")


def test_automatic_backups_have_their_place(filled: str, store: str) -> None:
    """They lie in a folder beside the store, for their owner only; an empty store needs none."""
    made = automatic(filled, "import")
    assert made is not None
    assert made.path.parent == folder(filled)
    assert kept(filled)[-1] == made.path
    if os.name != "nt":
        assert folder(filled).stat().st_mode & 0o777 == 0o700
        assert made.path.stat().st_mode & 0o777 == 0o600


def test_an_empty_store_needs_no_backup(store: str) -> None:
    """Before the first import there is nothing to lose."""
    assert automatic(store, "import") is None
    assert not folder(store).exists()


def test_two_backups_of_one_second(filled_file: str) -> None:
    """Two in the same second are two files."""
    now = dt.datetime(2026, 5, 6, 7, 8, 9)
    names = [made.path.name for _ in range(3) if (made := automatic(filled_file, "import", now))]
    assert names == [f"20260506-070809-import{ending}.sqlite" for ending in ("", "-2", "-3")]


def test_clearing_keeps_the_newest_and_each_month(tmp_path: Path) -> None:
    """The ten newest stay, the last one of each of the past twelve months, and whatever is not ours."""
    today = dt.date(2026, 11, 25)
    for number in range(60):
        day = today - dt.timedelta(days=9 * number)
        (tmp_path / f"{day:%Y%m%d}-120000-import.sqlite").touch()
    (tmp_path / "cua-toi.sqlite").touch()
    (tmp_path / "20200101-120000-hong.sqlite").touch()
    gone = clear(tmp_path, today)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert gone == 60 - (len(left) - 2)
    assert {"cua-toi.sqlite", "20200101-120000-hong.sqlite"} <= set(left)
    ours = [name for name in left if name.endswith("import.sqlite")]
    assert len([name for name in ours if name >= "202608"]) >= 10
    assert len({name[:6] for name in ours}) == 12
    assert len(ours) <= 10 + 12


def test_an_older_store_is_backed_up_before_it_is_changed(filled_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bringing a store up to date begins with a copy of it as it was."""
    path = file_of(filled_file)
    assert backups.initialise_safely(filled_file) == (False, None)
    before = shutil.copyfile(path, path.with_name("truoc.sqlite")).read_bytes()
    monkeypatch.setattr(backups, "SCHEMA", "9999")
    made, copy = backups.initialise_safely(filled_file)
    assert not made
    assert copy is not None
    assert copy.path.name.endswith("-migration.sqlite")
    assert read_store(f"sqlite:///{copy.path}") == read_store(filled_file)
    assert before


def test_making_a_store_safely(tmp_path: Path) -> None:
    """A store that is made new needs no backup."""
    url = f"sqlite:///{tmp_path / 'kho.sqlite'}"
    assert backups.initialise_safely(url) == (True, None)
    assert verify(url).holds
    assert not initialise(url)
