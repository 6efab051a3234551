"""The failures of the program, as a small tree of named exceptions.

    DubiError                 something the program cannot do; carries its exit code
    ├── UnknownName      (2)  a case, unit, rule or indicator named in an argument does not exist
    ├── BadQuestion      (2)  parts of a question that do not go together, or something left out of it
    ├── BadInput         (3)  a file, row or date that cannot be taken
    │   ├── LawFileError (3)  a rule file that says something it may not say, with file and line
    │   └── ClockDoubted (3)  the machine's clock stands far from what was written last
    └── StoreProblem     (4)  the store or the machine: full, locked, read-only, too new

Findings about a user's data are values, never exceptions.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path


class DubiError(Exception):
    """Something the program cannot do, said in Vietnamese: what is wrong, where, and what to do."""

    exit_code = 4


class UnknownName(DubiError):
    """A name in an argument that nothing bears."""

    exit_code = 2


class BadQuestion(DubiError):
    """A question whose parts do not go together, or from which something is left out."""

    exit_code = 2


class BadInput(DubiError):
    """Input that is refused; nothing of it has been stored."""

    exit_code = 3


class StoreProblem(DubiError):
    """The store or the machine does not allow what was asked."""

    exit_code = 4


class LawFileError(BadInput):
    """A rule file that is refused, with the place of the mistake and what to do about it."""

    def __init__(self, file: Path | str, line: int, problem: str, hint: str) -> None:
        self.file, self.line, self.problem, self.hint = str(file), line, problem, hint
        super().__init__(f"{file}, dòng {line}: {problem} {hint}")


class ClockDoubted(BadInput):
    """The machine's clock stands far from what was written last, and nobody said that it is right."""

    def __init__(self, message: str, day: date) -> None:
        super().__init__(message)
        self.day = day
        """What the clock shows."""
