"""Papers of a cell: every field comes from the records or from the user, a missing one is an error that names it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from docx import Document

from desk.filling import papers as desk_papers
from reports.papers import paper_loader, paper_source
from reports.papers.paper_filling import fill_paper, in_words
from rules.loader.errors import BadInput, UnknownName
from tests.cli.conftest import Dubi
from tests.reports.filled import roster

DAY = dt.date(2024, 10, 31)
GIVEN = {
    "to": "Đồng chí & bạn <x>",
    "meeting_on": "05/11/2024",
    "meeting_place": "Nhà văn hoá",
    "remedy": "họp ngay",
    "late_reason": "đi xa",
    "new_member_certified_on": "01/03/2024",
    "course_on": "01/12/2024",
    "course_place": "Trung tâm chính trị",
    "parent_name": "Đảng ủy cấp trên",
    "place": "Bình Minh",
    "day_in_words": "ngày 04 tháng 11 năm 2024",
}


def words(path: Path) -> str:
    """All text of a Word document."""
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def filled(name: str, path: Path, leave_out: str = "") -> str:
    """A paper about the longest delay of the larger roster, or its list."""
    paper = paper_loader.known_paper(name)
    known = roster("dang-bo-co-so")
    fields = (
        desk_papers.fields_of_case(known, "HS-0526", DAY)
        if paper.of_case
        else desk_papers.fields_of_unit(known, None, DAY)
    )
    people = desk_papers.people_fields(known, paper.rows_of, None, DAY) if paper.rows_of else []
    fields = {name: value for name, value in (fields | GIVEN).items() if name != leave_out}
    fill_paper(paper.file, fields, people, path)
    return words(path)


@pytest.mark.parametrize("name", paper_loader.load())
def test_every_paper_is_filled_and_nothing_is_left_over(name: str, tmp_path: Path) -> None:
    """No brace and no mark of the template is left, and what was filled in stands there as it was written."""
    text = filled(name, tmp_path / "a.docx")
    for left_over in ("{{", "}}", "{%", "%}", "None", "Undefined"):
        assert left_over not in text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in text
    assert "Bình Minh" in text


def test_an_invitation_says_what_the_records_say(tmp_path: Path) -> None:
    """Name, days, limit and clause are those of the case; signs in a field are text."""
    text = filled("giay-moi", tmp_path / "a.docx")
    assert "Nguyễn Thu Hương, sinh ngày 22/01/1986, kết nạp ngày 11/02/2020" in text
    assert "Theo mục 4.2a, 29-QĐ/TW, chi bộ phải xét chậm nhất là hết ngày 30/03/2021." in text
    assert "Đồng chí & bạn <x>" in text
    assert "Chi bộ khu phố 4" in text


def test_a_delay_is_counted_to_the_day(tmp_path: Path) -> None:
    """The explanation names the days of delay as of the day, and the reason."""
    text = filled("giai-trinh-cham", tmp_path / "a.docx")
    assert "đã quá hạn 1311 ngày" in text
    assert "Lý do chậm: đi xa." in text


def test_a_list_has_a_row_for_each_person(tmp_path: Path) -> None:
    """Everybody behind the figure stands in the list, numbered."""
    text = filled("danh-sach-cu-hoc", tmp_path / "a.docx")
    people = desk_papers.people_fields(roster("dang-bo-co-so"), "recognition.without_course", None, DAY)
    assert len(people) > 5
    assert all(person["full_name"] in text for person in people)
    assert people[-1]["number"] == str(len(people))


@pytest.mark.parametrize(("name", "field"), [("giay-moi", "meeting_on"), ("bien-ban", "new_member_certified_on")])
def test_a_missing_field_is_an_error_and_no_blank(name: str, field: str, tmp_path: Path) -> None:
    """Nothing is written, and the message names the field in words and in the template's letters."""
    with pytest.raises(BadInput, match=field) as refused:
        filled(name, tmp_path / "a.docx", leave_out=field)
    assert in_words(field).partition(" (")[0] in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_the_same_paper_twice_is_the_same_file(tmp_path: Path) -> None:
    """No hour of making is in the file."""
    filled("giay-moi", tmp_path / "a.docx")
    filled("giay-moi", tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_shipped_templates_are_made_from_their_words() -> None:
    """Each template says what papers.yaml says: whoever changes the words makes the templates anew."""
    for paper in paper_loader.load().values():
        assert paper.file.read_bytes() == paper_source.template(paper), paper.name


def test_an_office_may_use_its_own_template(tmp_path: Path) -> None:
    """Any Word file with named fields is filled; one with a broken field is refused."""
    own = Document()
    own.add_paragraph("Gửi {{ full_name }}: {{ probation_ends_on }}")
    own.save(str(tmp_path / "mau.docx"))
    fields = desk_papers.fields_of_case(roster("dang-bo-co-so"), "HS-0526", DAY)
    fill_paper(tmp_path / "mau.docx", fields, [], tmp_path / "a.docx")
    assert words(tmp_path / "a.docx") == "Gửi Nguyễn Thu Hương: 11/02/2021"
    own.add_paragraph("{{ full_name")
    own.save(str(tmp_path / "hong.docx"))
    with pytest.raises(BadInput, match="viết sai"):
        fill_paper(tmp_path / "hong.docx", fields, [], tmp_path / "b.docx")
    (tmp_path / "x.docx").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match="Không đọc được"):
        fill_paper(tmp_path / "x.docx", fields, [], tmp_path / "b.docx")
    with pytest.raises(BadInput, match="Không tìm thấy tệp"):
        fill_paper(tmp_path / "none.docx", fields, [], tmp_path / "b.docx")


def test_names_and_days_are_checked() -> None:
    """An unknown paper or case, and a day before the case began, are refused."""
    with pytest.raises(UnknownName, match="giay-moi"):
        paper_loader.known_paper("giay-mo")
    with pytest.raises(UnknownName):
        desk_papers.fields_of_case(roster("dang-bo-co-so"), "HS-9999", DAY)
    with pytest.raises(BadInput, match="chưa có bước nào"):
        desk_papers.fields_of_case(roster("dang-bo-co-so"), "HS-0526", dt.date(1950, 1, 1))


def test_the_command_drafts_a_paper(dubi: Dubi, large: Path, tmp_path: Path) -> None:
    """`dubi paper` fills, refuses with the missing fields, and lists what there is."""
    base = ("paper", "giay-moi", "HS-0526", "--file", large, "--as-of", "2024-10-31", "--out", "a.docx")
    refused = dubi(*base)
    assert refused.code == 3
    assert "ngày họp (meeting_on)" in refused.err
    more = ("--field", "meeting_on=05/11/2024", "--field", "meeting_place=Nhà văn hoá", "--field", "to=đồng chí")
    assert dubi(*base, *more).code == 0
    assert "Nguyễn Thu Hương" in words(tmp_path / "a.docx")
    assert dubi(*base, *more).code == 3
    assert [paper["paper"] for paper in dubi("giay-to", "list", "--json").json["papers"]] == list(paper_loader.load())
    assert dubi("paper", "giay-moi", "--file", large, "--out", "b.docx").code == 2
    assert dubi(*base, "--field", "meeting_on").code == 3
