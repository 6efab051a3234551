"""What comes next for a case, and what would be if something were recorded otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from cases.values.records import AttributeEntry, Placement, Record, StepEntry, Value
from engine.language.tree import Scalar
from engine.planning import Bound, ComingStep, Planner, compile_plan
from engine.ruleset import load_ruleset
from engine.single.live import LiveEvaluator
from engine.supposing import read_change, supposed
from rules.loader import plan as plan_loader
from rules.loader import vocabulary
from rules.loader.errors import BadInput, LawFileError, UnknownName
from tests.engine.situations import day


def case(**fields: Value) -> Record:
    """A case with a code, a name and the given fields."""
    known: dict[str, Value] = {"full_name": "Nguyễn Văn An", "unit": "CB-01", "born_on": day("1990-05-01"), **fields}
    return Record(code="HS-1", fields=known, steps=(), attributes=(), placements=())


@cache
def planner() -> Planner:
    """A planner over the shipped rules."""
    return Planner(LiveEvaluator(load_ruleset()), plan_loader.load())


def steps(record: Record, as_of: str) -> dict[str, ComingStep]:
    """The coming steps of a case by their names."""
    return {step.step: step for step in planner().plan(record, day(as_of)).steps}


# Worked example 1 of the regulations: ceremony 10/10/2024, resolution 05/11/2025.
PLAIN = case(
    admission_decided_on=day("2024-09-30"), admitted_on=day("2024-10-10"), new_member_certified_on=day("2025-03-01")
)


def test_cell_considers_from_the_day_after_to_the_end_of_its_window() -> None:
    """Ceremony 10/10/2024: papers from 11/10/2025, the cell's last day is 21/11/2025."""
    coming = steps(PLAIN, "2025-10-15")
    assert list(coming) == ["cell_proposed_recognition_on", "recognition_decided_later"]
    cell = coming["cell_proposed_recognition_on"]
    assert (cell.earliest, cell.latest) == (Bound(day("2025-10-11")), Bound(day("2025-11-21")))
    assert (cell.held_by, cell.document, cell.clause, cell.certainty) == ("cell", "qd-294-2025", "4.2.1", "quoted")
    assert cell.days_late is None


def test_decision_follows_the_resolution() -> None:
    """Resolution 05/11/2025: decided by 17/12/2025; the step before is gone."""
    coming = steps(
        replace(PLAIN, fields={**PLAIN.fields, "cell_proposed_recognition_on": day("2025-11-05")}), "2025-12-20"
    )
    assert list(coming) == ["recognition_decided_on"]
    decision = coming["recognition_decided_on"]
    assert (decision.earliest.day, decision.latest.day) == (day("2025-11-05"), day("2025-12-17"))
    assert decision.days_late == 3


def test_a_resolution_before_its_time_counts_as_none() -> None:
    """A cell that considered before the twelve months were up has to consider again."""
    early = replace(PLAIN, fields={**PLAIN.fields, "cell_proposed_recognition_on": day("2025-10-10")})
    assert "cell_proposed_recognition_on" in steps(early, "2025-10-15")


def test_before_the_end_of_probation() -> None:
    """A member without the course sees the course, the end of the twelve months, the cell and the decision."""
    member = case(admission_decided_on=day("2024-09-30"), admitted_on=day("2024-10-10"))
    coming = steps(member, "2025-03-01")
    assert list(coming) == [
        "new_member_certified_on",
        "probation_ends_on",
        "cell_proposed_recognition_on",
        "recognition_decided_later",
    ]
    assert coming["probation_ends_on"].earliest == coming["probation_ends_on"].latest == Bound(day("2025-10-10"))


def test_ceremony_between_receipt_and_its_limit() -> None:
    """An approved person: from the day the decision arrived, for thirty working days."""
    approved = case(admission_decided_on=day("2025-01-13"), admission_decision_received_on=day("2025-01-15"))
    ceremony = steps(approved, "2025-01-20")["admitted_on"]
    assert (ceremony.earliest.day, ceremony.latest.day) == (day("2025-01-15"), day("2025-03-05"))


def test_candidate_waits_for_eighteen_and_for_papers() -> None:
    """The cell considers from the eighteenth birthday, and while certificate and papers still count."""
    young = case(
        born_on=day("2007-07-25"), awareness_certified_on=day("2025-01-10"), dossier_opened_on=day("2025-02-01")
    )
    coming = steps(young, "2025-03-01")
    assert list(coming) == ["cell_proposed_admission_on"]
    considered = coming["cell_proposed_admission_on"]
    assert (considered.earliest.day, considered.latest.day) == (day("2025-07-25"), day("2026-02-01"))


