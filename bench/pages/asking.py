"""Pages of the desk, asked of `dubi web` over the wire: the server's own time of each answer, from `Server-Timing`."""

from __future__ import annotations

import html
import os
import re
import statistics
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from bench import AS_OF
from cases.store.connection import anchor

Json = dict[str, Any]

NEXT_DAY, OTHER_YEAR = f"{AS_OF:%Y-%m}-30", "2024-06-30"
"""Days on which nobody has looked at the store yet."""
PERIOD = "tu=2024-01-01&den=2024-12-31"


WRITES = 21
"""So many are written, the first of which warms what comes after."""
PACE = 0.03
"""Seconds between two requests: the desk refuses whoever asks more than anybody reads."""


class Browser:
    """What asks for pages: it keeps the session and the time that the server told of its last answer."""

    def __init__(self, address: str) -> None:
        kept = urllib.request.HTTPCookieProcessor(CookieJar())
        self._open = urllib.request.build_opener(kept, _StaysAfterWriting()).open
        self._origin = address.partition("/vao")[0]
        self.spent = 0.0
        self.text = ""
        self._ask(address)
        self.token = self.text.partition('"X-Dubi-Token": "')[2].partition('"')[0]

    def get(self, path: str) -> float:
        """Seconds that the server took for a page."""
        return self._ask(self._origin + path)

    def send(self, path: str, fields: dict[str, str]) -> float:
        """Seconds that the server took for a form that was sent."""
        return self._ask(f"{self._origin}{path}?token={self.token}", urllib.parse.urlencode(fields).encode())

    def hidden(self, name: str) -> str:
        """What stands in a hidden field of the page that was answered last."""
        (value,) = re.findall(rf'name="{name}" value="([^"]*)"', self.text)
        return html.unescape(value)

    def _ask(self, address: str, content: bytes | None = None) -> float:
        time.sleep(PACE)
        try:
            with self._open(address, content, timeout=600) as answer:
                self.text = answer.read().decode("utf-8")
                told = str(answer.headers["server-timing"])
        except urllib.error.HTTPError as led:
            with led:
                if content is None or led.status != HTTPStatus.SEE_OTHER:
                    raise
                told = str(led.headers["server-timing"])
        return float(told.partition("dur=")[2]) / 1000


class _StaysAfterWriting(urllib.request.HTTPRedirectHandler):
    """Where a form leads to is not followed: the time of the write is asked for, not that of the page after it."""

    def redirect_request(self, req: urllib.request.Request, *more: Any) -> urllib.request.Request | None:
        return None if req.data is not None else super().redirect_request(req, *more)


@contextmanager
def served(dubi: Path, url: str, home: Path) -> Iterator[tuple[Browser, float]]:
    """A desk on a store, and the seconds from its start to its first page, whole."""
    start = time.perf_counter()
    command = [str(dubi), "web", "--no-browser", "--port", "0", "--store", url]
    environment = {**os.environ, "DUBI_HOME": str(home)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        try:
            browser = Browser(server.stdout.readline().strip())
            yield browser, time.perf_counter() - start
        finally:
            server.terminate()


def first_page(dubi: Path, url: str, home: Path, rounds: int) -> list[float]:
    """The seconds from a start to the first page, so many times."""
    spans = []
    for _ in range(rounds):
        with served(dubi, url, home) as (_, span):
            spans.append(span)
    return spans


def pages(dubi: Path, url: str, home: Path, size: int, rounds: int) -> Json:
    """The pages of a large store on the day that is kept, then what is told apart: another day, figures, a form.

    Last comes what is written, each person once, and the work list after each write.
    """
    day = f"ngay={AS_OF}"
    people = [f"HS-{number:07}" for number in range(0, size, max(1, size // rounds))][:rounds]
    words = ("binh tran", "uoc", "HS-00000", "van lo chung", "nguyen an")
    _take_writes(url, home)
    with served(dubi, url, home) as (browser, span):
        found: Json = {"size": size, "start": span, "first": browser.get(f"/?{day}")}
        kept: dict[str, Sequence[str]] = {
            "work list": [f"/?{day}&tu={50 * (place % 40)}" for place in range(rounds)],
            "person": [f"/nguoi/{code}?{day}" for code in people],
            "search": [f"/nguoi?q={urllib.parse.quote(words[place % len(words)])}&{day}" for place in range(rounds)],
        }
        counted = {
            "units": [f"/don-vi?{day}"] * (rounds // 2),
            "timings": [
                f"/thoi-gian?tu=2024-{1 + place % 9:02}-01&den=2024-12-31&{day}" for place in range(rounds // 2)
            ],
            "twelve months ahead": [f"/sap-toi?{day}&tu={100 * place}" for place in range(rounds // 2)],
        }
        browser.get(f"/nguoi?q=binh&{day}")
        found["apart"] = {"units, timings and the months ahead, the first view": browser.get(f"/don-vi?{day}")}
        browser.get(f"/sap-toi?{day}")
        for part, pages_of in (("kept", kept), ("counted", counted)):
            found[part] = {name: [browser.get(path) for path in paths] for name, paths in pages_of.items()}
        found["apart"] |= {
            "work list, the next day's first view": browser.get(f"/?ngay={NEXT_DAY}"),
            "work list, the first view of a day long before": browser.get(f"/?ngay={OTHER_YEAR}"),
            "figures of a year": browser.get(f"/so-lieu?{PERIOD}"),
            "a form": browser.get(f"/bieu/F2?{PERIOD}"),
        }
        typed = {"step": "dossier_opened_on", "on": "01/03/2025", "document": "12-HS"}
        written: dict[str, list[float]] = {
            "preview of a step": [],
            "write of a step": [],
            "work list after a write": [],
        }
        for code in people[:WRITES]:
            spans = [browser.send(f"/nguoi/{code}/ghi/xem", typed)]
            sent = {name: browser.hidden(name) for name in ("change", "seen")} | {"confirmed": "1"}
            spans += [browser.send(f"/nguoi/{code}/ghi", sent), browser.get(f"/?{day}")]
            for many, span in zip(written.values(), spans, strict=True):
                many.append(span)
        after = written.pop("work list after a write")
        found["counted"]["work list after a write"] = after[1:]
        found["written"] = {name: spans[1:] for name, spans in written.items()}
    return found


def _take_writes(url: str, home: Path) -> None:
    """Have a store that was filled past the log take writes: what it holds now is anchored as it stands."""
    before = os.environ.get("DUBI_HOME")
    os.environ["DUBI_HOME"] = str(home)
    anchor(url)
    os.environ.pop("DUBI_HOME")
    if before is not None:
        os.environ["DUBI_HOME"] = before


def p95(spans: Sequence[float]) -> float:
    """The time that nineteen of twenty answers stay within."""
    return statistics.quantiles(spans, n=20)[18] if len(spans) > 1 else spans[0]
