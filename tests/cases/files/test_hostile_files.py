"""A file from outside can do no harm: it is read in a child within bounds, at every door, and refused in a sentence."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from openpyxl import Workbook

from cases.files.sources import read_book, read_named, read_raw
from cases.history.receipts import read_receipt
from cases.rosters.columns.mappings import load_mapping
from cases.rosters.outcome.canonical import is_case_sheet
from cases.values import apart as door
from cases.values.apart import NotAFile, TooHard, Unreadable, apart
from cases.values.child_limits import extended_limits
from cases.values.refusals import BadFile, TooLarge
from cases.workbook.read import read_workbook
from desk.answers.meetings import meeting_days
from desk.sweeping.parquet import sweep_parquet
from engine.ruleset import load_ruleset
from reports.lists.reminders import write_calendar
from reports.papers.paper_filling import fill_paper
from reports.readback.reading_back import read_back
from reports.render.template import fill_template
from rules.loader.errors import BadInput
from tests.cases.files import bad_readers
from tests.given.reading_here import read_apart
from tests.reports.filled import filled
from tests.whole import first_of, some

DAY_ONE = dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the program does, and not in this process as other tests do."""
    read_apart(monkeypatch)


DOORS: dict[str, Callable[[Path], object]] = {
    "any list": read_book,
    "sheets by name": lambda path: read_named(path, is_case_sheet, list),
    "our workbook": read_workbook,
    "raw sheets": lambda path: read_raw(path, list),
    "filled form": read_back,
    "form to fill": lambda path: fill_template(filled("chi-bo-nho", "F1"), path, path.with_name("out.xlsx")),
    "paper": lambda path: fill_paper(path, {}, [], path.with_name("out.docx")),
    "receipt": read_receipt,
    "mapping": load_mapping,
    "calendar": lambda path: (
        write_calendar(path.with_suffix(".ics"), [], [], DAY_ONE)
        if path.with_suffix(".ics").exists()
        else read_receipt(path)
    ),
    "meetings": lambda path: meeting_days(str(path), DAY_ONE, DAY_ONE, load_ruleset().calendar),
    "columns": lambda path: sweep_parquet(str(path), str(path.with_name("out")), DAY_ONE, "polars", load_ruleset()),
}
"""Every door that a foreign file comes in by."""


ROOT = Path(__file__).parents[3]
OPENS = re.compile(r"load_workbook\(|from_ical\(|DocxTemplate\(|scan_parquet\((?:file|place)\)|ZipFile\(path\)")
OUR_OWN = {"desk/answers/news.py", "desk/sweeping/exporting.py", "desk/sweeping/wide_cases.py"}
"""Read what this program wrote itself, or are called in the child alone."""


def test_every_module_that_opens_foreign_files_does_so_by_the_door() -> None:
    """Whoever calls a library on a file from outside calls it in the child; the readers of lists stand behind one."""
    for folder in ("cases", "desk", "reports", "cli", "web", "rules"):
        for module in (ROOT / folder).rglob("*.py"):
            name, text = module.relative_to(ROOT).as_posix(), module.read_text(encoding="utf-8")
            if OPENS.search(text) and not name.startswith("cases/files/") and name not in OUR_OWN:
                assert re.search(r"apart\(|in_child\(", text), name
    assert "apart(" in (ROOT / "cases/files/sources.py").read_text(encoding="utf-8")


@contextmanager
def no_child_left() -> Iterator[None]:
    """Whatever happens, no process of ours is left behind."""
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("name", DOORS)
def test_only_regular_files_come_in(name: str, tmp_path: Path) -> None:
    """A device that never ends, a pipe that nobody writes to and a folder are refused at once, at every door."""
    pipe, folder = tmp_path / "pipe.ics", tmp_path / "folder.ics"
    os.mkfifo(pipe)
    folder.mkdir()
    (tmp_path / "zero.ics").symlink_to("/dev/zero")
    for path in (pipe, tmp_path / "zero.ics", *([folder] if name != "columns" else [])):  # a folder of files is swept
        before = time.monotonic()
        with pytest.raises(NotAFile):
            DOORS[name](path)
        assert time.monotonic() - before < 30


