"""The overview as a page for the browser and as PDF: a line of numbers, then the pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape
from pathlib import Path

from cases.values.whole_file import whole_file
from reports.lists.charts import svg
from reports.lists.overview import Overview, Picture
from reports.render.pdf import image, preamble, set_in_type
from reports.render.typst_text import text

STYLE = """
body { font: 12pt "Times New Roman", "Liberation Serif", Tinos, serif; }
body { max-width: 52em; margin: 1.5em auto; padding: 0 1em; }
h1 { font-size: 14pt; text-align: center; margin-bottom: 0; } .subtitle { text-align: center; font-style: italic; }
dl { display: flex; flex-wrap: wrap; gap: .6em; } dl div { flex: 1 1 11em; border: 1px solid #000; padding: .3em .6em; }
dt { font-size: 85%; } dd { margin: 0; font-size: 18pt; font-weight: bold; }
figure { margin: 1.2em 0; break-inside: avoid; } svg { width: 100%; height: auto; }
figcaption, .note { font-style: italic; font-size: 90%; } table { border-collapse: collapse; font-size: 90%; }
th, td { border: 1px solid #000; padding: 1px 5px; } td + td { text-align: right; }
@media print { @page { size: A4; margin: 1.8cm 1.6cm 1.8cm 2.2cm; } body { margin: 0; padding: 0; }
details { display: none; } }
"""
NOTHING = "không có số liệu"


def write_html(overview: Overview, path: Path, *, replace: bool = False) -> None:
    """Write the overview as one .html file."""
    with whole_file(path, suffix=".html", replace=replace) as draft:
        draft.write_text(page(overview), encoding="utf-8")


def page(overview: Overview) -> str:
    """The whole page."""
    head = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">\n'
        f"<title>{escape(overview.title)}</title><style>{STYLE}</style></head><body>\n"
    )
    return f"{head}{body(overview)}</body></html>\n"


def body(overview: Overview, *, within: bool = False) -> str:
    """What stands on the page, without a style of its own; under each picture its numbers, for who does not see it.

    Within a page that has a heading the title is one below it, and the pictures bring their style within themselves: a
    page that lets in no style of others shows them.
    """
    title = escape(overview.title)
    parts = [
        f'<h2 class="title">{title}</h2>' if within else f"<h1>{title}</h1>",
        f'<p class="subtitle">{escape(overview.subtitle)}</p><dl>',
        *(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in overview.numbers),
        "</dl>",
    ]
    for picture in overview.pictures:
        parts += _figure(picture, _image if within else _drawn)
    return "\n".join([*parts, f'<p class="note">{escape(overview.note)}</p>'])


def _drawn(picture: Picture) -> str:
    return svg([picture]).replace("<svg ", f'<svg role="img" aria-label="{escape(picture.title)}" ', 1)


def _image(picture: Picture) -> str:
    content = b64encode(svg([picture]).encode()).decode()
    return f'<img alt="{escape(picture.title)}" src="data:image/svg+xml;base64,{content}">'


def _figure(picture: Picture, draw: Callable[[Picture], str]) -> list[str]:
    if picture.empty:
        return [f"<p>{escape(picture.title)}: {NOTHING}.</p>"]
    caption = f"<figcaption>{escape(picture.note)}</figcaption>" if picture.note else ""
    return [
        "<figure>",
        draw(picture),
        caption,
        "<details><summary>Số liệu của hình</summary>",
        *_numbers(picture),
        "</details></figure>",
    ]


def _numbers(picture: Picture) -> list[str]:
    aims = [("Chỉ tiêu", picture.aims)] if picture.aims else []
    columns = [*((series.name, series.values) for series in picture.series), *aims]
    rows = [f"<tr><td></td>{''.join(f'<th>{escape(name)}</th>' for name, _ in columns)}</tr>"]
    for place, label in enumerate(picture.labels):
        cells = "".join(f"<td>{values[place] if values[place] is not None else ''}</td>" for _, values in columns)
        rows.append(f"<tr><td>{escape(label)}</td>{cells}</tr>")
    return ["<table>", *rows, "</table>"]


def write_pdf(overview: Overview, path: Path, *, replace: bool = False) -> None:
    """Write the overview as .pdf."""
    with whole_file(path, suffix=".pdf", replace=replace) as draft:
        draft.write_bytes(set_in_type(source(overview)))


def source(overview: Overview) -> str:
    """The overview in Typst's notation; the pictures are in it."""
    boxes = ", ".join(_box(label, value) for label, value in overview.numbers)
    parts = [
        preamble(overview.title, landscape=False),
        f'#align(center)[#text(size: 14pt, weight: "bold")[{text(overview.title)}] \\ _{text(overview.subtitle)}_]',
        f"#grid(columns: (1fr, 1fr, 1fr), gutter: 5pt, {boxes})",
    ]
    for picture in overview.pictures:
        if picture.empty:
            parts.append(f"{text(picture.title)}: {NOTHING}.")
            continue
        parts.append(f"#block(breakable: false)[{image(svg([picture]))}]")
        if picture.note:
            parts.append(f"_{text(picture.note)}_")
    parts.append(f"#text(size: 9pt)[_{text(overview.note)}_]")
    return "\n\n".join(parts) + "\n"


def _box(label: str, value: str) -> str:
    number = f'#text(size: 15pt, weight: "bold")[{text(value)}]'
    return f"[#box(stroke: 0.5pt, inset: 5pt, width: 100%)[#text(size: 9pt)[{text(label)}] \\ {number}]]"
