"""What is compiled into a package: by the list it brings (PEP 770, CycloneDX), else by `inside.yaml`.

A wheel in Rust holds hundreds of libraries of others, and so does whatever hands it out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).with_name("inside.yaml")
TEXTS = Path(__file__).with_name("texts")
_COMPILED = (".so", ".pyd", ".xz")
"""How the name of a compiled file ends; the last one is packed for Windows."""
NO_LICENCE = "Unknown"
BY_WORDS = {
    "Permission is hereby granted, free of charge, to any person obtaining a copy": "MIT",
    "This software is provided 'as-is', without any express or implied": "Zlib",
    "UNICODE LICENSE V3": "Unicode-3.0",
}
"""What the texts of some licences say that no other says."""


@dataclass(frozen=True)
class Inside:
    """A library that is compiled into a package; what is not known of it is empty."""

    name: str
    version: str
    licence: str
    purl: str = ""
    sha256: str = ""


@cache
def known() -> dict[str, Any]:
    """The content of `inside.yaml`."""
    content: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return content


def name_of(part: Distribution) -> str:
    """The name of a package as locks write it."""
    return str(part.metadata["Name"]).lower().replace("_", "-")


def is_compiled(part: Distribution) -> bool:
    """Whether a package brings machine code."""
    return any(file.name.endswith(_COMPILED) for file in part.files or [])


def inside(part: Distribution) -> list[Inside]:
    """What is compiled into a package, by name and version; raises LookupError where nobody says it."""
    lists = [file for file in part.files or [] if "sboms" in file.parts and file.suffix == ".json"]
    listed = known()["inside"]
    if is_compiled(part) and not lists and name_of(part) not in listed:
        raise LookupError(f"Nobody says what is compiled into {name_of(part)}; write it into {LIST.name}")
    found = set(of_package(name_of(part)))
    for file in lists:
        content = json.loads(part.read_text("/".join(file.parts[-2:])) or "{}")
        found.update(_listed(content.get("components", [])))
    return sorted(found, key=lambda one: (one.name.lower(), one.version))


def of_package(name: str) -> Iterator[Inside]:
    """What `inside.yaml` says of a package."""
    for row in known()["inside"].get(name, []):
        yield Inside(row["name"], row.get("version", ""), row["licence"])


def texts_for(name: str) -> Iterator[str]:
    """The texts of licences that a package does not bring itself."""
    for file in known()["texts"].get(name, []):
        yield (TEXTS / file).read_text(encoding="utf-8").strip()


def _listed(components: list[dict[str, Any]]) -> Iterator[Inside]:
    """The libraries of a list; what was needed only to build is left out."""
    for one in components:
        yield from _listed(one.get("components", []))
        if one.get("scope") == "excluded" or one.get("type") != "library":
            continue
        hashes = {entry["alg"]: entry["content"] for entry in one.get("hashes", [])}
        purl = one.get("purl", "").partition("?")[0]
        yield Inside(one["name"], one.get("version", ""), _licence(one), purl, hashes.get("SHA-256", ""))


def _licence(component: dict[str, Any]) -> str:
    said = []
    for entry in component.get("licenses", []):
        named = entry.get("license", {})
        text = named.get("text", {})
        words = text.get("content", "")
        if text.get("encoding") == "base64":
            words = base64.b64decode(words).decode("utf-8", errors="replace")
        by_words = next((name for begins, name in BY_WORDS.items() if begins in " ".join(words.split())), "")
        own = entry.get("expression") or named.get("id") or named.get("name") or ""
        said.append(by_words if own in {"", NO_LICENCE} else own)
    return " AND ".join(filter(None, said)) or str(known()["unsaid"].get(component["name"], NO_LICENCE))
