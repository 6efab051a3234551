"""Sitting down at the desk: before a file where one is named, else before a store, as whoever is signed in there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from typer._click.globals import get_current_context

from cli.screen.arguments import today
from cli.screen.output import note, on_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from desk.desk import Desk


def ask_for_passphrases() -> None:
    """Have whoever sits at a terminal be asked for the passphrase of an encrypted store, once, when it is opened."""
    from desk.source import ask_by

    if on_a_terminal():
        ask_by(_hidden)


def _hidden(question: str) -> str:
    import getpass

    return getpass.getpass(question, stream=sys.stderr)


def desk_for(file: Path | None, store: str | None, sensitive: str | None = None) -> Desk:
    """The desk before a workbook (nothing is stored) or a store; remarks about the workbook are told on stderr.

    A store that has users asks who is signed in; raises `NotSignedIn` where nobody is. ``sensitive`` is why sensitive
    values are asked for; raises `BadInput` for no reason at all.
    """
    from desk.accounts.console import desk_here
    from desk.source import store_url

    ask_for_passphrases()
    ask_for_sensitive(sensitive, store)
    return desk_here(file or store_url(store), today=today(), tell=lambda line: note(f"Lưu ý: {line}"))


def ask_for_sensitive(why: str | None, store: str | None) -> None:
    """Show sensitive values until the command ends, where somebody says why; raises `BadInput`."""
    if why is not None:
        from desk.personal.readings import reading
        from desk.source import store_url
        from desk.words.masking import asking

        if asking() is not None:
            return
        get_current_context().with_resource(reading(store_url(store), why))
