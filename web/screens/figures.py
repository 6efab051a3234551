"""Figures of a period, each open to its people, with the period a year before beside it."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.counting.statistics import GROUPS, indicator_labels
from desk.words.labels import label
from web.asking import asked, desk_of, question_of
from web.pages import answer, as_json, page
from web.periods import choices, counted_as_of, period_of
from web.refusals import wants_json


def figures(request: Request) -> Response:
    """The figures of a period; with the as-of day that the period ends on, as the command has it."""
    asking, desk = asked(request), desk_of(request)
    period = period_of(request, asking)
    question = replace(question_of(desk, asking), as_of=counted_as_of(request, asking, period.end))
    by_program = wants_json(request.headers.get("accept", ""))
    now = desk.stats(question, period.start, period.end, beside=by_program)
    if by_program:
        return as_json({**now.as_json(), "reported": desk.reported_json(now)})
    year_ago = replace(question, as_of=period.before.end)
    before = desk.stats(year_ago, period.before.start, period.before.end, beside=False)
    everything = request.query_params.get("het") == "1"
    labels = indicator_labels()
    groups = [
        (
            words,
            [
                (name, labels[name], figure.rounded(), before.result.values[name].rounded())
                for name, figure in now.result.values.items()
                if name.partition(".")[0] == group and (everything or figure.value or before.result.values[name].value)
            ],
        )
        for group, words in GROUPS.items()
    ]
    return page(
        request,
        "figures.html",
        "Số liệu",
        screen="figures",
        asking=asking,
        period=period,
        choices=choices(asking),
        groups=[(words, lines) for words, lines in groups if lines],
        everything=everything,
        units=now.units,
    )


def overview(request: Request) -> Response:
    """The period in pictures, each with its numbers; raises `BadInput` for one that ends before it begins."""
    asking, desk = asked(request), desk_of(request)
    period = period_of(request, asking)
    question = replace(question_of(desk, asking), as_of=counted_as_of(request, asking, period.end))
    return page(
        request,
        "overview.html",
        "Tổng quan",
        screen="figures",
        asking=asking,
        period=period,
        choices=choices(asking),
        drawn=desk.overview(question, period.start, period.end),
    )


def people(request: Request) -> Response:
    """The people behind a figure; raises `UnknownName` for an indicator there is not."""
    asking, desk = asked(request), desk_of(request)
    period = period_of(request, asking)
    name = request.path_params["indicator"]
    question = replace(question_of(desk, asking), as_of=counted_as_of(request, asking, period.end))
    by_program = wants_json(request.headers.get("accept", ""))
    found = desk.stats(question, period.start, period.end, who=[name], beside=by_program)
    return answer(
        request,
        found.as_json([name]),
        "figure_people.html",
        found.label(name),
        screen="figures",
        asking=asking,
        period=period,
        value=found.value(name),
        members=found.result.who[name],
        typed=found.typed_behind(name),
        withheld=found.withheld,
        label=label,
    )


routes = [
    Route("/so-lieu", figures),
    Route("/so-lieu/tong-quan", overview),
    Route("/so-lieu/{indicator}/nguoi", people),
]
