"""Accounts: who gets in and for how long, and that no administrator locks everybody out."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pyotp
import pytest

from cases.store.sight import Sight
from desk.accounts import second_factor, throttle
from desk.accounts.office import Office
from desk.accounts.rights import Role
from desk.accounts.signing import Signed, has_users, rights_of, sign_out
from desk.changes.values import AddUnit
from desk.desk import Desk
from rules.loader.errors import BadInput, NotAllowed, NotSignedIn, UnknownName
from tests.desk.accounts.an_office import ADMIN, PASSWORD, Place, hash_lightly
from tests.postgresql import on_postgresql, own_store

OTHER_ROLES: tuple[Role, ...] = ("secretary", "reader", "committee")
ELSEWHERE = "198.51.100.7"


def signed(place: Place, name: str, password: str = PASSWORD) -> Signed:
    """Who signs in now."""
    found = place.who(place.enter(name, password))
    assert found is not None
    return found


def test_the_first_user_is_administrator_and_sees_no_case(place: Place) -> None:
    """A store asks for signing in as soon as it has a user; who was there first manages accounts and sees nobody."""
    assert has_users(place.url)
    first = signed(place, ADMIN)
    assert "users" in first.granted.may
    assert "read" not in first.granted.may
    assert first.granted.sight == Sight(frozenset())
    (account,) = place.before().accounts()
    assert (account.user.added_by, account.grants[0].given_by) == ("may-chu", "may-chu")
    for act in (lambda o: o.add("them", PASSWORD), Office.accounts, lambda o: o.reset(ADMIN)):
        with pytest.raises(NotSignedIn):
            act(place.before(None))


def test_a_grant_holds_at_a_unit_from_a_day_until_a_day(place: Place) -> None:
    """What somebody sees and may do follows her grants day by day; several add up; one taken away ends at once."""
    office = place.before()
    office.add("an", PASSWORD)
    later = place.today + dt.timedelta(10)
    office.grant("an", "secretary", "CB-01", None, place.today + dt.timedelta(2))
    office.grant("AN", "reader", "CB-02", later, None)
    session = place.enter("an")

    def seen() -> frozenset[str]:
        return rights_of(place.url, "an", place.today).sight.roots

    who = place.who(session)
    assert who is not None
    assert who.granted.sight.roots == seen() == {"CB-01"}
    assert "record" in who.granted.may
    place.later(days=2)
    assert seen() == {"CB-01"}  # the last day counts
    place.later(days=1)
    assert seen() == frozenset()
    place.later(days=7)
    assert seen() == {"CB-02"}
    (left,) = place.before().open_grants_of("an")
    session = place.enter("an")
    place.before().revoke([left.id])
    who = place.who(session)
    assert who is not None
    assert (who.granted.sight.roots, who.granted.may) == (frozenset(), frozenset())
    with pytest.raises(BadInput, match="thu hồi rồi"):
        place.before().revoke([left.id])


def test_grants_that_cannot_be_are_refused(place: Place) -> None:
    """No role at a unit that is not there, none backwards in time, none half said; nothing is kept of them."""
    office = place.before()
    office.add("an", PASSWORD)
    with pytest.raises(UnknownName, match="Có phải “CB-01”"):
        office.grant("an", "reader", "CB-011", None, None)
    with pytest.raises(UnknownName, match="“binh”"):
        office.grant("binh", "reader", "CB-01", None, None)
    for role, unit, until in (
        ("reader", None, None),
        ("admin", "CB-01", None),
        ("reader", "CB-01", dt.date(2020, 1, 1)),
    ):
        with pytest.raises(BadInput):
            office.grant("an", role, unit, None, until)  # type: ignore[arg-type]  # a role as text
    assert office.open_grants_of("an") == ()
    with pytest.raises(BadInput, match="Đã có"):
        office.add("QUAN.TRI", PASSWORD)


def test_the_last_administrator_stays(place: Place) -> None:
    """The last grant of an administrator that does not run out is never taken away; with another it may be."""
    office = place.before()
    office.add("an", PASSWORD)
    (mine,) = office.open_grants_of(ADMIN)
    with pytest.raises(BadInput, match="cuối cùng"):
        office.revoke([mine.id])
    office.grant("an", "admin", None, None, place.today + dt.timedelta(30))
    with pytest.raises(BadInput, match="cuối cùng"):  # hers runs out
        office.revoke([mine.id])
    office.grant("an", "admin", None, None, None)
    office.revoke([mine.id])
    with pytest.raises(NotAllowed, match="tài khoản"):
        place.before().accounts()


def test_only_an_administrator_manages_accounts(place: Place) -> None:
    """Somebody with every other role adds nobody, gives nothing to herself, resets nobody; her own password she may."""
    office = place.before()
    office.add("an", PASSWORD)
    for role in OTHER_ROLES:
        office.grant("an", role, "CB-01", None, None)
    hers = place.before("an")
    acts = (
        hers.accounts,
        lambda: hers.add("b1", PASSWORD),
        lambda: hers.grant("an", "admin", None, None, None),
        lambda: hers.revoke([1]),
        lambda: hers.reset(ADMIN),
        lambda: hers.end_sessions(ADMIN),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert hers.mine().user.name == "an"
    hers.change_my_password(PASSWORD, "sau bay tam chin muoi")
    assert signed(place, "an", "sau bay tam chin muoi").name == "an"


def test_a_session_ends_by_itself(place: Place) -> None:
    """Half an hour unused, twelve hours at the most, and a page that asks by itself is no use."""
    session = place.enter(ADMIN)
    for _ in range(24):
        place.later(minutes=29)
        assert place.who(session)
    place.later(minutes=25)
    assert place.who(session) is None  # 12 hours, though used all the time
    session = place.enter(ADMIN)
    place.later(minutes=29)
    assert place.who(session, used=False)
    place.later(minutes=1)
    assert place.who(session) is None
    session = place.enter(ADMIN)
    sign_out(place.url, session)
    assert place.who(session) is None
    for guess in ("", "x", session + "x", "ă"):
        assert place.who(guess) is None


def test_all_sessions_end_with_the_password(place: Place) -> None:
    """Changed by herself, reset by an administrator, set on the console, or ended: every session of hers is over."""
    office = place.before()
    office.add("an", PASSWORD)

    def console() -> None:
        office.set_on_console("an", PASSWORD)

    def reset() -> None:
        office.reset("an")

    def own() -> None:
        place.before("an").change_my_password(PASSWORD, "sau bay tam chin muoi")

    def end() -> None:
        office.end_sessions("an")

    for change in (own, console, end, reset):
        console()
        two = [place.enter("an"), place.enter("an", address=ELSEWHERE)]
        other = place.enter(ADMIN)
        change()
        assert [place.who(one) for one in two] == [None, None]
        assert place.who(other)


def test_a_one_time_password_opens_only_its_own_change(place: Place) -> None:
    """What an administrator hands out lets somebody in to change it and no more; after three days not even that."""
    office = place.before()
    _, handed = office.add("an", None)
    office.grant("an", "secretary", "CB-01", None, None)
    assert handed
    who = signed(place, "an", handed)
    assert (who.must_change, who.granted.may, who.granted.sight.roots) == (True, frozenset(), frozenset())
    hers = place.before("an", handed)
    with pytest.raises(BadInput, match="giống"):
        hers.change_my_password(handed, handed)
    hers.change_my_password(handed, PASSWORD)
    assert signed(place, "an").granted.sight.roots == {"CB-01"}
    handed = office.reset("an")
    place.later(days=3, seconds=1)
    with pytest.raises(NotSignedIn, match="quá hạn"):
        place.enter("an", handed)


def test_codes_of_a_phone(place: Place) -> None:
    """Once switched on a code is asked for, each is taken once; codes on paper work once; a reset asks for none."""
    secret = second_factor.new_secret()
    codes = pyotp.TOTP(secret)
    office = place.before()
    now = int(place.now.replace(tzinfo=dt.UTC).timestamp())
    with pytest.raises(BadInput):
        office.ask_me_for_codes(secret, "000000" if codes.at(now) != "000000" else "111111")
    assert place.enter(ADMIN)
    paper = office.ask_me_for_codes(secret, codes.at(now))
    assert len(set(paper)) == second_factor.RECOVERY_COUNT
    for wrong in ("", codes.at(now), "12345", "mã"):  # the code that switched it on is used up
        with pytest.raises(NotSignedIn, match="mã chưa đúng"):
            place.enter(ADMIN, code=wrong)
        place.later(minutes=61)
    now = int(place.now.replace(tzinfo=dt.UTC).timestamp())
    early = codes.at(now + 30)
    assert place.enter(ADMIN, code=f"{early[:3]} {early[3:]}")  # her phone is half a minute ahead
    with pytest.raises(NotSignedIn):
        place.enter(ADMIN, code=codes.at(now))  # an earlier one than was taken
    assert place.enter(ADMIN, code=paper[0].upper())
    with pytest.raises(NotSignedIn):
        place.enter(ADMIN, code=paper[0])
    with pytest.raises(BadInput):
        office.ask_me_for_no_codes("sai mat khau roi nhe")
    office.ask_me_for_no_codes(PASSWORD)
    assert place.enter(ADMIN)


def test_the_picture_is_svg_that_a_strict_page_may_hold() -> None:
    """No style and no script of its own: the page's policy lets neither through."""
    picture = second_factor.picture_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "an")
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert second_factor.address_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "an").startswith(
        "otpauth://totp/Dubi:an?secret="
    )


