"""The law through time: documents with their periods, and parameters with a value for each document."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path

from rules.loader.errors import BadQuestion
from rules.loader.kept.copies import kept
from rules.loader.spelling.days import shown_day
from rules.loader.yaml_nodes import Node, entries, files

HERE = Path(__file__).parents[1] / "law"

CERTAINTIES = ("read", "quoted", "secondary", "unconfirmed")
"""From the surest to the least sure."""
SURE = ("read", "quoted")
"""What was read or quoted word for word; only that may block."""
BASES = ("exam_key", "exam", "inferred", "unknown")
UNITS = ("working_day", "day", "month", "year", "meeting", "count", "fraction", "flag", "code", "text")
DURATIONS = ("working_day", "day", "month", "year")

DOCUMENT_KEYS = (
    ("document", "number", "title", "issuer", "from", "series", "certainty"),
    ("signed", "to", "note"),
)
PARAMETER_KEYS = (("parameter", "title", "unit", "series", "versions"), ("from_event", "note", "reference"))
VERSION_KEYS = (("document", "certainty"), ("value", "clause", "basis", "note"))
"""The keys of an entry: those it must have, and those it may have."""

LONGEST_YEARS = 100
_LONGEST = {
    "day": 366 * LONGEST_YEARS,
    "working_day": 261 * LONGEST_YEARS,
    "month": 12 * LONGEST_YEARS,
    "year": LONGEST_YEARS,
}

Value = int | bool | str | Fraction


def worst(certainties: list[str]) -> str:
    """The least sure of several certainties."""
    return max(certainties, key=CERTAINTIES.index)


def length_problem(number: int, unit: str) -> tuple[str, str] | None:
    """What is wrong with a length of time, and what to do about it; None where it can be counted."""
    if unit == "working_day" and number < 1:
        return "Thời hạn tính theo ngày làm việc ít nhất là 1.", "Sửa con số."
    if number > _LONGEST.get(unit, number):
        return f"“{number} {unit}” dài quá mức có thể tính.", f"Ghi một thời hạn không quá {LONGEST_YEARS} năm."
    return None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the law and the days on which it is in force (both included; None = still in force)."""

    id: str
    number: str
    title: str
    issuer: str
    signed: dt.date | None
    begins: dt.date
    ends: dt.date | None
    series: str
    certainty: str
    note: str | None
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Version:
    """What one document says of a parameter; `value` None = the document is known to exist, its value is not."""

    document: Document
    value: Value | None
    clause: str | None
    certainty: str
    basis: str | None
    note: str | None
    line: int


@dataclass(frozen=True, slots=True)
class InForce:
    """The value that applies on a day: the version it stands in, the document then in force, and how sure that is."""

    begins: dt.date
    value: Value
    version: Version
    document: Document
    certainty: str

    def came_after(self, day: dt.date) -> bool:
        """Whether its value stands in a document that was not there yet on the day; never under ``--law``."""
        return self.begins != dt.date.min and self.version.document.begins > day

    @property
    def last_known(self) -> bool:
        """True where the document in force has no known value and a neighbour's is used."""
        return self.version.document.id != self.document.id


@dataclass(frozen=True)
class Parameter:
    """A value of the law through time, in one series of documents."""

    name: str
    title: str
    unit: str
    series: str
    from_event: str | None
    versions: tuple[Version, ...]
    chain: tuple[Document, ...]
    """The documents of its series, in the order in which they came into force."""
    note: str | None
    file: Path
    line: int
    reference: str | None = None
    """Why it is kept although nothing works with it: to be looked up."""
    instead: tuple[InForce, ...] | None = None
    """What applies through time where an overlay says so, or a question that goes by the law of one day."""

    @cached_property
    def timeline(self) -> tuple[InForce, ...]:
        """What applies through time, the earliest first."""
        return timeline(self.versions, self.chain) if self.instead is None else self.instead

    def at(self, day: dt.date) -> InForce:
        """What applies on a day; before the first document, the first known value (unconfirmed)."""
        place = bisect.bisect_right(self.timeline, day, key=lambda entry: entry.begins)
        return self.timeline[max(place - 1, 0)]


