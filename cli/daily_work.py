"""The commands of the daily book, family by family: recording, finding, the log, safety, reminders."""

from __future__ import annotations

import typer

from cli.asking import finding
from cli.keeping import history, safety
from cli.recording import courses, dossiers, moving, organising, recording
from cli.reporting import reminding

app = typer.Typer()
for family in (recording, dossiers, moving, courses, organising, finding, history, safety, reminding):
    app.add_typer(family.app)
