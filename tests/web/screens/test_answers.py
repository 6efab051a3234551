"""Pages of answers: their JSON is what the command of the same meaning prints, on every day and for every unit."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from cases.store import connection
from cases.store.writing import apply_roster, new_batch
from cases.workbook.read import read_workbook
from desk.changes.values import Correct, RecordStep
from desk.desk import Desk
from tests.calling import call
from tests.web.conftest import DATA, TODAY, Own
from tests.whole import WHOLE
from web.app import every_route
from web.pages import NAVIGATION

JSON = {"accept": "application/json"}
PERIOD = {"tu": "2024-01-01", "den": "2024-12-31"}


def plain(form: object) -> Any:
    """A JSON form as it is after printing."""
    return json.loads(json.dumps(form, default=str))


DATED: dict[str, list[str]] = {
    "/": ["check"],
    "/nguoi?q=binh tran": ["find", "binh tran"],
    "/nguoi/HS-0184": ["show", "HS-0184"],
    "/don-vi": ["units"],
    "/sap-toi": ["ahead"],
    "/sap-toi?hop=monthly": ["ahead", "--meetings", "monthly"],
    "/quy-tac/doi-chieu": ["rules", "confirm"],
}
"""Pages that answer as of a day and for a unit, with the command of the same meaning."""
OF_A_PERIOD: dict[str, list[str]] = {
    "/so-lieu": ["stats"],
    "/thoi-gian": ["timings"],
    "/bieu/F2": ["report", "F2"],
}
UNDATED: dict[str, list[str]] = {
    "/lop": ["course", "list"],
    "/lop/{code}": ["course", "show", "{code}"],
    "/nhat-ky": ["log"],
    "/nhat-ky/{batch}": ["log", "show", "{batch}"],
    "/quy-tac": ["rules", "list"],
    "/quy-tac/{rule}": ["rules", "show", "{rule}"],
}
WHO = "/so-lieu/{indicator}/nguoi"
ON_ITS_OWN = {
    "/dieu-moi": "news rest on what was looked at before: test_pages_answer_as_the_desk_does",
    "/quan-tri": "the doctor tells of this machine at the moment: test_the_page_of_the_store_answers_as_the_doctor",
    "/quan-tri/du-lieu-ca-nhan": "what several commands print: tests/web/screens/test_privacy.py",
    "/nhap/{draft}/xem": "the preview of an import: tests/web/writing/test_importing.py",
    "/ngay": "what a field reads as somebody types",
}
"""Other pages that answer in JSON, and where that is held."""
FILES = {"/bieu/{form}.{kind}", "/nguoi/{code}/giay/{paper}.docx", "/giay/{paper}.docx", "/lich/{secret}.ics"}
FILES |= {"/nhap/{draft}/can-sua.xlsx", "/nhap/{draft}/cot", "/so-tay/{name}", "/quan-tri/du-lieu-ca-nhan/{paper}.docx"}
"""Addresses that give files, or pages of their own; each needs a name that this test does not know."""


def test_pages_answer_as_commands_do(browser: TestClient, store: str, tmp_path: Path) -> None:
    """Page by page, day by day: the JSON that the command prints, of everything, of a unit, and as it was known."""

    def printed(*arguments: str) -> Any:
        ran = call([*arguments, "--json"], tmp_path, {"DUBI_STORE": store})
        assert ran.code == 0, (arguments, ran.err)
        return json.loads(ran.out)

    for day in (TODAY, dt.date(2024, 10, 31)) if WHOLE else (dt.date(2024, 10, 31),):
        for path, command in DATED.items():
            answered = browser.get(f"{path}{'&' if '?' in path else '?'}ngay={day}", headers=JSON).json()
            assert answered == printed(*command, "--as-of", day.isoformat()), (path, day)
    for path, command in OF_A_PERIOD.items():
        answered = browser.get(path, params=PERIOD, headers=JSON).json()
        assert answered == printed(*command, "--from", PERIOD["tu"], "--to", PERIOD["den"]), path
        of_unit = browser.get(path, params={**PERIOD, "don-vi": "CB-04"}, headers=JSON).json()
        assert of_unit == printed(*command, "--from", PERIOD["tu"], "--to", PERIOD["den"], "--unit", "CB-04"), path
    who = browser.get(WHO.format(indicator="admission.total"), params=PERIOD, headers=JSON).json()
    asked = ["--from", PERIOD["tu"], "--to", PERIOD["den"], "--who", "admission.total"]
    counted = printed("stats", *asked)
    assert who["who"] == counted["who"]
    assert who["values"]["admission.total"] == counted["values"]["admission.total"]
    there = {
        "code": browser.get("/lop", headers=JSON).json()["courses"][0]["course"],
        "batch": browser.get("/nhat-ky", headers=JSON).json()["batches"][0]["batch"],
        "rule": "recognition.past_cell_window",
    }
    for path, command in UNDATED.items():
        answered = browser.get(path.format(**there), headers=JSON).json()
        assert answered == printed(*(part.format(**there) for part in command)), path
    for path, command in (("/", ["check"]), ("/don-vi", ["units"])):
        query = {"ngay": "2024-10-31", "don-vi": "CB-04"}
        answered = browser.get(path, params=query, headers=JSON).json()
        assert answered == printed(*command, "--as-of", "2024-10-31", "--unit", "CB-04"), path


def test_every_page_that_answers_in_json_is_held_against_its_command(browser: TestClient) -> None:
    """No screen is left out: whatever answers a program is in one of the tables above, by its address."""
    named = {path.partition("?")[0] for path in (*DATED, *OF_A_PERIOD, *UNDATED, WHO, *ON_ITS_OWN)}
    example = {"form": "F2", "indicator": "admission.total", "rule": "recognition.past_cell_window", "kind": "add"}
    example["code"] = "HS-0184"
    forms = {"/nguoi/HS-0184": "/nguoi/{code}", "/bieu/F2": "/bieu/{form}"}
    named = {forms.get(path, path) for path in named}
    answering = set()
    for route in every_route(browser.app):  # type: ignore[arg-type]  # the client's application is ours
        if "GET" not in (route.methods or ()) or route.path in ("/song", "/vao", "/ra"):
            continue
        path = route.path
        for name, value in example.items():
            path = path.replace(f"{{{name}}}", value)
        if "{" in path:
            assert route.path in named or route.path in FILES, route.path
            continue
        answered = browser.get(path, headers=JSON)
        if answered.headers.get("content-type", "").startswith("application/json") and answered.status_code < 400:
            answering.add(route.path)
    assert answering <= named, answering - named
    assert len(answering) > 15


def test_pages_answer_as_known_on_a_day(tmp_path: Path) -> None:
    """What was written later is not known: page by page the JSON of the command with the same days."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    connection.initialise(url)
    begun = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    with connection.writing(url) as store:
        apply_roster(store, read_workbook(DATA / "chi-bo-nho.xlsx").roster, new_batch("thử", now=begun))
    own = Own(url)
    desk = Desk(url, today=TODAY)
    desk.commit(desk.preview(RecordStep("HS-05", "left_on", dt.date(2024, 3, 1))), confirmed=True)
    desk.commit(desk.preview(Correct("HS-06", ("sex=Nữ",))), confirmed=True)
    for query in ({"biet": "2026-10-15"}, {"biet": "2026-10-15", "ngay": "2024-10-31"}):
        days = ["--known-on", query["biet"], "--as-of", query.get("ngay", TODAY.isoformat())]
        period = ["--from", PERIOD["tu"], "--to", PERIOD["den"]]
        for path, command in (
            ("/", ["check", *days]),
            ("/nguoi/HS-05", ["show", "HS-05", *days]),
            ("/don-vi", ["units", *days]),
            ("/sap-toi", ["ahead", *days]),
            ("/so-lieu", ["stats", *period, *(days if "ngay" in query else days[:2])]),
            ("/thoi-gian", ["timings", *period, *(days if "ngay" in query else days[:2])]),
            ("/bieu/F2", ["report", "F2", *period, *(days if "ngay" in query else days[:2])]),
        ):
            params = query if path == "/sap-toi" else {**PERIOD, **query}
            answered = own.client.get(path, params=params, headers=JSON).json()
            ran = call([*command, "--json"], tmp_path, {"DUBI_STORE": url})
            assert ran.code == 0, (command, ran.err)
            assert answered == json.loads(ran.out), (path, query)
    now = own.client.get("/nguoi/HS-05", headers=JSON).json()
    assert now != own.client.get("/nguoi/HS-05", params={"biet": "2026-10-15"}, headers=JSON).json()


