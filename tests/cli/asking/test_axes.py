"""Overlay, known-on, unit and law: what each command takes, and that it then changes as `check` changes.

`desk.question.TAKES` is the table; it is held against the options of every command, and each answer against `check`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import typer

from cases.changes.changing import with_step
from cases.imports.importing import import_file
from cases.store import writing as writings
from cases.store.connection import initialise
from cases.values.records import StepEntry
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from cli.families import whole
from desk.answers.checking import Checked
from desk.desk import Desk
from desk.question import TAKES, Question, require_taken
from engine.statistics.timing.timed_steps import load_timed_steps
from rules.loader.errors import BadQuestion
from tests.calling import call
from tests.cli.recording.test_receipts import DAYS, write
from tests.conftest import DATA
from tests.whole import some

AS_OF = dt.date(2026, 3, 31)
HA_NOI = "ha-noi-2025"
PERIOD = (dt.date(2025, 4, 1), AS_OF)
OPTIONS = {"overlay": "--overlay", "known_on": "--known-on", "unit": "--unit", "law": "--law"}
COMMANDS = {
    "what-if": ("what-if",),
    "figures": ("figure", "list"),
    "impact": ("rules", "impact"),
    "report": ("report",),
    "overview": ("report",),
}
"""Where an answer is asked for by a command that is not called like it."""
NOT_ASKING = {
    ("add",),
    ("import",),
    ("course", "add"),
    ("course", "correct"),
    ("figure", "set"),
    ("reconcile",),
    ("handover", "send"),
}
"""Commands whose --unit names what is recorded or handed over, or a form's own unit."""

