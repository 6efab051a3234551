"""The commands of the daily book, family by family: recording, finding, the log, safety, reminders."""

from __future__ import annotations

import typer

from cli import courses, finding, history, moving, recording, reminding, safety

app = typer.Typer()
for family in (recording, moving, courses, finding, history, safety, reminding):
    app.add_typer(family.app)
