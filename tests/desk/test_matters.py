"""One matter is one line wherever findings are listed for people; programs get every finding."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cases.imports.importing import import_file
from cases.store.connection import initialise
from desk.answers.work import work
from desk.changes.previews import CasePreview
from desk.changes.values import Correct
from desk.desk import Desk
from engine.ruleset import load_ruleset
from tests.calling import call
from tests.cases.files.workbooks import case_book, somebody
from web.app import make_app
from web.sessions import Sessions

TODAY = dt.date(2024, 12, 1)
BORN = dt.date(1985, 3, 1)
PEOPLE: dict[str, dict[str, Any]] = {
    "over_60": {"born_on": dt.date(1958, 3, 1), "candidate_on": dt.date(2024, 1, 5)},
    "religion": {"religion": "Phật giáo", "monastic": True, "religious_office": True, "candidate_on": TODAY},
    "admission_answer": {
        "awareness_certified_on": dt.date(2023, 12, 1),
        "dossier_opened_on": dt.date(2023, 12, 5),
        "cell_proposed_admission_on": dt.date(2024, 1, 10),
        "refused_on": dt.date(2024, 10, 1),
    },
    "recognition_answer": {
        "admission_decided_on": dt.date(2022, 12, 20),
        "admitted_on": dt.date(2023, 1, 10),
        "new_member_certified_on": dt.date(2023, 6, 1),
        "cell_proposed_recognition_on": dt.date(2024, 1, 20),
        "refused_on": dt.date(2024, 10, 1),
    },
    "recognised_late": {
        "admission_decided_on": dt.date(2021, 12, 20),
        "admitted_on": dt.date(2022, 1, 10),
        "new_member_certified_on": dt.date(2022, 6, 1),
        "cell_proposed_recognition_on": dt.date(2023, 6, 20),
        "recognition_decided_on": dt.date(2023, 11, 1),
    },
}
"""For each matter somebody about whom several rules say it."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The desk before a store with these people."""
    folder = tmp_path_factory.mktemp("matters")
    rows = [
        somebody(
            f"HS-{number}",
            **{
                "full_name": f"Lò Thị Mẫu {'ABCDE'[number - 1]}",
                "born_on": BORN,
                "unit": "CB-01",
                "religion": "Không",
                **fields,
            },
        )
        for number, fields in enumerate(PEOPLE.values())
    ]
    url = f"sqlite:///{folder / 'dubi.sqlite'}"
    initialise(url)
    import_file(url, case_book(folder / "so.xlsx", *rows), apply=True, who="Lan")
    return Desk(url, today=TODAY, user="Lan")


def rules_of(matter: str) -> set[str]:
    """The rules about a matter."""
    return {name for name, rule in load_ruleset().rules.items() if rule.text.matter == matter}


def told(entries: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """How often each case's matters are told by entries of case and rule."""
    matter_of = {rule: matter for matter in PEOPLE for rule in rules_of(matter)}
    return Counter((case, matter_of[rule]) for case, rule in entries if rule in matter_of)


def test_one_line_a_matter_and_every_finding_for_programs(desk: Desk) -> None:
    """Every answer that is listed tells each matter of a case once; its JSON tells every finding of it."""
    question = desk.ask()
    checked, news = desk.check(question), desk.news(question)
    whole = told((one["case"], one["rule"]) for one in checked.as_json()["findings"])
    assert {matter for (_, matter), number in whole.items() if number > 1} == set(PEOPLE)
    assert told((one["case"], one["rule"]) for one in news.as_json()["standing"]) == whole

    entries = work(checked.evaluation.findings, question.ruleset.rules).entries
    cases = sorted({case for case, _ in whole})
    for listed in (
        [(one.case, one.rule) for one in checked.listed],
        [(one["case"], one["rule"]) for one in news.listed(news.standing)],
        [(entry.case, one.rule) for entry in entries for one in entry.findings],
        [(c, one.rule) for c in cases for one in desk.person(question, c).findings],
        [(c, one.rule) for c in cases for one in desk.explain(question, c).listed],
        [(c, one.rule) for c in cases for one in desk.what_if(question, c, ["helper=B"]).listed.same],
    ):
        assert told(listed) == dict.fromkeys(whole, 1)

    worklist = desk.worklist(question, dt.date(2024, 12, 31))
    items = told((one["case"], one["rule"]) for one in worklist.as_json()["work"])
    assert max(items.values()) > 1
    assert told((one.case, one.rule) for one in worklist.listed) == dict.fromkeys(items, 1)
    due = desk.due(question, 400)
    assert {one.case for one in due.listed} == {one.case for one in due.coming}


def test_what_a_change_brings_is_told_once(desk: Desk) -> None:
    """A preview lists one line a matter and gives programs every finding that comes."""
    draft = desk.preview(Correct("HS-1", ("religion=Không", "monastic=", "religious_office=")))
    assert isinstance(draft, CasePreview)
    effect = draft.effect
    gone = {one.rule for one in effect.findings.gone} & rules_of("religion")
    assert len(gone) > 1
    assert len({one.rule for one in effect.listed.gone} & rules_of("religion")) == 1


def test_screens(desk: Desk, tmp_path: Path) -> None:
    """On the screens of `list` and `explain` and on the pages of the web desk one of the sentences stands, once."""
    findings = desk.check(desk.ask()).evaluation.findings
    for matter, case in (("over_60", "HS-0"), ("religion", "HS-1")):
        sentences = [one.message for one in findings if one.case == case and one.rule in rules_of(matter)]
        assert len(sentences) > 1
        day = ("--store", desk.url, "--as-of", TODAY.isoformat())
        texts = [call((*command, *day), tmp_path).out for command in (("list",), ("explain", case))]
        browser = TestClient(make_app(desk.url, Sessions("own"), lambda: 8123, lambda: TODAY), "http://127.0.0.1:8123")
        browser.get("/vao", params={"khoa": "own"})
        texts += [browser.get(path).text.partition('id="da-qua"')[0] for path in ("/", f"/nguoi/{case}")]
        for text in texts:
            assert sum(" ".join(text.split()).count(sentence) for sentence in sentences) == 1, text
