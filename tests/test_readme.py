"""What the README shows is run: every command of its shell blocks, in order, as a reader would type them."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from tests.calling import call

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shell_lines() -> list[str]:
    """The lines of the README's shell blocks."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


def test_every_command_works(tmp_path: Path) -> None:
    """Each `dubi` line runs from an empty store to its end without complaint, and says something."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    commands = [shlex.split(line) for line in shell_lines() if line.startswith("dubi ")]
    assert len(commands) > 10
    for command in commands:
        ran = call(command[1:], tmp_path)
        assert ran.code == 0, f"{command}: {ran.err}"
        assert ran.out + ran.err, command


def test_every_make_target_exists() -> None:
    """Each `make` line names a target that there is."""
    targets = set(re.findall(r"^\.PHONY: (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {line.split()[1] for line in shell_lines() if line.startswith("make ")}
    assert shown
    assert shown <= targets


def test_every_command_is_shown() -> None:
    """A reader of the README meets every command that `dubi --help` lists."""
    listed = re.findall(r"^ {2,4}([a-z][a-z-]+)\b", call(["--help"], ROOT).out, re.MULTILINE)
    assert len(listed) > 5
    missing = [name for name in listed if not re.search(rf"\bdubi {name}\b", README)]
    assert missing == []


def test_every_link_leads_somewhere() -> None:
    """The files that the README and ARCHITECTURE link to are there."""
    for page in ("README.md", "ARCHITECTURE.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page}: {target}"
