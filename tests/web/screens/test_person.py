"""A person's page and what hangs on it: what if a day were another, her papers, the days that a finding rests on."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import io
import zipfile
from dataclasses import replace

from starlette.testclient import TestClient

from desk.desk import Desk
from desk.filling.papers import papers
from tests.web.conftest import TODAY
from web.live import events

AS_OF = dt.date(2024, 10, 31)
DAY = {"ngay": AS_OF.isoformat()}


def one_overdue(store: str) -> str:
    """Somebody whose cell is late with the recognition."""
    desk = Desk(store, today=TODAY)
    findings = desk.check(desk.ask(as_of=AS_OF)).evaluation.findings
    return next(one.case for one in findings if one.rule == "recognition.past_cell_window")


def test_somebody_of_every_stage_has_a_page(browser: TestClient, store: str) -> None:
    """Whatever the stage, with a step that may be taken now or without: the page, its form, and the papers open."""
    desk = Desk(store, today=TODAY)
    found = desk.find(desk.ask(), "HS-")
    of_stage = {stage: code for code, stage in found.stages.items() if stage}
    assert len(of_stage) > 3
    for stage, code in of_stage.items():
        for path in (f"/nguoi/{code}", f"/nguoi/{code}/ghi", f"/nguoi/{code}/giay"):
            assert browser.get(path).status_code == 200, (stage, path)


def test_a_step_on_another_day_is_tried(browser: TestClient, store: str) -> None:
    """What would go and come is the command's answer, a day to either side is one press away, and nothing is kept."""
    case, step = one_overdue(store), "cell_proposed_recognition_on"
    desk = Desk(store, today=TODAY)
    head = desk.last_hash()
    supposed = desk.what_if(desk.ask(as_of=AS_OF), case, [f"{step}=2024-10-15"]).listed
    assert supposed.gone
    shown = browser.get(f"/nguoi/{case}", params={**DAY, "buoc": step, "vao": "15/10/2024"})
    below = html.unescape(shown.text).partition('aria-label="Nếu vậy thì"')[2]
    for finding in (*supposed.gone, *supposed.come):
        assert finding.message in below
    assert "vao=2024-10-16" in shown.text
    assert browser.get(f"/nguoi/{case}", params={**DAY, "buoc": step}).status_code == 422
    assert browser.get(f"/nguoi/{case}", params={**DAY, "buoc": step, "vao": "31/02/2024"}).status_code == 422
    assert desk.last_hash() == head


def test_a_finding_tells_the_days_that_it_rests_on(browser: TestClient, store: str) -> None:
    """Each listed finding of somebody late names the days of its rule, as `explain` has them."""
    case = one_overdue(store)
    desk = Desk(store, today=TODAY)
    question = desk.ask(as_of=AS_OF)
    found = desk.person(question, case)
    traces = {one.rule: one for one in desk.explain(question, case).explanation.traces}
    days = dict(found.days["recognition.past_cell_window"])
    assert len(days) > 1
    assert set(days.items()) <= {(one.label, one.value) for one in traces["recognition.past_cell_window"].facts}
    page = browser.get(f"/nguoi/{case}", params=DAY).text
    for day in days.values():
        assert f"<strong>{day}</strong>" in page


def test_the_papers_of_a_person_are_written(browser: TestClient, store: str) -> None:
    """What the page offers is written once its fields are typed, days as people type them; the rest says why not."""
    case = one_overdue(store)
    desk = Desk(store, today=TODAY)
    offered = desk.papers(desk.ask(as_of=AS_OF), case)
    page = html.unescape(browser.get(f"/nguoi/{case}/giay", params=DAY).text)
    written = 0
    for one in offered:
        address = f"/nguoi/{case}/giay/{one.paper.name}.docx"
        if one.refused:
            assert one.refused in page
            refused = browser.get(address, params=DAY)
            assert refused.status_code == 422
            continue
        typed = {f"truong.{name}": "28112024" if name.endswith("_on") else "Nơi <ấy>" for name, _ in one.to_type}
        content = browser.get(address, params={**DAY, **typed}).content
        text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
        if any(name == "meeting_on" for name, _ in one.to_type):
            assert "28/11/2024" in text
            written += 1
        assert ("Nơi &lt;ấy&gt;" in text) == any(not name.endswith("_on") for name, _ in one.to_type)
    assert written
    assert any(one.refused for one in offered)


def test_a_meeting_to_come_may_have_its_papers(store: str) -> None:
    """A step that is possible later is refused today and offered for a meeting on such a day."""
    desk = Desk(store, today=TODAY)
    question = desk.ask(as_of=AS_OF)
    stages = desk.check(question).evaluation
    early = {one.case for one in stages.findings if one.rule == "recognition.upcoming"}
    offered = [one for case in sorted(early) for one in desk.papers(question, case) if one.only_if]
    assert offered
    assert all(one.refused is None and "meeting_on" in dict(one.to_type) for one in offered)


def test_a_list_of_a_unit_is_of_all_its_people(browser: TestClient, store: str) -> None:
    """The lists on the page of lists are those of the command; a unit with nobody is told so."""
    desk = Desk(store, today=TODAY)
    for unit in ({}, {"don-vi": "CB-04"}):
        page = browser.get("/giay", params=unit).text
        offered = desk.lists(desk.ask(unit=unit.get("don-vi")))
        assert {one.paper.name for one in offered} == {one.name for one in papers() if not one.of_case}
        for one in offered:
            assert one.paper.label in page
            typed = {f"truong.{name}": "28112024" for name, _ in one.to_type}
            answer = browser.get(f"/giay/{one.paper.name}.docx", params={**DAY, **unit, **typed})
            assert answer.content.startswith(b"PK") or "Không có ai" in answer.text, (unit, answer.text)
    assert browser.get("/giay/giay-moi.docx", params=DAY).status_code == 400


def test_the_period_in_pictures(browser: TestClient, store: str) -> None:
    """The page has the command's numbers, and each picture is named and has its numbers beside it."""
    desk = Desk(store, today=TODAY)
    start, end = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
    drawn = desk.overview(replace(desk.ask(), as_of=end), start, end).drawn
    page = browser.get("/so-lieu/tong-quan", params={"tu": "2024-01-01", "den": "2024-12-31"}).text
    for label, value in drawn.numbers:
        assert f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" in page
    seen = [one for one in drawn.pictures if not one.empty]
    assert page.count('src="data:image/svg+xml') == len(seen) > 2
    assert "style=" not in page


def test_what_others_write_is_told() -> None:
    """The stream tells where the log stands, again only when it stands elsewhere, and outlives a store that is busy."""
    heads = iter(["a", "a", "b"])

    async def listened() -> list[str]:
        return [said async for said in events(lambda: next(heads), beat=0, beats=3)]

    assert asyncio.run(listened())[1:] == ["event: so\ndata: a\n\n", "event: so\ndata: b\n\n"]
