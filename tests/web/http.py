"""A visitor of a running desk over real HTTP, without a browser: it keeps its session and the token of its changes."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from types import TracebackType

from httpx2 import Client, Response


class Visitor:
    """Somebody let in by the start key, until the block ends; where a form leads to is not followed."""

    def __init__(self, address: str) -> None:
        self.client = Client(base_url=address.partition("/vao")[0], timeout=60, trust_env=False)
        self._address, self.token = address, ""

    def __enter__(self) -> Visitor:
        assert self.client.get(self._address).status_code == 303
        self.token = self.get("/tro-giup").partition('"X-Dubi-Token": "')[2].partition('"')[0]
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.client.close()

    def get(self, path: str) -> str:
        """A page."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def post(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None) -> Response:
        """Send a form as a page does."""
        files = None if file is None else {"tep": file}
        return self.client.post(f"{path}{'&' if '?' in path else '?'}token={self.token}", data=fields, files=files)

    def switch_on(self) -> str:
        """The address of the calendar, switched on or made anew."""
        page = html.unescape(self.post("/quan-tri/lich", {}).text)
        (address,) = re.findall(r'value="(http://[^"]+\.ics)"', page)
        return str(address)


def fetched(address: str) -> tuple[int, bytes]:
    """What a program gets that has the address and nothing else."""
    with Client(timeout=60, trust_env=False) as program:
        answer = program.get(address)
    return answer.status_code, answer.content
