"""People are found without diacritics, the nearest first, and names stand in the Vietnamese order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cases.store.connection import querying
from cases.store.search import People, find, units_below
from cases.values.records import Record, Roster, Unit
from rules.loader.errors import UnknownName
from rules.loader.spelling.name_order import name_key
from tests.cases.log.test_taking_back import put


@pytest.mark.parametrize(
    "words",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["an", "ăn", "ân"],
        ["de", "đe"],
        ["o", "ô", "ơ"],
        ["u", "ư", "y"],
        ["e", "ê", "g"],
    ],
)
def test_letters_and_tones(words: list[str]) -> None:
    """The alphabet and the tones, one word each."""
    got = words[::-1]
    got.sort(key=name_key)
    assert got == words


NAMES = {
    "HS-01": "Nguyễn Văn An",
    "HS-02": "Nguyễn Văn Ân",
    "HS-03": "Nguyễn Văn Anh",
    "HS-04": "Nguyễn Thị Vân An",
    "HS-05": "Trần Văn Nguyên",
    "HS-06": "ĐẶNG ĐỨC ANH",
    "HS-07": "Đinh Văn Ăn",
}


@pytest.fixture
def named(store: str) -> str:
    """A store with these people, two units above each other."""
    records = tuple(
        Record(code, {"code": code, "full_name": name, "born_on": date(1990, 1, 1), "unit": unit})
        for (code, name), unit in zip(NAMES.items(), ["CB-1"] * 3 + ["CB-2"] * 4, strict=True)
    )
    units = (Unit("ĐB", "Đảng bộ xã"), Unit("CB-1", "Chi bộ thôn Một", parent="ĐB"), Unit("CB-2", "Chi bộ Hai"))
    put(store, Roster(records, units))
    return store


FOUND = {
    "nguyen van an": ["HS-01", "HS-02", "HS-03", "HS-04"],
    "Nguyễn Văn An": ["HS-01", "HS-03", "HS-02", "HS-04"],
    "nguyễn văn ân": ["HS-02", "HS-01", "HS-03", "HS-04"],
    "NGUYEN  VAN ANH": ["HS-03"],
    "van an": ["HS-04", "HS-01", "HS-07", "HS-02", "HS-03"],
    "dang duc anh": ["HS-06"],
    "đặng": ["HS-06"],
    "anh": ["HS-06", "HS-03"],
    "hs-03": ["HS-03"],
    "s-0": ["HS-04", "HS-01", "HS-07", "HS-02", "HS-06", "HS-03", "HS-05"],
    "an nguyen": ["HS-04", "HS-01", "HS-02", "HS-03"],
    "an an": [],
    "duc anh dang": ["HS-06"],
    "không có ai": [],
}


@pytest.mark.parametrize(("text", "codes"), FOUND.items(), ids=FOUND.keys())
def test_finding(named: str, text: str, codes: list[str]) -> None:
    """Each word begins a word of its own, in whatever order; what is spelt the same comes first."""
    with querying(named) as execute:
        got = [hit.code for hit in find(execute, text)]
    assert sorted(got) == sorted(codes)
    if text != "s-0":  # a part of a code is as near to one as to another
        assert got[:1] == codes[:1]


def test_a_code_in_full(store: str) -> None:
    """A code as it is written, or in small letters, means that case alone; a part of codes means all that have it."""
    put(
        store,
        Roster(tuple(Record(code, {"code": code, "full_name": "An"}) for code in ("HS-1", "HS-12", "hs-12", "HS-2"))),
    )
    with querying(store) as execute:
        people = People(execute)
        for text, codes in {"HS-1": ["HS-1"], " hs-1 ": ["HS-1"], "HS-12": ["HS-12"], "hs-12": ["hs-12"]}.items():
            assert [hit.code for hit in find(execute, text)] == codes
            assert [hit.code for hit in people.find(text)] == codes
        assert len(find(execute, "hs-")) == len(people.find("hs-")) == 4


def test_finding_in_a_unit(named: str) -> None:
    """A unit takes in all below it, and is found by its name as well."""
    with querying(named) as execute:
        assert units_below(execute, "đb") == ["CB-1", "ĐB"]
        assert units_below(execute, "chi bo thon mot") == ["CB-1"]
        got = find(execute, "", units_below(execute, "ĐB"))
        with pytest.raises(UnknownName, match="dubi units"):
            units_below(execute, "CB-9")
    assert {hit.code for hit in got} == {"HS-01", "HS-02", "HS-03"}


def test_a_large_store_is_searched_quickly(tmp_path: Path) -> None:
    """Every one of thousands is looked at, and the whole list comes in order."""
    from cases.store.connection import initialise

    url = f"sqlite:///{tmp_path / 'lon.sqlite'}"
    initialise(url)
    put(url, Roster(tuple(Record(f"X{n}", {"code": f"X{n}", "full_name": f"Lê Thị {name}"}) for n, name in _many())))
    with querying(url) as execute:
        got = [hit.name for hit in find(execute, "le thi")]
    assert got == sorted(got, key=name_key)
    assert len(got) == 3000


def _many() -> list[tuple[int, str]]:
    words = ["An", "Ánh", "Bình", "Cúc", "Dung", "Đào", "Hoa", "Lan", "Mai", "Yến"]
    return [(number, f"{words[number % 10]} {words[number // 10 % 10]}") for number in range(3000)]
