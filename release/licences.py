"""The licences of what the program for Windows holds, as one text for people: whose it is, and under what terms."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, PackageMetadata, distributions
from pathlib import Path

from release.inside import BY_WORDS, Inside, inside, name_of, of_package, texts_for

REPLACEABLE = """\
Dubi is under the Apache License 2.0 (LICENSE.txt). It comes with parts made by others, each as its authors published
it (the largest are packed, and unpacked when first used) and under its own licence; their texts follow. Parts under the
LGPL (docxtpl, and libiconv inside lxml) are plain files in the folder of libraries: whoever wants may put another
version of such a part in its place, and Dubi runs with that. The source of a part that is compiled into another is
found by the address behind its name: cargo means crates.io.
"""
OF_THE_DESK = "The files of the desk in a browser and the fonts bring their licences in web/static and reports/fonts."
RULE = "=" * 100


def licence_of(metadata: PackageMetadata) -> str:
    """The licence that a package declares, in the shortest form it gives."""
    for field in ("License-Expression", "License"):
        said = str(metadata[field] or "").strip() if field in metadata else ""
        if said and len(said) < 60:
            return said
    classifiers = [str(value) for value in metadata.get_all("Classifier") or []]
    of_licences = [value.rpartition(" :: ")[2] for value in classifiers if value.startswith("License ::")]
    return ", ".join(of_licences) or "see its text"


def licence_of_part(part: Distribution) -> str:
    """The licence of a package: the one it declares, else the one whose text it brings."""
    declared = licence_of(part.metadata)
    if declared != "see its text":
        return declared
    text = " ".join(" ".join(texts_of(part)).split())
    return ", ".join(name for words, name in BY_WORDS.items() if words in text) or declared


def texts_of(distribution: Distribution) -> Iterator[str]:
    """The texts of the licences of a package: those it brings, and those it has to be handed out with besides."""
    for file in distribution.files or []:
        named = file.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS"))
        if named and any(part.endswith(".dist-info") for part in file.parts):
            yield Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()
    yield from texts_for(name_of(distribution))


def third_parties(libraries: Path, python: str, python_licence: str) -> str:
    """The whole text for the libraries of a folder and the Python beside it."""
    parts = sorted(distributions(path=[str(libraries)]), key=lambda one: one.metadata["Name"].lower())
    parts = [one for one in parts if one.metadata["Name"] != "dubi"]
    whole = [REPLACEABLE, f"Python {python}: Python Software Foundation License"]
    whole += _compiled_in(list(of_package("cpython")))
    for one in parts:
        whole.append(f"{one.metadata['Name']} {one.version}: {licence_of_part(one)}")
        whole += _compiled_in(inside(one))
    whole.append(OF_THE_DESK)
    texts = [(f"Python {python}", python_licence)]
    texts += [(one.metadata["Name"], text) for one in parts for text in texts_of(one)]
    whole += [f"\n{RULE}\n{name}\n{RULE}\n{text}" for name, text in texts]
    return "\n".join(whole) + "\n"


def _compiled_in(parts: list[Inside]) -> list[str]:
    return [
        f"    {one.name} {one.version}".rstrip() + f": {one.licence}" + (f" ({one.purl})" if one.purl else "")
        for one in parts
    ]
