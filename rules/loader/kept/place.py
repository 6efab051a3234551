"""The folder for what the program keeps for its user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder for the user's data: `DUBI_HOME`, else what the machine has for it."""
    place = (os.environ if environ is None else environ).get("DUBI_HOME")
    if not place:
        import platformdirs

        place = platformdirs.user_data_dir("dubi", appauthor=False)
    return Path(place).expanduser().absolute()
