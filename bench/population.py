"""A province of invented cases: a base of different ones, repeated with all its days shifted until there are enough."""

from __future__ import annotations

import datetime as dt
from functools import cache
from random import Random
from typing import Any

import polars as pl

from bench import AS_OF
from rules.loader import vocabulary

BASE = 50_000
UNITS = 400

TYPES: dict[str, Any] = {
    "date": pl.Date,
    "number": pl.Int64,
    "mark": pl.Boolean,
    "code": pl.Categorical,
    "text": pl.String,
}
"""The columns that facts of a type stand in."""
_FAMILIES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Võ", "Đặng"),
    *("Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lò", "Giàng", "Hà"),
)
_MIDDLES = ("Văn", "Thị", "Đức", "Minh", "Hữu", "Ngọc", "Thanh", "Quang", "Thu", "Xuân", "A", "Mạnh")
_GIVEN = (
    *("An", "Bình", "Chung", "Ước", "Dũng", "Hạnh", "Hoa", "Hùng", "Khánh", "Lan", "Liên"),
    *("Mai", "Nam", "Oanh", "Phúc", "Quý", "Sơn", "Tâm", "Uyên", "Vinh", "Yến", "Thắng"),
)
_NAMES = [f"{family} {middle} {given}" for family in _FAMILIES for middle in _MIDDLES for given in _GIVEN]
_OCCUPATIONS = (
    "farmer",
    "enterprise_worker",
    "public_employee",
    "commune_official",
    "armed_forces",
    "student",
    "pupil",
)
_ETHNICITIES = ("Kinh",) * 7 + ("Thái", "Mông", "Mường")
_RELIGIONS = ("Không",) * 9 + ("Phật giáo", "Công giáo")


def _case(random: Random, number: int) -> dict[str, object]:
    """One case, begun some years back and as far on its way as chance has it."""
    began = AS_OF - dt.timedelta(days=random.randrange(30, 3000))
    day = began

    def later(least: int, most: int) -> dt.date:
        nonlocal day
        day += dt.timedelta(days=random.randrange(least, most))
        return day

    recorded: dict[str, object] = {
        "code": f"HS-{number:07}",
        "full_name": _NAMES[number * 1009 % len(_NAMES)],
        "born_on": began - dt.timedelta(days=random.randrange(17 * 365, 55 * 365)),
        "sex": random.choice(("Nam", "Nữ")),
        "ethnicity": random.choice(_ETHNICITIES),
        "religion": random.choice(_RELIGIONS),
        "unit": f"CB-{random.randrange(UNITS):03}",
        "occupation": random.choice(_OCCUPATIONS),
        "schooling": random.choice(("lower_secondary", "upper_secondary", "upper_secondary")),
        "qualification": random.choice((None, "intermediate", "university")),
        "youth_union": random.random() < 0.5 or None,
        "business_owner": random.random() < 0.01 or None,
        "foreign_spouse": random.random() < 0.005 or None,
        "helper": random.choice((None, "Hoàng Văn Đức")),
    }
    steps = {
        "candidate_on": began,
        "awareness_certified_on": later(30, 400),
        "application_on": later(1, 200),
        "verification_on": later(10, 90),
        "dossier_opened_on": later(1, 300),
        "cell_proposed_admission_on": later(20, 300),
        "admission_decided_on": later(10, 110),
        "admission_decision_received_on": later(1, 15),
        "admitted_on": later(3, 60),
        "new_member_certified_on": later(60, 420),
    }
    day = steps["admitted_on"]
    steps["cell_proposed_recognition_on"] = later(355, 430)
    steps["recognition_decided_on"] = later(5, 90)
    steps["recognised_from"] = steps["admitted_on"] + dt.timedelta(days=365)
    chance = random.random()
    if chance < 0.04:
        steps["left_on"] = later(1, 900)
        recorded["exit_kind"] = "struck_off"
    elif chance < 0.07:
        steps["moved_out_on"] = later(1, 900)
    for name in ("new_member_certified_on", "awareness_certified_on", "admission_decision_received_on"):
        if random.random() < 0.06:
            del steps[name]
    for name in ("born_on", "ethnicity", "religion", "schooling"):
        if random.random() < 0.01:
            recorded[name] = None
    return recorded | {name: on for name, on in steps.items() if on <= AS_OF or random.random() < 0.002}


@cache
def base() -> pl.DataFrame:
    """The different cases that a population is made of."""
    random = Random(20250331)
    facts = {f.name: f for f in vocabulary.load().facts.values() if f.kind in ("step", "attribute", "mark")}
    rows = [_case(random, number) for number in range(BASE)]
    used = [name for name in facts if any(row.get(name) is not None for row in rows)]
    schema = {name: TYPES[str(facts[name].type)] for name in used}
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in used}, schema=schema)


def population(size: int) -> pl.DataFrame:
    """So many cases as one frame, a row each."""
    return numbered(repeated(base(), size))


def repeated(different: pl.DataFrame, size: int) -> pl.DataFrame:
    """So many cases: the different ones again and again, each time with all days shifted by one more."""
    days = [name for name, type_ in different.schema.items() if type_ == pl.Date]
    parts = []
    for number in range(-(-size // different.height)):
        shift = dt.timedelta(days=-number)
        parts.append(different.with_columns((pl.col(name) + shift).alias(name) for name in days))
    return pl.concat(parts).head(size)


def numbered(cases: pl.DataFrame) -> pl.DataFrame:
    """Cases with codes of their own."""
    codes = pl.format("HS-{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(7)).alias("code")
    return cases.with_columns(codes).rechunk()
