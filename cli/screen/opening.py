"""Sitting down at the desk: before a file where one is named, else before a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.screen.arguments import today
from cli.screen.output import note

if TYPE_CHECKING:
    from pathlib import Path

    from desk.desk import Desk


def desk_for(file: Path | None, store: str | None) -> Desk:
    """The desk before a workbook (nothing is stored) or a store; remarks about the workbook are told on stderr."""
    from desk.desk import Desk
    from desk.source import store_url

    return Desk(file or store_url(store), today=today(), tell=lambda line: note(f"Lưu ý: {line}"))
