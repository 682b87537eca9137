"""The trades pane: joins the store's tape to the painted one."""

from __future__ import annotations

import time
from math import isfinite
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.feed.feed import Feed
from core.feed.health import StreamState
from core.market import DAY_MS, TICKER, TRADE, Stream, quote_of, tick_size
from widgets import format as fmt
from widgets import zone
from widgets.frame import FrameClock
from widgets.pane import Pane
from widgets.trades.bar import MOST, Sound, TradesBar
from widgets.trades.lines import BIG, JOINS, TIERS, Shown, Tiers, Wanted, copied, tiers_of
from widgets.trades.model import TapeWindow
from widgets.trades.pace import pace, strength
from widgets.trades.tiers import TiersDialog
from widgets.trades.view import TapeView
from widgets.won import rate, rate_streams


class TradesPane(Pane):
    """Time and sales of one market."""

    kind = "trades"

    sound_wanted = Signal(int, str)  # (tier, "BID" or "ASK") of a line that came and is to be heard

    def __init__(self, feed: Feed, frames: FrameClock, parent: QWidget | None = None) -> None:
        super().__init__(feed, frames, parent)
        self.prints = TapeWindow()
        self.sound = Sound()
        self.leasts: dict[str, float] = {}  # quote currency -> least value of a line
        self.tiers: dict[str, Tiers] = {}  # quote currency -> what the user says is large
        self._places = -1
        self.bar = TradesBar(self)
        self.bar.least_chosen.connect(self._choose_least)
        self.bar.side_chosen.connect(lambda side: self._want(side=side))
        self.bar.big_toggled.connect(lambda is_on: self._want(is_big_only=is_on))
        self.bar.join_chosen.connect(lambda join_ms: self._want(join_ms=join_ms))
        self.bar.sum_toggled.connect(lambda is_on: self._want(is_summed=is_on))
        self.bar.sound_chosen.connect(lambda tier: self._choose_sound(self.sound._replace(tier=tier)))
        self.bar.sound_side_chosen.connect(lambda side: self._choose_sound(self.sound._replace(side=side)))
        self.bar.tiers_wanted.connect(self.ask_tiers)
        self.bar.freeze_wanted.connect(self._freeze)
        self.bar.copy_wanted.connect(self.copy)
        self.view = TapeView(self)
        self.view.scrolled.connect(self._scroll)
        self.view.newest_wanted.connect(self._to_newest)
        self.view.oldest_wanted.connect(self._to_oldest)
        self.view.freeze_wanted.connect(self._freeze)
        self.view.pressed.connect(self._select)
        self.view.copy_wanted.connect(self.copy)
        self.view.resized.connect(self._resize)
        self.view.price_pressed.connect(lambda price: self.price_pressed.emit(self, price))
        self.view.price_menu_wanted.connect(lambda price, at: self.price_menu_wanted.emit(self, price, at))
        self.view.mark_dropped.connect(lambda: self.mark_dropped.emit(self))
        self.setFocusProxy(self.view)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.view, 1)
        self._show_wanted()

    def title(self) -> str:
        return self.tr("Trades")

    def streams(self, market: str) -> set[Stream]:
        return {Stream(TRADE, market), Stream(TICKER, market), *rate_streams(market)}

    def has_data(self) -> bool:
        # A live tape without a trade is an answer too, and so is one of which the filter leaves nothing.
        has_trades = self.prints.tape is not None and len(self.prints.tape) > 0
        return has_trades or self.state_of(Stream(TRADE, self.market)) is StreamState.LIVE

    def bind(self, market: str) -> None:
        if market != self.market:
            self._places = -1
            self.prints.close()
            self.view.set_market(market)
        super().bind(market)
        self._want()

    def refresh(self) -> None:
        store, market, window = self.feed.store, self.market, self.prints
        self.bar.restyle()
        if not market:
            return
        tape = store.tape(market)
        new: int | None = None
        if tape is window.tape:
            new = window.pull()
        else:
            window.open(tape)
            self._show_pace()
        prices = [row.price for row in window.rows if row.hole is None]
        if prices:
            if self._places < 0:
                self._places = fmt.size_places(prices[0], quote_of(market))
            self.view.set_scale(min(tick_size(market, price) for price in prices), self._places)
        self._show(new)
        self.view.show_strength(strength(store.ticker(market)))
        self._sound()

    def _show(self, new: int | None) -> None:
        window = self.prints
        self.view.show_rows(window.rows, new)
        self.view.show_behind(window.behind, is_frozen=window.is_frozen)
        self.view.show_selected(window.selected)
        self.bar.show_frozen(window.is_frozen)

    def _sound(self) -> None:
        """Let the largest line that came be heard, if it is one of those that shall be."""
        loudest, self.prints.loudest = self.prints.loudest, None
        if loudest is not None:
            self.sound_wanted.emit(*loudest)

    def mark(self, price: float | None) -> None:
        super().mark(price)
        self.view.show_mark(price)

    def miss(self) -> None:
        self.prints.hear_no_more()

    def beat(self) -> None:
        tape = self.prints.tape
        if self.market and tape is not None:
            self._show_pace()
            self._show_won()
            if tape.holes:
                self.frames.mark(self)  # a hole may turn up or be filled without a trade
        super().beat()

    def _show_pace(self) -> None:
        if self.prints.tape is not None:
            now_ms = time.time_ns() // 1_000_000 + self.feed.clock_offset_ms
            self.view.show_pace(pace(self.prints.tape, now_ms))
            self.view.show_today(zone.shown.local(now_ms) // DAY_MS)

    @property
    def won(self) -> float:
        """KRW for one of the quote currency; nan where that is KRW, or where nothing tells."""
        return rate(self.feed, self.market).krw

    def _show_won(self) -> None:
        won = self.won
        if won != self.view.won and (won > 0.0 or self.view.won > 0.0):
            self.view.won = won
            self._show_wanted()

    # Which lines.

    def _want(self, **changes: Any) -> None:
        """Show other lines: the choice or the market changed."""
        quote = quote_of(self.market)
        wanted = self.prints.wanted._replace(**changes)
        tiers = self.tiers.get(quote) or tiers_of(self.market)
        wanted = wanted._replace(least=self.leasts.get(quote, 0.0), tiers=tiers)
        self.prints.want(wanted)
        self.view.is_filtered = bool(wanted.least or wanted.side or wanted.is_big_only)
        self._show_wanted()
        if self.prints.tape is not None:
            self._show(None)
        self.view.update()

    def _show_wanted(self) -> None:
        self.bar.show_wanted(self.prints.wanted, self.sound, quote_of(self.market) or "KRW", self.won)

    def _choose_least(self, value: float) -> None:
        self.leasts[quote_of(self.market)] = value
        self._want()

    def _choose_sound(self, sound: Sound) -> None:
        self.sound = sound
        self.prints.listen(sound.tier, sound.side)
        if self.prints.tape is not None:
            self._show(None)
        self._show_wanted()

    def ask_tiers(self) -> None:
        """Ask from which values on a trade of this quote currency stands out."""
        quote = quote_of(self.market) or "KRW"
        dialog = TiersDialog(quote, self.prints.wanted.tiers, tiers_of(self.market or "KRW-"), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda tiers: self._choose_tiers(quote, tiers))
        dialog.open()

    def _choose_tiers(self, quote: str, tiers: Tiers) -> None:
        self.tiers[quote] = tiers
        self._want()

    # The user.

    def _scroll(self, lines: int) -> None:
        self.prints.scroll(lines)
        self._want_older()
        self._show(None)

    def _want_older(self) -> None:
        """At the oldest line that is known, ask for older ones."""
        if self.prints.is_at_oldest and not self.prints.is_following:
            self.feed.want_trades(self.market)

    def _to_newest(self) -> None:
        self.prints.to_newest()
        self._show(None)

    def _to_oldest(self) -> None:
        self.prints.to_oldest()
        self._want_older()
        self._show(None)

    def _freeze(self) -> None:
        """Stand still, or go on with the newest."""
        if self.prints.is_frozen:
            self.prints.to_newest()
        else:
            self.prints.freeze()
        self._show(None)

    def _select(self, line: int, is_more: bool) -> None:
        self.prints.select(line, is_more=is_more)
        self._show(None)

    def copy(self) -> None:
        """Put the selected lines, or else those in sight, on the clipboard."""
        lines = self.prints.exact()
        self._show(None)
        if lines:
            QGuiApplication.clipboard().setText(copied(lines))

    def _resize(self, lines: int) -> None:
        self.prints.resize(lines)
        self._show(None)

    # Saving.

    def save(self) -> dict[str, Any]:
        wanted = self.prints.wanted
        return {
            **super().save(),
            "join_ms": wanted.join_ms,
            "side": wanted.side,
            "big": wanted.is_big_only,
            "summed": wanted.is_summed,
            "leasts": dict(self.leasts),
            "tiers": {quote: list(tiers) for quote, tiers in self.tiers.items()},
            "sound": self.sound.tier,
            "sound_side": self.sound.side,
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        leasts, tiers, sound = state.get("leasts"), state.get("tiers"), state.get("sound")
        if isinstance(leasts, dict):
            self.leasts = {q: float(v) for q, v in leasts.items() if q in TIERS and _is_value(v)}
        if isinstance(tiers, dict):
            kept = {q: v for q, v in tiers.items() if q in TIERS and _are_tiers(v)}
            self.tiers = {q: (float(v[0]), float(v[1]), float(v[2])) for q, v in kept.items()}
        tier = sound if isinstance(sound, int) and 0 <= sound <= BIG else 0
        self._choose_sound(Sound(tier, _side(state.get("sound_side"))))
        join_ms = state.get("join_ms")
        self._want(
            join_ms=join_ms if isinstance(join_ms, int) and join_ms in JOINS else Wanted().join_ms,
            side=_side(state.get("side")),
            is_big_only=state.get("big") is True,
            is_summed=state.get("summed") is not False,
        )


def _side(value: object) -> Shown:
    return "BID" if value == "BID" else "ASK" if value == "ASK" else ""


def _is_value(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value) and 0.0 <= value <= MOST


def _are_tiers(value: Any) -> bool:
    is_list = isinstance(value, list) and len(value) == BIG and all(map(_is_value, value))
    return is_list and value == sorted(value) and value[0] > 0
