"""Choose a market by typing: a palette over the pane that asked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from core.calc.search import MarketIndex
from core.market import Market, tick_size
from core.wire.messages import Ticker
from widgets import format as fmt
from widgets import theme

WIDTH = 420
ROWS = 9
ROW_PX = 28
MOST = 200
_WHEEL_ROW = 40  # eighths of a degree: a notch, 120, is three rows; a touchpad sends less at a time
# Rough rates that bring turnovers to one currency: they only break ties in the order of a list.
_RANK = {"KRW": 1.0, "USDT": 1_400.0, "BTC": 1e8}


class _Results(QWidget):
    """The list below the line, painted."""

    clicked = Signal(int)
    hovered = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.markets: list[Market] = []
        self.tickers: Mapping[str, Ticker] = {}
        self.lang = "en"
        self.note = ""
        self.current = 0
        self.top = 0
        self._wheel = 0  # turned, but not yet by a row
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        rows = min(max(len(self.markets), 2 if self.note else 1), ROWS)
        return QSize(WIDTH, rows * ROW_PX + 4)

    def show_current(self, row: int) -> None:
        """Move the bar to `row` and keep it in sight."""
        self.current = min(max(row, 0), max(len(self.markets) - 1, 0))
        self.top = min(max(self.top, self.current - ROWS + 1), self.current)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c = theme.colors
        painter.fillRect(self.rect(), c.raised)
        if not self.markets:
            painter.setPen(c.muted)
            painter.setFont(theme.font(theme.TEXT))
            flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(self.rect()).adjusted(12, 0, -12, 0), flags, self.note)
        for i, market in enumerate(self.markets[self.top : self.top + ROWS]):
            self._paint_row(painter, QRectF(0, i * ROW_PX, self.width(), ROW_PX), market, self.top + i == self.current)
        painter.end()

    def _paint_row(self, painter: QPainter, row: QRectF, market: Market, is_current: bool) -> None:
        c = theme.colors
        if is_current:
            painter.fillRect(row, c.selection)
        left, right = int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignRight)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(theme.TEXT, "semibold"))
        painter.setPen(c.text)
        painter.drawText(row.adjusted(12, 0, 0, 0), left | middle, market.code)
        small = theme.font(theme.TEXT)
        painter.setFont(small)
        name = market.korean_name if self.lang == "ko" else market.english_name
        place = QRectF(110, row.y(), 118, row.height())
        painter.setPen(c.muted)
        painter.drawText(
            place, left | middle, QFontMetricsF(small).elidedText(name, Qt.TextElideMode.ElideRight, place.width())
        )
        if market.is_warned:
            painter.setPen(c.warn)
            painter.drawText(QRectF(226, row.y(), 16, row.height()), left | middle, "!")
        ticker = self.tickers.get(market.code)
        if ticker is not None:
            painter.setPen(theme.up_down(ticker.change_rate))
            text = fmt.price(ticker.price, tick_size(market.code, ticker.price))
            painter.drawText(QRectF(244, row.y(), 96, row.height()), right | middle, text)
            painter.drawText(row.adjusted(0, 0, -12, 0), right | middle, fmt.percent(ticker.change_rate))

    def _row_at(self, y: float) -> int:
        row = self.top + int(y) // ROW_PX
        return row if 0 <= row < len(self.markets) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.hovered.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.clicked.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        rows = int(self._wheel / _WHEEL_ROW)
        self._wheel -= rows * _WHEEL_ROW
        self.top = min(max(self.top - rows, 0), max(len(self.markets) - ROWS, 0))
        self.update()
        event.accept()


def _application() -> QCoreApplication:
    app = QApplication.instance()
    assert app is not None  # there are widgets
    return app


class _Line(QLineEdit):
    """Also tells what an input method is composing: initial consonants are searched before they are a syllable."""

    composed = Signal(str)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        self.composed.emit(before + event.preeditString() + after)


class MarketPicker(QFrame):
    """One for the window. Closes by Esc, a click elsewhere, or a choice."""

    market_chosen = Signal(str)
    highlighted = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self._window = parent
        self._index = MarketIndex(())
        self._turnover: dict[str, float] = {}
        self._line = _Line(self)
        self._line.setFrame(False)
        self._line.setFixedHeight(34)
        self._line.setTextMargins(8, 0, 8, 0)
        self._line.textChanged.connect(self._search)
        self._line.composed.connect(self._search)
        self._line.installEventFilter(self)
        self._results = _Results(self)
        self._results.clicked.connect(self._choose)
        self._results.hovered.connect(self._move_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addWidget(self._results)
        self.hide()

    @property
    def rows(self) -> list[str]:
        """The codes listed now, best first."""
        return [m.code for m in self._results.markets]

    def open_over(
        self, pane: QWidget, index: MarketIndex, tickers: Mapping[str, Ticker], lang: str, typed: str = ""
    ) -> None:
        """Open over `pane`, with what was typed already.

        Args:
            pane: stays visible around it.
            index: of all markets.
            tickers: code -> summary, for price and change; read while it is open.
            lang: "ko" or "en", of the names.
            typed: the letter that opened it.
        """
        self._index = index
        self._turnover = {
            code: t.turnover_24h * _RANK.get(code.partition("-")[0], 1.0)
            for code, t in tickers.items()
            if t.turnover_24h == t.turnover_24h
        }
        self._results.tickers, self._results.lang = tickers, lang
        self._line.setFont(theme.font(theme.LARGE))
        self._line.setPlaceholderText(self.tr("Name, code or initial consonants"))
        self._line.setAccessibleName(self.tr("Search for a symbol"))
        self._line.blockSignals(True)
        self._line.setText(typed)
        self._line.blockSignals(False)
        self._search(typed)
        self._place(pane)
        self.show()
        self.raise_()
        self._line.setFocus()
        _application().installEventFilter(self)

    def _place(self, pane: QWidget) -> None:
        at = pane.mapTo(self._window, QPoint(theme.GAP, theme.HEADER_HEIGHT + 2))
        self.adjustSize()
        room = self._window.rect().adjusted(4, 4, -4, -4)
        height = 36 + ROWS * ROW_PX
        self.move(min(at.x(), room.right() - WIDTH), max(min(at.y(), room.bottom() - height), room.top()))

    def close_picker(self) -> None:
        """Close it without a choice."""
        if self.isVisible():
            self._end()
            self.dismissed.emit()

    def _end(self) -> None:
        _application().removeEventFilter(self)
        self.hide()

    def _search(self, typed: str) -> None:
        results = self._results
        results.markets = self._index.search(typed, self._turnover, MOST)
        results.note = ""
        if not results.markets:
            near = self._index.nearest(typed)
            if not len(self._index):
                results.note = self.tr("The list of symbols has not come yet.")
            elif near is not None:
                results.note = self.tr('Nothing fits "{typed}". Did you mean {near}?').format(
                    typed=typed, near=near.code
                )
                results.markets = []
            else:
                results.note = self.tr('Nothing fits "{typed}". Try a code such as BTC, or a part of the name.').format(
                    typed=typed
                )
        results.top = 0
        results.setFixedHeight(results.sizeHint().height())
        self.adjustSize()
        self._move_to(0)

    def _move_to(self, row: int) -> None:
        self._results.show_current(row)
        if self._results.markets:
            self.highlighted.emit(self._results.markets[self._results.current].code)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._results.markets):
            code = self._results.markets[row].code
            self._end()
            self.market_chosen.emit(code)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        is_press = event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent)
        if is_press and self.isVisible() and isinstance(watched, QWidget):
            at = event.globalPosition().toPoint()  # type: ignore[attr-defined]
            if not QRect(self.mapToGlobal(QPoint(0, 0)), self.size()).contains(at):
                self.close_picker()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -ROWS,
            Qt.Key.Key_PageDown: ROWS,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Backtab: -1,
        }.get(Qt.Key(event.key()))
        if step is not None:
            self._move_to(self._results.current + step)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._results.current)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_picker()
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.raised)
        painter.setPen(theme.colors.accent)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
