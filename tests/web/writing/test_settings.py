"""What an office decides for itself, from the page: a value of the law that was read, and local rules."""

from __future__ import annotations

import html

from desk.desk import Desk
from tests.web.conftest import TODAY, Own

JSON = {"accept": "application/json"}


def test_a_value_that_was_read_is_confirmed(own: Own) -> None:
    """The list is the command's; the preview writes nothing; what is missing is named; written, the value is gone
    from the list."""
    found = own.client.get("/quy-tac/doi-chieu", headers=JSON).json()["unconfirmed"]
    assert len(found) > 1
    one = found[0]
    page = html.unescape(own.client.get("/quy-tac/doi-chieu").text)
    assert all(each["title"] in page for each in found)
    address, typed = f"/quy-tac/doi-chieu/{one['parameter']}", {"gia-tri": one["value"], "muc": "1.1", "doc-o": "lưu"}
    head = Desk(own.store, today=TODAY).last_hash()
    for name in typed:
        assert own.post(f"{address}/xem", {**typed, name: ""}).status_code == 422
    assert own.post("/quy-tac/doi-chieu/khong-co/xem", typed).status_code == 422
    shown = own.post(f"{address}/xem", typed)
    assert shown.status_code == 200
    assert "Phát hiện khác đi" in shown.text or "Không hồ sơ nào" in shown.text
    assert Desk(own.store, today=TODAY).last_hash() == head
    assert own.post(address, typed).status_code == 303
    left = own.client.get("/quy-tac/doi-chieu", headers=JSON).json()["unconfirmed"]
    assert one["parameter"] not in [each["parameter"] for each in left]
    assert len(left) == len(found) - 1


def test_local_rules_are_chosen(own: Own) -> None:
    """What is marked is what the store is judged by from then on; what there is not is refused; none is an answer."""
    desk = Desk(own.store, today=TODAY)
    known = [*desk.overlays().chosen, *desk.overlays().others]
    page = own.client.get("/quan-tri/quy-dinh").text
    assert all(f'value="{name}"' in page for name in known)
    assert own.post("/quan-tri/quy-dinh", {"ten": "khong-co"}).status_code == 404
    for names in (known[:1], []):
        assert own.client.post(f"/quan-tri/quy-dinh?token={own.token}", data={"ten": names}).status_code == 303
        assert list(Desk(own.store, today=TODAY).overlays().chosen) == names
