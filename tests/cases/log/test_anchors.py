"""The log proves what it says: whoever rewrites it or alters a table is found out; a damaged store takes no write."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from cases.history.verification import Verdict, verify
from cases.imports.importing import import_file
from cases.keeping import restoring
from cases.keeping.backups import automatic, backup, initialise_safely, kept
from cases.keeping.restoring import restore
from cases.store.connection import writing
from cases.store.held.anchoring import beside
from cases.store.tables import metadata
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster
from desk.keeping.doctor import examine
from rules.loader.errors import DubiError, StoreProblem
from tests.cases.log.tampering import file_of, past_the_program, rewrite_log

DAY = date(2026, 11, 25)


def write(url: str, note: str) -> None:
    """One write about one case."""
    record = Record("HS-1", {"code": "HS-1", "full_name": "Lê Mẫu", "note": note, "admitted_on": date(2024, 2, 3)})
    with writing(url) as connection:
        apply_roster(connection, Roster((record,)), new_batch("Lan"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store in a folder of its own with three writes, and two backups of its own."""
    place = tmp_path / "so" / "dubi.sqlite"
    place.parent.mkdir()
    made = f"sqlite:///{place}"
    initialise_safely(made)
    for note in ("một", "hai", "ba"):
        write(made, note)
    return made


def seen(url: str) -> Verdict:
    """What is found of a store, with its backups."""
    return verify(url, kept(url))


def test_a_store_is_held_by_its_anchor(url: str) -> None:
    """After every write the anchor stands at the last entry."""
    found = seen(url)
    assert (found.holds, found.anchored.state, found.anchored.number) == (True, "held", 3)


def test_a_log_that_was_rewritten_shows(url: str) -> None:
    """A chain made anew from the first entry on holds together, and not to what is kept outside; it takes no write."""
    rewrite_log(url)
    found = seen(url)
    assert found.broken is None
    assert not found.strayed
    assert (found.holds, found.anchored.state) == (False, "lost")
    with pytest.raises(StoreProblem, match="viết lại hay cắt bớt"):
        write(url, "bốn")


def test_a_log_that_was_cut_off_with_its_tables_shows(url: str, tmp_path: Path) -> None:
    """An earlier store put by hand in the place of the later one is no more what was anchored: no write is taken
    until it is restored."""
    earlier = tmp_path / "earlier.sqlite"
    shutil.copyfile(file_of(url), earlier)
    write(url, "bốn")
    shutil.copyfile(earlier, file_of(url))
    for ending in ("-wal", "-shm"):
        Path(f"{file_of(url)}{ending}").unlink(missing_ok=True)
    assert seen(url).anchored.state == "lost"
    with pytest.raises(StoreProblem, match="dubi restore"):
        write(url, "bốn")
    restore(url, backup(f"sqlite:///{earlier}", tmp_path / "kept.sqlite"), confirmed=True)
    assert seen(url).holds
    write(url, "năm")


def test_an_anchor_may_lag_behind(url: str, tmp_path: Path) -> None:
    """A command killed between its write and its anchor leaves an anchor of before, which still holds."""
    folder = tmp_path / "home" / "anchors"
    (anchor,) = folder.glob("*.json")
    before = anchor.read_bytes()
    write(url, "bốn")
    anchor.write_bytes(before)
    found = seen(url)
    assert (found.holds, found.anchored.number, found.batches) == (True, 3, 4)
    write(url, "năm")
    assert seen(url).anchored.number == 5


