"""Drawing the pictures of the overview: bars that are told apart by hatching, so that a copy in black and white reads.

Letters are drawn as shapes of the shipped font: the same picture on every machine, and the same bytes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from reports.lists.overview import Picture
from rules.loader.errors import StoreProblem

FONT = Path(__file__).parents[1] / "fonts" / "LiberationSerif-Regular.ttf"
FAMILY = "dubi"
"""What our file is called among the machine's fonts: one of theirs may have its real name and lack our letters."""
FILLS = (("#303030", ""), ("#c8c8c8", "///"), ("#8a8a8a", "..."), ("#ffffff", "xxx"), ("#dddddd", "---"))
"""Grey and hatching of each series."""
ALONE = ("#b4b4b4", "")
"""A series by itself: light enough that the stroke of a target shows on it."""
WIDTH = 7.2
"""Inches: the width of the text of an A4 page."""
LABEL, NARROW = 34, 9
"""Letters in a line of a label: beside a lying bar, and under a standing one."""


def svg(picture: Picture) -> str:
    """A picture as SVG; raises `StoreProblem` where the plotting library is not installed."""
    text = drawn((picture,), "svg").decode("utf-8")
    return text[text.index("<svg") :]


def drawn(pictures: Sequence[Picture], kind: str) -> bytes:
    """Pictures under each other as one file, `svg` or `png`; raises `StoreProblem` as `svg` does."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
        from matplotlib.font_manager import FontEntry, fontManager
    except ImportError:
        raise StoreProblem("Máy này chưa có phần vẽ biểu đồ. Xem cách thêm bằng lệnh: dubi doctor --all") from None
    if all(font.name != FAMILY for font in fontManager.ttflist):
        fontManager.ttflist.append(FontEntry(fname=str(FONT), name=FAMILY))
    style: Any = {
        "font.family": FAMILY,
        "font.size": 10,
        "svg.fonttype": "path",
        "text.parse_math": False,
        "svg.hashsalt": "dubi",
        "hatch.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with mpl.rc_context(style):
        heights = [_height(picture) for picture in pictures]
        figure = Figure(figsize=(WIDTH, sum(heights)), layout="constrained", dpi=150)
        axes = figure.subplots(len(pictures), squeeze=False, height_ratios=heights)
        for picture, (place,) in zip(pictures, axes, strict=True):
            _draw(place, picture)
        out = BytesIO()
        named = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(out, format=kind, metadata=named)
    return out.getvalue()


def _height(picture: Picture) -> float:
    """Inches: names take a line each, more where their bars stand side by side."""
    if not picture.across:
        return 2.9
    bars = 1 if picture.stacked else max(len(picture.series), 1)
    lines = max((len(textwrap.wrap(label, LABEL)) for label in picture.labels), default=1)
    return max(2.2, max(0.32 + 0.16 * (bars - 1), 0.17 * lines + 0.06) * len(picture.labels) + 0.9)


def _draw(axes: Any, picture: Picture) -> None:
    places = list(range(len(picture.labels)))
    count = 1 if picture.stacked else max(len(picture.series), 1)
    thick = 0.8 / count
    base = [0] * len(places)
    for number, series in enumerate(picture.series):
        colour, hatch = FILLS[number % len(FILLS)] if len(picture.series) > 1 else ALONE
        shift = 0 if picture.stacked else (number - (count - 1) / 2) * thick
        at = [place + shift for place in places]
        look = {"color": colour, "edgecolor": "black", "linewidth": 0.6, "hatch": hatch, "label": series.name}
        if picture.across:
            bars = axes.barh(at, series.values, height=thick, left=base if picture.stacked else None, **look)
        else:
            bars = axes.bar(at, series.values, width=thick, bottom=base if picture.stacked else None, **look)
        if not picture.stacked:
            labels = [str(value) if value else "" for value in series.values]
            axes.bar_label(bars, labels, padding=2, fontsize=8 if len(places) > 16 else 9)
        base = [low + value for low, value in zip(base, series.values, strict=True)]
    if picture.stacked and picture.across:
        for place, value in zip(places, base, strict=True):
            axes.annotate(
                str(value), (value, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=9
            )
    _aims(axes, picture, places)
    _axes(axes, picture, places)


def _aims(axes: Any, picture: Picture, places: list[int]) -> None:
    """A stroke where the target lies."""
    for place, aim in zip(places, picture.aims, strict=False):
        if aim is not None:
            axes.plot([aim, aim], [place - 0.42, place + 0.42], color="black", linewidth=2.4)


def _axes(axes: Any, picture: Picture, places: list[int]) -> None:
    axes.set_title(picture.title, fontsize=11.5, loc="left")
    labels = [textwrap.fill(label, LABEL) for label in picture.labels]
    if picture.across:
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.xaxis.get_major_locator().set_params(integer=True)
    else:
        crowded = len(labels) > 12
        labels = list(picture.labels) if crowded else [textwrap.fill(label, NARROW) for label in picture.labels]
        axes.set_xticks(places, labels, rotation=60 if crowded else 0, ha="right" if crowded else "center", fontsize=9)
        axes.yaxis.get_major_locator().set_params(integer=True)
    axes.margins(x=0.08 if picture.across else 0.02, y=0.02 if picture.across else 0.12)
    if len(picture.series) > 1:
        axes.legend(frameon=False, fontsize=9)
