"""Every question of the desk and a change of each kind, as they are asked at the wall about anybody's case or unit.

What is asked about here is whether anything foreign shows; `test_wall` holds that every method is in one of the lists.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from desk.changes.values import (
    AddCourse,
    AddPerson,
    AddUnit,
    Certify,
    Change,
    CloseUnit,
    Correct,
    CorrectCourse,
    Enrol,
    GiveBack,
    HandUp,
    ImportFile,
    JoinCases,
    Leave,
    MergeUnits,
    Move,
    MoveUnit,
    RecodeCase,
    RecordStep,
    RemoveCase,
    SetFigure,
    SetTarget,
    SetUnit,
    Together,
)
from desk.desk import Desk
from desk.question import Question
from rules.loader.errors import DubiError
from tests.desk.walls.walled import TODAY

START, END = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
Ask = Callable[[Desk, Question, str, Path], Any]
"""A question: the desk, the question, the code of a case or unit that may be anybody's, and a folder to write to."""

ANSWERS: dict[str, Ask] = {
    "ask": lambda desk, q, code, out: desk.ask(unit=code),
    "opened": lambda desk, q, code, out: desk.opened(q).roster,
    "roster": lambda desk, q, code, out: desk.roster(q),
    "check": lambda desk, q, code, out: desk.check(q),
    "units": lambda desk, q, code, out: desk.units(q),
    "due": lambda desk, q, code, out: desk.due(q, 400),
    "worklist": lambda desk, q, code, out: desk.worklist(q, dt.date(2027, 6, 1)),
    "calendar": lambda desk, q, code, out: desk.calendar(q, 400, names=True),
    "ahead": lambda desk, q, code, out: desk.ahead(q, "monthly"),
    "explain": lambda desk, q, code, out: desk.explain(q, code),
    "plan": lambda desk, q, code, out: desk.plan(q, code),
    "what_if": lambda desk, q, code, out: desk.what_if(q, code, ("occupation=farmer",)),
    "impact": lambda desk, q, code, out: desk.impact(q, dt.date(2020, 1, 1), TODAY),
    "find": lambda desk, q, code, out: (desk.find(q, "ho"), desk.find(q, code), desk.find(q, "zk")),
    "looked": lambda desk, q, code, out: desk.looked(q).rows,
    "stages_of_all": lambda desk, q, code, out: desk.stages_of_all(q),
    "everybody": lambda desk, q, code, out: [
        (hit.code, hit.name, hit.unit) for text in ("zk", "ho", code) for hit in desk.everybody().find(text)
    ],
    "work_of_all": lambda desk, q, code, out: _pages(desk, q),
    "case": lambda desk, q, code, out: desk.case(q, code),
    "person": lambda desk, q, code, out: desk.person(q, code),
    "news": lambda desk, q, code, out: (desk.news(q, keep=True), desk.news(q)),
    "last_look": lambda desk, q, code, out: None if desk.last_look() is None else "kept",
    "courses": lambda desk, q, code, out: desk.courses(),
    "course": lambda desk, q, code, out: [said(partial(desk.course, f"LP{one}KV")) for one in range(4)],
    "unit": lambda desk, q, code, out: desk.unit(code),
    "stats": lambda desk, q, code, out: desk.stats(q, START, END),
    "report": lambda desk, q, code, out: [desk.report(q, form, START, END) for form in ("F2", "F5", "F8A")],
    "timings": lambda desk, q, code, out: desk.timings(q, START, END),
    "overview": lambda desk, q, code, out: desk.overview(q, START, END),
    "figures": lambda desk, q, code, out: desk.figures(q, (START, END)),
    "papers": lambda desk, q, code, out: desk.papers(q, code),
    "lists": lambda desk, q, code, out: desk.lists(q),
    "sent": lambda desk, q, code, out: desk.sent(),
    "sent_before": lambda desk, q, code, out: desk.sent_before(desk.stats(q, START, END)),
    "reported_json": lambda desk, q, code, out: desk.reported_json(desk.stats(q, START, END)),
    "named_cases": lambda desk, q, code, out: desk.named_cases(code),
    "cases_where": lambda desk, q, code, out: desk.cases_where(q, "sex is Nam or sex is Nữ"),
    "since": lambda desk, q, code, out: desk.since(desk.preview(_step(code)), desk.look()),
    "overlays": lambda desk, q, code, out: desk.overlays(),
    "unconfirmed": lambda desk, q, code, out: desk.unconfirmed(q),
    "remind": lambda desk, q, code, out: _filed(out / "a.ics", lambda path: desk.remind(q, 400, 100, path, names=True)),
    "export": lambda desk, q, code, out: _filed(out / "a.xlsx", lambda path: desk.export(path, replace=True)),
    "export_columns": lambda desk, q, code, out: _filed(
        out / "a.parquet", lambda path: desk.export_columns(path, TODAY, replace=True)
    ),
    "sweep": lambda desk, q, code, out: desk.sweep(q, None, str(out / "b"), "polars", replace=True),
    "paper": lambda desk, q, code, out: [
        said(partial(_filed, out / "a.docx", partial(desk.paper, q, name, case=case, replace=True)))
        for name, case in (("danh-sach-hoc-nhan-thuc", None), ("danh-sach-cu-hoc", None), ("xin-y-kien", code))
    ],
    "keep_receipt": lambda desk, q, code, out: desk.keep_receipt(
        desk.stats(desk.ask(one_moment=True), START, END), out / "a.json", replace=True
    ),
    "verify": lambda desk, q, code, out: desk.verify(out / "a.json"),
    "log": lambda desk, q, code, out: (desk.log(1000), desk.log(1000, code)),
    "write": lambda desk, q, code, out: [desk.write(one.batch.name) for one in desk.log(1000).writes],
    "doctor": lambda desk, q, code, out: desk.doctor(),
    "verify_log": lambda desk, q, code, out: desk.verify_log(),
    "about_one": lambda desk, q, code, out: desk.about_one(code),
    "erasing": lambda desk, q, code, out: desk.erasing(code).as_json(),  # by code and ground, of whomever
    "readings": lambda desk, q, code, out: (_no_administrator(desk).readings(), _no_administrator(desk).readings(code)),
    "requests": lambda desk, q, code, out: [one.as_json() for one in _no_administrator(desk).requests(closed=True)],
    "retention": lambda desk, q, code, out: desk.retention(q),
    "preview": lambda desk, q, code, out: [said(partial(desk.preview, one)) for one in changes(code)],
    "take_in": lambda desk, q, code, out: desk.take_in(ImportFile(str(_exported(desk, out)))),
    "outlook": lambda desk, q, code, out: desk.outlook(desk.take_in(ImportFile(str(_exported(desk, out))))[0]),
}
"""Every question there is; what is written is asked for a preview of."""
ASKED_ELSEWHERE = {
    "look": "a hash",
    "last_hash": "a hash",
    "state": "numbers of writes and changes that are seen",
    "fill_sheet": "reads what `roster` gives",
    "reconcile": "reads what `roster` gives",
    "hand_over": "writes what `export` writes",
    "commit": "makes the preview anew: test_whose_writes",
    "undo": "test_whose_writes",
    "redo": "test_whose_writes",
    "confirming": "reads what `roster` gives",
    "confirm": "holds no case",
    "choose_overlays": "holds no case",
    "make_store": "the store as a whole",
    "backup": "the store as a whole",
    "restore": "the store as a whole",
    "erase": "carries out what `erasing` shows",
    "tidy": "the store as a whole",
    "form": "the store as a whole",
    "encrypt": "the store as a whole",
    "finish_encrypting": "the store as a whole",
    "decrypt": "the store as a whole",
    "rekey": "the store as a whole",
    "put_new_code": "the store as a whole",
    "write_raw_key": "the store as a whole",
    "let_readings_go": "the store as a whole",
    "add_request": "finds the case as `preview` does",
    "answer_request": "knows only what `requests` lists",
    "close_request": "knows only what `requests` lists",
    "privacy_file": "of the whole store, for its administrator",
    "access_rules": "of the whole store, for its administrator",
    "breach": "of the whole store, for its administrator",
}
SWEPT = frozenset(["check", "units", "due", "worklist", "remind", "ahead", "stats", "report", "timings"])
"""The questions that are answered from columns where there are many cases."""
OF_ONE = frozenset(
    [
        "ask",
        "explain",
        "plan",
        "what_if",
        "find",
        "everybody",
        "case",
        "person",
        "unit",
        "papers",
        "named_cases",
        "since",
        "log",
        "about_one",
        "erasing",
        "preview",
    ]
)
"""The questions that name a case or a unit; the others are asked once."""
TYPED = ("MK01WQ", "UQ1ZX", *(f"LP{number}KV" for number in range(4)))
"""What whoever asks types herself, in the changes and of classes: a refusal says it back."""
EQUAL = frozenset(
    [
        "check",
        "units",
        "due",
        "worklist",
        "calendar",
        "ahead",
        "explain",
        "plan",
        "what_if",
        "impact",
        "find",
        "stages_of_all",
        "everybody",
        "work_of_all",
        "case",
        "person",
        "courses",
        "course",
        "unit",
        "stats",
        "timings",
        "overview",
        "figures",
        "papers",
        "lists",
        "cases_where",
        "unconfirmed",
    ]
)
"""The answers that have to be those of a store in which there is nothing else."""


