"""Recording in the browser: nothing before the last button, as the command writes, never over somebody else."""

from __future__ import annotations

import datetime as dt
import html
import re

from desk.changes.values import RecordStep
from desk.desk import Desk
from tests.web.conftest import TODAY, Own

JSON = {"accept": "application/json"}
STEP = {"step": "cell_proposed_recognition_on", "on": "15/11/2026", "document": "12-NQ/CB"}


def overdue_case(own: Own) -> str:
    """Somebody whose cell has not yet looked at the recognition."""
    found = own.client.get("/", headers=JSON).json()["findings"]
    return next(str(one["case"]) for one in found if one["rule"] == "recognition.past_cell_window")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match, name
    return html.unescape(match[1])


def writes(own: Own) -> int:
    """How many writes the log has."""
    return len(own.client.get("/nhat-ky", headers=JSON).json()["batches"])


def previewed(own: Own, case: str) -> dict[str, str]:
    """What the page of the preview sends when its button is pressed."""
    page = own.post(f"/nguoi/{case}/ghi/xem", STEP).text
    return {"change": hidden(page, "change"), "seen": hidden(page, "seen"), "confirmed": "1"}


def test_a_step_is_shown_then_written_then_taken_back(own: Own) -> None:
    """The preview writes nothing; the write is what the command would have written; undo brings the finding back."""
    case, before = overdue_case(own), writes(own)
    shown = own.post(f"/nguoi/{case}/ghi/xem", STEP)
    assert shown.status_code == 200
    assert "15/11/2026" in shown.text
    assert writes(own) == before
    done = own.post(f"/nguoi/{case}/ghi", previewed(own, case))
    assert done.status_code == 303, done.text
    assert writes(own) == before + 1
    steps = own.client.get(f"/nguoi/{case}", headers=JSON).json()["steps"]
    written = next(one for one in steps if one["step"] == "cell_proposed_recognition_on")
    assert (written["on"], written["document"]) == ("2026-11-15", "12-NQ/CB")
    batch = done.headers["location"].rpartition("da-ghi=")[2]
    taken = own.post(f"/nhat-ky/{batch}/hoan-tac", {})
    assert taken.status_code == 303
    assert case == overdue_case(own) or any(
        one["case"] == case and one["rule"] == "recognition.past_cell_window"
        for one in own.client.get("/", headers=JSON).json()["findings"]
    )


def test_what_cannot_be_read_is_said_in_the_form(own: Own) -> None:
    """A day or a step that is none, or lacking, is refused with a sentence and what was typed is kept."""
    case, before = overdue_case(own), writes(own)
    for typed, said in (
        ({**STEP, "on": "31/02/2026"}, "31/02/2026"),
        ({**STEP, "on": ""}, "Chưa ghi ngày"),
        ({**STEP, "step": ""}, "Chưa chọn bước"),
        ({**STEP, "step": "mua-xe"}, "mua-xe"),
    ):
        answer = own.post(f"/nguoi/{case}/ghi/xem", typed)
        assert answer.status_code == 422, typed
        assert said in html.unescape(answer.text), typed
        assert 'value="12-NQ/CB"' in answer.text
    said = own.client.get("/ngay", params={"viet": "31/02/2026"}).json()["error"]  # what the field says as it is typed
    assert said in html.unescape(own.post(f"/nguoi/{case}/ghi/xem", {**STEP, "on": "31/02/2026"}).text)
    assert own.post(f"/nguoi/{case}/ghi", {"change": "{}", "seen": ""}).status_code == 422
    assert writes(own) == before


