"""What is read through the indexes of a store answers as all of it would: every command about a person, all rosters."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from cases.history import undo
from cases.history.replay import stored_state
from cases.imports.importing import import_file
from cases.log.batches import LoggedBatch, read_batches
from cases.store import search
from cases.store.connection import initialise, querying
from cases.store.reading import kept_facts, measures_of, naming_case, read_store
from cases.store.rows.asked_after import ASKED_AFTER
from cases.values.evaluated import kept_facts as kept_of_all
from desk.answers.explaining import explain
from desk.answers.finding import case_page
from desk.answers.person import person
from desk.answers.planning import plan, what_if
from desk.changes.values import AddCourse, AddPerson, Correct, Enrol, RecodeCase, RecordStep, RemoveCase
from desk.desk import Desk
from rules.loader import vocabulary
from tests.whole import first_of

if TYPE_CHECKING:
    from cases.log.execute import Execute

ROSTERS = sorted((Path(__file__).parents[1] / "data" / "rosters").glob("*.xlsx"))
TODAY = dt.date(2025, 3, 1)
SUPPOSED = ("application_on=2025-02-03", "member_cv_on=")
MOST = 12
"""So many cases of a large roster are asked about, spread over it."""


@pytest.fixture(scope="module", params=first_of(ROSTERS), ids=lambda path: path.stem)
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk before a store that took a roster in."""
    url = f"sqlite:///{tmp_path_factory.mktemp('index') / 'dubi.sqlite'}"
    initialise(url)
    assert import_file(url, request.param, apply=True, who="thử").batch
    return Desk(url, today=TODAY)


