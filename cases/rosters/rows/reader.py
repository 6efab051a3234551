"""Reading a roster as an office keeps it: from a file and a person's answers to what would become of every row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cases.files.delimited import EIGHT_BIT
from cases.files.grids import blank
from cases.files.mending import mended_book
from cases.files.sources import read_book, read_named
from cases.files.xlsx_reading import column_letter
from cases.rosters.columns import labels, profiles, words
from cases.rosters.columns.labels import Field, forms
from cases.rosters.columns.roster_column import RosterColumn
from cases.rosters.columns.roster_header import RosterHeader, find_roster_header, nearly_header
from cases.rosters.encodings.decoding import Decoded, decode_grid
from cases.rosters.encodings.legacy import looks_old
from cases.rosters.outcome import canonical, noticing
from cases.rosters.outcome.answers import Answers
from cases.rosters.outcome.duplicates import refuse_shared_keys
from cases.rosters.outcome.matching import Match, Matcher
from cases.rosters.outcome.outcome import (
    Ignored,
    MappedColumn,
    Notice,
    RosterPreview,
    RowOutcome,
    Why,
    notice,
    worst,
)
from cases.rosters.outcome.telling_apart import told_apart
from cases.rosters.rows.draft import Draft, SheetContext
from cases.rosters.rows.reading import Progress, read_rows
from cases.rosters.tables.tables import Table, tables_of
from cases.values.records import Roster
from cases.values.refusals import BadFile, SheetMissing
from cases.workbook.read import examine, wanted_sheets
from rules.loader.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cases.files.grids import Grid, SpreadFile
    from cases.rosters.columns.profiles import Profile
    from cases.rosters.outcome.giving import Remembered


class HeaderNotFound(BadFile):
    """No row of the file names a person's name and two more columns that are known."""

    problem = "không có dòng tiêu đề nào nhận ra được trong 30 dòng đầu."
    advice = (
        "Dòng tiêu đề của danh sách phải có cột họ tên và ít nhất hai cột quen thuộc khác (ngày sinh, giới tính…). "
        "Sửa tiêu đề, hoặc cho biết tiêu đề nằm ở dòng nào: --header-row DÒNG."
    )


_OLD_LETTERS = (
    "Chữ có vẻ theo bảng mã cũ (TCVN3, VNI), mà có chữ đổi không ra tiếng Việt: dùng tệp có phông gốc, hoặc thêm "
    "--decode để vẫn đổi, rồi xem lại từng tên."
)