def test_nobody_is_written_over(own: Own) -> None:
    """A write by somebody else since the preview gives both versions with 409, and nothing is written."""
    case = overdue_case(own)
    sent = previewed(own, case)
    desk = Desk(own.store, today=TODAY, user="người khác")
    shown = desk.preview(RecordStep(case, "new_member_certified_on", dt.date(2026, 11, 1)))
    desk.commit(shown, confirmed=True)
    before = writes(own)
    answer = own.post(f"/nguoi/{case}/ghi", sent)
    assert answer.status_code == 409
    assert "người khác" in html.unescape(answer.text)
    assert writes(own) == before
    again = {**sent, "seen": hidden(answer.text, "seen")}
    assert own.post(f"/nguoi/{case}/ghi", again).status_code == 303
    assert writes(own) == before + 1


def test_a_change_for_another_person_is_refused(own: Own) -> None:
    """A change that was previewed for one person is not written at the address of another."""
    case = overdue_case(own)
    sent, before = previewed(own, case), writes(own)
    answer = own.post("/nguoi/HS-0001/ghi", sent)
    assert answer.status_code == 422
    assert writes(own) == before


def test_the_work_list_follows_what_is_written(own: Own) -> None:
    """What is kept in memory is given again only while nothing was written, by this page or by anybody else."""
    case = overdue_case(own)

    def stands() -> bool:
        found = own.client.get("/", headers=JSON).json()["findings"]
        return any(one["case"] == case and one["rule"] == "recognition.past_cell_window" for one in found)

    assert stands()
    desk = Desk(own.store, today=TODAY, user="dòng lệnh")
    shown = desk.preview(RecordStep(case, "cell_proposed_recognition_on", dt.date(2026, 11, 15)))
    desk.commit(shown, confirmed=True)
    assert not stands()
    desk.undo()
    assert stands()


def test_somebody_elses_write_is_taken_back_only_when_that_is_said(own: Own) -> None:
    """Undo of another's write names it and asks; said so, it is taken back."""
    case = overdue_case(own)
    desk = Desk(own.store, today=TODAY, user="chị Lan")
    shown = desk.preview(RecordStep(case, "cell_proposed_recognition_on", dt.date(2026, 11, 15)))
    done = desk.commit(shown, confirmed=True)
    before = writes(own)
    asking = own.post(f"/nhat-ky/{done.batch}/hoan-tac", {})
    assert asking.status_code == 409
    assert "chị Lan" in html.unescape(asking.text)
    assert writes(own) == before
    taken = own.client.post(f"/nhat-ky/{done.batch}/hoan-tac?token={own.token}&dong-y=1")
    assert taken.status_code == 303
    assert writes(own) == before + 1


def test_what_was_typed_and_not_written_is_there_again(own: Own) -> None:
    """A form that was left stands as it was typed, of each person her own, until it is written or begun anew."""
    case = overdue_case(own)
    other = "HS-0184" if case != "HS-0184" else "HS-0001"
    kept = own.client.post(f"/go-do/buoc?ve={case}&token={own.token}", data={"on": "15/11/2026", "document": "7-NQ"})
    assert kept.status_code == 204
    form = own.client.get(f"/nguoi/{case}/ghi").text
    assert 'value="7-NQ"' in form
    assert "gõ dở" in form
    assert 'value="7-NQ"' not in own.client.get(f"/nguoi/{other}/ghi").text
    assert own.client.post(f"/go-do/buoc/bo?ve={case}&token={own.token}").headers["location"] == f"/nguoi/{case}/ghi"
    assert "gõ dở" not in own.client.get(f"/nguoi/{case}/ghi").text
    sent = previewed(own, case)
    assert 'value="12-NQ/CB"' in own.client.get(f"/nguoi/{case}/ghi").text
    assert own.post(f"/nguoi/{case}/ghi", sent).status_code == 303
    assert "gõ dở" not in own.client.get(f"/nguoi/{case}/ghi").text
    kind = f"/ghi/correct?case={case}"
    own.client.post(
        f"/go-do/correct?ve={case}&token={own.token}", data={"case": case, "column": "note", "value": "a<b"}
    )
    assert 'value="a&lt;b"' in own.client.get(kind).text
    assert own.client.post("/go-do/correct?ve=x").status_code == 403
