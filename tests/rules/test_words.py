"""Free words: every way of writing none is none, what cannot be read is unknown, and columns read as records do."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.projection import Projector
from engine.proving.examples import ExampleCase
from engine.ruleset import load_ruleset
from engine.single.evaluator import CaseEvaluator
from engine.sweep.evaluator import SweepEvaluator
from rules.loader.spelling.words import read_word

NONE = (
    "không",
    "Không có",
    "ko",
    "K",
    "0",
    "-",
    "—",
    "không theo",
    "KHÔNG THEO ĐẠO",
    "khong ton giao",
    "Không.",
    "(không)",
)
RELIGIONS = ("Phật giáo", "đạo Phật", "Công giáo (gốc)", "theo đạo Thiên Chúa", "Tin lành", "Hoà Hảo", "Cao Đài")
UNREAD = ("?", "abc", "có", "chưa rõ", "Không rõ", "Kinh", "...", "x")
HOA = ("Hoa", "hoa", "HOA", "Hoa (Hán)", "Người Hoa", "Hán", "dân tộc Hoa")
OTHERS = ("Thái", "Ê Đê", "Hàn", "Hòa")


@pytest.mark.parametrize(("fact", "texts", "read"), [("religion", NONE, "Không"), ("ethnicity", HOA, "Hoa")])
def test_ways_of_writing_one_thing(fact: str, texts: tuple[str, ...], read: str) -> None:
    """However it is written, it is read as the one word that the rules know."""
    assert {read_word(fact, text) for text in texts} == {read}


def test_what_stands_and_what_is_unknown() -> None:
    """A religion and an ethnic group stand as they are written; what is neither is not read at all."""
    assert [read_word("religion", text) for text in RELIGIONS] == list(RELIGIONS)
    assert [read_word("ethnicity", text) for text in OTHERS] == list(OTHERS)
    assert {read_word("religion", text) for text in UNREAD} == {None}
    assert {read_word("ethnicity", text) for text in ("?", "-", "1", "k", "không rõ")} == {None}


def test_columns_read_as_records_do() -> None:
    """Both evaluators find and miss the same of people with every one of these words."""
    ruleset, day = load_ruleset(), dt.date(2025, 9, 5)
    words = [("religion", text) for text in (*NONE, *RELIGIONS, *UNREAD)] + [("ethnicity", t) for t in (*HOA, *OTHERS)]
    records = [
        ExampleCase(f"A{n:03}", {"code": f"A{n:03}", "candidate_on": dt.date(2024, 1, 1), fact: text})
        for n, (fact, text) in enumerate(words)
    ]
    one, all_ = (
        CaseEvaluator(ruleset).evaluate(records, day),
        SweepEvaluator(ruleset).evaluate(records, day).evaluation(),
    )
    assert one.findings == all_.findings
    assert one.unknown == all_.unknown
    asked = {entry.case for entry in one.unknown if entry.rule == "special.religion" and entry.missing == ("religion",)}
    unread = {record.code for record, (_, text) in zip(records, words, strict=True) if text in UNREAD}
    assert unread <= asked
    assert Projector(ruleset.vocabulary).project(records[0], day)["religion"] == "Không"  # type: ignore[index]  # a case
