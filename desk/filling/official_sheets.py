"""An official sheet that came in, written out again with what the store knows better; the rest of it stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import rosters
from cases.files.sources import kind_of
from cases.files.xlsx_editing import open_sheet, write_edited
from cases.imports.remembering import remembered
from cases.rosters.handing_back.filling_up import CellFilled, FilledUp, NotAnOfficialSheet, fill_up, require_official
from cases.store.connection import querying
from cases.values.apart import apart
from cases.values.whole_file import whole_file
from desk.changes.importing import answers_of
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    import datetime as dt

    from cases.rosters import Notice, RosterPreview
    from cases.values.records import Roster
    from desk.changes.values import ImportFile

_WHY = {"differs": "tệp và kho khác nhau", "formula": "ô có công thức", "merged": "ô nằm trong ô gộp"}
"""Why a cell is left as it is, in words."""


def line_of(one: CellFilled) -> str:
    """A cell in a line: what stood there, what the store knows, from whose record; never of faith and family."""
    shown = one.as_json()
    before = f", trước: {shown['old']}" if shown["old"] else ""
    said = f"kho: {shown['new']}" if shown["new"] is not None else "kho có ghi"
    why = f" ({_WHY[one.left]})" if one.left else ""
    return f"Ô {one.cell} “{one.header}”{before}; {said}, theo hồ sơ {one.case} {one.name}{why}"


@dataclass(frozen=True, slots=True)
class SheetFilled:
    """What was filled into an official sheet, and what was not."""

    preview: RosterPreview
    out: Path
    found: FilledUp

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is asked and told about columns and sheets."""
        return tuple(one for one in self.preview.notices if one.kind != "note")

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        found, seen = self.found, self.preview
        return {
            "file": seen.file.name,
            "sheet": seen.sheet,
            "profile": seen.profile,
            "out": str(self.out),
            "filled": [one.as_json() for one in found.filled],
            "left": [one.as_json() for one in found.left],
            "asked": [
                {"row": row.row, "whom": row.whom, "why": [why.remark.as_why() for why in row.why]}
                for row in found.asked
            ],
            "refused": [{"row": row.row, "why": [why.remark.as_why() for why in row.why]} for row in found.unread],
            "unknown": list(found.unknown),
            "lacking": [{"column": one.letter, "header": one.header, "rows": list(one.rows)} for one in found.lacking],
            "notices": [one.as_json() for one in self.notices],
        }


def fill_sheet(
    url: str, stored: Roster, change: ImportFile, out: Path, today: dt.date, *, replace_out: bool
) -> SheetFilled:
    """Write an official sheet out again, filled from the store; the file that came in stays as it is.

    What is sensitive is not filled in unless somebody asks for it. Raises `BadFile` for a file that is no official
    sheet, `BadInput` for a place that is no good, `UnknownName` for an answer that names something that is not there.
    """
    path = Path(change.file)
    if out.resolve() == path.resolve() or (out.exists() and path.exists() and out.samefile(path)):
        raise BadInput(f"“{out}” chính là tệp đưa vào; tệp gốc không bị ghi đè. Ghi --out là một tệp khác.")
    if kind_of(path) != "xlsx":
        raise NotAnOfficialSheet(
            path, "không phải .xlsx nên không điền vào từng ô được.", "Dùng tệp .xlsx mà cấp trên gửi."
        )
    answers = replace(answers_of(change), as_of=today)
    with querying(url) as execute:
        preview = rosters.read(path, answers, stored, remember=remembered(execute))
    require_official(preview)
    sheet = apart(path, open_sheet, preview.sheet or "")
    found = fill_up(preview, stored, answers, sheet.formulas)
    with whole_file(out, suffix=".xlsx", replace=replace_out) as draft:
        write_edited(sheet, found.texts, draft)
    return SheetFilled(preview, out, found)
