"""The handbook: ten tasks in plain words with pictures, as docs/so-tay has them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rules.loader.errors import UnknownName
from web.pages import page, static

MADE = Path(__file__).parents[1] / "handbook.json"


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the handbook; ``html`` is ours, made with the program."""

    name: str
    title: str
    html: Markup


@cache
def tasks() -> tuple[Task, ...]:
    """All tasks in their order."""
    made = json.loads(MADE.read_text(encoding="utf-8"))
    return tuple(Task(name, one["title"], _with_pictures(one["html"])) for name, one in made.items())


def _with_pictures(html: str) -> Markup:
    return Markup(re.sub(r'src="([^"]+)"', lambda found: f'src="{static(found[1])}"', html))  # noqa: S704  # our own text


def handbook(request: Request) -> Response:
    """What tasks there are."""
    return page(request, "handbook.html", "Sổ tay: mười việc thường làm", screen="help", dated=False, tasks=tasks())


def task(request: Request) -> Response:
    """One task; raises `UnknownName`."""
    wanted = request.path_params["name"]
    every = tasks()
    for place, one in enumerate(every):
        if one.name == wanted:
            following = every[place + 1] if place + 1 < len(every) else None
            return page(
                request, "handbook_task.html", one.title, screen="help", dated=False, task=one, following=following
            )
    raise UnknownName(f"Sổ tay không có trang “{wanted}”. Xem các trang ở /so-tay.")


routes = [Route("/so-tay", handbook), Route("/so-tay/{name}", task)]