def test_the_page_of_the_store_answers_as_the_doctor(browser: TestClient, store: str, tmp_path: Path) -> None:
    """The checks by name and state, as the command finds them."""

    def states(form: Any) -> list[tuple[str, str]]:
        return [(one["check"], one["state"]) for one in form["checks"]]

    ran = call(["doctor", "--all", "--json"], tmp_path, {"DUBI_STORE": store})
    assert states(browser.get("/quan-tri", headers=JSON).json()) == states(ran.json)


def test_classes_say_that_they_are_as_of_today(browser: TestClient) -> None:
    """An enrolment has no day: where the address names another day, the page says what it shows all the same."""
    code = browser.get("/lop", headers=JSON).json()["courses"][0]["course"]
    for path in ("/lop", f"/lop/{code}"):
        assert "ngày ghi danh" not in browser.get(path).text
        assert "như ngày 31/10/2024: sổ không giữ ngày ghi danh" in browser.get(f"{path}?ngay=2024-10-31").text
        assert "biết đến 31/10/2024" in browser.get(f"{path}?biet=2024-10-31").text


def test_pages_answer_as_the_desk_does(browser: TestClient, store: str) -> None:
    """What is as it was known on a day, and news, are asked of the desk: the store was written today."""
    desk = Desk(store, today=TODAY)
    as_of = dt.date(2024, 10, 31)
    question = desk.ask(as_of=as_of)
    answered = browser.get("/dieu-moi", params={"ngay": as_of.isoformat()}, headers=JSON).json()
    assert answered == plain(desk.news(question).as_json())
    early = browser.get("/", params={"biet": "2001-01-01"}, headers=JSON)
    assert early.status_code == 422
    assert early.json()["error"]


