"""A filled form as a page for the browser: one file, nothing fetched, printable on A4."""

from __future__ import annotations

from html import escape
from pathlib import Path

from cases.values.whole_file import whole_file
from reports.forms.headings import head_cells, head_rows
from reports.forms.model import APART, ROOM, Report, ReportLine, Slots, Table
from reports.forms.numbers import cell_text

STYLE = """
body { font: 12pt "Times New Roman", "Liberation Serif", Tinos, serif; }
body { max-width: 60em; margin: 1.5em auto; padding: 0 1em; }
header { display: flex; justify-content: space-between; text-align: center; }
header div { flex: 1; }
.corner { text-align: right; font-style: italic; }
h1 { font-size: 14pt; text-align: center; margin: 1em 0 0; }
.subtitle { text-align: center; font-style: italic; margin: 0 0 1em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1em; }
th, td { border: 1px solid #000; padding: 2px 4px; vertical-align: middle; }
th.number { font-weight: normal; font-style: italic; font-size: 90%; }
td.right { text-align: right; white-space: nowrap; } td.center { text-align: center; } td.left { text-align: left; }
tr.heading td, tr.total td, tr.group td { font-weight: bold; }
td.indent-1 { padding-left: 1.4em; } td.indent-2 { padding-left: 2.4em; } td.indent-3 { padding-left: 3.4em; }
h2 { font-size: 12pt; margin: 1em 0 .2em; } h3 { font-size: 11pt; margin: .8em 0 .2em; }
.asked { font-style: italic; color: #444; font-size: 90%; margin: .6em 0 0; } .sentence { margin: 0; }
.notes { font-style: italic; font-size: 90%; } .notes p { margin: .2em 0; }
.apart { break-before: page; margin-top: 2em; font-size: 90%; }
footer { display: flex; text-align: center; margin-top: 1.5em; min-height: 8em; } footer div { flex: 1; }
@media print { @page { size: A4; margin: 1.8cm 1.6cm 1.8cm 2.2cm; } body { margin: 0; max-width: none; padding: 0; }
thead { display: table-header-group; } tr { break-inside: avoid; }
.wide { overflow: visible; } details { display: none; } }
"""


def write(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write a form as .html."""
    with whole_file(path, suffix=".html", replace=replace) as draft:
        draft.write_text(page(report), encoding="utf-8")


def page(report: Report) -> str:
    """The whole page."""
    style = STYLE.replace("size: A4;", "size: A4 landscape;") if report.landscape else STYLE
    parts = [
        "<!doctype html>",
        f'<html lang="vi"><head><meta charset="utf-8"><title>{escape(report.label)}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{style}</style></head><body>",
        body(report),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def body(report: Report, *, within: bool = False) -> str:
    """What stands on the page, without the page; within a page that has a heading the title is one below it."""
    parts = _heading(report, '<h2 class="title">{}</h2>' if within else "<h1>{}</h1>")
    for block in report.blocks:
        parts += _table(block) if isinstance(block, Table) else _slots(block)
    parts.append('<div class="notes">')
    parts += [f"<p>{escape(note)}</p>" for note in report.under]
    parts.append("</div>")
    parts += _signatures(report)
    if report.apart:
        parts += [f'<section class="apart"><h2>{APART}</h2>', *(f"<p>{escape(note)}</p>" for note in report.apart)]
        parts.append("</section>")
    parts += _people(report)
    return "\n".join(parts)


def _lines(texts: list[str]) -> str:
    return "<br>".join(texts)


def _heading(report: Report, title: str) -> list[str]:
    left = [escape(text) for text in report.left[:-1]] + [f"<b>{escape(text)}</b>" for text in report.left[-1:]]
    right = [f"<b>{escape(text)}</b>" for text in report.right]
    if report.place_line:
        right.append(f"<i>{escape(report.place_line)}</i>")
    return [
        *([f'<p class="corner">{escape(report.corner)}</p>'] if report.corner else []),
        f"<header><div>{_lines(left)}</div><div>{_lines(right)}</div></header>",
        title.format(_lines([escape(text) for text in report.title])),
        f'<p class="subtitle">{_lines([escape(text) for text in report.subtitle])}</p>',
    ]


def _table(block: Table) -> list[str]:
    parts = ['<div class="wide" tabindex="0"><table><thead>']
    cells = head_cells(block)
    for row in range(head_rows(block)):
        parts.append("<tr>")
        for cell in cells:
            if cell.row == row:
                reach = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
                reach += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
                kind = ' class="number"' if cell.numbers else ' scope="col"'
                parts.append(f"<th{kind}{reach}>{escape(cell.text)}</th>")
        parts.append("</tr>")
    parts.append("</thead><tbody>")
    parts += [_row(block, line) for line in block.lines]
    parts.append("</tbody></table></div>")
    return parts


def _row(block: Table, line: ReportLine) -> str:
    if line.kind == "group":
        text = escape(cell_text(line.cells[0]))
        return f'<tr class="group"><td class="left" colspan="{len(block.columns)}">{text}</td></tr>'
    cells = []
    for place, (column, cell) in enumerate(zip(block.columns, line.cells, strict=True)):
        indent = f" indent-{line.indent}" if place == 0 and line.indent else ""
        cells.append(f'<td class="{column.align}{indent}">{escape(cell_text(cell)).replace(chr(10), "<br>")}</td>')
    return f'<tr class="{line.kind}">{"".join(cells)}</tr>'


def _slots(block: Slots) -> list[str]:
    parts = []
    for slot in block.slots:
        if slot.section:
            parts.append(f"<h2>{escape(slot.section)}</h2>")
        parts.append(f'<p class="asked">{escape(slot.asked)}</p>')
        parts.append(f'<p class="sentence">{escape(slot.sentence)}</p>')
    return parts


def _signatures(report: Report) -> list[str]:
    blocks = []
    for block in report.signatures:
        above = f"<i>{escape(block.above)}</i><br>" if block.above else ""
        said = "<br>".join(escape(line) for line in block.note.split("\n")) if block.note else ""
        note = f"<br><small><i>{said}</i></small>" if said else ""
        note += f"{'<br>' * (ROOM + 1)}<b>{escape(block.name)}</b>" if block.name else ""
        blocks.append(f"<div>{above}<b>{_lines([escape(text) for text in block.title])}</b>{note}</div>")
    return [f"<footer>{''.join(blocks)}</footer>"] if blocks else []


def _people(report: Report) -> list[str]:
    """The lists behind the figures, folded, and not printed."""
    if not report.people:
        return []
    parts = ["<details><summary>Danh sách đứng sau các số liệu</summary>"]
    for people in report.people:
        held = " (không in tên: thông tin nhạy cảm)" if people.withheld else ""
        parts.append(f"<h3>{escape(people.label)}: {escape(people.count)}{held}</h3><ol>")
        parts += [f"<li>{escape(name)} – {escape(code)} – {escape(unit)}</li>" for code, name, unit in people.rows]
        parts.append("</ol>")
    parts.append("</details>")
    return parts