def test_one_case_alone(desk: Desk) -> None:
    """`explain`, `plan`, `what-if`, `show` and the page say of a case what they say where the whole roster is read."""
    question, roster = desk.ask(), read_store(desk.url)
    codes = [record.code for record in roster.records]
    for code in codes[:: -(-len(codes) // MOST)]:
        spelt = code.lower()
        assert desk.explain(question, spelt) == explain(roster, question, code)
        assert desk.plan(question, spelt) == plan(roster, question, code)
        assert desk.what_if(question, spelt, SUPPOSED) == what_if(roster, question, code, SUPPOSED)
        assert desk.case(question, spelt) == case_page(roster, question, code)
        assert desk.person(question, spelt) == person(roster, question, code)


def test_what_names_a_case(desk: Desk) -> None:
    """What is said of a case elsewhere, and the columns that are kept, are those of the whole roster."""
    roster = read_store(desk.url)
    with querying(desk.url) as execute:
        assert kept_facts(execute) == kept_of_all(roster)
        for code in {one.case for one in roster.disciplines} | {record.code for record in roster.records[:20]}:
            measures = tuple(one for one in roster.disciplines if one.case == code)
            assert measures_of(execute, code) == measures
            named = [thing for _, _, _, thing in naming_case(execute, code)]
            learning = [one for one in roster.enrolments if one.case == code]
            assert named == [*learning, *measures]


def test_columns_kept_are_not_looked_for_in_every_row(desk: Desk) -> None:
    """Whether a column is kept is answered by an index for each of them; no table is read through."""
    assert set(vocabulary.load().kept) <= set(ASKED_AFTER)
    asked: list[str] = []
    with querying(desk.url) as execute:

        def listening(statement: str) -> Any:
            asked.append(statement)
            return execute(statement)

        kept_facts(cast("Execute", listening))
        plans = [str(row) for row in execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert sum("ix_steps_asked" in one for one in plans) == len(vocabulary.load().kept)
    assert not [one for one in plans if "SCAN steps" in one or "SCAN attributes" in one or "SCAN dated" in one]


def test_heads(desk: Desk) -> None:
    """A case by its code, those of a person, of a name and of a person's code are those among all search."""
    with querying(desk.url) as execute:
        every = search.heads(execute)
        assert list(search.codes_of(execute).items()) == [(head.code, head.id) for head in every]
        for head in every[:: -(-len(every) // MOST)]:
            assert search.with_code(execute, head.code) == head
            assert search.of_person(execute, head.person) == [one for one in every if one.person == head.person]
            assert search.named(execute, head.folded_name) == [x for x in every if x.folded_name == head.folded_name]
            if head.person_code is not None:
                same = [one for one in every if one.person_code == head.person_code]
                assert search.with_person_code(execute, head.person_code) == same
        for strange in ("", "%", "100%", "a'b", "x\\y", "\0", "\ud800", "HS-01' OR '1' = '1"):
            assert search.with_code(execute, strange) is None


def test_find(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text finds the same people, in the same order, as where every name and code is looked at; from memory too."""
    with querying(desk.url) as execute:
        every = search.heads(execute)
        texts = {"", "a", "HS", "hs-0", "van", "nguyen a", "%", "'", "\\", "\ud800", "0", "không có ai", "anh van"}
        for head in every[:: -(-len(every) // MOST)]:
            texts |= {head.code, head.code.lower(), head.full_name, head.folded_name, head.folded_name.split()[-1]}
        by_index = {text: search.find(execute, text) for text in texts}
        people = search.People(execute)
        assert by_index == {text: people.find(text) for text in texts}
        units = {head.unit for head in every if head.unit}
        some = set(sorted(units)[::2])
        for text in texts:
            hits = people.find(text, some)
            assert hits == [hit for hit in by_index[text] if hit.unit in some]
            meant = [hit for hit in hits if hit.code.endswith(("1", "3"))]
            assert people.nearest(text, some, 3, lambda code: code.endswith(("1", "3"))) == (meant[:3], len(meant))
        monkeypatch.setattr(search, "saying", lambda execute, _text: search.heads(execute))
        assert by_index == {text: search.find(execute, text) for text in texts}
        assert sum(map(len, by_index.values())) > len(every)


CHANGES = (
    RecordStep("{0}", "member_cv_on", dt.date(2024, 1, 9)),
    Correct("{1}", ("helper=Lò Văn Mẫu",)),
    Correct("{1}", ("helper=Lò Văn Thử",)),
    AddPerson((("full_name", "Lò Thị Mẫu"),), "HS-MOI-1"),
    AddCourse("LOP-MOI", "awareness", opened=dt.date(2024, 1, 2)),
    Enrol("LOP-MOI", ("HS-MOI-1", "{2}")),
    RecordStep("{2}", "disciplined_on", dt.date(2024, 5, 6), result="Khiển trách"),
    RecodeCase("{2}", "HS-MOI-2"),
    RemoveCase("{3}"),
    AddPerson((("full_name", "Lò Thị Sau"),), "{3}"),
)
"""Of every kind: some rest on others, and one has the code of what was taken out."""


@pytest.mark.parametrize("desk", ROSTERS[:1], indirect=True, ids=["smallest"])
def test_taking_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write is taken back, or refused for the same reasons, as where the whole store is looked at; `redo` too."""
    codes = [record.code for record in read_store(desk.url).records]
    for change in CHANGES:
        filled = {name: _with(value, codes) for name, value in asdict(change).items() if isinstance(value, str | tuple)}
        desk.commit(desk.preview(replace(change, **filled)), confirmed=True)
    undone = [_taken_back(desk.url, "undo", monkeypatch)]
    for name in ("undo", "undo", "undo"):
        undo.undo(desk.url, who=desk.user, confirmed=True)
        undone.append(_taken_back(desk.url, name, monkeypatch))
    undo.redo(desk.url, who=desk.user, confirmed=True)
    undone.append(_taken_back(desk.url, "undo", monkeypatch))
    assert {kind for outcome in undone for kind, *_ in outcome} == {"plan", "refused"}


def _with(value: Any, codes: list[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_with(one, codes) for one in value)
    return value.format(*codes)


def _taken_back(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What taking back each write of a store would do, held to what it would do where the whole store is looked at."""
    with querying(url) as execute:
        batches = read_batches(execute)

        def outcome(batch: LoggedBatch) -> Any:
            try:
                before, after = undo._both_sides(execute, batches, batch)
            except undo.RestsOnIt as error:
                return "refused", str(error)
            return "plan", undo.plan_between(before, after)

        outcomes = [outcome(batch) for batch in batches]
        with monkeypatch.context() as patch:
            patch.setattr(undo, "touched_state", lambda execute, _changes: stored_state(execute))
            patch.setattr(undo, "others_with_key", lambda *_: False)
            assert outcomes == [outcome(batch) for batch in batches], name
    return outcomes
