"""Two people who bear a value of every sensitive fact that stands nowhere else, and how each is known where it is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from cases.values.records import Discipline, Record, Roster, Unit, Value
from cases.workbook.exporting import write_workbook
from tests.cases.log.test_taking_back import put

CANDIDATE: dict[str, Value] = {
    "ethnicity": "Dân Tộc Rất Lạ",
    "religion": "Đạo Rất Lạ",
    "religious_office": True,
    "monastic": True,
    "foreign_spouse": True,
    "population_child_order": 5,
    "population_birth_on": date(1997, 8, 17),
    "record_cleared_on": date(1998, 9, 18),
    "politics_flag": True,
    "exit_ground": "resigned_hardship",
}
LEFT: dict[str, Value] = {"exit_kind": "expelled", "removal_ground": "card_returned", "ethnicity": "Dân Tộc Rất Lạ"}
WORDS = {
    "ethnicity": r"Dân Tộc Rất Lạ",
    "religion": r"Đạo Rất Lạ",
    "religious_office": r"Chức sắc, chức việc: (có|trống → có)|\"religious_office\": true",
    "monastic": r"Nhà tu hành: (có|trống → có)|\"monastic\": true",
    "foreign_spouse": r"Hôn nhân với người nước ngoài: (có|trống → có)|\"foreign_spouse\": true",
    "population_child_order": r"Con thứ: (trống → )?5|\"population_child_order\": 5",
    "population_birth_on": r"17/08/1997|1997-08-17",
    "record_cleared_on": r"18/09/1998|1998-09-18",
    "politics_flag": r"Có vấn đề tiêu chuẩn chính trị: (có|trống → có)|\"politics_flag\": true",
    "exit_ground": r"resigned_hardship|Xin ra vì hoàn cảnh gia đình",
    "exit_kind": r"\"expelled|Khai trừ",
    "removal_ground": r"card_returned|Trả hoặc hủy thẻ",
    "discipline_form": r"\"dismissal|Cách chức",
    "disciplined_on": r"21/02/2021|2021-02-21",
}
"""How each is known where it is shown."""


def fill(url: str, folder: Path) -> None:
    """A candidate, one who left, one who may be the first; her columns were corrected; a workbook says otherwise."""
    units = (Unit("A", "Chi bộ A", "cell", "commune"), Unit("B", "Chi bộ B", "cell", "commune"))
    known: dict[str, Value] = {"full_name": "Người Thứ Nhất", "born_on": date(1990, 1, 2), "unit": "A"}
    bare = Record("HS-1", {"code": "HS-1", **known, "candidate_on": date(2025, 1, 5)})
    whole = Record("HS-1", {**bare.fields, **CANDIDATE, "previous_exit_on": date(2015, 3, 4)})
    gone = Record("HS-2", {"code": "HS-2", "full_name": "Người Thứ Hai", "unit": "A", "admitted_on": date(2010, 1, 5)})
    left = Record("HS-2", {**gone.fields, **LEFT, "left_on": date(2025, 6, 1)})
    other = Record("HS-3", {"code": "HS-3", **known, "religion": "Không", "ethnicity": "Kinh"})
    put(url, Roster((bare, gone, other), units))
    put(url, Roster((whole, left, other), units))
    put(url, Roster((whole, left, other), units, disciplines=(Discipline("HS-2", "dismissal", date(2021, 2, 21)),)))
    write_workbook(Roster((whole, left, other), units), folder / "so.xlsx")
    differs = Record("HS-1", {**whole.fields, "ethnicity": "Mường", "religion": "Không"})
    write_workbook(Roster((differs, left, other), units), folder / "khac.xlsx")


def told(text: str) -> set[str]:
    """The facts of which a text tells a value."""
    return {name for name, words in WORDS.items() if re.search(words, text)}
