"""What has to be told about a whole column or the whole file, once: questions with their default, warnings, notes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.files.xlsx_reading import column_letter
from cases.rosters.columns import labels
from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.outcome.duplicates import shown_rows
from cases.rosters.outcome.outcome import Notice, notice
from cases.rosters.rows.cell_readers import mark
from cases.rosters.tables.rows import looks_like_unit
from cases.workbook.cells import shown
from rules.loader.spelling.days import Day, Unread, read_day, shown_day
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.files.grids import Grid, SpreadFile
    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.columns.roster_header import RosterHeader
    from cases.rosters.rows.draft import Draft, SheetContext
    from cases.rosters.tables.headings import Group
    from cases.rosters.tables.rows import Sorted

_FORMS = {
    "spaces": "khoảng trắng",
    "capitals": "chữ hoa",
    "eth": "chữ Đ gõ sai",
    "unicode": "Unicode dựng sẵn",
    "unseen": "ký tự ẩn",
    "entities": "mã HTML",
    "numbers": "dạng số",
    "decoded": "bảng mã cũ",
}
_NO_REQUEST = frozenset({"khong de nghi", "khong co", "khong xoa", "ko", "k"})
_FEWEST_ALIKE = 5
_MANY_JANUARIES = 0.3
_FEWEST_MONTH_FIRST = 3
_FEWEST_OF_EACH, _FEWEST_IN_ALL = 2, 5
"""Dates and texts from which a column can be said to look month-first."""

_MOST_NAMES = 8
_MOST_ROWS_OF_NUMBERING = 10


def about_columns(header: RosterHeader, context: SheetContext) -> Iterator[Notice]:
    """What is asked and noted about the columns."""
    for column in header.columns:
        place = {"column": column_letter(column.position), "header": column.header}
        kinds = {one.kind for one in column.fields}
        if column.repeats:
            label = column.meanings[0].label
            yield notice("question", "column_repeated", columns=column.repeats, label=label, **place)
        elif column.meanings:
            meanings = " hay ".join(one.label for one in column.meanings)
            yield notice("question", "header_ambiguous", meanings=meanings, **place)
        elif not column.fields and not column.is_told and (column.holds or not column.header):
            letter, likely = column_letter(column.position), _likely(column, header)
            details = {"letter": letter, "holds": column.holds or "chữ", "example": likely[0]}
            told = {"column": letter, "header": column.header or "không có tiêu đề"}
            yield notice("question", "column_asked", likely="; ".join(likely), **details, **told)
        elif not column.fields:
            yield notice("note", "column_unread", **place)
        if "joined" in kinds:
            decision = context.answers.joined == "decision"
            meaning = "ngày quyết định kết nạp" if decision else "ngày lễ kết nạp"
            yield notice("note", "joined_meaning", meaning=meaning, **place)
        if "decided" in kinds and not header.has("admission_decision_no"):
            meanings = "ngày quyết định kết nạp hay ngày quyết định công nhận chính thức"
            yield notice("question", "header_ambiguous", meanings=meanings, **place)
        if "moved_place" in kinds and header.has("moved_out_on") == header.has("moved_in_on"):
            yield notice("question", "header_ambiguous", meanings="nơi chuyển tới hay nơi chuyển từ", **place)
    if not header.has("sex", "male", "female", "born_on_male", "born_on_female"):
        yield notice("warning", "column_absent", column="", header="Giới tính")
    if not header.has("born_on", "birth_year", "born_on_male", "born_on_female"):
        yield notice("warning", "column_absent", column="", header="Ngày sinh")


def _likely(column: RosterColumn, header: RosterHeader) -> list[str]:
    """What a column that was not understood may be, by its heading and by what stands in it."""
    known = labels.load().fields
    usual = {"ngày": ("admitted_on", "recognised_from", "born_on"), "mã": ("code",), "dấu": ("youth_union", "female")}
    names = [known[name] for name in usual.get(column.holds, ("note", "given_name")) if not header.has(name)]
    return [one.label for one in (*column.likely, *names)][:4] or [known["note"].label]


def month_first_columns(grid: Grid, header: RosterHeader, rows: Sorted, context: SheetContext) -> list[RosterColumn]:
    """The date columns that a month-first machine seems to have touched, and that nobody has vouched for."""
    return [
        column
        for column in header.columns
        if len(column.fields) == 1
        and column.fields[0].kind in DATE_KINDS | BIRTH_KINDS
        and not column.month_first
        and not {column.fields[0].name, column_letter(column.position), column.header} & context.answers.day_first
        and _month_first([grid.rows[row][column.position] for row in rows.persons])
    ]


def _month_first(raws: list[Any]) -> bool:
    """Whether a column looks as if the month stood before the day.

    A text with 13–31 in the second place proves it where none has that in the first. A month-first machine makes a
    date of 05/03 (and swaps it), and leaves 25/03 as text: every true date then has a day up to 12, every text one
    beyond. By chance that hardly ever happens.
    """
    dates = [found.on for raw in raws if isinstance(raw, date) and isinstance(found := read_day(raw), Day)]
    read = [read_day(raw) for raw in raws if isinstance(raw, str)]
    texts = [found.on for found in read if isinstance(found, Day)]
    if any(isinstance(found, Unread) and found.code == "month_first" for found in read):
        return not any(day.day > 12 for day in texts)
    return (
        min(len(dates), len(texts)) >= _FEWEST_OF_EACH
        and len(dates) + len(texts) >= _FEWEST_IN_ALL
        and all(day.day <= 12 for day in dates)
        and all(day.day > 12 for day in texts)
    )


def about_months(swapped: list[RosterColumn]) -> Iterator[Notice]:
    """Columns in which the month seems to stand first: in which order they are is asked."""
    for column in swapped:
        letter = column_letter(column.position)
        yield notice("question", "month_first_column", column=letter, header=column.header, letter=letter)


def about_names(drafts: list[Draft]) -> Iterator[Notice]:
    """Names of one word, asked about once for the file."""
    rows = [draft.row for draft in drafts if any(why.remark.code == "one_word_name" for why in draft.whys)]
    if rows:
        yield notice("question", "one_word_names", rows=shown_rows(rows))


def about_dates(grid: Grid, header: RosterHeader, rows: Sorted, drafts: list[Draft]) -> Iterator[Notice]:
    """Columns of dates that look filled in, or typed the month first."""
    for column in header.columns:
        if len(column.fields) != 1 or column.fields[0].kind not in DATE_KINDS | BIRTH_KINDS:
            continue
        place = {"column": column_letter(column.position), "header": column.header}
        raws = [raw for row in rows.persons if (raw := grid.rows[row][column.position]) != ""]
        read = [read_day(column.in_order(raw)) for raw in raws]
        swapped = sum(isinstance(found, Unread) and found.code == "month_first" for found in read)
        if swapped >= _FEWEST_MONTH_FIRST:
            yield notice("warning", "months_before_days", count=swapped, **place)
    days: dict[str, Counter[date]] = {}
    for draft in drafts:
        for name, value in draft.fields.items():
            if isinstance(value, date) and name in draft.typed:
                days.setdefault(name, Counter())[value] += 1
    known = labels.load().fields
    for name, counted in days.items():
        total = counted.total()
        if total < _FEWEST_ALIKE:
            continue
        label = known[name].label if name in known else name
        januaries = sum(count for day, count in counted.items() if (day.day, day.month) == (1, 1))
        if len(counted) == 1:
            yield notice("warning", "same_date", column="", header=label, on=shown_day(next(iter(counted))))
        elif januaries >= max(_FEWEST_ALIKE, total * _MANY_JANUARIES):
            yield notice("warning", "first_of_january", column="", header=label, count=januaries)


def about_unit(grid: Grid, header: RosterHeader, rows: Sorted, context: SheetContext) -> Iterator[Notice]:
    """A roster that does not say whose it is."""
    places = sorted({group.name for group in rows.units.values() if not group.is_unit})
    if places:
        shown_places = ", ".join(places[:_MOST_NAMES])
        yield notice("note", "places_unread", names=shown_places)
    has_groups = any(group.is_unit for group in rows.units.values())
    if context.answers.unit or header.has("unit") or has_groups:
        return
    names = [*(title for title in rows.titles if looks_like_unit(title)), grid.name or ""]
    offered = next((name for name in reversed(names[:-1])), names[-1] if looks_like_unit(names[-1]) else "")
    yield notice("question", "unit_unnamed", offer=f"; có phải “{offered}”?" if offered else ".")


def about_counts(rows: Sorted) -> Iterator[Notice]:
    """Totals and group counts that do not agree with the rows read."""
    members: Counter[Group] = Counter(rows.groups.values())
    for group, count in members.items():
        if group.declared is not None and group.declared != count:
            where = f" trong nhóm “{group.name}” (dòng {group.row + 1})"
            yield notice("warning", "count_mismatch", declared=group.declared, read=count, where=where)
    begins = 0
    for row, declared in sorted(rows.totals.items()):
        own = sum(begins <= person < row for person in rows.persons)
        above = sum(person < row for person in rows.persons)
        last = next((rows.groups.get(person) for person in reversed(rows.persons) if person < row), None)
        in_group = members[last] if last is not None else own
        if declared not in (own, above, in_group, len(rows.persons)):
            yield notice("warning", "count_mismatch", declared=declared, read=above, where=f" (dòng {row + 1})")
        begins = row


def about_numbering(grid: Grid, header: RosterHeader, rows: Sorted) -> Iterator[Notice]:
    """Running numbers that skip or repeat; after a group they may begin anew."""
    position = header.position("row_number")
    if position is None:
        return
    expected, odd = None, []
    group = None
    for row in rows.persons:
        text = shown(grid.rows[row][position]) if grid.rows[row][position] != "" else ""
        if not (text.isascii() and text.isdecimal() and len(text) < 8):
            expected = None
            continue
        number = int(text)
        begins_anew = rows.groups.get(row) is not group and number == 1
        if expected is not None and number != expected and not begins_anew:
            odd.append(row + 1)
        expected, group = number + 1, rows.groups.get(row)
    if odd:
        yield notice("warning", "numbering", rows="dòng " + shown_rows(odd[:_MOST_ROWS_OF_NUMBERING]))


def about_file(book: SpreadFile, grid: Grid, others: dict[str, int]) -> Iterator[Notice]:
    """What is hidden, left unread or formatted in a way that says something."""
    if others:
        said = ", ".join(f"“{name}” ({count} dòng)" for name, count in others.items())
        yield notice("question", "several_sheets", count=len(others) + 1, sheet=grid.name, others=said)
    hidden = []
    if book.hidden_sheets:
        hidden.append("trang " + ", ".join(f"“{name}”" for name in book.hidden_sheets[:_MOST_NAMES]) + " (không đọc)")
    if grid.hidden_rows:
        hidden.append("dòng " + shown_rows(grid.hidden_rows))
    if grid.hidden_columns:
        hidden.append("cột " + ", ".join(grid.hidden_columns[:_MOST_NAMES]))
    if grid.filtered:
        hidden.append("bộ lọc đang bật")
    if hidden:
        yield notice("warning", "hidden_data", what="; ".join(hidden))
    if grid.struck_rows:
        yield notice("warning", "struck_rows", rows=shown_rows(grid.struck_rows))
    if book.comments:
        yield notice("note", "comments_unread", count=book.comments)
    if book.counts_from_1904:
        yield notice("warning", "counts_from_1904")


def about_forms(changes: Counter[str]) -> Iterator[Notice]:
    """What was only brought into form, counted."""
    counted = [f"{_FORMS[what]} {count} ô" for what, count in changes.items() if what in _FORMS and count]
    if counted:
        yield notice("note", "form_changed", what=", ".join(counted))


def about_requests(drafts: list[Draft]) -> Iterator[Notice]:
    """Requests to delete somebody, which delete nobody."""
    asked = [draft.row for draft in drafts if _asks(draft.fields.get("delete_request"))]
    if asked:
        yield notice("warning", "delete_requested", rows=shown_rows(asked))


def _asks(said: object) -> bool:
    """Whether a cell asks for something: “Không” is no request."""
    return isinstance(said, str) and mark(said) is not False and fold(said) not in _NO_REQUEST
