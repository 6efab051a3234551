"""The works in whose midst victims are killed, and the stores that they begin with."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cases.changes.changing import with_step
from cases.changes.saving import draft, save
from cases.history.undo import undo
from cases.imports.importing import import_file
from cases.keeping.backups import backup, initialise_safely
from cases.keeping.restoring import restore
from cases.store.connection import initialise
from cases.store.keys.ring import KEY_FILE
from cases.values.records import Roster, StepEntry
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from desk.keeping.encryption import decrypt, encrypt
from tests.cases.stores.older_stores import older_copy
from tests.torture.looking import url_of

PASSPHRASE = "một câu đủ dài để làm mật khẩu"  # noqa: S105  # of tests
CODE = "A" * 28
DATA = Path(__file__).parents[1] / "data" / "rosters"
TODAY = date(2026, 11, 25)
BESIDE = "người ghi bên cạnh"
"""Who writes beside a victim."""


@dataclass(frozen=True)
class Work:
    """Something that is killed in the midst of it."""

    name: str
    act: Callable[[Path], object]
    command: Callable[[Path], list[str]] | None = None
    fresh: bool = False
    """Whether it begins without a store."""
    older: bool = False
    """Whether it begins with a store of the first form."""
    encrypted: bool = False
    """Whether it begins with an encrypted store."""
    beside: Callable[[Path], object] | None = None
    """What another process writes to the same store meanwhile."""


class Bench:
    """The stores that the works begin with, and the works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.small = folder / "small.sqlite"
        initialise(url_of(self.small))
        import_file(url_of(self.small), DATA / "chi-bo-nho.xlsx", apply=True)
        self.other = backup(url_of(self.small), folder / "other.sqlite")
        large = read_workbook(DATA / "dang-bo-co-so.xlsx").roster
        books = [
            write_workbook(
                Roster(records=large.records[first : first + 80], units=large.units), folder / f"{first}.xlsx"
            )
            for first in (0, 80)
        ]
        import_file(url_of(self.small), books[0], apply=True)
        self.oldest = older_copy(self.small, folder / "oldest.sqlite", "0001")
        self.closed = folder / "closed" / "dubi.sqlite"
        self.closed.parent.mkdir()
        shutil.copyfile(self.small, self.closed)
        (folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
        os.environ[KEY_FILE] = str(folder / "passphrase")
        encrypt(url_of(self.closed), PASSPHRASE, CODE, "rewrite")
        self.works = [
            Work(
                "import",
                lambda path: import_file(url_of(path), books[1], apply=True),
                lambda path: ["import", str(books[1]), "--apply", "--store", str(path)],
            ),
            Work("record", self._record, self._record_command),
            Work("undo", lambda path: undo(url_of(path)), lambda path: ["undo", "--store", str(path)]),
            Work(
                "migration",
                lambda path: initialise_safely(url_of(path)),
                lambda path: ["init", "--store", str(path)],
                older=True,
            ),
            Work(
                "restore",
                lambda path: restore(url_of(path), self.other, confirmed=True),
                lambda path: ["restore", str(self.other), "--confirm", "--store", str(path)],
            ),
            Work(
                "joined",
                lambda path: restore(url_of(path), self.other, confirmed=True),
                beside=lambda path: self._record(path, BESIDE, "HS-01"),
            ),
            Work(
                "encrypt",
                lambda path: encrypt(url_of(path), PASSPHRASE, CODE, "rewrite"),
                lambda path: ["store", "encrypt", "--store", str(path)],
                beside=lambda path: self._record(path, BESIDE, "HS-01"),
            ),
            Work(
                "decrypt",
                lambda path: decrypt(url_of(path), "rewrite"),
                lambda path: ["store", "decrypt", "--store", str(path)],
                encrypted=True,
                beside=lambda path: self._record(path, BESIDE, "HS-01"),
            ),
            Work(
                "init", lambda path: initialise(url_of(path)), lambda path: ["init", "--store", str(path)], fresh=True
            ),
        ]

    def _record(self, path: Path, who: str | None = None, code: str = "HS-0007") -> None:
        step = StepEntry("cell_met_on", date(2026, 5, 4), document="12-NQ", note="thử")
        save(
            url_of(path),
            lambda execute: draft(execute, code, lambda record: with_step(record, step), TODAY),
            "record",
            confirmed=True,
            who=who,
        )

    def _record_command(self, path: Path) -> list[str]:
        papers = ["--on", "4/5/2026", "--document", "12-NQ", "--note", "thử", "--confirm"]
        return ["record", "HS-0007", "cell_met_on", *papers, "--store", str(path)]

    def fresh(self, work: Work) -> Path:
        """A store for one victim, in a folder of its own."""
        place = Path(tempfile.mkdtemp(dir=self.folder)) / "dubi.sqlite"
        if work.encrypted:
            shutil.copytree(self.closed.parent, place.parent, dirs_exist_ok=True)
        elif not work.fresh:
            shutil.copyfile(self.oldest if work.older else self.small, place)
            place.chmod(0o600)
        return place
