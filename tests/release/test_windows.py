"""The program for Windows, unzipped on a PC that wine makes, and used there: `make windows-test` (minutes)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from release.trial import ROOT, ROSTER, STEPS, differences, go_through, look_around, visit
from release.windows.bundle import LARGEST, LEFT_OUT, LONGEST
from release.windows.interpreter import PINNED
from release.windows.wine import Pc, started

ZIP = os.environ.get("DUBI_TEST_WINDOWS", "")
if not ZIP:
    pytest.skip("the program for Windows is tried by make windows-test", allow_module_level=True)

LONG = 240.0
"""Seconds after which what was waited for is taken not to come."""


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pc]:
    """A PC on which nothing is installed."""
    made = Pc(tmp_path_factory.mktemp("wine"))
    yield made
    made.off()


@pytest.fixture(scope="module")
def program(pc: Pc) -> Path:
    """The program, unzipped on the desktop of a person whose folders bear Vietnamese names."""
    return pc.unzip(ROOT / ZIP)


@pytest.fixture(scope="module")
def work(pc: Pc) -> Path:
    """The folder somebody works in."""
    made = pc.desktop / "Sổ của chi bộ"
    made.mkdir()
    shutil.copyfile(ROSTER, made / "so-goc.xlsx")
    return made


@pytest.fixture
def filled(pc: Pc, program: Path, work: Path) -> None:
    """The person's own store, with people in it."""
    if not (pc.data / "dubi.sqlite").exists():
        for line in (["init"], ["import", "so-goc.xlsx", "--apply"]):
            assert pc.run([*pc.dubi(program), *line], work).returncode == 0


def until(there: Callable[[], bool]) -> None:
    """Wait for something; fails where it does not come."""
    end = time.monotonic() + LONG
    while not there():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.5)


def address(pc: Pc) -> str:
    """The address that the running desk has left for a second start."""
    note = pc.data / "web.json"
    until(note.exists)
    return str(json.loads(note.read_text(encoding="utf-8"))["address"])


def test_the_zip_keeps_its_limits() -> None:
    """Small enough, short paths, nothing of large stores or tools, and nothing of the machine it was made on."""
    path = ROOT / ZIP
    assert path.stat().st_size <= LARGEST
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert max(len(name) for name in names) <= LONGEST
        assert {name.split("/")[0] for name in names} == {"Dubi"}
        assert not [name for name in names if name.split("/")[2:] and name.split("/")[2].startswith(LEFT_OUT)]
        for name in ("LICENSE.txt", "NOTICE.txt", "THIRD-PARTY.txt", "HUONG-DAN.txt"):
            assert len(archive.read(f"Dubi/{name}")) > 500, name
        chosen = yaml.safe_load(PINNED.read_text(encoding="utf-8"))
        icon = archive.read("Dubi/Dubi.exe")
        if f"{chosen['version']}".encode("utf-16-le") in icon:
            assert hashlib.sha256(icon).hexdigest() == chosen["files"]["pythonw.exe"]
        records = [name for name in names if name.endswith((".py", ".txt", ".cmd", "._pth", "RECORD"))]
        assert not [name for name in records if str(ROOT).encode() in archive.read(name)]


@pytest.mark.skipif(not shutil.which("osslsigncode"), reason="osslsigncode is not installed")
def test_the_signature_of_the_icon_holds(program: Path) -> None:
    """Dubi.exe is signed by the Python Software Foundation, and what was signed is what is there."""
    command = ["osslsigncode", "verify", str(program / "Dubi.exe")]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False).stdout
    stored = [line.split(":")[1].strip() for line in said.splitlines() if "message digest" in line]
    assert len(stored) == 2
    assert stored[0] == stored[1]
    assert "Python Software Foundation" in said


def test_answers_are_those_of_linux(pc: Pc, program: Path, work: Path, tmp_path: Path) -> None:
    """From the first command to the last: JSON, CSV and files are equal byte for byte, line ends included."""
    there = go_through(pc.dubi(program), work, pc.variables)
    assert (pc.data / "dubi.sqlite").is_file()
    assert list((pc.data / "dubi.sqlite.backups").glob("*-import.sqlite")) == []  # it was empty before
    here = go_through(
        [str(Path(sys.executable).parent / "dubi")], tmp_path, {**os.environ, "DUBI_HOME": str(tmp_path / "kho")}
    )
    assert differences(there, here) == []
    for step in STEPS:
        if step.line.endswith("--json"):
            assert b"\r" not in there[step.name], step.name
    assert there["check"] == there["check after undoing"] != there["check after recording"]
    assert there["check after erasing"] == there["check after restoring"] != there["check after decrypting"]
    assert there["check after erasing"] == there["check of the level above"] == there["check by the committee"]
    assert there["form as .pdf"].startswith(b"%PDF")
    shutil.rmtree(pc.data)  # with users, and encrypted; what follows makes a store that is open to who sits there


