"""Overlays: what a province asks on top of the national law, off unless chosen.

An overlay is one file: its document, its own parameters and its own rules. It adds rules or stands in the place of
national ones from the day its document came into force; what the national law says is never changed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

from rules.loader.errors import UnknownName
from rules.loader.law import Document, Law, Parameter, read_documents, read_parameters
from rules.loader.rules import RuleText, read_rules
from rules.loader.spelling.near import did_you_mean
from rules.loader.yaml_nodes import Node, read_yaml

HERE = Path(__file__).parents[1] / "overlays"


@dataclass(frozen=True, slots=True)
class Overlay:
    """The rules of one place, with the document they come from."""

    name: str
    title: str
    document: Document
    documents: dict[str, Document]
    """Documents of its own, beside those of the national law."""
    parameters: dict[str, Parameter]
    rules: dict[str, RuleText]
    file: Path


def names() -> list[str]:
    """The names of the overlays that are shipped."""
    return sorted(file.stem for file in HERE.glob("*.yaml"))


def find(name: str) -> Path:
    """The file of an overlay; raises `UnknownName` with the nearest name."""
    if name not in names():
        hint = did_you_mean(name, names(), f"Hiện có: {', '.join(names()) or 'không có'}.")
        raise UnknownName(f"Không có quy định riêng “{name}”. {hint}")
    return HERE / f"{name}.yaml"


def load_overlay(file: Path, law: Law) -> Overlay:
    """Read an overlay on a national law; raises `LawFileError` with file and line."""
    root = read_yaml(file)
    keys = root.mapping(["overlay", "title", "document", "rules"], ["documents", "unconfirmed_from", "parameters"])
    name = keys["overlay"].text()
    if name != file.stem:
        raise keys["overlay"].error(f"Tên “{name}” khác tên tệp.", f"Ghi overlay: {file.stem}.")
    prefix = _prefix(name)
    own = keys.read("documents", lambda node: read_documents(node.items()), dict[str, Document]())
    for document in own.values():
        if document.id in law.documents:
            raise Node(file, document.line, document.id).error(f"Văn bản “{document.id}” đã có.", "Bỏ mục này.")
    documents = law.documents | own
    document = documents[keys["document"].one_of(documents)]
    parameters = keys.read("parameters", lambda node: read_parameters(node.items(), documents), dict[str, Parameter]())
    for parameter in parameters.values():
        _starts(parameter.name, prefix, Node(file, parameter.line, parameter.name))
    if "unconfirmed_from" in keys:
        day = keys["unconfirmed_from"].date()
        parameters = {key: _unconfirmed_from(day, parameter) for key, parameter in parameters.items()}
    rules = read_rules(keys["rules"].items(), overlay=name)
    for rule in rules.values():
        _starts(rule.name, prefix, Node(file, rule.lines["rule"], rule.name))
    rules = {key: replace(rule, applies_from=document.begins) for key, rule in rules.items()}
    return Overlay(name, keys["title"].text(), document, own, parameters, rules, file)


def _prefix(name: str) -> str:
    """What the names of an overlay's rules begin with: `ha-noi-2025` gives `ha_noi.`."""
    return re.sub(r"-\d{4}$", "", name).replace("-", "_") + "."


def _starts(name: str, prefix: str, node: Node) -> None:
    if not name.startswith(prefix):
        raise node.error(f"Tên “{name}” không mang tên của quy định riêng.", f"Đổi thành “{prefix}…”.")


def _unconfirmed_from(day: dt.date, parameter: Parameter) -> Parameter:
    """The parameter with its values labelled unconfirmed from a day on."""
    before = tuple(entry for entry in parameter.timeline if entry.begins < day)
    after = tuple(replace(entry, certainty="unconfirmed") for entry in parameter.timeline if entry.begins > day)
    changed = replace(parameter.at(day), begins=day, certainty="unconfirmed")
    return replace(parameter, timeline=(*before, changed, *after))


def lay_over(overlay: Overlay, law: Law, rules: dict[str, RuleText]) -> tuple[Law, dict[str, RuleText]]:
    """The law and the rules with an overlay on them; a rule it replaces still holds before the overlay's day."""
    rules = dict(rules)
    for name, rule in overlay.rules.items():
        target = rule.replaces
        if target and target not in rules:
            hint = did_you_mean(target, rules, "Xem tên bằng lệnh: dubi rules list.")
            raise Node(overlay.file, rule.lines["replaces"], target).error(f"Không có quy tắc “{target}”.", hint)
        if name in rules:
            raise Node(overlay.file, rule.lines["rule"], name).error(f"Quy tắc “{name}” đã có.", "Đổi tên.")
        if target:
            rules[target] = replace(rules[target], applies_before=overlay.document.begins)
        rules[name] = rule
    law = replace(law, documents=law.documents | overlay.documents, parameters=law.parameters | overlay.parameters)
    return law, rules
