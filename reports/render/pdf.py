"""Forms as PDF and drawings as PNG, set by Typst in a font that ships with the program, as wide as Times New Roman."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from cases.values.whole_file import whole_file
from reports.forms.model import APART, ROOM, Report, Slots, Table
from reports.render.typst_text import stacked, table, text
from rules.loader.errors import StoreProblem

FONTS = Path(__file__).parents[1] / "fonts"
FONT = "Liberation Serif"
DOTS = 150
"""To the inch, in pictures made of dots."""
MADE = int(dt.datetime(2000, 1, 1, tzinfo=dt.UTC).timestamp())
"""The day written into every file, so that the same form gives the same bytes."""


def write(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write a form as .pdf; raises `StoreProblem` where Typst is not installed."""
    with whole_file(path, suffix=".pdf", replace=replace) as draft:
        draft.write_bytes(set_in_type(source(report)))


def set_in_type(typst_source: str) -> bytes:
    """The pages of a Typst source."""
    return _compiled(
        typst_source,
        "pdf",
        "Máy này chưa có phần xuất PDF. Dùng --docx, hoặc xem cách thêm bằng lệnh: dubi doctor --all",
    )


def in_dots(drawing: str) -> bytes:
    """An SVG as PNG; raises `StoreProblem` where Typst is not installed."""
    return _compiled(
        f"#set page(width: auto, height: auto, margin: 8pt)\n{image(drawing, width='auto')}",
        "png",
        "Máy này chưa có phần vẽ hình .png. Ghi tên tệp .svg, hoặc xem cách thêm bằng lệnh: dubi doctor --all",
    )


def _compiled(typst_source: str, kind: Literal["pdf", "png"], absent: str) -> bytes:
    try:
        import typst
    except ImportError:
        raise StoreProblem(absent) from None
    compiler = typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
    pages = compiler.compile(typst_source.encode(), format=kind, ppi=DOTS, timestamp=MADE)
    assert isinstance(pages, bytes)
    return pages


def image(drawing: str, width: str = "100%") -> str:
    """An SVG in Typst's notation."""
    escaped = drawing.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'#image(bytes("{escaped}"), format: "svg", width: {width})'


def preamble(title: str, *, landscape: bool) -> str:
    """Page, font and language of every paper."""
    return "\n".join(
        [
            f'#set document(title: "{text(title)}", date: none)',
            f'#set page(paper: "a4", flipped: {str(landscape).lower()}, margin: (left: 2.2cm, right: 1.6cm, y: 1.8cm),',
            '  footer: context align(center, text(size: 9pt, counter(page).display("1"))))',
            f'#set text(font: "{FONT}", size: {"10pt" if landscape else "12pt"}, lang: "vi", hyphenate: false)',
            "#set par(leading: 0.5em)",
        ]
    )


def source(report: Report) -> str:
    """The form in Typst's notation."""
    parts = [preamble(report.label, landscape=report.landscape), heading(report)]
    for block in report.blocks:
        if isinstance(block, Table):
            size = max(6.2, 10.5 - 0.16 * len(block.columns)) if report.landscape else 11
            parts.append(f"#[#set text(size: {size:.1f}pt)\n{table(block)}\n]")
        else:
            parts.append(_slots(block))
    parts.append(_notes(report))
    parts.append(_signatures(report))
    if report.apart:
        said = "\n\n".join(text(note) for note in report.apart)
        parts.append(f"#pagebreak()\n#align(center)[*{text(APART)}*]\n\n#[#set text(size: 0.85em)\n{said}\n]")
    return "\n\n".join(parts) + "\n"


def heading(report: Report) -> str:
    """The national heading, the title and what stands under it."""
    left = [text(line) for line in report.left[:-1]] + [f"*{text(line)}*" for line in report.left[-1:]]
    right = [f"*{text(line)}*" for line in report.right]
    if report.place_line:
        right.append(f"_{text(report.place_line)}_")
    lines = [f"#align(right)[_{text(report.corner)}_]"] if report.corner else []
    lines.append(f"#grid(columns: (1fr, 1.25fr), align: center, [{stacked(left)}], [{stacked(right)}])")
    title = stacked(f'#text(size: 14pt, weight: "bold")[{text(line)}]' for line in report.title)
    subtitle = stacked(f"_{text(line)}_" for line in report.subtitle)
    lines.append(f"#v(0.6em)\n#align(center)[{title}{' ' + chr(92) + ' ' + subtitle if subtitle else ''}]\n#v(0.4em)")
    return "\n".join(lines)


def _slots(block: Slots) -> str:
    parts = []
    for slot in block.slots:
        if slot.section:
            parts.append(f"#block(above: 1em, sticky: true)[*{text(slot.section)}*]")
        parts.append(
            f'#block(breakable: false)[#text(size: 0.85em, style: "italic", fill: luma(70))'
            f"[{text(slot.asked)}] \\ {text(slot.sentence)}]"
        )
    return "\n".join(parts)


def _notes(report: Report) -> str:
    lines = "\n\n".join(text(note) for note in report.under)
    return f'#[#set text(size: 0.85em, style: "italic")\n#set par(spacing: 0.55em)\n{lines}\n]'


def _signatures(report: Report) -> str:
    if not report.signatures:
        return ""
    blocks = []
    for block in report.signatures:
        lines = [f"_{text(block.above)}_"] if block.above else []
        if any(other.above for other in report.signatures) and not block.above:
            lines.append("~")
        lines += [f"*{text(line)}*" for line in block.title]
        if block.note:
            lines += [f"#text(size: 0.85em)[_{text(line)}_]" for line in block.note.split("\n")]
        if block.name:
            lines += [*["~"] * ROOM, f"*{text(block.name)}*"]
        blocks.append(f"[{stacked(lines)}]")
    columns = ", ".join(["1fr"] * max(len(blocks), 2))
    if len(blocks) == 1:
        blocks.insert(0, "[]")
    return (
        f"#v(1em)\n#block(breakable: false)[#grid(columns: ({columns}), align: center, {', '.join(blocks)})\n#v(5em)]"
    )
