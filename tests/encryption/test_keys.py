"""What opens an encrypted store and what does not: passphrase, recovery code, raw key; lost, damaged, another's."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.history.verification import verify
from cases.keeping.backups import backup, kept
from cases.keeping.restoring import restore
from cases.store.connection import writing
from cases.store.keys import ring
from cases.store.keys.problems import KeyFileDamaged, WrongKey
from cases.store.keys.ring import KeyMissing, Locked
from cases.store.keys.wrapping import as_text, new_code, wrap
from cases.store.opening import form_of
from cases.store.reading import read_store
from desk.keeping.encryption import decrypt, encrypt, put_key_back, rekey
from rules.loader.errors import BadInput, StoreProblem
from tests.calling import Dubi
from tests.encryption.conftest import PASSPHRASE, file_of, key_of, opens_by
from tests.encryption.test_every_command import assert_nobody_is_named

OTHER = "một câu khác cũng đủ dài"


def test_passphrase_and_recovery_code(shut: str, code: str) -> None:
    """Either opens it, a blank or a letter more does not; who cannot be asked is told what to do."""
    assert opens_by(shut, PASSPHRASE)
    assert opens_by(shut, code)
    assert opens_by(shut, code.replace("-", "").lower())
    for wrong in ("", PASSPHRASE + "!", code[:-1], new_code(), "0" * 64):
        assert not opens_by(shut, wrong), wrong
    ring._opened.clear()
    with pytest.raises(Locked, match="DUBI_KEY_FILE"):
        read_store(shut)


def test_three_tries(shut: str) -> None:
    """Who mistypes is asked again, three times in all."""
    ring._opened.clear()
    questions: list[str] = []

    def asked(question: str) -> str:
        questions.append(question)
        return PASSPHRASE if len(questions) == 3 else ""

    ring.ask_by(asked)
    assert len(read_store(shut).records) == 26
    ring._opened.clear()
    with pytest.raises(WrongKey):
        read_store(shut)
    assert (len(questions), "còn 1 lần" in questions[-1]) == (6, True)


def test_a_wrong_key_tells_nothing(dubi: Dubi, shut: str, tmp_path: Path) -> None:
    """Every kind of command ends with the same sentence, and says no name, no code, no number of cases."""
    wrong = tmp_path / "sai"
    wrong.write_text("không phải câu này đâu", encoding="utf-8")
    files = {"export": tmp_path / "a.xlsx", "backup": tmp_path / "b.sqlite"}
    asked = (["check"], ["check", "--json"], ["list"], ["find", "Nguyen"], ["log"], ["undo"], *files.items())
    for words in asked:
        ran = dubi(*words, "--store", file_of(shut), DUBI_KEY_FILE=str(wrong))
        assert (ran.code, ran.out) == (4, ""), words
        assert "không mở được" in ran.err, words
        assert "26" not in ran.err.replace(str(tmp_path), ""), words
    doctor = dubi("doctor", "--store", file_of(shut), DUBI_KEY_FILE=str(wrong))
    assert (doctor.code, "không mở được" in doctor.out) == (4, True)
    assert not (tmp_path / "a.xlsx").exists()
    assert not (tmp_path / "b.sqlite").exists()


def test_a_lost_key_file(dubi: Dubi, shut: str, key_file: Path, tmp_path: Path) -> None:
    """It is said what to do, and doing it helps: any backup carries the key; one of another store does not fit."""
    usb = backup(shut, tmp_path / "usb.sqlite")
    before = read_store(shut)
    key_of(shut).unlink()
    ring._opened.clear()
    with pytest.raises(KeyMissing, match="dubi store key --from"):
        read_store(shut)
    asked = {"DUBI_KEY_FILE": str(key_file)}
    ran = dubi("check", "--store", file_of(shut), **asked)
    assert (ran.code, "dubi store key --from" in ran.err) == (4, True)
    assert dubi("store", "key", "--from", usb, "--store", file_of(shut), **asked).code == 0
    assert read_store(shut) == before
    other = f"sqlite:///{tmp_path / 'khac' / 'dubi.sqlite'}"
    restore(other, usb)
    rekey(other, PASSPHRASE, OTHER, new_code(), raw=True)
    key_of(shut).unlink()
    with pytest.raises(BadInput, match="không phải của kho"):
        put_key_back(shut, backup(other, tmp_path / "khac.sqlite"))
    with pytest.raises(BadInput, match="không mang khoá nào"):
        put_key_back(shut, key_file)
    put_key_back(shut, kept(shut)[-1])
    assert read_store(shut) == before


def test_swapped_and_damaged_key_files(shut: str, tmp_path: Path) -> None:
    """The key of another store, one that is cut short or altered: each is a sentence, and nothing is written."""
    other = f"sqlite:///{tmp_path / 'khac' / 'dubi.sqlite'}"
    restore(other, backup(shut, tmp_path / "usb.sqlite"))
    rekey(other, PASSPHRASE, OTHER, new_code(), raw=True)
    own, theirs = key_of(shut).read_bytes(), key_of(other).read_bytes()
    content = file_of(shut).read_bytes()
    key_of(shut).write_bytes(theirs)
    with pytest.raises(StoreProblem, match="khoá của một kho khác"):
        read_store(shut)
    with pytest.raises(StoreProblem, match="khoá của một kho khác"), writing(shut):
        pass
    altered = json.loads(own)
    closed = altered["passphrase"]["aes-256-gcm"]
    altered["passphrase"]["aes-256-gcm"] = closed[:-2] + ("11" if closed.endswith("00") else "00")
    greedy = json.loads(own)
    greedy["passphrase"]["argon2id"]["m"] = 1 << 40
    for damaged in (own[:100], b"", b"[]", json.dumps(greedy).encode()):
        key_of(shut).write_bytes(damaged)
        ring._opened.clear()
        with pytest.raises(KeyFileDamaged, match="bị hỏng"):
            read_store(shut)
    key_of(shut).write_text(json.dumps(altered), encoding="ascii")
    assert not opens_by(shut, PASSPHRASE)
    key_of(shut).write_bytes(own)
    assert file_of(shut).read_bytes() == content
    assert opens_by(shut, PASSPHRASE)


def test_a_truncated_store(shut: str, tmp_path: Path) -> None:
    """It is said to be damaged, not to be empty; a backup takes its place, the old bytes with their key are kept."""
    usb = backup(shut, tmp_path / "usb.sqlite")
    before, path = read_store(shut), file_of(shut)
    for size in (path.stat().st_size // 2, 5000, 100):
        path.write_bytes(path.read_bytes()[:size])
        with pytest.raises(StoreProblem, match="hỏng"):
            read_store(shut)
    restore(shut, usb)
    assert read_store(shut) == before
    (aside,) = file_of(shut).with_name("dubi.sqlite.backups").glob("*-hong.sqlite")
    assert aside.with_name(f"{aside.name}.khoa.json").is_file()
    assert_nobody_is_named(path.parent)


def test_a_store_without_its_key_is_restored(shut: str, tmp_path: Path) -> None:
    """Where the key file is gone a backup still takes the store's place, encrypted as it is."""
    usb = backup(shut, tmp_path / "usb.sqlite")
    before = read_store(shut)
    key_of(shut).unlink()
    restore(shut, usb, confirmed=True)
    assert read_store(shut) == before
    assert form_of(file_of(shut))[0] is not None
    assert opens_by(shut, PASSPHRASE)


