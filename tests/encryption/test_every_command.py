"""Every command answers from an encrypted store as from a plain one, and leaves nothing that anybody can read."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

from cases.store.connection import sqlite_path
from cases.workbook.read import read_workbook
from cli.families import FAMILIES
from tests.calling import Dubi
from tests.cli.asking.test_filling import official
from tests.encryption.conftest import ROSTER
from tests.whole import only_whole

PERIOD = ("--from", "1/1/2024", "--to", "31/12/2024")
ON = ("--as-of", "1/3/2025")
WALK: tuple[tuple[str, ...], ...] = (
    ("check", *ON),
    ("check", "--json", *ON),
    ("check", "--json", "--evaluator", "sweep", *ON),
    ("check", "--json", "--known-on", "TODAY"),
    ("check", "--json", "--receipt", "OUT/bien-nhan.json", *ON),
    ("due", "--json", *ON),
    ("explain", "HS-04", *ON),
    ("plan", "HS-06", *ON),
    ("what-if", "HS-06", "--set", "youth_union=Có", *ON),
    ("list", *ON),
    ("remind", "--ics", "OUT/lich.ics", *ON),
    ("find", "Nguyen", *ON),
    ("show", "HS-03", *ON),
    ("units", "--json", *ON),
    ("ahead", "--json", *ON),
    ("timings", "--json", *PERIOD),
    ("stats", "--json", *PERIOD),
    ("report", "overview", "--html", "OUT/tong-quan.html", *PERIOD),
    ("report", "list"),
    ("report", "F2", "--xlsx", "OUT/bieu.xlsx", *PERIOD),
    ("reconcile", "OUT/bieu.xlsx", *PERIOD),
    ("paper", "list"),
    ("paper", "list", *ON),
    ("overlay",),
    ("rules", "confirm"),
    ("news", "--keep", *ON),
    ("sweep", "--output", "OUT/xet", *ON),
    ("export", "OUT/so.xlsx"),
    ("export", "OUT/so.parquet"),
    ("import", "OUT/so.xlsx"),
    ("fill", "OUT/bieu-ra-soat.xlsx", "--out", "OUT/dien.xlsx"),
    ("person", "export", "HS-03", "OUT/mot-nguoi.json"),
    ("record", "HS-06", "lap-ho-so", "--on", "2/3/2025", "--confirm", "--note", "ghi chú riêng của bước"),
    ("correct", "HS-06", "note=ghi chú đã sửa", "--confirm"),
    ("add", "--name", "Đặng Thị Thêm", "--unit", "CB-01", "--confirm"),
    ("case", "remove", "HS-05", "--confirm"),
    ("undo",),
    ("redo",),
    ("undo",),
    ("course", "add", "L-01", "--kind", "nhan-thuc", "--opened", "1/2/2025"),
    ("enrol", "L-01", "HS-06"),
    ("unit", "add", "DB-01", "--name", "Đảng bộ Một", "--confirm"),
    ("unit", "add", "CB-02", "--parent", "DB-01", "--confirm"),
    ("unit", "show", "CB-02"),
    ("target", "set", "CB-01", "2025", "3"),
    ("figure", "list", *PERIOD),
    ("move", "HS-24", "--to", "CB-02", "--on", "4/3/2025", "--confirm"),
    ("leave", "HS-02", "--kind", "tu-tran", "--on", "4/3/2025", "--confirm"),
    ("submit", "HS-24", "--to", "DB-01", "--on", "5/3/2025", "--confirm"),
    ("return", "HS-24", "--reason", "thiếu giấy khai sinh bản chính", "--on", "6/3/2025", "--confirm"),
    ("import", str(ROSTER), "--apply", "--accept-good"),
    ("handover", "send", "OUT/gui.kin", "--to", "OUT/khoa.cong-khai"),
    ("person", "erase", "HS-07", "--ground", "Đơn số 1 ngày 1/3/2025", "--no-learners", "--confirm"),
    ("privacy", "request", "add", "HS-03", "--kind", "view", "--on", "3/3/2025"),
    ("privacy", "request", "list"),
    ("show", "HS-03", "--show-sensitive", "kiểm tra hồ sơ", *ON),
    ("privacy", "readings"),
    ("privacy", "file", "OUT/danh-gia.docx"),
    ("log",),
    ("log", "verify"),
    ("backup", "OUT/sao.sqlite"),
    ("doctor", *ON),
    ("restore", "OUT/sao.sqlite", "--confirm"),
    ("check", "--json", "--as-of", "1/6/2025"),
    ("user", "list"),
    ("sign-out",),
    ("init",),
)
NO_STORE = {"template", "steps", "merge", "web", "completion", "store", "sign-in"}
"""Families that read no store, and those with tests of their own: the page, the key, and whoever signs in."""
_TOLD_ELSEWHERE = re.compile(
    r"\d{8}-\d{6}(?:-[0-9a-f]{6})?|[0-9a-f]{16,64}|\d\d/\d\d/\d{4} \d\d:\d\d|\d+ KB|còn trống \d+ MB|[\d,.]+ giây"
)
"""Names of writes, hashes, moments and sizes: no two runs have the same."""


def told(text: str) -> list[str]:
    """What a command says, without what no two runs have in common and what is said of encryption itself."""
    lines = _TOLD_ELSEWHERE.sub("…", text).splitlines()
    return [line for line in lines if "mã hoá" not in line]


Said = tuple[tuple[str, ...], int, list[str], list[str]]


def walk(dubi: Dubi, store: Path, out: Path, **environment: str) -> list[Said]:
    """Run every command; gives the exit codes and what was said."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    assert dubi("handover", "key", out / "khoa", "--password-stdin", piped="một mật khẩu đủ dài\n").code == 0
    official(out / "bieu-ra-soat.xlsx", {"C": "Nguyễn Bích Bình", "F": "30/01/1994", "N": "Chi bộ"})
    said = []
    for words in WALK:
        words = tuple(word.replace("OUT", str(out)).replace("TODAY", f"{dt.date.today():%d/%m/%Y}") for word in words)
        ran = dubi(*words, "--store", store, **environment)
        said.append((words, ran.code, told(ran.out), told(ran.err)))
    return said


