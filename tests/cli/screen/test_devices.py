"""Whatever a command reads must be a file: a pipe that nobody fills and a device without end are refused at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Dubi
from tests.given.reading_here import read_apart

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files in folders")

PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")
READS: dict[str, tuple[str, ...]] = {
    "check": ("check", "F.xlsx"),
    "due": ("due", "F.xlsx"),
    "units": ("units", "F.xlsx"),
    "explain": ("explain", "HS-01", "--file", "F.xlsx"),
    "stats": ("stats", "F.xlsx", *PERIOD),
    "report": ("report", "F2", "F.xlsx", *PERIOD),
    "template of a form": ("report", "F2", *PERIOD, "--template", "F.xlsx", "--xlsx", "moi.xlsx"),
    "template of a paper": ("paper", "giay-moi", "HS-03", "--template", "F.docx", "--out", "moi.docx"),
    "reconcile": ("reconcile", "F.xlsx"),
    "receipt": ("report", "verify", "F.json"),
    "merge": ("merge", "F.xlsx", "F.xlsx"),
    "fill": ("fill", "F.xlsx", "--out", "moi.xlsx"),
    "import": ("import", "F.xlsx", "--apply"),
    "import csv": ("import", "F.csv", "--apply"),
    "mapping": ("import", "so.csv", "--mapping", "F.yaml"),
    "cases": ("record", "cell_met_on", "--cases", "F.txt", "--on", "4/5/2026"),
    "cases of a sheet": ("record", "cell_met_on", "--cases", "F.xlsx", "--on", "4/5/2026"),
    "restore": ("restore", "F.sqlite", "--confirm"),
    "store": ("check", "--store", "F.sqlite"),
    "write to a store": ("add", "--name", "Lê Văn Mẫu", "--store", "F.sqlite"),
    "init": ("init", "--store", "F.sqlite"),
    "doctor": ("doctor", "--store", "F.sqlite"),
    "verify": ("log", "verify", "--store", "F.sqlite"),
    "calendar": ("remind", "--ics", "F.ics"),
    "written over": ("list", "--xlsx", "F.xlsx", "--force"),
    "backup over": ("backup", "F.sqlite", "--force"),
    "sweep": ("sweep", "--input", "F.parquet", "--output", "moi"),
}
"""Each place of a command line that names a file; F is none."""


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """No command waits: whoever does is ended, and the test fails."""
    signal.alarm(120)
    yield
    signal.alarm(0)


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_file_is_refused(
    kind: str, dubi: Dubi, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every such place says that it is no file, and the thing is still there."""
    read_apart(monkeypatch)
    (tmp_path / "so.csv").write_text("Họ và tên,Ngày sinh\nLê Văn Mẫu,3/2/1980\n", encoding="utf-8")
    for name, arguments in READS.items():
        for ending in {Path(one).suffix for one in arguments if one.startswith("F.")}:
            path = tmp_path / f"F{ending}"
            if not path.is_symlink() and not path.exists():
                os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
        ran = dubi(*arguments)
        assert (name, ran.code) == (name, 4 if ".sqlite" in str(arguments) and ran.code == 4 else 3), ran.err
        assert "không phải là một tệp thường" in ran.out + ran.err, name
    pipes = [path for path in tmp_path.glob("F.*") if path.is_fifo() or path.is_symlink()]
    assert len(pipes) == len(list(tmp_path.glob("F.*"))) == 9
    assert not list(tmp_path.glob("moi*"))
