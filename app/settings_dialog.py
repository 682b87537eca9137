"""The settings: pages of choices that are in force at once. It says what was chosen; who opens it does and keeps it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from app import doctor
from app.settings import HISTORY_MIB, Settings
from app.settings_page import CONTROL_WIDTH, Say, SettingsPage
from core.calc.arbitrage import Terms
from core.calc.unusual import SPANS_MS, Thresholds
from core.market import MINUTE_MS
from widgets import format as fmt
from widgets import messages, theme

LIST_WIDTH = 168
ITEM_HEIGHT = 30
COPIED_MS = 2_000  # so long the button says that it has copied


def _is_address(url: str) -> bool:
    """Return whether alerts may be sent there: by TLS, or within this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in ("127.0.0.1", "localhost")))


class _Sample(QWidget):
    """A few candles and changes in the colours of the moment."""

    _BARS = ((10, 22), (22, 16), (16, 34), (34, 29), (29, 12), (12, 19), (19, 41))  # open and close, px from below

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(64)
        self.setMaximumWidth(CONTROL_WIDTH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(c.border)
        painter.setBrush(c.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for i, (first, last) in enumerate(self._BARS):
            x, color = 12 + i * 13, theme.up_down(last - first)
            top = 56 - max(first, last)
            painter.fillRect(QRectF(x + 4, top - 4, 1, abs(last - first) + 8), color)
            painter.fillRect(QRectF(x, top, 9, abs(last - first)), color)
        painter.setFont(theme.font(theme.LARGE, "semibold"))
        for y, change in ((4, 0.0125), (32, -0.0084)):
            painter.setPen(theme.up_down(change))
            painter.drawText(QRectF(124, y, 100, 28), Qt.AlignmentFlag.AlignVCenter, fmt.percent(change))
        painter.end()


class SettingsDialog(QDialog):
    """Pages to the left, choices to the right. Never modal: what is chosen shows on the desk behind it.

    Args:
        folders: where the program keeps what it writes: `config`, `data`, `log`.
        keys_page: shows and changes the keys; belongs to the dialog from now on.
        account_page: shows and changes the API key; likewise.
    """

    lang_chosen = Signal(str)
    theme_chosen = Signal(str)
    updown_chosen = Signal(str)
    zone_chosen = Signal(str)
    interval_link_chosen = Signal(bool)
    crosshair_link_chosen = Signal(bool)
    span_link_chosen = Signal(bool)
    motion_chosen = Signal(bool)  # is it reduced?
    thresholds_chosen = Signal(object)  # Thresholds
    terms_chosen = Signal(object)  # Terms
    reference_chosen = Signal(str, float)  # the exchange outside, "" for none; KRW for a dollar, 0 for none
    webhook_chosen = Signal(str)  # its address, "" for none
    quiet_chosen = Signal(bool)
    history_bound_chosen = Signal(int)  # MiB of one exchange
    tour_wanted = Signal()
    folder_wanted = Signal(object)  # a Path that exists

    def __init__(
        self,
        folders: Mapping[str, Path],
        keys_page: QWidget,
        account_page: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._folders = dict(folders)
        self._settings = Settings()
        self._webhook_is_set, self._webhook_lasts = False, True
        self.setModal(False)
        self.list = QListWidget()
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self._stack = QStackedWidget()
        self._names: list[str] = []
        self._makers: list[tuple[QListWidgetItem, Say]] = []
        self._pages: list[SettingsPage] = []
        self._add_page("appearance", lambda: self.tr("Appearance"), self._make_appearance())
        self._add_page("desk", lambda: self.tr("Desk"), self._make_desk())
        self._add_page("scanner", lambda: self.tr("Scanner"), self._make_scanner())
        self._add_page("cross", lambda: self.tr("Cross-market"), self._make_cross())
        self._add_page("alerts", lambda: self.tr("Alerts"), self._make_alerts())
        self._add_page("account", lambda: self.tr("API key"), account_page)
        self._add_page("keys", lambda: self.tr("Keys"), keys_page)
        self._add_page("data", lambda: self.tr("Data and privacy"), self._make_data())
        self._add_page("about", lambda: self.tr("About"), self._make_about())
        self.list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.reject)
        for button in self.findChildren(QPushButton) + self._buttons.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter on a list or a field presses nothing
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.list)
        body.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        foot.addWidget(self._buttons)
        column.addLayout(foot)
        self.setMinimumHeight(300)
        self.resize(720, 480)
        self._say()

    def _add_page(self, name: str, title: Say, page: QWidget) -> None:
        item = QListWidgetItem(self.list)
        item.setSizeHint(QSize(LIST_WIDTH - 4, ITEM_HEIGHT))
        self._names.append(name)
        self._makers.append((item, title))
        if isinstance(page, SettingsPage):
            self._pages.append(page)
            page.end()
            area = QScrollArea()
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setWidget(page)
            page.setAutoFillBackground(False)
            area.viewport().setAutoFillBackground(False)
            page = area
        self._stack.addWidget(page)

    # The pages.

    def _make_appearance(self) -> SettingsPage:
        page = SettingsPage()
        page.add_title(lambda: self.tr("Appearance"))
        self.lang = QComboBox()
        self.lang.addItem("한국어", "ko")
        self.lang.addItem("English", "en")
        self.lang.activated.connect(lambda row: self.lang_chosen.emit(self.lang.itemData(row)))
        page.add_row(lambda: self.tr("Language"), self.lang)
        self.theme = QComboBox()
        for name, text in {
            "dark": lambda: self.tr("Dark"),
            "light": lambda: self.tr("Light"),
            "dark-cb": lambda: self.tr("Dark, for the colour-blind"),
            "light-cb": lambda: self.tr("Light, for the colour-blind"),
        }.items():
            self._add_item(page, self.theme, name, text)
        self.theme.activated.connect(lambda row: self.theme_chosen.emit(self.theme.itemData(row)))
        page.add_row(lambda: self.tr("Theme"), self.theme)
        self.updown = QComboBox()
        self._add_item(page, self.updown, "korean", self._korean_text)
        self._add_item(page, self.updown, "western", self._western_text)
        self.updown.activated.connect(lambda row: self.updown_chosen.emit(self.updown.itemData(row)))
        page.add_row(lambda: self.tr("Colours of rise and fall"), self.updown)
        self._sample = _Sample()
        page.add_row(lambda: self.tr("Sample"), self._sample)
        self.motion = QCheckBox()
        self.motion.clicked.connect(self.motion_chosen)
        page.say(self.motion.setText, lambda: self.tr("Reduce motion: charts stand where they are let go"))
        page.add_control(self.motion)
        page.add_text(self._scale_text)
        page.add_title(lambda: self.tr("Times"))
        self.zone = QComboBox()
        self._add_item(page, self.zone, "kst", lambda: self.tr("Korea (KST)"))
        self._add_item(page, self.zone, "local", lambda: self.tr("This machine's"))
        self.zone.activated.connect(lambda row: self.zone_chosen.emit(self.zone.itemData(row)))
        page.add_row(lambda: self.tr("Time zone"), self.zone)
        page.add_text(lambda: self.tr("Days, weeks and months are the exchange's: they begin at 09:00 in Korea."))
        return page

    @staticmethod
    def _add_item(page: SettingsPage, box: QComboBox, value: object, text: Say) -> None:
        row = box.count()
        box.addItem("", value)
        page.say(lambda said: box.setItemText(row, said), text)

    def _korean_text(self) -> str:
        if theme.name.endswith("-cb"):
            return self.tr("Rise orange, fall blue")
        return self.tr("Rise red, fall blue (Korea)")

    def _western_text(self) -> str:
        if theme.name.endswith("-cb"):
            return self.tr("Rise blue, fall orange")
        return self.tr("Rise green, fall red (West)")

    def _scale_text(self) -> str:
        text = self.tr("Texts and lines follow the scaling of the display, {percent} % here. It is set in the system.")
        return text.format(percent=round(self.devicePixelRatioF() * 100))

    def _make_desk(self) -> SettingsPage:
        page = SettingsPage()
        page.add_title(lambda: self.tr("Link groups"))
        self.interval_link = QCheckBox()
        self.interval_link.clicked.connect(self.interval_link_chosen)
        page.say(self.interval_link.setText, lambda: self.tr("Charts of a group change their interval together"))
        page.add_control(self.interval_link)
        self.crosshair_link = QCheckBox()
        self.crosshair_link.clicked.connect(self.crosshair_link_chosen)
        page.say(self.crosshair_link.setText, lambda: self.tr("Charts of a group show the crosshair at the same time"))
        page.add_control(self.crosshair_link)
        self.span_link = QCheckBox()
        self.span_link.clicked.connect(self.span_link_chosen)
        page.say(self.span_link.setText, lambda: self.tr("Charts of a group show the same stretch of time"))
        page.add_control(self.span_link)
        page.add_text(lambda: self.tr("The symbol is shared by all panes of a group in any case."))
        page.add_title(lambda: self.tr("Introduction"))
        self.tour = QPushButton()
        self.tour.clicked.connect(self._want_tour)
        page.say(self.tour.setText, lambda: self.tr("Show the tour"))
        page.add_control(self.tour)
        return page

    def _make_scanner(self) -> SettingsPage:
        page = SettingsPage()
        page.add_title(lambda: self.tr("What counts as unusual"))
        page.add_text(
            lambda: self.tr("Found once each time it begins, in every market on the scanner. 0 turns it off.")
        )
        self.limits: dict[str, QDoubleSpinBox] = {}
        percent, times, million = (
            lambda: " %",
            lambda: self.tr(" times"),
            lambda: self.tr(" M KRW"),
        )
        # (field, text, unit, one of it, most, decimals)
        rows: tuple[tuple[str, Say, Say, float, float, int], ...] = (
            ("day_move", lambda: self.tr("Change of the day"), percent, 0.01, 100, 1),
            ("fast_move", lambda: self.tr("Fast move"), percent, 0.01, 100, 1),
            ("spike", lambda: self.tr("Volume of a minute against the usual one"), times, 1.0, 1_000, 1),
            ("spike_least", lambda: self.tr("and at least"), million, 1e6, 100_000, 0),
            ("extreme_days", lambda: self.tr("New high or low of"), lambda: self.tr(" days"), 1.0, 200, 0),
            ("spread", lambda: self.tr("Spread against the usual one"), times, 1.0, 100, 1),
            ("spread_least", lambda: self.tr("and at least"), percent, 0.01, 50, 2),
            ("big_order", lambda: self.tr("Large order, in the top 20"), million, 1e6, 1_000_000, 0),
        )
        for name, text, unit, one, most, decimals in rows:
            box = self.limits[name] = QDoubleSpinBox()
            box.setProperty("one", one)
            box.setRange(0.0, most)
            box.setDecimals(decimals)
            box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
            box.setMaximumWidth(CONTROL_WIDTH)
            box.setKeyboardTracking(False)
            page.say(box.setSuffix, unit)
            page.say(box.setSpecialValueText, lambda: self.tr("off"))
            box.valueChanged.connect(lambda _value: self._choose_thresholds())
            page.add_row(text, box)
            if name == "fast_move":
                self.fast_span = QComboBox()
                for span_ms in SPANS_MS:
                    self._add_item(page, self.fast_span, span_ms, partial(self._minutes, span_ms // MINUTE_MS))
                self.fast_span.activated.connect(lambda _row: self._choose_thresholds())
                page.add_row(lambda: self.tr("within"), self.fast_span)
        self.listings = QCheckBox()
        self.listings.clicked.connect(lambda _on: self._choose_thresholds())
        page.say(self.listings.setText, lambda: self.tr("Markets that are listed or delisted"))
        page.add_control(self.listings)
        return page

    def _make_cross(self) -> SettingsPage:
        page = SettingsPage()
        page.add_title(lambda: self.tr("Fees and ages"))
        page.add_text(
            lambda: self.tr(
                "An edge is what a round trip of three orders wins after these fees, from what rests in the books."
            )
        )
        self.terms: dict[str, QDoubleSpinBox] = {}
        percent, krw, seconds = lambda: " %", lambda: self.tr(" KRW"), lambda: self.tr(" s")
        # (field, text, unit, one of it, least, most, decimals)
        rows: tuple[tuple[str, Say, Say, float, float, float, int], ...] = (
            ("fee_krw", lambda: self.tr("Fee of KRW markets"), percent, 0.01, 0.0, 5.0, 3),
            ("fee_btc", lambda: self.tr("Fee of BTC markets"), percent, 0.01, 0.0, 5.0, 3),
            ("fee_usdt", lambda: self.tr("Fee of USDT markets"), percent, 0.01, 0.0, 5.0, 3),
            ("size_krw", lambda: self.tr("Size of a round trip"), krw, 1.0, 10_000.0, 1e10, 0),
            ("stale_s", lambda: self.tr("A book counts for nothing after"), seconds, 1.0, 0.5, 60.0, 1),
        )
        for name, text, unit, one, least, most, decimals in rows:
            box = self.terms[name] = QDoubleSpinBox()
            box.setProperty("one", one)
            box.setRange(least, most)
            box.setDecimals(decimals)
            box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
            box.setGroupSeparatorShown(True)
            box.setMaximumWidth(CONTROL_WIDTH)
            box.setKeyboardTracking(False)
            page.say(box.setSuffix, unit)
            box.valueChanged.connect(lambda _value: self._choose_terms())
            page.add_row(text, box)
        page.add_title(lambda: self.tr("Outside price"))
        page.add_text(
            lambda: self.tr(
                "For the kimchi premium. Nothing is asked of anybody outside Upbit until you choose it here. No bank's "
                "rate is built in, as none is free to ask: type the dollar's, or leave it at 0 to compare over "
                "KRW-USDT alone. The demo has its own."
            )
        )
        self.reference = QComboBox()
        self._add_item(page, self.reference, "", lambda: self.tr("None"))
        self._add_item(page, self.reference, "binance", lambda: "Binance")
        self.reference.activated.connect(lambda _row: self._choose_reference())
        page.add_row(lambda: self.tr("Exchange"), self.reference)
        self.fx = QDoubleSpinBox()
        self.fx.setRange(0.0, 99_999.0)
        self.fx.setDecimals(2)
        self.fx.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.fx.setGroupSeparatorShown(True)
        self.fx.setMaximumWidth(CONTROL_WIDTH)
        self.fx.setKeyboardTracking(False)
        page.say(self.fx.setSuffix, krw)
        page.say(self.fx.setSpecialValueText, lambda: self.tr("not given"))
        self.fx.valueChanged.connect(lambda _value: self._choose_reference())
        page.add_row(lambda: self.tr("A dollar at the bank"), self.fx)
        return page

    def _choose_terms(self) -> None:
        self.terms_chosen.emit(Terms(**{n: box.value() * box.property("one") for n, box in self.terms.items()}))

    def _choose_reference(self) -> None:
        self.reference_chosen.emit(self.reference.currentData(), self.fx.value())

    def _show_cross(self, settings: Settings) -> None:
        for name, box in self.terms.items():
            with QSignalBlocker(box):
                box.setValue(getattr(settings.terms, name) / box.property("one"))
        self.reference.setCurrentIndex(self.reference.findData(settings.reference))
        with QSignalBlocker(self.fx):
            self.fx.setValue(settings.fx_krw)

    def _make_alerts(self) -> SettingsPage:
        page = SettingsPage()
        page.add_title(lambda: self.tr("Alerts"))
        self.quiet = QCheckBox()
        self.quiet.clicked.connect(self.quiet_chosen)
        page.say(self.quiet.setText, lambda: self.tr("Do not disturb"))
        page.add_control(self.quiet)
        page.add_title(lambda: self.tr("Webhook"))
        page.add_text(
            lambda: self.tr(
                "Alerts that are marked for it are sent to this address as JSON (Slack, Discord and others take it). "
                "The address is kept in the keyring of the system, and nothing is sent while there is none."
            )
        )
        self.webhook = QLineEdit()
        self.webhook.setEchoMode(QLineEdit.EchoMode.Password)
        self.webhook.setMaximumWidth(CONTROL_WIDTH)
        page.add_row(lambda: self.tr("Address"), self.webhook)
        self.webhook_button = QPushButton()
        self.webhook_button.clicked.connect(self._choose_webhook)
        page.say(self.webhook_button.setText, lambda: self.tr("Keep the address"))
        page.add_control(self.webhook_button)
        self.webhook_delete = QPushButton()
        self.webhook_delete.clicked.connect(lambda: self.webhook_chosen.emit(""))
        page.say(self.webhook_delete.setText, lambda: self.tr("Delete the address"))
        page.add_control(self.webhook_delete)
        self.webhook_state = page.add_text(self._webhook_text)
        return page

    def _choose_webhook(self) -> None:
        url = self.webhook.text().strip()
        if not url:  # the one that is kept is not shown, so an empty line says nothing
            return
        if _is_address(url):
            self.webhook_chosen.emit(url)
        else:
            self.webhook_state.setText(self.tr("The address has to begin with https:// and to name a host"))

    def show_webhook(self, is_set: bool, *, lasts: bool = True) -> None:
        """Say whether there is an address; it is not shown itself."""
        self.webhook.clear()
        self.webhook.setPlaceholderText("••••••••" if is_set else "https://")
        self._webhook_is_set, self._webhook_lasts = is_set, lasts
        self.webhook_delete.setEnabled(is_set)
        self.webhook_state.setText(self._webhook_text())

    def _webhook_text(self) -> str:
        if self._webhook_lasts:
            return self.tr("There is an address.") if self._webhook_is_set else self.tr("There is none.")
        if self._webhook_is_set:
            return self.tr("The keyring of this system did not take it: the address lasts until the program ends.")
        return self.tr("The keyring of this system did not delete it: nothing is sent to it until the program ends.")

    def _minutes(self, count: int) -> str:
        return self.tr("{n} min").format(n=count)

    def _choose_thresholds(self) -> None:
        values = {name: box.value() * box.property("one") for name, box in self.limits.items()}
        days = round(values.pop("extreme_days"))
        span_ms, listings = self.fast_span.currentData(), self.listings.isChecked()
        self.thresholds_chosen.emit(Thresholds(**values, extreme_days=days, fast_span_ms=span_ms, listings=listings))

    def _show_thresholds(self, thresholds: Thresholds) -> None:
        for name, box in self.limits.items():
            with QSignalBlocker(box):
                box.setValue(getattr(thresholds, name) / box.property("one"))
        self.fast_span.setCurrentIndex(self.fast_span.findData(thresholds.fast_span_ms))
        self.listings.setChecked(thresholds.listings)

    def _want_tour(self) -> None:
        self.close()
        self.tour_wanted.emit()

    def _make_data(self) -> SettingsPage:
        page = SettingsPage()
        page.add_title(lambda: self.tr("Where the files are"))
        names = {
            "config": lambda: self.tr("Settings"),
            "data": lambda: self.tr("Desks and data"),
            "log": lambda: self.tr("Log"),
        }
        self.folder_buttons: dict[str, QPushButton] = {}
        for key, text in names.items():
            if key in self._folders:
                page.add_row(text, self._make_folder(page, key, text))
        page.add_title(lambda: self.tr("What is kept"))
        page.add_text(
            lambda: self.tr(
                "On this computer: your choices and shortcuts, favourites and recent symbols, your desks, drawings, "
                "alerts and strategies, candles and trades of the symbols you looked at, and a log of what the program "
                "did. An API key is in the keyring of the system alone."
            )
        )
        self.history = QSpinBox()
        self.history.setRange(*HISTORY_MIB)
        self.history.setSingleStep(256)
        self.history.setSuffix(" MiB")
        self.history.setGroupSeparatorShown(True)
        self.history.setMaximumWidth(CONTROL_WIDTH)
        self.history.setKeyboardTracking(False)
        self.history.valueChanged.connect(self.history_bound_chosen)
        page.add_row(lambda: self.tr("Candles and trades of an exchange take at most"), self.history)
        page.add_text(lambda: self.tr("The symbols that were looked at longest ago go first."))
        page.add_title(lambda: self.tr("What is sent"))
        page.add_text(
            lambda: self.tr(
                "Only requests for market data and, if you gave an API key, for your account, to Upbit, and none in "
                "the demo; to Binance for prices outside, if you chose it; alerts to a webhook, if you gave its "
                "address. There are no statistics and no update check."
            )
        )
        return page

    def _make_folder(self, page: SettingsPage, key: str, text: Say) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        path = QLineEdit(str(self._folders[key]))
        path.setReadOnly(True)
        path.setCursorPosition(0)
        path.setToolTip(path.text())
        page.say(path.setAccessibleName, text)
        button = self.folder_buttons[key] = QPushButton()
        button.clicked.connect(lambda: self._open_folder(key))
        page.say(button.setText, lambda: self.tr("Open folder"))
        page.say(button.setAccessibleName, lambda: self.tr("Open folder: {name}").format(name=text()))
        line.addWidget(path, 1)
        line.addWidget(button)
        row.setFocusProxy(path)
        return row

    def _open_folder(self, key: str) -> None:
        """Ask for the folder, or for the nearest above it: what was never written has none yet."""
        path = self._folders[key].absolute()
        self.folder_wanted.emit(next((p for p in (path, *path.parents) if p.is_dir()), path))

    def _make_about(self) -> SettingsPage:
        page = SettingsPage()
        name = QLabel(f"Hoga {doctor.version('hoga')}".strip())
        name.setFont(theme.font(18, "semibold"))
        page.add_wide(name)
        page.add_text(lambda: self.tr("Charts, order books and trades of Upbit, side by side. Not made by Upbit."))
        page.add_title(lambda: self.tr("Licences"))
        page.add_text(
            lambda: self.tr(
                "Hoga: MIT. Font Pretendard: SIL Open Font License 1.1. Qt and PySide: LGPL version 3. The other "
                "libraries keep the licences they are published under."
            )
        )
        page.add_title(lambda: self.tr("When something is wrong"))
        page.add_text(
            lambda: self.tr(
                "The summary names versions, system and screens, nothing personal. The command "
                "“hoga doctor” also tries to reach the exchange."
            )
        )
        self.copy_button = QPushButton()
        self.copy_button.clicked.connect(self._copy)
        page.say(self.copy_button.setText, lambda: self.tr("Copy the summary"))
        page.add_control(self.copy_button)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(page.say_again)
        return page

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(summary())
        self.copy_button.setText(self.tr("Copied"))
        self._copied.start()

    # What is shown.

    def show_choices(self, settings: Settings, lang: str, theme_name: str) -> None:
        """Show what is in force; `lang` and `theme_name` may depart from the settings for this run."""
        self._settings = settings
        self.lang.setCurrentIndex(max(self.lang.findData(lang), 0))
        self.theme.setCurrentIndex(max(self.theme.findData(theme_name), 0))
        self.updown.setCurrentIndex(max(self.updown.findData(settings.updown), 0))
        self.zone.setCurrentIndex(max(self.zone.findData(settings.zone), 0))
        self.interval_link.setChecked(settings.is_interval_linked)
        self.crosshair_link.setChecked(settings.is_crosshair_linked)
        self.span_link.setChecked(settings.is_span_linked)
        self.motion.setChecked(settings.is_motion_reduced)
        self._show_thresholds(settings.thresholds)
        self._show_cross(settings)
        self.quiet.setChecked(settings.is_quiet)
        with QSignalBlocker(self.history):
            self.history.setValue(settings.history_mib)

    def open_page(self, name: str = "") -> None:
        """Show the dialog at the page of that name, "" for the one shown last."""
        if name in self._names:
            self.list.setCurrentRow(self._names.index(name))
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def _say(self) -> None:
        self.setWindowTitle(self.tr("Settings"))
        self.list.setAccessibleName(self.tr("Pages"))
        for item, title in self._makers:
            item.setText(title())
        for page in self._pages:
            page.say_again()
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        widest = max(page.minimumSizeHint().width() for page in self._pages)
        self.setMinimumWidth(LIST_WIDTH + widest + bar)  # no page scrolls sideways
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))

    def changeEvent(self, event: QEvent) -> None:
        """The menus choose too: show what they chose."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
            self._say()
            self.show_choices(self._settings, "ko" if messages.is_korean() else "en", theme.name)
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._say()  # the screen may be another one
        super().showEvent(event)


def summary() -> str:
    """Return what a report of a fault should say of this machine. Nothing personal: no names, no folders."""
    screens = [
        f"{s.size().width()}x{s.size().height()} at {round(s.devicePixelRatio() * 100)} %"
        for s in QGuiApplication.screens()
    ]
    lines = {
        "hoga": doctor.version("hoga"),
        "python": platform.python_version(),
        "qt": qVersion(),
        **{name: doctor.version(name) for name in doctor.MODULES.values()},
        "system": platform.platform(),
        "display": QGuiApplication.platformName(),
        "screens": ", ".join(screens),
        "language": "ko" if messages.is_korean() else "en",
        "theme": f"{theme.name}, {theme.updown}",
    }
    return "\n".join(f"{name:<22} {value}".rstrip() for name, value in lines.items()) + "\n"
