"""Killing the program at random moments: after each kill the store is as before or as after, never between.

    python -m tests.torture --kills 2000 --workers 2

Every so many victims are not killed but starved: `setrlimit` lets no file of theirs grow beyond a size drawn by lot
(RLIMIT_FSIZE: every write beyond it fails with EFBIG, in SQLite as in Python), or gives them hardly more memory than
they have (RLIMIT_AS: allocations fail). What they leave behind is held to the same.

Most victims are forked from this process, which has everything loaded: their whole life is the work itself, so that
every kill falls into it. Some are the installed command, killed from its first breath on. Each is really killed
(SIGKILL); then the file is opened as the next command would open it: it is whole, its log holds, it contains what it
contained or what the command was to write, the backups beside it are whole, and the same command runs to its end.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import cases.keeping.backups
import cases.store.connection
from cases.changes.changing import with_step
from cases.changes.saving import draft, save
from cases.history.undo import undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.keeping.backups import backup, initialise_safely, problems_of
from cases.keeping.restoring import restore
from cases.store.connection import initialise
from cases.store.reading import roster_from
from cases.values.records import Roster, StepEntry
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from tests.cases.older_stores import older_copy

DATA = Path(__file__).parent / "data" / "rosters"
DUBI = Path(sys.prefix) / "bin" / "dubi"
TODAY = date(2026, 11, 25)
REPEATED = 5
"""After every so many kills the same work is done once more, to its end."""
STARVED = 0.3
"""The share of victims that get too little room or memory."""
OF_THE_COMMAND = 10
"""Every so many victims is the installed command."""


class Torn(AssertionError):
    """A store that is neither as before nor as after."""


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


@dataclass
class Tally:
    """What the kills of one work came to."""

    kills: int = 0
    ended_first: int = 0
    before: int = 0
    after: int = 0
    repeated: int = 0
    starved: int = 0
    failed: int = 0
    """Of those that were starved, how many could not do their work."""
    span: float = 0.0
    """How long the work takes when nobody kills it."""


def url_of(path: Path) -> str:
    """The address of a store's file."""
    return f"sqlite:///{path}"


Contents = tuple[str, Roster | dict[str, list[object]]]
"""The form of a store, and what it holds: of an older form, the rows of its tables as they stand."""


