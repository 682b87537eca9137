"""Rows of the ladder as they are written: texts of fixed decimals and width, bars in whole pixels. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.market import price_key, quote_of
from widgets import format as fmt
from widgets.orderbook.changes import Change
from widgets.orderbook.model import Row

MIN_BAR = 1  # px: a level is there, however small
COARSER = 3  # decimals of sizes that do without: changes, and the stable ladder, which has twice as many columns
PERCENT = "+0.00%"  # the least room for it
# What is marked on a line, added up.
SOLD, BOUGHT, HIGH, LOW, MOST = 1, 2, 4, 8, 16


class Scale(NamedTuple):
    """What decides how the numbers of one book are written."""

    tick: float = 1.0  # price step: the decimals of prices, quote currency
    places: int = 4  # decimals of sizes
    level: float = 0.0  # price grouping, quote currency; 0 is none
    prev_close: float = 0.0  # prices above and below it differ in colour; 0 if not known


class Extras(NamedTuple):
    """What is written beside price and size. `marks` is by the identity of a row, see `SOLD` and the following."""

    marks: Mapping[int, int] = {}
    has_totals: bool = False
    has_worth: bool = False
    changes: tuple[Mapping[int, Change], Mapping[int, Change]] | None = None  # of bids, of asks, by price key
    won: float = 0.0  # KRW for one of the quote currency; 0: prices in KRW are not shown


NO_EXTRAS = Extras()


class Cell(NamedTuple):
    """One line as it stands on screen. Texts are filled up with blanks to the widest of their column."""

    price_value: float  # quote currency
    size_value: float  # base currency
    total_value: float  # base currency; 0 where totals are not shown
    is_ask: bool
    size_px: int  # length of the bar
    total_px: int
    tone: int  # of the price against the previous close: -1, 0, 1
    marks: int
    change_value: Change | None
    worth_value: float
    won_value: float
    size: str
    price: str
    percent: str
    total: str
    worth: str
    change: str
    won: str

    @property
    def is_last(self) -> bool:
        """True where the last trade took place."""
        return bool(self.marks & (SOLD | BOUGHT))


class Widest(NamedTuple):
    """The longest text seen in each column."""

    size: str = ""
    price: str = ""
    percent: str = PERCENT
    total: str = ""
    worth: str = ""
    change: str = ""
    won: str = ""


_KEY = 11  # fields that decide the texts


def signed(value: float, places: int) -> str:
    """Return a change of size with its sign and fixed decimals; never "+0.00" for one that is too small to show.

    No separators: where a longer number has one, a shorter one may have its sign, which is wider.
    """
    return ("+" if value > 0 else "-") + fmt.size(abs(value), places).replace(",", "")


def worth_places(quote: str) -> int:
    """Return the decimals of values in a quote currency."""
    return {"KRW": 0, "USDT": 0}.get(quote, 4)


def _worth(value: float, places: int) -> str:
    """Return a value in short where it is one of thousands."""
    return fmt.size(value, places) if places else fmt.volume(value)


class Writer:
    """Writes rows. Columns grow to the longest text seen and never shrink by themselves, so that no number jumps."""

    def __init__(self) -> None:
        self.scale = Scale()
        self.widest = Widest()
        self.worth_places = 0

    def begin(self, scale: Scale, market: str = "") -> None:
        """Write by another scale; the widths begin anew."""
        self.scale, self.widest = scale, Widest()
        self.worth_places = worth_places(quote_of(market))

    def write(
        self, rows: Sequence[Row | None], before: Sequence[Cell | None], bar: int, extras: Extras = NO_EXTRAS
    ) -> list[Cell | None]:
        """Return a cell a row. Where a line says the same as `before` it is the same object.

        Args:
            before: what this returned for the same lines last time, by the same scale; may be of another length.
            bar: px of the longest bar.
            extras: what else is written.
        """
        cells, new = self._write(rows, before, bar, extras)
        if self._grow(new):
            cells, _ = self._write(rows, (), bar, extras)
        return cells

    def _write(
        self, rows: Sequence[Row | None], before: Sequence[Cell | None], bar: int, extras: Extras
    ) -> tuple[list[Cell | None], list[Cell]]:
        """Return the cells, and those of them that are new."""
        tick, places, _, close = self.scale
        size_width, price_width, percent_width, total_width, worth_width, change_width, won_width = map(
            len, self.widest
        )
        marks, has_totals, has_worth, changes, won = extras
        old: Sequence[Cell | None] = before if len(before) == len(rows) else [None] * len(rows)
        cells: list[Cell | None] = []
        new: list[Cell] = []
        for row, was in zip(rows, old, strict=True):
            if row is None:
                cells.append(None)
                continue
            price, size, is_ask, share, total, total_share, worth = row
            size_px = max(int(share * bar), MIN_BAR)
            total_px = 0
            if has_totals:
                total_px = int(total_share * bar)
            else:
                total = 0.0
            tone = (price > close) - (price < close) if close else 0
            key = (
                price,
                size,
                total,
                is_ask,
                size_px,
                total_px,
                tone,
                marks.get(id(row), 0),
                changes[is_ask].get(price_key(price)) if changes is not None else None,
                worth if has_worth else 0.0,
                price * won,
            )
            if was is not None and was[:_KEY] == key:
                cells.append(was)
                continue
            is_same = was is not None and was.price_value == price
            change = key[8]
            cell = Cell(
                *key,
                was.size if was is not None and was.size_value == size else fmt.size(size, places).rjust(size_width),
                was.price if was is not None and is_same else fmt.price(price, tick).rjust(price_width),
                was.percent
                if was is not None and is_same
                else (fmt.percent(price / close - 1) if close else "").rjust(percent_width),
                (fmt.size(total, places) if has_totals else "").rjust(total_width),
                (_worth(worth, self.worth_places) if has_worth else "").rjust(worth_width),
                (signed(change.size, max(places - COARSER, 0)) if change is not None else "").rjust(change_width),
                (fmt.won(price * won) if won else "").rjust(won_width),
            )
            cells.append(cell)
            new.append(cell)
        return cells, new

    def _grow(self, cells: Sequence[Cell]) -> bool:
        """Let columns grow to the longest text; return whether one did."""
        texts = list(self.widest)
        lengths = list(map(len, texts))
        is_grown = False
        for cell in cells:
            written: tuple[str, ...] = cell[_KEY:]  # type: ignore[assignment]
            for column, text in enumerate(written):
                if len(text) > lengths[column]:
                    texts[column], lengths[column], is_grown = text, len(text), True
        if is_grown:
            self.widest = Widest(*texts)
        return is_grown
