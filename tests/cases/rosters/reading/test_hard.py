"""Lists as offices and other programs make them, each with the right outcome written down beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from cases.rosters import Answers, read
from rules.loader.errors import BadInput
from tests.calling import call
from tests.conftest import DATA

CASES = sorted((DATA / "hard").glob("*/expected.json"))


def faults_of_row(wanted: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """Why a row is not what is wanted of it."""
    outcomes, fields = wanted.get("outcome"), got["fields"]
    faults = []
    if outcomes and got["outcome"] not in ([outcomes] if isinstance(outcomes, str) else outcomes):
        faults.append(f"row {wanted['row']} is {got['outcome']}, not {outcomes}")
    for name, value in (wanted.get("fields") or {}).items():
        if str(fields.get(name)) != str(value):
            faults.append(f"row {wanted['row']} has {name}={fields.get(name)!r}, not {value!r}")
    faults += [f"row {wanted['row']} has {name}" for name in wanted.get("not_fields", []) if name in fields]
    refused = wanted.get("not_values", {}).items()
    return faults + [
        f"row {wanted['row']} has {name}={value!r}" for name, value in refused if fields.get(name) == value
    ]


def faults_of_file(case: Path) -> list[str]:
    """Why the preview of a file is not what is wanted of it."""
    wanted = json.loads(case.read_text("utf-8"))
    answers = Answers(accepted=frozenset(wanted["args"][1::2]))
    try:
        seen = read(next(case.parent.glob("input.*")), answers).as_json()["rows"]
    except BadInput as refusal:
        return [] if wanted.get("may_refuse") else [str(refusal)]
    persons = sorted({row["row"] for row in seen if row["outcome"] != "ignored"})
    faults = []
    if "persons" in wanted and persons != wanted["persons"]:
        faults.append(f"persons are {persons}, not {wanted['persons']}")
    for row in wanted["rows"]:
        tries = [faults_of_row(row, got) for got in seen if got["row"] == row["row"]]
        faults += sorted(tries, key=len)[0] if tries else [f"row {row['row']} is missing"]
    return faults


def test_every_list_is_read_as_it_should_be() -> None:
    """Rows, outcomes and values of every list are those that were written down for it."""
    assert len(CASES) >= 22
    assert {case.parent.name: faults for case in CASES if (faults := faults_of_file(case))} == {}


def test_nobody_changes_stage_in_the_store(tmp_path: Path) -> None:
    """Lists that are applied give as many people in each stage as they should."""
    applied = [case for case in CASES if "then" in json.loads(case.read_text("utf-8"))]
    assert applied
    for case in applied:
        then = json.loads(case.read_text("utf-8"))["then"]
        store = ("--store", str(tmp_path / f"{case.parent.name}.db"))
        assert call(("init", *store), tmp_path, {}).code == 0
        imported = ("import", str(next(case.parent.glob("input.*"))), *then["apply"], *store)
        assert call(imported, tmp_path, {}).code == 0
        answer = json.loads(call(("check", "--as-of", then["as_of"], "--json", *store), tmp_path, {}).out)
        stages = {stage: count for stage, count in answer["stages"].items() if count}
        assert (case.parent.name, answer["cases"]) == (case.parent.name, then["cases"])
        assert stages == then.get("stages", stages)
        assert not set(then.get("not_in_stage", ())) & set(stages)
        assert then.get("no_severity") not in {one["severity"] for one in answer["findings"]}


def test_lists_beside_each_other_are_both_read() -> None:
    """A list that goes on to the right gives every person, told apart by the block, whom an answer can name."""
    file = DATA / "hard" / "04_side_by_side_blocks" / "input.xlsx"
    seen = read(file, Answers(unit="CB-01"))
    assert [(row.row, row.block) for row in seen.rows] == [(3, 1), (3, 2), (4, 1), (4, 2), (5, 1), (5, 2)]
    assert seen.rows[1].fields["full_name"] == "Ngô Thị Mận"
    assert [row.get("block") for row in seen.as_json()["rows"]][:2] == [1, 2]
    again = replace(Answers(unit="CB-01"), persons={(3, 2): "other"})
    assert again.person(3, 2) == "other"
    assert again.person(3, 1) is None


def test_month_first_columns_are_answered() -> None:
    """A column said to have the month first is read so; said to have the day first, only its impossible days refuse."""
    file = DATA / "hard" / "20_month_first_text_file" / "input.csv"
    months = read(file, Answers(unit="CB-01", month_first=frozenset({"E"})))
    assert [str(row.fields["admitted_on"]) for row in months.rows] == [
        "2020-02-03", "2023-09-02", "2021-05-19", "2022-02-03",
    ]  # fmt: skip
    days = read(file, Answers(unit="CB-01", day_first=frozenset({"E"})))
    assert [row.outcome for row in days.rows].count("refused") == 1
