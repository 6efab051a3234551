"""How a document and its clause are cited, and what a severity is called, the same on the screen and on paper."""

from __future__ import annotations

from collections import Counter
from functools import cache

from rules.loader import law as law_data
from rules.loader import vocabulary

TITLES = {"coming": "Sắp đến hạn"}


@cache
def _numbers() -> dict[str, str]:
    """The number of each document; with its year where several bear the same number."""
    documents = law_data.load().documents
    borne = Counter(document.number for document in documents.values())
    return {
        name: f"{document.number} ({(document.signed or document.begins).year})"
        if borne[document.number] > 1
        else document.number
        for name, document in documents.items()
    }


def document_number(document: str) -> str:
    """The number of a document as people cite it."""
    return _numbers()[document]


def citation(document: str, clause: str | None) -> str:
    """The document and the clause in it."""
    return f"{document_number(document)}, mục {clause}" if clause else document_number(document)


def title_of(severity: str) -> str:
    """How a severity is called on a list."""
    return TITLES.get(severity) or vocabulary.load().codes["severity"][severity]
