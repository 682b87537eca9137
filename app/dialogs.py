"""What opens over the desk: palette, settings, cheat sheet, tour, and the small questions about desks.

Everything but the palette is loaded when it is first asked for: the start does not wait for it. No dialog blocks: the
market runs on behind it.
"""

from __future__ import annotations

import asyncio
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMessageBox, QWidget

from app.alert_center import WEBHOOK
from app.commands import Commands, rows
from app.desk import Desk
from app.secrets import in_thread
from core.state.alerts import PREMIUM, PRICE, SIGNAL, Rule
from core.state.strategies import Monitor
from widgets import messages
from widgets.controls.command_palette import CommandPalette
from widgets.pane import Pane

if TYPE_CHECKING:
    from app.account_page import AccountPage
    from app.cheat_sheet import CheatSheet
    from app.settings_dialog import SettingsDialog
    from app.tour import Tour


def open_url(url: str) -> None:
    """Show a page of the web in the user's browser; nothing that is not safe to be asked for."""
    address = QUrl(url)
    if address.isValid() and address.scheme() == "https" and address.host():
        QDesktopServices.openUrl(address)


class Dialogs(QObject):
    """Opens each at most once and keeps it.

    Args:
        folders: where the program keeps what it writes, by name: shown in the settings.
    """

    def __init__(self, commands: Commands, desk: Desk, folders: dict[str, Path]) -> None:
        super().__init__(desk.window)
        self._commands, self._desk, self._folders = commands, desk, folders
        self._window = desk.window
        self._palette = CommandPalette(self._window)
        self._palette.command_chosen.connect(self._run)
        self._settings: SettingsDialog | None = None
        self._account_page: AccountPage | None = None
        self._turn = asyncio.Lock()  # the address that was given last has to be kept last
        self._cheat_sheet: CheatSheet | None = None
        self._tour: Tour | None = None

    # Commands.

    def open_palette(self) -> None:
        """Let the user find a command by typing."""
        pane, focus = self._desk.workspace.active, QApplication.focusWidget()
        is_beside = pane is not None and focus is not None and focus.window() is pane.window()  # in a window of its own
        self._palette.open_over(pane if pane is not None and is_beside else self._window, rows(self._commands.all()))

    def _run(self, name: str) -> None:
        QTimer.singleShot(0, self, lambda: self._commands.run(name))  # when the palette has given the keyboard back

    def toggle_cheat_sheet(self) -> None:
        """Show every key, or put the sheet away."""
        from app.cheat_sheet import CheatSheet

        if self._cheat_sheet is None:
            self._cheat_sheet = CheatSheet(self._commands, self._window)
        if self._cheat_sheet.isVisible():
            self._cheat_sheet.close()
        else:
            self._cheat_sheet.show()

    # Settings, tour.

    def open_settings(self, page: str = "") -> None:
        """Show the settings; `page` is the one to open at."""
        from app.account_page import AccountPage
        from app.keys_page import KeysPage
        from app.settings_dialog import SettingsDialog

        desk = self._desk
        if self._settings is None:
            account = self._account_page = AccountPage()
            account.key_entered.connect(desk.set_account_key)
            account.forget_wanted.connect(desk.forget_account_key)
            account.check_wanted.connect(desk.check_account_key)
            account.url_wanted.connect(open_url)
            desk.account_changed.connect(self._show_account)
            made = self._settings = SettingsDialog(self._folders, KeysPage(self._commands), account, self._window)
            made.finished.connect(lambda _result: account.clear())  # no half of a key waits there
            made.lang_chosen.connect(desk.choices.set_lang)
            made.theme_chosen.connect(desk.choices.set_theme)
            made.updown_chosen.connect(desk.choices.set_updown)
            made.zone_chosen.connect(desk.choices.set_zone)
            made.interval_link_chosen.connect(desk.choices.set_interval_linked)
            made.crosshair_link_chosen.connect(desk.choices.set_crosshair_linked)
            made.span_link_chosen.connect(desk.choices.set_span_linked)
            made.motion_chosen.connect(desk.choices.set_motion_reduced)
            made.thresholds_chosen.connect(desk.choices.set_thresholds)
            made.terms_chosen.connect(desk.choices.set_terms)
            made.reference_chosen.connect(desk.choices.set_reference)
            made.webhook_chosen.connect(self._keep_webhook)
            made.history_bound_chosen.connect(desk.choices.set_history_bound)
            made.quiet_chosen.connect(desk.choices.set_quiet)
            desk.choices.quiet_changed.connect(made.quiet.setChecked)
            made.tour_wanted.connect(self.start_tour)
            made.folder_wanted.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        desk.spawn(self._show_webhook(self._settings))
        self._settings.show_choices(desk.settings, desk.choices.lang, desk.choices.theme_name)
        self._show_account()
        self._settings.open_page(page)

    async def _show_webhook(self, settings: SettingsDialog) -> None:
        """Say whether there is a webhook, once the keyring has said so: it may ask the user first."""
        secrets = self._desk.alerts.secrets
        settings.show_webhook(bool(await in_thread(lambda: secrets.get(WEBHOOK))))

    def _show_account(self) -> None:
        """Show on the page of the API key what the exchange says of it."""
        if self._account_page is not None:
            desk, account = self._desk, self._desk.feed.account
            state = messages.key_state(account.state, account.cause, account.missing, is_demo=desk.is_demo)
            known = desk.credentials
            self._account_page.show_key(known.hint, known.place, state, is_demo=desk.is_demo, is_left=known.is_left)

    def new_alert(self, pane: Pane | None = None) -> None:
        """Ask for a new alert, on the market of the pane in use."""
        pane = pane or self._desk.workspace.active
        self.new_alert_on(pane.market if pane is not None and pane.takes_market else "")

    def new_alert_on(self, market: str) -> None:
        """Ask for a new alert on a market, "" for the one that most look at."""
        desk = self._desk
        market = market or "KRW-BTC"
        ticker = desk.feed.store.ticker(market)
        price = ticker.price if ticker is not None else 0.0
        rule = Rule(desk.feed.alerts.free_id(), PRICE, market, way="reach", value=price)
        self._open_form(rule, is_new=True)

    def new_cross_alert(self, metric: str, market: str) -> None:
        """Ask for a new alert on a premium or an edge, a little beyond what it is now."""
        feed = self._desk.feed
        now = feed.cross.premium_at(market) if metric == PREMIUM else feed.cross.edge_at(market)
        usual = 0.02 if metric == PREMIUM else 0.001
        value = max(round(now * 1.1, 3), usual) if isfinite(now) else usual
        self._open_form(Rule(feed.alerts.free_id(), metric, market, value=value, mode="cooldown"), is_new=True)

    def open_alert(self, rule: Rule | None) -> None:
        """Let the user change an alert, or make one."""
        if rule is None:
            self.new_alert()
        else:
            self._open_form(rule, is_new=False)

    def _open_form(self, rule: Rule, *, is_new: bool) -> None:
        self._desk.spawn(self._open_form_soon(rule, is_new=is_new))

    async def _open_form_soon(self, rule: Rule, *, is_new: bool) -> None:
        """Open the form once it is known whether there is a webhook: the keyring that knows may ask the user first."""
        from app.alert_form import AlertForm

        desk = self._desk

        def price(market: str) -> float:
            ticker = desk.feed.store.ticker(market)
            return ticker.price if ticker is not None else 0.0

        has_webhook = bool(await in_thread(lambda: desk.alerts.secrets.get(WEBHOOK)))
        monitors = desk.feed.strategies.monitors
        form = AlertForm(
            rule, desk.picking.index, price, monitors, is_new=is_new, has_webhook=has_webhook, parent=self._window
        )
        form.accepted_rule.connect(self._keep_alert)
        form.removed.connect(desk.feed.alerts.remove)
        form.open_over()

    def _keep_alert(self, rule: Rule) -> None:
        if not self._desk.feed.alerts.set(rule):
            self._window.notify(self.tr("There are too many alerts. Delete some first."))

    def new_signal_alert(self, monitor_id: str = "") -> None:
        """Ask for a new alert on the signals of a strategy, "" for all."""
        rule = Rule(self._desk.feed.alerts.free_id(), SIGNAL, strategy=monitor_id, mode="each")
        self._open_form(rule, is_new=True)

    def new_strategy(self) -> None:
        """Ask for a new strategy, on the market of the pane in use."""
        pane, strategies = self._desk.workspace.active, self._desk.feed.strategies
        market = pane.market if pane is not None and pane.takes_market and pane.market else "KRW-BTC"
        self._open_strategy_form(Monitor(strategies.free_id(), next(iter(strategies.kinds)), (market,)), is_new=True)

    def open_strategy(self, monitor: Monitor | None) -> None:
        """Let the user change a strategy, or set one up."""
        if monitor is None:
            self.new_strategy()
        else:
            self._open_strategy_form(monitor, is_new=False)

    def _open_strategy_form(self, monitor: Monitor, *, is_new: bool) -> None:
        from app.strategy_form import StrategyForm

        desk = self._desk
        strategies = desk.feed.strategies
        form = StrategyForm(
            monitor,
            strategies.kinds,
            desk.picking.index,
            desk.picking.top_by_turnover,
            desk.settings.favourites,
            is_new=is_new,
            parent=self._window,
        )
        form.accepted_monitor.connect(self._keep_strategy)
        form.removed.connect(strategies.remove)
        form.open_over()

    def _keep_strategy(self, monitor: Monitor) -> None:
        if not self._desk.feed.strategies.set(monitor):
            self._window.notify(self.tr("There are too many strategies. Delete some first."))

    def _keep_webhook(self, url: str) -> None:
        """Keep the address of the webhook where secrets belong, and say if it does not last."""
        self._desk.spawn(self._keep_webhook_soon(url))

    async def _keep_webhook_soon(self, url: str) -> None:
        async with self._turn:
            lasts = await in_thread(lambda: self._desk.alerts.secrets.set(WEBHOOK, url))
        if self._settings is not None:
            self._settings.show_webhook(bool(url), lasts=lasts)

    def start_tour(self) -> None:
        """Show the three steps that a newcomer needs."""
        from app.tour import Step, Tour

        desk = self._desk

        def chart() -> QWidget | None:
            return next((p.header for p in desk.panes if p.takes_market and p.isVisible()), None)

        def link() -> QWidget | None:
            return next((p.header.link for p in desk.panes if p.group and p.isVisible()), None)

        steps = [
            Step(
                chart,
                self.tr("Change the symbol"),
                self.tr("Type letters on any pane: a code, a name, or initial consonants. Or drop a symbol on it."),
            ),
            Step(
                link,
                self.tr("Panes of one colour change together"),
                self.tr("Chart, order book and trades with the same number show the same symbol. Press it to change."),
            ),
            Step(
                lambda: self._window.palette_row,
                self.tr("Add panes, find everything"),
                self.tr("Drag a pane from here to where it shall be. Ctrl+K finds every command, F1 shows the keys."),
            ),
        ]
        if self._tour is None:
            self._tour = Tour(self._window)
            self._tour.finished.connect(self._end_tour)
        self._tour.start(steps)

    def _end_tour(self) -> None:
        self._desk.settings.has_seen_tour = True
        if self._desk.workspace.active is not None:
            self._desk.workspace.active.setFocus()

    # Desks.

    def rename_desk(self) -> None:
        """Ask for another name of the desk."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Rename the desk"))
        dialog.setLabelText(self.tr("Name of the desk"))
        dialog.setTextValue(self._desk.keeper.name)
        dialog.textValueSelected.connect(self._desk.keeper.rename)
        self._open(dialog)

    def delete_desk(self) -> None:
        """Ask, then delete the desk."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Delete the desk"))
        box.setText(
            self.tr("Delete the desk {name}? Its panes close; another desk opens.").format(name=self._desk.keeper.name)
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        delete.clicked.connect(self._desk.keeper.delete)
        self._open(box)

    def export_desk(self) -> None:
        """Ask for a file to write the desk to."""
        dialog = QFileDialog(self._window, self.tr("Export the desk"), "", self.tr("Desks (*.json)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(f"{self._desk.keeper.name}.json")
        dialog.fileSelected.connect(lambda path: self._desk.keeper.export(Path(path)))
        self._open(dialog)

    def import_desk(self) -> None:
        """Ask for a file to read a desk from."""
        dialog = QFileDialog(self._window, self.tr("Import a desk"), "", self.tr("Desks (*.json)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._desk.keeper.take(Path(path)))
        self._open(dialog)

    @staticmethod
    def _open(dialog: QDialog) -> None:
        """Show a dialog without waiting for it: `exec` in a coroutine would break the loop."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
