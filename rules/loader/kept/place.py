"""The folder for what the program keeps for its user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Mapping


def home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder for the user's data: `DUBI_HOME`, else what the machine has for it; raises `StoreProblem`."""
    place = (os.environ if environ is None else environ).get("DUBI_HOME")
    try:
        if not place:
            import platformdirs

            place = platformdirs.user_data_dir("dubi", appauthor=False)
        return Path(place).expanduser().absolute()
    except (OSError, RuntimeError) as error:  # an account that the machine knows no home of, a folder that is gone
        raise StoreProblem(
            "Không biết thư mục dữ liệu của người dùng ở đâu. Đặt biến môi trường DUBI_HOME là đường dẫn đầy đủ của "
            "một thư mục của mình rồi chạy lại."
        ) from error


def private_folder(folder: Path) -> Path:
    """Make a folder, with whatever is missing above it, into which nobody but the user looks; raises `OSError`.

    `Path.mkdir` gives its mode to the last folder alone, and to those above what the machine gives to all.
    """
    for one in (*reversed(folder.parents), folder):
        if not one.is_dir():
            one.mkdir(mode=0o700, exist_ok=True)
    return folder
