"""A sentence, never a traceback: whatever is wrong with streams, signals, settings, addresses and memory."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from cases.values.refusals import without_numbers
from cli import main
from desk.answers.news import standing_file
from rules.loader.spelling.folding import plain, tidy
from tests.calling import DUBI
from tests.cli.conftest import Dubi


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    ("streams", "code"), [(">/dev/full", 4), (">&-", 0), (">/dev/full 2>/dev/full", 4), ("2>&-", 0)]
)
def test_streams_that_take_nothing(streams: str, code: int) -> None:
    """A full disk behind the output is said and is exit code 4; a stream that was closed is no failure."""
    ran = subprocess.run(f"'{DUBI}' rules list {streams}", shell=True, capture_output=True, text=True, check=False)  # noqa: S602  # the shell is what closes streams
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert "Exception" not in ran.stderr
    if streams == ">/dev/full":
        assert "ổ đĩa đã đầy" in ran.stderr


def test_stopped_while_it_is_loaded() -> None:
    """Ctrl+C before any command has begun ends with a sentence and 130."""
    stops = "import os, signal, sys; sys.argv = ['dubi']; import cli; os.kill(os.getpid(), signal.SIGINT)"
    ran = subprocess.run([sys.executable, "-c", stops], capture_output=True, check=False)
    assert ran.returncode == 128 + signal.SIGINT
    assert ran.stderr.decode() == "Đã dừng theo yêu cầu.\n"


class PanicException(BaseException):
    """As a library in Rust raises it: no Exception."""


@pytest.mark.parametrize(("raised", "said"), [(MemoryError(), "bộ nhớ"), (PanicException(), "Lỗi của chương trình")])
def test_what_no_command_foresees(
    raised: BaseException, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Memory that is not there, and a library that gives up, are a sentence and exit code 4."""

    def fail(_: list[str]) -> None:
        raise raised

    monkeypatch.setattr(main, "_invoke", fail)
    assert main.outcome([]) == 4
    assert said in capsys.readouterr().err


def test_addresses_and_settings_that_make_no_sense(dubi: Dubi) -> None:
    """A port that is no number is said without the password, and any DUBI_WAIT is a time."""
    for place in ("postgresql://lan:bimat@may:xx/so", "postgresql://lan@may:xx/so?password=bimat"):
        ran = dubi("check", "--store", place)
        assert ran.code == 4
        assert "Địa chỉ kho" in ran.err
        assert "bimat" not in ran.err
    assert dubi("init", DUBI_WAIT="9" * 400).code == 0
    assert dubi("check", DUBI_WAIT="²").code == 0


def test_a_name_forges_no_line(dubi: Dubi, small: Path) -> None:
    """Whatever stands in the user's name is one line of letters in the log, for ever."""
    name = "Lan\nundo  \x1b[2J\x9b31m\u202e\u2066\udcff Mai"
    dubi("init")
    dubi("import", small, "--apply", DUBI_USER=name)
    (entry,) = dubi("log", "--json").json["batches"]
    assert entry["who"] == "Lan undo [2J 31m Mai"
    assert tidy("a\u200eb\u202ec\ud800d") == "abcd"
    assert plain("a\x85b\u2028c") == "a b c"


def test_personal_numbers_are_masked_however_they_are_cut() -> None:
    """Nine to twelve digits are one number, also in groups; days, years and numbers of documents stay."""
    masked = {
        "079085001234": "*********234",
        "079 085 001 234": "*** *** *** 234",
        "079.085.001.234": "***.***.***.234",
        "0790 8500 1234": "**** **** *234",
        "025 123 456": "*** *** 456",
        "số 0 7 9 0 8 5 0 0 1 2 3 4.": "số * * * * * * * * * 2 3 4.",
    }
    for text, shown in masked.items():
        assert without_numbers(text) == shown
    for kept in (
        "2024 2025 2026",
        "05.10.2004",
        "05/10/2004",
        "20261129-101500",
        "12345678",
        "1.234.567",
        "01.02.2024 12",
    ):
        assert without_numbers(kept) == kept


def test_remembered_findings_with_other_columns(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """What an earlier program, or a hand, left with other columns is not used, and nothing is said to have failed."""
    dubi("init")
    dubi("import", small, "--apply")
    assert dubi("news", "--keep").code == 0
    file = standing_file(f"sqlite:///{tmp_path / 'home' / 'dubi.sqlite'}")
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            if name.endswith(".parquet"):
                other = io.BytesIO()
                pl.read_parquet(io.BytesIO(content)).select(pl.all().name.suffix("_khac")).write_parquet(other)
                content = other.getvalue()
            archive.writestr(name, content)
    ran = dubi("news")
    assert ran.code == 0, ran.err
