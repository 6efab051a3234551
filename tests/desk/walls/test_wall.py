"""What lies behind the wall shows nowhere: every method of the desk, asked by every kind of user.

Offices are drawn by chance. Two properties hold each answer: no word of anything foreign stands in it, and it is the
answer of a store that holds nothing else. A method that is added has to be asked here too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, get_args

import hypothesis
import polars as pl
from hypothesis import strategies as st

from cases.log.write_plan import compare
from cases.store.connection import initialise, querying, writing
from cases.store.reading import every_unit
from cases.store.sight import seeing
from cases.store.writing import apply_plan, new_batch
from cases.values.records import Roster
from desk.accounts.rights import Role, granted
from desk.changes.values import Change
from desk.desk import Desk
from desk.question import Way
from tests.desk.walls.test_rights import NO_QUESTION, public_methods
from tests.desk.walls.wall_questions import ANSWERS, ASKED_ELSEWHERE, EQUAL, OF_ONE, SWEPT, TYPED, Ask, changes, said
from tests.desk.walls.walled import TODAY, Office, drawn
from tests.whole import examples, some


def in_words(answer: Any) -> str:
    """Everything that an answer holds, as text: what programs get of it, and what it is made of."""
    form = answer.as_json() if hasattr(answer, "as_json") else ""
    if isinstance(answer, bytes):
        return answer.decode(errors="replace")
    if isinstance(answer, list | tuple | set | frozenset):
        return "\n".join(map(in_words, answer))
    if isinstance(answer, Mapping):
        return "\n".join(f"{key}: {in_words(value)}" for key, value in answer.items())
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=1000):
        return f"{form}\n{answer!r}"


def comparable(answer: Any) -> Any:
    """The form of an answer by which it is held against another's."""
    if hasattr(answer, "as_json"):
        return answer.as_json()
    if isinstance(answer, list | tuple):
        return [comparable(one) for one in answer]
    if isinstance(answer, Mapping):
        return {key: comparable(value) for key, value in answer.items()}
    return (
        answer
        if not hasattr(answer, "__dataclass_fields__")
        else {
            name: comparable(getattr(answer, name)) for name in answer.__dataclass_fields__ if name not in ("question",)
        }
    )


def test_every_question_is_asked_here() -> None:
    """A method that is added to the desk is walked here too, or it is said where it is."""
    names = {name for name in public_methods() if name not in NO_QUESTION}
    assert names == ANSWERS.keys() | ASKED_ELSEWHERE.keys()


def test_every_kind_of_change_is_asked_here() -> None:
    """A kind of change that is added is previewed here too, about anybody's case or unit."""
    assert {type(one) for one in changes("MK01WQ")} == set(get_args(Change))


def _eyes(office: Office, role: Role, unit: str) -> Desk:
    found = granted([(role, unit), ("admin", unit)])
    return Desk(office.url, today=TODAY, user="w-ai-do", sight=found.sight, may=found.may, held=found.held)


def _alone(desk: Desk, place: Path) -> Desk:
    """A store in which there is nothing but what a desk sees."""
    url = f"sqlite:///{place / 'alone.sqlite'}"
    initialise(url)
    roster = desk.roster(desk.ask())
    with seeing(desk.eyes), querying(desk.url) as execute:
        bare = frozenset(unit.code for _, unit, declared in every_unit(execute) if not declared)
    with writing(url) as connection:
        apply_plan(connection, replace(compare(Roster(), roster), bare_units=bare), new_batch("w-ai-do"))
    return Desk(url, today=TODAY, user="w-ai-do")


@hypothesis.given(seed=st.integers(0, 2**32))
@hypothesis.settings(max_examples=examples(20, most=2), phases=[hypothesis.Phase.generate])
def test_no_answer_tells_of_what_is_foreign(seed: int) -> None:
    """Whoever asks whatever of whomever: nothing foreign is named; it might as well not be there."""
    random = Random(seed)  # noqa: S311  # chance that can be had again
    with tempfile.TemporaryDirectory() as folder:
        office = drawn(random, Path(folder))
        role: Role = random.choice(("secretary", "committee", "reader"))
        eyes = [_eyes(office, role, unit) for unit in sorted(office.of_unit)]
        desk = random.choice([one for one in eyes if one.sight and office.foreign_words(one.sight)])
        out = Path(folder) / "out"
        out.mkdir()
        _walk(office, desk, out)


def _asked(ask: Ask, desk: Desk, by: Way, code: str, out: Path) -> Any:
    return said(lambda: ask(desk, desk.ask(by=by), code, out))


def _walk(office: Office, desk: Desk, out: Path) -> None:
    assert desk.sight is not None
    foreign, seen = office.foreign_words(desk.sight), office.seen(desk.sight)
    alone = _alone(desk, out)
    roster = desk.roster(desk.ask())
    stored = office.roster()
    assert [one.code for one in roster.records] == [
        one.code for one in stored.records if one.fields.get("unit") in seen or len(seen) == len(stored.units)
    ]
    own = [code for code in sorted(office.of_case) if not foreign.intersection(office.of_case[code])]
    others = [code for code in sorted(office.of_case) if code not in own]
    for number, code in enumerate((*own[:1], *others[:1], office.gone, min(office.of_unit))):
        for name, ask in some(ANSWERS.items()):
            if number and name not in OF_ONE:
                continue
            for by in get_args(Way)[: 1 if number or name not in SWEPT else 2]:
                found = _asked(ask, desk, by, code, out)
                words = in_words(found)
                told = sorted(word for word in foreign - {code, *TYPED} if word in words)
                assert told == [], f"{name} of {code} tells {told}: {words[max(0, words.find(told[0]) - 200) :][:400]}"
                if name in EQUAL:
                    other = _asked(ask, alone, by, code, out)
                    assert comparable(found) == comparable(other), f"{name} of {code}"
