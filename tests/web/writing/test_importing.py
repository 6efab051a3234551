"""The import in four steps: nothing before the last button, every question answered in the page, like the command."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import io
import json
import re
import shutil
import time
from pathlib import Path

import openpyxl
import pytest

from cases.imports import importing
from cases.rosters import Answers
from cases.store import connection
from cases.store.connection import sqlite_path
from cases.store.reading import read_store
from desk.changes import drafts
from desk.changes.importing import Beside
from desk.changes.values import ImportFile
from desk.desk import Desk
from desk.keeping.handover import make_pair, send
from tests.cases.files.workbooks import case_book, somebody
from tests.web.conftest import DATA, TODAY, Own

HERE = Path(__file__).parents[2] / "data"
FILES = (
    *(HERE / "messy" / name for name in ("m2.xlsx", "m4.csv", "m5.xlsx")),
    *(HERE / "formats" / f"chi-bo-nho.{kind}" for kind in ("xls", "ods", "xlsx")),
)
JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "dubi.sqlite"
    connection.initialise(f"sqlite:///{path}")
    return path


@pytest.fixture
def fresh(empty: Path, tmp_path: Path) -> Own:
    """A browser before an empty store."""
    shutil.copyfile(empty, tmp_path / "dubi.sqlite")
    return Own(f"sqlite:///{tmp_path / 'dubi.sqlite'}")


def sent(own: Own, path: Path) -> str:
    """Send a file; the name of its draft."""
    answer = own.client.post(f"/nhap?token={own.token}", files={"tep": (path.name, path.read_bytes())})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].split("/")[2]


def seen(own: Own, draft: str) -> str:
    """The state of the store that the preview was made of."""
    page = own.client.get(f"/nhap/{draft}/xem")
    assert page.status_code == 200, html.unescape(page.text)
    match = re.search(r'name="da-xem" value="([^"]*)"', page.text)
    return match[1] if match else ""


def content(own: Own) -> str:
    """A hash of the bytes of the store."""
    path = sqlite_path(own.store)
    assert path is not None
    return hashlib.sha256(path.read_bytes()).hexdigest()


def findings(own: Own) -> set[tuple[str, str, str]]:
    """What stands about whom."""
    found = own.client.get("/", headers=JSON).json()["findings"]
    return {(one["case"], one["rule"], str(one["due"])) for one in found}


def unit_of(path: Path) -> dict[str, str]:
    """The unit that is named for lists that name none."""
    return {"don-vi": "CB-01"} if path.stem != "chi-bo-nho" else {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_page_takes_in_what_the_command_takes_in(fresh: Own, empty: Path, tmp_path: Path, path: Path) -> None:
    """The preview is the command's, the store keeps its bytes until the last button, then holds what the command
    would have written; the findings that were told to come and go are those that came and went."""
    draft, before, stood = sent(fresh, path), content(fresh), findings(fresh)
    answered = fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data=unit_of(path))
    change = ImportFile(str(path), unit=unit_of(path).get("don-vi"))
    twin = tmp_path / "twin.sqlite"
    shutil.copyfile(empty, twin)
    desk = Desk(f"sqlite:///{twin}", today=TODAY)
    if answered.status_code == 422:
        with pytest.raises(Exception, match=r"."):
            desk.take_in(change)
        assert "--" not in re.sub(r"<[^>]*>", "", answered.text)
        return
    told = fresh.client.get(f"/nhap/{draft}/xem", headers=JSON).json()
    commanded, _ = desk.take_in(change)
    assert told == json.loads(json.dumps(commanded.as_json(), default=str))
    page = html.unescape(fresh.client.get(f"/nhap/{draft}/xem").text)
    assert "--" not in re.sub(r"<[^>]*>", "", page), "a word of the commands"
    assert content(fresh) == before
    outlook = desk.outlook(commanded, as_of=TODAY)
    data = {"da-xem": re.findall(r'name="da-xem" value="([^"]*)"', page)[0], "dong-tot": "1"}
    done = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data=data)
    assert done.status_code == 200, html.unescape(done.text)
    desk.take_in(ImportFile(str(path), unit=change.unit, accept_good=True), apply=True)
    mine = Desk(fresh.store, today=TODAY)
    for name, one in (("mine.xlsx", mine), ("twin.xlsx", desk)):
        one.export(tmp_path / name)
    assert rows_of(tmp_path / "mine.xlsx") == rows_of(tmp_path / "twin.xlsx")
    now = findings(fresh)
    assert {(one.case, one.rule, str(one.due)) for one in outlook.findings.come} == now - stood
    assert {(one.case, one.rule, str(one.due)) for one in outlook.findings.gone} == stood - now


def rows_of(path: Path) -> list[list[object]]:
    """What stands in a workbook, beside the stamp of the store."""
    book = openpyxl.load_workbook(path, read_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [[sheet.title, *row] for sheet in sheets for row in sheet.iter_rows(values_only=True)]


LIST: tuple[list[object], ...] = (
    ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày kết nạp", "Dân tộc"],
    [1, "Trần Thị Mai", "05/06/1999", "Nữ", "31/02/2024", "Kinh"],
    [2, "Lê Văn Bình", "07/08/1998", "Nam", "03/02/2024", "Kinh"],
    [3, "Phạm Thu Hà", "01/12/1997", "Nữ", "03/02/2024", "Mường"],
)


def a_list(path: Path, rows: tuple[list[object], ...] = LIST) -> Path:
    """A list as an office keeps it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Danh sách"
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_row_is_mended_in_place(fresh: Own, tmp_path: Path) -> None:
    """A refused cell is typed anew in the page and the row is taken; what is not touched stays as the file has it."""
    draft = sent(fresh, a_list(tmp_path / "ds.xlsx"))
    fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"don-vi": "CB-01"})
    first = fresh.client.get(f"/nhap/{draft}/xem", headers=JSON).json()
    assert first["counts"]["refused"] == 1
    page = html.unescape(fresh.client.get(f"/nhap/{draft}/xem").text)
    cells = dict(re.findall(r'name="(o:[^"]*)" value="([^"]*)"', page))
    (bad,) = (name for name, value in cells.items() if value == "31/02/2024")
    said_at = re.search(rf'name="{re.escape(bad)}"[^>]*aria-invalid="true" aria-describedby="([^" ]+)"', page)
    assert said_at  # what is wrong stands at the cell, once
    (why,) = re.findall(rf'id="{said_at[1]}" class="wrong">([^<]+)<', page)
    assert why
    assert page.count(why) == 1
    assert fresh.client.get(f"/nhap/{draft}/can-sua.xlsx").content[:2] == b"PK"
    unmended = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": seen(fresh, draft)})
    assert unmended.status_code == 422
    fresh.client.post(f"/nhap/{draft}/xem?token={fresh.token}", data={**cells, bad: "28/02/2024"})
    now = fresh.client.get(f"/nhap/{draft}/xem", headers=JSON).json()
    assert now["counts"]["refused"] == 0
    assert now["rows"][0]["fields"]["admitted_on"] == "2024-02-28"
    fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": seen(fresh, draft)})
    assert len(Desk(fresh.store, today=TODAY).roster(Desk(fresh.store, today=TODAY).ask()).records) == 3
    assert fresh.client.get(f"/nhap/{draft}/xem").status_code == 404


