"""Lists as offices really keep them, read without guessing: `read` a file, look at the preview, store what it gives."""

from cases.rosters.columns.mappings import load_mapping, save_mapping
from cases.rosters.outcome.answers import Answers
from cases.rosters.outcome.giving import Remembered, row_says
from cases.rosters.outcome.outcome import Notice, RosterPreview, RowOutcome, Why
from cases.rosters.rows.reader import HeaderNotFound, known_field, read

__all__ = [
    "Answers",
    "HeaderNotFound",
    "Notice",
    "Remembered",
    "RosterPreview",
    "RowOutcome",
    "Why",
    "known_field",
    "load_mapping",
    "read",
    "row_says",
    "save_mapping",
]