@pytest.mark.parametrize("fresh", first_of([False, True]))
def test_whatever_a_reader_does_it_does_to_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fresh: bool
) -> None:
    """Memory without end, a loop, a wait, an abort and an end without an answer are one refusal that names the file."""
    monkeypatch.setattr(door, "_SECONDS", 1)
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"x")
    for read in (bad_readers.hungry, bad_readers.endless, bad_readers.asleep, bad_readers.aborts, bad_readers.ends):
        monkeypatch.setattr(door, "_PATIENCE", 1 if read is bad_readers.asleep else 4)  # who sleeps is waited out
        with no_child_left(), pytest.raises(TooHard, match=re.escape(str(file))):
            apart(file, read, fresh=fresh)
    with no_child_left(), pytest.raises(TooLarge, match=r"của tôi\. Thôi\."):
        apart(file, bad_readers.says_no, fresh=fresh)
    with no_child_left(), pytest.raises(Unreadable, match=re.escape(str(file))) as unforeseen:
        apart(file, bad_readers.fails, fresh=fresh)
    assert isinstance(unforeseen.value.__cause__, ZeroDivisionError)
    assert apart(file, bad_readers.gives, 7, fresh=fresh) == [7, {"a": bad_readers.DAY}]


def test_the_limits_of_a_job_object_have_the_form_that_windows_reads() -> None:
    """On a 64-bit machine the structure has the size that the Windows SDK gives it, with both limits switched on."""
    import ctypes

    limits = extended_limits(20, 1 << 31)
    assert ctypes.sizeof(limits) == 144
    assert limits.BasicLimitInformation.PerProcessUserTimeLimit == 200_000_000
    assert limits.BasicLimitInformation.LimitFlags & 0x102 == 0x102
    assert limits.ProcessMemoryLimit == 1 << 31


