"""Papers of a cell: every field comes from the records or from the user, a missing one is an error that names it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from desk.desk import Desk
from desk.filling import papers as desk_papers
from reports.papers import paper_loader, paper_source
from reports.papers.paper_filling import fill_paper, in_words
from rules.loader.errors import BadInput, UnknownName
from tests.cli.conftest import Dubi
from tests.reports.filled import ROSTERS, roster

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
    "helper": "Vũ Thanh Mẫu",
    "cell_proposed_recognition_on": "01/04/2024",
    "recognition_decision_limit_on": "15/05/2024",
    "cell_proposed_admission_on": "01/10/2019",
    "admission_decision_limit_on": "01/12/2019",
    "candidate_on": "01/02/2019",
    "awareness_certified_on": "01/05/2019",
    "dossier_opened_on": "01/08/2019",
    "consent_reasons": "đi xa",
    "move_reason": "chuyển công tác",
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
    base = ("paper", "giay-moi", "HS-0092", "--file", large, "--as-of", "2024-10-31", "--out", "a.docx")
    refused = dubi(*base)
    assert refused.code == 3
    assert "ngày họp (meeting_on)" in refused.err
    more = ("--field", "meeting_on=05/11/2024", "--field", "nơi họp=Nhà văn hoá", "--field", "nguoi-duoc-moi=đồng chí")
    assert dubi(*base, *more).code == 0
    text = words(tmp_path / "a.docx")
    assert "Nhà văn hoá" in text
    assert "chưa đối chiếu" not in text
    assert dubi(*base, *more).code == 3
    unknown = dubi(*base, *more, "--field", "nơi hop2=x", "--force")
    assert (unknown.code, "không có chỗ điền “nơi hop2”" in unknown.err) == (3, True)
    assert [paper["paper"] for paper in dubi("giay-to", "list", "--json").json["papers"]] == list(paper_loader.load())
    assert dubi("paper", "giay-moi", "--file", large, "--out", "b.docx").code == 2
    assert dubi(*base, "--field", "meeting_on").code == 3


ASKED_FOR: dict[str, dict[str, str | None]] = {
    "giay-moi": {"HS-0526": "thiếu giấy chứng nhận", "HS-0101": "từ ngày 08/03/2025", "HS-0091": "quần chúng ưu tú"},
    "bien-ban-ket-nap": {"HS-0091": "chưa có giấy chứng nhận", "HS-0107": None},
    "nghi-quyet-ket-nap": {"HS-0107": None},
    "gioi-thieu-vao-dang": {"HS-0107": None},
    "gioi-thieu-hoc": {"HS-0091": None, "HS-0107": "đã làm ngày"},
    "to-trinh-ket-nap": {"HS-0131": None, "HS-0107": "không có bước này", "HS-0092": "đã làm ngày"},
    "quyet-dinh-ket-nap": {"HS-0131": None, "HS-0092": "đã làm ngày"},
    "quyet-dinh-chinh-thuc": {"HS-0176": None, "HS-0092": "chưa làm được"},
    "to-trinh-chinh-thuc": {"HS-0176": None, "HS-0091": "không có bước này"},
    "giai-trinh-cham": {"HS-0526": None, "HS-0091": "chưa quá hạn"},
    "giai-trinh-cham-ket-nap": {"HS-0184": None, "HS-0107": "chưa quá hạn"},
    "gioi-thieu-chuyen-sinh-hoat": {"HS-0092": None, "HS-0091": "đảng viên dự bị, đảng viên chính thức"},
    "xin-y-kien": {"HS-0091": "cần văn bản đồng ý"},
}
"""Papers of the larger roster on the day: None where the rules let the person there, else words of the reason."""


def test_each_paper_is_refused_with_its_reason(tmp_path: Path) -> None:
    """Nothing is written where the rules do not let somebody; where they do, the paper is."""
    desk = Desk(roster_file("dang-bo-co-so"), today=dt.date(2026, 11, 29))
    question = desk.ask(as_of=DAY)
    for name, cases in ASKED_FOR.items():
        for case, reason in cases.items():
            out = tmp_path / f"{name}-{case}.docx"
            given = {key: GIVEN[key] for key in asked_by(name) if key in GIVEN}
            given.pop("meeting_on", None) if reason else None
            if reason is None:
                desk.paper(question, name, out, case=case, fields=given)
                assert out.exists()
                continue
            with pytest.raises(BadInput, match=reason):
                desk.paper(question, name, out, case=case, fields=given)
            assert not out.exists()


def test_consent_is_asked_for_whoever_needs_it(tmp_path: Path) -> None:
    """Everybody whom a special rule speaks of gets the letter, with its sentence and without a mark of ours."""
    desk = Desk(roster_file("dang-bo-co-so"), today=dt.date(2026, 11, 29))
    question = desk.ask(as_of=DAY)
    paper = paper_loader.known_paper("xin-y-kien")
    found = [one for one in desk.check(question).evaluation.findings if one.rule in paper.findings]
    assert found
    for one in found[:3]:
        out = tmp_path / f"{one.case}.docx"
        desk.paper(question, "xin-y-kien", out, case=one.case, fields={"to": "cấp trên", "candidate_on": "01/01/2024"})
        assert one.message.partition(" (chưa")[0][:60] in words(out)
        assert "chưa đối chiếu" not in words(out)


def test_a_paper_bears_what_its_unit_has_set(tmp_path: Path) -> None:
    """Letterhead, place and the name of whoever signs."""
    known = roster("dang-bo-co-so")
    code = next(record.fields["unit"] for record in known.records if record.code == "HS-0526")
    units = [
        replace(one, letterhead="ĐẢNG ỦY MẪU\nCHI BỘ MẪU", place="Mẫu Sơn", signer="Trần Văn Mẫu")
        if one.code == code
        else one
        for one in known.units
    ]
    fields = desk_papers.fields_of_case(replace(known, units=tuple(units)), "HS-0526", DAY)
    given = {key: value for key, value in GIVEN.items() if key not in ("place",)}
    fill_paper(paper_loader.known_paper("giay-moi").file, given | fields, [], tmp_path / "a.docx")
    text = words(tmp_path / "a.docx")
    for said in ("ĐẢNG ỦY MẪU", "CHI BỘ MẪU", "Mẫu Sơn, ngày", "Trần Văn Mẫu"):
        assert said in text


def asked_by(name: str) -> set[str]:
    """What the template of a paper asks for that no record says."""
    paper = paper_loader.known_paper(name)
    named = {word for text in paper.text for word in re.findall(r"{{ (\w+) }}", text)}
    return named & {"to", "meeting_on", "meeting_place", "remedy", "late_reason", "course_on", "course_place"} | (
        named & {"move_reason", "helper", "new_member_certified_on", "parent_name"}
    )


def roster_file(name: str) -> Path:
    """The file of a shipped roster."""
    return ROSTERS / f"{name}.xlsx"
