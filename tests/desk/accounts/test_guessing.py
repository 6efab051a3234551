"""Passwords that are good enough, and what slows down who guesses at them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.accounts import passwords, throttle
from rules.loader.errors import BadInput, NotSignedIn
from tests.desk.accounts.an_office import ADMIN, PASSWORD, Place, made_in

ELSEWHERE = "198.51.100.7"


@given(st.text(max_size=30))
def test_a_short_or_plain_password_is_refused(text: str) -> None:
    """Twelve signs or five words, and not five of the same: whatever passes has one of both."""
    try:
        passwords.require_good(text, "an")
    except BadInput:
        return
    assert len(text.strip()) >= 12 or len(text.split()) >= 5 or len(passwords._plain(text)) >= 12
    assert len(set(text)) >= 5


def test_what_a_password_needs() -> None:
    """Each side of each bound: length, words, how many signs differ, the account's own name."""
    for good in ("abcdefghijkl", "nắng mưa gió bão lụt", "ab cd ef gh ij", "x" * 8 + "abcd"):
        passwords.require_good(good, "an")
    for bad in ("abcdefghijk", "nắng mưa", "aaaaaaaaaaaa", "an" * 9, "1" * 40, "abcde" * 300, " " * 20):
        with pytest.raises(BadInput):
            passwords.require_good(bad, "an")
    one = passwords.one_time()
    passwords.require_good(one, "an")
    assert one != passwords.one_time()


def test_a_password_is_the_same_however_its_marks_are_typed() -> None:
    """Letters with marks in one piece or in two are the same password, kept by argon2id and as the design says."""
    kept = passwords.hashed("Nắng mưa gió bão lụt")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right("Nắng mưa gió bão lụt", kept)
    assert not passwords.is_right("nắng mưa gió bão lụt", kept)
    assert not passwords.is_right("Nắng mưa gió bão lụt", None)
    assert not passwords.is_right("Nắng mưa gió bão lụt", "not a hash")


def test_an_unknown_account_is_told_like_a_wrong_password(tmp_path: Path) -> None:
    """The same sentence and about the same time, whether the account is there or not, or the code is wrong."""
    place = made_in(tmp_path)
    place.before(None).add(ADMIN, PASSWORD)
    said, spent = set(), dict[str, float]()
    for name in (ADMIN, "khong.co"):
        place.later(hours=2)
        started = time.process_time()
        with pytest.raises(NotSignedIn) as refused:
            place.enter(name, "sai mat khau roi nhe")
        spent[name] = time.process_time() - started
        said.add(str(refused.value))
    assert len(said) == 1
    assert spent["khong.co"] > spent[ADMIN] / 3  # a hash is made for nobody as well


def test_guessing_is_slowed_and_never_locks_out(place: Place) -> None:
    """After a few failures tries wait, longer each time, a minute at most; where she was before not at all."""
    place.enter(ADMIN)  # from her own place
    waits = []
    for _ in range(400):
        try:
            place.enter(ADMIN, "sai mat khau roi nhe", address=ELSEWHERE)
        except NotSignedIn as slowed:
            if slowed.wait:
                waits.append(slowed.wait)
                with pytest.raises(NotSignedIn):  # the right one does not help while it waits
                    place.enter(ADMIN, address=ELSEWHERE)
                place.later(seconds=slowed.wait)
        if len(waits) > 12:
            break
    assert waits[:3] == sorted(waits[:3])
    assert max(waits) == waits[-1] == throttle.LONGEST
    assert place.who(place.enter(ADMIN))  # her own place
    assert place.who(place.enter(ADMIN, address=ELSEWHERE))  # a minute at most, anywhere
    for number in range(20):
        with pytest.raises(NotSignedIn) as refused:
            place.enter(f"khong.co.{number}", "sai mat khau roi nhe", address=ELSEWHERE)
    assert refused.value.wait  # an address that tries many accounts waits too


def test_tries_made_at_once_gain_nothing(place: Place) -> None:
    """A try counts before its password is looked at: those under way together are slowed like one after another."""
    from desk.accounts.opening import writing

    allowed = 0
    for _ in range(20):
        with writing(place.url) as connection:
            allowed += throttle.seconds_to_wait(connection, 1, ADMIN, ELSEWHERE, place.now) == 0
    assert allowed == throttle.FREE
