"""Fifty people at an office's server at once: `python -m bench.office` starts one over TLS on this machine and asks it.

Each is signed in and asks for a page every three seconds, as who works with it does. Told is what each waited for,
from the request to the last byte, in bench/OFFICE.md. A store that has users already is asked as it is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import random
import sqlite3
import ssl
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import ROOT, load, note
from bench.pages.asking import p95
from bench.stores import copy_to_server, fill
from bench.writing import table
from desk.accounts.console import utc_now
from desk.accounts.office import Office
from desk.accounts.rights import Role
from desk.accounts.signing import sign_in, signed_in
from tests.web.certificates import certificate

PASSWORD = "nắng mưa gió bão lụt"  # noqa: S105  # of invented people, for as long as this runs
COMMITTEE, CELLS = "DB-00", 40
"""The unit above all others, and how many of those have a secretary here."""
TOLD = ROOT / "bench" / "OFFICE.md"
LIMIT = 0.3
"""Seconds within which nineteen of twenty answers are to come."""
WORDS = ("binh tran", "uoc", "van lo", "nguyen an", "le thi")


@dataclass
class Seen:
    """What was waited for, by the kind of page, and what was refused."""

    spans: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)
    worked: float = 0.0
    """Seconds that processors worked for the server."""
    lock: threading.Lock = field(default_factory=threading.Lock)


def office_store(path: Path, size: int) -> None:
    """A store of so many cases, its units below a committee."""
    fill(path, size)
    with sqlite3.connect(path) as store:
        row = "INSERT INTO units (code, no_masses_left, few_members, declared) VALUES (?, 0, 0, 1)"
        store.execute(row, (COMMITTEE,))
        above = store.execute("SELECT id FROM units WHERE code = ?", (COMMITTEE,)).fetchone()[0]
        store.execute("UPDATE units SET parent_id = ? WHERE id <> ?", (above, above))
    store.close()


def people(url: str, number: int) -> list[tuple[str, str]]:
    """So many users, four of five secretaries of a cell, the others of the committee; each with her unit."""
    today = dt.date.today()
    Office(url, None, today, utc_now, "bench").add("quan.tri", PASSWORD)
    session = sign_in(url, "quan.tri", PASSWORD, "", address="bench", now=utc_now())
    admin = Office(url, signed_in(url, session, now=utc_now(), today=today), today, utc_now, "bench")
    found = []
    for place in range(number):
        role: Role = "secretary" if place % 5 else "committee"
        unit = COMMITTEE if role == "committee" else f"CB-{place % CELLS:03}"
        admin.add(f"nguoi.{place}", PASSWORD)
        admin.grant(f"nguoi.{place}", role, unit, None, None)
        found.append((f"nguoi.{place}", unit))
    return found


@dataclass(frozen=True)
class Served:
    """A server that listens on a port."""

    port: int
    process: int

    def worked(self) -> float:
        """Seconds that processors have worked for it."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(url: str, home: Path) -> Iterator[Served]:
    """An office's server on a free port of this machine."""
    cert, key = certificate(home, "127.0.0.1")
    command = [str(ROOT / ".venv" / "bin" / "dubi"), "web", "--office", "--host", "127.0.0.1", "--port", "0"]
    command += ["--cert", str(cert), "--key", str(key), "--store", url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "DUBI_HOME": str(home)}
    ) as server:
        assert server.stdout is not None
        try:
            yield Served(int(server.stdout.readline().rpartition(":")[2].partition("/")[0]), server.pid)
        finally:
            server.terminate()


class Person:
    """One who works at the server, with a connection that is kept as a browser keeps it."""

    def __init__(self, port: int, name: str, cases: list[str]) -> None:
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE  # made by ourselves a moment ago
        self._line = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=unchecked)
        self._cookie = ""
        self._cases = cases
        form = urllib.parse.urlencode({"tai-khoan": name, "mat-khau": PASSWORD})
        status, headers, _ = self._ask("POST", "/vao", form)
        assert status == 303, status
        self._cookie = headers["set-cookie"].partition(";")[0]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, http.client.HTTPMessage, bytes]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        try:
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):  # was idle for long
            self._line.close()
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
        return answer.status, answer.headers, answer.read()

    def work(self, until: float, pace: float, seen: Seen, draw: random.Random) -> None:
        """Ask for a page every ``pace`` seconds until then."""
        at = time.monotonic() + draw.random() * pace
        while at < until:
            time.sleep(max(0.0, at - time.monotonic()))
            kind, path = self._page(draw)
            start = time.perf_counter()
            status, _, body = self._ask("GET", path)
            span = time.perf_counter() - start
            with seen.lock:
                seen.spans[kind].append(span)
                if status != 200:
                    seen.refused.append(f"{status} {path}: {body[-300:].decode(errors='replace')}")
            at = max(at + pace, time.monotonic())

    def _page(self, draw: random.Random) -> tuple[str, str]:
        case = draw.choice(self._cases)
        return draw.choices(
            (
                ("work list", f"/?tu={50 * draw.randrange(2)}"),
                ("person", f"/nguoi/{case}"),
                ("search", f"/nguoi?q={urllib.parse.quote(draw.choice(WORDS))}"),
                ("form of a step", f"/nguoi/{case}/ghi"),
                ("log", "/nhat-ky"),
            ),
            (40, 25, 15, 10, 10),
        )[0]