@dataclass(frozen=True, slots=True)
class Law:
    """All documents and parameters by name."""

    documents: dict[str, Document]
    parameters: dict[str, Parameter]

    def series(self, name: str) -> list[Document]:
        """The documents of a series in the order in which they came into force."""
        return sorted((d for d in self.documents.values() if d.series == name), key=lambda d: d.begins)

    @property
    def first_day(self) -> dt.date:
        """The day on which the first of the Party's own documents on this came into force."""
        return min(self.series(name)[0].begins for name in ("statute", "regulation"))

    def number(self, document: Document) -> str:
        """The number of a document as people cite it, with its year where several bear the same."""
        alike = [other for other in self.documents.values() if other.number == document.number]
        return f"{document.number} ({(document.signed or document.begins).year})" if len(alike) > 1 else document.number


def _document(node: Node) -> Document:
    keys = node.mapping(*DOCUMENT_KEYS)
    begins, ends = keys["from"].date(), keys.read("to", Node.date)
    if ends and ends < begins:
        raise keys["to"].error("Ngày hết hiệu lực đứng trước ngày có hiệu lực.", "Kiểm tra hai ngày from và to.")
    signed = keys.read("signed", Node.date)
    if signed and signed > begins:
        raise keys["signed"].error("Ngày ký đứng sau ngày có hiệu lực.", "Kiểm tra hai ngày signed và from.")
    return Document(
        id=keys["document"].text(),
        number=keys["number"].text(),
        title=keys["title"].text(),
        issuer=keys["issuer"].text(),
        signed=signed,
        begins=begins,
        ends=ends,
        series=keys["series"].text(),
        certainty=keys["certainty"].one_of(CERTAINTIES),
        note=keys.read("note", Node.text),
        file=node.file,
        line=node.line,
    )


def read_documents(nodes: Iterable[Node]) -> dict[str, Document]:
    """Read documents; raises `LawFileError` for two of one series in force on one day, or a name given twice."""
    documents: dict[str, Document] = {}
    for node in nodes:
        document = _document(node)
        if document.id in documents:
            raise node.error(f"Văn bản “{document.id}” khai báo hai lần.", "Mỗi văn bản một mục.")
        for other in documents.values():
            if other.series == document.series and _overlap(other, document):
                raise node.error(
                    f"“{document.id}” và “{other.id}” cùng chuỗi “{document.series}” có hiệu lực chồng nhau.",
                    f"Sửa ngày from/to (xem dòng {other.line}).",
                )
        documents[document.id] = document
    return documents


def load_documents(path: Path) -> dict[str, Document]:
    """Read the documents of a file."""
    return read_documents(entries(path))


def _overlap(one: Document, two: Document) -> bool:
    first, second = sorted((one, two), key=lambda d: d.begins)
    return first.ends is None or second.begins <= first.ends


def read_value(node: Node, unit: str) -> Value:
    """A value as it is written, of a unit; raises `LawFileError`."""
    text = node.text()
    if unit == "fraction":
        try:
            share = Fraction(text)
        except (ValueError, ZeroDivisionError):
            share = Fraction(-1)
        if not 0 <= share <= 1:
            raise node.error(f"“{text}” không phải là phân số từ 0 đến 1.", "Ghi dạng 2/3.")
        return share
    if unit == "flag":
        return node.flag()
    if unit in ("code", "text"):
        return text
    number = node.integer()
    if number < 0:
        raise node.error(f"“{number}” là số âm.", "Thời hạn và số lượng không âm.")
    if problem := length_problem(number, unit):
        raise node.error(*problem)
    return number


def _version(node: Node, unit: str, documents: dict[str, Document], series: str) -> Version:
    keys = node.mapping(*VERSION_KEYS)
    document = documents[keys["document"].one_of(documents)]
    if document.series != series:
        raise keys["document"].error(
            f"“{document.id}” thuộc chuỗi “{document.series}”, không phải “{series}”.",
            "Chọn văn bản cùng chuỗi với tham số.",
        )
    certainty = keys["certainty"].one_of(CERTAINTIES)
    if (certainty == "unconfirmed") != ("basis" in keys):
        raise node.error(
            "Khoá “basis” đi với certainty: unconfirmed, và chỉ với nó.", f"Chọn một trong: {', '.join(BASES)}."
        )
    if "value" not in keys and certainty != "unconfirmed":
        raise node.error("Không có giá trị thì certainty phải là unconfirmed.", "Thêm value hoặc sửa certainty.")
    return Version(
        document=document,
        value=keys.read("value", lambda node: read_value(node, unit)),
        clause=keys.read("clause", Node.text),
        certainty=certainty,
        basis=keys.read("basis", lambda node: node.one_of(BASES)),
        note=keys.read("note", Node.text),
        line=node.line,
    )