def test_what_is_new_since_the_last_look(own: Own) -> None:
    """A look is kept by its button alone; what is written after it is new on the page, and counted beside the list."""
    first = own.client.get("/dieu-moi").text
    assert "Chưa có lần xem nào" in first
    assert own.client.post("/dieu-moi").status_code == 403
    assert own.post("/dieu-moi", {}).status_code == 303
    assert "<strong>+0</strong>" in own.client.get("/dieu-moi").text
    desk = Desk(own.store, today=TODAY)
    findings = desk.check(desk.ask()).evaluation.findings
    late = next(one for one in findings if one.rule == "recognition.past_cell_window")
    desk.commit(desk.preview(RecordStep(late.case, "cell_proposed_recognition_on", on=TODAY)), confirmed=True)
    page = own.client.get("/dieu-moi").text
    assert late.case in page
    assert "<strong>−0</strong>" not in page
    assert 'hx-get="/dieu-moi"' in own.client.get("/").text
    assert own.client.get("/dieu-moi", params={"ngay": "2024-10-31"}).status_code == 422


def test_every_entry_of_the_navigation_leads_to_a_page(browser: TestClient) -> None:
    """Nothing that the frame of a page offers is missing."""
    for item in NAVIGATION:
        page = browser.get(item.path)
        assert page.status_code == 200, item
        assert 'aria-current="page"' in page.text, item


def test_a_page_has_one_heading_of_all(browser: TestClient) -> None:
    """Who has pages read to her hears what a page is, once: forms and pictures have one below it."""
    for path in (*(item.path for item in NAVIGATION), "/bieu/F2", "/nguoi/HS-0184"):
        assert browser.get(path, params=PERIOD).text.count("<h1") == 1, path


