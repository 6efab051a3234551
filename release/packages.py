"""The wheel and the sdist, built apart from everything and tried in an empty environment: `make package`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from release.trial import FEW, ROOT, differences, go_through, look_around, serving

BUILDER = ROOT / "build" / "release" / "bin" / "python"
DIST = ROOT / "dist"


def build() -> tuple[Path, Path]:
    """Build both from what git has, each in an environment of its own; gives the wheel and the sdist."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "dubi"
        source.mkdir()
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(source)], input=archive, check=True)
        for older in (*DIST.glob("*.whl"), *DIST.glob("*.tar.gz")):
            older.unlink()
        subprocess.run([BUILDER, "-m", "build", "--outdir", str(DIST), str(source)], check=True, capture_output=True)
    (wheel,), (sdist,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    return wheel, sdist


class Environment:
    """An empty environment of this Python, with a folder for the work and nothing of the sources in reach."""

    def __init__(self, place: Path) -> None:
        self.place = place / "env"
        self.work = place / "Sổ của chi bộ"
        venv.create(self.place, with_pip=True)
        self.program = [str(self.place / "bin" / "dubi")]
        self.variables = {
            "PATH": f"{self.place / 'bin'}:/usr/bin:/bin",
            "HOME": str(place),
            "DUBI_HOME": str(self.work / "kho"),
            "LANG": "C",
        }

    def pip(self, *arguments: str) -> None:
        """Run this environment's pip with the settings of this machine."""
        command = [str(self.place / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        flags = "-DPyEval_CallObject=PyObject_CallObject" if sys.version_info >= (3, 13) else ""
        variables = {**os.environ, "CPPFLAGS": f"{os.environ.get('CPPFLAGS', '')} {flags}".strip()}
        subprocess.run([*command, *arguments], check=True, env=variables)

    def try_out(self) -> dict[str, bytes]:
        """Take the first steps in a fresh folder, then look around in the desk."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        answers = go_through(self.program, self.work, self.variables, FEW)
        with serving(self.program, self.work, self.variables) as address:
            look_around(address)
        return answers


def main() -> None:
    """Build, install the wheel and then the sdist, and hold the answers of both against those of the sources."""
    wheel, sdist = build()
    with tempfile.TemporaryDirectory() as scratch:
        apart = Environment(Path(scratch))
        apart.pip("install", f"{wheel}[pdf]")
        by_wheel = apart.try_out()
        apart.pip("uninstall", "--yes", "dubi")
        apart.pip("install", "--no-deps", str(sdist))
        by_sdist = apart.try_out()
        apart.program = [str(Path(sys.executable).parent / "dubi")]
        by_source = apart.try_out()
    wrong = differences(by_wheel, by_source) + differences(by_sdist, by_source)
    if wrong:
        sys.exit(f"An installed dubi answers otherwise than the sources: {', '.join(wrong)}")
    sys.stdout.write(f"{wheel.name} and {sdist.name} in dist/: installed, run and equal to the sources\n")


if __name__ == "__main__":
    main()
