"""Choose a market by typing: a palette over the pane that asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from core.calc.search import MarketIndex
from core.calc.worth import FALLBACK
from core.market import Market, quote_of, tick_size
from core.wire.messages import Ticker
from widgets import format as fmt
from widgets import theme
from widgets.controls.search_popup import ROW_PX, ROWS, SearchPopup

__all__ = ["MOST", "ROWS", "ROW_PX", "WIDTH", "MarketPicker"]

WIDTH = 420
MOST = 200


class MarketPicker(SearchPopup):
    """One for the window. Closes by Esc, a click elsewhere, or a choice."""

    market_chosen = Signal(str)
    highlighted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, WIDTH)
        self._index = MarketIndex(())
        self._turnover: dict[str, float] = {}
        self._markets: list[Market] = []
        self._tickers: Mapping[str, Ticker] = {}
        self._lang = "en"
        self._without: Collection[str] = ()
        self._recent: dict[str, int] = {}  # code -> how long ago it was looked at, 0 the last one
        self._first_other = 0  # the row below the recent ones

    @property
    def rows(self) -> list[str]:
        """The codes listed now, best first."""
        return [m.code for m in self._markets]

    def open_over(
        self,
        pane: QWidget,
        index: MarketIndex,
        tickers: Mapping[str, Ticker],
        lang: str,
        typed: str = "",
        recent: Sequence[str] = (),
        hint: str = "",
        without: Collection[str] = (),
    ) -> None:
        """Open over `pane`, with what was typed already.

        Args:
            pane: stays visible around it.
            index: of all markets.
            tickers: code -> summary, for price and change; read while it is open.
            lang: "ko" or "en", of the names.
            typed: the letter that opened it.
            recent: codes looked at before, the last one first; they lead the list while nothing is typed.
            hint: what it is for, where that is not to change the symbol of the pane; translated.
            without: codes that are not listed.
        """
        self._without = without
        self._index = index
        self._turnover = {
            code: t.turnover_24h * FALLBACK.get(quote_of(code), 1.0)
            for code, t in tickers.items()
            if t.turnover_24h == t.turnover_24h
        }
        self._tickers, self._lang = tickers, lang
        self._recent = {code: i for i, code in enumerate(recent)}
        host = pane.window()
        at = pane.mapTo(host, QPoint(theme.GAP, theme.HEADER_HEIGHT + 2))
        self.open_in(
            host, at, hint or self.tr("Name, code or initial consonants"), self.tr("Search for a symbol"), typed
        )

    def close_picker(self) -> None:
        """Close it without a choice."""
        self.close_popup()

    def search(self, typed: str) -> tuple[int, str]:
        most = MOST + len(self._without) if typed else len(self._index)
        found = self._index.search(typed, self._turnover, most)
        if self._without:
            found = [market for market in found if market.code not in self._without]
        self._first_other = 0
        if not typed:
            found.sort(key=lambda market: self._recent.get(market.code, len(self._recent)))
            self._first_other = sum(market.code in self._recent for market in found)
        self._markets = found[:MOST]
        return len(self._markets), "" if self._markets else self._note(typed)

    def _note(self, typed: str) -> str:
        if not len(self._index):
            return self.tr("The list of symbols has not come yet.")
        near = self._index.nearest(typed)
        if near is not None:
            return self.tr('Nothing fits "{typed}". Did you mean {near}?').format(typed=typed, near=near.code)
        return self.tr('Nothing fits "{typed}". Try a code such as BTC, or a part of the name.').format(typed=typed)

    def take(self, row: int) -> Callable[[], object]:
        code = self._markets[row].code
        return lambda: self.market_chosen.emit(code)

    def point_at(self, row: int) -> None:
        self.highlighted.emit(self._markets[row].code)

    def text_of(self, row: int) -> str:
        return f"{self._markets[row].code} {self._name(self._markets[row])}"

    def _name(self, market: Market) -> str:
        return market.korean_name if self._lang == "ko" else market.english_name

    def paint_row(self, painter: QPainter, place: QRectF, row: int) -> None:
        c, market = theme.colors, self._markets[row]
        if row and row == self._first_other:
            painter.fillRect(QRectF(place.x(), place.y(), place.width(), 1), c.grid)
        left, right = int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignRight)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(theme.TEXT, "semibold"))
        painter.setPen(c.text)
        painter.drawText(place.adjusted(12, 0, 0, 0), left | middle, market.code)
        small = theme.font(theme.TEXT)
        painter.setFont(small)
        named = QRectF(110, place.y(), 118, place.height())
        name = QFontMetricsF(small).elidedText(self._name(market), Qt.TextElideMode.ElideRight, named.width())
        painter.setPen(c.muted)
        painter.drawText(named, left | middle, name)
        if market.is_warned:
            painter.setPen(c.warn)
            painter.drawText(QRectF(226, place.y(), 16, place.height()), left | middle, "!")
        ticker = self._tickers.get(market.code)
        if ticker is not None:
            painter.setPen(theme.up_down(ticker.change_rate))
            text = fmt.price(ticker.price, tick_size(market.code, ticker.price))
            painter.drawText(QRectF(244, place.y(), 96, place.height()), right | middle, text)
            painter.drawText(place.adjusted(0, 0, -12, 0), right | middle, fmt.percent(ticker.change_rate))
