"""Overlays: what a province asks on top of the national law, off unless chosen.

An overlay is one file: its document, its own parameters and its own rules. It adds rules or stands in the place of
national ones from the day its document came into force; what the national law says is never changed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rules.loader.errors import UnknownName
from rules.loader.law import Document, Law, Parameter, Version, read_documents, read_parameters, read_value
from rules.loader.rules import RuleText, read_rules
from rules.loader.spelling.days import shown_day
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


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person has read in a document that the program has not: the office's own overlay, a value at a time."""

    parameter: str
    document: str
    value: str
    """As the law files write it."""
    clause: str
    seen_at: str
    """Where the text was seen."""
    who: str
    on: dt.date


def confirmed(law: Law, confirmations: Iterable[Confirmation]) -> Law:
    """The law with what the office has read itself; what the program came with stands in the version's note.

    A value of another unit raises `LawFileError`.
    """
    parameters = dict(law.parameters)
    for one in confirmations:
        # An overlay that is not chosen, or a name that a later edition of the program has no more, changes nothing.
        parameter = parameters.get(one.parameter)
        chain = [] if parameter is None else law.series(parameter.series)
        document = next((document for document in chain if document.id == one.document), None)
        if parameter is None or document is None:
            continue
        shipped = next((version for version in parameter.versions if version.document.id == one.document), None)
        before = "chưa rõ" if shipped is None or shipped.value is None else str(shipped.value)
        read_by = f"{one.who} đối chiếu ngày {shown_day(one.on)}, xem ở: {one.seen_at}"
        note = f"{read_by}. Giá trị kèm theo chương trình: {before}."
        value = read_value(Node(Path("--value"), 1, one.value), parameter.unit)
        read = Version(document, value, one.clause, "read", None, note, parameter.line)
        others = [version for version in parameter.versions if version.document.id != one.document]
        versions = tuple(sorted([*others, read], key=lambda version: version.document.begins))
        parameters[one.parameter] = replace(parameter, versions=versions, chain=tuple(chain), instead=None)
    return replace(law, parameters=parameters)


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
    return replace(parameter, instead=(*before, changed, *after))


def lay_over(overlay: Overlay, law: Law, rules: dict[str, RuleText]) -> tuple[Law, dict[str, RuleText]]:
    """The law and the rules with an overlay on them; a rule it replaces still holds before the overlay's day.

    Raises `LawFileError` where it adds a rule that there is, or replaces one that there is not.
    """
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
