"""A dossier between two levels, by the commands: handed up, given back with a reason, handed up again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cases.changes.changing import entries_of
from tests.calling import call
from tests.cli.conftest import Dubi
from tests.cli.recording.test_recording import records, refused

CASE = "HS-03"
PROPOSED = ("record", CASE, "chi-bo-xet-chinh-thuc", "--on", "2025-02-20")


@pytest.fixture
def upper(dubi: Dubi, book: Path) -> Path:
    """The cell's store with the unit above it."""
    assert dubi("unit", "add", "DU", "--name", "Đảng ủy xã", "--level", "grassroots_committee").code == 0
    return book


def held_by(dubi: Dubi, day: str) -> dict[str, str]:
    """Who holds what of the case on a day, by rule."""
    answer = json.loads(dubi("check", "--as-of", day, "--json").out)
    return {one["rule"]: one["held_by"] for one in answer["findings"] if one["case"] == CASE}


def test_handed_up_given_back_and_up_again(dubi: Dubi, upper: Path) -> None:
    """The holder follows the dossier; each return keeps its reason; the limit runs on; undo takes it all back."""
    assert dubi(*PROPOSED).code == 0
    before = held_by(dubi, "2025-05-20")
    assert before["recognition.past_decision_limit"] == "committee"
    ran = dubi("submit", CASE, "--to", "DU", "--on", "24/02/2025", "--document", "5-TTr/CB", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["action"] == "submit"
    assert held_by(dubi, "2025-05-20") == before
    assert dubi("tra-lai", CASE, "--reason", "Thiếu bản tự kiểm điểm", "--on", "2025-03-03").code == 0
    back = held_by(dubi, "2025-05-20")
    assert back["recognition.returned"] == back["recognition.past_decision_limit"] == "cell"
    planned = json.loads(dubi("plan", CASE, "--as-of", "2025-03-05", "--json").out)["steps"]
    states = {one["step"]: (one["state"], one["held_back"]) for one in planned}
    assert states["recognition_submitted"] == ("open", [])
    assert states["recognition_decided_on"] == ("held_back", ["recognition.returned"])
    assert dubi("nop-len", CASE, "--to", "DU", "--on", "2025-03-10").code == 0
    assert held_by(dubi, "2025-05-20") == before
    record = records(upper)[CASE]
    assert (record.fields["submitted_to"], record.fields["return_reason"]) == ("DU", "Thiếu bản tự kiểm điểm")
    entries = entries_of(record)
    assert entries["submitted_on", date(2025, 2, 24)].document == "5-TTr/CB"
    assert entries["returned_on", date(2025, 3, 3)].note == "Thiếu bản tự kiểm điểm"
    for _ in range(4):
        assert dubi("undo").code == 0
    assert not {"submitted_on", "submitted_to", "returned_on", "return_reason"} & records(upper)[CASE].fields.keys()


def test_what_cannot_be_handed(dubi: Dubi, upper: Path) -> None:
    """To a unit that is not there, to the unit where it lies, back without a reason: refused, nothing written."""
    whole = upper.read_bytes()
    strange = dubi("submit", CASE, "--to", "XX-99", "--on", "2025-02-24")
    assert (strange.code, "“XX-99”" in strange.err) == (2, True)
    own = str(records(upper)[CASE].fields["unit"])
    refused(dubi("submit", CASE, "--to", own, "--on", "2025-02-24"), "đang ở chính đơn vị", own)
    assert dubi("unit", "add", "CB-07", "--name", "Chi bộ 7", "--level", "cell", "--parent", "DU").code == 0
    assert dubi("submit", CASE, "--to", "CB-07", "--on", "2025-02-24", "--preview").code == 0  # the tree says nothing
    assert dubi("unit", "move", own, "--to", "DU", "--on", "2025-02-24").code == 0
    whole = upper.read_bytes()
    refused(dubi("submit", CASE, "--to", "CB-07", "--on", "2025-02-24"), "không phải cấp trên", own, "DU")
    assert dubi("submit", CASE, "--to", "DU", "--on", "2025-02-24", "--preview").code == 0
    refused(dubi("return", CASE, "--reason", " ", "--on", "2025-02-24"), "Chưa ghi lý do trả lại")
    assert upper.read_bytes() == whole


def test_before_the_cell_has_proposed(dubi: Dubi, upper: Path) -> None:
    """Given back before it was ever handed up: unusual, asked about first."""
    assert dubi("submit", CASE, "--to", "DU", "--on", "2025-02-24").code == 0
    whole = upper.read_bytes()
    refused(dubi("return", CASE, "--reason", "Thiếu dấu", "--on", "2025-02-23"), "--confirm")
    assert upper.read_bytes() == whole


PHRASE = "năm từ dễ nhớ thôi\n"


def test_up_and_back_between_two_stores(dubi: Dubi, upper: Path, tmp_path: Path) -> None:
    """The committee takes the cell's sealed roster in, decides, and hands it back: both keep the other's."""
    committee = ("--store", tmp_path / "du.sqlite")
    assert dubi("init", *committee).code == 0
    for name in ("du", "cb"):
        ran = call(["handover", "key", name, "--password-stdin"], tmp_path, piped=PHRASE)
        assert ran.code == 0, ran.err
    assert dubi(*PROPOSED).code == 0
    assert dubi("handover", "send", "len.xlsx.kin", "--to", "du.cong-khai").code == 0
    assert "--key" in dubi("import", "len.xlsx.kin", *committee).err
    taken = ["import", "len.xlsx.kin", "--key", "du.khoa", "--password-stdin", "--apply", *committee]
    assert call(taken, tmp_path, piped="mật khẩu khác hẳn\n").code == 3
    assert call(taken, tmp_path, piped=PHRASE).code == 0
    decided = ("record", CASE, "quyet-dinh-chinh-thuc", "--on", "2025-03-05", "--confirm")
    assert dubi(*decided, *committee).code == 0
    assert dubi("correct", CASE, "Ghi chú=Đã hỏi nơi cư trú").code == 0
    assert dubi("handover", "send", "len-2.xlsx.kin", "--to", "du.cong-khai").code == 0
    taken[1] = "len-2.xlsx.kin"
    assert call(taken, tmp_path, piped=PHRASE).code == 0
    above = records(tmp_path / "du.sqlite")[CASE].fields
    assert (above["note"], above["recognition_decided_on"]) == ("Đã hỏi nơi cư trú", date(2025, 3, 5))
    assert dubi("handover", "send", "ve.xlsx.kin", "--unit", "CB-01", "--to", "cb.cong-khai", *committee).code == 0
    back = ["import", "ve.xlsx.kin", "--key", "cb.khoa", "--password-stdin", "--apply"]
    assert call(back, tmp_path, piped=PHRASE).code == 0
    below = records(upper)[CASE].fields
    assert (below["note"], below["recognition_decided_on"]) == ("Đã hỏi nơi cư trú", date(2025, 3, 5))


def test_a_unit_and_no_other_is_sent(dubi: Dubi, large: Path, tmp_path: Path) -> None:
    """With `--unit` nobody of another unit is in the file, and no unit that is not there is taken for one."""
    assert dubi("init").code == 0
    assert dubi("import", large, "--apply").code == 0
    assert call(["handover", "key", "cb", "--password-stdin"], tmp_path, piped=PHRASE).code == 0
    assert dubi("handover", "send", "cb.kin", "--unit", "CB-02", "--to", "cb.cong-khai").code == 0
    own = ("--store", tmp_path / "cb.sqlite")
    assert dubi("init", *own).code == 0
    taken = ["import", "cb.kin", "--key", "cb.khoa", "--password-stdin", "--apply", *own]
    assert call(taken, tmp_path, piped=PHRASE).code == 0
    assert {record.fields["unit"] for record in records(tmp_path / "cb.sqlite").values()} == {"CB-02"}
    strange = dubi("handover", "send", "x.kin", "--unit", "CB-99", "--to", "cb.cong-khai")
    assert (strange.code, "“CB-99”" in strange.err, (tmp_path / "x.kin").exists()) == (2, True, False)