@pytest.mark.parametrize("page", ["1258", "437"])
def test_consoles_of_old_code_pages(page: str, pc: Pc, program: Path, work: Path) -> None:
    """What a console's code page is changes nothing of an answer, nor of a name typed with Vietnamese letters."""
    script = work / f"lenh{page}.cmd"
    script.write_bytes(f'@chcp {page} >nul\r\n@call "%~dp0..\\Dubi\\lenh\\dubi.cmd" %*\r\n'.encode("ascii"))
    line = ["check", "so-goc.xlsx", "--as-of", "2024-10-31", "--xlsx", f"quá-hạn-{page}.xlsx"]
    ran = pc.run([pc.wine, "cmd", "/c", script.name, *line], work)
    said = (ran.stdout + ran.stderr).decode("utf-8", errors="replace")
    assert (ran.returncode, (work / f"quá-hạn-{page}.xlsx").is_file()) == (0, True), said
    assert "quá hạn" in ran.stdout.decode("utf-8")


HOLD = (
    "import _winapi, sys; handle = _winapi.CreateFile(sys.argv[1], 0x80000000, int(sys.argv[2]), 0, 3, 0, 0); "
    "print('held', flush=True); sys.stdin.read()"
)


@pytest.mark.parametrize(("shared", "line", "said"), [
    (1, "check so-goc.xlsx --as-of 2024-10-31 --xlsx đang-mở.xlsx --force", "Đóng tệp trong Excel"),
    (0, "check đang-mở.xlsx --as-of 2024-10-31", "Đóng tệp trong Excel"),
])  # fmt: skip
def test_a_file_that_is_open_elsewhere(shared: int, line: str, said: str, pc: Pc, program: Path, work: Path) -> None:
    """A file that another program holds is not written, or not read, with a sentence that says to close it."""
    shutil.copyfile(work / "so-goc.xlsx", work / "đang-mở.xlsx")
    before = (work / "đang-mở.xlsx").read_bytes()
    command = [*pc.python(program), "-c", HOLD, "đang-mở.xlsx", str(shared)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=work, env=pc.variables, **pipes) as holder:  # type: ignore[call-overload]  # three streams by their names
        assert holder.stdout.readline().strip() == b"held", holder.stderr.read()
        ran = pc.run([*pc.dubi(program), *line.split()], work)
        holder.stdin.close()
    assert ran.returncode in (3, 4)
    assert said in ran.stderr.decode("utf-8")
    assert (work / "đang-mở.xlsx").read_bytes() == before
    assert not [path for path in work.iterdir() if path.name.startswith(".")]


def test_a_store_on_a_share_is_refused(pc: Pc, program: Path, work: Path) -> None:
    """A store on another machine is refused with what to do instead, whether it would be made or asked."""
    for line in (["init"], ["check"]):
        ran = pc.run([*pc.dubi(program), *line, "--store", r"\\server\share\dubi.sqlite"], work)
        assert ran.returncode == 4
        assert "nằm trên máy khác trong mạng" in ran.stderr.decode("utf-8")


def test_the_desk_by_its_icon(pc: Pc, program: Path, filled: None) -> None:
    """A double click opens the desk, a second one the same; a browser uses it; it is ended from its page."""
    from tests.web.chromium import Visit, chromium

    files = {path: path.stat().st_mtime_ns for path in program.rglob("*")}
    assert started(pc, program).wait(LONG) == 0
    first = address(pc)
    look_around(first)
    assert started(pc, program).wait(LONG) == 0
    assert address(pc) == first
    with chromium() as browser:
        visit = Visit(browser, first)
        for path in ("/", "/nguoi?q=nhung", "/nguoi/HS-0404", "/so-lieu", "/bieu/F2"):
            assert visit.to(path).get_by_role("heading", level=1).first.inner_text()
        page = visit.to("/nguoi/HS-0404/ghi")
        assert page.get_by_role("form").or_(page.locator("main form")).count()
        assert (visit.foreign, visit.complaints) == ([], [])
        visit.to("/quan-tri").get_by_role("button", name="Tắt Dubi").click()
        assert "Dubi đã tắt" in visit.page.get_by_role("heading", level=1).inner_text()
    until(lambda: not (pc.data / "web.json").exists())
    assert {path: path.stat().st_mtime_ns for path in program.rglob("*")} == files, "written beside the program"


def test_the_desk_listens_on_and_ends_when_no_page_is_open(pc: Pc, program: Path, filled: None) -> None:
    """A browser breaks connections off while they are taken: the desk listens on, which Windows' own loop did not. What
    the icon starts ends by itself once nobody has asked anything for the time that was given."""
    run = started(pc, program, "-m", "cli.icon", "--no-browser", "--close-after", "0.5")
    page, reset = visit(first := address(pc)), struct.pack("ii", 1, 0)
    for _ in range(600):
        with socket.create_connection(("127.0.0.1", urlsplit(first).port or 0)) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    assert b"</html>" in page("/bieu")
    assert run.wait(LONG) == 0
    assert not (pc.data / "web.json").exists()


def test_an_update_is_unzipped_over_it(pc: Pc, program: Path) -> None:
    """A new version unzipped over an old one runs alone: of the old one's libraries nothing is found any more."""
    (current,) = program.glob("lib-*")
    current.rename(program / "lib-0.0.1")
    pc.unzip(ROOT / ZIP)
    assert {path.name for path in program.glob("lib-*")} == {"lib-0.0.1", current.name}
    script = (
        "import sys, importlib.metadata as m; print(len(list(m.entry_points(group='dubi.faces'))), m.version('dubi'))"
    )
    ran = pc.run([*pc.python(program), "-c", script])
    assert ran.stdout.decode().split() == ["1", current.name.removeprefix("lib-")]
