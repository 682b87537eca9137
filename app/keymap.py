"""Every command of the program, by name, with its key: what menus, palette and cheat sheet show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.chart_export import ChartExport
from app.commands import Commands, native
from app.desk import Desk
from app.dialogs import Dialogs, open_url
from app.drawing_commands import add_drawing_commands
from app.indicator_commands import add_indicator_commands
from app.links import GROUPS
from app.panes import PANES, titles
from app.templates import TEMPLATES
from core.market import tick_size
from widgets import format as fmt
from widgets.account.pane import AccountPane
from widgets.alerts.pane import AlertsPane
from widgets.arbitrage.pane import CrossPane
from widgets.chart.line_menu import DAY_TEXT, GAP_TEXTS
from widgets.chart.pane import ChartPane
from widgets.chart.timeline import Gaps
from widgets.notices.pane import NoticesPane
from widgets.orderbook.pane import OrderbookPane
from widgets.pane import Pane
from widgets.plot.bar_styles import Style
from widgets.plot.price_scale import PriceScale
from widgets.scanner.pane import ScannerPane
from widgets.strategies.pane import StrategiesPane

_STEP_PX = 40  # by which a key makes a pane larger
_ROLES = ("both", "lead", "follow")
_OPENS = (
    QT_TRANSLATE_NOOP("Commands", "Open the first desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the second desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the third desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the fourth desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the fifth desk"),
)
_EXPORTS = ("chart.copy_picture", "chart.save_picture", "chart.save_view", "chart.save_all")


class Keymap(QObject):
    """Joins commands to what they do, and menus, buttons and keys to commands.

    Args:
        folders: where the program keeps what it writes, by name.
        quit_program: asks the program to end.
    """

    def __init__(self, desk: Desk, folders: dict[str, Path], quit_program: Callable[[], None]) -> None:
        super().__init__(desk.window)
        self.commands = self._commands = Commands(desk.window)
        self.dialogs = self._dialogs = Dialogs(self._commands, desk, folders)
        self.export = ChartExport(desk)
        self._desk, self._workspace = desk, desk.workspace
        self._add_program(quit_program)
        self._add_desks()
        self._add_panes()
        self._add_chart()
        add_indicator_commands(self._commands, self._workspace)
        add_drawing_commands(self._commands, self._workspace)
        self._add_links()
        self._add_exports()
        self._add_books()
        self._add_view()
        self._desks = QActionGroup(desk.window)
        self._pane_menu, self._link_menu, self._links_of_pane, self._exports_of_pane = (
            QMenu(desk.window) for _ in range(4)
        )
        self._fill_menus()
        self._workspace.pane_added.connect(self._join)
        for pane in desk.panes:
            self._join(pane)
        desk.window.health_wanted.connect(lambda: desk.focus_pane("connections"))
        desk.window.palette_row.kind_chosen.connect(self.new_pane)
        self._say()
        for text in self._commands.apply_overrides(desk.settings.keys):
            desk.window.notify(text)
        self._commands.keys_changed.connect(self._keep_keys)

    def _say(self) -> None:
        tip = QCoreApplication.translate("Keymap", "{title}: press for one beside the pane in use, or drag it")
        self._desk.window.show_kinds({kind: titles()[kind] for kind in PANES}, tip)

    def event(self, event: QEvent) -> bool:
        """A widget hands a change of language on to all its children."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        return super().event(event)

    def _keep_keys(self) -> None:
        self._desk.settings.keys = self._commands.overrides()

    # Commands.

    def _add_program(self, quit_program: Callable[[], None]) -> None:
        add = partial(self._commands.add, group="program")
        dialogs, desk = self._dialogs, self._desk
        add("program.palette", QT_TRANSLATE_NOOP("Commands", "Find a command"), dialogs.open_palette, "Ctrl+K")
        add("program.settings", QT_TRANSLATE_NOOP("Commands", "Settings"), dialogs.open_settings, "Ctrl+,")
        add(
            "program.demo",
            QT_TRANSLATE_NOOP("Commands", "Open the demo exchange"),
            desk.open_demo,
            is_enabled=lambda: not desk.is_demo,
        )
        add("program.retry", QT_TRANSLATE_NOOP("Commands", "Connect again now"), desk.feed.retry)
        add(
            "account.show",
            QT_TRANSLATE_NOOP("Commands", "Show the account"),
            lambda: desk.focus_pane("account"),
        )
        add("account.key", QT_TRANSLATE_NOOP("Commands", "API key"), partial(dialogs.open_settings, "account"))
        add("alert.new", QT_TRANSLATE_NOOP("Commands", "New alert"), dialogs.new_alert, "Ctrl+Alt+A")
        add(
            "alert.list",
            QT_TRANSLATE_NOOP("Commands", "Show the alerts"),
            lambda: desk.focus_pane("alerts"),
        )
        add(
            "alert.quiet",
            QT_TRANSLATE_NOOP("Commands", "Do not disturb"),
            lambda: desk.choices.set_quiet(not desk.settings.is_quiet),
            is_checked=lambda: desk.settings.is_quiet,
        )
        add("strategy.new", QT_TRANSLATE_NOOP("Commands", "New strategy"), dialogs.new_strategy, "Ctrl+Alt+S")
        add(
            "strategy.list",
            QT_TRANSLATE_NOOP("Commands", "Show the strategies"),
            lambda: desk.focus_pane("strategies"),
        )
        add("program.quit", QT_TRANSLATE_NOOP("Commands", "Quit"), quit_program, "Ctrl+Q")
        add = partial(self._commands.add, group="help")
        add("help.keys", QT_TRANSLATE_NOOP("Commands", "Keys at a glance"), dialogs.toggle_cheat_sheet, "F1")
        add("help.tour", QT_TRANSLATE_NOOP("Commands", "Show the tour"), dialogs.start_tour)
        add("help.about", QT_TRANSLATE_NOOP("Commands", "About Hoga"), partial(dialogs.open_settings, "about"))

    def _add_desks(self) -> None:
        add = partial(self._commands.add, group="desk")
        desk, dialogs = self._desk, self._dialogs
        news = {
            "four": QT_TRANSLATE_NOOP("Commands", "New desk: four charts"),
            "scalping": QT_TRANSLATE_NOOP("Commands", "New desk: scalping"),
            "trading": QT_TRANSLATE_NOOP("Commands", "New desk: markets and chart"),
            "wall": QT_TRANSLATE_NOOP("Commands", "New desk: nine charts"),
            "scanner": QT_TRANSLATE_NOOP("Commands", "New desk: the whole market"),
            "cross": QT_TRANSLATE_NOOP("Commands", "New desk: KRW, BTC and USDT"),
            "strategies": QT_TRANSLATE_NOOP("Commands", "New desk: strategies"),
            "account": QT_TRANSLATE_NOOP("Commands", "New desk: own account"),
        }
        for number, name in enumerate(TEMPLATES, 1):
            add(f"desk.new.{name}", news[name], partial(desk.keeper.new, name), f"Ctrl+Shift+{number}")
        for at, text in enumerate(_OPENS):
            add(f"desk.open.{at + 1}", text, partial(self._open_desk, at), f"Ctrl+{at + 1}")
        add("desk.next", QT_TRANSLATE_NOOP("Commands", "Next desk"), partial(self._step_desk, 1), "Ctrl+PgDown")
        add("desk.previous", QT_TRANSLATE_NOOP("Commands", "Previous desk"), partial(self._step_desk, -1), "Ctrl+PgUp")
        add("desk.rename", QT_TRANSLATE_NOOP("Commands", "Rename the desk"), dialogs.rename_desk, "F2")
        add("desk.delete", QT_TRANSLATE_NOOP("Commands", "Delete the desk"), dialogs.delete_desk)
        add("desk.export", QT_TRANSLATE_NOOP("Commands", "Export the desk"), dialogs.export_desk)
        add("desk.import", QT_TRANSLATE_NOOP("Commands", "Import a desk"), dialogs.import_desk)
        add(
            "desk.lock",
            QT_TRANSLATE_NOOP("Commands", "Lock the panes in their places"),
            lambda: self._workspace.lock(not self._workspace.is_locked),
            "Ctrl+L",
            is_checked=lambda: self._workspace.is_locked,
        )

    def _add_panes(self) -> None:
        group = "pane"
        add, workspace = partial(self._commands.add, group=group), self._workspace
        news = {
            "chart": (QT_TRANSLATE_NOOP("Commands", "New chart"), "Ctrl+Shift+C"),
            "orderbook": (QT_TRANSLATE_NOOP("Commands", "New order book"), "Ctrl+Shift+B"),
            "trades": (QT_TRANSLATE_NOOP("Commands", "New trades"), "Ctrl+Shift+R"),
            "markets": (QT_TRANSLATE_NOOP("Commands", "New list of markets"), "Ctrl+Shift+M"),
            "scanner": (QT_TRANSLATE_NOOP("Commands", "New scanner"), "Ctrl+Shift+S"),
            "arbitrage": (QT_TRANSLATE_NOOP("Commands", "New cross-market pane"), "Ctrl+Shift+X"),
            "strategies": (QT_TRANSLATE_NOOP("Commands", "New list of strategies"), "Ctrl+Shift+G"),
            "account": (QT_TRANSLATE_NOOP("Commands", "New account"), "Ctrl+Shift+Y"),
            "alerts": (QT_TRANSLATE_NOOP("Commands", "New list of alerts"), "Ctrl+Shift+A"),
            "notices": (QT_TRANSLATE_NOOP("Commands", "New list of notices"), "Ctrl+Shift+N"),
            "connections": (QT_TRANSLATE_NOOP("Commands", "New list of connections"), "Ctrl+Shift+I"),
        }
        for kind in PANES:
            add(f"pane.new.{kind}", news[kind][0], partial(self.new_pane, kind), news[kind][1])
        self._pane("pane.search", QT_TRANSLATE_NOOP("Commands", "Change the symbol"), self._search, "Ctrl+F")
        self._pane("pane.interval", QT_TRANSLATE_NOOP("Commands", "Change the interval"), self._interval, "Ctrl+I")
        for name, text, keys, by in (
            ("market.next", QT_TRANSLATE_NOOP("Commands", "Next symbol"), "Alt+Down", 1),
            ("market.previous", QT_TRANSLATE_NOOP("Commands", "Previous symbol"), "Alt+Up", -1),
        ):
            add(name, text, partial(self._desk.picking.step_market, by), keys, is_repeating=True)
        self._pane(
            "pane.duplicate", QT_TRANSLATE_NOOP("Commands", "Duplicate to the right"), workspace.duplicate, "Ctrl+D"
        )
        self._pane(
            "pane.duplicate.below",
            QT_TRANSLATE_NOOP("Commands", "Duplicate below"),
            lambda pane: workspace.duplicate(pane, "bottom"),
            "Ctrl+Shift+D",
        )
        add(
            "pane.large",
            QT_TRANSLATE_NOOP("Commands", "Fill the window"),
            self._toggle_large,
            "Ctrl+Return",
            is_enabled=lambda: workspace.active is not None,
            is_checked=lambda: bool(workspace.docks.large),
        )
        self._moving(
            "pane.float", QT_TRANSLATE_NOOP("Commands", "Tear off or dock"), self._toggle_float, "Ctrl+Shift+F"
        )
        self._moving("pane.close", QT_TRANSLATE_NOOP("Commands", "Close the pane"), workspace.close_pane, "Ctrl+W")
        add(
            "pane.reopen",
            QT_TRANSLATE_NOOP("Commands", "Open the closed pane again"),
            workspace.reopen,
            "Ctrl+Shift+T",
            is_enabled=lambda: workspace.can_reopen,
        )
        add("pane.next", QT_TRANSLATE_NOOP("Commands", "Next pane"), partial(workspace.step_focus, 1), "F6")
        add(
            "pane.previous",
            QT_TRANSLATE_NOOP("Commands", "Previous pane"),
            partial(workspace.step_focus, -1),
            "Shift+F6",
        )
        for side, text, keys in (
            ("left", QT_TRANSLATE_NOOP("Commands", "Move the pane to the left edge"), "Ctrl+Shift+Left"),
            ("right", QT_TRANSLATE_NOOP("Commands", "Move the pane to the right edge"), "Ctrl+Shift+Right"),
            ("top", QT_TRANSLATE_NOOP("Commands", "Move the pane to the upper edge"), "Ctrl+Shift+Up"),
            ("bottom", QT_TRANSLATE_NOOP("Commands", "Move the pane to the lower edge"), "Ctrl+Shift+Down"),
        ):
            self._moving(f"pane.move.{side}", text, partial(self._move, side=side), keys)
        for name, text, keys, wider, taller in (
            ("wider", QT_TRANSLATE_NOOP("Commands", "Make the pane wider"), "Ctrl+Alt+Right", _STEP_PX, 0),
            ("narrower", QT_TRANSLATE_NOOP("Commands", "Make the pane narrower"), "Ctrl+Alt+Left", -_STEP_PX, 0),
            ("taller", QT_TRANSLATE_NOOP("Commands", "Make the pane taller"), "Ctrl+Alt+Down", 0, _STEP_PX),
            ("lower", QT_TRANSLATE_NOOP("Commands", "Make the pane lower"), "Ctrl+Alt+Up", 0, -_STEP_PX),
        ):
            self._pane(f"pane.{name}", text, partial(self._resize, wider=wider, taller=taller), keys, is_repeating=True)

    def _add_chart(self) -> None:
        self._chart(
            "chart.menu", QT_TRANSLATE_NOOP("Commands", "How the chart looks"), ChartPane.open_chart_menu, "Alt+C"
        )
        self._chart("chart.indicators", QT_TRANSLATE_NOOP("Commands", "Indicators"), ChartPane.open_indicators, "Alt+I")
        self._chart(
            "chart.compare",
            QT_TRANSLATE_NOOP("Commands", "Compare with another symbol"),
            ChartPane.ask_compare,
            "Alt+Shift+C",
        )
        self._chart(
            "chart.sides",
            QT_TRANSLATE_NOOP("Commands", "Volume by buyers and sellers"),
            lambda pane: pane.set_sides(not pane.has_sides),
            is_on=lambda pane: pane.has_sides,
        )
        looks: tuple[tuple[Style, object], ...] = (
            ("candles", QT_TRANSLATE_NOOP("Commands", "Chart: candles")),
            ("hollow", QT_TRANSLATE_NOOP("Commands", "Chart: hollow candles")),
            ("bars", QT_TRANSLATE_NOOP("Commands", "Chart: bars (OHLC)")),
            ("heikin", QT_TRANSLATE_NOOP("Commands", "Chart: Heikin-Ashi")),
            ("line", QT_TRANSLATE_NOOP("Commands", "Chart: line")),
            ("area", QT_TRANSLATE_NOOP("Commands", "Chart: area")),
        )
        for style, text in looks:
            self._chart(f"chart.style.{style}", text, partial(_set_style, style), is_on=partial(_has_style, style))
        scales: tuple[tuple[PriceScale, object, str], ...] = (
            ("log", QT_TRANSLATE_NOOP("Commands", "Logarithmic scale"), "Alt+L"),
            ("percent", QT_TRANSLATE_NOOP("Commands", "Percent scale"), "Alt+P"),
        )
        for scale, text, keys in scales:
            self._chart(
                f"chart.scale.{scale}",
                text,
                partial(_toggle_scale, scale),
                keys,
                is_on=partial(_has_scale, scale),
            )

        for gaps, text in GAP_TEXTS.items():
            self._chart(f"chart.gaps.{gaps}", text, partial(_set_gaps, gaps), is_on=partial(_has_gaps, gaps))
        self._chart("chart.day", DAY_TEXT, _toggle_day, is_on=lambda pane: pane.has_day_lines)

    def _chart(
        self,
        name: str,
        text: object,
        run: Callable[[ChartPane], object],
        keys: str = "",
        *,
        is_on: Callable[[ChartPane], bool] | None = None,
    ) -> None:
        """Add what is done with the chart in use."""

        def is_checked() -> bool:
            return is_on is not None and (pane := self._workspace.chart) is not None and is_on(pane)

        self._commands.add(
            name,
            text,
            lambda: (pane := self._workspace.chart) and run(pane),
            keys,
            group="chart",
            is_enabled=lambda: self._workspace.chart is not None,
            is_checked=None if is_on is None else is_checked,
        )

    def _add_links(self) -> None:
        group = "link"
        texts = (
            QT_TRANSLATE_NOOP("Commands", "Leave the link group"),
            QT_TRANSLATE_NOOP("Commands", "Link group 1"),
            QT_TRANSLATE_NOOP("Commands", "Link group 2"),
            QT_TRANSLATE_NOOP("Commands", "Link group 3"),
            QT_TRANSLATE_NOOP("Commands", "Link group 4"),
            QT_TRANSLATE_NOOP("Commands", "Link group 5"),
            QT_TRANSLATE_NOOP("Commands", "Link group 6"),
            QT_TRANSLATE_NOOP("Commands", "Link group 7"),
            QT_TRANSLATE_NOOP("Commands", "Link group 8"),
            QT_TRANSLATE_NOOP("Commands", "Link group 9"),
        )
        for number in range(GROUPS + 1):
            self._commands.add(
                f"link.group.{number}",
                texts[number],
                partial(self._link, number),
                f"Alt+{number}",
                group=group,
                is_enabled=self._can_link,
                is_checked=partial(self._is_in, number),
            )
        for role, text in (
            ("both", QT_TRANSLATE_NOOP("Commands", "Lead and follow the group")),
            ("lead", QT_TRANSLATE_NOOP("Commands", "Lead the group only")),
            ("follow", QT_TRANSLATE_NOOP("Commands", "Follow the group only")),
        ):
            self._commands.add(
                f"link.role.{role}",
                text,
                partial(self._set_role, role),
                group=group,
                is_enabled=lambda: self._can_link() and not self._is_in(0),
                is_checked=partial(self._is_role, role),
            )
        desk = self._desk
        self._commands.add(
            "link.span",
            QT_TRANSLATE_NOOP("Commands", "Charts of a group show the same stretch of time"),
            lambda: desk.choices.set_span_linked(not desk.settings.is_span_linked),
            group=group,
            is_checked=lambda: desk.settings.is_span_linked,
        )

    def _add_exports(self) -> None:
        """Add what is taken out of the chart in use."""
        workspace, export = self._workspace, self.export
        entries: tuple[tuple[str, object, Callable[[ChartPane], object], str], ...] = (
            (
                "chart.copy_picture",
                QT_TRANSLATE_NOOP("Commands", "Copy a picture of the chart"),
                export.copy_picture,
                "Ctrl+Alt+C",
            ),
            (
                "chart.save_picture",
                QT_TRANSLATE_NOOP("Commands", "Save a picture of the chart"),
                export.save_picture,
                "Ctrl+Alt+P",
            ),
            (
                "chart.save_view",
                QT_TRANSLATE_NOOP("Commands", "Save the bars in view as a table"),
                partial(export.save_data, in_view=True),
                "Ctrl+Alt+E",
            ),
            (
                "chart.save_all",
                QT_TRANSLATE_NOOP("Commands", "Save all loaded bars as a table"),
                partial(export.save_data, in_view=False),
                "",
            ),
        )

        def take(run: Callable[[ChartPane], object]) -> None:
            if (pane := workspace.chart) is not None:
                run(pane)

        for name, text, run, keys in entries:
            self._commands.add(
                name,
                text,
                partial(take, run),
                keys,
                group="pane",
                is_enabled=lambda: (pane := workspace.chart) is not None and pane.view.model.count > 0,
            )

    def _add_books(self) -> None:
        """Add what is done with the order book in use, or the one beside the pane in use."""
        books: tuple[tuple[str, object, str, Callable[[OrderbookPane], object]], ...] = (
            (
                "book.layout",
                QT_TRANSLATE_NOOP("Commands", "Fixed prices (DOM), or the spread in the middle"),
                "Ctrl+B",
                lambda book: book.bar.toggle_layout(),
            ),
            (
                "book.centre",
                QT_TRANSLATE_NOOP("Commands", "Back to the spread"),
                "Ctrl+E",
                lambda book: book.recentre(),
            ),
            (
                "book.coarser",
                QT_TRANSLATE_NOOP("Commands", "Group prices more"),
                "Ctrl+]",
                lambda book: book.step_level(1),
            ),
            (
                "book.finer",
                QT_TRANSLATE_NOOP("Commands", "Group prices less"),
                "Ctrl+[",
                lambda book: book.step_level(-1),
            ),
        )
        for name, text, keys, run in books:
            self._commands.add(
                name,
                text,
                partial(self._with_book, run),
                keys,
                group="book",
                is_enabled=lambda: self._book() is not None,
            )
        for name, text, keys, by in (
            ("book.mark.up", QT_TRANSLATE_NOOP("Commands", "Mark the price above"), "Ctrl+Up", 1),
            ("book.mark.down", QT_TRANSLATE_NOOP("Commands", "Mark the price below"), "Ctrl+Down", -1),
        ):
            self._commands.add(
                name,
                text,
                partial(self._step_mark, by),
                keys,
                group="book",
                is_enabled=lambda: self._book_to_mark() is not None,
                is_repeating=True,
            )
        self._commands.add(
            "book.mark.drop",
            QT_TRANSLATE_NOOP("Commands", "Mark no price any more"),
            self._drop_mark,
            group="book",
            is_enabled=lambda: self._workspace.active is not None and self._workspace.active.marked is not None,
        )

    def _add_view(self) -> None:
        group = "view"
        add, desk = partial(self._commands.add, group=group), self._desk
        add(
            "view.full_screen",
            QT_TRANSLATE_NOOP("Commands", "Full screen"),
            self._toggle_full_screen,
            "F11",
            is_checked=desk.window.isFullScreen,
        )
        for lang, text in (
            ("ko", QT_TRANSLATE_NOOP("Commands", "Korean")),
            ("en", QT_TRANSLATE_NOOP("Commands", "English")),
        ):
            add(
                f"view.lang.{lang}", text, partial(desk.choices.set_lang, lang), is_checked=partial(self._is_lang, lang)
            )
        for name, text in (
            ("dark", QT_TRANSLATE_NOOP("Commands", "Dark")),
            ("light", QT_TRANSLATE_NOOP("Commands", "Light")),
            ("dark-cb", QT_TRANSLATE_NOOP("Commands", "Dark, colour-blind")),
            ("light-cb", QT_TRANSLATE_NOOP("Commands", "Light, colour-blind")),
        ):
            add(
                f"view.theme.{name}",
                text,
                partial(desk.choices.set_theme, name),
                is_checked=partial(self._is_theme, name),
            )
        for name, text in (
            ("korean", QT_TRANSLATE_NOOP("Commands", "Rise red, fall blue")),
            ("western", QT_TRANSLATE_NOOP("Commands", "Rise green, fall red")),
        ):
            add(
                f"view.updown.{name}",
                text,
                partial(desk.choices.set_updown, name),
                is_checked=partial(self._is_updown, name),
            )
        add(
            "view.local_times",
            QT_TRANSLATE_NOOP("Commands", "Times of this machine"),
            desk.choices.change_zone,
            is_checked=lambda: desk.settings.zone == "local",
        )

    def _pane(
        self, name: str, text: object, run: Callable[[Pane], object], keys: str = "", *, is_repeating: bool = False
    ) -> None:
        """Add what is done with the pane in use."""
        workspace = self._workspace
        self._commands.add(
            name,
            text,
            lambda: workspace.active and run(workspace.active),
            keys,
            group="pane",
            is_enabled=lambda: workspace.active is not None,
            is_repeating=is_repeating,
        )

    def _moving(self, name: str, text: object, run: Callable[[Pane], object], keys: str) -> None:
        """Add what moves the pane in use: not while the desk is locked."""
        workspace = self._workspace
        self._commands.add(
            name,
            text,
            lambda: workspace.active and run(workspace.active),
            keys,
            group="pane",
            is_enabled=lambda: workspace.active is not None and not workspace.is_locked,
        )

    # What they do.

    def new_pane(self, kind: str) -> None:
        """Open a pane beside the one in use, in its link group."""
        beside = self._workspace.active
        self._workspace.add(kind, group=beside.group if beside is not None else 0, beside=beside)

    def _search(self, pane: Pane) -> None:
        pane.picker_wanted.emit(pane, "")

    def _interval(self, pane: Pane) -> None:
        pane.interval_wanted.emit(pane, "")

    def _toggle_large(self) -> None:
        docks, pane = self._workspace.docks, self._workspace.active
        if docks.large:
            docks.restore_size()
        elif pane is not None:
            docks.fill(pane.objectName())

    def _toggle_float(self, pane: Pane) -> None:
        docks, name = self._workspace.docks, pane.objectName()
        if docks.is_floating(name):
            docks.dock_again(name)
        else:
            docks.float_dock(name)
        pane.setFocus()

    def _move(self, pane: Pane, side: str) -> None:
        self._workspace.docks.move(pane.objectName(), side)
        pane.setFocus()

    def _resize(self, pane: Pane, wider: int, taller: int) -> None:
        self._workspace.docks.resize(pane.objectName(), wider, taller)

    def _book(self) -> OrderbookPane | None:
        """Return the book in use: the active pane, or else one of its group, or any."""
        active, panes = self._workspace.active, list(self._workspace.panes.values())
        if active is not None:
            panes = [active, *self._workspace.links.members(active.group), *panes]
        return next((pane for pane in panes if isinstance(pane, OrderbookPane)), None)

    def _with_book(self, run: Callable[[OrderbookPane], object]) -> None:
        if book := self._book():
            run(book)

    def _book_to_mark(self) -> OrderbookPane | None:
        """Return the book whose prices are marked: of the market in use, the active pane or one of its group."""
        active = self._workspace.active
        if active is None:
            return None
        panes = [active, *self._workspace.links.members(active.group)]
        return next((p for p in panes if isinstance(p, OrderbookPane) and p.market == active.market), None)

    def _step_mark(self, by: int) -> None:
        book = self._book_to_mark()
        price = book.price_beside(by) if book is not None else None
        if book is not None and price is not None:
            self._workspace.links.mark(book, price)
            book.shown.reveal(price)

    def _drop_mark(self) -> None:
        if pane := self._workspace.active:
            self._workspace.links.mark(pane, None)

    def _can_link(self) -> bool:
        return self._workspace.active is not None and self._workspace.active.takes_market

    def _link(self, group: int) -> None:
        if pane := self._workspace.active:
            self._workspace.links.join(pane, group, pane.role)

    def _is_in(self, group: int) -> bool:
        pane = self._workspace.active
        return pane is not None and pane.group == group

    def _set_role(self, role: str) -> None:
        if pane := self._workspace.active:
            self._workspace.links.join(pane, pane.group, role)

    def _is_role(self, role: str) -> bool:
        pane = self._workspace.active
        return pane is not None and bool(pane.group) and pane.role == role

    def _is_lang(self, lang: str) -> bool:
        return self._desk.choices.lang == lang

    def _is_theme(self, name: str) -> bool:
        return self._desk.choices.theme_name == name

    def _is_updown(self, name: str) -> bool:
        return self._desk.settings.updown == name

    def _toggle_full_screen(self) -> None:
        window = self._desk.window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def _open_desk(self, at: int) -> None:
        names = self._desk.keeper.names()
        if at < len(names):
            self._desk.keeper.open(names[at])

    def _step_desk(self, by: int) -> None:
        names = self._desk.keeper.names()
        if names:
            at = names.index(self._desk.keeper.name) if self._desk.keeper.name in names else -1
            self._desk.keeper.open(names[(at + by) % len(names)])

    # Menus.

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
        reach = QCoreApplication.translate("Keymap", "Alert at {price}").format(price=text)
        menu.addAction(reach).triggered.connect(lambda: self._desk.add_price_alert(market, price))
        other = QCoreApplication.translate("Keymap", "Another alert…")
        menu.addAction(other).triggered.connect(lambda: self._dialogs.new_alert(pane))
        copy = QCoreApplication.translate("Keymap", "Copy {price}").format(price=text)
        menu.addAction(copy).triggered.connect(lambda: self._desk.copy_price(pane, price))
        mark = QCoreApplication.translate("Keymap", "Mark {price} and copy it").format(price=text)
        menu.addAction(mark).triggered.connect(lambda: self._workspace.links.mark(pane, price))
        near = self._desk.price_alert_near(market, price)
        if near is not None:
            value = fmt.price(near.value, tick_size(market, near.value))
            gone = QCoreApplication.translate("Keymap", "Delete the alert at {price}").format(price=value)
            menu.addAction(gone).triggered.connect(lambda: self._desk.feed.alerts.remove(near.id))
        if isinstance(pane, ChartPane):
            self._offer_of_chart(menu, pane)
        menu.popup(at)

    def _offer_of_chart(self, menu: QMenu, pane: ChartPane) -> None:
        """Offer what a chart has beside the price."""
        menu.addSeparator()
        if pane.view.pressed_ms is not None:
            anchored = QCoreApplication.translate("Keymap", "Anchored VWAP from this bar")
            menu.addAction(anchored).triggered.connect(pane.anchor_vwap)
        own = menu.addAction(QCoreApplication.translate("Keymap", "Own orders and fills"))
        own.setCheckable(True)
        own.setChecked(pane.has_own)
        own.toggled.connect(pane.set_own)
        menu.addSeparator()
        self._commands.fill(menu, *_EXPORTS)

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
        links = (
            *(f"link.group.{n}" for n in (*range(1, GROUPS + 1), 0)),
            "",
            *(f"link.role.{r}" for r in _ROLES),
            "",
            "link.span",
        )
        fill(self._link_menu, *links)
        fill(self._links_of_pane, *links)
        menu = self._pane_menu
        fill(menu, "pane.search", "pane.duplicate", "pane.duplicate.below", "pane.large", "pane.float", "")
        self._link_entry = menu.addMenu(self._links_of_pane)
        menu.aboutToShow.connect(self._say_link)
        fill(self._exports_of_pane, *_EXPORTS)
        self._export_entry = menu.addMenu(self._exports_of_pane)
        fill(menu, "", "alert.new", "", "pane.close")

    def _say_link(self) -> None:
        pane = self._workspace.active
        self._export_entry.setText(QCoreApplication.translate("Keymap", "Picture and data"))
        self._export_entry.setVisible(isinstance(pane, ChartPane))
        self._link_entry.setEnabled(self._can_link())
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
            keys = native(self._commands.keys_of(f"desk.open.{at}")) if at <= len(_OPENS) else ""
            text = name.replace("&", "&&")
            action = QAction(f"{text}\t{keys}" if keys else text, self._desks)  # behind a tab stand the keys
            action.setCheckable(True)
            action.setChecked(name == desk.keeper.name)
            action.triggered.connect(lambda _=False, n=name: desk.keeper.open(n))
            self._desks.addAction(action)
            menu.insertAction(first, action)


def _set_style(style: Style, pane: ChartPane) -> None:
    pane.set_style_of_bars(style)


def _has_style(style: Style, pane: ChartPane) -> bool:
    return pane.style_of_bars == style


def _set_gaps(gaps: Gaps, pane: ChartPane) -> None:
    pane.set_gaps(gaps)


def _has_gaps(gaps: Gaps, pane: ChartPane) -> bool:
    return pane.gaps == gaps


def _toggle_day(pane: ChartPane) -> None:
    pane.set_day_lines(not pane.has_day_lines)


def _toggle_scale(scale: PriceScale, pane: ChartPane) -> None:
    pane.toggle_price_scale(scale)


def _has_scale(scale: PriceScale, pane: ChartPane) -> bool:
    return pane.price_scale == scale


def _link_title() -> str:
    return QCoreApplication.translate("Keymap", "Link group")
