"""Every command of the program, by name, with its key: what menus, palette and cheat sheet show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QObject

from app.book_commands import add_book_commands
from app.chart_commands import add_chart_commands, add_export_commands
from app.chart_export import ChartExport
from app.commands import Commands
from app.desk import Desk
from app.desk_commands import add_desk_commands
from app.dialogs import Dialogs
from app.drawing_commands import add_drawing_commands
from app.indicator_commands import add_indicator_commands
from app.link_commands import add_link_commands
from app.menus import Menus
from app.panes import PANES, titles
from widgets.pane import Pane

_STEP_PX = 40  # by which a key makes a pane larger


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
        add_desk_commands(self._commands, desk, self._dialogs)
        self._add_panes()
        add_chart_commands(self._commands, self._workspace)
        add_indicator_commands(self._commands, self._workspace)
        add_drawing_commands(self._commands, self._workspace)
        add_link_commands(self._commands, self._workspace, desk.choices, desk.settings)
        add_export_commands(self._commands, self._workspace, self.export)
        add_book_commands(self._commands, self._workspace)
        self._add_view()
        self._menus = Menus(self._commands, desk, self._dialogs)
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
