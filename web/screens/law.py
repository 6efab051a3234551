"""The rules beside their clauses: what each says, on what it rests, and how sure its text is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.law.rulebook import rule, rules, severities_of
from desk.words.labels import label
from web.pages import answer


def all_rules(request: Request) -> Response:
    """All rules, by the stage of the way that they watch over."""
    found = rules()
    return answer(
        request,
        found.as_json(),
        "rules.html",
        "Quy tắc",
        screen="law",
        dated=False,
        stages=found.stages,
        severities_of=severities_of,
    )


def one_rule(request: Request) -> Response:
    """One rule in words beside its clauses, with its examples; raises `UnknownName`."""
    found = rule(request.path_params["rule"])
    return answer(
        request,
        found.as_json(),
        "rule.html",
        found.view.title,
        screen="law",
        dated=False,
        found=found,
        label=label,
    )


routes = [Route("/quy-tac", all_rules), Route("/quy-tac/{rule}", one_rule)]
