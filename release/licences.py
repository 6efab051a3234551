"""The licences of what the program for Windows holds, as one text for people: whose it is, and under what terms."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, PackageMetadata, distributions
from pathlib import Path

REPLACEABLE = """\
Dubi is under the Apache License 2.0 (LICENSE.txt). It comes with parts made by others, each unchanged and under its
own licence; their texts follow. Parts under the LGPL (such as docxtpl) are plain files in the folder of libraries:
whoever wants may put another version of such a part in its place, and Dubi runs with that.
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


_BY_WORDS = {
    "Permission is hereby granted, free of charge, to any person obtaining a copy": "MIT",
    "This software is provided 'as-is', without any express or implied": "Zlib",
}
"""What the texts of some licences say that no other says."""


def licence_of_part(part: Distribution) -> str:
    """The licence of a package: the one it declares, else the one whose text it brings."""
    declared = licence_of(part.metadata)
    if declared != "see its text":
        return declared
    text = " ".join(" ".join(texts_of(part)).split())
    return ", ".join(name for words, name in _BY_WORDS.items() if words in text) or declared


def texts_of(distribution: Distribution) -> Iterator[str]:
    """The texts of the licence files that a package brings."""
    for file in distribution.files or []:
        named = file.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS"))
        if named and any(part.endswith(".dist-info") for part in file.parts):
            yield Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()


def third_parties(libraries: Path, python: str, python_licence: str) -> str:
    """The whole text for the libraries of a folder and the Python beside it."""
    parts = sorted(distributions(path=[str(libraries)]), key=lambda one: one.metadata["Name"].lower())
    parts = [one for one in parts if one.metadata["Name"] != "dubi"]
    rows = [f"{one.metadata['Name']} {one.version}: {licence_of_part(one)}" for one in parts]
    whole = [REPLACEABLE, f"Python {python}: Python Software Foundation License", *rows, OF_THE_DESK]
    texts = [(f"Python {python}", python_licence)]
    texts += [(one.metadata["Name"], text) for one in parts for text in texts_of(one)]
    whole += [f"\n{RULE}\n{name}\n{RULE}\n{text}" for name, text in texts]
    return "\n".join(whole) + "\n"
