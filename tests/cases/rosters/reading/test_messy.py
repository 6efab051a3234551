"""The sample files give, row by row, the outcomes that were written down independently."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from cases.rosters import Answers, read

FILES = ["m1.xlsx", "m2.xlsx", "m3.xlsx", "m4.csv", "m5.xlsx"]
_UNIT = "CB-03"
_NAMES_ITS_UNITS = {"m2.xlsx"}


def plain(value: Any) -> Any:
    """A text as it is compared: composed, with single spaces, without regard to case."""
    return " ".join(unicodedata.normalize("NFC", value).split()).casefold() if isinstance(value, str) else value


def seen_and_expected(data: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a file gives, and what it is to give."""
    file = data / "messy" / name
    answers = Answers(unit=None if name in _NAMES_ITS_UNITS else _UNIT)
    return read(file, answers).as_json(), json.loads(file.with_suffix(".expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_frame(data: Path, name: str) -> None:
    """Sheet, header rows, counts and the rows that are no persons are as expected."""
    seen, expected = seen_and_expected(data, name)
    frame = ("file", "sheet", "header_rows", "counts", "ignored")
    assert {key: seen[key] for key in frame} == {key: expected[key] for key in frame}


@pytest.mark.parametrize("name", FILES)
def test_rows(data: Path, name: str) -> None:
    """Every row has the expected outcome, for the expected reasons in the expected fields, with the expected values."""
    seen, expected = seen_and_expected(data, name)
    assert [row["row"] for row in seen["rows"]] == [row["row"] for row in expected["rows"]]
    for row, wanted in zip(seen["rows"], expected["rows"], strict=True):
        why = [(one["code"], one["field"]) for one in row["why"]]
        assert (row["row"], row["outcome"], why) == (
            wanted["row"],
            wanted["outcome"],
            [(one["code"], one["field"]) for one in wanted.get("why", [])],
        )
        for field, value in wanted.get("fields", {}).items():
            assert plain(row["fields"].get(field)) == plain(value), (row["row"], field)


def test_what_stood_in_the_cells(data: Path) -> None:
    """The text of the file stays beside the value that was made of it."""
    seen = read(data / "messy" / "m1.xlsx", Answers(unit=_UNIT))
    assert seen.rows[1].fields["full_name"] == "Võ Thanh Hoa"
    assert (seen.typed(8)["B"], seen.typed(8)["C"], seen.typed(99)) == ("VÕ THANH HOA", "12/4/1974", {})


@pytest.mark.parametrize("name", FILES)
def test_reasons_are_said(data: Path, name: str) -> None:
    """Every reason names what is wrong and what to do, in Vietnamese."""
    seen, _ = seen_and_expected(data, name)
    for row in seen["rows"]:
        for why in row["why"]:
            assert why["reason"].endswith((".", ")"))
            assert why["suggestion"].endswith(".")


@pytest.mark.parametrize("name", FILES)
def test_only_good_rows_are_stored(data: Path, name: str) -> None:
    """The roster holds a record for each row that is accepted or warned of, and for no other."""
    file = data / "messy" / name
    seen = read(file, Answers(unit=_UNIT))
    stored = seen.roster().records
    assert len(stored) == seen.counts["accepted"] + seen.counts["warned"] == seen.changes["new"]
    assert len({record.code for record in stored}) == len(stored)
    assert all("full_name" in record.fields for record in stored)
