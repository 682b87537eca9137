"""What menus hold, and what panes ask of the program: a menu, a form, a page."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.chart_commands import EXPORTS
from app.commands import Commands, native
from app.desk import Desk
from app.desk_commands import OPENS
from app.dialogs import Dialogs, open_url
from app.link_commands import LINK_COMMANDS, can_link
from app.panes import PANES
from app.templates import TEMPLATES
from core.market import tick_size
from widgets import format as fmt
from widgets.account.pane import AccountPane
from widgets.alerts.pane import AlertsPane
from widgets.arbitrage.pane import CrossPane
from widgets.chart.pane import ChartPane
from widgets.notices.pane import NoticesPane
from widgets.pane import Pane
from widgets.scanner.pane import ScannerPane
from widgets.strategies.pane import StrategiesPane


class Menus(QObject):
    """The menus of the window, of a pane, of a price: each shows commands that have names, and no others."""

    def __init__(self, commands: Commands, desk: Desk, dialogs: Dialogs) -> None:
        super().__init__(desk.window)
        self._commands, self._desk, self._dialogs = commands, desk, dialogs
        self._workspace = desk.workspace
        self._desks = QActionGroup(desk.window)
        self._pane_menu, self._link_menu, self._links_of_pane, self._exports_of_pane = (
            QMenu(desk.window) for _ in range(4)
        )
        self._fill_menus()
        self._workspace.pane_added.connect(self._join)
        for pane in desk.panes:
            self._join(pane)

    def _join(self, pane: Pane) -> None:
        if isinstance(pane, AlertsPane):
            pane.form_wanted.connect(self._dialogs.open_alert)
        if isinstance(pane, StrategiesPane):
            pane.form_wanted.connect(self._dialogs.open_strategy)
            pane.alert_wanted.connect(self._dialogs.new_signal_alert)
        if isinstance(pane, AccountPane | NoticesPane):
            pane.key_wanted.connect(lambda: self._dialogs.open_settings("account"))
        if isinstance(pane, NoticesPane):
            pane.url_wanted.connect(open_url)
        if isinstance(pane, ChartPane):
            pane.chart_menu.key_of = self._commands.keys_of
        if isinstance(pane, CrossPane):
            pane.alert_wanted.connect(self._dialogs.new_cross_alert)
            pane.settings_wanted.connect(lambda: self._dialogs.open_settings("cross"))
        if isinstance(pane, ScannerPane):
            pane.alert_wanted.connect(self._dialogs.new_alert_on)
            pane.thresholds_wanted.connect(lambda: self._dialogs.open_settings("scanner"))
        pane.price_menu_wanted.connect(self._offer_price)
        pane.health_wanted.connect(lambda: self._desk.focus_pane("connections"))
        pane.menu_wanted.connect(lambda p: self._pop_up(self._pane_menu, p, p.header.menu))
        pane.link_wanted.connect(lambda p: self._pop_up(self._link_menu, p, p.header.link))

    def _offer_price(self, pane: Pane, price: float, at: QPoint) -> None:
        """Offer what can be done at a price of a pane."""
        pane.setFocus()
        menu = QMenu(pane)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        market, text = pane.market, fmt.price(price, tick_size(pane.market, price))
        reach = QCoreApplication.translate("Menus", "Alert at {price}").format(price=text)
        menu.addAction(reach).triggered.connect(lambda: self._desk.add_price_alert(market, price))
        other = QCoreApplication.translate("Menus", "Another alert…")
        menu.addAction(other).triggered.connect(lambda: self._dialogs.new_alert(pane))
        copy = QCoreApplication.translate("Menus", "Copy {price}").format(price=text)
        menu.addAction(copy).triggered.connect(lambda: self._desk.copy_price(pane, price))
        mark = QCoreApplication.translate("Menus", "Mark {price} and copy it").format(price=text)
        menu.addAction(mark).triggered.connect(lambda: self._workspace.links.mark(pane, price))
        near = self._desk.price_alert_near(market, price)
        if near is not None:
            value = fmt.price(near.value, tick_size(market, near.value))
            gone = QCoreApplication.translate("Menus", "Delete the alert at {price}").format(price=value)
            menu.addAction(gone).triggered.connect(lambda: self._desk.feed.alerts.remove(near.id))
        if isinstance(pane, ChartPane):
            self._offer_of_chart(menu, pane)
        menu.popup(at)

    def _offer_of_chart(self, menu: QMenu, pane: ChartPane) -> None:
        """Offer what a chart has beside the price."""
        menu.addSeparator()
        if pane.view.pressed_ms is not None:
            anchored = QCoreApplication.translate("Menus", "Anchored VWAP from this bar")
            menu.addAction(anchored).triggered.connect(pane.anchor_vwap)
        own = menu.addAction(QCoreApplication.translate("Menus", "Own orders and fills"))
        own.setCheckable(True)
        own.setChecked(pane.has_own)
        own.toggled.connect(pane.set_own)
        menu.addSeparator()
        self._commands.fill(menu, *EXPORTS)

    @staticmethod
    def _pop_up(menu: QMenu, pane: Pane, button: QWidget) -> None:
        pane.setFocus()  # what is chosen in it goes to the pane in use
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _fill_menus(self) -> None:
        menus, fill = self._desk.window.menus, self._commands.fill
        fill(menus["program"], "program.palette", "program.settings", "", "alert.new", "alert.list", "alert.quiet", "")
        fill(menus["program"], "strategy.new", "strategy.list", "")
        fill(menus["program"], "account.show", "account.key", "")
        fill(menus["program"], "program.retry", "program.demo", "")
        fill(menus["program"], "program.quit")
        menus["desk"].aboutToShow.connect(self._list_desks)
        fill(menus["desk"], "", *(f"desk.new.{name}" for name in TEMPLATES), "", "desk.next", "desk.previous", "")
        fill(menus["desk"], "desk.rename", "desk.delete", "desk.export", "desk.import", "", "desk.lock")
        fill(menus["pane"], *(f"pane.new.{kind}" for kind in PANES), "")
        fill(menus["pane"], "pane.search", "pane.interval", "market.next", "market.previous", "")
        fill(menus["pane"], "pane.duplicate", "pane.duplicate.below", "pane.large", "pane.float", "")
        fill(menus["pane"], "pane.next", "pane.previous", "", "pane.close", "pane.reopen")
        fill(menus["pane"], "", "book.layout", "book.centre", "book.coarser", "book.finer")
        fill(menus["view"], "view.full_screen", "", "view.lang.ko", "view.lang.en", "")
        fill(menus["view"], "view.theme.dark", "view.theme.light", "view.theme.dark-cb", "view.theme.light-cb", "")
        fill(menus["view"], "view.updown.korean", "view.updown.western", "", "view.local_times")
        fill(menus["help"], "help.keys", "help.tour", "help.about")
        fill(self._link_menu, *LINK_COMMANDS)
        fill(self._links_of_pane, *LINK_COMMANDS)
        menu = self._pane_menu
        fill(menu, "pane.search", "pane.duplicate", "pane.duplicate.below", "pane.large", "pane.float", "")
        self._link_entry = menu.addMenu(self._links_of_pane)
        menu.aboutToShow.connect(self._say_link)
        fill(self._exports_of_pane, *EXPORTS)
        self._export_entry = menu.addMenu(self._exports_of_pane)
        fill(menu, "", "alert.new", "", "pane.close")

    def _say_link(self) -> None:
        pane = self._workspace.active
        self._export_entry.setText(QCoreApplication.translate("Menus", "Picture and data"))
        self._export_entry.setVisible(isinstance(pane, ChartPane))
        self._link_entry.setEnabled(can_link(self._workspace))
        number = pane.group if pane is not None else 0
        self._link_entry.setText(self._commands.action(f"link.group.{number}").text() if number else _link_title())

    def _list_desks(self) -> None:
        """Put the desks there are on top of their menu."""
        menu, desk = self._desk.window.menus["desk"], self._desk
        for action in self._desks.actions():
            menu.removeAction(action)
            self._desks.removeAction(action)
            action.deleteLater()
        first = menu.actions()[0]
        for at, name in enumerate(desk.keeper.names(), 1):
            keys = native(self._commands.keys_of(f"desk.open.{at}")) if at <= len(OPENS) else ""
            text = name.replace("&", "&&")
            action = QAction(f"{text}\t{keys}" if keys else text, self._desks)  # behind a tab stand the keys
            action.setCheckable(True)
            action.setChecked(name == desk.keeper.name)
            action.triggered.connect(lambda _=False, n=name: desk.keeper.open(n))
            self._desks.addAction(action)
            menu.insertAction(first, action)


def _link_title() -> str:
    return QCoreApplication.translate("Menus", "Link group")
