"""Lists in layouts made from parts, with known truth. Every list comes from its number: the same gives the same."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from cases.files.grids import Grid, Merge, SpreadFile, make_even
from cases.rosters.encodings.legacy import _TCVN3
from cases.rosters.outcome.answers import Answers
from tests.layouts.parts import FAMILIES, GIVEN, HEADINGS, MIDDLES, NAMES, UNITS

Cells = list[Any]
Person = dict[str, Any]


@dataclass
class Layout:
    """A list and what is true of it: by row and block, the person who stands there."""

    number: int
    book: SpreadFile
    answers: Answers
    people: dict[tuple[int, int], Person]
    once: bool
    """Whether every meaning stands in one column only, and nothing in it is meant to be asked."""
    traits: list[str] = field(default_factory=list)


def person(chance: random.Random) -> Person:
    """An invented person in one of the stages."""
    born = date(1960, 1, 1) + timedelta(days=chance.randrange(14_000))
    admitted = born + relativedelta(years=20 + chance.randrange(20)) + timedelta(days=chance.randrange(300))
    made: Person = {
        "full_name": f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}",
        "born_on": born,
        "sex": chance.choice(["Nam", "Nữ"]),
        "ethnicity": chance.choice(["Kinh", "Thái", "Mường", "Tày"]),
        "candidate_on": admitted - timedelta(days=700 + chance.randrange(200)),
        "awareness_certified_on": admitted - timedelta(days=300 + chance.randrange(200)),
        "helper": f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}",
    }
    stage = chance.choice(["official", "official", "probationary", "candidate"])
    if stage != "candidate":
        made["admitted_on"] = admitted
        made["due_typed"] = admitted + relativedelta(months=12)
    if stage == "official":
        made["recognised_from"] = admitted + relativedelta(months=12)
    return made


def layout(number: int) -> Layout:
    """The list of a number."""
    chance = random.Random(number)  # noqa: S311  # invented people, no secrets
    return _Maker(number, chance).make()


class _Maker:
    """One list in the making."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.number, self.chance = number, chance
        self.traits: list[str] = []
        self.once = True
        self.merges: list[Merge] = []
        self.styles: dict[str, str] = {}

    def trait(self, name: str, share: float) -> bool:
        """Whether the list has a trait, which is then told of it."""
        has = self.chance.random() < share
        if has:
            self.traits.append(name)
        return has

    def make(self) -> Layout:
        """Choose the columns, write the header and the people, then spoil the form of it."""
        chance = self.chance
        people = [person(chance) for _ in range(chance.randrange(4, 13))]
        facts = ["born_on", "sex", "admitted_on", "recognised_from"]
        facts += [one for one in ("ethnicity", "helper", "due_typed", "unit") if chance.random() < 0.4]
        if chance.random() < 0.4:
            facts += ["candidate_on", "awareness_certified_on"]
        chance.shuffle(facts)
        for made in people:
            made["unit"] = chance.choice(UNITS)
        heads, columns = self._columns(facts, people)
        rows, truth = self._rows(heads, columns, people, facts)
        for made in people:
            self._forget(made, facts)
        if self.trait("capital headings", 0.15):
            for row in range(self.top, self.bottom + 1):
                rows[row] = [raw.upper() if isinstance(raw, str) else raw for raw in rows[row]]
        if self.trait("tcvn3", 0.04) and "plain letters" not in self.traits:
            rows = [[_in_tcvn3(raw) for raw in row] for row in rows]
        elif self.trait("decomposed", 0.05):
            rows = [[unicodedata.normalize("NFD", raw) if isinstance(raw, str) else raw for raw in row] for row in rows]
        grid = Grid("Sheet1", make_even(rows), merges=tuple(self.merges))
        book = SpreadFile(Path(f"danh-sach-{self.number}.xlsx"), "xlsx", (grid,))
        answers = Answers() if "unit" in facts else Answers(unit="CB-01")
        return Layout(self.number, book, answers, truth, self.once, self.traits)

    def _forget(self, made: Person, facts: list[str]) -> None:
        """What the list does not hold is not expected of it."""
        kept = {"full_name", *facts, *(["code"] if "code" in made else [])}
        for name in [name for name in made if name not in kept]:
            del made[name]

    def _columns(self, facts: list[str], people: list[Person]) -> tuple[list[list[str]], list[list[Any]]]:
        """Headings of two levels, and the cells below each."""
        chance = self.chance
        heads: list[list[str]] = []
        columns: list[list[Any]] = []

        def add(upper: str, lower: str, cells: list[Any]) -> None:
            heads.append([upper, lower])
            columns.append(cells)

        if chance.random() < 0.85:
            add(chance.choice(["STT", "TT", "Số TT"]), "", list(range(1, len(people) + 1)))
        if self.trait("codes", 0.3):
            for place, made in enumerate(people):
                made["code"] = f"HV{self.number % 997:03}{place + 10}"
            add(HEADINGS["code"][0](chance), "", [made["code"] for made in people])
        self._name(add, people)
        for fact in facts:
            self._fact(add, fact, people)
        self._extra(add, people)
        return heads, columns

    def _name(self, add: Callable[[str, str, list[Any]], None], people: list[Person]) -> None:
        chance, names = self.chance, [made["full_name"].split() for made in people]
        way = chance.choices(["whole", "two", "unmerged", "three"], [80, 8, 6, 6])[0]
        title = chance.choice(["Ông ", "Đ/c ", "đồng chí "]) if self.trait("titles", 0.05) else ""
        if way == "whole":
            add(chance.choice(NAMES), "", [title + " ".join(name) for name in names])
            return
        self.traits.append(f"name {way}")
        if way == "two":
            add(chance.choice(["Họ đệm", "Họ và đệm", "Họ và chữ đệm"]), "", [" ".join(name[:2]) for name in names])
        elif way == "unmerged":
            add("Họ và tên", "", [" ".join(name[:2]) for name in names])
            add("", "", [name[2] for name in names])
            return
        else:
            add("Họ", "", [name[0] for name in names])
            add(chance.choice(["Đệm", "Tên đệm", "Chữ đệm", "Tên lót"]), "", [name[1] for name in names])
        add("Tên", "", [name[2] for name in names])

    def _fact(self, add: Callable[[str, str, list[Any]], None], fact: str, people: list[Person]) -> None:
        chance = self.chance
        heading = chance.choice(HEADINGS[fact])(chance)
        if self.trait("plain letters", 0.01):
            heading = "".join(one for one in unicodedata.normalize("NFD", heading) if not unicodedata.combining(one))
            heading = heading.replace("đ", "d").replace("Đ", "D")
        heading += chance.choice(
            ["", "", "", " *", ":", " (dd/mm/yyyy)"] if fact.endswith(("_on", "from")) else ["", ""]
        )
        values = [made.get(fact) for made in people]
        if fact in ("admitted_on", "born_on") and self.trait(f"{fact} in three columns", 0.05):
            upper = "Ngày vào Đảng" if fact == "admitted_on" else "Ngày sinh"
            for lower, part in (("Ngày", "day"), ("Tháng", "month"), ("Năm", "year")):
                add(upper, lower, [getattr(value, part) if value else "" for value in values])
            return
        form = chance.choice(["cell", "cell", "d/m/y", "dd-mm-yyyy", "iso", "words", "slashes"])
        cells = [self._written(value, form) for value in values]
        if fact == "admitted_on" and self.trait("remarks beside dates", 0.06):
            cells = [
                f"{value:%d/%m/%Y} (QĐ số {number + 1})" if isinstance(value, date) else ""
                for number, value in enumerate(values)
            ]
        if fact == "admitted_on" and self.trait("admission in part", 0.06):
            for place, value in enumerate(values):
                if value is not None and chance.random() < 0.5:
                    cells[place] = chance.choice([f"{value:%m/%Y}", f"{value:%Y}", f"tháng {value.month}/{value.year}"])
                    people[place]["admitted_on"] = None
                    people[place]["undated"] = True
        if fact == "recognised_from":
            word = chance.choice(["", "", "", "Chưa", "Dự bị", "-"])
            cells = [cell if value else word for cell, value in zip(cells, values, strict=True)]
        add(heading, "", cells)

    def _written(self, value: Any, form: str) -> Any:
        if not isinstance(value, date):
            return "" if value is None else value
        return {
            "cell": value,
            "d/m/y": f"{value.day}/{value.month}/{value.year}",
            "dd-mm-yyyy": f"{value:%d-%m-%Y}",
            "iso": f"{value:%Y-%m-%d}",
            "words": f"ngày {value.day} tháng {value.month} năm {value.year}",
            "slashes": f"{value:%Y/%m/%d}",
        }[form]

    def _extra(self, add: Callable[[str, str, list[Any]], None], people: list[Person]) -> None:
        """Columns that are nobody's fact: of others, of no meaning, or of one that only a person can tell."""
        chance = self.chance
        if self.trait("another person's columns", 0.12):
            whose = chance.choice(["Vợ (chồng)", "Cha", "Mẹ", "Người thân"])
            add(whose, "Họ và tên", [person(chance)["full_name"] for _ in people])
            add(whose, chance.choice(["Ngày sinh", "Năm sinh"]), [person(chance)["born_on"] for _ in people])
        if self.trait("notes", 0.3):
            add("Ghi chú", "", [chance.choice(["", "", "50 m²", "tổ 2", "hộ nghèo"]) for _ in people])
        if self.trait("words of no meaning", 0.15):
            add(
                chance.choice(["Sở thích", "Năng khiếu", "Xếp loại"]),
                "",
                [chance.choice(["đá bóng", "tốt", ""]) for _ in people],
            )
        if self.trait("days of no meaning", 0.04):
            self.once = False
            heading = chance.choice(["Ngày đăng ký", "Ngày họp phụ huynh", "Ngày vào làm", "Ngày kết nạp Đoàn"])
            add(heading, "", [date(2001, 1, 1) + timedelta(days=chance.randrange(6000)) for _ in people])
        if self.trait("one meaning twice", 0.03):
            self.once = False
            add("Ngày chuyển chính thức", "", [person(chance)["born_on"] + timedelta(days=9000) for _ in people])

    def _rows(
        self, heads: list[list[str]], columns: list[list[Any]], people: list[Person], facts: list[str]
    ) -> tuple[list[Cells], dict[tuple[int, int], Person]]:
        chance = self.chance
        rows: list[Cells] = (
            [[chance.choice(["ĐẢNG BỘ XÃ", "CHI BỘ KHỐI 4", "TRÍCH NGANG"])]] if chance.random() < 0.5 else []
        )
        rows += [[]] if chance.random() < 0.2 else []
        two = any(lower for _, lower in heads)
        self.top = len(rows)
        rows.append([upper for upper, _ in heads])
        if two:
            rows.append([lower for _, lower in heads])
            self._merge(heads, rows)
        self.bottom = len(rows) - 1
        if chance.random() < 0.15:
            rows.append([f"({place + 1})" for place in range(len(heads))])
        body = [list(cells) for cells in zip(*columns, strict=True)]
        if not two and len(heads[0][0]) and len(people) % 2 == 0 and self.trait("beside itself", 0.08):
            return self._beside(rows, body, people)
        truth = {}
        groups = self._groups(people, facts)
        name_at = next(place for place, (upper, _) in enumerate(heads) if upper.startswith("Họ"))
        for label, members in groups:
            if label:
                line: Cells = [""] * len(heads)
                line[chance.choice([0, name_at])] = label
                rows.append(line)
            for place in members:
                rows.append(body[place])
                truth[len(rows), 1] = people[place]
            if chance.random() < 0.05:
                rows.append([])
        if chance.random() < 0.3:
            rows.append(["", f"Tổng số: {len(people)} đồng chí"])
        if chance.random() < 0.3:
            rows += [["", "", "Ngày 30 tháng 6 năm 2025"], ["", "NGƯỜI LẬP BIỂU", "", "BÍ THƯ"]]
        return rows, truth

    def _merge(self, heads: list[list[str]], rows: list[Cells]) -> None:
        """Upper headings are merged over their lower ones; half of the lists lose the merges."""
        upper = [one for one, _ in heads]
        merged = self.chance.random() < 0.7
        for place, (label, lower) in enumerate(heads):
            if lower and place and upper[place - 1] == label:
                rows[self.top][place] = ""
                continue
            end = place
            while lower and end + 1 < len(heads) and upper[end + 1] == label:
                end += 1
            if merged and end > place:
                self.merges.append(Merge(self.top, place, self.top, end))
            elif merged and not lower:
                self.merges.append(Merge(self.top, place, self.top + 1, place))

    def _beside(
        self, rows: list[Cells], body: list[Cells], people: list[Person]
    ) -> tuple[list[Cells], dict[tuple[int, int], Person]]:
        """The second half of the list stands to the right of the first one, under the same header."""
        half = len(body) // 2
        rows[self.top] = rows[self.top] * 2
        del rows[self.bottom + 1 :]
        truth = {}
        for place in range(half):
            rows.append(body[place] + body[half + place])
            truth[len(rows), 1], truth[len(rows), 2] = people[place], people[half + place]
        return rows, truth

    def _groups(self, people: list[Person], facts: list[str]) -> Iterator[tuple[str, list[int]]]:
        chance, everybody = self.chance, list(range(len(people)))
        if "unit" not in facts and self.trait("units as headings", 0.2):
            facts.append("unit")
            for number, unit in enumerate(UNITS, 1):
                members = [place for place in everybody if people[place]["unit"] == unit]
                if members:
                    yield (
                        chance.choice([unit.upper(), f"{'I' * min(number, 3)}. {unit}: {len(members)} đồng chí"]),
                        members,
                    )
        elif self.trait("statuses as headings", 0.15):
            names = {
                "official": "Đảng viên chính thức",
                "probationary": "Đảng viên dự bị",
                "candidate": "Quần chúng ưu tú",
            }
            for letter, (stage, name) in zip("ABC", names.items(), strict=True):
                members = [place for place in everybody if stage_of(people[place]) == stage]
                if members:
                    yield (
                        chance.choice([f"{letter}. {name}", name.upper(), f"{name}: {len(members)} đồng chí"]),
                        members,
                    )
        else:
            yield "", everybody


def _in_tcvn3(raw: Any) -> Any:
    back = {letter: chr(code) for code, letter in _TCVN3.items()}
    if not isinstance(raw, str):
        return raw
    return "".join(back.get(sign) or back.get(sign.lower(), sign) for sign in unicodedata.normalize("NFC", raw))


def stage_of(made: Person) -> str:
    """Where somebody stands by what is true of them."""
    if made.get("recognised_from"):
        return "official"
    return "probationary" if made.get("admitted_on") or made.get("undated") else "candidate"
