"""The feed: leases joined to the store. Frames go in, leases hear which stream changed. Pure."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from core.calc.unusual import Finding
from core.errors import WireError
from core.feed.health import Health
from core.feed.leases import Lease, Leases, OnStream
from core.market import ANNOUNCEMENT, INTERVAL_OF_CHANNEL, MY_ASSET, MY_ORDER, ORDERBOOK, TICKER, Interval, Stream
from core.state.account import Account
from core.state.alerts import Alerts
from core.state.board import Board
from core.state.cross import Cross
from core.state.drawings import Drawings
from core.state.store import Store
from core.state.strategies import Strategies
from core.state.tape import OVERLAP_MS
from core.strategy.base import Signal
from core.wire import private
from core.wire.codec import decode, start_ms
from core.wire.messages import Candle, Message, Refusal, Status, Subscriptions, Trade

log = logging.getLogger(__name__)

Reply = Refusal | Subscriptions
_SAMPLE = 300  # bytes of a frame that cannot be read, for the log; the public market has no secrets
_GAPPY = (Trade, Candle)  # what one may miss; of the others the newest says all


def _ignore(*_: object) -> None:
    return None


class Feed:
    """What panes, strategies and scripts see of the market.

    Whoever assembles the program sets the callbacks: `on_wanted` when the union of the leases changed, `on_gap`
    when a stream (re)started and something may have been missed, `on_history_wanted` when a chart needs more.

    Args:
        now: loop time, s.
    """

    def __init__(self, now: Callable[[], float], store: Store | None = None) -> None:
        self.now = now
        self.on_found: Callable[[Finding], None] = _ignore  # something unusual was seen on the board
        self.on_signal: Callable[[Signal], None] = _ignore  # a strategy has said something
        self._begin(store or Store(), None, None)
        self.leases = Leases(self._on_change)
        self.alerts = Alerts()
        self.account = Account()
        self.strategies = Strategies()
        self.drawings = Drawings()
        self.clock_offset_ms = 0  # the exchange's clock minus ours, for countdowns
        self.disconnect()

    def disconnect(self) -> None:
        """Ask nobody for anything any more. The leases stay."""
        self.on_wanted: Callable[[frozenset[Stream]], None] = _ignore
        self.on_gap: Callable[[Stream], None] = _ignore
        self.on_history_wanted: Callable[[str, Interval], None] = _ignore
        self.on_trades_wanted: Callable[[str], None] = _ignore
        self.on_flow_wanted: Callable[[str, int, int, int, bool], None] = _ignore
        self.on_flow_unwanted: Callable[[str], None] = _ignore
        self.on_forgotten: Callable[[list[str]], None] = _ignore  # the store has let go of these markets
        self.on_retry: Callable[[], None] = _ignore
        self.on_board_wanted: Callable[[], None] = _ignore
        self.on_cross_wanted: Callable[[], None] = _ignore
        self.on_account_unsure: Callable[[], None] = _ignore

    def lease(self, on_stream: OnStream, *, is_background: bool = False) -> Lease:
        """Return a lease on nothing yet; arguments as of `Leases.lease`."""
        return self.leases.lease(on_stream, is_background=is_background)

    def want_history(self, market: str, interval: Interval) -> None:
        """Ask for candles older than those in the store, or for the newest if there are none. Repeat at will."""
        self.on_history_wanted(market, interval)

    def want_trades(self, market: str) -> None:
        """Ask for trades older than those in the store. Repeat at will."""
        self.on_trades_wanted(market)

    def want_flow(self, market: str, from_ms: int, to_ms: int, most_calls: int, *, is_asked: bool) -> None:
        """Ask for the trades of from..to that `store.flow` does not know, the newest first. Repeat at will.

        Args:
            most_calls: of REST.
            is_asked: the user agreed to so many; else no more are made than `Flow.free_calls` leaves.
        """
        self.on_flow_wanted(market, from_ms, to_ms, most_calls, is_asked)

    def stop_flow(self, market: str) -> None:
        """Ask for no more of them."""
        self.on_flow_unwanted(market)

    def want_board(self, who: object, quotes: Iterable[str]) -> None:
        """Let `who` want the board of these quote currencies from now on; none to want it no more."""
        if self.board.want(who, quotes):
            self.on_board_wanted()

    def want_cross(self, who: object, pinned: Iterable[str] | None, seen: Iterable[str] = ()) -> None:
        """Let `who` want what coins cost in several quote currencies; arguments as of `Cross.want`."""
        if self.cross.want(who, pinned, seen):
            self.on_cross_wanted()

    def reset(self) -> None:
        """Forget every price and the account: another exchange speaks from now on. The leases stay."""
        self._begin(Store(), self.board, self.cross)
        self.account.forget()

    def _begin(self, store: Store, old_board: Board | None, old_cross: Cross | None) -> None:
        self.store = store
        self.board = Board(store.tickers)
        if old_board is not None:
            self.board.succeed(old_board)
        self.cross = Cross(store.tickers)
        if old_cross is not None:
            self.cross.succeed(old_cross)
        self.store.on_book_read = self._on_book_read
        self.health = Health()
        self.health.on_broken = self._mark_break

    def retry(self) -> None:
        """Try to connect now: the user asked for it."""
        self.on_retry()

    def _on_book_read(self, stream: Stream, frame: bytes, is_readable: bool) -> None:
        self.health.read(stream, is_readable=is_readable)
        known = self.health.streams.get(stream)
        if not is_readable and known is not None and known.errors == 1:
            log.info("a book of %s cannot be read: %r", stream.market, frame[:_SAMPLE])

    def _mark_break(self, stream: Stream, quiet_s: float) -> None:
        # What was made before a quiet while has come: a socket keeps the order.
        self.store.mark_break(stream, 0 if quiet_s * 1_000 > OVERLAP_MS else OVERLAP_MS)

    def on_frame(self, link: int, frame: bytes) -> Reply | WireError | None:
        """Fold one frame in. Return what is no market data but an answer to the link's own request.

        A frame that cannot be read is counted and may have held anything: the error comes back where the link should
        say its set again, since the snapshots that follow tell what is missing.
        """
        try:
            messages = decode(frame)
            if type(messages) is not list:
                return self._take(messages)  # type: ignore[arg-type]
            reply = None
            for message in messages:
                reply = self._take(message) or reply
        except WireError as why:
            health = self.health.links.get(link)
            if health is not None:
                health.bad_frames += 1
                if health.bad_frames == 1:
                    log.info("link %d: %s: %r", link, why, frame[:_SAMPLE])
            for stream in self.health.carried(link, ORDERBOOK):
                self.store.tear(stream)
            return why if self.health.unsure(link) else None
        return reply

    def on_private_frame(self, link: int, frame: bytes) -> Reply | None:
        """Fold one frame of the private endpoint in. Return what is an answer to the link's own request.

        A frame that cannot be read is counted and named, never shown: an account is nobody's business.
        """
        health = self.health.links.get(link)
        try:
            messages = private.decode(frame)
        except WireError as why:
            if health is not None:
                health.bad_frames += 1
                log.info("link %d: %s", link, why)
            self.on_account_unsure()
            return None
        reply = None
        for message in messages:
            if isinstance(message, Reply):
                reply = message
            elif not isinstance(message, Status):
                stream = self._take_private(message)
                self.health.received(stream, self.now())
                self.leases.notify(stream)
        return reply

    def _take_private(self, message: private.MyOrder | private.MyAsset | private.Announcement) -> Stream:
        if isinstance(message, private.MyOrder):
            self.account.apply_order(message)
            return Stream(MY_ORDER, "")
        if isinstance(message, private.MyAsset):
            self.account.apply_assets(message)
            return Stream(MY_ASSET, "")
        self.account.apply_notice(message)
        return Stream(ANNOUNCEMENT, "")

    def _take(self, message: Message) -> Reply | None:
        is_gap = isinstance(message, _GAPPY) and message.stream_type == "SNAPSHOT" and self._is_gap(message)
        stream = self.apply(message)
        if stream is None:
            return message if isinstance(message, Reply) else None
        self.health.received(stream, self.now())
        if is_gap:
            self.on_gap(stream)
        return None

    def apply(self, message: Message) -> Stream | None:
        """Fold one message in, wherever it came from, and tell the leases. Return its stream, if it has one.

        Raises:
            WireError: a candle whose window is no date.
        """
        stream = self.store.apply(message)
        if stream is not None:
            self.leases.notify(stream)
        return stream

    def _is_gap(self, message: Trade | Candle) -> bool:
        """Tell whether a snapshot, which is how a stream (re)starts, shows that something was missed before it."""
        if isinstance(message, Trade):
            tape = self.store.tape(message.market)
            is_gap = tape.resume(message, message.id in tape)
            if not is_gap:
                self.store.mend(message.market)
            return is_gap
        interval = INTERVAL_OF_CHANNEL.get(message.channel)
        if interval not in self.store.known_intervals(message.market) or interval is None:
            return False
        series = self.store.candles(message.market, interval)
        start = start_ms(message)
        if start > series.said_ms:  # trades may be there already, but not those before the stream of trades began
            series.mark_break()  # the windows before this one may have gone on without us
        elif series.break_ms is not None and start <= series.break_ms:
            series.break_ms = None  # still the window it stopped in, and the snapshot states that one whole
        return series.break_ms is not None

    def _on_change(self) -> None:
        # Also what runs on for a while: a stream that is wanted again is not asked for again, so says no snapshot.
        carried = {s.market for s in self.health.streams if s.channel != TICKER}
        if gone := self.store.keep(self.leases.markets | carried):
            self.on_forgotten(gone)
        self.on_wanted(self.leases.wanted)
