"""What may stand in braces in a template of a paper: names of fields, and one loop over the people of a list.

A template comes from anybody's hand. Nothing in it is run: no call, no filter, no arithmetic, no other statement; the
environment is a sandbox besides, for the case that the library reads something otherwise than we do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE, PERSON = "people", "person"
"""The list that a template may go through, and how it may call one of it."""

_ONLY = (
    "Chỗ điền chỉ nhận tên một mục, như {{ full_name }}, và một vòng qua danh sách: "
    "{% for person in people %} … {{ person.full_name }} … {% endfor %}"
)


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox that takes no template with anything else in it than names and the loop over people."""

    def from_string(self, source: Any, *args: Any, **named: Any) -> Any:
        self.parse(source)
        return super().from_string(source, *args, **named)

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Read a template; raises `TemplateSyntaxError` with the line of the first thing that is not allowed."""
        tree = super().parse(source, name, filename)
        for stray in _strays(tree.body, in_loop=False):
            raise TemplateSyntaxError(_ONLY, stray.lineno)
        return tree


def environment() -> Any:
    """The environment that templates of papers are filled in; a field that is not there is an error."""
    # What stands in the fields is a person's data, not markup; docxtpl escapes it for Word.
    made = _Environment(undefined=StrictUndefined, autoescape=False)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def _strays(body: list[nodes.Node], *, in_loop: bool) -> Iterator[nodes.Node]:
    """What stands in a template and may not."""
    for node in body:
        if isinstance(node, nodes.Output):
            yield from (part for part in node.nodes if not _is_word(part, in_loop=in_loop))
        elif isinstance(node, nodes.For) and not in_loop and _goes_through_people(node):
            yield from _strays(node.body, in_loop=True)
        else:
            yield node


def _is_word(node: nodes.Node, *, in_loop: bool) -> bool:
    if isinstance(node, nodes.Getattr):
        mine = isinstance(node.node, nodes.Name) and node.node.name == PERSON
        return in_loop and mine and node.attr.isidentifier() and not node.attr.startswith("_")
    return isinstance(node, nodes.TemplateData | nodes.Name)


def _goes_through_people(node: nodes.For) -> bool:
    named = isinstance(node.target, nodes.Name) and node.target.name == PERSON
    through = isinstance(node.iter, nodes.Name) and node.iter.name == PEOPLE
    return named and through and node.test is None and not node.else_ and not node.recursive