def measure(url: str, home: Path, users: list[tuple[str, str]], cases: dict[str, list[str]], seconds: float) -> Seen:
    """What so many people wait for in so many seconds, after each has looked at the work list once."""
    seen, warm = Seen(), Seen()
    with served(url, home) as server:
        everybody = [Person(server.port, name, cases.get(unit) or cases[COMMITTEE]) for name, unit in users]
        began = time.monotonic()
        for round_seconds, into in ((max(20.0, seconds / 4), warm), (seconds, seen)):
            until, before = time.monotonic() + round_seconds, server.worked()
            threads = [
                threading.Thread(target=person.work, args=(until, 3.0, into, random.Random(place)))
                for place, person in enumerate(everybody)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            into.worked = server.worked() - before
        spent = time.monotonic() - began
        note(f"{spent:.0f} s; while warming: p95 {p95(_all(warm)):.3f} s, most {max(_all(warm)):.2f} s")
    return seen


def _all(seen: Seen) -> list[float]:
    return [span for spans in seen.spans.values() for span in spans]


def told(seen: Seen, title: str) -> str:
    """The table of what was waited for."""
    rows = [
        (
            name,
            str(len(spans)),
            *(f"{1000 * value:.0f}" for value in (statistics.median(spans), p95(spans), max(spans))),
        )
        for name, spans in sorted([*seen.spans.items(), ("all", _all(seen))])
    ]
    kept = "kept" if p95(_all(seen)) < LIMIT and not seen.refused else "missed"
    aimed = f"Nineteen of twenty within {1000 * LIMIT:.0f} ms: {kept}. Refused or failed: {len(seen.refused)}."
    each = 1000 * seen.worked / max(1, len(_all(seen)))
    aimed += f" Processor time of the server: {each:.0f} ms a page."
    heading = f"## {title}\n\n{aimed} Load of the machine: {load()}."
    return f"{heading}\n\n{table(('page', 'asked', 'median ms', 'p95 ms', 'longest ms'), rows)}\n"


def cases_of(path: Path) -> dict[str, list[str]]:
    """Some cases of each unit, and of the committee some of all."""
    found: dict[str, list[str]] = defaultdict(list)
    with sqlite3.connect(path) as store:
        joined = "SELECT u.code, c.code FROM cases AS c JOIN units AS u ON u.id = c.unit_id ORDER BY c.id LIMIT 20000"
        for unit, code in store.execute(joined):
            found[unit].append(code)
            found[COMMITTEE].append(code)
    store.close()
    return found


def main() -> None:
    """Make a store, its users and a server, ask it, and write down what was waited for."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--cases", type=int, default=100_000)
    wanted.add_argument("--users", type=int, default=50)
    wanted.add_argument("--seconds", type=float, default=60)
    wanted.add_argument("--kept", type=Path, help="a folder in which the store is kept between runs")
    wanted.add_argument("--server", help="the address of an empty PostgreSQL database: the store is put there")
    wanted.add_argument("--keeper", help="the same database for an account that may fill it past its wall")
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = given.kept or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        store = home / "dubi.sqlite"
        if not store.exists():
            office_store(store, given.cases)
        (home / "desk.sqlite").unlink(missing_ok=True)
        url = given.server or f"sqlite:///{store}"
        if given.server:
            copy_to_server(store, url, given.keeper)
        seen = measure(url, home, people(url, given.users), cases_of(store), given.seconds)
    for line in seen.refused[:5]:
        note(line)
    kind = "PostgreSQL" if given.server else "SQLite"
    title = f"{given.users} people, a page every 3 s each, {given.cases} cases, {kind}, TLS on loopback"
    heading = "# An office's server\n\nWritten by `python -m bench.office`, each store's part by a run of its own.\n"
    kept = TOLD.read_text(encoding="utf-8").split("\n## ")[1:] if TOLD.exists() else []
    others = [f"\n## {part.rstrip()}\n" for part in kept if f"{kind}," not in part]
    TOLD.write_text("".join([heading, *others, f"\n{told(seen, title).rstrip()}\n"]), encoding="utf-8")
    print(told(seen, title))


if __name__ == "__main__":
    main()
