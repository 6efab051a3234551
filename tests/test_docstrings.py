"""What docstrings owe the reader, read from the source: a public function names the exceptions that it raises."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("engine", "rules/loader")
OF_THE_PROGRAM = {"AssertionError"}
"""Says that the program itself is wrong; no caller is to expect it."""


def public_functions(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions and methods that others may call, with their names."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            if isinstance(node, ast.ClassDef):
                yield from public_functions(node.body, f"{within}{node.name}.")
            else:
                yield within + node.name, node


def raised(function: ast.FunctionDef) -> Iterator[str]:
    """The exceptions of a function's own `raise` statements; a refusal made at its place in a file is a `LawFileError`.

    What is caught and raised again as it is has been named by who raised it first.
    """
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else "?"
            yield "LawFileError" if name.endswith("error") else name


def test_public_functions_name_what_they_raise() -> None:
    """In the engine and the loader whoever raises says so: the docstring of a public function names the exception."""
    looked_at, silent = 0, []
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        for name, function in public_functions(ast.parse(path.read_text(encoding="utf-8")).body):
            for exception in sorted(set(raised(function)) - OF_THE_PROGRAM):
                looked_at += 1
                if exception not in (ast.get_docstring(function) or ""):
                    silent.append(f"{path.relative_to(ROOT)}:{function.lineno} {name}: {exception}")
    assert looked_at > 40
    assert silent == []
