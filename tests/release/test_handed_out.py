"""What goes out with a release besides the program: the manual page, the notices, the start hook."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import closing
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from desk.sweeping import engines
from release.inside import inside, name_of
from release.licences import licence_of_part, texts_of
from release.manual import PAGE, manual
from release.trial import ROOT
from release.windows.interpreter import NotTheOne, handed_in

HOOK = ROOT / "release" / "windows" / "sitecustomize.py"


def test_the_manual_is_that_of_the_commands() -> None:
    """docs/dubi.1 is what the commands say of themselves now; `make docs` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == manual()


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_manual_is_shown_without_complaint() -> None:
    """groff has nothing to say about it, and shows Vietnamese, every command and every option as they are typed."""
    command = ["groff", "-K", "utf8", "-T", "utf8", "-man", "-ww", str(PAGE)]
    shown = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert shown.stderr == ""
    text = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", shown.stdout)
    assert "Ghi một bước của hồ sơ" in text
    assert "--close-after" in text
    assert "Cách dùng: dubi record " in text


def locked(*locks: str) -> dict[str, Distribution]:
    """The packages of some locks that are installed here, by name."""
    text = "".join((ROOT / lock).read_text(encoding="utf-8") for lock in locks)
    names = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    return {name_of(one): one for one in distributions() if name_of(one) in names}


def may_not_be_handed_out(licence: str) -> bool:
    """Whether a licence leaves no choice but the GPL, or is not known."""
    return all(re.search(r"(?<!L)(?<!Lesser )\bA?GPL|see its text|Unknown", one) for one in re.split(r" OR ", licence))


def test_every_part_declares_a_licence_that_lets_it_be_handed_out() -> None:
    """Each package that runs, and each that is compiled into one, says its licence; none is under the GPL alone."""
    parts = locked("requirements.lock", "requirements-windows.lock")
    assert len(parts) > 40
    said = {name: licence_of_part(one) for name, one in parts.items()}
    within = {f"{name}/{one.name}": one.licence for name, part in parts.items() for one in inside(part)}
    assert len(within) > 500
    assert {name: text for name, text in (said | within).items() if may_not_be_handed_out(text)} == {}


def test_every_part_of_the_program_for_windows_comes_with_its_licence() -> None:
    """No package is handed out without the text of its licence, nor of what is compiled into it under the LGPL."""
    parts = locked("requirements-windows.lock")
    without = [name for name, part in parts.items() if len("".join(texts_of(part))) < 200]
    assert without == []
    texts = {name: " ".join(" ".join(texts_of(parts[name])).split()) for name in ("docxtpl", "sqlcipher3")}
    assert "GNU LESSER GENERAL PUBLIC LICENSE Version 2.1" in texts["docxtpl"]
    assert "ZETETIC LLC" in texts["sqlcipher3"]


def test_the_versions_inside_are_those_that_run() -> None:
    """Of what no list of a package says, the versions that we say are those that the libraries say themselves."""
    from sqlcipher3 import _sqlite3, dbapi2

    said = {one.name: one.version for one in inside(locked("requirements.lock")["sqlcipher3"])}
    with closing(dbapi2.connect(":memory:")) as store:
        (version,) = store.execute("PRAGMA cipher_version").fetchone()
    assert said["SQLCipher"] == version.split()[0]
    assert said["SQLite"] == dbapi2.sqlite_version
    assert f"OpenSSL {said['OpenSSL']} ".encode() in Path(str(_sqlite3.__file__)).read_bytes()


def test_a_newer_python_is_taken_by_name_and_hash(tmp_path: Path) -> None:
    """A zip of another name, another hash or without the parts that are needed is refused with what is wrong."""
    wrong = tmp_path / "python-3.12.9-embed-amd64.zip"
    wrong.write_bytes(b"")
    named = tmp_path / "python-3.13.99-embed-amd64.zip"
    shutil.make_archive(str(named.with_suffix("")), "zip", tmp_path, wrong.name)
    digest = subprocess.run(["sha256sum", named], capture_output=True, encoding="ascii", check=True).stdout.split()[0]
    for path, sha256, said in ((wrong, digest, "not named"), (named, "0" * 64, digest), (named, digest, "lacks")):
        with pytest.raises(NotTheOne, match=said):
            handed_in(path, sha256)


@pytest.mark.parametrize(("name", "arguments", "starts"), [
    ("Dubi.exe", [], True),
    ("Dubi.exe", ["C:\\sổ.xlsx"], True),
    ("Dubi.exe", ["-m", "cli.icon"], False),
    ("python.exe", ["-c", ""], False),
])  # fmt: skip
def test_the_hook_makes_the_icon_and_nothing_else(
    name: str, arguments: list[str], starts: bool, tmp_path: Path
) -> None:
    """Only the program named Dubi, given nothing to run or a dropped file, opens the desk; bytecode is kept apart."""
    script = (
        "import os, subprocess, sys\n"
        f"__file__ = {str(HOOK)!r}\n"
        f"sys.executable, sys.orig_argv = {str(tmp_path / name)!r}, {[name, *arguments]!r}\n"
        f"os.environ['LOCALAPPDATA'] = {str(tmp_path)!r}\n"
        "subprocess.Popen = lambda command, cwd: print(*command[1:])\n"
        "os._exit = sys.exit\n"
        f"exec(open({str(HOOK)!r}, encoding='utf-8').read())\n"
        "print(sys.pycache_prefix)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.strip() == ("-m cli.icon" if starts else str(tmp_path / "dubi" / "bytecode"))


def test_a_packed_library_is_unpacked_when_it_is_needed(tmp_path: Path) -> None:
    """An extension that comes packed is imported from a copy with the user's data; what is not packed is left alone."""
    import lzma

    import markupsafe._speedups as real

    lib = tmp_path / "lib-1"
    (lib / "packed").mkdir(parents=True)
    (lib / "packed" / "__init__.py").write_text("")
    (lib / "packed" / "_speedups.pyd.xz").write_bytes(lzma.compress(Path(str(real.__file__)).read_bytes()))
    shutil.copyfile(HOOK, lib / "sitecustomize.py")
    script = "import packed._speedups as module; print(module.__file__); import json; print(json.dumps(1))"
    environment = {"PYTHONPATH": str(lib), "LOCALAPPDATA": str(tmp_path), "PATH": "/usr/bin:/bin"}
    for _ in range(2):
        ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, encoding="utf-8")
        assert ran.stdout.splitlines() == [str(tmp_path / "dubi" / "lib-1" / "packed" / "_speedups.pyd"), "1"]
    assert [path.name for path in (tmp_path / "dubi" / "lib-1" / "packed").iterdir()] == ["_speedups.pyd"]
    assert [path.name for path in lib.rglob("*.pyc")] == [f"sitecustomize.{sys.implementation.cache_tag}.pyc"]


def test_the_program_for_windows_names_no_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is lacking is added by pip, but not where Python came along unzipped: there is none."""
    monkeypatch.setattr("desk.sweeping.engines.found", lambda module: False)
    assert "pip install 'dubi[postgresql]'" in engines.parts()
    (tmp_path / "python313._pth").touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    for said in (engines.parts(), engines.described()):
        assert "pip install" not in said
        assert "cài Dubi bằng pipx" in said
