"""Rows that may be one person's: which pairs are named, and that the doctor names them."""

from __future__ import annotations

from datetime import date

from cases.judging.pairs import pairs
from cases.values.records import Record, Value
from tests.cli.conftest import Dubi


def row(code: str, **fields: Value) -> Record:
    """A row of somebody."""
    return Record(code, {"full_name": "Nguyễn Văn Mẫu", "born_on": date(1990, 1, 2), **fields})


def test_which_pairs_are_named() -> None:
    """Each pair once: names as they are folded; those of one person code only where both have the person."""
    alike = row("2", full_name="NGUYỄN VĂN MẪU")
    assert [(p.one.code, p.other.code, p.why) for p in pairs([row("1"), alike])] == [("1", "2", "name_and_birth")]
    assert not list(pairs([row("1"), row("2", born_on=date(1990, 1, 3))]))
    joined = row("1", person_code="A"), row("2", person_code="A")
    assert [pair.why for pair in pairs(joined)] == ["person_code"]
    assert not list(pairs([row("1", person_code="A", moved_out_on=date(2024, 1, 2)), joined[1]]))
    assert not list(pairs([row("1", person_code="A", left_on=date(2014, 1, 2)), joined[1]]))


def test_the_doctor_names_pairs(dubi: Dubi) -> None:
    """Two rows of equal name and birth date in a store are named with their codes, and what to do about them."""
    assert dubi("init").code == 0
    for code in ("HS-1", "HS-2"):
        assert dubi("add", "--name", "Nguyễn Văn Mẫu", "--code", code, "--born", "02/01/1990", "--confirm").code == 0
    said = [one for one in dubi("doctor", "--json").json["checks"] if one["check"] == "one_person_twice"]
    assert len(said) == 1
    assert "HS-1 và HS-2" in said[0]["said"]
