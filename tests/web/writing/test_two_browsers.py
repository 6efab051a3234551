"""Two browsers and the command line at the same cases, in every order: nobody is written over, nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.log.batches import head
from cases.store import connection as stores
from cases.store.drivers.transaction import Transaction, begun
from desk.answers.finding import stored_case
from tests.calling import call
from tests.web.conftest import DATA, Own
from tests.web.writing.test_recording import hidden
from tests.whole import WHOLE

Place = tuple[str, str]
"""A case and a part of it that somebody writes about."""

PLACES: tuple[Place, ...] = tuple(product(("HS-05", "HS-06"), ("helper", "late_reason")))
MEETING: tuple[Place, ...] = (PLACES[0], PLACES[1], PLACES[0])
"""What the two browsers and the command line write about where all meet at one case, and two of them at one part."""
ORDERS, MORE = 30, 16
"""So many orders there are of two browsers that each look and then write, and a command line that writes; and so many
more of the things that they may write about are tried, which makes 510."""


class HeldOpen:
    """A store that one transaction holds open: what is written in it can be gone back from, as often as one likes.

    The desk opens, writes and reads as ever, in the transaction instead of a file: a write is a savepoint of it.
    """

    def __init__(self, writer: Transaction) -> None:
        self.writer = writer

    @contextmanager
    def begun(self, _: str) -> Iterator[Transaction]:
        """What the desk takes for a transaction of its own."""
        self.writer.execute("SAVEPOINT own")
        try:
            yield self.writer
        except BaseException:
            self.writer.execute("ROLLBACK TO own")
            raise
        finally:
            self.writer.execute("RELEASE own")

    @contextmanager
    def gone_back_from(self) -> Iterator[None]:
        """Whatever is written in the block is not there after it."""
        self.writer.execute("SAVEPOINT back")
        yield
        self.writer.execute("ROLLBACK TO back")
        self.writer.execute("RELEASE back")


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, HeldOpen]]:
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    monkeypatch.setenv("DUBI_HOME", str(tmp_path))
    stores.initialise(url)
    assert import_file(url, DATA / "chi-bo-nho.xlsx", apply=True, who="thử").batch
    with begun(url) as writer:
        store = HeldOpen(writer)

        @contextmanager
        def reading(_: Path) -> Iterator[object]:
            yield writer

        monkeypatch.setattr(stores, "begun", store.begun)
        monkeypatch.setattr(stores, "reading", reading)
        monkeypatch.setattr(stores, "_require_store", lambda _: None)
        monkeypatch.setattr(stores, "require_sound", lambda *_: None)
        monkeypatch.setattr(stores, "anchor", lambda _: None)
        with store.gone_back_from():
            yield url, store


@dataclass(frozen=True)
class Told:
    """What is known at a point of an order: what stands, and who wrote about what, one after the other."""

    stands: dict[Place, str | None]
    written: tuple[Place, ...] = ()

    def after(self, place: Place, value: str) -> Told:
        """The same once somebody has written."""
        return Told({**self.stands, place: value}, (*self.written, place))


class Interleaving:
    """All orders of two browsers and the command line, each of which writes about one place."""

    def __init__(self, store: HeldOpen, browsers: dict[str, Own], meant: dict[str, Place], folder: Path) -> None:
        self.store, self.browsers, self.meant, self.folder = store, browsers, meant, folder
        self.looked: dict[str, tuple[dict[str, str], int]] = {}
        """What the page of a browser that has looked would send, and how many writes there were then."""
        self.url = browsers["a"].store
        self.first = self._writes()
        self.refused = self.laid_on_top = self.ended = 0

    def go_on(self, left: str, told: Told) -> None:
        """Let each who has something left to do be the next, then go back."""
        if not left:
            self._look_at_the_end(told)
        for who in sorted(set(left)):
            with self.store.gone_back_from():
                before = dict(self.looked)
                self.go_on(left.replace(who, "", 1), self._act(who, told))
                self.looked = before

    def _act(self, who: str, told: Told) -> Told:
        (case, part), value = self.meant[who], f"Lò Thị {who.upper()}"
        if who == "c":
            ran = call(["correct", case, f"{part}={value}", "--confirm", "--store", self.url], self.folder)
            assert ran.code == 0, ran.err
            return told.after((case, part), value)
        browser = self.browsers[who]
        if who not in self.looked:
            page = browser.post("/ghi/correct/xem", {"case": case, "column": part, "value": value})
            self.looked[who] = self._form(page.text), len(told.written)
            return told
        sent, seen = self.looked[who]
        others = [place for place in told.written[seen:] if place[0] == case]
        answer = browser.post("/ghi/correct", sent)
        if not others:
            assert answer.status_code == 303, answer.text
            return told.after((case, part), value)
        assert answer.status_code == 409
        self.refused += 1
        if (case, part) in others:
            assert 'name="change"' not in answer.text, "what both say is for her to decide"
            return told
        again = browser.post("/ghi/correct", self._form(answer.text))
        assert again.status_code == 303, again.text
        self.laid_on_top += 1
        return told.after((case, part), value)

    @staticmethod
    def _form(page: str) -> dict[str, str]:
        return {"change": hidden(page, "change"), "seen": hidden(page, "seen"), "confirmed": "1"}

    def _look_at_the_end(self, told: Told) -> None:
        fields = {case: stored_case(self.url, case).records[0].fields for case in {case for case, _ in PLACES}}
        assert {place: fields[place[0]].get(place[1]) for place in PLACES} == told.stands, self.meant
        assert self._writes() == self.first + len(told.written)
        self.ended += 1

    def _writes(self) -> int:
        with stores.querying(self.url) as execute:
            return head(execute).number


def test_every_order_of_two_browsers_and_the_command_line(held: tuple[str, HeldOpen], tmp_path: Path) -> None:
    """Each browser looks, then writes; the command line writes between. What somebody else wrote about the case since
    the look is shown first; what the other did not touch is then laid on top, what both say is not written. In the end
    each part of each case is as the last one wrote, and each write stands in the log.

    `make check` goes through 510 interleavings.
    """
    url, store = held
    browsers = {"a": Own(url)}
    browsers["b"] = Own(url, browsers["a"].app)
    rest = random.Random(5).sample([three for three in product(PLACES, repeat=3) if three != MEETING], MORE)  # noqa: S311  # no secret
    refused = laid_on_top = 0
    with browsers["a"].client, browsers["b"].client:
        for places in (MEETING, *(rest if WHOLE else ())):
            orders = Interleaving(store, browsers, dict(zip("abc", places, strict=True)), tmp_path)
            orders.go_on("aabbc", Told(dict.fromkeys(PLACES)))
            assert orders.ended == ORDERS
            refused, laid_on_top = refused + orders.refused, laid_on_top + orders.laid_on_top
    assert refused > laid_on_top > ORDERS / 2
    assert verify(url).holds
