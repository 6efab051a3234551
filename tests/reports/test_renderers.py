"""Forms as files: every format of every form opens again, shows the figures, and is the same file each time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from docx import Document
from openpyxl import load_workbook

from reports.forms.headings import head_cells, head_rows
from reports.forms.model import Number, Report, ReportColumn, ReportLine, Signature, Slot, Slots, Table
from reports.forms.numbers import fixed, grouped, in_prose, in_table, term_of, title_day
from reports.lists.people_lists import days_in_words
from reports.render import csv as as_csv
from reports.render import docx as as_docx
from reports.render import html as as_html
from reports.render import json as as_json
from reports.render import pdf as as_pdf
from reports.render import xlsx as as_xlsx
from reports.render.typst_text import text as typst
from rules.loader.errors import BadInput
from tests.reports.filled import FORMS, filled
from tests.whole import crossed

FORMATS = {"xlsx": as_xlsx, "docx": as_docx, "pdf": as_pdf, "html": as_html, "csv": as_csv, "json": as_json}


def made(module: ModuleType, report: Report, path: Path) -> bytes:
    """The bytes of a form in one format."""
    module.write(report, path, replace=True)
    return path.read_bytes()


@pytest.mark.parametrize(("suffix", "form"), crossed(list(FORMATS), list(FORMS)))
def test_every_form_in_every_format_twice_the_same(suffix: str, form: str, tmp_path: Path) -> None:
    """The same form gives the same bytes, on another day too: no hour of making is in the file."""
    report = filled("dang-bo-co-so", form, people=form == "F2")
    first = made(FORMATS[suffix], report, tmp_path / f"a.{suffix}")
    assert first == made(FORMATS[suffix], report, tmp_path / f"b.{suffix}")
    assert len(first) > 200


def test_a_workbook_holds_real_numbers(tmp_path: Path) -> None:
    """Counts are whole numbers, ratios show two digits, headings are frozen and repeated, the page is A4."""
    made(as_xlsx, filled("dang-bo-co-so", "F2", people=True), tmp_path / "f2.xlsx")
    book = load_workbook(tmp_path / "f2.xlsx")
    sheet = book["F2"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    women = rows["+ Nữ"]
    assert (women[1].value, women[1].number_format) == (125, "#,##0")
    assert (women[2].value, women[2].number_format) == (52.3, "#,##0.00")
    assert sheet.page_setup.paperSize == 9
    heading = rows["Chỉ tiêu"][0].row
    assert sheet.print_title_rows == f"${heading}:${heading + 1}"
    assert sheet.freeze_panes == f"A{heading + 2}"
    assert women[1].font.name == "Times New Roman"
    assert book.properties.created == dt.datetime(2000, 1, 1)


def test_a_workbook_has_the_people_behind_its_figures(tmp_path: Path) -> None:
    """The sheet Danh sách has as many women as the form says, each with the row of the form; it can be left out."""
    made(as_xlsx, filled("dang-bo-co-so", "F2", people=True), tmp_path / "with.xlsx")
    sheet = load_workbook(tmp_path / "with.xlsx")["Danh sách"]
    women = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "F2.3" and row[2] is not None]
    assert len(women) == 125
    made(as_xlsx, filled("dang-bo-co-so", "F2"), tmp_path / "without.xlsx")
    assert load_workbook(tmp_path / "without.xlsx").sheetnames == ["F2", "Ghi chú"]


def test_a_word_document_says_what_the_form_says(tmp_path: Path) -> None:
    """Title, figures with decimal commas, repeated headings and signature blocks are in the document."""
    made(as_docx, filled("dang-bo-co-so", "F8A"), tmp_path / "f8a.docx")
    document = Document(str(tmp_path / "f8a.docx"))
    assert "TĂNG, GIẢM ĐẢNG VIÊN" in [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "116,67" in cells
    assert any("NGƯỜI LẬP BIỂU" in cell for cell in cells)
    (figures,) = [table for table in document.tables if len(table.columns) == 4]
    repeated = [row for row in figures.rows if row._tr.xpath("./w:trPr/w:tblHeader")]
    assert len(repeated) == 3
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_a_pdf_carries_the_shipped_font(tmp_path: Path) -> None:
    """The letters are those of the font that ships with the program, whatever the machine has."""
    pages = made(as_pdf, filled("chi-bo-nho", "F1"), tmp_path / "f1.pdf")
    assert pages.startswith(b"%PDF")
    fonts = {name.split(b"+")[-1] for name in re.findall(rb"/FontName\s*/([\w+-]+)", pages)}
    assert fonts == {b"LiberationSerif", b"LiberationSerif-Bold", b"LiberationSerif-Italic"}


def test_a_page_fetches_nothing_and_shows_text_as_text() -> None:
    """A name that looks like a tag stays a name; no address is in the page."""
    page = as_html.page(_small('<b onclick="x">An</b> & Bình'))
    assert "&lt;b onclick=&quot;x&quot;&gt;An&lt;/b&gt; &amp; Bình" in page
    assert "http" not in page
    assert "<script" not in page


def test_csv_is_safe_for_a_spreadsheet() -> None:
    """No cell is taken for a formula, negative numbers stay numbers, decimals have a comma."""
    text = as_csv.text(_small("=HYPERLINK(1)"))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["R1", "'=HYPERLINK(1)", "1234", "-5,25"] in rows


def test_json_gives_value_fraction_and_figure() -> None:
    """A program reads every cell with what it was made from."""
    values = as_json.values(filled("dang-bo-co-so", "F8A"))
    assert json.loads(json.dumps(values)) == values
    first = values["blocks"][0]["rows"][2]
    assert first["row"] == "F8A.3"
    assert first["cells"][1] == {"value": 239, "figure": "admission.total"}
    assert values["admission_date"] == "ceremony"


HOSTILE = ['#import "x"', "*đậm* _nghiêng_", "$x^2$", "1. mục", "- gạch", "a\\b", "@nhãn <x>", "= đề"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_typst_takes_what_users_type_as_text(hostile: str, tmp_path: Path) -> None:
    """Signs of the setting language in a name are printed, not obeyed."""
    assert "\\" in typst(hostile)
    assert made(as_pdf, _small(hostile), tmp_path / "x.pdf").startswith(b"%PDF")


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    """Without being told so, no format writes over a file, nor under a name of another format."""
    for suffix, module in FORMATS.items():
        path = tmp_path / f"a.{suffix}"
        path.write_text("cũ", encoding="utf-8")
        with pytest.raises(BadInput):
            module.write(_small("x"), path)
        assert path.read_text(encoding="utf-8") == "cũ"
        with pytest.raises(BadInput):
            module.write(_small("x"), tmp_path / "a.txt")


def test_headings_over_several_columns_meet() -> None:
    """Every place of the headings is covered exactly once."""
    block = next(block for block in filled("son-la-6t-2024", "F5").blocks if isinstance(block, Table))
    places = [
        (cell.row + r, cell.column + c)
        for cell in head_cells(block)
        for r in range(cell.rows)
        for c in range(cell.columns)
    ]
    assert sorted(places) == [(r, c) for r in range(head_rows(block)) for c in range(len(block.columns))]


@pytest.mark.parametrize(
    ("number", "table", "prose"),
    [
        (Number(0), "0", "0"),
        (Number(7), "7", "07"),
        (Number(1076), "1.076", "1.076"),
        (Number(-3), "-3", "-3"),
        (Number(None), "–", "…"),
        (Number(Fraction(62), 2, percent=True), "62,00", "62,00%"),
        (Number(Fraction(100 * 1076, 2768), 2, percent=True), "38,87", "38,87%"),
        (Number(Fraction(-21, 4), 1), "-5,3", "-5,3"),
        (Number(Fraction(1234567, 100), 1), "12.345,7", "12.345,7"),
    ],
)
def test_numbers_as_they_are_printed(number: Number, table: str, prose: str) -> None:
    """Decimal comma, dots between thousands, a zero before counts below ten in prose only."""
    assert (in_table(number), in_prose(number)) == (table, prose)


def test_days_and_terms_as_they_are_printed() -> None:
    """Days below ten and the first two months are padded; a term begins in the middle of each fifth year."""
    assert title_day(dt.date(2020, 7, 1)) == "01/7/2020"
    assert title_day(dt.date(2024, 2, 3)) == "03/02/2024"
    assert [term_of(dt.date(y, m, 1)) for y, m in ((2020, 7), (2020, 6), (2025, 3), (2026, 1))] == [
        "2020-2025",
        "2015-2020",
        "2020-2025",
        "2025-2030",
    ]
    assert (fixed(Fraction(1, 3), 0), grouped(1234567)) == ("0", "1.234.567")
    assert (days_in_words(0), days_in_words(-1311)) == ("còn 0 ngày", "quá 1.311 ngày")


def _small(label: str) -> Report:
    """A form with one row, one sentence and a signature."""
    return Report(
        form="X",
        label=label,
        title=(label,),
        subtitle=(label,),
        left=(label,),
        right=(label,),
        corner=label,
        place_line=label,
        blocks=(
            Table(
                (ReportColumn(label, 20, "left"), ReportColumn("B", number="2"), ReportColumn("C", over=label)),
                (
                    ReportLine((label, Number(1234), Number(Fraction(-21, 4), 2)), code="R1"),
                    ReportLine((label,), "group"),
                    ReportLine((label, None, dt.date(2024, 2, 3)), "total"),
                ),
            ),
            Slots((Slot("S1", label, label, ((label, Number(3)),), label),)),
        ),
        notes=(label,),
        signatures=(Signature((label,), label, label), Signature((label,))),
    )