def contents(path: Path) -> Contents | None:
    """The form and the content of a store, checked through and through; None where there is no store."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as file:
        if (found := file.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise Torn(f"{path}: {found}")
        if file.execute("PRAGMA foreign_key_check").fetchone():
            raise Torn(f"{path}: rows point nowhere")
        (form,) = file.execute("SELECT version_num FROM alembic_version").fetchone()
        if form != cases.store.connection.SCHEMA:
            return form, rows_of(file)
        if not (found := verify(url_of(path))).holds:
            raise Torn(f"{path}: the log does not hold: {found}")
        return form, roster_from(file.execute)


def rows_of(file: sqlite3.Connection) -> dict[str, list[object]]:
    """Every row of every table."""
    tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: sorted(file.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}  # noqa: S608  # names that the store itself listed


def check_backups(path: Path) -> None:
    """Every backup beside a store is whole."""
    for kept in cases.keeping.backups.kept(url_of(path)):
        if problems := list(problems_of(kept)):
            raise Torn(f"{kept}: {problems}")


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
                "init", lambda path: initialise(url_of(path)), lambda path: ["init", "--store", str(path)], fresh=True
            ),
        ]

    def _record(self, path: Path) -> None:
        step = StepEntry("cell_met_on", date(2026, 5, 4), document="12-NQ", note="thử")
        save(
            url_of(path),
            lambda execute: draft(execute, "HS-0007", lambda record: with_step(record, step), TODAY),
            "record",
            confirmed=True,
        )

    def _record_command(self, path: Path) -> list[str]:
        papers = ["--on", "4/5/2026", "--document", "12-NQ", "--note", "thử", "--confirm"]
        return ["record", "HS-0007", "cell_met_on", *papers, "--store", str(path)]

    def fresh(self, work: Work) -> Path:
        """A store for one victim, in a folder of its own."""
        place = Path(tempfile.mkdtemp(dir=self.folder)) / "dubi.sqlite"
        if not work.fresh:
            shutil.copyfile(self.oldest if work.older else self.small, place)
            place.chmod(0o600)
        return place


Limit = tuple[int, int]
"""A resource of the system, and how much of it a victim may have."""


def a_limit(path: Path, chance: random.Random) -> Limit:
    """Too small files, or too little memory, by lot."""
    if chance.random() < 0.5:
        size = path.stat().st_size if path.exists() else 200_000
        return resource.RLIMIT_FSIZE, int(size * chance.random() ** 2)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return resource.RLIMIT_AS, pages * resource.getpagesize() + chance.randrange(0, 6_000_000)


def forked(act: Callable[[Path], object], path: Path, limit: Limit | None = None) -> int:
    """A child that does the work on a store, within a limit or without, and ends; gives its number."""
    child = os.fork()
    if child:
        return child
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(limit[0], (limit[1], limit[1]))
        act(path)
    except BaseException:  # noqa: BLE001  # the child ends here, whatever happened in it
        os._exit(1)
    os._exit(0)


def spanned(work: Work, bench: Bench) -> tuple[float, Contents | None, Contents | None]:
    """How long a work takes when it is left alone, and the store before and after it."""
    times = []
    for _ in range(3):
        path = bench.fresh(work)
        before = contents(path)
        start = time.monotonic()
        if os.waitpid(forked(work.act, path), 0)[1]:
            raise Torn(f"{work.name} fails by itself")
        times.append(time.monotonic() - start)
        after = contents(path)
        shutil.rmtree(path.parent)
    if before == after:
        raise Torn(f"{work.name} changes nothing")
    return median(times), before, after


def torture(bench: Bench, kills: int, chance: random.Random) -> dict[str, Tally]:
    """Kill so many victims, the works in turn, and check what each left behind."""
    tallies: dict[str, Tally] = {}
    known = {}
    for work in bench.works:
        span, before, after = spanned(work, bench)
        tallies[work.name] = Tally(span=span)
        known[work.name] = before, after
    done = 0
    while done < kills:
        work = bench.works[done % len(bench.works)]
        tally = tallies[work.name]
        path = bench.fresh(work)
        hungry = chance.random() < STARVED
        if hungry:
            status = os.waitpid(forked(work.act, path, a_limit(path, chance)), 0)[1]
            tally.starved, tally.failed, killed = tally.starved + 1, tally.failed + (status != 0), False
        elif work.command is not None and done % OF_THE_COMMAND == OF_THE_COMMAND - 1:
            killed = _kill_command(work.command(path), chance)
        else:
            first = chance.choice((0.0, 0.75))  # half of the kills near the end, where the writing becomes lasting
            killed = kill(forked(work.act, path), chance.uniform(first, 1.1) * tally.span)
        before, after = known[work.name]
        found = contents(path)
        if found not in (before, after):
            raise Torn(f"{work.name}: neither before nor after, kept in {path}")
        check_backups(path)
        if not killed:
            tally.ended_first += not hungry
        else:
            tally.kills += 1
            tally.before += found == before
            tally.after += found == after
            done += 1
            if found == before and done % REPEATED == 0:
                if os.waitpid(forked(work.act, path), 0)[1] or contents(path) != after:
                    raise Torn(f"{work.name}: cannot be done after a kill, kept in {path}")
                tally.repeated += 1
        shutil.rmtree(path.parent)
    return tallies


def kill(child: int, after: float) -> bool:
    """Kill a child some time after; whether it was not done yet."""
    time.sleep(after)
    os.kill(child, signal.SIGKILL)  # a child that has ended waits to be asked for, so the number is still its own
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _kill_command(arguments: list[str], chance: random.Random) -> bool:
    with subprocess.Popen(
        [str(DUBI), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        time.sleep(chance.uniform(0.2, 1.2))
        running.kill()
        return running.wait() == -signal.SIGKILL


def main() -> None:
    """Kill as often as asked, on as many workers, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    if asked.workers > 1:
        share = -(-asked.kills // asked.workers)
        command = [sys.executable, "-m", "tests.torture", "--workers", "1", "--kills", str(share)]
        running = [subprocess.Popen([*command, "--seed", str(seed + number)]) for number in range(asked.workers)]
        sys.exit(max([abs(each.wait()) for each in running]))
    with tempfile.TemporaryDirectory() as name:
        os.environ["DUBI_HOME"] = str(Path(name) / "home")
        tallies = torture(Bench(Path(name)), asked.kills, random.Random(seed))  # noqa: S311  # moments, no secrets
    lines = [f"seed {seed}: {sum(tally.kills for tally in tallies.values())} killed, every store whole"]
    for name, tally in tallies.items():
        lines.append(
            f"  {name:10} {tally.kills:5} killed: {tally.before} as before, {tally.after} as after; "
            f"{tally.ended_first} ended first; {tally.repeated} done again; "
            f"{tally.starved} starved, {tally.failed} of them failed; work {tally.span * 1000:.0f} ms"
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