def changes(code: str) -> tuple[Change, ...]:
    """A change of each kind, of a case or a unit that may be anybody's."""
    new = (("full_name", "Người Mới"), ("unit", code))
    return (
        AddPerson(new),
        AddPerson((("full_name", "Người Mới"),), code=code),
        RecordStep(code, "opinions_summary_on", END),
        Correct(code, ("note=x",)),
        Correct("MK01WQ", (f"unit={code}",)),
        Correct("MK01WQ", (f"person_code={code}",)),
        Move(code, END, to="UQ1ZX"),
        Move("MK01WQ", END, to=code),
        Leave(code, END, "Xin ra"),
        Together((RecordStep(code, "opinions_summary_on", END),)),
        HandUp(code, END, "UQ1ZX"),
        HandUp("MK01WQ", END, code),
        GiveBack(code, END, "thiếu giấy"),
        RemoveCase(code),
        JoinCases(code, "MK01WQ"),
        JoinCases("MK01WQ", code),
        RecodeCase("MK01WQ", code),
        AddCourse("LP9KV", "awareness", unit=code),
        AddCourse("LP1KV", "awareness", unit=code),
        CorrectCourse("LP2KV", unit=code),
        Enrol("LP1KV", (code,)),
        Certify("LP1KV", END),
        AddUnit(code, (("parent", code),)),
        AddUnit("UQ9ZX", (("parent", code),)),
        SetUnit(code, (("place", "x"),)),
        MoveUnit(code, "UQ1ZX", TODAY),
        MergeUnits((code,), "UQ1ZX", TODAY),
        CloseUnit(code, TODAY),
        SetTarget(code, "2026", "8"),
        SetFigure("party_members_start", "3", code, start=START, end=END),
    )


def _step(code: str) -> RecordStep:
    return RecordStep(code, "opinions_summary_on", END)


def said(ask: Callable[[], Any]) -> Any:
    """What is answered, or the sentence that refuses."""
    try:
        return ask()
    except DubiError as error:
        return str(error)


def _no_administrator(desk: Desk) -> Desk:
    """The same user without what an administrator may: she alone reads of all that was shown to whom."""
    assert desk.may is not None
    return Desk(desk.place, today=TODAY, user=desk.user, sight=desk.sight, may=desk.may - {"users"}, held=desk.held)


def _pages(desk: Desk, question: Question) -> Any:
    work = desk.work_of_all(question)
    return work.page(None, ("overdue", "blocking", "due_soon", "data"), None, 0, 100), work.stages


def _exported(desk: Desk, out: Path) -> Path:
    path = out / "so.xlsx"
    desk.export(path, replace=True)
    return path


def _filed(path: Path, write: Callable[[Path], Any]) -> Any:
    """What writing a file tells, and what is in the file."""
    path.unlink(missing_ok=True)
    told = write(path)
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    return told, content
