"""A full medium and a file that may only be read: the command says so, ends with 4, and the store is as it was."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.history.verification import verify
from cases.store.reading import read_store
from tests.calling import call
from tests.given.stores import with_a_small_cell
from tests.whole import first_of, only_whole

DUBI = Path(sys.prefix) / "bin" / "dubi"


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """The installed command."""
    return subprocess.run([str(DUBI), *map(str, arguments)], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]  # the options of a process are handed on as they are


COMMANDS = {
    "record": ["record", "HS-01", "cell_met_on", "--on", "4/5/2026", "--confirm"],
    "import": ["import", "LARGE", "--apply"],
    "undo": ["undo"],
    "add": ["add", "--name", "Lê Thị Mẫu"],
}


def _said(command: list[str], data: Path) -> list[str]:
    large = str(data / "rosters" / "dang-bo-co-so.xlsx")
    return [large if part == "LARGE" else part for part in command]


@pytest.mark.parametrize("command", first_of(COMMANDS.values()), ids=COMMANDS.keys())
def test_no_file_may_grow(tmp_path: Path, data: Path, command: list[str]) -> None:
    """Where the system lets no file grow, nothing is written, and the sentence says that the medium is at fault."""
    path = tmp_path / "kho" / "dubi.sqlite"
    url = with_a_small_cell(path)
    before = read_store(url)

    def let_nothing_grow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    ran = run(*_said(command, data), "--store", path, preexec_fn=let_nothing_grow)
    assert ran.returncode == 4, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Ổ đĩa" in ran.stderr or "Không dùng được" in ran.stderr
    assert read_store(url) == before
    assert verify(url).holds
    assert call([*_said(command, data), "--store", path], tmp_path).code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for little."""
    place = tmp_path / "dia"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(small_disk: Path, data: Path) -> None:
    """On a disk that is really full an import, its backup and a backup by hand fail in words; the store stays."""
    path = small_disk / "dubi.sqlite"
    url = with_a_small_cell(path)
    before = read_store(url)
    for command in (COMMANDS["import"], ["backup", str(small_disk / "sao.sqlite")]):
        free = shutil.disk_usage(small_disk).free
        (small_disk / "day").write_bytes(b"0" * max(0, free - 20_000))
        ran = run(*_said(command, data), "--store", path)
        assert ran.returncode == 4, ran.stderr
        assert "đầy" in ran.stderr or "Không dùng được" in ran.stderr
        (small_disk / "day").unlink()
        assert read_store(url) == before
        assert verify(url).holds
    assert call([*COMMANDS["record"], "--store", path], path.parent).code == 0


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "setuid") or os.geteuid() != 0, reason="needs another user")
@only_whole
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_file_that_may_only_be_read(tmp_path: Path, data: Path, command: list[str]) -> None:
    """Somebody who may only read the store is told so, and can ask it all the same."""
    place = Path("/tmp") / f"dubi-{os.getpid()}-{tmp_path.name}"  # noqa: S108  # where another user can get to
    place.mkdir(mode=0o755)
    try:
        path = place / "dubi.sqlite"
        url = with_a_small_cell(path)
        before = path.read_bytes()
        shutil.rmtree(place / "dubi.sqlite.backups", ignore_errors=True)
        path.chmod(0o444)
        ran = _as_nobody(*_said(command, data), "--store", path)
        if "Permission denied" in ran.stderr or ran.returncode == 126:
            pytest.skip("another user cannot start the command here")
        assert ran.returncode == 4, ran.stderr
        assert "Kiểm tra quyền" in ran.stderr
        assert path.read_bytes() == before
        asked = _as_nobody("check", "--as-of", "2025-03-01", "--store", path)
        assert asked.returncode == 0, asked.stderr
        assert read_store(url).records
    finally:
        shutil.rmtree(place)


def _as_nobody(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command's own code in a child that has everything loaded and then becomes another user."""
    program = (
        "import os, sys\n"
        "import desk.changes.effects, desk.answers.finding, cases.imports.importing\n"
        "import cases.keeping.backups, cases.store.writing\n"
        "import cases.history.undo, cases.changes.saving, cases.changes.correcting, desk.desk, cli.main\n"
        "import engine.compiling\n"
        "from cli.families import whole; whole()\n"
        "import alembic.command, psycopg, openpyxl, encodings.idna, getpass\n"
        "from engine.ruleset import load_ruleset; from desk.rosters import evaluator; evaluator(load_ruleset())\n"
        "from cases.workbook.read import examine\n"
        "for name in sys.argv:\n"
        "    if name.endswith('.xlsx'): examine(name)\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "cli.main.run()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DUBI_USER": "người đọc", "HOME": "/"},
    )
