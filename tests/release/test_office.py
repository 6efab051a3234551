"""The office's server as docs/may-chu.md sets it up: its steps are gone through, its units are what systemd takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.whole import only_whole

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "docs" / "may-chu"
PAGE = (ROOT / "docs" / "may-chu.md").read_text(encoding="utf-8")
DUBI = Path(sys.executable).parent / "dubi"
UNITS = sorted([*PLACE.glob("*.service"), *PLACE.glob("*.timer")])


BARE = "base64 cat chmod cp cut date dirname env grep head id ls mkdir mktemp mv realpath rm sed seq sh sleep stat tr"
"""Programs of a machine on which nothing was installed but what the page names (and Python and openssl are)."""


@only_whole  # and `make office-test`
@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_the_steps_from_nothing_to_a_server(tmp_path: Path) -> None:
    """Certificate, store, users, nightly backup, a restore elsewhere, the server over TLS: the script of the page, with
    what a bare machine has."""
    book, bare, scratch = ROOT / "examples" / "dang-bo-co-so.xlsx", tmp_path / "bin", tmp_path / "tmp"
    bare.mkdir()
    scratch.mkdir()
    for name in (*BARE.split(), "openssl", "python3"):
        found = shutil.which(name, path="/usr/bin:/bin")
        assert found is not None, name
        (bare / name).symlink_to(found)
    environment = {
        "PATH": str(bare),
        "DUBI": str(DUBI),
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["sh", str(PLACE / "thu.sh"), str(book)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert done.stdout.rstrip().endswith("mọi bước đều được")
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_the_units_are_what_systemd_takes(tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say of them, with our own program in its place."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/usr/local/lib/dubi/bin/dubi", str(DUBI))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or line.startswith("dubi")]
    assert ours == []


def test_the_units_say_what_the_commands_take() -> None:
    """Every command that a unit runs is one there is, with options that it has; no password stands in any file."""
    assert len(UNITS) == 3
    told = "".join(unit.read_text(encoding="utf-8") for unit in UNITS)
    for line in re.findall(r"/usr/local/lib/dubi/bin/dubi ([^\n]*)", told):
        words = re.match(r"[a-z-]+", line)
        assert words is not None
        shown = subprocess.run([str(DUBI), words[0], "--help"], capture_output=True, text=True, check=True).stdout
        for option in re.findall(r"--[a-z-]+", line):
            assert option in shown, line
    for file in PLACE.iterdir():
        assert not re.search(r"(?i)(password|mat-khau)\s*[:=]\s*\w{4,}(?<!file)$", file.read_text(encoding="utf-8")), (
            file
        )


def test_the_boxes_are_ones_that_compose_reads() -> None:
    """The compose file is YAML whose secrets, volumes and networks are all declared; the database is not reachable."""
    made = yaml.safe_load((PLACE / "compose.yaml").read_text(encoding="utf-8"))
    for name, box in made["services"].items():
        assert set(box["secrets"]) <= set(made["secrets"]), name
        for one in box["volumes"]:
            place = one.partition(":")[0]
            assert place in made["volumes"] or (PLACE / place).is_file(), one
        assert set(box["networks"]) <= set(made["networks"]), name
    assert "ports" not in made["services"]["kho"]
    assert made["networks"]["trong"]["internal"] is True
    assert made["services"]["ban-lam-viec"]["command"][:2] == ["web", "--office"]


def test_the_page_names_every_file() -> None:
    """Whoever follows the page meets each file that lies beside it, and each that it names is there."""
    named = set(re.findall(r"\]\(may-chu/([\w.-]+)\)", PAGE))
    assert named == {path.name for path in PLACE.iterdir()}