def test_the_walk_meets_every_family() -> None:
    """No family of commands that reads a store is left out."""
    met = {words[0] for words in WALK}
    assert {names[::2] for names in FAMILIES.values() if not met & set(names) and not NO_STORE & set(names)} == set()


@only_whole
def test_every_command_answers_alike(dubi: Dubi, filled: str, key_file: Path, tmp_path: Path) -> None:
    """Byte for byte what a plain store gives; then no file of the store or of the user's folder names anybody."""
    store = sqlite_path(filled)
    assert store is not None
    before, out = tmp_path / "truoc", tmp_path / "ra"
    shutil.copytree(store.parent, before)
    shutil.copytree(tmp_path / "home", tmp_path / "home-truoc")
    plain = walk(dubi, store, out)
    assert [(words, errors) for words, code, _, errors in plain if code not in (0, 1)] == []
    files = {name: (out / name).read_bytes() for name in ("so.xlsx", "bieu.xlsx")}
    for place, kept in ((store.parent, before), (tmp_path / "home", tmp_path / "home-truoc")):
        shutil.rmtree(place)
        shutil.copytree(kept, place)
    asked = {"DUBI_KEY_FILE": str(key_file)}
    done = dubi("store", "encrypt", "--store", store, **asked)
    assert done.code == 0, done.err
    raw = tmp_path / "khoa-tho"
    assert dubi("store", "key", "--raw-to", raw, "--store", store, **asked).code == 0
    encrypted = walk(dubi, store, out, DUBI_KEY_FILE=str(raw))
    assert [(a[0], a, b) for a, b in zip(plain, encrypted, strict=True) if a != b] == []
    assert [name for name, content in files.items() if (out / name).read_bytes() != content] == []
    assert_nobody_is_named(store.parent, tmp_path / "home")


def assert_nobody_is_named(*places: Path) -> None:
    """No name, code or note of the roster stands in any file of these folders, in whatever of the usual codings."""
    people = read_workbook(ROSTER).roster.records
    words = {record.code for record in people} | {str(record.fields["full_name"]) for record in people}
    words |= {str(record.fields["note"]) for record in people if "note" in record.fields}
    words |= {
        "Đặng Thị Thêm",
        "ghi chú riêng của bước",
        "ghi chú đã sửa",
        "thiếu giấy khai sinh bản chính",
        "CREATE TABLE",
        "SQLite format",
    }
    assert len(words) > 50
    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    assert files
    found = [
        (file, word)
        for file in files
        for content in [file.read_bytes() + file.name.encode()]
        for word in words
        if any(word.encode(coding) in content for coding in ("utf-8", "utf-16-le"))
    ]
    assert found == []
