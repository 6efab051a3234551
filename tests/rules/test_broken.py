"""Broken law files: one file per way to be wrong, each refused with its file, its line and what to do.

The first lines of each file in `broken/` say what it is read as, and what the refusal must be.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.coming_up import load_deadlines
from engine.compiling import compile_ruleset
from engine.language.time_limits import calendar
from engine.planning import compile_plan
from engine.ruleset import load_ruleset
from engine.statistics.timing.timed_steps import load_timed_steps
from rules.loader import examples as examples_loader
from rules.loader import indicators as indicators_loader
from rules.loader import law, vocabulary
from rules.loader import plan as plan_loader
from rules.loader import process as process_loader
from rules.loader.errors import LawFileError
from rules.loader.rules import load_rules

BROKEN = sorted((Path(__file__).parent / "broken").iterdir())

READ_AS: dict[str, Callable[[Path], object]] = {
    "rules": lambda file: compile_ruleset(vocabulary.load(), law.load(), calendar(), load_rules(file)),
    "overlay": lambda file: load_ruleset(None, (file,)),
    "facts": lambda file: compile_ruleset(vocabulary.load(file), law.load(), calendar(), {}),
    "codes": vocabulary.load_codes,
    "documents": law.load_documents,
    "parameters": lambda file: law.load_parameters(file, law.load().documents),
    "indicators": indicators_loader.load,
    "deadlines": lambda file: load_deadlines(load_ruleset(), file),
    "timings": lambda file: load_timed_steps(load_ruleset(), file),
    "process": process_loader.load,
    "examples": examples_loader.load,
    "plan": lambda file: compile_plan(load_ruleset(), plan_loader.load(file)),
}


def expected(file: Path) -> dict[str, str]:
    """What the head of a broken file says of it."""
    lines = file.read_bytes().decode("utf-8", errors="replace").splitlines()
    pairs = (line.removeprefix("# ").split(": ", 1) for line in lines[:4])
    return dict(pairs)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_refused(file: Path) -> None:
    """The file is refused at its line, with what is wrong and what to do about it, in words of ours."""
    head = expected(file)
    with pytest.raises(LawFileError) as refusal:
        READ_AS[head["kind"]](file)
    told = refusal.value
    assert (told.file, told.line, told.hint) == (str(file), int(head["line"]), head["hint"])
    assert told.problem.startswith(head["problem"])
    assert str(told) == f"{file}, dòng {told.line}: {told.problem} {told.hint}"
    assert told.exit_code == 3


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be opened is refused by its name."""
    with pytest.raises(LawFileError, match="Không đọc được tệp") as refusal:
        load_rules_of(tmp_path / "khong-co.yaml")
    assert refusal.value.file == str(tmp_path / "khong-co.yaml")


def load_rules_of(file: Path) -> object:
    """The documents of a file, which need nothing else."""
    return law.load_documents(file)
