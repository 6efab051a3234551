"""Forms are the unit's own: heading, place, signers; words of the day; nothing on them that is not for the receiver."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from desk.counting.ledgers import ledger
from engine.statistics.counting import Run
from reports.forms import form_loader
from reports.forms.filling import fill
from reports.forms.model import Report
from reports.forms.occasion import Occasion
from reports.render import docx, html, pdf, xlsx
from rules.loader import indicators
from tests.reports.filled import FORMS, filled, roster, table

SET = {
    "letterhead": "TỈNH ỦY MẪU\nĐẢNG ỦY PHƯỜNG MẪU",
    "place": "Mẫu Sơn",
    "document_symbol": "BC/ĐU",
    "signer_title": "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ",
    "signer": "Trần Văn Mẫu",
    "preparer": "Lê Thị Mẫu",
    "recipients": "Ban Tổ chức Tỉnh ủy;\nLưu Văn phòng.",
}


def own(form: str, settings: dict[str, str] | None = None, end: dt.date = dt.date(2024, 10, 31)) -> Report:
    """A form of a unit that has set something for its papers."""
    known, book = form_loader.known_form(form), roster("chi-bo-nho")
    (root,) = [unit for unit in book.units if unit.parent is None]
    units = [replace(root, **(settings or {})), *(unit for unit in book.units if unit != root)]  # type: ignore[arg-type]  # texts all
    counted = ledger(book, Run(dt.date(end.year, 1, 1), end, end), root.code, more=known.indicators)
    return fill(known, Occasion(counted, units, root.code, people=False))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_bears_what_its_unit_has_set(form: str) -> None:
    """Letterhead, place, office and names of those who sign, and nothing of any other province."""
    report = own(form, SET)
    assert report.left == tuple(SET["letterhead"].split("\n"))
    if report.place_line:
        assert report.place_line.startswith("Mẫu Sơn, ngày")
    assert SET["signer"] in {block.name for block in report.signatures}
    for block in report.signatures:
        if block.title[0].startswith("NGƯỜI LẬP"):
            assert block.name == SET["preparer"]
        elif block.title[0].startswith("Nơi nhận"):
            assert block.note == "- Ban Tổ chức Tỉnh ủy;\n- Lưu Văn phòng."
        else:
            assert (block.title, block.name) == (tuple(SET["signer_title"].split("\n")), SET["signer"])
    plain = own(form)
    assert "BÌNH DƯƠNG" not in " ".join([*plain.left, *plain.title])
    (name,) = [unit.name for unit in roster("chi-bo-nho").units if unit.parent is None]
    assert str(name).upper() in " ".join([*plain.left, *plain.title, *plain.notes]).upper()


def test_what_a_unit_has_set_is_printed(tmp_path: Path) -> None:
    """In every kind of file, a name with letters of markup too."""
    report = own("F9", {**SET, "signer": "Trần <Văn> *Mẫu*"})
    html_text = html.page(report)
    assert "Trần &lt;Văn&gt; *Mẫu*" in html_text
    assert "PHÓ BÍ THƯ" in pdf.source(report)
    docx.write(report, tmp_path / "f.docx")
    xlsx.write(report, tmp_path / "f.xlsx")
    words = [cell.text for part in Document(str(tmp_path / "f.docx")).tables for row in part.rows for cell in row.cells]
    assert any("Trần <Văn> *Mẫu*" in text for text in words)
    cells = {cell.value for row in load_workbook(tmp_path / "f.xlsx").worksheets[0].iter_rows() for cell in row}
    assert {"Trần <Văn> *Mẫu*", "Lê Thị Mẫu", "TỈNH ỦY MẪU"} <= cells


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["chi-bo-nho", "dang-bo-co-so"])
def test_nothing_under_a_form_is_for_its_maker_alone(name: str, form: str) -> None:
    """No command, no code of an indicator or of a control, no paragraph on how it was counted: these stand apart."""
    report = filled(name, form)
    codes = [name for name in indicators.load() if "." in name]
    for note in report.under:
        assert "dubi " not in note
        assert "Cách tính" not in note
        assert not re.search(r"\([SK]\d+", note)
        assert not any(code in note for code in codes), note
    assert set(report.under) | set(report.apart) == set(report.notes)


def test_notes_apart_are_on_a_sheet_or_page_of_their_own(tmp_path: Path) -> None:
    """Every kind of file has them, after all that is sent on."""
    report = filled("dang-bo-co-so", "F8A")
    assert report.apart
    xlsx.write(report, tmp_path / "f.xlsx")
    book = load_workbook(tmp_path / "f.xlsx")
    assert [row[0].value for row in book["Ghi chú"].iter_rows(min_row=2)] == list(report.apart)
    first = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert not first & set(report.apart)
    docx.write(report, tmp_path / "f.docx")
    for text in (
        "\n".join(paragraph.text for paragraph in Document(str(tmp_path / "f.docx")).paragraphs),
        html.page(report),
    ):
        assert text.index(report.apart[-1][:20]) > text.index(report.under[-1][:20])


def test_words_of_levels_are_those_of_the_day() -> None:
    """No district and no township in a period that ends after 30/6/2025; before it the words of the source."""
    for form in FORMS:
        for end, there in ((dt.date(2025, 6, 30), True), (dt.date(2025, 7, 1), False)):
            report = own(form, end=end)
            words = [cell for block in report.blocks for cell in _words(block)] + list(report.notes)
            said = [text for text in words if "huyện" in text.casefold() or "thị trấn" in text.casefold()]
            assert bool(said) == (there and form in ("F2", "F5", "F8A", "F8B")), (form, end, said[:2])


def _words(block: object) -> list[str]:
    columns = [text for column in getattr(block, "columns", ()) for text in (column.label, column.over or "")]
    cells = [cell for line in getattr(block, "lines", ()) for cell in line.cells if isinstance(cell, str)]
    return [*columns, *cells, *(slot.sentence for slot in getattr(block, "slots", ()))]


def test_people_with_something_unknown_are_one_number() -> None:
    """The same under every form of a period, each person once."""
    for name in ("chi-bo-nho", "dang-bo-co-so"):
        numbers = set()
        for form in FORMS:
            numbers |= {found for note in filled(name, form).notes for found in re.findall(r"mọi biểu: ([\d.]+)", note)}
        assert len(numbers) == 1, (name, numbers)


def test_days_of_the_due_list_count_to_the_limit_beside_them() -> None:
    """In every line of every group: the day of the limit less the as-of day."""
    as_of, seen = dt.date(2024, 10, 31), 0
    report = filled("dang-bo-co-so", "F9")
    heads = [column.label for column in table(report).columns]
    limit, days = (next(p for p, head in enumerate(heads) if head.startswith(word)) for word in ("Hạn", "Số ngày"))
    for line in table(report).lines:
        if line.kind == "group" or not isinstance(line.cells[limit], dt.date):
            continue
        left = (line.cells[limit] - as_of).days  # type: ignore[operator]  # a day, as was asked
        said = str(line.cells[days])
        number = int("".join(letter for letter in said if letter.isdecimal()) or 0)
        assert number == abs(left), (line.cells[1], said)
        assert ("quá" in said) == (left < 0)
        seen += 1
    assert seen > 20


def test_nobody_writes_of_no_committees_at_all() -> None:
    """A part of a sentence whose figure is zero is left out, with what belongs to it."""
    report = filled("dang-bo-co-so", "F5")
    sentences = {slot.code: slot.sentence for block in report.blocks for slot in getattr(block, "slots", ())}
    for code in ("F5.4a", "F5.4b", "F5.4c", "F5.4d", "F5.4e", "F5.4f"):
        assert not re.search(r"\b0 (đảng bộ|chi bộ|tổ chức)", sentences[code]), sentences[code]
        assert "<" not in sentences[code]
