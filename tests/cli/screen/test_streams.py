"""Streams and exit codes: data on stdout, the rest on stderr, UTF-8 everywhere, and no traceback for anybody."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import cli.main
from cli import families
from cli.main import run
from desk import source
from rules.loader.errors import BadInput, DubiError, StoreProblem, UnknownName
from tests.cli.conftest import DUBI, Dubi


@pytest.mark.parametrize("setting", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}])
def test_output_is_utf8_whatever_the_machine_says(dubi_process: Dubi, small: Path, setting: dict[str, str]) -> None:
    """A machine set to plain ASCII gets the same Vietnamese as any other, on both streams."""
    assert "Tính đến ngày 01/03/2025" in dubi_process("check", small, "--as-of", "2025-03-01", **setting).out
    assert "Không có lệnh “chek”" in dubi_process("chek", **setting).err


def test_whoever_stops_reading_is_left_in_peace(filled_store: Path) -> None:
    """`dubi check | head -1` ends without a word on stderr, with what a shell reports for it."""
    command = [str(DUBI), "check", "--store", str(filled_store), "--as-of", "2024-10-31", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (141, b"")


def test_pipes_and_no_color_get_plain_text(dubi_process: Dubi, small: Path) -> None:
    """No escape sequence reaches a pipe."""
    assert "\x1b" not in dubi_process("check", small, "--as-of", "2025-03-01", NO_COLOR="").out


def test_a_terminal_gets_bold_headings_and_wrapped_lines(small: Path) -> None:
    """On a terminal headings are bold and no line is longer than the terminal is wide; NO_COLOR takes the bold away."""
    for environment, bold in ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False):
        text = on_a_terminal(["check", str(small), "--as-of", "2025-03-01"], environment)
        assert ("\x1b[1m" in text) is bold
        plain = text.replace("\x1b[1m", "").replace("\x1b[0m", "")
        table = plain[plain.index("Quá hạn:") : plain.index("Ngoài ra")].splitlines()
        assert len(table) > 20
        assert max(len(line) for line in table) <= 120


def on_a_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """What the command shows on a terminal of 120 columns."""
    ours, its = os.openpty()
    settings = {**os.environ, "COLUMNS": "120", "TERM": "xterm", **environment}
    with subprocess.Popen([str(DUBI), *arguments], stdout=its, stderr=its, env=settings):
        os.close(its)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end has gone
                break
            if not part:
                break
            seen += part
    os.close(ours)
    return seen.decode("utf-8").replace("\r\n", "\n")


FAILURES = [
    (UnknownName("Không có hồ sơ “X”."), 2, "Lỗi: Không có hồ sơ “X”.\n"),
    (BadInput("Tệp hỏng."), 3, "Lỗi: Tệp hỏng.\n"),
    (StoreProblem("Kho đầy."), 4, "Lỗi: Kho đầy.\n"),
    (DubiError("Không làm được."), 4, "Lỗi: Không làm được.\n"),
    (OSError(errno.ENOSPC, "No space left on device", "a.xlsx"), 4, "Lỗi: “a.xlsx”: ổ đĩa đã đầy."),
    (OSError(errno.EIO, "Input/output error"), 4, "Lỗi: ổ đĩa báo lỗi khi đọc hoặc ghi."),
    (OSError(errno.ELOOP, "Too many levels"), 4, f"Lỗi: máy không cho làm việc này (mã {errno.ELOOP}).\n"),
    (ZeroDivisionError("division by zero"), 4, "Lỗi của chương trình, không phải của số liệu (ZeroDivisionError)."),
    (KeyboardInterrupt(), 130, "Đã dừng theo yêu cầu.\n"),
]


@pytest.mark.parametrize(("failure", "code", "sentence"), FAILURES, ids=[type(f).__name__ for f, _, _ in FAILURES])
def test_every_failure_leaves_by_one_door(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failure: BaseException,
    code: int,
    sentence: str,
) -> None:
    """A failure becomes its exit code and a sentence on stderr; its English text and the traceback stay inside."""

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(source, "is_large", fail)
    monkeypatch.setattr(sys, "argv", ["dubi", "due"])
    with pytest.raises(SystemExit) as end:
        run()
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (code, "")
    assert err.startswith(sentence)
    assert "Traceback" not in err
    if isinstance(failure, OSError | ZeroDivisionError):
        assert str(failure.args[-1]) not in err or failure.args[-1] == "a.xlsx"


def test_a_developer_can_ask_for_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """With DUBI_DEBUG=1 a fault of the program comes out as it is."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(source, "is_large", fail)
    monkeypatch.setenv("DUBI_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main.outcome(["due"])


def test_help_waits_for_nothing_heavy() -> None:
    """`dubi --help` loads none of the libraries that do the work; that is what keeps it fast."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(DUBI), "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    heavy = {"alembic", "dateutil", "durable_rules_engine", "holidays", "openpyxl", "polars", "pydantic"}
    heavy |= {"python_calamine", "rich", "sqlalchemy", "sqlmodel", "xlsxwriter", "yaml", "cases", "engine", "reports"}
    assert loaded & heavy == set()


ASKING = (
    ["check", "FILE", "--as-of", "2025-03-01"],
    ["due", "FILE", "--as-of", "2025-03-01"],
    ["units", "FILE", "--as-of", "2025-03-01"],
    ["explain", "HS-03", "--file", "FILE", "--as-of", "2025-03-01"],
    ["stats", "FILE", "--from", "2024-01-01", "--to", "2024-12-31"],
)
ONE_AFTER_ANOTHER = """
import json, sys
from cli.main import run
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["dubi", *arguments]
    try:
        run()
    except SystemExit as end:
        assert end.code == 0, arguments
"""


def test_asking_waits_for_nothing_it_does_not_use(small: Path) -> None:
    """The commands that only ask load neither table models nor pydantic, holidays or the library of colours."""
    named = json.dumps([[str(small) if part == "FILE" else part for part in arguments] for arguments in ASKING])
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", ONE_AFTER_ANOTHER, named], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "engine" in loaded
    assert loaded & {"alembic", "holidays", "openpyxl", "pydantic", "rich", "sqlmodel", "xlsxwriter"} == set()


def test_the_help_page_tells_of_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that loads no command is that of the program with all of them: made anew, and from what was kept."""
    every = typer.main.get_command(families.whole())
    with every.make_context("dubi", [], resilient_parsing=True) as context:
        expected = every.get_help(context)
    assert "kiem-tra" in expected
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    for _ in range(2):
        page = families.command_for(["--help"])
        with page.make_context("dubi", [], resilient_parsing=True) as context:
            assert page.get_help(context) == expected
    assert (tmp_path / "home" / "rules" / "help.json").is_file()


ENDING = """
import gc, sys, tempfile
sys.argv = ["dubi"]
import cli
class Asked:
    def __del__(self):
        print("taken apart", flush=True)
around = Asked()
around.itself = around
folder = tempfile.TemporaryDirectory(dir=FOLDER)
folder.itself = folder
print("said")
"""


def test_a_command_ends_at_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """What is alive at the end is not looked through once more; what was said goes out, and drafts are cleared away."""
    script = ENDING.replace("FOLDER", repr(str(tmp_path)))
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", script], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("said\n", "")
    assert not list(tmp_path.iterdir())
