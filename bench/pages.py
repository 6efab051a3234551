"""Pages of the desk, asked of `dubi web` over the wire: the server's own time of each answer, from `Server-Timing`."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from bench import AS_OF

Json = dict[str, Any]

NEXT_DAY, OTHER_YEAR = f"{AS_OF:%Y-%m}-30", "2024-06-30"
"""Days on which nobody has looked at the store yet."""
PERIOD = "tu=2024-01-01&den=2024-12-31"


PACE = 0.03
"""Seconds between two requests: the desk refuses whoever asks more than anybody reads."""


class Browser:
    """What asks for pages: it keeps the session and the time that the server told of its last answer."""

    def __init__(self, address: str) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
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

    def _ask(self, address: str, content: bytes | None = None) -> float:
        time.sleep(PACE)
        with self._open(address, content, timeout=600) as answer:
            self.text = answer.read().decode("utf-8")
            told = str(answer.headers["server-timing"])
        return float(told.partition("dur=")[2]) / 1000


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

    Nothing is written: the store was filled past the log, and so takes no write.
    """
    day = f"ngay={AS_OF}"
    people = [f"HS-{number:07}" for number in range(0, size, max(1, size // rounds))][:rounds]
    words = ("binh tran", "uoc", "HS-00000", "van lo chung", "nguyen an")
    with served(dubi, url, home) as (browser, span):
        found: Json = {"size": size, "start": span, "first": browser.get(f"/?{day}")}
        kept: dict[str, Sequence[str]] = {
            "work list": [f"/?{day}&tu={50 * (place % 40)}" for place in range(rounds)],
            "person": [f"/nguoi/{code}?{day}" for code in people],
            "search": [f"/nguoi?q={urllib.parse.quote(words[place % len(words)])}&{day}" for place in range(rounds)],
        }
        browser.get(f"/nguoi?q=binh&{day}")
        found["kept"] = {name: [browser.get(path) for path in paths] for name, paths in kept.items()}
        found["apart"] = {
            "work list, the next day's first view": browser.get(f"/?ngay={NEXT_DAY}"),
            "work list, the first view of a day long before": browser.get(f"/?ngay={OTHER_YEAR}"),
            "figures of a year": browser.get(f"/so-lieu?{PERIOD}"),
            "a form": browser.get(f"/bieu/F2?{PERIOD}"),
        }
        typed = {"step": "dossier_opened_on", "on": "01/03/2025", "document": "12-HS"}
        previews = [browser.send(f"/nguoi/{code}/ghi/xem", typed) for code in people[: max(3, rounds // 4)]]
        found["previewed"] = {"preview of a step": previews[1:]}
    return found


def p95(spans: Sequence[float]) -> float:
    """The time that nineteen of twenty answers stay within."""
    return statistics.quantiles(spans, n=20)[18] if len(spans) > 1 else spans[0]