def test_expired_papers_come_first() -> None:
    """With papers past their life they are renewed, and the cell's last day is not told from the old ones."""
    old = case(awareness_certified_on=day("2022-01-10"), dossier_opened_on=day("2023-02-01"))
    coming = steps(old, "2025-03-01")
    assert list(coming) == ["dossier_renewed", "cell_proposed_admission_again"]
    assert coming["cell_proposed_admission_again"].latest == Bound(None)


def test_a_day_that_hangs_on_something_missing_says_so() -> None:
    """Without a birth date nobody can say from when the cell may consider."""
    record = case(awareness_certified_on=day("2025-01-10"), dossier_opened_on=day("2025-02-01"))
    unknown = replace(record, fields={k: v for k, v in record.fields.items() if k != "born_on"})
    assert steps(unknown, "2025-03-01")["cell_proposed_admission_on"].earliest == Bound(None, ("born_on",))


def test_a_day_beyond_the_calendar_says_so() -> None:
    """Where the table of working days ends, the day is not guessed."""
    member = case(admission_decided_on=day("2026-11-30"), admitted_on=day("2026-12-20"))
    assert steps(member, "2027-01-10")["cell_proposed_recognition_on"].latest == Bound(None, ("calendar",))


def test_foreseen_holidays_are_told() -> None:
    """A limit that counts a holiday only foreseen is unconfirmed."""
    member = case(admission_decided_on=day("2026-03-01"), admitted_on=day("2026-04-01"))
    cell = steps(member, "2026-12-01")["cell_proposed_recognition_on"]
    assert (cell.forecast, cell.certainty) == (True, "unconfirmed")


@pytest.mark.parametrize(
    ("fields", "as_of"),
    [
        ({"left_on": "2025-06-01"}, "2025-07-01"),
        ({"moved_out_on": "2025-06-01"}, "2025-07-01"),
        ({"recognition_decided_on": "2025-11-20"}, "2025-12-01"),
    ],
)
def test_nothing_is_left_to_do(fields: dict[str, str], as_of: str) -> None:
    """Whoever has left, moved away or been recognised has no coming step."""
    gone = replace(PLAIN, fields={**PLAIN.fields, **{name: day(text) for name, text in fields.items()}})
    assert steps(gone, as_of) == {}


def test_no_case_yet() -> None:
    """Before the first step there is no case, and so no plan."""
    plan = planner().plan(PLAIN, day("2020-01-01"))
    assert (plan.exists, plan.stage, plan.steps, plan.name) == (False, None, (), "Nguyễn Văn An")


def test_what_if_the_cell_had_considered() -> None:
    """The overdue finding goes, nothing is stored, and the next step's last day follows from the supposed one."""
    found = planner().what_if(PLAIN, {"cell_proposed_recognition_on": day("2025-11-05")}, day("2025-12-01"))
    assert [finding.rule for finding in found.findings.gone] == ["recognition.past_cell_window"]
    assert found.findings.come == ()
    assert [step.latest.day for step in found.after.steps] == [day("2025-12-17")]
    assert "cell_proposed_recognition_on" not in PLAIN.fields
    assert (found.ignored, found.before.stage, found.after.stage) == ((), "probationary", "probationary")


def test_what_if_tells_what_was_recorded() -> None:
    """What stood there before is told as of the day, also where it is known only from the history of steps."""
    step = StepEntry("cell_proposed_recognition_on", day("2025-11-03"), None, None, None)
    record = replace(PLAIN, steps=(step,))
    changes: dict[str, Scalar | None] = {"cell_proposed_recognition_on": day("2025-11-05"), "helper": "B"}
    assert planner().what_if(record, changes, day("2025-12-01")).was == {
        "cell_proposed_recognition_on": day("2025-11-03")
    }
    assert planner().what_if(record, changes, day("2020-01-01")).was == {}


def test_what_if_makes_a_finding_come() -> None:
    """A resolution dated before the end of the twelve months comes up as blocked."""
    found = planner().what_if(PLAIN, {"cell_proposed_recognition_on": day("2025-10-01")}, day("2025-12-01"))
    assert "recognition.early_step" in [finding.rule for finding in found.findings.come]