def test_what_a_column_is_can_be_said(fresh: Own, tmp_path: Path) -> None:
    """A column that was not understood is read as it is said to be, or not read; what names nothing is refused."""
    header: list[object] = [*LIST[0][:4], "Ngày A", LIST[0][5]]
    draft = sent(fresh, a_list(tmp_path / "ds.xlsx", (header, *LIST[2:])))
    page = html.unescape(fresh.client.get(f"/nhap/{draft}/cot").text)
    assert "Cần trả lời" in page
    wrong = fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"cot:E": "Ngày mua xe"})
    assert wrong.status_code == 422
    assert "Ngày mua xe" in html.unescape(wrong.text)
    fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"cot:E": "Ngày kết nạp", "don-vi": "CB-01"})
    rows = fresh.client.get(f"/nhap/{draft}/xem", headers=JSON).json()["rows"]
    assert [row["fields"].get("admitted_on") for row in rows] == ["2024-02-03"] * 2
    fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"cot:E": "không đọc", "don-vi": "CB-01"})
    rows = fresh.client.get(f"/nhap/{draft}/xem", headers=JSON).json()["rows"]
    assert [row["fields"].get("admitted_on") for row in rows] == [None] * 2


def test_who_somebody_is_and_whose_value_holds_is_answered(fresh: Own, tmp_path: Path) -> None:
    """A row that resembles somebody waits; said to be the same person, what differs is asked and taken as answered."""
    first = a_list(tmp_path / "ds.xlsx", (LIST[0], *LIST[2:]))
    importing.import_file(fresh.store, first, Answers(unit="CB-01"), apply=True)
    desk = Desk(fresh.store, today=TODAY)
    (code,) = (one.code for one in desk.roster(desk.ask()).records if one.fields["full_name"] == "Lê Văn Bình")
    from desk.changes.values import Correct

    desk.commit(desk.preview(Correct(code, ("Dân tộc=Thái",))), confirmed=True)
    draft = sent(fresh, a_list(tmp_path / "moi.xlsx", (LIST[0], [1, "Lê Văn Bình", "07/08/1998", "Nam", "", "Mường"])))
    fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"don-vi": "CB-01"})
    page = html.unescape(fresh.client.get(f"/nhap/{draft}/xem").text)
    asked = re.findall(r'name="(ai:[^"]*)" value="cung"', page)
    if asked:
        fresh.client.post(f"/nhap/{draft}/xem?token={fresh.token}", data={asked[0]: "cung"})
        page = html.unescape(fresh.client.get(f"/nhap/{draft}/xem").text)
    (place,) = set(re.findall(r'name="(lay:[^"]*)"', page))
    both = {place: "thay", **({asked[0]: "cung"} if asked else {})}
    fresh.client.post(f"/nhap/{draft}/xem?token={fresh.token}", data=both)
    done = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": seen(fresh, draft)})
    assert done.status_code == 200, (both, html.unescape(done.text))
    assert not re.findall("chưa ai trả lời", html.unescape(done.text)), (both, drafts.waiting(fresh.store))
    now = Desk(fresh.store, today=TODAY)
    (record,) = (one for one in now.roster(now.ask()).records if one.code == code)
    assert record.fields["ethnicity"] == "Mường"


