"""`dubi figure` as a command: typed in, shown, missing, contradicting, refused, taken back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.calling import Dubi, call
from tests.conftest import DATA

PERIOD = ("--from", "2020-07-01", "--to", "2024-10-31")


@pytest.fixture(scope="module")
def large_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the large roster, made once; take a copy."""
    place = tmp_path_factory.mktemp("large") / "dubi.sqlite"
    shutil.copyfile(empty_store, place)
    roster = DATA / "rosters" / "dang-bo-co-so.xlsx"
    assert call(["import", roster, "--apply", "--store", place], place.parent).code == 0
    return place


@pytest.fixture
def filled(dubi: Dubi, large_store: Path, tmp_path: Path) -> Dubi:
    """The command with a store of the large roster of its own."""
    place = tmp_path / "home" / "dubi.sqlite"
    place.parent.mkdir()
    shutil.copyfile(large_store, place)
    return dubi


def test_a_figure_is_typed_in_shown_in_forms_and_taken_back(filled: Dubi) -> None:
    """From “chưa nhập” to a marked number with its source, and back by undo; who typed it and when is told."""
    ask = ("report", "F4", *PERIOD)
    before = filled(*ask).out
    assert "Đã ban hành … văn bản" in before
    assert "dubi figure set MÃ SỐ --unit DU --from 01/07/2020 --to 31/10/2024" in before
    typed = filled(
        "figure", "set", "manual.documents", "12", "--unit", "DU", *PERIOD, "--source", "Sổ văn bản", DUBI_USER="An"
    )
    assert "Đơn vị DU · 01/07/2020 – 31/10/2024: 12 · nguồn: Sổ văn bản" in typed.out
    after = filled(*ask).out
    assert "Đã ban hành 12* văn bản" in after
    assert "(*) Số nhập tay, Sổ văn bản (An, " in after
    assert ") – Văn bản đã ban hành: 12." in after
    who = filled("stats", *PERIOD, "--who", "manual.documents", "--json").json
    (entry,) = who["who"]["manual.documents"]
    assert (entry["unit"], entry["value"], entry["author"], entry["source"]) == ("DU", 12, "An", "Sổ văn bản")
    assert who["values"]["manual.documents"] == {"value": 12}
    assert ',manual.documents,"12, An nhập ngày ' in filled("stats", *PERIOD, "--who", "manual.documents", "--csv").out
    assert "Chưa ai nhập số này" in filled("stats", *PERIOD, "--who", "card.new").out
    filled("undo", "--confirm")
    assert filled(*ask).out == before
    filled("redo")
    assert filled(*ask).out == after


def test_what_is_missing_and_what_contradicts(filled: Dubi) -> None:
    """The list names every figure that forms ask for, until it is typed; a unit against those below it is told."""

    def listed() -> Any:
        return filled("figure", "list", *PERIOD, "--json").json

    first = {one["indicator"]: one for one in listed()["missing"]}
    assert first["manual.conferences"]["forms"] == ["F4"]
    assert first["member.exempt"]["kind"] == "day"
    filled("figure", "set", "manual.conferences", "3", "--unit", "CB-01", *PERIOD)
    filled("figure", "set", "manual.conferences", "2", "--unit", "CB-02", *PERIOD)
    filled("figure", "set", "member.exempt", "4", "--unit", "DU", "--on", "31/10/2024")
    assert "tổ chức 05* hội nghị" in filled("report", "F4", *PERIOD).out
    own = filled("figure", "set", "manual.conferences", "9", "--unit", "DU", *PERIOD)
    said = "Hội nghị đã tổ chức: DU nhập 9, các đơn vị bên dưới cộng lại 5 (CB-01 3, CB-02 2); số của DU được dùng."
    assert said in own.err
    assert said in filled("report", "F4", *PERIOD).out
    left = listed()
    assert {"manual.conferences", "member.exempt"} & {one["indicator"] for one in left["missing"]} == set()
    assert left["contradictions"] == [
        {"indicator": "manual.conferences", "unit": "DU", "value": 9, "below": {"CB-01": 3, "CB-02": 2}}
    ]
    other = filled("figure", "list", "--from", "2024-01-01", "--to", "2024-10-31").out
    assert "(kỳ khác)" in other


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("manual.document", "1", "--unit", "DU", *PERIOD), 2, "Có phải “manual.documents”?"),
        (("admission.total", "1", "--unit", "DU", *PERIOD), 3, "được tính từ sổ"),
        (("manual.documents", "1.234", "--unit", "DU", *PERIOD), 3, "Ghi số không âm"),
        (("manual.documents", "1", "--unit", "DX", *PERIOD), 2, "Không có đơn vị “DX”"),
        (("manual.documents", "1", "--unit", "DU", "--on", "2024-10-31"), 3, "--from và --to"),
        (("member.exempt", "1", "--unit", "DU"), 3, "ghi --on"),
        (
            ("manual.documents", "1", "--unit", "DU", "--from", "2024-02-01", "--to", "2024-01-01"),
            3,
            "Đổi lại hai ngày",
        ),
    ],
)
def test_what_cannot_be_typed_in_is_refused(filled: Dubi, arguments: tuple[str, ...], code: int, said: str) -> None:
    """Each with the sentence that says what to do, and nothing written."""
    run = filled("figure", "set", *arguments)
    assert (run.code, said in run.err) == (code, True), run.err
    assert filled("figure", "list", "--json").json["figures"] == []