def test_restoring_never_makes_plain(shut: str, tmp_path: Path) -> None:
    """A plain backup into an encrypted store, an encrypted one into a plain, under another key, or where none is."""
    before, path = read_store(shut), file_of(shut)
    closed = backup(shut, tmp_path / "kin.sqlite")
    decrypt(shut, "keep")
    plain = backup(shut, tmp_path / "ro.sqlite")
    assert plain.read_bytes().startswith(b"SQLite")
    restore(shut, closed, confirmed=True)
    assert (form_of(path)[0] is not None, read_store(shut)) == (True, before)
    restore(shut, plain, confirmed=True)
    assert (form_of(path)[0] is not None, read_store(shut)) == (True, before)
    rekey(shut, PASSPHRASE, OTHER, new_code(), raw=True)
    restore(shut, closed, confirmed=True)
    assert read_store(shut) == before
    assert opens_by(shut, OTHER)
    assert not opens_by(shut, PASSPHRASE)
    assert verify(shut).holds


@pytest.mark.skipif(os.name == "nt", reason="there are no such modes")
def test_for_its_owner_only(shut: str, tmp_path: Path) -> None:
    """The key file, the store and every backup are its owner's alone."""
    files = [file_of(shut), key_of(shut), *kept(shut), backup(shut, tmp_path / "usb.sqlite")]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_what_is_typed_is_made_a_key_with_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written down asks of whoever tries passphrases at least what RFC 9106 recommends, each with its salt."""
    monkeypatch.undo()
    one, other = (json.loads(as_text(wrap(bytes(32), PASSPHRASE, "A" * 28))) for _ in range(2))
    for name in ("passphrase", "recovery"):
        how = one[name]["argon2id"]
        assert (how["t"], how["m"], how["p"]) == (3, 65_536, 4)
        assert how["salt"] != other[name]["argon2id"]["salt"]
        assert one[name]["aes-256-gcm"] != other[name]["aes-256-gcm"]


def test_read_after_a_kill_in_the_midst_of_writing(filled: str) -> None:
    """What a killed process had begun is taken back by whoever reads next, though it reads only; of either form."""
    killed = """\
import os, signal, sys
from pathlib import Path
from cases.store.keys import ring
from cases.store.opening import connect
ring.ask_by(lambda _: sys.argv[2])
store = connect(Path(sys.argv[1]))
store.execute("PRAGMA journal_mode=DELETE")
store.execute("PRAGMA cache_size=1")
store.execute("BEGIN IMMEDIATE")
store.execute("CREATE TABLE much AS SELECT randomblob(4000) FROM changes")
os.kill(os.getpid(), signal.SIGKILL)
"""
    before = read_store(filled)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", killed, file_of(filled), PASSPHRASE], check=False)
        assert Path(f"{file_of(filled)}-journal").stat().st_size
        assert read_store(filled) == before
        if not key_of(filled).exists():
            encrypt(filled, PASSPHRASE, new_code(), "rewrite")


def test_a_server_encrypts_its_own(dubi: Dubi, key_file: Path) -> None:
    """A store on a server is said to be the server's to encrypt, before anybody connects to it."""
    for words in (["encrypt"], ["decrypt"], ["rekey"], ["key"]):
        ran = dubi("store", *words, "--store", "postgresql://u@127.0.0.1:1/x", DUBI_KEY_FILE=str(key_file))
        assert ran.code in (2, 4), words
        assert "máy chủ" in ran.err or "Không nối được" in ran.err, words


def test_a_user_sees_her_units_only(shut: str) -> None:
    """The wall before a store stands before an encrypted one too."""
    from cases.store.sight import Sight
    from desk.desk import Desk

    day = dt.date(2025, 3, 1)
    seen = [Desk(shut, today=day, sight=Sight(frozenset({unit}))) for unit in ("CB-01", "CB-99")]
    assert [desk.check(desk.ask()).as_json()["cases"] for desk in seen] == [26, 0]
