"""What the user chooses: each choice is in force at once, and in the settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

from app import translations
from app.settings import GROUPS, Settings
from app.workspace import Workspace
from core.calc.arbitrage import Terms
from core.calc.unusual import Thresholds
from core.feed.feed import Feed
from widgets import theme, zone
from widgets.alerts.pane import AlertsPane
from widgets.arbitrage.pane import CrossPane
from widgets.chart.pane import ChartPane
from widgets.frame import FrameClock
from widgets.markets.pane import MarketsPane
from widgets.pane import Pane
from widgets.scanner.pane import ScannerPane


class Choices(QObject):
    """Puts the user's choices into force.

    Args:
        settings: the user's.
        lang: of this run, which may depart from the settings, as may `theme_name`.
    """

    quiet_changed = Signal(bool)
    reference_changed = Signal()  # what prices are compared with
    history_bound_changed = Signal(int)  # MiB
    groups_full = Signal()  # the user wants more groups of markets than there may be

    def __init__(
        self,
        app: QApplication,
        workspace: Workspace,
        feed: Feed,
        frames: FrameClock,
        settings: Settings,
        lang: str,
        theme_name: str,
    ) -> None:
        super().__init__(workspace)
        self._app, self._workspace, self._feed, self._frames = app, workspace, feed, frames
        self._settings = settings
        self.lang, self.theme_name = lang, theme_name
        feed.board.set_thresholds(settings.thresholds)
        feed.cross.terms = settings.terms
        workspace.links.is_interval_linked = settings.is_interval_linked
        workspace.links.is_crosshair_linked = settings.is_crosshair_linked
        workspace.links.is_span_linked = settings.is_span_linked

    def join(self, pane: Pane) -> None:
        """Show a new pane what is chosen, and take what is chosen in it."""
        settings = self._settings
        if isinstance(pane, ChartPane):
            pane.zone_wanted.connect(self.change_zone)
            pane.set_kinetic(not settings.is_motion_reduced)
        if isinstance(pane, ScannerPane):
            pane.show_groups(settings.groups)
            pane.groups_changed.connect(self._keep_groups)
        if isinstance(pane, CrossPane):
            pane.terms_chosen.connect(self.set_terms)
        if isinstance(pane, AlertsPane):
            pane.show_quiet(settings.is_quiet)
            pane.quiet_chosen.connect(self.set_quiet)
        if isinstance(pane, MarketsPane | ScannerPane):
            pane.show_favourites(settings.favourites)
            pane.favourite_toggled.connect(self._toggle_favourite)

    # How things look and speak.

    def set_lang(self, lang: str) -> None:
        """Speak "ko" or "en" from now on."""
        self.lang = lang
        self._settings.lang = "ko" if lang == "ko" else "en"
        translations.install(self._app, lang)
        self._redraw()

    def set_theme(self, name: str) -> None:
        """Wear the theme `name` from now on."""
        self.theme_name = name
        self._settings.theme = name if name in ("dark", "light", "dark-cb", "light-cb") else "dark"  # type: ignore[assignment]
        self._repaint()

    def set_updown(self, name: str) -> None:
        """Colour rise and fall the "korean" or the "western" way from now on."""
        self._settings.updown = "western" if name == "western" else "korean"
        self._repaint()

    def set_zone(self, name: str) -> None:
        """Show times in Korea's zone, or in this machine's if `name` is "local", from now on."""
        self._settings.zone = "local" if name == "local" else "kst"
        zone.use(self._settings.zone)
        for top in self._app.topLevelWidgets():  # whoever says something says it again
            self._app.sendEvent(top, QEvent(QEvent.Type.LanguageChange))
        self._redraw()

    def change_zone(self) -> None:
        """Show times in the other zone."""
        self.set_zone("kst" if self._settings.zone == "local" else "local")

    def set_motion_reduced(self, is_reduced: bool) -> None:
        """Let nothing move on by itself, or let it."""
        self._settings.is_motion_reduced = is_reduced
        for pane in self._workspace.panes.values():
            if isinstance(pane, ChartPane):
                pane.set_kinetic(not is_reduced)

    def _repaint(self) -> None:
        theme.apply(self._app, self.theme_name, self._settings.updown)
        self._workspace.docks.restyle()
        self._redraw()

    def _redraw(self) -> None:
        self._workspace.say_empty()
        for pane in self._workspace.panes.values():
            self._frames.mark(pane)

    # How panes hold together.

    def set_interval_linked(self, is_linked: bool) -> None:
        """Let the charts of a group change their interval together."""
        self._settings.is_interval_linked = self._workspace.links.is_interval_linked = is_linked

    def set_crosshair_linked(self, is_linked: bool) -> None:
        """Let the charts of a group show the crosshair at one time."""
        self._settings.is_crosshair_linked = is_linked
        self._workspace.links.set_crosshair_linked(is_linked)

    def set_span_linked(self, is_linked: bool) -> None:
        """Let the charts of a group show the same stretch of time."""
        self._settings.is_span_linked = self._workspace.links.is_span_linked = is_linked

    # What is looked for, and with what it is compared.

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """Let this count as unusual from now on."""
        self._settings.thresholds = thresholds
        self._feed.board.set_thresholds(thresholds)

    def set_terms(self, terms: Terms) -> None:
        """Trade between quote currencies on these terms from now on."""
        self._settings.terms = self._feed.cross.terms = terms
        for pane in self._workspace.panes.values():
            if isinstance(pane, CrossPane):
                pane.show_terms(terms)
                self._frames.mark(pane)

    def set_reference(self, name: str, fx_krw: float) -> None:
        """Compare prices with the exchange `name` outside from now on, "" for none; KRW for a dollar, 0 for none."""
        self._settings.reference = "binance" if name == "binance" else ""
        self._settings.fx_krw = fx_krw
        self.reference_changed.emit()

    def set_history_bound(self, mib: int) -> None:
        """Let the candles and trades that are kept take so much of the disk."""
        self._settings.history_mib = mib
        self.history_bound_changed.emit(mib)

    def set_quiet(self, is_quiet: bool) -> None:
        """Let alerts make no sound and no message of the desktop's, or let them."""
        self._settings.is_quiet = is_quiet
        self.quiet_changed.emit(is_quiet)
        for pane in self._workspace.panes.values():
            if isinstance(pane, AlertsPane):
                pane.show_quiet(is_quiet)

    def _toggle_favourite(self, market: str) -> None:
        kept = self._settings.favourites
        if market in kept:
            kept.remove(market)
        else:
            kept.append(market)
        for pane in self._workspace.panes.values():
            if isinstance(pane, MarketsPane | ScannerPane):
                pane.show_favourites(kept)

    def _keep_groups(self, groups: dict[str, list[str]]) -> None:
        if len(groups) > GROUPS:
            self.groups_full.emit()
        self._settings.groups = dict(list(groups.items())[:GROUPS])
        for pane in self._workspace.panes.values():
            if isinstance(pane, ScannerPane):
                pane.show_groups(self._settings.groups)