def test_a_stolen_file_opens_nothing(place: Place, tmp_path: Path) -> None:
    """In the file stand no password, no name of a session, no one-time password, no code for paper."""
    office = place.before()
    _, handed = office.add("an", None)
    session = place.enter(ADMIN)
    with pytest.raises(NotSignedIn):
        place.enter("my-secret-typed-in-the-wrong-field", "x")
    secret = second_factor.new_secret()
    now = int(place.now.replace(tzinfo=dt.UTC).timestamp())
    paper = office.ask_me_for_codes(secret, pyotp.TOTP(secret).at(now))
    sqlite3.connect(tmp_path / "desk.sqlite").execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = b"".join(path.read_bytes() for path in tmp_path.glob("desk.sqlite*")).lower()
    assert ADMIN.encode() in held
    for secretly in (PASSWORD, handed or "?", session, *paper, paper[0].replace("-", ""), "wrong-field"):
        assert secretly.lower().encode() not in held


def test_only_the_owner_of_the_files_sets_a_password_on_the_console(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns the file of accounts sets a forgotten password anew; another account of the machine does not."""
    place.before(None).set_on_console(ADMIN, "sau bay tam chin muoi")
    assert place.enter(ADMIN, "sau bay tam chin muoi")
    monkeypatch.setattr("os.getuid", lambda: 4711)
    with pytest.raises(NotAllowed, match="chủ của tệp"):
        place.before(None).set_on_console(ADMIN, PASSWORD)


@on_postgresql
def test_on_a_server_accounts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL: a first user, signing in, a grant, guessing slowed, codes, all sessions ended, the last stays."""
    hash_lightly(monkeypatch)
    with own_store() as url:
        place = Place(url)
        desk = Desk(url, today=place.today)
        desk.commit(desk.preview(AddUnit("CB-01", ())), confirmed=True)
        assert not has_users(url)
        place.before(None).add(ADMIN, PASSWORD)
        assert has_users(url)
        office = place.before()
        office.add("an", PASSWORD)
        office.grant("an", "secretary", "CB-01", None, None)
        session = place.enter("an")
        place.later(minutes=5)
        assert signed(place, "an").granted.sight == Sight(frozenset({"CB-01"}))
        for _ in range(throttle.FREE):
            with pytest.raises(NotSignedIn, match="chưa đúng"):
                place.enter("an", "sai mat khau roi nhe", address=ELSEWHERE)
        with pytest.raises(NotSignedIn) as slowed:
            place.enter("an", "sai mat khau roi nhe", address=ELSEWHERE)
        assert slowed.value.wait
        secret = second_factor.new_secret()
        now = int(place.now.replace(tzinfo=dt.UTC).timestamp())
        assert len(office.ask_me_for_codes(secret, pyotp.TOTP(secret).at(now))) == second_factor.RECOVERY_COUNT
        with pytest.raises(BadInput, match="cuối cùng"):
            office.revoke([one.id for one in office.open_grants_of(ADMIN)])
        office.revoke([one.id for one in office.open_grants_of("an")])
        assert office.end_sessions("an") == 2
        assert place.who(session) is None
        assert {one.user.name for one in office.accounts()} == {ADMIN, "an"}
        office.set_on_console(ADMIN, "sau bay tam chin muoi")  # the schema is this account's own
        assert place.enter(ADMIN, "sau bay tam chin muoi")