def test_every_number_of_timings_opens_to_its_people(browser: TestClient) -> None:
    """A stretch, a holder and a month list as many people as they count; a number that nobody knows is not there."""
    found = browser.get("/thoi-gian", params=PERIOD, headers=JSON).json()
    numbers = {f"{one['from_step']}:{one['to_step']}": one["n"] + one["contradictory"] for one in found["transitions"]}
    numbers |= {one["held_by"]: one["n"] for one in found["waiting"]}
    for name in (
        min(numbers),
        max(numbers, key=numbers.__getitem__),
        *(one["held_by"] for one in found["waiting"][:1]),
    ):
        page = browser.get("/thoi-gian", params={**PERIOD, "ai": name}).text
        assert page.partition('id="nhung-ai"')[2].count("data-row") == numbers[name], name
    assert browser.get("/thoi-gian", params={**PERIOD, "ai": "cel"}).status_code == 404


def test_the_months_ahead_are_a_page(browser: TestClient) -> None:
    """With and without the question who comes too late; a way of meeting that nobody knows is refused."""
    for query in ({}, {"hop": "hang-thang"}):
        page = browser.get("/sap-toi", params={"ngay": "2024-10-31", **query})
        assert page.status_code == 200
        assert "Từng đơn vị" in page.text
    assert browser.get("/sap-toi", params={"hop": "hang-tuan"}).status_code == 422


def test_every_number_opens_to_its_people(browser: TestClient, store: str) -> None:
    """As many people stand behind a figure of people as the figure says; the page lists them, each leading to hers."""
    values = browser.get("/so-lieu", params=PERIOD, headers=JSON).json()["values"]
    counted = [
        name
        for name, figure in values.items()
        if set(figure) == {"value"} and isinstance(figure["value"], int) and figure["value"]
    ]
    counted = [name for name in counted if name.startswith(("admission.", "recognition.", "exit."))]
    desk = Desk(store, today=TODAY)
    start, end = (dt.date.fromisoformat(PERIOD[name]) for name in ("tu", "den"))
    behind = desk.stats(desk.ask(as_of=end), start, end, who=counted).result.who
    alike = [name for name in counted if len(behind[name]) == values[name]["value"]]
    assert len(alike) > 20
    for name in (alike[0], alike[-1]):
        page = browser.get(f"/so-lieu/{name}/nguoi", params=PERIOD).text
        assert page.partition("<main")[2].count("data-row") == len(behind[name])
        assert all(f"/nguoi/{one.code}" in page for one in behind[name])


def test_forms_are_handed_out_as_files(browser: TestClient) -> None:
    """A form comes as a workbook, a document and a PDF, whole, under a name of its own."""
    for kind, begins in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
        answer = browser.get(f"/bieu/F2.{kind}", params=PERIOD)
        assert answer.content.startswith(begins)
        assert f'filename="F2-20240101-20241231.{kind}"' in answer.headers["content-disposition"]
        if kind != "pdf":
            assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_names_that_are_not_there_are_said(browser: TestClient) -> None:
    """A case, a unit, an indicator, a form or a class that is not there is 404 with the nearest one."""
    for path, near in (
        ("/nguoi/HS-184", "HS-0184"),
        ("/?don-vi=CB-044", "CB-04"),
        ("/so-lieu/admission.totl/nguoi", "admission.total"),
        ("/bieu/F22", "F2"),
        ("/lop/khong-co", ""),
    ):
        answer = browser.get(path, headers=JSON)
        assert answer.status_code == 404, path
        assert near in answer.json()["error"] + answer.json()["hint"], path


def test_the_page_of_a_person_says_what_is_held_back(browser: TestClient, store: str) -> None:
    """Without the course after probation: the cell's step is not possible, with the finding's own sentence."""
    as_of = dt.date(2024, 10, 31)
    desk = Desk(store, today=TODAY)
    findings = desk.check(desk.ask(as_of=as_of)).evaluation.findings
    found = next(one for one in findings if one.rule == "recognition.ended_without_course")
    page = browser.get(f"/nguoi/{found.case}", params={"ngay": as_of.isoformat()}).text
    below = page.partition("Bước chưa làm được")[2]
    assert found.message in below
    assert "Chi bộ xét, ra nghị quyết đề nghị công nhận" in below
