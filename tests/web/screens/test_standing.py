"""What is kept between requests is kept for each pair of eyes apart."""

from __future__ import annotations

import datetime as dt

from cases.store.sight import Sight
from desk.desk import Desk
from web.live import Watch
from web.standing import Shelves

DAY = dt.date(2026, 11, 20)


def test_nobody_is_given_what_was_made_for_other_eyes(store: str) -> None:
    """Who sees and may the same shares answers; who sees, or may, something else has her own."""
    shelves = Shelves()
    whole = Desk(store, today=DAY)
    one = Desk(store, today=DAY, sight=Sight(frozenset({"CB-01"})), may=frozenset({"read"}))
    same = Desk(store, today=DAY, user="khac", sight=Sight(frozenset({"CB-01"})), may=frozenset({"read"}))
    other = Desk(store, today=DAY, sight=Sight(frozenset({"CB-02"})), may=frozenset({"read"}))
    less = Desk(store, today=DAY, sight=Sight(frozenset({"CB-01"})), may=frozenset())
    kept = [shelves.of(desk) for desk in (whole, one, same, other, less)]
    assert kept[1] is kept[2]
    assert len({id(shelf) for shelf in kept}) == 4


def test_pages_that_listen_look_at_the_store_together(store: str) -> None:
    """However many listen, the log is looked at once a beat, and each is told where it stands in her eyes."""
    looks: list[str] = []

    def look(url: str) -> str:
        looks.append(url)
        return "a"

    watch = Watch(store, look)
    desks = [Desk(store, today=DAY), Desk(store, today=DAY, sight=Sight(frozenset({"CB-01"})), may=frozenset({"read"}))]
    told = [watch.head(desk) for desk in desks * 20]
    assert told == [desk.last_hash() for desk in desks] * 20
    assert len(looks) < 10
