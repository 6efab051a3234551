"""Many cases changed at once: which are meant, what each change would be and do, seen in one preview."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.files.grids import blank, column_values
from cases.files.sources import read_book
from cases.history.telling import told_record
from cases.judging.doubts import Doubt
from cases.store.reading import disciplines_of, kept_facts
from cases.store.wall.guard import require_allowed
from cases.values.apart import content_of
from cases.values.masking import asking, may_show, sensitive
from cases.values.records import Roster
from cases.workbook.cells import shown
from desk.changes.effects import Effect, blocks, doubts_json, effect
from desk.changes.making import ACTIONS, together_draft
from desk.changes.values import Together
from desk.rosters import evaluator, in_unit
from desk.words.labels import fact_label
from engine.language.parsing import parse_condition
from engine.language.scanning import Place
from engine.language.tree import facts_read
from engine.unknowns import Unknown
from rules.loader.errors import BadInput, LawFileError
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.changes.together import TogetherDraft
    from cases.store.reading import Execute
    from desk.question import Question

_CODES_HEADED = ("ma ho so", "code", "case")
_MOST_BYTES = 10_000_000
"""Of a text of codes; that of 100,000 people has a tenth of it."""
_FILES = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class TogetherPreview:
    """A change of many cases: of each what is recorded otherwise and what comes of it."""

    change: Together
    question: Question
    draft: TogetherDraft
    effects: tuple[Effect, ...]
    """Of each case, in the order of the drafts."""
    doubts: tuple[Doubt, ...]

    @property
    def action(self) -> str:
        """What the log calls it."""
        kinds = {type(one) for one in self.change.changes}
        return ACTIONS[kinds.pop()] if len(kinds) == 1 else "record"

    @property
    def alters(self) -> bool:
        """Whether there is anything to write."""
        return self.draft.plan.alters

    @property
    def told(self) -> list[tuple[str, str, list[str]]]:
        """Of each case its code, the name, and what is recorded otherwise, line by line."""
        return [
            (one.after.code, str(one.after.fields.get("full_name", "")), told_record(one.before, one.after))
            for one in self.draft.drafts
        ]

    def as_json(self, batch: str | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``batch`` is the write it has become."""
        cases = [
            {"case": code, "name": name, "changes": lines, **done.as_json()}
            for (code, name, lines), done in zip(self.told, self.effects, strict=True)
        ]
        values = {"as_of": self.question.as_of, "action": self.action, "batch": batch, "cases": cases}
        return {**values, "doubts": doubts_json(self.doubts)}


def preview_together(change: Together, execute: Execute, question: Question, now: dt.date) -> TogetherPreview:
    """What a change of many cases would be; raises `UnknownName`, `BadInput`, `BadQuestion`."""
    draft = together_draft(change, execute, now)
    require_allowed(execute, draft.plan)
    measures, kept = disciplines_of(execute), kept_facts(execute)
    effects, doubts = [], list(draft.doubts)
    for one in draft.drafts:
        beside = Roster(disciplines=tuple(m for m in measures if m.case == one.after.code), kept=kept)
        found = effect(one, beside, question)
        effects.append(found)
        doubts += [doubt._replace(whose=one.after.code) for doubt in blocks(one, found, beside, question)]
    return TogetherPreview(change, question, draft, tuple(effects), tuple(doubts))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cases that are meant, and those of which a condition cannot be decided."""

    codes: tuple[str, ...]
    undecided: tuple[str, ...] = ()


def named(text: str) -> Chosen:
    """The codes that stand in a file or are listed with commas; raises `BadFile`, `BadInput` where there are none."""
    path, there = Path(text), False
    with suppress(OSError):  # many codes are longer than any file may be called
        there = path.is_file()
    if there or path.suffix.lower() in _FILES:
        codes = _lines(path) if path.suffix.lower() == ".txt" else _column(path)
    else:
        codes = [part.strip() for part in text.split(",")]
    codes = [code for code in dict.fromkeys(codes) if code]
    if not codes:
        raise BadInput(f"--cases “{text}” không có mã hồ sơ nào. Ghi các mã cách nhau dấu phẩy, hoặc tên một tệp.")
    return Chosen(tuple(codes))


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in content_of(path, _MOST_BYTES).decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise BadInput(f"Tệp “{path}” không phải là văn bản UTF-8. Lưu lại bằng mã UTF-8.") from None


def _column(path: Path) -> list[str]:
    """The column of codes of the first sheet that has one; of a sheet without such a heading the first column."""
    grids = read_book(path).grids
    for grid in grids:
        for number, row in enumerate(grid.rows):
            for place, cell in enumerate(row):
                if not blank(cell) and fold(shown(cell)) in _CODES_HEADED:
                    return [shown(one) for one in column_values(grid, place, number + 1)]
    return [shown(one) for grid in grids[:1] for one in column_values(grid, 0, 0)]


def where(text: str, roster: Roster, question: Question) -> Chosen:
    """The cases for which a condition in the rules' own language holds; raises `BadInput` where it is none."""
    ruleset = question.ruleset
    try:
        condition = parse_condition(text, ruleset.scope, Place("--where", 1))
    except LawFileError as error:
        raise BadInput(f"--where “{text}”: {error.problem} {error.hint}") from None
    told = facts_read(condition) & sensitive()
    if told and asking() is None:
        labels = ", ".join(fact_label(name) for name in sorted(told))
        raise BadInput(
            f"--where hỏi dữ liệu nhạy cảm ({labels}): ai thoả thì lộ ra. Thêm --show-sensitive LÝ-DO, việc "
            "hỏi được ghi vào nhật ký đọc; hoặc chọn hồ sơ bằng --cases."
        )
    decide = evaluator(ruleset)
    holds = decide.program.compiled(condition)
    codes, undecided = [], []
    for record in in_unit(roster, ruleset, None, question.as_of):
        situation = decide.situation(record, question.as_of)
        outcome = None if situation is None else holds(situation)
        if isinstance(outcome, Unknown):
            undecided.append(record.code)
        elif outcome is True:
            codes.append(record.code)
    if not codes:
        raise BadInput(f"Tính đến ngày hỏi, không hồ sơ nào thoả “{text}”. Kiểm tra lại điều kiện.")
    for code in (*codes, *undecided):
        may_show(code, told)
    return Chosen(tuple(codes), tuple(undecided))
