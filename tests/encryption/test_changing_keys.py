"""Encrypting, another passphrase, plain again: all of the store goes along, whatever breaks off, and whoever waits."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cases.keeping.alone import alone_with, take_its_place
from cases.keeping.backups import backup, kept
from cases.store.keys import ring
from cases.store.keys.problems import WrongKey
from cases.store.keys.wrapping import Wrapped, new_code
from cases.store.reading import read_store
from desk.accounts import users
from desk.accounts.opening import writing as users_writing
from desk.keeping.encryption import decrypt, encrypt, finish, form, put_new_code, rekey
from rules.loader.errors import BadInput, StoreProblem
from tests.encryption.conftest import PASSPHRASE, file_of, key_of, opens_by

OTHER = "một câu khác cũng đủ dài"


def add_user(url: str, name: str) -> None:
    """Add somebody who may sign in."""
    with users_writing(url) as connection:
        users.add(connection, name, "mật khẩu của người ấy", "thử", dt.datetime(2025, 1, 1))  # UTC


def test_another_passphrase(shut: str, code: str, tmp_path: Path) -> None:
    """The old one opens neither the store nor its own backups any more; with another raw key nor does the old key."""
    elsewhere = backup(shut, tmp_path / "usb.sqlite")
    before, first = read_store(shut), form(shut).key
    with pytest.raises(BadInput):
        rekey(shut, PASSPHRASE, "ngắn")
    with pytest.raises(WrongKey):
        rekey(shut, "sai rồi sai rồi", OTHER)
    rekey(shut, PASSPHRASE, OTHER)
    places = [shut, *(f"sqlite:///{one}" for one in kept(shut))]
    assert len(places) == 2
    assert [(opens_by(place, OTHER), opens_by(place, PASSPHRASE), opens_by(place, code)) for place in places] == [
        (True, False, True)
    ] * 2
    fresh = new_code()
    put_new_code(shut, fresh)
    assert [(opens_by(place, fresh), opens_by(place, code)) for place in places] == [(True, False)] * 2
    assert form(shut).key == first
    last = new_code()
    rekey(shut, OTHER, PASSPHRASE, last, raw=True)
    assert form(shut).key != first
    assert not form(shut).otherwise
    assert [(opens_by(place, PASSPHRASE), opens_by(place, OTHER), opens_by(place, fresh)) for place in places] == [
        (True, False, False)
    ] * 2
    assert "earlier" not in key_of(shut).read_text(encoding="ascii")
    assert read_store(shut) == before
    ring._opened.clear()
    assert opens_by(f"sqlite:///{elsewhere}", PASSPHRASE)


def test_plain_again(shut: str) -> None:
    """Whatever was encrypted is as it was before, the key file is gone, and no file needs a key."""
    before = read_store(shut)
    decrypt(shut, "rewrite")
    ring._opened.clear()
    assert read_store(shut) == before
    assert not key_of(shut).exists()
    assert all(one.read_bytes().startswith(b"SQLite") for one in (file_of(shut), *kept(shut)))
    with pytest.raises(BadInput, match="không mã hoá"):
        decrypt(shut, "rewrite")


def test_what_becomes_of_plain_backups(filled: str, code: str) -> None:
    """They are named, and left, deleted or written anew as the user says; a damaged one is named and left."""
    damaged = kept(filled)[0].with_name("20260101-000000-hong.sqlite")
    damaged.write_bytes(kept(filled)[0].read_bytes()[:9000])
    done = encrypt(filled, PASSPHRASE, code, "keep")
    assert set(done.form.otherwise) == {damaged, *kept(filled)}
    done = finish(filled, "rewrite")
    assert (done.backups.done, done.backups.left, done.form.otherwise) == (tuple(kept(filled)), (damaged,), (damaged,))
    done = finish(filled, "remove")
    assert (done.backups.done, done.form.otherwise, damaged.exists()) == ((damaged,), (), False)
    assert len(kept(filled)) == 1


def test_users_go_along(filled: str, code: str, tmp_path: Path) -> None:
    """What is kept of those who sign in is encrypted with the store, written to then, and plain with it again."""
    from desk.accounts.signing import has_users

    file = tmp_path / "kho" / "desk.sqlite"
    add_user(filled, "lan")
    assert has_users(filled)
    encrypt(filled, PASSPHRASE, code, "rewrite")
    assert (has_users(filled), file.read_bytes().startswith(b"SQLite")) == (True, False)
    add_user(filled, "huệ")
    rekey(filled, PASSPHRASE, OTHER, new_code(), raw=True)
    assert has_users(filled)
    decrypt(filled, "rewrite")
    assert (has_users(filled), file.read_bytes().startswith(b"SQLite")) == (True, True)
    file.unlink()
    encrypt(filled, PASSPHRASE, code, "rewrite")
    add_user(filled, "lan")
    assert not file.read_bytes().startswith(b"SQLite")


def test_broken_off_and_done_again(filled: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where making a store plain breaks off after the store itself, doing it or encrypting again ends it well."""
    from cases.keeping.encrypting import recast_store
    from desk.keeping import encryption

    def broken_off(url: str, wrapped: Wrapped | None, raw: bytes | None) -> None:
        recast_store(url, wrapped, raw)
        raise KeyboardInterrupt

    add_user(filled, "lan")
    before = read_store(filled)
    for again in ("decrypt", "encrypt"):
        encrypt(filled, PASSPHRASE, code, "rewrite")
        file = file_of(filled).with_name("desk.sqlite")
        closed = file.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(encryption, "recast_store", broken_off)
            with pytest.raises(KeyboardInterrupt):
                decrypt(filled, "keep")
        file.write_bytes(closed)  # as if it had not come to that
        assert key_of(filled).exists()
        assert read_store(filled) == before
        if again == "decrypt":
            decrypt(filled, "rewrite")
        else:
            encrypt(filled, OTHER, code, "rewrite")
            assert opens_by(filled, OTHER)
            decrypt(filled, "rewrite")
        assert not key_of(filled).exists()
        assert file.read_bytes().startswith(b"SQLite")