def _looks_old(grid: Grid) -> bool:
    return any(isinstance(raw, str) and looks_old(raw) for row in grid.rows for raw in row)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sheet that holds a list, as far as it is understood."""

    grid: Grid
    decoded: Decoded
    tables: list[Table]
    profile: Profile | None

    @property
    def people(self) -> int:
        """How many rows of it are persons."""
        return sum(len(table.rows.persons) for table in self.tables)


def read(
    path: Path | str,
    answers: Answers | None = None,
    existing: Roster | None = None,
    progress: Progress | None = None,
    remember: Remembered | None = None,
) -> RosterPreview:
    """Read a roster and say what would become of each row; raises a `BadFile`, or `UnknownName` for an answer.

    Nothing is written. ``existing`` is what is stored already: without it everybody is new. ``progress`` is told
    from time to time how many rows have been read, and of how many. ``remember`` is asked,
    of a list without codes, which codes such rows were given when lists were taken in before.
    """
    path, answers = Path(path), answers or Answers()
    named, raw = read_named(path, canonical.is_case_sheet, wanted_sheets(path)) or (None, None)
    if named is not None and (grid := canonical.canonical_grid(mended_book(named, answers.mended))) is not None:
        found = canonical.read_canonical(path, grid, answers.as_of, progress, answers.mended, raw)
        if isinstance(found, RosterPreview):
            return told_apart(found, existing or Roster(), answers)
    return read_opened(mended_book(read_book(path), answers.mended), answers, existing, progress, remember)


def read_opened(
    book: SpreadFile,
    answers: Answers,
    existing: Roster | None = None,
    progress: Progress | None = None,
    remember: Remembered | None = None,
) -> RosterPreview:
    """The same for a file that is open already."""
    if (grid := canonical.canonical_grid(book)) is not None:
        found = canonical.read_canonical(book.file, grid, answers.as_of, progress, answers.mended)
        if isinstance(found, RosterPreview):
            return told_apart(found, existing or Roster(), answers)
        if not any(_tells_the_needed(one.tables[0].header) for one in _candidates(book, answers)):
            raise found
    chosen = _candidates(book, answers)
    if not chosen:
        if any(grid.name and canonical.is_case_sheet(grid.name) for grid in book.grids) and book.file.is_file():
            examine(book.file, today=answers.as_of)  # our own sheet: what it lacks says more than "no header"
        raise HeaderNotFound(
            book.file, advice=_OLD_LETTERS if any(map(_looks_old, book.grids)) else _lacks(book, answers)
        )
    one = max(chosen, key=lambda candidate: candidate.people)
    others = {other.grid.name or "": other.people for other in chosen if other is not one}
    has_codes = any(table.header.has("code") for table in one.tables)
    remembered = remember.look() if remember is not None and not has_codes else {}
    is_taken = None if remember is None else remember.is_taken
    matcher = Matcher(existing or Roster(), has_codes, remembered, is_taken)
    return _preview(book, one, others, answers, matcher, progress)


def _lacks(book: SpreadFile, answers: Answers) -> str:
    """What to do about a list without a header, with the labels that are known and what is missing beside them."""
    told = _told(answers.columns)
    nearly = [(grid, one) for grid in book.grids if (one := nearly_header(grid, labels.load(), told)) is not None]
    if not nearly:
        return f"Chưa tiêu đề nào là quen thuộc. {HeaderNotFound.advice}"
    grid, one = max(nearly, key=lambda found: (found[1].named, len(found[1].known)))
    sheet = f"Trang “{grid.name}”: " if len(book.grids) > 1 else ""
    return f"{sheet}{one} {HeaderNotFound.advice}"


def _candidates(book: SpreadFile, answers: Answers) -> list[_Candidate]:
    """The visible sheets in which a header is found; the one that was named, when one was."""
    grids = list(book.grids)
    if answers.sheet is not None:
        grids = [grid for grid in grids if grid.name == answers.sheet]
        if not grids:
            names = ", ".join(f"“{grid.name}”" for grid in book.grids)
            raise SheetMissing(book.file, f"không có trang “{answers.sheet}”.", f"Các trang đang hiện: {names}.")
    profile = profiles.named(answers.profile) if answers.profile else None
    first_row = answers.header_row - 1 if answers.header_row else None
    found = []
    for grid in grids:
        decoded = decode_grid(grid, eight_bit=book.encoding == EIGHT_BIT, wanted=answers.decode)
        find = _finder(grid, answers, {})
        header = find(first_row)
        if header is None:
            continue
        own = profile or profiles.recognise(header.fields)
        if own is not None and own.columns:
            find = _finder(grid, answers, own.columns)
            header = find(first_row) or header
        found.append(_Candidate(grid, decoded, tables_of(grid, header, find), own))
    return found


def _finder(grid: Grid, answers: Answers, usual: Mapping[str, str]) -> Callable[[int | None], RosterHeader | None]:
    """What reads a header of a sheet, with what a person or a layout says of its columns."""
    told = {**_told(usual), **_told(answers.columns)}
    month_first = frozenset(key for one in answers.month_first for key in (one, *forms(one)))
    return lambda first_row: find_roster_header(grid, labels.load(), told, first_row, month_first)


def _tells_the_needed(header: RosterHeader) -> bool:
    """Whether labels of an office's own stand for every column that a canonical workbook must have."""
    found = {field.name for column in header.columns if (field := labels.load().find(column.header)) is not None}
    return {"code", "born_on"} <= found and bool({"admitted_on", "joined_on"} & found)


def known_field(column: str, name: str) -> Field:
    """The field that somebody names for a column, by its name or by a label of it; raises `UnknownName`."""
    known = labels.load()
    field = known.fields.get(name) or known.find(name)
    if field is None:
        raise UnknownName(
            f"Không có trường “{name}” cho cột “{column}”. Ghi như tiêu đề quen thuộc, ví dụ “Ngày kết nạp”, "
            f"hoặc một trong: {', '.join(known.fields)}."
        )
    return field


def _told(columns: Mapping[str, str]) -> dict[str, Field | None]:
    """The meanings that a person gave columns, by letter and by every form of the header."""
    told: dict[str, Field | None] = {}
    for key, name in columns.items():
        field = known_field(key, name) if name else None
        told[key] = field
        if len(key) > 3 or not key.isupper():
            told |= dict.fromkeys(forms(key), field)
    return told


