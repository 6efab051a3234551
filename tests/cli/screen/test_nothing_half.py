"""A full disk and an end in the middle: whatever is written, a sentence is said and nothing is left half."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cases.history.verification import verify
from cases.store.reading import read_store
from cases.values import whole_file
from tests.cli.asking.test_filling import PEOPLE, official
from tests.cli.conftest import Dubi

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files, and no SIGTERM")

PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")
FIELDS = ("--field", "meeting_on=1/3/2025", "--field", "meeting_place=Hội trường", "--field", "to=Chi bộ")
OUTPUTS: dict[str, tuple[str, ...]] = {
    "template": ("template", "moi.xlsx"),
    "export xlsx": ("export", "moi.xlsx"),
    "export parquet": ("export", "moi.parquet"),
    "check": ("check", "--as-of", "2025-03-01", "--xlsx", "moi.xlsx"),
    "list": ("list", "--as-of", "2025-03-01", "--xlsx", "moi.xlsx"),
    "timings": ("timings", *PERIOD, "--xlsx", "moi.xlsx"),
    "remind": ("remind", "--as-of", "2025-03-01", "--ics", "moi.ics"),
    "report": ("report", "F2", *PERIOD, "--xlsx", "moi.xlsx"),
    "report docx": ("report", "F2", *PERIOD, "--docx", "moi.docx"),
    "report pdf": ("report", "F2", *PERIOD, "--pdf", "moi.pdf"),
    "report html": ("report", "F2", *PERIOD, "--html", "moi.html"),
    "report receipt": ("report", "F2", *PERIOD, "--receipt", "moi.json"),
    "overview": ("report", "overview", *PERIOD, "--html", "moi.html"),
    "paper": ("paper", "giay-moi", "HS-03", *FIELDS, "--out", "moi.docx"),
    "merge": ("merge", "so.xlsx", "so.xlsx", "--out", "moi.xlsx"),
    "rules": ("rules", "docs", "--out", "moi.md"),
    "mapping": ("import", "so.csv", "--save-mapping", "moi.yaml"),
    "errors": ("import", "so.csv", "--errors", "moi.xlsx"),
    "fill": ("fill", "ds.xlsx", "--out", "moi.xlsx"),
    "sweep": ("sweep", "--output", "moi", "--as-of", "2025-03-01"),
    "sweep of a file": ("sweep", "--input", "kho.parquet", "--output", "moi", "--as-of", "2025-03-01"),
    "backup": ("backup", "moi.sqlite"),
}
"""Each kind of file that a command writes."""
WRITES: dict[str, tuple[str, ...]] = {
    "import": ("import", "so.xlsx", "--apply"),
    "record": ("record", "HS-01", "cell_met_on", "--on", "4/5/2026", "--confirm"),
    "add": ("add", "--name", "Lê Thị Mẫu"),
    "undo": ("undo",),
    "overlay": ("overlay", "ha-noi-2025"),
    "restore": ("restore", "cu.sqlite", "--confirm"),
    "init": ("init", "--store", "khac.sqlite"),
    "news": ("news", "--keep"),
}
"""Each kind of write to the store, or beside it."""


@pytest.fixture
def place(book: Path, dubi: Dubi, small: Path, tmp_path: Path) -> Path:
    """A folder with a filled store, and whatever the commands read."""
    (tmp_path / "so.xlsx").write_bytes(small.read_bytes())
    official(tmp_path / "ds.xlsx", *PEOPLE)
    (tmp_path / "so.csv").write_text(
        "Họ và tên,Ngày sinh,Ngày vào Đảng\nLê Văn Mẫu,3/2/1980,4/5/2010\nHồ Thị Mẫu,31/2/1981,4/5/2011\n",
        encoding="utf-8",
    )
    for arguments in (("export", "kho.parquet"), ("backup", "cu.sqlite"), ("add", "--name", "Trần Thị Mẫu")):
        assert dubi(*arguments).code == 0
    return tmp_path


def _left(place: Path) -> dict[str, bytes]:
    """Every file below a folder, but those by which SQLite lets others read beside a writer, anchors of a log, and the
    reading log, which tells of what was about to go out.
    """
    beside = ("-wal", "-shm", "desk.sqlite")
    return {
        str(path.relative_to(place)): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and not path.name.endswith(beside) and "anchors" not in path.parts
    }


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes; Python has writing fail, as it does on a full disk."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_no_half_file(place: Path, dubi: Dubi) -> None:
    """Every command that writes a file says in a sentence that there is no room, and leaves the folder as it was."""
    before = _left(place)
    for name, arguments in OUTPUTS.items():
        with no_file_beyond(300):
            ran = dubi(*arguments)
        assert (name, ran.code) == (name, 4), ran.err
        assert "ổ đĩa" in ran.err.lower(), (name, ran.err)
        assert "Lỗi của chương trình" not in ran.err, name
        assert _left(place).keys() == before.keys(), name


def test_a_full_disk_leaves_the_store_as_it_was(place: Path, dubi: Dubi) -> None:
    """Every write to the store either happened or did not, and a sentence says why it did not."""
    url = f"sqlite:///{place / 'home' / 'dubi.sqlite'}"
    before, files = read_store(url), _left(place).keys()
    for name, arguments in WRITES.items():
        with no_file_beyond(300):
            ran = dubi(*arguments)
        assert (name, ran.code) == (name, 4), ran.err
        assert "ổ đĩa" in ran.err.lower(), (name, ran.err)
        assert read_store(url) == before, name
        assert verify(url).holds, name
        assert _left(place).keys() == files, name


def test_told_to_end_while_writing_leaves_nothing(place: Path, dubi: Dubi, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGTERM and Ctrl+C when a draft is written and has not got its name yet: it is gone, and nothing came instead."""
    before = _left(place)
    told = {signal.SIGTERM: 128 + signal.SIGTERM, signal.SIGINT: 130}
    turn = list(told)

    def end(path: Path) -> None:
        signal.raise_signal(turn[0])

    monkeypatch.setattr(whole_file, "sync", end)
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background are deaf to Ctrl+C
    try:
        for number, (name, arguments) in enumerate(OUTPUTS.items()):
            turn.reverse() if number % 2 else None
            if name.startswith("sweep"):
                continue
            ran = dubi(*arguments)
            assert (name, ran.code) == (name, told[turn[0]]), ran.err
            left = _left(place)
            if name == "report receipt":  # the store has been told by then that the report is sent
                before["home/dubi.sqlite"] = left["home/dubi.sqlite"]
            assert left == before, name
    finally:
        signal.signal(signal.SIGINT, heard)