def test_whoever_waited_writes_nothing_into_the_old_file(filled: str, tmp_path: Path) -> None:
    """A writer that had opened the store and waits while another file takes its place is refused, and told so."""
    path = file_of(filled)
    copy = tmp_path / "khac.sqlite"
    shutil.copyfile(path, copy)
    waits = f"""\
import sys
from cases.store.drivers import transaction
from cases.store.problems import store_errors
from rules.loader.errors import StoreProblem
connect = transaction.connect_to_write
def held_up(path):
    print("opened", flush=True)
    sys.stdin.readline()
    return connect(path)
transaction.connect_to_write = held_up
try:
    with store_errors({filled!r}), transaction.begun({filled!r}) as store:
        store.execute("UPDATE units SET name = 'mất'")
except StoreProblem as error:
    print("refused", error, flush=True)
"""  # noqa: S608  # an address of the test's own
    other = subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "opened\n"
    with alone_with(path) as store:
        other.stdin.write("go\n")
        other.stdin.flush()
        time.sleep(1)
        take_its_place(copy, path, store)
    assert "vừa được thay" in other.communicate(timeout=60)[0]
    assert "mất" not in {unit.name for unit in read_store(filled).units}


def test_a_plain_store_waits_for_no_cipher(filled: str) -> None:
    """Reading and writing a plain store loads neither SQLCipher nor what wraps keys."""
    script = f"""
import sys
from cases.store.reading import read_store
from cases.store.connection import writing
read_store({filled!r})
with writing({filled!r}):
    pass
print(sorted({{"sqlcipher3", "argon2", "cryptography", "pyrage"}} & {{name.partition(".")[0] for name in sys.modules}}))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_what_fails_changes_nothing(filled: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the new file cannot take the old one's place, store, key and passphrase are what they were."""
    from cases.keeping import encrypting

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def tried(what: Callable[[], object]) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(encrypting, "take_its_place", full)
            with pytest.raises(StoreProblem, match="ổ đĩa đã đầy"):
                what()

    before = read_store(filled)
    tried(lambda: encrypt(filled, PASSPHRASE, code, "rewrite"))
    assert not key_of(filled).exists()
    assert file_of(filled).read_bytes().startswith(b"SQLite")
    encrypt(filled, PASSPHRASE, code, "rewrite")
    kept_key = key_of(filled).read_bytes()
    tried(lambda: rekey(filled, PASSPHRASE, OTHER, new_code(), raw=True))
    tried(lambda: decrypt(filled, "rewrite"))
    assert key_of(filled).read_bytes() == kept_key
    assert opens_by(filled, PASSPHRASE)
    assert read_store(filled) == before
    assert [one.name for one in file_of(filled).parent.glob(".*")] == []