def timeline(versions: tuple[Version, ...], chain: Iterable[Document]) -> tuple[InForce, ...]:
    """The value in force through time: a document that gives none keeps the last known one, unconfirmed."""
    known_of = {version.document.id: version for version in versions if version.value is not None}
    known, entries_ = next(iter(known_of.values())), list[InForce]()
    for document in chain:
        version = known_of.get(document.id)
        known, certainty = (version, version.certainty) if version else (known, "unconfirmed")
        assert known.value is not None
        entries_.append(InForce(document.begins, known.value, known, document, certainty))
    return tuple(entries_)


def _parameter(node: Node, documents: dict[str, Document]) -> Parameter:
    keys = node.mapping(*PARAMETER_KEYS)
    name, unit = keys["parameter"].text(), keys["unit"].one_of(UNITS)
    if "." not in name or not all(part.isidentifier() for part in name.split(".")):
        raise keys["parameter"].error(f"“{name}” không dùng làm tên tham số được.", "Ghi dạng giai_doan.ten.")
    series = keys["series"].one_of({document.series for document in documents.values()})
    chain = sorted((d for d in documents.values() if d.series == series), key=lambda d: d.begins)
    versions: dict[str, Version] = {}
    for item in keys["versions"].items():
        version = _version(item, unit, documents, series)
        if version.document.id in versions:
            raise item.error(f"Văn bản “{version.document.id}” ghi hai lần.", "Mỗi văn bản một dòng.")
        versions[version.document.id] = version
    ordered = tuple(versions[d.id] for d in chain if d.id in versions)
    if all(version.value is None for version in ordered):
        raise node.error(f"Tham số “{name}” không có giá trị nào.", "Thêm ít nhất một dòng có value.")
    return Parameter(
        name=name,
        title=keys["title"].text(),
        unit=unit,
        series=series,
        from_event=keys.read("from_event", Node.text),
        versions=ordered,
        chain=tuple(chain),
        note=keys.read("note", Node.text),
        file=node.file,
        line=node.line,
        reference=keys.read("reference", Node.text),
    )


def read_parameters(nodes: Iterable[Node], documents: dict[str, Document]) -> dict[str, Parameter]:
    """Read parameters; raises `LawFileError` for a name given twice."""
    parameters: dict[str, Parameter] = {}
    for node in nodes:
        parameter = _parameter(node, documents)
        if parameter.name in parameters:
            raise node.error(f"Tham số “{parameter.name}” khai báo hai lần.", "Mỗi tham số một mục.")
        parameters[parameter.name] = parameter
    return parameters


def load_parameters(place: Path, documents: dict[str, Document]) -> dict[str, Parameter]:
    """Read the parameters of a file, or of all files of a folder."""
    return read_parameters((node for file in files(place) for node in entries(file)), documents)


def forced(parameter: Parameter, day: dt.date) -> Parameter:
    """The parameter as if the version in force on `day` had always been in force (``--law``)."""
    entry = parameter.at(day)
    return replace(parameter, instead=(replace(entry, begins=dt.date.min),))


def require_day(law: Law, day: dt.date) -> None:
    """Refuse a day on which none of the documents was in force; raises `BadQuestion`."""
    if day < law.first_day:
        raise BadQuestion(
            f"Không có văn bản nào để xét theo ngày {shown_day(day)}: văn bản đầu tiên mà chương trình có là "
            f"{law.series('statute')[0].title}, có hiệu lực từ {shown_day(law.first_day)}. Chọn ngày ấy hoặc ngày sau."
        )


@cache
def load(place: Path = HERE) -> Law:
    """Read all documents and parameters; raises `LawFileError` with file and line."""
    return kept("law", Law, lambda: _read(HERE), shared=(Document, Version)) if place == HERE else _read(place)


def _read(place: Path) -> Law:
    documents = load_documents(place / "documents.yaml")
    split = place / "parameters"
    return Law(documents, load_parameters(split if split.is_dir() else place / "parameters.yaml", documents))
