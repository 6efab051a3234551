"""Layouts that are known by name: what tells them, and what is different in them (`profiles.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cases.rosters.columns import labels
from rules.loader.errors import UnknownName
from rules.loader.yaml_nodes import Keys, Node, entries

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Profile:
    """One layout: the fields it must have, those it must not, and columns of a meaning of their own."""

    name: str
    title: str
    needs: frozenset[str]
    lacks: frozenset[str]
    columns: Mapping[str, str]
    note: str

    def matches(self, fields: Collection[str]) -> bool:
        """Whether a roster with these fields has this layout."""
        return self.needs <= set(fields) and not self.lacks & set(fields)


@cache
def load(path: Path = HERE / "profiles.yaml") -> dict[str, Profile]:
    """The profiles by name; raises `LawFileError` with file and line."""
    known = labels.load().fields
    found: dict[str, Profile] = {}
    for node in entries(path):
        keys = node.mapping(["profile", "title", "needs", "note"], ["lacks", "columns"])
        name = keys["profile"].text()
        columns = keys.read("columns", Node.pairs, Keys())
        found[name] = Profile(
            name=name,
            title=keys["title"].text(),
            needs=frozenset(one.one_of(known) for one in keys["needs"].items()),
            lacks=keys.read("lacks", lambda node: frozenset(one.one_of(known) for one in node.items()), frozenset()),
            columns={header: str(one.content) and one.one_of(known) for header, one in columns.items()},
            note=keys["note"].text(),
        )
    return found


def recognise(fields: Collection[str]) -> Profile | None:
    """The layout with most fields among those that match; None for a roster of no known layout."""
    matching = [profile for profile in load().values() if profile.matches(fields)]
    return max(matching, key=lambda profile: len(profile.needs), default=None)


def named(name: str) -> Profile:
    """The profile of this name; raises `UnknownName`."""
    profiles = load()
    if name not in profiles:
        raise UnknownName(f"Không có mẫu danh sách “{name}”. Các mẫu: {', '.join(profiles)}.")
    return profiles[name]
