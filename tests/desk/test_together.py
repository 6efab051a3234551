"""Many cases in one write: chosen by list, file or condition, shown and judged one by one, all written or none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cases.history.undo import undo
from cases.imports.importing import import_file
from cases.judging.doubts import Unconfirmed
from cases.store.connection import initialise
from cases.store.reading import read_store
from desk.changes.together import named
from desk.changes.values import Correct, Leave, RecordStep, Together
from desk.desk import Desk
from rules.loader.errors import BadInput, UnknownName
from tests.calling import call
from tests.conftest import DATA

TODAY = dt.date(2026, 11, 29)
DAY = dt.date(2026, 11, 27)
STEP = "cell_met_on"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk before a store with a small cell."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    import_file(url, DATA / "rosters" / "chi-bo-nho.xlsx", apply=True, who="Lan")
    return Desk(url, today=TODAY, user="Huệ")


def stood(desk: Desk, *codes: str, on: dt.date = DAY) -> Together:
    """The same meeting for several cases."""
    return Together(tuple(RecordStep(code, STEP, on) for code in codes))


def test_one_preview_one_write_one_undo(desk: Desk) -> None:
    """What each case gets is shown by itself, is one entry of the log, and is taken back by one undo."""
    before, number = read_store(desk.url), desk.log(100).number
    shown = desk.preview(stood(desk, "HS-03", "hs-04", "HS-04"))
    assert [case["case"] for case in shown.as_json()["cases"]] == ["HS-03", "HS-04"]
    alone = desk.preview(RecordStep("HS-04", STEP, DAY)).as_json()
    assert all(alone[name] == value for name, value in shown.as_json()["cases"][1].items())
    assert read_store(desk.url) == before
    done = desk.commit(shown, confirmed=True)
    newest = desk.log(1).writes[0].batch
    assert (newest.name, newest.action, newest.size, desk.log(100).number) == (done.batch, "record", 2, number + 1)
    assert {one.code for one in read_store(desk.url).records if one.fields.get(STEP) == DAY} == {"HS-03", "HS-04"}
    undo(desk.url, who="Huệ")
    assert read_store(desk.url) == before


def test_none_is_written_where_one_cannot_be(desk: Desk) -> None:
    """Every case that cannot be changed is named; what is doubtful is asked with the codes; nothing is left."""
    desk.commit(desk.preview(RecordStep("HS-03", STEP, DAY)), confirmed=True)
    before = read_store(desk.url)
    with pytest.raises(BadInput, match=r"2 hồ sơ không ghi được:\n.*HS-03.*\n.*HS-99"):
        desk.preview(stood(desk, "HS-03", "HS-04", "HS-99"))
    with pytest.raises(UnknownName):
        desk.preview(stood(desk, "HS-98", "HS-99"))
    with pytest.raises(BadInput, match="hai thay đổi"):
        desk.preview(Together((RecordStep("HS-04", STEP, DAY), Correct("HS-04", ("Ghi chú=A",)))))
    unusual = desk.preview(stood(desk, "HS-04", "HS-05", on=TODAY + dt.timedelta(days=9)))
    assert {doubt.whose for doubt in unusual.doubts} == {"HS-04", "HS-05"}
    with pytest.raises(Unconfirmed, match=r"\(HS-04, HS-05\)"):
        desk.commit(unusual)
    assert read_store(desk.url) == before


def test_a_doubt_accepted_of_one_is_not_accepted_of_another(desk: Desk) -> None:
    """What was shown and confirmed of one case does not stand for what has come up of another since."""
    gone = Leave("HS-03", DAY - dt.timedelta(days=9), "xin-ra")
    desk.commit(desk.preview(gone), confirmed=True)
    shown = desk.preview(stood(desk, "HS-03", "HS-04"))
    assert {(doubt.code, doubt.whose) for doubt in shown.doubts} == {("after_exit", "HS-03")}
    other = Desk(desk.url, today=TODAY, user="An")
    other.commit(other.preview(replace(gone, case="HS-04")), confirmed=True)
    with pytest.raises(Unconfirmed, match=r"\(HS-04\)"):
        desk.commit(shown, confirmed=True)


def test_cases_are_chosen_by_list_file_and_condition(desk: Desk, tmp_path: Path) -> None:
    """A list, a text file, a workbook and a condition choose the same; a wrong condition is refused in words."""
    expected = tuple(
        one.code for one in read_store(desk.url).records if desk.case(desk.ask(), one.code).plan.stage == "probationary"
    )
    assert expected
    listed = tmp_path / "ma.txt"
    listed.write_text("\ufeff" + "\r\n".join([*expected, ""]), encoding="utf-8")
    table = tmp_path / "ma.csv"
    rows = "".join(f"{number},{code}\n" for number, code in enumerate(expected))
    table.write_text(f"STT,Mã hồ sơ\n{rows}", encoding="utf-8")
    for text in (", ".join(expected), str(listed), str(table)):
        assert desk.named_cases(text).codes == expected, text
    assert desk.cases_where(desk.ask(), "stage is probationary").codes == expected
    for wrong, words in (("stage is dubi", "Không có"), ("ngay sinh", "--where"), ("stage is left and is", "--where")):
        with pytest.raises(BadInput, match=words):
            desk.cases_where(desk.ask(), wrong)
    for wrong in (",", str(tmp_path / "khong.txt"), str(tmp_path / "khong.csv")):
        with pytest.raises(BadInput):
            desk.named_cases(wrong)


def test_the_command_takes_many(desk: Desk, tmp_path: Path) -> None:
    """`--cases` and `--where` take the place of the code, of `record` and of `correct`, in both languages."""

    ran = call(
        ["record", STEP, "--cases", "HS-03,HS-04", "--on", "27/11/2026", "--preview", "--store", desk.url], tmp_path
    )
    assert (ran.code, "HS-03" in ran.out, "HS-04" in ran.out) == (0, True, True)
    ran = call(["sua", "Ghi chú=đã xem", "--where", "stage is probationary", "--json", "--store", desk.url], tmp_path)
    assert (ran.code, ran.json["action"], len(ran.json["cases"]) > 0) == (0, "correct", True)
    noted = {one.code for one in read_store(desk.url).records if one.fields.get("note") == "đã xem"}
    assert noted == {case["case"] for case in ran.json["cases"]}
    for words in (
        ("record", STEP, "--on", "27/11/2026"),
        ("record", "HS-03", STEP, "--cases", "HS-04", "--on", "27/11/2026"),
        ("record", STEP, "--cases", "HS-04", "--where", "stage is left", "--on", "27/11/2026"),
        ("correct", "--cases", "HS-04"),
    ):
        assert call([*words, "--store", desk.url], tmp_path).code == 2, words


def test_as_many_codes_as_one_likes() -> None:
    """Codes after one another are longer than any file may be called, and are codes all the same."""
    codes = tuple(f"HS-{number:04}" for number in range(400))
    assert named(",".join(codes)).codes == codes
    assert named(" , ".join(codes)).codes == codes