Axis = dict[str, Any]
AXES: dict[str, Axis] = {
    "overlay": {"overlays": (HA_NOI,)},
    "known_on": {"known_on": DAYS[0].date()},
    "unit": {"unit": "CB-04"},
    "law": {"law": dt.date(2017, 1, 1)},
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fifth of the roster of a committee, one cell of it whole, and those who are named below."""
    whole = read_workbook(DATA / "rosters" / "dang-bo-co-so.xlsx").roster
    named = ("HS-0138", "HS-0404")
    records = tuple(
        one
        for number, one in enumerate(whole.records)
        if number % 5 == 0 or one.code in named or one.fields.get("unit") == AXES["unit"]["unit"]
    )
    codes = {None, *(one.code for one in records)}
    fewer = dataclasses.replace(
        whole,
        records=records,
        enrolments=tuple(one for one in whole.enrolments if one.case in codes),
        disciplines=tuple(one for one in whole.disciplines if one.case in codes),
    )
    return write_workbook(fewer, tmp_path_factory.mktemp("book") / "dang-bo-co-so.xlsx")


@pytest.fixture(scope="module")
def store(book: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that was written to on two days; the second write settled what was overdue."""
    place = tmp_path_factory.mktemp("axes") / "dubi.sqlite"
    url = f"sqlite:///{place}"
    initialise(url)
    plain = writings.new_batch

    def dated(who: str | None = None, source: str | None = None, action: str = "import", **more: Any) -> object:
        return plain(who, source, action, now=DAYS[0], **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writings, "new_batch", dated)
        import_file(url, book, apply=True, who="Lan")
    desk = desk_of(url)
    found = desk.check(desk.ask(as_of=AS_OF)).evaluation.findings
    late = next(one.case for one in found if one.rule == "recognition.past_cell_window")
    settled = StepEntry("cell_proposed_recognition_on", AS_OF)
    write(url, late, lambda record: with_step(record, settled), "record", DAYS[1])
    return url


@pytest.fixture(scope="module")
def chosen(store: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same store after `dubi overlay ha-noi-2025`."""
    place = tmp_path_factory.mktemp("chosen") / "dubi.sqlite"
    shutil.copyfile(store.removeprefix("sqlite:///"), place)
    assert call(["overlay", HA_NOI, "--store", place], place.parent).code == 0
    return f"sqlite:///{place}"


def desk_of(place: Path | str) -> Desk:
    """A desk on the day after."""
    return Desk(place, today=AS_OF)


def asked(desk: Desk, **axes: Any) -> Question:
    """A question as of the day."""
    return desk.ask(**{"as_of": AS_OF, **axes})


def commands(group: typer.core.TyperGroup | Any, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Every command there is, by its words."""
    for name, one in group.commands.items():
        if getattr(one, "commands", None):
            yield from commands(one, (*path, name))
        else:
            yield (*path, name), one


def test_options_are_those_of_the_table() -> None:
    """Every command has exactly the options of what its answer takes, and no other command has any of them."""
    wanted: dict[tuple[str, ...], set[str]] = {}
    for answer, axes in TAKES.items():
        wanted.setdefault(COMMANDS.get(answer, (answer,)), set()).update(OPTIONS[axis] for axis in axes)
    every = dict(commands(typer.main.get_command(whole())))
    assert wanted.keys() <= every.keys()
    for path, command in every.items():
        options = {option for parameter in command.params for option in parameter.opts} & set(OPTIONS.values())
        if path not in NOT_ASKING:
            assert options == wanted.get(path, set()), path


def test_what_is_not_taken_is_refused() -> None:
    """No answer passes over what it would not heed: it says so."""
    for answer, axes in TAKES.items():
        for axis in {"known_on", "unit", "law"}:
            question = Question(AS_OF, **AXES[axis])
            if axis in axes:
                require_taken(answer, question)
            else:
                with pytest.raises(BadQuestion):
                    require_taken(answer, question)


def findings(checked: Checked) -> set[tuple[str, str]]:
    """What was found, by case and rule."""
    return {(one.case, one.rule) for one in checked.evaluation.findings}


def of_units(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """How many cases are overdue, in the tree and in the check: of the units that stand above all others."""
    late = {one.case for one in checked.evaluation.findings if one.severity == "overdue"}
    lines = desk.units(question).lines
    codes = {line.code for line in lines}
    return sum(line.overdue for line in lines if line.parent not in codes), len(late)


def of_list(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """What is to be done, but for what only comes up."""
    items = desk.worklist(question, AS_OF).items
    work = {(one.case, one.reason) for one in items if one.severity != "coming"}
    listed = ("overdue", "blocked", "due", "confirm")
    return work, {(one.case, one.message) for one in checked.evaluation.findings if one.severity in listed}


def of_due(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """The limits ahead that an overlay sets; none is of a case that is not asked about."""
    limits = desk.due(question, 90).coming
    last = AS_OF + dt.timedelta(days=90)
    own = {(one.case, one.rule, one.due) for one in checked.evaluation.findings if one.overlay and one.due}
    if question.unit is not None:
        assert {one.case for one in limits} < {one.case for one in desk.due(asked(desk), 90).coming}
    return (
        {(one.case, one.deadline, one.day) for one in limits if one.deadline.startswith("ha_noi.")},
        {(case, rule, due) for case, rule, due in own if AS_OF < due <= last},
    )


def of_timings(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """Who waits, for all or for a unit, by the rules that are waited for."""
    found = desk.timings(question, *PERIOD).measured
    rules = {waiting.rule.name for waiting in load_timed_steps(question.ruleset).waiting}
    waited = {(one.case, one.held_by) for one in checked.evaluation.findings if one.rule in rules}
    return {(wait.case, wait.held_by) for wait in found.held_by()}, waited


def of_ahead(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """Whose probation ends in the next ninety days."""
    last = AS_OF + dt.timedelta(days=90)
    ending = {one.case for one in desk.ahead(question).limits if one.label == "Hết 12 tháng dự bị" and one.day <= last}
    return ending, {one.case for one in checked.evaluation.findings if one.rule == "recognition.upcoming"}


def of_explain(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """What is found about a few cases."""
    cases = sorted({one.case for one in checked.evaluation.findings})[::40]
    held = {
        (case, trace.rule) for case in cases for trace in desk.explain(question, case).explanation.traces if trace.holds
    }
    return held, {one for one in findings(checked) if one[0] in cases}


def of_what_if(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """What is found about a case before anything is supposed."""
    case = min(one.case for one in checked.evaluation.findings)
    found = desk.what_if(question, case, ["ethnicity=Thái"]).found.findings
    before = (*found.gone, *found.same, *(old for old, _ in found.changed))
    return {(one.case, one.rule) for one in before}, {one for one in findings(checked) if one[0] == case}


def of_overview(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """The people in the picture of what is overdue."""
    drawn = desk.overview(question, *PERIOD).drawn
    late = [one for one in checked.evaluation.findings if one.severity == "overdue"]
    picture = drawn.pictures[1]
    return sum(sum(series.values) for series in picture.series), len(late)


def of_impact(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """What is found by the law of the day itself."""
    after = desk.impact(question, dt.date(2017, 1, 1), AS_OF).after.findings
    again = desk.check(Question(**{**_fields(question), "law": AS_OF})).evaluation.findings
    return {(one.case, one.rule) for one in after}, {(one.case, one.rule) for one in again}


def of_news(desk: Desk, question: Question, checked: Checked) -> tuple[object, object]:
    """What stands."""
    rows = desk.news(question).standing.select("case", "rule").rows()
    return set(rows), findings(checked)


def _fields(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in question.__slots__}


HELD: dict[str, Callable[[Desk, Question, Checked], tuple[object, object]]] = {
    "units": of_units,
    "list": of_list,
    "due": of_due,
    "timings": of_timings,
    "ahead": of_ahead,
    "explain": of_explain,
    "what-if": of_what_if,
    "overview": of_overview,
    "impact": of_impact,
    "news": of_news,
}
"""Every answer that tells what `check` finds, with the same of both."""
BY_CASES = {"plan", "show", "find", "remind", "sweep", "stats", "report", "figures", "paper"}
"""Answers that tell something else: by what they rest on they are held below, and in the tests of their own."""


def test_every_answer_is_held() -> None:
    """No answer of the table goes unlooked at."""
    assert TAKES.keys() == {"check"} | HELD.keys() | BY_CASES


@pytest.mark.parametrize("axis", AXES)
def test_answers_change_as_check_changes(store: str, axis: str) -> None:
    """Whatever one axis changes in `check` it changes in every answer that takes it."""
    desk = desk_of(store)
    plain, question = asked(desk), asked(desk, **AXES[axis])
    checked = desk.check(question)
    assert findings(checked) != findings(desk.check(plain))
    for answer, same_of_both in HELD.items():
        if axis in TAKES[answer]:
            got, wanted = same_of_both(desk, question, checked)
            assert got == wanted, answer


def test_the_choice_of_a_store_is_obeyed_as_if_it_were_named(store: str, chosen: str, tmp_path: Path) -> None:
    """After `dubi overlay` every command says what it says where the overlay is named."""
    named = ("--overlay", HA_NOI)
    every = (
        ("check",),
        ("units",),
        ("list",),
        ("due",),
        ("explain", "HS-0138"),
        ("plan", "HS-0138"),
        ("show", "HS-0138"),
        ("what-if", "HS-0404", "--set", "cell_proposed_recognition_on=2026-03-30"),
        ("news",),
        ("rules", "impact", "--from", "2024-06-01", "--to", "2025-08-01"),
    )
    for command in some(every):
        asking = (*command, "--as-of", AS_OF, "--json")
        obeyed = call([*asking, "--store", chosen], tmp_path)
        told = call([*asking, *named, "--store", store], tmp_path)
        assert (obeyed.code, obeyed.json) == (told.code, told.json), command
        on_screen = call([*asking[:-1], "--store", chosen], tmp_path)
        assert (on_screen.code, bool(on_screen.out)) == (0, True), command
    for number, where in enumerate((("--store", chosen), ("--store", store, *named))):
        calendar = ("remind", "--ics", tmp_path / f"{number}.ics", "--as-of", AS_OF, *where)
        assert call(calendar, tmp_path).code == 0
        pictures = ("report", "overview", "--from", PERIOD[0], "--to", AS_OF, "--html", tmp_path / f"{number}.html")
        assert call((*pictures, *where), tmp_path).code == 0
    assert (tmp_path / "0.html").read_bytes() == (tmp_path / "1.html").read_bytes()
    events = [(tmp_path / f"{number}.ics").read_text(encoding="utf-8").count("BEGIN:VEVENT") for number in (0, 1)]
    assert events[0] == events[1] > 0


def test_a_preview_obeys_the_choice_of_the_store(store: str, chosen: str, tmp_path: Path) -> None:
    """What a step would bring is judged by what the store has chosen, as `check` judges it afterwards."""
    desk = desk_of(store)
    found = desk.check(asked(desk)).evaluation.findings
    case = next(one.case for one in found if one.rule == "recognition.past_cell_window")
    step = ("record", case, "chi-bo-xet-chinh-thuc", "--on", "2026-03-30", "--as-of", AS_OF, "--preview", "--json")
    come = {
        place: {one["overlay"] for one in call([*step, "--store", place], tmp_path).json["come"]}
        for place in (store, chosen)
    }
    assert come[store] <= {None}
    assert HA_NOI in come[chosen]


def test_a_file_takes_what_is_named(book: Path, tmp_path: Path) -> None:
    """Of a file the same answers heed an overlay, a unit and a law, and refuse a day of knowing."""
    desk = desk_of(book)
    for axis in ("overlay", "unit", "law"):
        question = asked(desk, **AXES[axis])
        checked = desk.check(question)
        for answer, same_of_both in HELD.items():
            if axis in TAKES[answer] and answer != "news":
                got, wanted = same_of_both(desk, question, checked)
                assert got == wanted, answer
    with pytest.raises(BadQuestion):
        asked(desk, **AXES["known_on"])