def test_what_if_in_the_future() -> None:
    """A step after the as-of day has not happened: findings stay; the steps that follow are told as of that day."""
    found = planner().what_if(PLAIN, {"cell_proposed_recognition_on": day("2025-12-05")}, day("2025-12-01"))
    assert found.ignored == ("cell_proposed_recognition_on",)
    assert (found.findings.gone, found.findings.come, found.findings.changed) == ((), (), ())
    assert found.after.as_of == day("2025-12-05")
    assert [step.step for step in found.after.steps] == ["recognition_decided_on"]


def test_what_if_of_a_case_that_is_not_yet() -> None:
    """A case without a step by the day has findings only where one is supposed."""
    early = case(admitted_on=day("2025-06-01"))
    found = planner().what_if(early, {"candidate_on": day("2024-01-01")}, day("2025-01-01"))
    assert (found.before.exists, found.after.exists) == (False, True)


def test_supposing_replaces_history_too() -> None:
    """A supposed step, attribute or unit stands in the place of what the history says of it."""
    record = Record(
        code="HS-1",
        fields={"helper": "A"},
        steps=(StepEntry("admitted_on", day("2024-01-01"), None, None, None),),
        attributes=(AttributeEntry("occupation", "farmer", None),),
        placements=(Placement("CB-01", None, None),),
    )
    changed = supposed(record, {"admitted_on": day("2024-02-01"), "occupation": None, "unit": "CB-02"})
    assert changed.fields == {"helper": "A", "admitted_on": day("2024-02-01"), "unit": "CB-02"}
    assert (list(changed.steps), list(changed.attributes), list(changed.placements)) == ([], [], [])
    assert supposed(record, {}).placements == record.placements


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("admitted_on=2025-03-01", "admitted_on", dt.date(2025, 3, 1)),
        ("Ngày kết nạp = 1/3/2025", "admitted_on", dt.date(2025, 3, 1)),
        ("ngày kết nạp=01.03.2025", "admitted_on", dt.date(2025, 3, 1)),
        ("admitted_on=", "admitted_on", None),
        ("youth_union=x", "youth_union", True),
        ("youth_union=không", "youth_union", None),
        ("schooling=primary", "schooling", "primary"),
        ("schooling=tiểu học", "schooling", "primary"),
        ("population_child_order=3", "population_child_order", 3),
        ("helper=Trần Thị Bình", "helper", "Trần Thị Bình"),
    ],
)
def test_change(text: str, name: str, value: Scalar | None) -> None:
    """A change names a fact or a column and gives a value in the forms the workbook takes."""
    assert read_change(vocabulary.load(), text) == (name, value)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("admitted_on", BadInput, "Ghi dạng tên=giá trị"),
        ("=x", BadInput, "Ghi dạng tên=giá trị"),
        ("admited_on=2025-03-01", UnknownName, "Có phải “admitted_on”"),
        ("xyz=1", UnknownName, "Ghi tên dữ kiện hoặc tên cột"),
        ("stage=official", BadInput, "dữ kiện tính ra"),
        ("as_of=2025-01-01", BadInput, "không giả định được"),
        ("admitted_on=2025-02-30", BadInput, "không có trong lịch"),
        ("admitted_on=hôm qua", BadInput, "ngày/tháng/năm"),
        ("admitted_on=01/01/1850", BadInput, "1900–2100"),
        ("youth_union=y", BadInput, "Ghi x"),
        ("population_child_order=ba", BadInput, "số nguyên"),
        ("schooling=primry", BadInput, "Có phải “primary”"),
        ("schooling=zzz", BadInput, "Chọn một trong: literate"),
    ],
)
def test_change_refused(text: str, error: type[Exception], words: str) -> None:
    """What is not a change is refused with what to write instead."""
    with pytest.raises(error, match=words):
        read_change(vocabulary.load(), text)


def test_clause_that_is_not_in_the_law(tmp_path: Path) -> None:
    """A step that cites an unknown parameter is refused with its line."""
    file = tmp_path / "plan.yaml"
    file.write_text(
        "- step: một\n  label: Một\n  when: probation_ended\n  cites: {clause: khong.co, on: as_of}\n", encoding="utf-8"
    )
    with pytest.raises(LawFileError, match=r"khong\.co") as refusal:
        compile_plan(load_ruleset(), plan_loader.load(file))
    assert refusal.value.line == 4
