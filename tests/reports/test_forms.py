"""The forms filled from the shipped rosters: published figures, labels to the letter, sums, and the notes."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from cases.values.records import Record, Roster, Target, Unit
from cases.values.typed_figures import ManualFigure
from desk.counting import ledgers as desk_reports
from engine.statistics.counting import Run
from reports.forms import form_loader
from reports.forms.filling import fill
from reports.forms.model import Number, Report, Table
from reports.forms.numbers import cell_text
from reports.forms.occasion import Occasion
from rules.loader.errors import LawFileError, UnknownName
from tests.reports.filled import FORMS, PERIODS, D, filled, roster, row, sentence, table, texts, value
from tests.whole import crossed

EXPECTED = Path(__file__).parent.parent / "data" / "expected"
PRINTED = json.loads((EXPECTED / "son-la-6t-2024.printed.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "form"), crossed(list(PERIODS), list(FORMS)))
def test_every_form_is_filled_for_every_roster(name: str, form: str) -> None:
    """No form fails, none leaves a brace, and each says its period and its unit."""
    report = filled(name, form)
    words = " ".join([*report.title, *report.subtitle, *report.left, *report.notes])
    assert "{" not in words
    assert "tính đến ngày" in words
    assert report.form == form


def test_the_published_table_of_son_la() -> None:
    """Every line of the printed table, and its total, to the last digit; ratios half-up from the exact fraction."""
    report = filled("son-la-6t-2024", "F5")
    for line in PRINTED["rows"]:
        cells = row(report, line["unit"])
        numbers = [cell.value for cell in cells[2:6] if isinstance(cell, Number)]
        assert numbers == [line[key] for key in ("classes", "participants", "target", "admitted")], line["name"]
        assert cell_text(cells[1]) == line["name"]
        assert cell_text(cells[6]) == f"{line['ratio']:.2f}".replace(".", ",")
    total = next(line for line in table(report).lines if line.kind == "total")
    assert [cell_text(cell) for cell in total.cells[2:7]] == ["34", "2.295", "2.768", "1.076", "38,87"]


def test_what_the_source_cut_off_is_said() -> None:
    """The printed 21,4 and 60,6 differ from the rounded values, and the form says so."""
    (note,) = [note for note in filled("son-la-6t-2024", "F5").notes if "cắt bớt" in note]
    assert "Mường La 21,4 (làm tròn 21,5)" in note
    assert "60,6 (làm tròn 60,7)" in note
    assert "Vân Hồ" not in note


def test_exclusive_columns_hold_everybody_once() -> None:
    """Columns 9–16 and 17 on add up to the admissions on every line, and give the published totals that can be read."""
    report = filled("son-la-6t-2024", "F5")
    for line in table(report).lines:
        numbers = [cell.value for cell in line.cells[2:] if isinstance(cell, Number)]
        admitted, block, columns = numbers[3], numbers[5], numbers[6:]
        assert sum(int(n) for n in columns if n is not None) == admitted
        assert sum(int(n) for n in columns[:8] if n is not None) == block
    total = table(report).lines[-1].cells
    printed = {11: 15, 14: 58, 15: 2, 16: 20, 21: 99, 22: 2, 23: 34}
    assert {place: cell_text(total[place - 1]) for place in printed} == {k: str(v) for k, v in printed.items()}


def test_somebody_with_an_unknown_religion_is_in_a_column_all_the_same() -> None:
    """Whoever fits no column by known facts is in the last one, never lost."""
    report = filled("dang-bo-co-so", "F5")
    total = [cell.value for cell in table(report).lines[-1].cells if isinstance(cell, Number)]
    assert sum(int(n) for n in total[6:] if n is not None) == total[3] == 239


def test_the_sentences_of_son_la() -> None:
    """The figures of the text, in the words of the source."""
    report = filled("son-la-6t-2024", "F5")
    assert sentence(report, "F5.5").startswith("Đã mở 34 lớp bồi dưỡng nhận thức về Đảng với tổng số 2.295")
    assert "1.076/2.768" in sentence(report, "F5.6")
    assert "38,87%" in sentence(report, "F5.6")
    below_half = sentence(report, "F5.12").partition(": ")[2].removesuffix(".")
    assert below_half.split(", ") == PRINTED["under_half_of_target"]
    assert "02 đảng viên theo tôn giáo" in sentence(report, "F5.9")


@pytest.mark.parametrize("name", PERIODS)
def test_the_blocks_of_the_quality_form_add_up(name: str) -> None:
    """Occupations, ages and schooling each add up to the admissions, the added band 41–45 included."""
    report = filled(name, "F2")
    total = value(report, "F2.1")

    def added(*numbers: int) -> int:
        return sum(value(report, f"F2.{number}") for number in numbers)

    assert added(12, 13, 14, 15, 16, 20, 21, 22, 23, 24) == total
    assert added(17, 18, 19) == value(report, "F2.16")
    assert added(*range(26, 34)) == total
    assert added(*range(36, 40)) == total
    assert added(*range(41, 47)) <= total
    assert texts(report, "F2.1")[2] == "100,00"


def test_the_missing_band_is_added_and_footnoted() -> None:
    """The form jumps from 40 to 46: the row is added, and the footnote says that it is not in the source."""
    report = filled("dang-bo-co-so", "F2")
    assert texts(report, "F2.29")[0] == "- Tuổi 41 – 45 tuổi"
    mark = texts(report, "F2.29")[3]
    assert f"{mark} Biểu mẫu không có dòng 41 – 45 tuổi; bổ sung để tổng các độ tuổi bằng mục I." in report.notes


def test_labels_stand_as_in_the_source() -> None:
    """Faults of the source are kept: a label is what somebody compares with."""
    report = filled("dang-bo-co-so", "F2")
    assert texts(report, "F2.16")[0] == "- Lãnh đạo, quản lý vào lao động trong các DN, chia ra:"
    assert texts(report, "F2.8")[0] == "+ Quần chúng vi phạm chính sách KHHGD"
    assert texts(report, "F2.43")[0] == "- Cao cấp"
    assert any("Cao cấp: hiểu là Cao đẳng." in note for note in report.notes)
    assert texts(filled("dang-bo-co-so", "F1"), "F1.33")[0] == "+ Đoàn viên TNCSHCM"


def test_rows_of_the_national_form_agree_with_the_local_one() -> None:
    """The same figure in two forms of one period has one value; the two rows missing locally are in "Khác"."""
    local, national = filled("dang-bo-co-so", "F2"), filled("dang-bo-co-so", "F8B")
    assert value(local, "F2.1") == value(national, "F8B.1")
    assert value(local, "F2.24") == sum(value(national, f"F8B.{number}") for number in (14, 15, 26))
    assert len(table(national).lines) == 58
    assert cell_text(row(national, "F8B.36")[1]) == cell_text(row(local, "F2.34")[1]) == "29,4"


def test_opening_and_flows_give_the_closing_figure() -> None:
    """A + B − C = D in both columns, and the last column is empty where the year before has none."""
    report = filled("dang-bo-co-so", "F8A")
    for place in (1, 2):
        a, b, c, d = (value(report, f"F8A.{number}", place) for number in (1, 2, 8, 17))
        assert a + b - c == d
    assert row(report, "F8A.9")[1:] == (row(report, "F8A.9")[1], row(report, "F8A.9")[2], None)
    compared = row(report, "F8A.1")[3]
    assert isinstance(compared, Number)
    assert compared.value == Fraction(10500, 90)


def test_years_and_sectors_add_up() -> None:
    """The years give the total on every line of counts, and the lines give the first one."""
    report = filled("dang-bo-co-so", "F7")
    lines = {line.code: [c.value for c in line.cells if isinstance(c, Number)] for line in table(report).lines}
    for code in ("F7.1", "F7.3", "F7.5", "F7.7"):
        *by_year, total, _ = lines[code]
        assert sum(int(n or 0) for n in by_year) == total
    parts = ["F7.2a", "F7.2b", "F7.3", "F7.4", "F7.5", "F7.6a", "F7.6b", "F7.7"]
    for place in range(6):
        assert sum(int(lines[code][place] or 0) for code in parts) == lines["F7.1"][place]


def test_the_overdue_list_is_grouped_and_open_ended() -> None:
    """Groups 1–3 are those whose term is over, however long ago; the longest delay comes first."""
    report = filled("dang-bo-co-so", "F9")
    lines = table(report).lines
    groups = [line.code for line in lines if line.kind == "group"]
    assert groups == ["F9.1", "F9.2", "F9.2b", "F9.3", "F9.4"]
    first = next(line for line in lines if line.kind == "row")
    assert cell_text(first.cells[8]) == "quá 1.311 ngày"
    last_group = next(number for number, line in enumerate(lines) if line.code == "F9.4")
    assert sum(line.kind == "row" for line in lines[:last_group]) == 39
    assert any("= 39 đảng viên" in note for note in report.notes)


def test_sensitive_columns_need_an_express_wish() -> None:
    """Ethnicity and religion stand beside names only when asked for; lists behind such figures are held back."""
    plain, asked = filled("dang-bo-co-so", "F10"), filled("dang-bo-co-so", "F10", sensitive=True)
    person = next(line for line in table(plain).lines if line.kind == "row")
    assert person.cells[4:6] == ("", "")
    assert any("Để trống cột Dân tộc, Tôn giáo" in note for note in plain.notes)
    assert next(line for line in table(asked).lines if line.kind == "row").cells[4] != ""
    behind = {people.source: people for people in filled("dang-bo-co-so", "F2", people=True).people}
    assert behind["admission.religious"].withheld
    assert behind["admission.religious"].rows == ()
    assert len(behind["admission.female"].rows) == value(filled("dang-bo-co-so", "F2"), "F2.3")


def test_what_nobody_typed_in_is_a_gap_and_a_task() -> None:
    """A typed figure that is missing is … in a sentence and “chưa nhập” in a table, and is listed to be typed in."""
    report = filled("dang-bo-co-so", "F4")
    assert "… cấp ủy viên" in sentence(report, "F4.1")
    (missing,) = (note for note in report.notes if note.startswith("Chưa nhập"))
    assert " Cấp ủy viên; " in missing
    assert any("dubi figure list --unit DU --from 01/07/2020 --to 31/10/2024" in note for note in report.notes)
    (few,) = (note for note in filled("dang-bo-co-so", "F8A").notes if note.startswith("Chưa nhập"))
    assert few == "Chưa nhập 1 số: Phục hồi đảng tịch (member.restored)."
    assert texts(filled("dang-bo-co-so", "F8A"), "F8A.7")[1] == "chưa nhập"


def test_nobody_admitted_prints_dashes_and_no_hundred() -> None:
    """With a base of 0 the shares have no value, and the note says why."""
    known = form_loader.known_form("F2")
    empty = Roster(records=(Record("1", {"full_name": "A"}),), units=(Unit("X", "Chi bộ X"),))
    ledger = desk_reports.ledger(empty, Run(D(2024, 1, 1), D(2024, 12, 31), D(2024, 12, 31)), more=known.indicators)
    report = fill(known, Occasion(ledger, empty.units, None))
    assert texts(report, "F2.1")[1:3] == ["0", "–"]
    assert texts(report, "F2.34")[1] == "–"
    assert any("không có mẫu số" in note for note in report.notes)


def test_a_unit_of_the_roster_is_named_and_counted_alone() -> None:
    """A form for one unit bears its name and counts what lies below it."""
    report = filled("son-la-6t-2024", "F2", "SL-11")
    assert "MƯỜNG LA" in report.left
    assert value(report, "F2.1") == 44


def test_what_belongs_to_the_unit_itself_has_a_line() -> None:
    """Classes that the committee itself held are in no cell's line: the table says so instead of not adding up."""
    report = filled("dang-bo-co-so", "F5")
    rest = next(line for line in table(report).lines if "Ghi tại chính đơn vị" in line.cells)
    assert isinstance(rest.cells[2], Number)
    assert rest.cells[2].value == 17


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("figure: member.official", "figure: member.oficial", "member.official"),
        ("{recognition.past_cell_window}", "{recognition.past_cel_window}", "recognition.past_cell_window"),
        ("kind: figure, width: 12", "kind: figur, width: 12", "figure"),
        ("past_cell_window: recognition", "past_window: recognition", "late_reading"),
        ("heading: true}", "headings: true}", "heading"),
    ],
)
def test_a_broken_form_is_refused_with_its_line(before: str, after: str, line: str, tmp_path: Path) -> None:
    """A wrong name, kind or choice in a form is found when it is read, not when somebody prints it."""
    source = (form_loader.HERE / "F1.yaml").read_text(encoding="utf-8")
    assert before in source
    (tmp_path / "F1.yaml").write_text(source.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LawFileError, match=line):
        form_loader.load(tmp_path)


