"""The one writer of files: exclusive, for the owner alone, whole or not at all, never over a store or its own input."""

from __future__ import annotations

import ast
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cases.values.refusals import BadFile, TargetExists
from cases.values.whole_file import whole_file
from tests.cli.conftest import Dubi

ROOT = Path(__file__).parents[3]

WAITING = """
import sys, time
from pathlib import Path
from cases.values.whole_file import whole_file
from cli.main import end_when_told
end_when_told()
with whole_file(Path(sys.argv[1]), replace=True) as draft:
    draft.write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_a_file_comes_whole_and_private(tmp_path: Path) -> None:
    """Until the block ends there is a draft that only its owner reads; then the file, and nothing beside it."""
    path = tmp_path / "a.csv"
    with whole_file(path, suffix=".csv", replace=False) as draft:
        assert draft.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
        assert not path.exists()
        draft.write_text("xong", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "xong"
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
    assert list(tmp_path.iterdir()) == [path]


def _half_written(path: Path, problem: BaseException) -> None:
    with whole_file(path, replace=True) as draft:
        draft.write_text("nửa", encoding="utf-8")
        raise problem


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """The old file stays as it was, whatever goes wrong within the block, and no draft is left."""
    path = tmp_path / "a.csv"
    path.write_text("cũ", encoding="utf-8")
    for problem in (ValueError("x"), KeyboardInterrupt(), SystemExit(143)):
        with pytest.raises(type(problem)):
            _half_written(path, problem)
    assert path.read_text(encoding="utf-8") == "cũ"
    assert list(tmp_path.iterdir()) == [path]


def test_who_comes_first_stays(tmp_path: Path) -> None:
    """A file that another program made meanwhile is not written over, unless it may be replaced."""
    path = tmp_path / "a.csv"
    with pytest.raises(TargetExists), whole_file(path, replace=False):
        path.write_text("của người khác", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "của người khác"
    assert list(tmp_path.iterdir()) == [path]


def test_no_store_is_written_over(tmp_path: Path) -> None:
    """A store or a backup is refused as a place whatever its name, also where files may be replaced."""
    path = tmp_path / "kho.csv"
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE a (b)")
    before = path.read_bytes()
    with pytest.raises(BadFile, match="là kho hoặc bản sao lưu"), whole_file(path, suffix=".csv", replace=True):
        raise AssertionError("the block is not entered")
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a program without telling it")
def test_nothing_is_left_after_sigterm(tmp_path: Path) -> None:
    """A program that is told to end takes its draft away and leaves the old file."""
    path = tmp_path / "a.csv"
    path.write_text("cũ", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "writing\n"
        run.send_signal(signal.SIGTERM)
        assert run.wait(30) == 128 + signal.SIGTERM
    assert path.read_text(encoding="utf-8") == "cũ"
    assert list(tmp_path.iterdir()) == [path]


def test_no_command_writes_over_what_it_reads(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """One file in two places of a command line is refused before anything is opened, however its name is spelt."""
    book = tmp_path / "so.xlsx"
    book.write_bytes(small.read_bytes())
    again = tmp_path / "x" / ".." / "so.xlsx"
    (tmp_path / "x").mkdir()
    for arguments in (
        ("check", book, "--xlsx", again, "--force"),
        ("report", "F2", book, "--xlsx", again, "--force"),
        ("list", book, "--xlsx", again, "--force"),
    ):
        refused = dubi(*map(str, arguments))
        assert (refused.code, "đứng ở cả hai chỗ" in refused.err) == (3, True), arguments
    assert book.read_bytes() == small.read_bytes()


def test_no_other_module_writes_a_file() -> None:
    """Every file of a user goes through the one writer; what else opens a file to write is named, with its reason."""
    may = {
        "cases/values/whole_file.py": "the writer",
        "cases/keeping/restoring.py": "a store that takes the place of another, with its journals",
        "cases/store/connection.py": "a store comes into being, its tables made before it gets its name",
        "cases/store/columns/kept.py": "columns kept beside a large store: made aside, named whole",
        "rules/loader/kept/copies.py": "what the rule files say, kept: made aside, named whole, made anew if lost",
        "cases/changes/page.py": "makes a page of the documentation",
        "rules/calendar_source.py": "makes the calendar of holidays anew",
        "reports/papers/paper_source.py": "makes the templates we ship",
        "desk/sweeping/folder.py": "the summary within a folder that comes whole",
        "cli/main.py": "the null device",
        "desk/accounts/opening.py": "the accounts come into being, for their owner's eyes",
        "cases/values/apart.py": "the null device",
    }
    found = set()
    for package in ("cases", "cli", "desk", "engine", "reports", "rules"):
        for path in sorted((ROOT / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "whole_file" in source and path.name != "whole_file.py":
                continue
            for node in ast.walk(ast.parse(source)):
                name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
                if name.endswith((".write_bytes", "os.open", "mkstemp")) or name == "draft.write_text":
                    found.add(str(path.relative_to(ROOT)))
    assert found <= may.keys(), found - may.keys()
