"""The form of an alert: what to watch, when to tell, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core.calc.arbitrage import routes
from core.calc.search import MarketIndex
from core.calc.unusual import KINDS, SPANS_MS
from core.market import MINUTE_MS, base_of, tick_size
from core.state.alerts import (
    CHANGE,
    CONNECTION,
    EDGE,
    IMBALANCE,
    LONGEST_NOTE,
    MOVE,
    NOTICE,
    PREMIUM,
    PRICE,
    SIGNAL,
    SPREAD,
    UNUSUAL,
    VOLUME,
    Rule,
)
from core.state.cross import QUOTES
from core.state.strategies import Monitor
from core.strategy import builtin
from widgets import format as fmt
from widgets import messages, theme
from widgets.notices.model import CATEGORIES

_ONE = {PRICE: 1.0, CHANGE: 0.01, MOVE: 0.01, VOLUME: 1e6, SPREAD: 0.01, IMBALANCE: 0.01, CONNECTION: 1.0}
_ONE |= {PREMIUM: 0.01, EDGE: 0.01}
_USUAL = {CHANGE: 5.0, MOVE: 3.0, VOLUME: 100.0, SPREAD: 0.3, IMBALANCE: 60.0, CONNECTION: 10.0}  # in those units
_USUAL |= {PREMIUM: 2.0, EDGE: 0.1}
_OF_NO_MARKET = (CONNECTION, NOTICE)
_OF_ANY = (UNUSUAL, SIGNAL, NOTICE)  # of what happens, not of a value; without a symbol, of every one


class AlertForm(QDialog):
    """Makes a rule or changes one.

    Args:
        rule: what to begin with; its id stays.
        index: of all markets, to read what is typed.
        price: returns the last price of a market, 0 where none is known.
        monitors: the strategies whose signals one can be told of, by id.
    """

    accepted_rule = Signal(object)  # Rule
    removed = Signal(str)  # id

    def __init__(
        self,
        rule: Rule,
        index: MarketIndex,
        price: Callable[[str], float],
        monitors: Mapping[str, Monitor] | None = None,
        *,
        is_new: bool,
        has_webhook: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rule, self._index, self._price = rule, index, price
        self.setWindowTitle(self.tr("New alert") if is_new else self.tr("Change the alert"))
        self.subject = QComboBox()
        for metric, text in {
            PRICE: self.tr("Price"),
            CHANGE: self.tr("Change of the day"),
            MOVE: self.tr("Change within minutes"),
            VOLUME: self.tr("Turnover within minutes"),
            SPREAD: self.tr("Spread"),
            IMBALANCE: self.tr("Imbalance of the book"),
            PREMIUM: self.tr("Premium of the KRW price"),
            EDGE: self.tr("Edge between quote currencies, after fees"),
            UNUSUAL: self.tr("Anything unusual"),
            SIGNAL: self.tr("Signal of a strategy"),
            NOTICE: self.tr("Notice of the exchange"),
            CONNECTION: self.tr("Connection lost"),
        }.items():
            self.subject.addItem(text, metric)
        self.market = QLineEdit(rule.market)
        self.market.setPlaceholderText(self.tr("Name, code or initial consonants"))
        self.kind = QComboBox()
        self.kind.addItem(self.tr("Anything"), "")
        for kind in KINDS:
            self.kind.addItem(messages.finding_kind(kind), kind)
        self.strategy = QComboBox()
        self.strategy.addItem(self.tr("Any strategy"), "")
        for monitor in (monitors or {}).values():
            name = f"{monitor.id}  {messages.strategy(monitor.kind)}"
            self.strategy.addItem(f"{name} · {monitor.note}" if monitor.note else name, monitor.id)
        if rule.strategy and self.strategy.findData(rule.strategy) < 0:  # it is gone: the alert stays what it was
            self.strategy.addItem(rule.strategy, rule.strategy)
        self.signal_kind = QComboBox()
        self.signal_kind.addItem(self.tr("Any signal"), "")
        for kind in builtin.KINDS:
            self.signal_kind.addItem(messages.signal_kind(kind), kind)
        if rule.metric == SIGNAL and rule.kinds and self.signal_kind.findData(rule.kinds[0]) < 0:
            self.signal_kind.addItem(rule.kinds[0], rule.kinds[0])
        self.category = QComboBox()
        self.category.addItem(self.tr("Any notice"), "")
        for category in CATEGORIES:
            self.category.addItem(messages.notice_category(category), category)
        self.way = QComboBox()
        for way, text in {
            "reach": self.tr("reaches"),
            "above": self.tr("is at or above"),
            "below": self.tr("is at or below"),
        }.items():
            self.way.addItem(text, way)
        self.value = QDoubleSpinBox()
        self.value.setGroupSeparatorShown(True)
        self.span = QComboBox()
        for span_ms in SPANS_MS:
            self.span.addItem(self.tr("{n} min").format(n=span_ms // MINUTE_MS), span_ms)
        self.mode = QComboBox()
        for mode, text in {
            "once": self.tr("once"),
            "each": self.tr("each time"),
            "cooldown": self.tr("each time, with a pause"),
        }.items():
            self.mode.addItem(text, mode)
        self.cooldown = QDoubleSpinBox()
        self.cooldown.setRange(0.1, 1_440.0)
        self.cooldown.setDecimals(1)
        self.cooldown.setSuffix(self.tr(" min"))
        self.is_loud = QCheckBox(self.tr("Sound"))
        self.is_posted = QCheckBox(self.tr("Webhook"))
        self.is_posted.setEnabled(has_webhook)
        if not has_webhook:
            self.is_posted.setToolTip(self.tr("Give its address in the settings first"))
        self.note = QLineEdit(rule.note)
        self.note.setMaxLength(LONGEST_NOTE)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {theme.colors.error.name()};")
        self.rows = QFormLayout()
        self.rows.addRow(self.tr("Symbol"), self.market)
        self.rows.addRow(self.tr("What"), self.subject)
        self.rows.addRow(self.tr("Which"), self.kind)
        self.rows.addRow(self.tr("Strategy"), self.strategy)
        self.rows.addRow(self.tr("Which"), self.signal_kind)
        self.rows.addRow(self.tr("Which"), self.category)
        self.rows.addRow(self.tr("within"), self.span)
        self.rows.addRow("", self.way)
        self.rows.addRow(self.tr("Value"), self.value)
        self.rows.addRow(self.tr("How often"), self.mode)
        self.rows.addRow(self.tr("Pause"), self.cooldown)
        self.rows.addRow(self.tr("Note"), self.note)
        self.rows.addRow("", self.is_loud)
        self.rows.addRow("", self.is_posted)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Save"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        if not is_new:
            remove = self.buttons.addButton(self.tr("Delete"), QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(self._remove)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(self.rows)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.setMinimumWidth(360)
        self._offered = 0.0  # the value that the form gave by itself
        self._shown_code = ""  # the market that it is for
        self._show(rule)
        self.subject.currentIndexChanged.connect(lambda _row: self._fit(is_other_subject=True))
        self.mode.currentIndexChanged.connect(lambda _row: self._fit())
        self.market.editingFinished.connect(self._take_market)
        self.value.setFocus()
        self.value.selectAll()

    def _show(self, rule: Rule) -> None:
        self.subject.setCurrentIndex(self.subject.findData(rule.metric))
        self.way.setCurrentIndex(self.way.findData(rule.way))
        self.span.setCurrentIndex(max(self.span.findData(rule.span_ms), 0))
        self.mode.setCurrentIndex(self.mode.findData(rule.mode))
        self.strategy.setCurrentIndex(max(self.strategy.findData(rule.strategy), 0))
        for kinds in (self.kind, self.signal_kind, self.category):
            kinds.setCurrentIndex(max(kinds.findData(rule.kinds[0]), 0) if rule.kinds else 0)
        self.cooldown.setValue(rule.cooldown_s / 60.0)
        self.is_loud.setChecked(rule.is_loud)
        self.is_posted.setChecked(rule.is_posted)
        self._fit()
        self._offer(rule.value / _ONE.get(rule.metric, 1.0))

    def _offer(self, value: float) -> None:
        self.value.setValue(value)
        self._offered = self.value.value()

    def _take_market(self) -> None:
        """Another market was typed: its price stands for the old one's, but not for what the user typed."""
        is_typed, before = self.value.value() != self._offered, self._shown_code
        self._fit()
        if self.subject.currentData() == PRICE and not is_typed and self._shown_code not in ("", before):
            self._offer(self._price(self._shown_code))

    def _code(self) -> str:
        """Return the market that is meant by what is typed, "" for none."""
        typed = self.market.text().strip()
        found = self._index.search(typed, limit=1) if typed else []
        return found[0].code if found else ""

    def _fit(self, *, is_other_subject: bool = False) -> None:
        """Show the fields that this alert has, with its units."""
        metric = self.subject.currentData()
        shown = {
            self.market: metric not in _OF_NO_MARKET,
            self.kind: metric == UNUSUAL,
            self.strategy: metric == SIGNAL,
            self.signal_kind: metric == SIGNAL,
            self.category: metric == NOTICE,
            self.span: metric in (MOVE, VOLUME),
            self.way: metric not in (CONNECTION, *_OF_ANY),
            self.value: metric not in _OF_ANY,
            self.cooldown: self.mode.currentData() == "cooldown",
        }
        for field, is_shown in shown.items():
            self.rows.setRowVisible(field, is_shown)
        suffixes = {VOLUME: self.tr(" M KRW"), CONNECTION: self.tr(" s")}
        self.value.setSuffix(suffixes.get(metric, "" if metric == PRICE else " %"))
        code = self._shown_code = self._code()
        price = self._price(code) if code else 0.0
        if metric == PRICE:
            self.value.setRange(0.0, 1e12)
            self.value.setDecimals(self._decimals(code, price))
            self.value.setSingleStep(tick_size(code, price) if price else 1.0)
        else:
            self.value.setRange(-1e9, 1e9)
            self.value.setDecimals(3 if metric == SPREAD else 2 if metric != CONNECTION else 0)
            self.value.setSingleStep(1.0)
        if is_other_subject:
            self._offer(price if metric == PRICE else _USUAL.get(metric, 0.0))
        self.problem.setText("")
        self.adjustSize()

    def _decimals(self, code: str, price: float) -> int:
        """Return how many a price may have: those of a tenth of what is known, for a threshold far below."""
        known = [p for p in (price, self.value.value(), self._rule.value if self._rule.metric == PRICE else 0.0) if p]
        return fmt.decimals(tick_size(code or "KRW-", min(known) / 10.0 if known else 0.0))

    def _save(self) -> None:
        metric = self.subject.currentData()
        code = "" if metric in _OF_NO_MARKET else self._code()
        typed = self.market.text().strip()
        if metric not in (CONNECTION, *_OF_ANY) and not code:
            text = self.tr("No symbol fits this. Try a code such as BTC, or a part of the name.")
            self.problem.setText(text)
            self.market.setFocus()
            return
        if metric in _OF_ANY and metric not in _OF_NO_MARKET and typed and not code:
            self.problem.setText(self.tr("No symbol fits this. Leave it empty for every market."))
            return
        if metric in (PREMIUM, EDGE) and not self._is_comparable(metric, code):
            self.problem.setText(self.tr("This coin has no second price to compare with. Choose another."))
            self.market.setFocus()
            return
        if metric == PRICE and not self.value.value():
            self.problem.setText(self.tr("Give a price above 0."))
            self.value.setFocus()
            return
        kinds = {SIGNAL: self.signal_kind, NOTICE: self.category}.get(metric, self.kind)
        kind = kinds.currentData()
        rule = msgspec.structs.replace(
            self._rule,
            metric=metric,
            market=code,
            way="above" if metric == CONNECTION else self.way.currentData(),
            value=self.value.value() * _ONE.get(metric, 1.0),
            span_ms=self.span.currentData(),
            kinds=(kind,) if metric in _OF_ANY and kind else (),
            strategy=self.strategy.currentData() if metric == SIGNAL else "",
            mode=self.mode.currentData(),
            cooldown_s=self.cooldown.value() * 60.0,
            is_loud=self.is_loud.isChecked(),
            is_posted=self.is_posted.isChecked(),
            note=self.note.text(),
            is_on=True,
        )
        self.accepted_rule.emit(rule)
        self.accept()

    def _is_comparable(self, metric: str, code: str) -> bool:
        """Return whether the coin is listed in two quote currencies, for a premium in KRW among them."""
        coin = base_of(code)
        found = {m.quote for m in self._index.search(coin, limit=len(self._index)) if m.base == coin}
        return bool(routes(coin, tuple(q for q in QUOTES if q in found))) and (metric == EDGE or "KRW" in found)

    def _remove(self) -> None:
        self.removed.emit(self._rule.id)
        self.reject()

    def open_over(self) -> None:
        """Show it, without waiting for it."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()
