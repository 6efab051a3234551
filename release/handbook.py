"""The handbook as the desk shows it, made from docs/so-tay: `make docs` writes web/handbook.json anew.

Markdown is read by markdown-it-py, which the command line brings with it; the desk itself reads only what comes out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "docs" / "so-tay"
MADE = ROOT / "web" / "handbook.json"


def handbook() -> str:
    """Every task by its name: its title, and its text as HTML with pictures by their place among the static files."""
    tasks = {}
    for file in sorted(SOURCES.glob("[0-9]*.md")):
        heading, _, text = file.read_text(encoding="utf-8").partition("\n")
        html = MarkdownIt().render(text).replace('src="../../web/static/', 'src="')
        tasks[file.stem] = {
            "title": re.sub(r"^# \d+\. ", "", heading),
            "html": re.sub(r'href="([\w-]+)\.md"', r'href="/so-tay/\1"', html),
        }
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    MADE.write_text(handbook(), encoding="utf-8")
