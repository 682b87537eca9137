"""Rows of the ladder as they are written: texts of fixed decimals and width, bars in whole pixels. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from widgets import format as fmt
from widgets.orderbook.model import Row

MIN_BAR = 1  # px: a level is there, however small
PERCENT = "+0.00%"  # the least room for it


class Scale(NamedTuple):
    """What decides how the numbers of one book are written."""

    tick: float = 1.0  # price step: the decimals of prices, quote currency
    places: int = 4  # decimals of sizes
    level: float = 0.0  # price grouping, quote currency; 0 is none
    prev_close: float = 0.0  # prices above and below it differ in colour; 0 if not known


class Cell(NamedTuple):
    """One line as it stands on screen. Texts are filled up with blanks to the widest of their column."""

    price_value: float  # quote currency
    size_value: float  # base currency
    total_value: float  # base currency; 0 where totals are not shown
    is_ask: bool
    size_px: int  # length of the bar
    total_px: int
    tone: int  # of the price against the previous close: -1, 0, 1
    is_last: bool  # the last trade took place here
    size: str
    price: str
    percent: str
    total: str


class Widest(NamedTuple):
    """The longest text seen in each column."""

    size: str = ""
    price: str = ""
    percent: str = PERCENT
    total: str = ""


class Writer:
    """Writes rows. Columns grow to the longest text seen and never shrink by themselves, so that no number jumps."""

    def __init__(self) -> None:
        self.scale = Scale()
        self.widest = Widest()

    def begin(self, scale: Scale) -> None:
        """Write by another scale; the widths begin anew."""
        self.scale, self.widest = scale, Widest()

    def write(
        self, rows: Sequence[Row | None], before: Sequence[Cell | None], bar: int, last: Row | None, has_totals: bool
    ) -> list[Cell | None]:
        """Return a cell a row. Where a line says the same as `before` it is the same object.

        Args:
            before: what this returned for the same lines last time, by the same scale; may be of another length.
            bar: px of the longest bar.
            last: the row of the last trade.
            has_totals: write the cumulative sizes as well.
        """
        cells = self._write(rows, before, bar, last, has_totals)
        widest = self._widest(cells)
        if widest != self.widest:
            self.widest = widest
            cells = self._write(rows, (), bar, last, has_totals)
        return cells

    def _write(
        self, rows: Sequence[Row | None], before: Sequence[Cell | None], bar: int, last: Row | None, has_totals: bool
    ) -> list[Cell | None]:
        tick, places, _, close = self.scale
        size_width, price_width, percent_width, total_width = map(len, self.widest)
        old: Sequence[Cell | None] = before if len(before) == len(rows) else [None] * len(rows)
        cells: list[Cell | None] = []
        for row, was in zip(rows, old, strict=True):
            if row is None:
                cells.append(None)
                continue
            price, size, is_ask, share, total, total_share = row
            size_px = max(int(share * bar), MIN_BAR)
            total_px = 0
            if has_totals:
                total_px = int(total_share * bar)
            else:
                total = 0.0
            tone = (price > close) - (price < close) if close else 0
            key = (price, size, total, is_ask, size_px, total_px, tone, row is last)
            if was is None:
                cells.append(
                    Cell(
                        *key,
                        fmt.size(size, places).rjust(size_width),
                        fmt.price(price, tick).rjust(price_width),
                        (fmt.percent(price / close - 1) if close else "").rjust(percent_width),
                        (fmt.size(total, places) if has_totals else "").rjust(total_width),
                    )
                )
            elif was[:8] == key:
                cells.append(was)
            else:
                is_same = was.price_value == price
                cells.append(
                    Cell(
                        *key,
                        was.size if was.size_value == size else fmt.size(size, places).rjust(size_width),
                        was.price if is_same else fmt.price(price, tick).rjust(price_width),
                        was.percent
                        if is_same
                        else (fmt.percent(price / close - 1) if close else "").rjust(percent_width),
                        (fmt.size(total, places) if has_totals else "").rjust(total_width),
                    )
                )
        return cells

    def _widest(self, cells: Sequence[Cell | None]) -> Widest:
        size, price, percent, total = self.widest
        for cell in cells:
            if cell is None:
                continue
            if len(cell.size) > len(size):
                size = cell.size
            if len(cell.price) > len(price):
                price = cell.price
            if len(cell.percent) > len(percent):
                percent = cell.percent
            if len(cell.total) > len(total):
                total = cell.total
        return Widest(size, price, percent, total)
