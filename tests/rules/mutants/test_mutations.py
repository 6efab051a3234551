"""Shipped law files with a line lost, doubled or spoilt are taken or refused with file and line, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.coming_up import load_deadlines
from engine.compiling import compile_ruleset
from engine.language.time_limits import calendar
from engine.planning import compile_plan
from engine.ruleset import load_ruleset
from engine.statistics.timing.timed_steps import load_timed_steps
from rules.loader import calendar as calendar_data
from rules.loader import controls as controls_loader
from rules.loader import examples as examples_loader
from rules.loader import indicators as indicators_loader
from rules.loader import law
from rules.loader import plan as plan_loader
from rules.loader import populations as populations_loader
from rules.loader import process as process_loader
from rules.loader import settings as settings_loader
from rules.loader import vocabulary as words
from rules.loader.errors import LawFileError
from rules.loader.rules import HERE, load_rules
from tests.whole import examples

READ_AS: dict[str, Callable[[Path], object]] = {
    "recognition.yaml": lambda file: compile_ruleset(words.load(), law.load(), calendar(), load_rules(file)),
    "facts.yaml": lambda file: compile_ruleset(words.load(file), law.load(), calendar(), {}),
    "codes.yaml": words.load_codes,
    "law/documents.yaml": law.load_documents,
    "law/parameters/recognition.yaml": lambda file: law.load_parameters(file, law.load().documents),
    "law/calendar.yaml": calendar_data.load,
    "overlays/ha-noi-2025.yaml": lambda file: load_ruleset(None, (file,)),
    "plan.yaml": lambda file: compile_plan(load_ruleset(), plan_loader.load(file)),
    "process.yaml": process_loader.load,
    "deadlines.yaml": lambda file: load_deadlines(load_ruleset(), file),
    "timings.yaml": lambda file: load_timed_steps(load_ruleset(), file),
    "examples/probation.yaml": examples_loader.load,
    "indicators/recognition.yaml": indicators_loader.load,
    "settings.yaml": settings_loader.load,
    "controls.yaml": controls_loader.load,
    "dimensions.yaml": populations_loader.dimensions,
}
SPOILERS = (
    *("", "{", "}", "[", "]", ":", "- ", '"', "“", "&a", "*a", "!x", "|", ">", "\t", "#", "null", "~", "true", "-1"),
    *("999999999999", "2025-02-30", "after", "on", "is", "missing", "and", "not", "(", ")", "in", "[]", "+", "at"),
    *(
        "stage",
        "as_of",
        "admitted_on",
        "probation.length",
        "found",
        "if",
        "else",
        "/",
        "=",
        "first(",
        "\u200b",
        "\ufeff",
    ),
)
EACH = 40
"""As many spoilt copies are made of each file."""


def spoilt(text: str, chance: random.Random) -> str:
    """A text with one to three things wrong."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        lines, place = text.split("\n"), chance.randrange(len(text))
        line = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                text = "\n".join([*lines[:line], *lines[line + 1 :]])
            case 1:
                text = "\n".join([*lines[:line], lines[line], *lines[line:]])
            case 2:
                text = text[:place] + chance.choice(SPOILERS) + text[place:]
            case 3:
                text = text[:place] + text[place + chance.randrange(1, 12) :]
            case _:
                parts = lines[line].split(" ")
                parts[chance.randrange(len(parts))] = chance.choice(SPOILERS)
                text = "\n".join([*lines[:line], " ".join(parts), *lines[line + 1 :]])
        text = text or " "
    return text


def refusal(name: str, file: Path) -> LawFileError | None:
    """The refusal of a file read as the shipped one of that name; None where it is taken."""
    try:
        READ_AS[name](file)
    except LawFileError as told:
        return told
    return None


@pytest.mark.parametrize("name", READ_AS)
def test_spoilt_file(tmp_path: Path, name: str) -> None:
    """Whatever is wrong with a file, it is told with the file, a line of it, and a hint; no other failure comes out."""
    chance, refused = random.Random(name), 0  # noqa: S311  # the same spoilt files on every run
    for number in range(examples(EACH)):
        text = spoilt((HERE / name).read_text(encoding="utf-8"), chance)
        file = tmp_path / str(number) / Path(name).name
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        told = refusal(name, file)
        if told is not None:
            refused += 1
            assert told.file == str(file)
            assert 1 <= told.line <= text.count("\n") + 2
            assert told.problem.strip()
            assert told.hint.strip()
    assert refused, "none of the copies was spoilt enough to be refused"
