"""What columns mean beside each other: names in parts, codes before the name, two columns of one meaning."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.files.grids import column_values
from cases.rosters.columns import labels, meanings, words
from cases.rosters.columns.column_kinds import NAME_KINDS
from cases.rosters.columns.evidence import are_codes
from cases.rosters.rows.day_cells import read_day_cell
from cases.rosters.rows.people import read_name, read_sex
from cases.workbook import office_words
from cases.workbook.cells import shown
from rules.loader.spelling.days import Day
from rules.loader.spelling.folding import fold, tidy
from rules.loader.spelling.words import read_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.files.grids import Grid
    from cases.rosters.columns.roster_column import RosterColumn

_VALUES_TRIED = 500
_MOSTLY = 0.9
_AGREEING = 0.8
_FEWEST_LABELS = 3
_ALIKE = 0.6


def settle_columns(columns: list[RosterColumn], grid: Grid, first_row: int) -> list[RosterColumn]:
    """The columns with what they only mean beside each other."""
    starts = block_starts(columns)
    ends = [*starts[1:], len(columns)]
    blocks = [columns[start:end] for start, end in zip(starts, ends, strict=True)]
    return [one for block in blocks for one in _settle_block(block, grid, first_row)]


def _settle_block(columns: list[RosterColumn], grid: Grid, first_row: int) -> list[RosterColumn]:
    values = {one.position: column_values(grid, one.position, first_row)[:_VALUES_TRIED] for one in columns}
    columns = _without_empty(columns, values)
    columns = _member_column(columns, values)
    columns = _names_in_parts(columns, grid, first_row)
    columns = _codes(columns, values)
    columns = _yielding(columns)
    return _repeats(columns, grid, first_row)


def _without_empty(columns: list[RosterColumn], values: dict[int, list[Any]]) -> list[RosterColumn]:
    """A column without a heading counts only where something stands in it."""
    return [one for one in columns if one.header or values[one.position]]


def _kinds(column: RosterColumn) -> list[str]:
    return [one.kind for one in column.fields]


def _member_column(columns: list[RosterColumn], values: dict[int, list[Any]]) -> list[RosterColumn]:
    """“Đảng viên” over names is the name, over marks or words of a status who is one; else it is a question."""
    known = labels.load().fields
    named = any(kind in NAME_KINDS for one in columns for kind in _kinds(one))
    settled = []
    for one in columns:
        if fold(one.header) in ("dang vien", "dv", "la dang vien") and not one.fields:
            texts = [shown(raw) for raw in values[one.position]]
            if texts and not named and sum(read_name(text).is_plain for text in texts) >= _MOSTLY * len(texts):
                one = replace(one, fields=(known["full_name"],), meanings=())
            elif all(_is_member_word(text) for text in texts):
                one = replace(one, fields=(known["member"],), meanings=())
        settled.append(one)
    return settled


def _is_member_word(text: str) -> bool:
    key = office_words.word_key(text)
    return key in words.load().statuses or fold(text) in ("x", "v", "co", "khong", "1", "0", "✓", "√", "×")


def _names_in_parts(columns: list[RosterColumn], grid: Grid, first_row: int) -> list[RosterColumn]:
    """“Họ và tên” over two or three columns, merged or not, holds the parts of a name from left to right."""
    known = labels.load().fields
    names = [place for place, one in enumerate(columns) if _kinds(one) == ["name"]]
    given = [one for one in columns if _kinds(one) == ["given_name"]]
    if len(names) == len(given) == 1 and given[0].position == columns[names[0]].position + 1:
        return _beside_given(columns, names[0], given[0], grid, first_row)
    if not names or any(kind in NAME_KINDS - {"name"} for one in columns for kind in _kinds(one)):
        return columns
    first = names[0]
    parts = [first]
    for place in range(first + 1, min(first + 3, len(columns))):
        beside = columns[place]
        same = beside.header == columns[first].header and _kinds(beside) == ["name"]
        if beside.position != columns[place - 1].position + 1 or not (same or not beside.header):
            break
        parts.append(place)
    while len(parts) > 1 and not _are_given_names(*_beside(grid, first_row, columns[parts[-1]], columns[first])):
        parts.pop()
    if len(parts) == 1:
        return columns
    kinds = ["family_name", *["middle_name"] * (len(parts) - 2), "given_name"]
    settled = list(columns)
    for place, name in zip(parts, kinds, strict=True):
        settled[place] = replace(columns[place], fields=(known[name],), meanings=())
    return settled


def _beside_given(
    columns: list[RosterColumn], place: int, given: RosterColumn, grid: Grid, first_row: int
) -> list[RosterColumn]:
    """“Họ và tên” beside “Tên” is the whole name where it ends with that one, and else what stands before it."""
    at = columns[place].position
    both = [row for row in grid.rows[first_row:] if row[at] != "" and row[given.position] != ""][:_VALUES_TRIED]
    ends = sum(fold(shown(row[at])).endswith(fold(shown(row[given.position]))) for row in both)
    settled = list(columns)
    if ends >= _MOSTLY * len(both):
        settled[columns.index(given)] = replace(given, fields=())
    elif not ends:
        settled[place] = replace(columns[place], fields=(labels.load().fields["family_name"],))
    else:
        settled[place] = replace(columns[place], fields=(), meanings=columns[place].fields)
    return settled


def _beside(grid: Grid, first_row: int, last: RosterColumn, first: RosterColumn) -> tuple[list[Any], int, int]:
    """The last parts of names that stand beside a first part, how many stand alone, how many first parts do."""
    rows = [row for row in grid.rows[first_row:] if row[last.position] != "" or row[first.position] != ""][
        :_VALUES_TRIED
    ]
    both = [row[last.position] for row in rows if row[last.position] != "" and row[first.position] != ""]
    lonely = sum(row[first.position] == "" for row in rows)
    return both, lonely, len(rows) - len(both) - lonely


def _are_given_names(texts: list[Any], lonely: int, bare: int) -> bool:
    """Whether a column without a heading holds the last word of a name: one for each, and no other word we know.

    A heading of a group or a foot may stand in either column alone.
    """
    tables = words.load()
    plain = [tidy(raw) for raw in texts if isinstance(raw, str)]
    coded = (key for table in office_words.load().codes.values() for key in table)
    listed = {*tables.ethnic_groups, *tables.statuses, *coded}
    return (
        len(plain) == len(texts) >= max(1, 2 * lonely, bare)
        and sum(" " not in text and text.isalpha() and text[0].isupper() for text in plain) >= _MOSTLY * len(plain)
        and not all(read_sex(text) for text in plain)
        and not all(office_words.word_key(text) in listed or read_word("religion", text) for text in plain)
    )


def _codes(columns: list[RosterColumn], values: dict[int, list[Any]]) -> list[RosterColumn]:
    """“Mã …” before the name is the code of the person, whatever the noun, where its values look it."""
    known = labels.load().fields
    if any("code" in _kinds(one) for one in columns):
        return columns
    name_at = min((one.position for one in columns for kind in _kinds(one) if kind in NAME_KINDS), default=-1)
    for place, one in enumerate(columns):
        if one.fields or one.position > name_at or not one.header:
            continue
        seen = meanings.load().read(one.header)
        if not meanings.is_code_of_something_else(seen, one.header) and are_codes(values[one.position]):
            settled = list(columns)
            settled[place] = replace(one, fields=(known["code"],), meanings=(), reason="vì có chữ “mã”; các ô là mã")
            return settled
    return columns


def _yielding(columns: list[RosterColumn]) -> list[RosterColumn]:
    """Of two headings that are not one meaning the more exact one holds: “Đơn vị” beside “Chi bộ” is the workplace."""
    known, yields = labels.load().fields, meanings.load().yields
    counted = Counter(field.name for one in columns for field in one.fields)
    settled = []
    for one in columns:
        other = yields.get(fold(one.header))
        if other and len(one.fields) == 1 and counted[one.fields[0].name] > 1:
            counted[one.fields[0].name] -= 1
            one = replace(one, fields=(known[other],))
        settled.append(one)
    return settled


def _repeats(columns: list[RosterColumn], grid: Grid, first_row: int) -> list[RosterColumn]:
    """Two columns of one meaning: where they agree both are read and compared, else they are in question."""
    places: dict[str, list[RosterColumn]] = {}
    for one in columns:
        for field in one.fields:
            if field.name and not field.joins and field.kind not in ("row_number", "skipped", "reasons"):
                places.setdefault(field.name, []).append(one)
        if not one.fields and len(one.meanings) == 1:
            places.setdefault(one.meanings[0].name, []).append(one)  # understood, though its cells do not bear it out
    settled = []
    for one in columns:
        repeated = [field for field in one.fields if len(places.get(field.name, ())) > 1]
        first = all(places[field.name][0] is one for field in repeated)
        if not repeated or (first and all(field.kind in ("name", "text") for field in repeated)):
            settled.append(one)
        elif len(one.fields) == 1 and _agree(places[repeated[0].name], grid, first_row):
            settled.append(replace(one, compared=True))
        else:
            count = len(places[repeated[0].name])
            settled.append(replace(one, fields=(), meanings=tuple(repeated), repeats=count, compared=False))
    return settled


def _said(raw: Any) -> object:
    found = read_day_cell(raw)
    return found.on if isinstance(found, Day) else fold(shown(raw))


def _agree(columns: list[RosterColumn], grid: Grid, first_row: int) -> bool:
    """Whether columns of one meaning hold the same wherever more than one of them is filled."""
    both = same = 0
    for row in grid.rows[first_row : first_row + _VALUES_TRIED]:
        said = {_said(row[one.position]) for one in columns if row[one.position] != ""}
        filled = sum(row[one.position] != "" for one in columns)
        both += filled > 1
        same += filled > 1 and len(said) == 1
    return all(len(one.fields) == 1 for one in columns) and same >= max(1, _AGREEING * both)


def block_starts(columns: Sequence[RosterColumn]) -> list[int]:
    """Where another table begins beside the first: at a second running number, or where the headings begin anew."""
    columns = [column for column in columns if "reasons" not in _kinds(column)]
    labels = [fold(column.header) for column in columns]
    numbers = [place for place, column in enumerate(columns) if _kinds(column) == ["row_number"]]
    if len(numbers) > 1:
        starts = [0, *numbers[1:]]
        parts = [columns[start:end] for start, end in zip(starts, [*starts[1:], len(columns)], strict=True)]
        if all(any(kind in NAME_KINDS for one in part for kind in _kinds(one)) for part in parts):
            return starts
    for width in range(_FEWEST_LABELS, len(labels) // 2 + 1):
        starts = [place for place in range(0, len(labels) - 1, width) if _begins_anew(labels, place, width)]
        if len(starts) > 1 and len(starts) * width >= len(labels):
            return starts
    return [0]


def _begins_anew(labels: list[str], start: int, width: int) -> bool:
    own, first = labels[start : start + width], labels[:width]
    same = sum(one == other != "" for one, other in zip(own, first, strict=False))
    return same >= _FEWEST_LABELS and same >= _ALIKE * len([label for label in own if label])