def shared_strings(length: int, times: int, said: str = "<v>0</v>") -> bytes:
    """An .xlsx that names one shared text so often, in a column each a hundred rows; there is a short one, too."""
    whole, made = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        sheet = book.add_worksheet("Hồ sơ")
        sheet.write("A1", "chữ")
        sheet.write("A2", "ngắn")
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/sharedStrings.xml":
                content = content.replace("chữ".encode(), b"x" * length)
            elif name == "xl/worksheets/sheet1.xml":
                rows = "".join(
                    f'<row r="{row}">'
                    + "".join(f'<c r="{letter}{row}" t="s">{said}</c>' for letter in "ABCDEFGHIJKLMNOPQRST")
                    + "</row>"
                    for row in range(1, times // 20 + 1)
                )
                content = re.sub(rb"<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>".encode(), content)
            target.writestr(name, content)
    return made.getvalue()


def opendocument(cell: str, row: str = "") -> bytes:
    """An .ods of one sheet with one row of these cells."""
    made = BytesIO()
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='Hồ sơ'>"
            f"<table:table-row {row}>{cell}</table:table-row>"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def _cell(text: str, more: str = "") -> str:
    return f"<table:table-cell office:value-type='string' {more}><text:p>{text}</text:p></table:table-cell>"


LONG = "x" * 33_000
BOMBS: dict[str, Callable[[], bytes]] = {
    "one long text named often": lambda: shared_strings(200_000, 40_000),
    "a text of the longest length named often": lambda: shared_strings(32_767, 40_000),
    "one cell too long": lambda: shared_strings(32_768, 20),
    "spaces that are only counted": lambda: opendocument(_cell("<text:s text:c='2000000000'/>")),
    "spaces in many pieces": lambda: opendocument(_cell("<text:s text:c='3000'/>" * 11)),
    "a cell that says it stands there often": lambda: opendocument(
        _cell("x" * 30_000, "table:number-columns-repeated='100'"), "table:number-rows-repeated='1000'"
    ),
    "an .ods cell too long": lambda: opendocument(_cell(LONG)),
    "text with columns without end": lambda: ("Họ tên;" * 1_001 + "\n").encode(),
    "text with rows without end": lambda: b"a\n" * 1_048_577,
    "text too long": lambda: f"Họ tên,Ghi chú\nAn,{LONG}\n".encode(),
    "text too long in UTF-16": lambda: f"Họ tên\tGhi chú\nAn\t{LONG}\n".encode("utf-16"),
}


@pytest.mark.parametrize("name", some(BOMBS))
def test_a_small_file_does_not_fill_the_memory(name: str, tmp_path: Path) -> None:
    """What would grow beyond a cell's or a file's bounds is refused for that, by each door for lists."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(BOMBS[name]())
    doors = [read_book] if name.startswith("text") else [read_book, DOORS["raw sheets"], DOORS["sheets by name"]]
    for read in doors:
        with no_child_left(), pytest.raises(TooLarge) as refused:
            read(file)
        assert type(refused.value) is TooLarge, "not the child's limits, but a bound that is named"


def test_a_cell_with_two_values_is_refused(tmp_path: Path) -> None:
    """Where two values stand in a cell nobody can say which of them a reader takes: the file is refused."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(shared_strings(32_767, 40_000, "<v>1</v><v>0</v>"))
    for read in (read_book, DOORS["raw sheets"], DOORS["sheets by name"]):
        with pytest.raises(BadFile, match="viết theo cách không đọc được"):
            read(file)


def test_what_a_cell_may_hold_comes_in(tmp_path: Path) -> None:
    """A cell of the greatest length that Excel allows is read from each kind of file."""
    text = "ố" * 32_767
    sheet = tmp_path / "a.ods"
    sheet.write_bytes(opendocument(_cell(text)))
    assert read_book(sheet).grids[0].rows[0][0] == text
    book = Workbook()
    book.active["A1"] = text
    book.save(tmp_path / "a.xlsx")
    assert read_book(tmp_path / "a.xlsx").grids[0].rows[0][0] == text


PROGRAMS = [
    "{{ cycler.__init__.__globals__.os.popen('touch ran').read() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ full_name.__class__ }}",
    "{{ full_name.upper }}",
    "{{ full_name.upper() }}",
    "{{ full_name|upper }}",
    "{{ full_name ~ 'x' }}",
    "{{ full_name[0] }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 'x' * 1000000000 }}",
    "{% for x in range(1000000000) %}{{ x }}{% endfor %}",
    "{% for person in people %}{% for person in people %}x{% endfor %}{% endfor %}",
    "{% for person in people recursive %}{{ loop(people) }}{% endfor %}",
    "{% for person in people if person.number %}x{% endfor %}",
    "{% for person in people %}{{ person.__class__ }}{% endfor %}",
    "{% for person in people %}{{ person.keys() }}{% endfor %}",
    "{% set x = full_name %}",
    "{% macro x() %}{{ caller() }}{% endmacro %}",
    "{% include '/etc/passwd' %}",
    "{% import '/etc/passwd' as x %}",
    "{% if full_name %}x{% endif %}",
    "{% with %}x{% endwith %}",
    "{% raw %}{% endraw %}{{ lipsum() }}",
    "{{ self }}{{ namespace() }}",
]
"""What a template may not hold: everything but names and one loop over people."""

PLACES = ("body", "table", "header", "footer", "title")


@pytest.mark.parametrize("place", first_of(PLACES))
def test_a_template_runs_nothing(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it stands in a document, a program in a template is refused and has no effect; nothing is written."""
    monkeypatch.chdir(tmp_path)
    fields = {"full_name": "An"}
    for program in some(PROGRAMS) if place == "body" else PROGRAMS[::8]:
        document = Document()
        if place == "body":
            document.add_paragraph(program)
        elif place == "table":
            document.add_table(1, 1).cell(0, 0).text = program
        elif place == "title":
            document.core_properties.title = program
        else:
            getattr(document.sections[0], place).paragraphs[0].text = program
        document.save("mau.docx")
        with pytest.raises(BadInput):
            fill_paper(tmp_path / "mau.docx", fields, [{"number": "1"}], tmp_path / "out.docx")
        assert [path.name for path in tmp_path.iterdir()] == ["mau.docx"], program


def test_a_document_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    """A part of a document or of a form that is small on paper and huge in memory is refused by its size."""
    whole = BytesIO()
    Document().save(whole)
    for name, read in (("a.docx", DOORS["paper"]), ("a.xlsx", DOORS["filled form"]), ("b.xlsx", DOORS["form to fill"])):
        with (
            zipfile.ZipFile(whole) as source,
            zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for part in source.namelist():
                target.writestr(part, source.read(part))
            target.writestr("media/a.bin", bytes(110_000_000))
        with pytest.raises(TooLarge):
            read(tmp_path / name)


@pytest.mark.parametrize("name", first_of(["receipt", "mapping", "columns"]))
def test_nested_without_end_is_a_refusal(name: str, tmp_path: Path) -> None:
    """Brackets within brackets, numbers without end and cut-off texts are refused at the doors for texts."""
    file = tmp_path / "a.json"
    for content in (
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"9" * 1_000_000,
        b"{",
        b"\xff\xfe\x00",
        b"PAR1" + b"\xff" * 64,
    ):
        file.write_bytes(content)
        with no_child_left(), pytest.raises(BadInput):
            DOORS[name](file)