def test_a_form_is_found_by_either_name() -> None:
    """F2, f2 and its Vietnamese short name are the same form; another name is refused with the nearest."""
    assert form_loader.known_form("f2") is form_loader.known_form("chat-luong-dang-vien-moi")
    with pytest.raises(UnknownName, match="chat-luong-dang-vien-moi"):
        form_loader.known_form("chat-luong-dang-vien")


def test_every_row_of_the_domain_has_its_place() -> None:
    """Each form has its rows, numbered without gaps."""
    expected = {"F1": 41, "F2": 49, "F8A": 17, "F8B": 58}
    for form, rows in expected.items():
        (block,) = (block for block in filled("chi-bo-nho", form).blocks if isinstance(block, Table))
        assert [line.code for line in block.lines] == [f"{form}.{number}" for number in range(1, rows + 1)]


def test_a_typed_figure_is_printed_with_its_source() -> None:
    """What somebody typed in fills its place and its sums, and the form says who gave it and from what."""
    known = form_loader.known_form("F8A")
    start, end = PERIODS["dang-bo-co-so"]
    typed = ManualFigure("member.restored", "DU", start, end, 2, "tổ tổ chức", D(2024, 11, 1), "Sổ theo dõi 2024")
    shipped = roster("dang-bo-co-so")
    ledger = desk_reports.ledger(shipped, Run(start, end, end), typed=[typed], more=known.indicators)
    report = fill(known, Occasion(ledger, shipped.units, None))
    assert texts(report, "F8A.7")[1] == "2*"
    assert texts(report, "F8A.7")[2] == "chưa nhập"
    assert "Đã nhập cho kỳ này, chưa nhập cho kỳ khác có trong biểu: Phục hồi đảng tịch." in report.notes
    assert not any("dubi figure set" in note for note in report.notes)
    assert value(report, "F8A.2") == value(filled("dang-bo-co-so", "F8A"), "F8A.2") + 2
    assert "(*) Số nhập tay, Sổ theo dõi 2024 (tổ tổ chức, 01/11/2024) – Phục hồi đảng tịch: 2." in report.notes
    assert any(note.startswith("Số liệu không khớp (S3)") and "Chênh lệch 2" in note for note in report.notes)


