"""What is installed and handed out: names, pins, make targets, and nothing of the machine it was made on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("cases", "cli", "desk", "engine", "reports", "rules", "web")
LOCKS = (
    "requirements-build.lock",
    "requirements-dev.lock",
    "requirements-release.lock",
    "requirements-spark.lock",
    "requirements-windows.lock",
    "requirements.lock",
)

REQUIREMENT = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.+?))?((?: --hash=sha256:[0-9a-f]{64})+)$")

# Put together from halves, so that this file does not find itself.
NOT_OURS = [
    ("a package index", re.compile("pypi" + r"\.org|python" + "hosted|--(extra-)?index" + "-url|--find" + "-links")),
    ("a machine's path", re.compile(r"(?<![\w.~/-])/" + r"(home|root|work|tmp|opt|Users)/\w")),
    ("a machine's path", re.compile(r"[a-z]:/{3}" + r"/?(home|root|work|tmp|opt|Users)/\w")),
    ("a machine's path", re.compile(r"\b[A-Z]:\\" + r"Users\\")),
]


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project, as git has them."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listing.decode().split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def locked(name: str) -> dict[str, str]:
    """The requirements of a lock file with their versions; every line must be one, with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace(" \\\n    ", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    matches = [(line, REQUIREMENT.match(line)) for line in lines]
    assert [line for line, match in matches if match is None] == []
    return {match[1]: match[2] for _, match in matches if match}


def asked(name: str) -> set[str]:
    """The names of the requirements of an .in file, as a lock writes them."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    names = [re.match(r"[A-Za-z0-9_-]+", line) for line in lines if not line.startswith("#")]
    return {match[0].lower().replace("_", "-") for match in names if match}


@pytest.mark.parametrize("package", PACKAGES)
def test_our_names_are_ours_alone(package: str) -> None:
    """No installed dependency ships a module named like one of our packages."""
    assert set(packages_distributions().get(package, [])) <= {"dubi"}


def test_the_command_is_installed() -> None:
    """`dubi` is a console script of this project, and what it names can be imported."""
    (script,) = entry_points(group="console_scripts", name="dubi")
    assert script.value == "cli.main:run"
    assert callable(script.load())


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_pinned_with_hashes(name: str) -> None:
    """Every line of a lock is an exact version with hashes; nothing else stands in it."""
    assert locked(name)


def test_locks_hold_what_is_asked_and_agree() -> None:
    """What the .in files ask for is in the locks: what runs in one, and what checks need beside it in the other."""
    runtime, checks = locked("requirements.lock"), locked("requirements-dev.lock")
    assert asked("requirements.in") <= runtime.keys()
    assert asked("requirements-dev.in") <= checks.keys() | runtime.keys()
    assert asked("requirements-spark.in") <= locked("requirements-spark.lock").keys()
    assert asked("requirements-build.in") <= locked("requirements-build.lock").keys()
    assert asked("requirements-release.in") <= locked("requirements-release.lock").keys()
    assert not runtime.keys() & checks.keys(), "the two are installed side by side"


def test_windows_runs_what_is_tested() -> None:
    """On Windows the same versions run as here; only durable-rules, which has to be compiled, is left out."""
    runtime, windows = locked("requirements.lock"), locked("requirements-windows.lock")
    tested = runtime | locked("requirements-dev.lock")
    assert runtime.keys() - windows.keys() <= {"durable-rules", "shellingham"}
    assert windows.keys() - runtime.keys() == {"colorama"} | asked("requirements-pdf.in")
    assert {name: version for name, version in windows.items() if tested.get(name, version) != version} == {}


def test_durable_rules_is_the_published_source() -> None:
    """The one package that is compiled here is the file its authors published, and is left out on Windows."""
    (line,) = re.findall(r"durable-rules==.*\n.*", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert 'sys_platform != "win32"' in line
    assert line.endswith("sha256:053b26f5e48d312d4fa27995243f954671be6eece477f150c059c364eb4d7d61")


def test_nothing_of_a_machine_is_handed_out() -> None:
    """No file names a package index or a place on somebody's machine."""
    texts = {path: path.read_bytes().decode("utf-8", errors="replace") for path in tracked()}
    assert len(texts) > 500, "git does not list the files of the project"
    found = [
        f"{path.relative_to(ROOT)}: {what}: {match[0]}"
        for path, text in texts.items()
        for what, pattern in NOT_OURS
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_make_explains_itself() -> None:
    """`make` alone lists every target with what it does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE)
    command = ["make", "--no-print-directory"]  # the checks themselves may run within make
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split()[:2] for line in shown.splitlines()] == [["make", target] for target in targets]
    assert all(len(line.split()) > 3 for line in shown.splitlines())


def test_example_roster_is_the_tested_one(data: Path) -> None:
    """The roster that `make demo` shows is the one whose results are checked."""
    name = "dang-bo-co-so.xlsx"
    assert (ROOT / "examples" / name).read_bytes() == (data / "rosters" / name).read_bytes()


def test_wheel_holds_the_program_and_its_data(tmp_path: Path) -> None:
    """An installed dubi has every file of our packages, the YAML ones included, and nothing besides."""
    source, out = tmp_path / "source", tmp_path / "wheel"
    for path in tracked():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(out), str(source)], check=True, capture_output=True)
    (wheel,) = out.iterdir()
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    manual = {name for name in shipped if name.endswith(".data/data/share/man/man1/dubi.1")}
    assert len(manual) == 1
    ours = [path.relative_to(ROOT) for path in tracked()]
    assert shipped - manual == {path.as_posix() for path in ours if path.parts[0] in PACKAGES}


def test_python_versions_are_said_once() -> None:
    """The versions that `make setup` accepts are those that the package asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    low, high = re.findall(r"\((3), (\d+)\)", (ROOT / "Makefile").read_text(encoding="utf-8"))[:2]
    assert project["requires-python"] == f">={'.'.join(low)},<{'.'.join(high)}"
