"""The page on people's data: what they ask with its limits, who read what, whose time is over, and the papers."""

from __future__ import annotations

import io

from docx import Document

from desk.personal.readings import readings
from tests.web.conftest import Own

PLACE = "/quan-tri/du-lieu-ca-nhan"


def test_requests_come_and_go(own: Own) -> None:
    """A request is taken in with its limits, answered, and closed; what is wrong is a sentence, and nothing is kept."""
    sent = {"ho-so": "hs-0001", "loai": "erase", "ngay": "11/02/2026", "ghi-chu": "Đơn 7"}
    assert own.post(f"{PLACE}/yeu-cau", sent).status_code == 303
    shown = own.client.get(PLACE).text
    assert "hồ sơ HS-0001" in shown
    assert "hết ngày 03/03/2026" in shown
    assert "chưa có người đối chiếu" in shown
    assert own.post(f"{PLACE}/yeu-cau/1", {"ket-qua": "answered", "ngay": "12/02/2026"}).status_code == 303
    assert own.post(f"{PLACE}/yeu-cau/1", {"ket-qua": "refused", "ngay": "", "can-cu": ""}).status_code == 422
    assert own.post(f"{PLACE}/yeu-cau/1", {"ket-qua": "done", "ngay": ""}).status_code == 303
    assert "Không có yêu cầu nào đang mở" in own.client.get(PLACE).text
    assert own.post(f"{PLACE}/yeu-cau/1", {"ket-qua": "done"}).status_code == 404
    assert own.post(f"{PLACE}/yeu-cau", {**sent, "ho-so": "HS-9999"}).status_code == 404
    assert own.post(f"{PLACE}/yeu-cau", {**sent, "loai": "khac"}).status_code == 422
    assert own.post(f"{PLACE}/yeu-cau", {**sent, "ngay": "31/02/2026"}).status_code == 422


def test_who_read_what_is_shown(own: Own) -> None:
    """Readings of a page are on the page of the log, of one case where it is asked for, and as the command's JSON."""
    for case in ("HS-0001", "HS-0002"):
        own.post("/hien-nhay-cam", {"trang": f"/nguoi/{case}", "ly-do": "thử"})
        assert own.client.get(f"/nguoi/{case}").status_code == 200
    shown = own.client.get(PLACE).text
    assert "hồ sơ HS-0001" in shown
    assert "hồ sơ HS-0002" in shown
    assert "hồ sơ HS-0002" not in own.client.get(PLACE, params={"ho-so": "HS-0001"}).text
    told = own.client.get(PLACE, headers={"accept": "application/json"}).json()
    assert [one["case"] for one in told["readings"]] == [one.case for one in readings(own.store).readings]
    assert "Giữ hồ sơ người đã ra khỏi Đảng" in own.client.get(PLACE, params={"giu": "1"}).text


def test_papers_are_handed_out(own: Own) -> None:
    """Each paper comes as a file; the one of a breach counts its hours from when it was noticed."""
    for name in ("danh-gia-tac-dong", "quy-che-truy-cap"):
        assert own.client.get(f"{PLACE}/{name}.docx").content[:2] == b"PK"
    assert own.client.get(f"{PLACE}/khac.docx").status_code == 404
    said = {"viec": "Mất máy", "tu": "18/11/2026", "phat-hien": "19/11/2026 08:30"}
    made = own.post(f"{PLACE}/su-co", said)
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(made.content)).paragraphs)
    assert "22/11/2026 08:30" in text
    assert own.post(f"{PLACE}/su-co", {**said, "viec": ""}).status_code == 422
    assert own.post(f"{PLACE}/su-co", {**said, "tu": "hôm nọ"}).status_code == 422