def test_a_target_against_those_below_it_is_pointed_out() -> None:
    """A unit's own target counts; where the units below it add up to another one, the form says so, and only there."""
    units = (Unit("DU", "Đảng bộ Mẫu", "grassroots_committee"), Unit("A", "Chi bộ A", "cell", parent="DU"))
    start, end = PERIODS["dang-bo-co-so"]

    def notes(*targets: Target) -> list[str]:
        shipped = Roster(units=units, targets=targets)
        ledger = desk_reports.ledger(shipped, Run(start, end, end))
        report = fill(form_loader.known_form("F4"), Occasion(ledger, units, None, people=False))
        return [note for note in report.notes if "chỉ tiêu kết nạp:" in note]

    assert notes(Target("A", 2024, 7)) == notes(Target("DU", 2024, 7), Target("A", 2024, 7)) == []
    assert notes(Target("DU", 2024, 9), Target("A", 2024, 7)) == [
        "Cần xem lại – chỉ tiêu kết nạp: Đảng bộ Mẫu được giao 9, các đơn vị trực thuộc cộng lại 7; lấy số 9."
    ]


def test_the_digits_of_a_form_may_be_chosen() -> None:
    """Shares and ratios with so many digits, from the exact fraction; the mean age keeps its own; the form says it."""
    shipped, (start, end) = roster("dang-bo-co-so"), PERIODS["dang-bo-co-so"]

    def shown(form: str, digits: str) -> Report:
        known = form_loader.known_form(form)
        ledger = desk_reports.ledger(shipped, Run(start, end, end), None, {"digits": digits}, more=known.indicators)
        return fill(known, Occasion(ledger, shipped.units, None, people=False))

    women = [texts(shown("F2", digits), "F2.3") for digits in ("form", "0", "1", "3")]
    assert {line[1] for line in women} == {"125"}
    assert [line[2] for line in women] == ["52,30", "52", "52,3", "52,301"]  # 125/239 = 52,3012…
    assert texts(shown("F2", "3"), "F2.34")[1] == texts(shown("F2", "form"), "F2.34")[1] == "29,4"
    assert any("Số chữ số thập phân của tỷ lệ: một" in note for note in shown("F5", "1").notes)
    assert not any("Số chữ số thập phân" in note for note in shown("F5", "form").notes)


def test_the_list_of_the_overdue_says_who_holds_a_case_up_and_what_to_do() -> None:
    """A missing class, the cell or the level above, as the rules see it; everybody's next step, never an empty one."""
    block = table(filled("dang-bo-co-so", "F9"))
    labels = [column.label for column in block.columns]
    waiting, doing = labels.index("Khâu đang chậm"), labels.index("Việc cần làm tiếp")
    people = [line for line in block.lines if line.kind == "row"]
    said = {(cell_text(line.cells[waiting]), cell_text(line.cells[doing])) for line in people}
    assert ("thiếu lớp bồi dưỡng đảng viên mới", "Cử học lớp đảng viên mới, chi bộ họp xét ngay") in said
    assert ("chi bộ", "Chi bộ họp xét ngay") in said
    assert ("cấp trên", "Cấp có thẩm quyền quyết định") in said
    assert all(state and step for state, step in said)
