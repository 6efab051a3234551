"""A visitor of a running desk over real HTTP, without a browser: it keeps its session and the token of its changes."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class Visitor:
    """Somebody let in by the start key."""

    def __init__(self, address: str) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._origin = address.partition("/vao")[0]
        self._open(address)
        self.token = self.get("/tro-giup").partition('"X-Dubi-Token": "')[2].partition('"')[0]

    def get(self, path: str) -> str:
        """A page; raises `HTTPError` where it is refused."""
        return self._open(self._origin + path)

    def post(self, path: str, fields: dict[str, str]) -> str:
        """The page that a form leads to; raises `HTTPError` where it is refused."""
        return self._open(f"{self._origin}{path}?token={self.token}", urllib.parse.urlencode(fields).encode())

    def switch_on(self) -> str:
        """The address of the calendar, switched on or made anew."""
        (address,) = re.findall(r'value="(http://[^"]+\.ics)"', html.unescape(self.post("/quan-tri/lich", {})))
        return str(address)

    @staticmethod
    def fetch(address: str) -> tuple[int, bytes]:
        """What a program gets that has the address and nothing else."""
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def _open(self, address: str, content: bytes | None = None) -> str:
        with self._opener.open(address, content, timeout=60) as answer:
            return str(answer.read().decode("utf-8"))
