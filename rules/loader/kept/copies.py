"""Copies of what was read from the rule files, in the user's folder: a command reads them in a tenth of the time.

A copy is data, never code. It is believed only where it belongs to the user and nobody else may read or write it, where
it is whole, where it was made of these very rule files by this very program, and where every value in it is of the kind
that it has to be; otherwise the files are read as if there were none, and a new copy takes its place.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rules.loader.errors import StoreProblem
from rules.loader.kept.forms import Foreign, Form
from rules.loader.kept.place import home, private_folder

RULES = Path(__file__).parents[2]
_LOADER = RULES / "loader"
_FILES = ("*.yaml", "law/*.yaml", "law/parameters/*.yaml")
"""The rule files that kept things are made of."""
_MOST_BYTES = 20_000_000
_OWNER_ONLY = 0o600

T = TypeVar("T")


def kept(
    name: str,
    kind: type[T],
    make: Callable[[], T],
    *,
    shared: tuple[type, ...] = (),
    known: Iterable[object] = (),
    checks: Mapping[type, Callable[[Any], bool]] | None = None,
    made_by: tuple[Path, ...] = (),
) -> T:
    """What `make` gives, or what is kept of it under a name.

    Values of the classes ``shared`` stand in many places of it; those ``known`` beforehand are not in the copy; every
    value of some classes has to pass a check. Besides the loader it is ``made_by`` these modules, or folders of them.
    Raises what `make` raises.
    """
    folder, key, known = _folder(), key_of(made_by), tuple(known)
    if folder is None:
        return make()
    place = folder / f"{name}.json"
    found = _read(place, key)
    if found is not None:
        with suppress(Foreign, TypeError, ValueError, OverflowError, ZeroDivisionError, RecursionError):
            value: T = Form(RULES, shared, known, checks).reader(kind)(found)
            return value
    made = make()
    if key and _may_write(folder):
        _write(place, key, Form(RULES, shared, known).plain(kind, made))
    return made


def _folder() -> Path | None:
    """Where copies lie; None where the user's folder is not known, or on Windows is not hers by where it lies."""
    with suppress(StoreProblem, RuntimeError):
        place = home()
        if os.name != "nt" or place.is_relative_to(Path.home()):
            return place / "rules"
    return None


@cache
def key_of(made_by: tuple[Path, ...]) -> str:
    """What the rule files say and how they are read; empty where that cannot be told."""
    modules = [place for one in made_by for place in (sorted(one.rglob("*.py")) if one.is_dir() else (one,))]
    base = _base()
    try:
        return base and _digest(modules, base)
    except OSError:
        return ""


@cache
def _base() -> str:
    """What the rule files and the loader say."""
    modules = sorted(_LOADER.rglob("*.py"))
    try:
        return (modules and _digest([*sorted(path for one in _FILES for path in RULES.glob(one)), *modules])) or ""
    except OSError:
        return ""


def _digest(files: Iterable[Path], before: str = "") -> str:
    digest = hashlib.sha256(before.encode())
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
        digest.update(path.name.encode())
    return digest.hexdigest()


def _read(place: Path, key: str) -> Any:
    """What a copy holds; None where there is none to be believed."""
    with suppress(OSError, ValueError, RecursionError), place.open("rb") as file:
        if not (key and _own(os.fstat(file.fileno()))) or place.is_symlink():
            return None
        said, whole, content = file.readline(), file.readline(), file.read(_MOST_BYTES)
        if said.strip().decode() == key and whole.strip().decode() == hashlib.sha256(content).hexdigest():
            return json.loads(content)
    return None


def _own(status: os.stat_result) -> bool:
    """Whether a file is the user's, and nobody else may read or write it; on Windows her folder sees to that."""
    return stat.S_ISREG(status.st_mode) and _owners_alone(status)


def _owners_alone(status: os.stat_result) -> bool:
    return os.name == "nt" or (status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077)


def _may_write(folder: Path) -> bool:
    """Whether a copy can be put in a folder, and will be believed there: some file systems know no owner."""
    with suppress(OSError):
        return _owners_alone(private_folder(folder).stat()) and os.access(folder, os.W_OK)
    return False


def _write(place: Path, key: str, plain: Any) -> None:
    """Put a copy in its place, whole or not at all; one that cannot be written is done without."""
    content = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    draft = place.with_name(f".{place.name}-{os.getpid()}-{os.urandom(4).hex()}")
    with suppress(OSError):
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY), "wb") as file:
                file.write(f"{key}\n{hashlib.sha256(content).hexdigest()}\n".encode() + content)
            draft.replace(place)
        except BaseException:  # also where the command is ended meanwhile
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