def test_a_copy_on_another_machine_is_not_anchored_there(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no damage: it holds, is told as not anchored, takes writes, and is anchored from then on."""
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "other home"))
    found = seen(url)
    assert (found.holds, found.anchored.state) == (True, "none")
    write(url, "bốn")
    assert seen(url).anchored.state == "held"


def test_an_anchor_that_was_altered_shows(url: str, tmp_path: Path) -> None:
    """Whoever writes an anchor without the key is found out, whatever it says."""
    (anchor,) = (tmp_path / "home" / "anchors").glob("*.json")
    said = json.loads(anchor.read_text())
    lies: tuple[object, ...] = ({**said, "heads": [["0" * 32, 1, "0" * 64]]}, {**said, "seal": "0" * 64}, [], "x", {})
    for forged in lies:
        anchor.write_text(json.dumps(forged))
        assert seen(url).anchored.state == "forged"
        with pytest.raises(StoreProblem, match="đã bị sửa"):
            write(url, "bốn")


def test_what_backups_knew_is_still_there_or_was_taken_back(url: str, tmp_path: Path) -> None:
    """A log is held to its backups even where the anchor went with it; what a restore took back is accounted for."""
    first = backup(url, tmp_path / "first.sqlite")
    write(url, "bốn")
    restore(url, first, confirmed=True)
    assert len(kept(url)) == 1
    assert seen(url).holds
    automatic(url, "import")
    rewrite_log(url)
    for anchor in (tmp_path / "home" / "anchors").glob("*.json"):
        anchor.unlink()
    assert seen(url).anchored.state == "lost"


def test_a_backup_that_was_rewritten_shows(url: str, tmp_path: Path) -> None:
    """A backup has its anchor beside it."""
    made = backup(url, tmp_path / "made.sqlite")
    other = f"sqlite:///{made}"
    assert verify(other).anchored.state == "held"
    assert beside(made).stat().st_mode & 0o077 == 0
    rewrite_log(other)
    assert verify(other).anchored.state == "lost"


def test_an_empty_store_with_backups_is_broken(url: str) -> None:
    """Somebody emptied or replaced it: what it held is beside it."""
    write_folder = file_of(url).with_name("dubi.sqlite.backups")
    write_folder.mkdir()
    backup(url, write_folder / "20261125-101500-import.sqlite")
    file_of(url).unlink()
    initialise_safely(url)
    found = seen(url)
    assert not found.holds
    assert any("bản sao lưu" in one for one in found.odd)
    assert any(one.state == "broken" for one in examine(url, DAY))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Iterator[str]:
    """A store with rows in as many tables as a roster fills, with its anchor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBI_HOME", str(tmp_path_factory.mktemp("home")))
        made = f"sqlite:///{tmp_path_factory.mktemp('full') / 'dubi.sqlite'}"
        initialise_safely(made)
        import_file(made, data_folder / "rosters" / "chi-bo-nho.xlsx", apply=True)
        write(made, "thêm")
        yield made


@pytest.fixture(scope="module")
def data_folder() -> Path:
    """The shipped data."""
    return Path(__file__).parents[2] / "data"


def as_it_was(full: str, tmp_path: Path) -> str:
    """A copy of the full store at a place of its own."""
    with closing(sqlite3.connect(file_of(full))) as source, closing(sqlite3.connect(tmp_path / "a.sqlite")) as copy:
        source.backup(copy)
    return f"sqlite:///{tmp_path / 'a.sqlite'}"


ONLY_NUMBERS = {(name, "id") for name in ("changes", "memberships", "dated_attributes", "unit_standings")}
"""Numbers of rows that nothing refers to: the last one may bear any greater number, and says the same."""


def test_every_column_of_every_table_is_held_to(full: str, tmp_path: Path) -> None:
    """Whatever is altered in whichever column of whichever table, in one row or by emptying the table, shows."""
    untouched = as_it_was(full, tmp_path)
    content = file_of(untouched).read_bytes()
    assert verify(untouched).holds
    altered = 0
    for name, table in metadata.tables.items():
        with closing(sqlite3.connect(file_of(untouched))) as file:
            (rows,) = file.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608  # our own names
        if not rows:
            continue
        keys = ", ".join(table.primary_key.columns.keys())
        last = f"WHERE ({keys}) = (SELECT {keys} FROM {name} ORDER BY {keys} DESC LIMIT 1)"  # noqa: S608  # our own names
        ways = [f"DELETE FROM {name}", f"DELETE FROM {name} {last}"]  # noqa: S608  # our own names
        for column in table.columns:
            if (name, column.name) in ONLY_NUMBERS:
                continue
            other = f"CASE WHEN typeof({column.name}) IN ('integer', 'real') THEN {column.name} + 977 ELSE 'khac' END"
            ways.append(f"UPDATE {name} SET {column.name} = {other} {last}")  # noqa: S608  # our own names
        for way in ways:
            file_of(untouched).write_bytes(content)
            past_the_program(untouched, way)
            assert not verify(untouched).holds, way
            altered += 1
    assert altered > 60


SHAPES = (
    "DROP INDEX ix_persons_folded_name",
    "ALTER TABLE persons ADD COLUMN more TEXT",
    "ALTER TABLE steps RENAME COLUMN note TO more",
    "CREATE TABLE more (a)",
    "CREATE VIEW more AS SELECT 1",
    "CREATE TRIGGER more AFTER INSERT ON cases BEGIN DELETE FROM steps; END",
    "INSERT INTO codes VALUES ('religion', 'khac-han')",
    "INSERT INTO step_kinds VALUES ('khac_han')",
    "INSERT INTO persons (full_name, folded_name) VALUES ('Ai Đó', 'ai do')",
    *(f"DROP TABLE {name}" for name in metadata.tables),
)


def test_the_form_of_a_store_is_held_to(full: str, tmp_path: Path) -> None:
    """A table, a column, an index, a guard or a code that is missing or was added shows, and raises nothing."""
    untouched = as_it_was(full, tmp_path)
    content = file_of(untouched).read_bytes()
    for way in SHAPES:
        file_of(untouched).write_bytes(content)
        past_the_program(untouched, way)
        assert not found_or_refused(untouched), way
        assert any(
            one.name in ("log", "opening", "store", "integrity") and one.state != "fine"
            for one in examine(untouched, DAY)
        ), way


def found_or_refused(url: str) -> bool:
    """Whether a store is found whole; one that is no store any more is refused in a sentence."""
    try:
        return seen(url).holds
    except DubiError:
        return False


def test_a_damaged_store_is_a_finding_and_takes_no_write(full: str, tmp_path: Path) -> None:
    """Bytes that went, pages of zeros, a file cut off: nothing raises but in a sentence, and nothing is written."""
    untouched = as_it_was(full, tmp_path)
    content = file_of(untouched).read_bytes()
    chance, refused = random.Random(7), 0  # noqa: S311  # places, no secrets
    page = 4096
    for number in range(48):
        damaged = bytearray(content)
        at = chance.randrange(len(content) // page) * page
        kind = number % 4
        if kind == 0:
            damaged[at : at + page] = bytes(page)
        elif kind == 1:
            damaged = damaged[:at]
        elif kind == 2:
            damaged[at : at + page] = chance.randbytes(page)
        else:
            damaged[chance.randrange(100)] ^= 0xFF
        file_of(untouched).write_bytes(damaged)
        whole = found_or_refused(untouched)
        broken = any(one.state == "broken" for one in examine(untouched, DAY))
        assert whole or broken, (number, at)
        if whole:
            continue
        refused += 1
        before = file_of(untouched).read_bytes()
        with pytest.raises(DubiError):
            write(untouched, "mới")
        assert file_of(untouched).read_bytes() == before, (number, at)
    assert refused > 30


@pytest.mark.parametrize("table", ["persons", "cases", "steps", "attributes", "changes", "batches", "codes"])
def test_an_emptied_table_takes_no_write(url: str, table: str) -> None:
    """A store whose rows are gone is not written on, so that nothing is built on what is lost."""
    write(url, "bốn")
    past_the_program(url, f"DELETE FROM {table}")  # noqa: S608  # our own names
    with pytest.raises(StoreProblem, match=r"hỏng hoặc đã bị can thiệp.*Chưa ghi gì"):
        write(url, "năm")


def test_init_does_not_anchor_what_was_altered(url: str) -> None:
    """Making a store again that is there leaves the anchor as it is where the log does not hold to it."""
    rewrite_log(url)
    initialise_safely(url)
    assert seen(url).anchored.state == "lost"


def test_a_restore_that_failed_half_way_leaves_the_store_held(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anchor knows both places until the backup stands there; also of a store that was not anchored before."""
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    initialise_safely(other)
    write(other, "khác")
    for home in ("home", "another home"):
        monkeypatch.setenv("DUBI_HOME", str(tmp_path / home))
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "_copy_into", _no_space)
            with pytest.raises(OSError, match="No space"):
                restore(url, file_of(other), confirmed=True)
        assert seen(url).holds
        assert seen(url).anchored.state == "held"
    restore(url, file_of(other), confirmed=True)
    assert seen(url).anchored.state == "held"


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")
