"""Killing as often as asked, on as many workers: `make torture`."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import tests.torture
from cases.store.keys import wrapping
from tests.torture.looking import Contents, Torn, check_backups, contents, require_told
from tests.torture.victims import a_limit, forked, kill, kill_command
from tests.torture.works import BESIDE, Bench, Work

REPEATED = 5
"""After every so many kills the same work is done once more, to its end."""
STARVED = 0.3
"""The share of victims that get too little room or memory."""
OF_THE_COMMAND = 10
"""Every so many victims is the installed command."""
OF_WRITERS = 0.25
"""The share of writers beside a victim that are killed as well."""


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
    told: int = 0
    """How many writers beside a victim were told that what they wrote is kept."""
    span: float = 0.0
    """How long the work takes when nobody kills it."""


@dataclass
class Known:
    """What a store may hold around a work: before it, after it, and with what is written beside it."""

    before: Contents | None
    after: Contents | None
    others: tuple[Contents | None, ...]
    span: float


def known(work: Work, bench: Bench) -> Known:
    """How long a work takes when nobody kills it, and the store before and after it."""
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
    return Known(before, after, tuple(_with_writer(work, bench)), median(times))


def _with_writer(work: Work, bench: Bench) -> Iterator[Contents | None]:
    """The store with what is written beside the work, and with that after the work."""
    if work.beside is None:
        return
    for acts in ((work.beside,), (work.act, work.beside)):
        path = bench.fresh(work)
        for act in acts:
            if os.waitpid(forked(act, path), 0)[1]:
                raise Torn(f"what is written beside {work.name} fails by itself")
        yield contents(path)
        shutil.rmtree(path.parent)


class Torture:
    """Victims killed one after the other, the works in turn; what each left behind is checked."""

    def __init__(self, bench: Bench, chance: random.Random) -> None:
        self.bench, self.chance = bench, chance
        self.known = {work.name: known(work, bench) for work in bench.works}
        self.tallies = {name: Tally(span=found.span) for name, found in self.known.items()}
        self.done = 0

    def go_on(self, kills: int) -> None:
        """Kill until there are so many; raises `Torn`."""
        while self.done < kills:
            work = self.bench.works[self.done % len(self.bench.works)]
            path = self.bench.fresh(work)
            writer = self._writer(work, path)
            killed = self._victim(work, path)
            self._look(work, path, killed=killed, told=self._told(work, writer))
            shutil.rmtree(path.parent)

    def _writer(self, work: Work, path: Path) -> int | None:
        if work.beside is None:
            return None
        beside, wait = work.beside, self.chance.uniform(0, self.known[work.name].span)

        def write(path: Path) -> None:
            time.sleep(wait)
            beside(path)

        return forked(write, path)

    def _victim(self, work: Work, path: Path) -> bool:
        """Kill or starve one; whether it was killed."""
        tally, chance = self.tallies[work.name], self.chance
        if chance.random() < STARVED:
            status = os.waitpid(forked(work.act, path, a_limit(path, chance)), 0)[1]
            tally.starved, tally.failed = tally.starved + 1, tally.failed + (status != 0)
            return False
        if work.command is not None and self.done % OF_THE_COMMAND == OF_THE_COMMAND - 1:
            killed = kill_command(work.command(path), chance)
        else:
            first = chance.choice((0.0, 0.75))  # half of the kills near the end, where the writing becomes lasting
            killed = kill(forked(work.act, path), chance.uniform(first, 1.1) * tally.span)
        tally.ended_first += not killed
        return killed

    def _told(self, work: Work, writer: int | None) -> bool:
        """Whether the writer beside was told that what it wrote is kept; now and then it is killed before that."""
        if writer is None:
            return False
        if self.chance.random() < OF_WRITERS:
            os.kill(writer, signal.SIGKILL)  # not asked for yet, so the number is still its own
        told = os.waitpid(writer, 0)[1] == 0
        self.tallies[work.name].told += told
        return told

    def _look(self, work: Work, path: Path, *, killed: bool, told: bool) -> None:
        may, tally = self.known[work.name], self.tallies[work.name]
        found = contents(path)
        if found not in (may.before, may.after, *may.others):
            raise Torn(f"{work.name}: neither before nor after, kept in {path}")
        if told:
            require_told(path, BESIDE)
        check_backups(path)
        if not killed:
            return
        self.done += 1
        tally.kills += 1
        tally.before += found == may.before
        tally.after += found == may.after
        if found == may.before and self.done % REPEATED == 0:
            if os.waitpid(forked(work.act, path), 0)[1] or contents(path) != may.after:
                raise Torn(f"{work.name}: cannot be done after a kill, kept in {path}")
            tally.repeated += 1


def main() -> None:
    """Kill as often as asked, on as many workers, and say what came of it."""
    parser = argparse.ArgumentParser(description=tests.torture.__doc__)
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
    wrapping._KIBIBYTES = 64  # after each kill a key is made of the passphrase
    with tempfile.TemporaryDirectory() as name:
        os.environ["DUBI_HOME"] = str(Path(name) / "home")
        torture = Torture(Bench(Path(name)), random.Random(seed))  # noqa: S311  # moments, no secrets
        with suppress(KeyboardInterrupt):  # who stops it hears what was done until then
            torture.go_on(asked.kills)
        tallies = torture.tallies
    lines = [f"seed {seed}: {sum(tally.kills for tally in tallies.values())} killed, every store whole"]
    for name, tally in tallies.items():
        lines.append(
            f"  {name:10} {tally.kills:5} killed: {tally.before} as before, {tally.after} as after; "
            f"{tally.ended_first} ended first; {tally.repeated} done again; "
            f"{tally.starved} starved, {tally.failed} of them failed; work {tally.span * 1000:.0f} ms"
            + (f"; {tally.told} writers beside were told it is kept" if tally.told else "")
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
