"""Choose an interval by typing it: it applies itself as soon as nothing else can follow."""

from __future__ import annotations

from itertools import takewhile

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.calc.search import letters
from core.market import MINUTE_MS, Interval
from widgets import theme

WIDTH = 300
LINGER_MS = 800  # so long a choice stays to be seen, and takes what is typed behind it: the "m" of "15m"
_MOST = 12  # characters
_BIG = 26

translate = QCoreApplication.translate  # by this name the translation tools find the texts

# How each unit is written; the last is what its Latin key gives in Korean mode.
_UNITS = {
    "s": ("seconds", "초", "ㄴ"),
    "m": ("minutes", "분", "ㅡ"),
    "h": ("hours", "시간", "ㅗ"),
    "d": ("days", "일", "ㅇ"),
    "w": ("weeks", "주", "ㅈ"),
    "M": ("M", "월", "개월", "달"),
}
# How many of which unit.
_LENGTHS = {i: [(str(i.length_ms // MINUTE_MS), "m")] for i in Interval} | {
    Interval.S1: [("1", "s")],
    Interval.H1: [("60", "m"), ("1", "h")],
    Interval.H4: [("240", "m"), ("4", "h")],
    Interval.D1: [("1", "d")],
    Interval.W1: [("1", "w")],
    Interval.MONTH: [("1", "M")],
}
_WIDE_DIGITS = {ord("０") + i: str(i) for i in range(10)}


def parse(text: str) -> tuple[Interval | None, bool]:
    """Return the interval that was typed, None if it is none, and whether no other one can still follow.

    Plain digits are minutes. "m" is minutes and "M" a month; of other letters the case does not matter. The beginning
    of a unit is enough.
    """
    number, unit = _split(text)
    fitting = _fitting(number, unit)
    if unit and len(fitting) == 1:
        return fitting[0], True
    name = next((u for u, names in _UNITS.items() if unit in (u, *map(letters, names))), "") if unit else "m"
    interval = next((i for i in fitting if (number, name) in _LENGTHS[i]), None)
    return interval, fitting == [interval]


def _split(text: str) -> tuple[str, str]:
    """Return the digits and what is behind them, syllables apart: "분" begins with "ㅂ" as it is typed."""
    text = "".join(text.split()).translate(_WIDE_DIGITS).lstrip("0")
    number = "".join(takewhile(_is_digit, text))
    return number, "".join(c if c == "M" else c.lower() for c in letters(text[len(number) :]))


def _is_digit(c: str) -> bool:
    return c.isascii() and c.isdigit()


def _fitting(number: str, unit: str) -> list[Interval]:
    """Return the intervals that can still be meant, the shortest first."""

    def is_meant(count: str, of: str) -> bool:
        if not unit:
            return count.startswith(number)
        return count == number and any(letters(name).startswith(unit) for name in _UNITS[of])

    return [i for i, lengths in _LENGTHS.items() if any(is_meant(*length) for length in lengths)]


def _going_on(interval: Interval, number: str) -> str:
    """Return the least to type for `interval` that begins with `number`."""
    counts = [count + ("" if of == "m" else of) for count, of in _LENGTHS[interval] if count.startswith(number)]
    return min(counts, key=len)


def words(interval: Interval) -> str:
    """Return the name of an interval in full, translated."""
    return {
        Interval.S1: translate("IntervalEntry", "1 second"),
        Interval.M1: translate("IntervalEntry", "1 minute"),
        Interval.M3: translate("IntervalEntry", "3 minutes"),
        Interval.M5: translate("IntervalEntry", "5 minutes"),
        Interval.M10: translate("IntervalEntry", "10 minutes"),
        Interval.M15: translate("IntervalEntry", "15 minutes"),
        Interval.M30: translate("IntervalEntry", "30 minutes"),
        Interval.H1: translate("IntervalEntry", "1 hour"),
        Interval.H4: translate("IntervalEntry", "4 hours"),
        Interval.D1: translate("IntervalEntry", "1 day"),
        Interval.W1: translate("IntervalEntry", "1 week"),
        Interval.MONTH: translate("IntervalEntry", "1 month"),
    }[interval]


class _Line(QLineEdit):
    """Also tells what an input method is composing."""

    composed = Signal(str)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        self.composed.emit(before + event.preeditString() + after)


def _application() -> QCoreApplication:
    app = QApplication.instance()
    assert app is not None  # there are widgets
    return app


class IntervalEntry(QFrame):
    """One for the window. Shows what was typed and what it means.

    Closes by a choice, Esc, or a click elsewhere, and gives the focus back.
    """

    interval_chosen = Signal(Interval)
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self._home = parent
        self._is_open = False
        self._typed = ""  # with what is being composed
        self._chosen: Interval | None = None  # shown a moment longer
        self._before: QWidget | None = None  # had the focus
        self._linger = QTimer(self, singleShot=True, interval=LINGER_MS)
        self._linger.timeout.connect(self._end)
        self._line = _Line(self)
        self._line.setFrame(False)
        self._line.setMaxLength(_MOST)
        self._line.setFixedHeight(46)
        self._line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._line.textChanged.connect(self._show_typed)
        self._line.composed.connect(self._show_typed)
        self._meaning = QLabel(self)
        self._hint = QLabel(self)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1 + theme.GAP)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self._line)
        for label in (self._meaning, self._hint):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
            column.addWidget(label)
        self.hide()

    # Opening and closing.

    def open_over(self, pane: QWidget, typed: str = "") -> None:
        """Open over `pane`, with what was typed already; what can only mean one interval is chosen at once."""
        host = pane.window()
        if self.parentWidget() is not host:
            self.setParent(host)  # a pane may float in a window of its own
        if self._before is None:
            self._before = QApplication.focusWidget()
        if not self._is_open:
            _application().installEventFilter(self)
        self._is_open = True
        self._chosen = None
        self._linger.stop()
        self._line.setFont(theme.font(_BIG, "semibold"))
        self._meaning.setFont(theme.font(theme.LARGE, "semibold"))
        self._hint.setFont(theme.font(theme.SMALL))
        self._line.setAccessibleName(self.tr("Interval"))
        self._line.blockSignals(True)
        self._line.setText(typed)
        self._line.blockSignals(False)
        self.show()
        self.raise_()
        self._line.setFocus()
        self._show_typed(typed)
        self._place(pane, host)

    def _place(self, pane: QWidget, host: QWidget) -> None:
        middle = pane.mapTo(host, QPoint(pane.width() // 2, min(pane.height() // 4, 120)))
        room = host.rect().adjusted(4, 4, -4, -4)
        x = max(min(middle.x() - WIDTH // 2, room.right() - WIDTH), room.left())
        self.move(x, max(min(middle.y(), room.bottom() - self.height()), room.top()))

    def close_entry(self) -> None:
        """Close it without a choice."""
        if self._is_open:
            has_chosen = self._chosen is not None
            self._end()
            if not has_chosen:
                self.dismissed.emit()

    def _end(self) -> None:
        self._is_open = False
        self._linger.stop()
        _application().removeEventFilter(self)
        self._give_focus_back()
        self.hide()
        if self.parentWidget() is not self._home:
            self.setParent(self._home)  # the other window may go, this stays

    def _give_focus_back(self) -> None:
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and self._line.hasFocus():
            before.setFocus()

    # What was typed.

    def _show_typed(self, typed: str) -> None:
        self._typed = typed
        interval, is_final = parse(typed)
        number, unit = _split(typed)
        others = [i for i in _fitting(number, unit) if i is not interval]
        going_on = " · ".join(_going_on(i, number) for i in others)
        role = QPalette.ColorRole.WindowText
        if interval is not None:
            meaning = words(interval)
            hint = self.tr("Enter applies it. Or go on: {typing}").format(typing=going_on) if others else ""
        elif others:
            meaning = words(others[0]) if len(others) == 1 else self.tr("Interval")
            hint = self.tr("Type {typing}").format(typing=going_on)
        else:
            role = QPalette.ColorRole.BrightText
            meaning = self.tr("There is no interval of this length")
            hint = self.tr("There are: {all}").format(all=" · ".join(map(words, Interval)))
        self._meaning.setForegroundRole(role)
        self._meaning.setText(meaning)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        for label in (self._meaning, self._hint):
            label.setFixedHeight(max(label.heightForWidth(WIDTH - 2), 0))
        self._line.setAccessibleDescription(f"{meaning}. {hint}".strip())
        self.adjustSize()
        if is_final and self._chosen is None:
            self._choose()

    def _choose(self) -> None:
        """Apply what was typed, if it is an interval, and let it be seen for a moment."""
        interval, _ = parse(self._typed)
        if interval is not None:
            self._chosen = interval
            self._linger.start()
            self._give_focus_back()
            self.interval_chosen.emit(interval)

    def _is_rest(self, typed: str) -> bool:
        """Tell whether `typed` only says again what was chosen; then it is kept here, else the choice has been seen."""
        if self._chosen is None or parse(typed)[0] is not self._chosen:
            self._end()
            return False
        self._linger.start()
        return True

    # Keys and mouse.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent) and isinstance(watched, QWidget):
            if not QRect(self.mapToGlobal(QPoint(0, 0)), self.size()).contains(event.globalPosition().toPoint()):
                self.close_entry()
        elif self._chosen is not None:
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
                return self._take_rest(event)
            if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
                return self._take_composed(event)
        elif watched is self._line and kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_entry()
            return True
        return event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down)

    def _take_rest(self, event: QKeyEvent) -> bool:
        """Keep the keys that belong to what was chosen already: on the pane they would start a search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self._end()
            return True
        if not event.text() or not self._is_rest(self._line.text() + event.text()):
            return False
        self._line.setText(self._line.text() + event.text())
        return True

    def _take_composed(self, event: QInputMethodEvent) -> bool:
        committed = self._line.text() + event.commitString()
        if not self._is_rest(committed + event.preeditString()):
            return False
        self._line.setText(committed)
        return True

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._is_open:
            self._show_typed(self._typed)
        super().changeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave a window that goes: it would take this along."""
        if not event.spontaneous():
            self.close_entry()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colors.raised)
        painter.setPen(theme.colors.accent)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