def test_nothing_is_written_over_what_came_since_the_preview(fresh: Own, tmp_path: Path) -> None:
    """A write by somebody else since the preview is told with 409 and the file waits; looked at again it is taken."""
    draft = sent(fresh, a_list(tmp_path / "ds.xlsx", (LIST[0], *LIST[2:])))
    fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"don-vi": "CB-01"})
    looked = seen(fresh, draft)
    importing.import_file(fresh.store, DATA / "chi-bo-nho.xlsx", apply=True)
    before = content(fresh)
    late = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": looked})
    assert late.status_code == 409
    assert content(fresh) == before
    again = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": seen(fresh, draft)})
    assert again.status_code == 200


def test_a_draft_is_kept_a_day_for_its_owner_alone(fresh: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file waits beside the store where only its owner reads it, is found again, and is gone after 24 hours."""
    draft = sent(fresh, a_list(tmp_path / "ds.xlsx"))
    folder = drafts.drafts_folder(fresh.store)
    assert (folder / draft).stat().st_mode & 0o077 == 0
    for file in (folder / draft).rglob("*"):
        assert file.stat().st_mode & 0o077 == 0, file
    assert "ds.xlsx" in fresh.client.get("/nhap").text
    later = dt.timedelta(hours=24, seconds=5).total_seconds()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + later)
    assert fresh.client.get("/con-mo").status_code == 204
    assert not (folder / draft).exists()
    assert fresh.client.get(f"/nhap/{draft}/xem").status_code == 404


def test_what_is_no_file_is_said(fresh: Own) -> None:
    """No file, an empty one, and a name from outside are answered with a sentence; nothing is kept elsewhere."""
    for files in ({}, {"tep": ("a.xlsx", b"")}):
        answer = fresh.client.post(f"/nhap?token={fresh.token}", files=files or {"khac": ("a", b"a")})
        assert answer.status_code == 422
    draft = sent_bytes(fresh, "../../x/..\\y.csv", b"ho ten\n")
    (file,) = (drafts.drafts_folder(fresh.store) / draft / "tep").iterdir()
    assert file.name == ".._.._x_..__y.csv".strip(" .") or file.parent.name == "tep"
    assert fresh.client.get("/nhap/..%2F..%2Fx/xem").status_code == 404


def sent_bytes(own: Own, name: str, data: bytes) -> str:
    """Send bytes under a name; the name of the draft."""
    answer = own.client.post(f"/nhap?token={own.token}", files={"tep": (name, io.BytesIO(data))})
    return answer.headers["location"].split("/")[2]


def test_a_mended_cell_reaches_every_sheet_of_ours(fresh: Own, tmp_path: Path) -> None:
    """In a workbook of our form a refused cell of another sheet is mended as well."""
    book = openpyxl.load_workbook(DATA / "chi-bo-nho.xlsx")
    sheet = book["Hồ sơ"]
    header = {cell.value: cell.column_letter for cell in sheet[1] if cell.value}
    place = f"{header['Ngày sinh']}2"
    good = sheet[place].value
    sheet[place] = "hôm kia"
    book.save(tmp_path / "so.xlsx")
    change = ImportFile(str(tmp_path / "so.xlsx"))
    desk = Desk(fresh.store, today=TODAY)
    assert desk.take_in(change)[0].refused
    assert isinstance(good, dt.datetime)
    mended = ImportFile(change.file, cells=(f"Hồ sơ!{place}={good:%d/%m/%Y}",))
    done, _ = desk.take_in(mended, beside=Beside())
    assert not done.refused
    whole, _ = desk.take_in(ImportFile(str(DATA / "chi-bo-nho.xlsx")))
    assert done.preview.roster() == whole.preview.roster()


def test_rows_that_may_be_one_person_are_asked_on_the_page(fresh: Own, tmp_path: Path) -> None:
    """The page asks about the same pairs as the command, in its own words, keeps the answer and writes by it."""
    names = ("candidate_on", "awareness_certified_on", "dossier_opened_on", "admission_decided_on", "admitted_on")
    steps = {name: dt.date(2020, number, 1) for number, name in enumerate(names, 1)}
    first = somebody("A", unit="X", full_name="Lò Thị Tư", **steps)
    importing.import_file(fresh.store, case_book(tmp_path / "1.xlsx", first), apply=True)
    other = somebody("B", unit="Y", full_name="Lò Văn Năm", born_on=dt.date(1992, 1, 1), **steps)
    draft = sent(fresh, case_book(tmp_path / "2.xlsx", other))
    page = html.unescape(fresh.client.get(f"/nhap/{draft}/xem").text)
    assert "A Lò Thị Tư và B Lò Văn Năm" in page
    assert "--" not in re.sub(r"<[^>]*>", "", page), "a word of the commands"
    answered = fresh.client.post(f"/nhap/{draft}/xem?token={fresh.token}", data={"cap:A+B": "A"})
    assert answered.status_code == 303
    again = html.unescape(fresh.client.get(f"/nhap/{draft}/xem").text)
    assert re.search(r'name="cap:A\+B" value="A" checked', again)
    done = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": seen(fresh, draft)})
    assert done.status_code == 200, html.unescape(done.text)
    assert [record.code for record in read_store(fresh.store).records] == ["A"]


def test_a_sealed_file_is_opened_by_its_key(fresh: Own, tmp_path: Path) -> None:
    """With the key and its passphrase a sealed file goes on to its columns; without, or with another, it says why."""
    phrase, url = "năm từ dễ nhớ thôi", f"sqlite:///{tmp_path / 'cell.sqlite'}"
    connection.initialise(url)
    importing.import_file(url, DATA / "chi-bo-nho.xlsx", apply=True)
    for name in ("du", "other"):
        make_pair(tmp_path / f"{name}.khoa", tmp_path / f"{name}.cong-khai", phrase)
    book = tmp_path / "so.xlsx.kin"
    send(url, book, tmp_path / "du.cong-khai")

    def sent_with(key: str | None, typed: str) -> tuple[int, str, str]:
        files = {"tep": (book.name, book.read_bytes())}
        if key:
            files["khoa"] = (key, (tmp_path / key).read_bytes())
        answer = fresh.client.post(f"/nhap?token={fresh.token}", files=files, data={"mat-khau": typed})
        return answer.status_code, html.unescape(answer.text), answer.headers.get("location", "")

    for key, typed, words in (
        (None, phrase, "là tệp khoá"),
        ("du.khoa", "", "là tệp khoá"),
        ("du.khoa", "mật khẩu khác hẳn", "Mật khẩu không mở được khoá"),
        ("other.khoa", phrase, "không mở được “so.xlsx.kin”"),
        ("du.cong-khai", phrase, "không phải là khoá"),
    ):
        status, text, _ = sent_with(key, typed)
        assert (status, words in text) == (422, True), (key, text[:300])
    assert not drafts.waiting(fresh.store)
    status, text, onward = sent_with("du.khoa", phrase)
    assert status == 303, text
    assert drafts.waiting(fresh.store)[0].file.name == "so.xlsx"
    assert fresh.client.get(onward).status_code == 200
    taken = fresh.client.get(onward.removesuffix("cot") + "xem", headers=JSON).json()
    assert taken["new"] == len(read_store(url).records)
