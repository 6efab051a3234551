"""Drawing the pictures of the overview as SVG: bars told apart by hatching, so that a copy in black and white reads.

The drawing is ours, written in text: the same figures give the same bytes, and a reader can search and hear the words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape

from reports.lists.overview import Picture

FONTS = "'Liberation Serif', 'Times New Roman', Tinos, serif"
"""The shipped face and those of its widths that machines have."""
FILLS = (("#303030", ""), ("#c8c8c8", "///"), ("#8a8a8a", "..."), ("#ffffff", "xxx"), ("#dddddd", "---"))
"""Grey and hatching of each series."""
ALONE = ("#b4b4b4", "")
"""A series by itself: light enough that the stroke of a target shows on it."""
HATCHES = {
    "///": '<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" stroke="#000" stroke-width=".7"/>',
    "...": '<circle cx="3" cy="3" r="1" fill="#000"/>',
    "xxx": '<path d="M0 0L6 6M0 6L6 0" stroke="#000" stroke-width=".6"/>',
    "---": '<path d="M0 3L6 3" stroke="#000" stroke-width=".7"/>',
}
WIDTH = 518.0
"""Points: the width of the text of an A4 page."""
STANDING = 150.0
"""How high the tallest of the standing bars is."""
TITLE, SMALL = 11.5, 9.0
LETTER = 0.5
"""How wide a letter is taken to be, in parts of its height."""
LABEL, NARROW, CROWDED = 34, 9, 12
"""Letters in a line beside a lying bar and under a standing one; names of more standing bars than that slant."""
TICKS = 6


def svg(pictures: Sequence[Picture]) -> str:
    """Pictures under each other as one SVG."""
    parts, top = list[str](), 0.0
    for picture in pictures:
        drawn = _Drawing(picture)
        parts.append(f'<g transform="translate(0 {_n(top)})">{"".join(drawn.parts)}</g>')
        top += drawn.height
    size = f'viewBox="0 0 {_n(WIDTH)} {_n(top)}" width="{_n(WIDTH)}pt" height="{_n(top)}pt"'
    face = f'font-family="{FONTS}" font-size="{_n(SMALL)}" fill="#000"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {face}>{"".join(parts)}</svg>\n'


@dataclass(slots=True)
class _Drawing:
    """One picture: its elements, and how high they stand together."""

    picture: Picture
    parts: list[str] = field(default_factory=list)
    height: float = 0.0

    def __post_init__(self) -> None:
        picture = self.picture
        self.parts.append(f"<defs>{''.join(self._patterns())}</defs>")
        self._text(0, 14, picture.title, size=TITLE)
        self._legend()
        sums = [sum(values) for values in zip(*(series.values for series in picture.series), strict=True)]
        tops = sums if picture.stacked else [value for series in picture.series for value in series.values]
        most = max([1, *tops, *(aim for aim in picture.aims if aim is not None)])
        (self._lying if picture.across else self._standing)(most)

    def _patterns(self) -> Iterator[str]:
        for number, (_, hatch) in enumerate(self._fills()):
            if hatch:
                size = 'width="6" height="6" patternUnits="userSpaceOnUse"'
                yield f'<pattern id="{self._name(number)}" {size}>{HATCHES[hatch]}</pattern>'

    def _fills(self) -> Sequence[tuple[str, str]]:
        """Grey and hatching of each series of this picture."""
        count = len(self.picture.series)
        return [FILLS[number % len(FILLS)] for number in range(count)] if count > 1 else [ALONE] * count

    def _name(self, number: int) -> str:
        """A pattern's name, which no other picture on a page has."""
        return f"n{sha256(repr(self.picture).encode()).hexdigest()[:10]}-{number}"

    def _legend(self) -> None:
        self.height, across = 22.0, 0.0
        if len(self.picture.series) < 2:
            return
        for number, series in enumerate(self.picture.series):
            wide = 22 + _width(series.name, SMALL)
            if across and across + wide > WIDTH:
                across, self.height = 0.0, self.height + 13
            self._bar(across, self.height, 12, 8, number)
            self._text(across + 16, self.height + 7.5, series.name)
            across += wide
        self.height += 16

    def _lying(self, most: int) -> None:
        """Bars from left to right, the names before them."""
        picture, named = self.picture, [textwrap.wrap(label, LABEL) or [""] for label in self.picture.labels]
        side = 1 if picture.stacked else max(len(picture.series), 1)
        left = min(0.36 * WIDTH, max(_width(line, SMALL) for lines in named for line in lines)) + 8
        top, scale = self.height, (WIDTH - left - 40) / most
        rows = [max(9.0 * side + 8, 10.5 * len(lines) + 6) for lines in named]
        bottom = top + sum(rows)
        self._ticks(most, lambda value: left + value * scale, top, bottom)
        for place, (lines, row) in enumerate(zip(named, rows, strict=True)):
            first = top + row / 2 - 5.25 * (len(lines) - 1) + 3
            for number, line in enumerate(lines):
                self._text(left - 5, first + 10.5 * number, line, anchor="end")
            begun, thick = 0, (row - 6) / side
            for number, series in enumerate(picture.series):
                value = series.values[place]
                upper = top + 3 + (0 if picture.stacked else number * thick)
                self._bar(left + begun * scale, upper, value * scale, thick, number)
                if picture.stacked:
                    begun += value
                elif value:
                    self._text(left + value * scale + 3, upper + thick / 2 + 3, str(value))
            if picture.stacked:
                self._text(left + begun * scale + 3, top + row / 2 + 3, str(begun))
            aim = picture.aims[place] if place < len(picture.aims) else None
            if aim is not None:
                self._line(left + aim * scale, top + 1, left + aim * scale, top + row - 1, wide=2.4)
            top += row
        self._line(left, self.height, left, bottom)
        self.height = bottom + 22

    def _standing(self, most: int) -> None:
        """Bars from below, the names under them."""
        picture, top = self.picture, self.height + 10
        left, bottom = _width(str(most), SMALL) + 10, top + STANDING
        scale, column = STANDING / most, (WIDTH - left - 4) / max(len(picture.labels), 1)
        for value in _round_numbers(most):
            self._line(left - 3, bottom - value * scale, left, bottom - value * scale)
            self._text(left - 5, bottom - value * scale + 3, str(value), anchor="end")
        side = 1 if picture.stacked else max(len(picture.series), 1)
        thick = 0.8 * column / side
        size = SMALL if 2 * thick > SMALL else SMALL - 2
        for place, label in enumerate(picture.labels):
            start, begun = left + (place + 0.1) * column, 0
            for number, series in enumerate(picture.series):
                value = series.values[place]
                across = start + (0 if picture.stacked else number * thick)
                self._bar(across, bottom - (begun + value) * scale, thick, value * scale, number)
                if picture.stacked:
                    begun += value
                elif value:
                    self._text(across + thick / 2, bottom - value * scale - 3, str(value), anchor="middle", size=size)
            self._under(left + (place + 0.5) * column, bottom + 11, label)
        self._line(left, top, left, bottom)
        self._line(left, bottom, WIDTH, bottom)
        self.height = bottom + self._room_under()

    def _under(self, middle: float, top: float, label: str) -> None:
        """The name under a standing bar."""
        if len(self.picture.labels) > CROWDED:
            self._text(middle + 3, top, label, anchor="end", turned=-60)
            return
        for number, line in enumerate(textwrap.wrap(label, NARROW)):
            self._text(middle, top + 10.5 * number, line, anchor="middle")

    def _room_under(self) -> float:
        labels = self.picture.labels
        if len(labels) > CROWDED:
            return 16 + 0.87 * max(_width(label, SMALL) for label in labels)
        return 16 + 10.5 * max((len(textwrap.wrap(label, NARROW)) for label in labels), default=1)

    def _ticks(self, most: int, at: Callable[[float], float], top: float, bottom: float) -> None:
        """The scale under lying bars."""
        for value in _round_numbers(most):
            self._line(at(value), top, at(value), bottom + 3, colour="#bbb" if value else "#000")
            self._text(at(value), bottom + 12, str(value), anchor="middle")

    def _bar(self, left: float, top: float, width: float, height: float, number: int) -> None:
        if not width or not height:
            return
        place = f'x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}"'
        colour, hatch = self._fills()[number]
        self.parts.append(f'<rect {place} fill="{colour}" stroke="#000" stroke-width=".6"/>')
        if hatch:  # over the grey, not in it: seams between the tiles of a pattern would show
            self.parts.append(f'<rect {place} fill="url(#{self._name(number)})"/>')

    def _line(self, x: float, y: float, to_x: float, to_y: float, wide: float = 0.7, colour: str = "#000") -> None:
        place = f'd="M{_n(x)} {_n(y)}L{_n(to_x)} {_n(to_y)}"'
        self.parts.append(f'<path {place} stroke="{colour}" stroke-width="{_n(wide)}"/>')

    def _text(
        self, x: float, y: float, said: str, *, size: float = SMALL, anchor: str = "start", turned: int = 0
    ) -> None:
        place = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}"'
        turn = f' transform="rotate({turned} {_n(x)} {_n(y)})"' if turned else ""
        self.parts.append(f"<text {place}{turn}>{escape(said, quote=False)}</text>")


def _round_numbers(most: int) -> range:
    """The numbers of a scale from nought on: whole, round, and few."""
    step = next(
        digit * 10**power
        for power in range(len(str(most)) + 1)
        for digit in (1, 2, 5)
        if most <= digit * 10**power * TICKS
    )
    return range(0, most + 1, step)


def _width(said: str, size: float) -> float:
    """About how wide a text is, in points."""
    return LETTER * size * len(said)


def _n(number: float) -> str:
    """A number as it stands in an SVG: two decimals at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