def _preview(
    book: SpreadFile,
    one: _Candidate,
    others: dict[str, int],
    answers: Answers,
    matcher: Matcher,
    progress: Progress | None,
) -> RosterPreview:
    contexts = [_context(book, one, table, answers) for table in one.tables]
    read = [
        read_rows(table.grid, table.rows, context, progress)
        for table, context in zip(one.tables, contexts, strict=True)
    ]
    drafts = sorted((draft for some in read for draft in some), key=lambda draft: (draft.row, draft.block))
    refuse_shared_keys(drafts)
    asked: list[Notice] = []
    for table, context, some in zip(one.tables, contexts, read, strict=True):
        swapped = noticing.month_first_columns(table.grid, table.header, table.rows, context)
        for column in swapped:
            _refuse_column(some, column, table.grid)
        asked += noticing.about_months(swapped)
    matcher.require_unit(answers.unit)
    matches = matcher.match(drafts)
    told = [
        [
            *noticing.about_columns(table.header, context),
            *noticing.about_dates(table.grid, table.header, table.rows, some),
            *noticing.about_unit(table.grid, table.header, table.rows, context),
            *noticing.about_counts(table.rows),
            *noticing.about_numbering(table.grid, table.header, table.rows),
        ]
        for table, context, some in zip(one.tables, contexts, read, strict=True)
    ]
    notices = [
        *_about_profile(one.profile),
        *noticing.about_file(book, one.grid, others),
        *one.decoded.notices,
        *asked,
        *(said for some in told for said in some),
        *noticing.about_names(drafts),
        *noticing.about_requests(drafts),
        *_about_matching(matcher),
        *noticing.about_forms(one.decoded.changes),
    ]
    headers = [table.header for table in one.tables]
    ignored = {row: why for table in one.tables for row, why in table.rows.ignored.items()}
    persons = {draft.row - 1 for draft in drafts}
    return RosterPreview(
        file=book.file,
        sheet=one.grid.name,
        header_rows=tuple(sorted({row for header in headers for row in range(header.top + 1, header.bottom + 2)})),
        rows=tuple(_outcome(draft, matches.get(draft.key)) for draft in drafts),
        ignored=tuple(Ignored(row + 1, why) for row, why in sorted(ignored.items()) if row not in persons),
        notices=tuple(dict.fromkeys(notices)),
        mapping=tuple(column for header in headers for column in _mapped(header.columns)),
        profile=one.profile.name if one.profile else None,
        others=others,
        grid=one.grid,
        without_codes=not matcher.has_codes,
    )


def _context(book: SpreadFile, one: _Candidate, table: Table, answers: Answers) -> SheetContext:
    return SheetContext(
        sheet=one.grid.name or book.file.name,
        header=table.header,
        words=words.load(),
        answers=answers,
        changes=one.decoded.changes,
        counts_from_1904=book.counts_from_1904,
        garbled=frozenset(one.decoded.garbled),
        block=table.block,
        title_status=table.rows.title_status,
    )


def _about_profile(profile: Profile | None) -> Iterable[Notice]:
    if profile is not None:
        yield notice("note", "profile_found", title=profile.title, note=profile.note)


def _about_matching(matcher: Matcher) -> Iterable[Notice]:
    if matcher.giving.given:
        yield notice("note", "codes_given", count=matcher.giving.given)
    if matcher.kept:
        yield notice("note", "kept_from_store", count=matcher.kept)


def _refuse_column(drafts: list[Draft], column: RosterColumn, grid: Grid) -> None:
    """A column that may be swapped throughout makes every row with a date in it doubtful: none is taken unasked."""
    for draft in drafts:
        raw = grid.rows[draft.row - 1][column.position]
        name = column.fields[0].name
        if not blank(raw) and not any(why.remark.field == name and why.outcome == "refused" for why in draft.whys):
            draft.refuse("month_first_column", name, column, raw, letter=column_letter(column.position))


def _outcome(draft: Draft, match: Match | None) -> RowOutcome:
    whys: list[Why] = sorted(draft.whys, key=lambda why: why.outcome != "refused")
    outcome = worst(whys)
    stored = match is not None and outcome in ("accepted", "warned")
    record = match.record if stored and match is not None else None
    fields = draft.fields if record is None else {**draft.fields, "code": record.code}
    return RowOutcome(
        row=draft.row,
        block=draft.block,
        outcome=outcome,
        fields=fields,
        why=tuple(whys),
        change=match.change if stored and match is not None else None,
        record=record,
        said=match.said if record is not None and match is not None else None,
        whom=match.whom if match is not None else None,
    )


def _mapped(columns: Iterable[RosterColumn]) -> Iterable[MappedColumn]:
    for column in columns:
        fields = tuple(one.name for one in column.fields if one.name)
        yield MappedColumn(column_letter(column.position), column.header, fields, column.reason if fields else "")
