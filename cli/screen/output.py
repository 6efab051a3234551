"""Printing: data on stdout as text, JSON or CSV; everything else on stderr; always UTF-8."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cli.screen.language import spoken
from desk.words.spelling import on_screen as on_screen

BOM = "\ufeff"
_MOVES = re.compile("(?!\x1b\\[[01]m)[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What moves a cursor, turns a direction or begins a line; of a terminal's orders only our own bold is let through."""


def on_a_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def force_utf8() -> None:
    """Have both streams speak UTF-8 with plain line ends, whatever the machine's settings."""
    for name in ("stdout", "stderr"):  # None where whoever started us has closed it
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open as long as we are
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _written_down_first() -> None:
    """Have what is shown of anybody stand in the reading log; where nobody can have asked, nothing is loaded for it."""
    if "cases.values.masking" in sys.modules:
        from desk.words.masking import before_it_is_shown

        before_it_is_shown()


def say(text: str = "") -> None:
    """One line of the answer."""
    _written_down_first()
    sys.stdout.write(_MOVES.sub("\ufffd", spoken(text)) + "\n")


def note(text: str) -> None:
    """One line about the work itself: what was written where, what to heed."""
    _written_down_first()
    sys.stdout.flush()
    sys.stderr.write(_MOVES.sub("\ufffd", spoken(text)) + "\n")


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr for long work, told how much of how much is done; None where nobody watches a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def strong(text: str) -> str:
    """The text in bold on a terminal that is asked for colour; unchanged in pipes and with NO_COLOR."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[1m{text}\x1b[0m"


def print_json(values: Mapping[str, Any]) -> None:
    """One JSON object; the members of long lists and maps stand on lines of their own."""
    text = "{\n" + ",\n".join(f" {_dump(key)}: {_spread(value)}" for key, value in values.items()) + "\n}\n"
    _written_down_first()
    sys.stdout.write(text)


def _spread(value: Any) -> str:
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"  {_dump(member)}" for member in value) + "\n ]"
    if isinstance(value, dict) and value and isinstance(next(iter(value.values())), dict):
        return "{\n" + ",\n".join(f"  {_dump(key)}: {_dump(member)}" for key, member in value.items()) + "\n }"
    return _dump(value)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV that Excel opens as it is: with a byte order mark, days as dd/mm/yyyy, and no cell taken for a formula."""
    import csv

    sys.stdout.write(BOM)
    writer = csv.writer(sys.stdout)
    writer.writerow(header)
    writer.writerows([[_cell(value) for value in row] for row in rows])


def _cell(value: object) -> object:
    if isinstance(value, dt.date):
        return on_screen(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value


def only_one_form(*, as_json: bool, as_csv: bool) -> None:
    """Refuse two forms of output at once."""
    if as_json and as_csv:
        from typer import BadParameter

        raise BadParameter("Chỉ chọn một trong hai: --json hoặc --csv.")
