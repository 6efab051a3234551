"""The process as it is written: its states, and what the rules owe to everybody in it (`process.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader import law
from rules.loader import overlays as overlays_loader
from rules.loader.rules import HERE, SEVERITIES, load_rules
from rules.loader.yaml_nodes import Node, read_yaml

FILE = HERE / "process.yaml"


@dataclass(frozen=True, slots=True)
class Claim:
    """A condition with a name and a sentence, and the line it stands on."""

    name: str
    label: str
    when: str
    line: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Whoever meets the condition has a finding of one of these severities, by a rule of this family."""

    claim: Claim
    found: tuple[str, ...]
    family: str | None


@dataclass(frozen=True, slots=True)
class NeverTogether:
    """Rules that say opposite things: at most one of them holds for a case."""

    rules: tuple[str, ...]
    because: str
    line: int


@dataclass(frozen=True, slots=True)
class MayBothHold:
    """Rules of which one says "late" and one "not yet allowed", and why that is no contradiction."""

    late: frozenset[str]
    early: frozenset[str]
    because: str
    line: int


@dataclass(frozen=True, slots=True)
class ProcessText:
    """What is true of every record, whom the states are about, the states, the promises, and what excludes what."""

    file: Path
    assumed: tuple[Claim, ...]
    among: Claim
    states: tuple[Claim, ...]
    promises: tuple[Promise, ...]
    never_together: tuple[NeverTogether, ...]
    may_both_hold: tuple[MayBothHold, ...]


def _claim(node: Node, key: str) -> Claim:
    keys = node.mapping([key, "label", "when"])
    return Claim(keys[key].text(), keys["label"].text(), keys["when"].text(), keys["when"].line)


def _promise(node: Node) -> Promise:
    keys = node.mapping(["promise", "label", "when", "found"], ["of"])
    return Promise(
        claim=Claim(keys["promise"].text(), keys["label"].text(), keys["when"].text(), keys["when"].line),
        found=tuple(member.one_of(SEVERITIES) for member in keys["found"].items()),
        family=keys.read("of", Node.text),
    )


def _rules(node: Node, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(member.one_of(known) for member in node.items())


def _never_together(node: Node, known: Iterable[str]) -> NeverTogether:
    keys = node.mapping(["rules", "because"])
    return NeverTogether(_rules(keys["rules"], known), keys["because"].text(), node.line)


def _may_both_hold(node: Node, known: Iterable[str]) -> MayBothHold:
    keys = node.mapping(["late", "early", "because"])
    late, early = (frozenset(_rules(keys[key], known)) for key in ("late", "early"))
    return MayBothHold(late, early, keys["because"].text(), node.line)


def _known_rules() -> set[str]:
    """The names of all rules, those of the overlays included."""
    overlays = (
        overlays_loader.load_overlay(overlays_loader.find(name), law.load()) for name in overlays_loader.names()
    )
    return set(load_rules()).union(*(overlay.rules for overlay in overlays))


@cache
def load(file: Path = FILE) -> ProcessText:
    """Read the process; raises `LawFileError` with file and line."""
    keys = read_yaml(file).mapping(["assume", "among", "states", "promises", "never_together", "may_both_hold"])
    rules = _known_rules()
    assumed = []
    for node in keys["assume"].items():
        parts = node.mapping(["when", "because"])
        assumed.append(Claim("assume", parts["because"].text(), parts["when"].text(), parts["when"].line))
    among = keys["among"].mapping(["label", "when"])
    states = tuple(_claim(node, "state") for node in keys["states"].items())
    promises = tuple(_promise(node) for node in keys["promises"].items())
    seen: set[str] = set()
    nodes = [*keys["states"].items(), *keys["promises"].items()]
    for node, claim in zip(nodes, (*states, *(promise.claim for promise in promises)), strict=True):
        if claim.name in seen:
            raise node.error(f"“{claim.name}” khai báo hai lần.", "Mỗi trạng thái, mỗi điều bảo đảm một tên.")
        seen.add(claim.name)
    return ProcessText(
        file=file,
        assumed=tuple(assumed),
        among=Claim("among", among["label"].text(), among["when"].text(), among["when"].line),
        states=states,
        promises=promises,
        never_together=tuple(_never_together(node, rules) for node in keys["never_together"].items()),
        may_both_hold=tuple(_may_both_hold(node, rules) for node in keys["may_both_hold"].items()),
    )
