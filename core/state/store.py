"""The last known state of every market, bounded. Messages are folded in; folding one twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from core.errors import WireError
from core.market import INTERVAL_OF_CHANNEL, MINUTE_MS, ORDERBOOK, TICKER, TRADE, Interval, Market, Stream
from core.state.candles import CandleSeries
from core.state.coverage import Span
from core.state.flow import IDLE_BOUND, Flow
from core.state.tape import OVERLAP_MS, Tape
from core.wire.codec import decode_book, start_ms
from core.wire.messages import BookFrame, Candle, CandleRow, Message, Orderbook, Ticker, Trade

IDLE_MARKETS = 32  # kept of those that nobody leases any more: more than anybody goes back and forth between
IDLE_TRADES = 200  # of each of them, 0.3 KB a trade: several screens, and the disk has the rest
TICKERS = 4_096  # more than any exchange lists


def _ignore(*_: object) -> None:
    return None


class Book:
    """The newest book of one market and grouping; decoded when somebody looks."""

    __slots__ = ("_book", "_closing", "_frame", "_turn_ms", "is_broken", "is_torn", "version")

    def __init__(self) -> None:
        self._frame: BookFrame | None = None
        self._book: Orderbook | None = None
        self._turn_ms = 0  # when the minute of the newest frame ends
        self._closing: tuple[BookFrame | Orderbook, int] | None = None  # stood when a minute ended; until, ms
        self.version = 0
        self.is_broken = False  # the newest frame could not be read: what `read` returns is older
        self.is_torn = False  # a frame may be missing since the newest

    def put(self, frame: BookFrame) -> bool:
        """Keep the frame unless a newer one is known. A book carries no number, so its stamp decides."""
        if self._frame is not None and frame.time_ms < self._frame.time_ms:
            self._put_late(frame)
            return False
        if frame.time_ms >= self._turn_ms:
            self._close_minute(frame.time_ms)
        self._frame = frame
        self.is_torn = False
        self.version += 1
        return True

    def _close_minute(self, now_ms: int) -> None:
        stood: BookFrame | Orderbook | None = self._frame
        if self._frame is not None and not self._frame.frame:
            stood = self._book
        self._closing = (stood, now_ms) if stood is not None and not self.is_torn and not self.is_broken else None
        self._turn_ms = now_ms - now_ms % MINUTE_MS + MINUTE_MS

    def _put_late(self, frame: BookFrame) -> None:
        # Overtaken by the first frame of the minute after it.
        if self._closing is not None and self._closing[0].time_ms < frame.time_ms < self._turn_ms - MINUTE_MS:
            self._closing = (frame, self._closing[1])

    def at(self, end_ms: int) -> Orderbook | None:
        """Return the book that stood right before `end_ms`, the end of this minute or the last; None if not known."""
        if self._closing is not None:
            stood, until_ms = self._closing
            if stood.time_ms < end_ms <= until_ms:
                return _decode_or_none(stood) if isinstance(stood, BookFrame) else stood
        newest = self._frame
        if newest is None or newest.time_ms >= end_ms or self.is_torn or self.is_broken:
            return None
        return _decode_or_none(newest) if newest.frame else self._book

    @property
    def frame(self) -> bytes:
        """The newest frame if nobody has looked at it yet, else empty."""
        return self._frame.frame if self._frame is not None else b""

    def read(self) -> Orderbook | None:
        """Return the newest whole book; of a frame that is broken inside the book before it stays."""
        frame = self._frame
        if frame is not None and frame.frame:
            try:
                self._book = decode_book(frame.frame)
                self.is_broken = False
            except WireError:
                self.is_broken = True
            self._frame = BookFrame(frame.market, frame.level, frame.time_ms, frame.is_snapshot, b"")
        return self._book


def _decode_or_none(frame: BookFrame) -> Orderbook | None:
    """Return the book in a frame, None if it cannot be read."""
    try:
        return decode_book(frame.frame)
    except WireError:
        return None


class _MarketState:
    __slots__ = ("books", "flow", "series", "tape")

    def __init__(self) -> None:
        self.tape = Tape()
        self.flow: Flow | None = None  # of those of which somebody looks at deltas or profiles
        self.books: dict[float, Book] = {}  # by grouping level: as many as the exchange has levels
        self.series: dict[Interval, CandleSeries] = {}

    def unstreamed(self) -> list[CandleSeries]:
        """Return the series that no candle stream feeds: trades and the ticker do."""
        return [s for s in self.series.values() if s.interval.channel is None]


class Store:
    """State of the markets somebody looks at, of the last 32 before them, and the ticker of every market."""

    def __init__(self, idle_markets: int = IDLE_MARKETS) -> None:
        self.markets: dict[str, Market] = {}  # what the exchange lists
        self.tickers: dict[str, Ticker] = {}
        self._levels: dict[str, tuple[float, ...]] = {}
        self._states: dict[str, _MarketState] = {}  # least recently used first
        self._idle_markets = idle_markets
        # (stream, the frame, could it be read): a book was looked at that was not readable, or is readable again.
        self.on_book_read: Callable[[Stream, bytes, bool], None] = _ignore

    # What panes read.

    def ticker(self, market: str) -> Ticker | None:
        return self.tickers.get(market)

    def book(self, market: str, level: float = 0.0) -> Orderbook | None:
        """Return the newest book of `market` grouped by `level`, or None."""
        state = self._states.get(market)
        book = state.books.get(level) if state else None
        if book is None:
            return None
        was_broken, frame = book.is_broken, book.frame
        found = book.read()
        if frame and (book.is_broken or was_broken):
            self.on_book_read(Stream(ORDERBOOK, market, level), frame, not book.is_broken)
        return found

    def book_at(self, market: str, level: float, end_ms: int) -> Orderbook | None:
        """Return the book that stood right before `end_ms`, the end of this minute or the last; None if not known."""
        state = self._states.get(market)
        book = state.books.get(level) if state else None
        return book.at(end_ms) if book is not None else None

    def book_version(self, market: str, level: float = 0.0) -> int:
        """Return a number that changes with every book of `market`; 0 before the first."""
        state = self._states.get(market)
        book = state.books.get(level) if state else None
        return book.version if book else 0

    def tape(self, market: str) -> Tape:
        return self._state(market).tape

    def flow(self, market: str) -> Flow:
        """Return the trades in columns as of now; ask again to have what came since."""
        state = self._state(market)
        if state.flow is None:
            state.flow = Flow()
        state.flow.follow(state.tape)
        return state.flow

    def doubt(self, market: str, span: Span) -> None:
        """Count the trades of a stretch that the tape doubts as missing in columns, too."""
        state = self._states.get(market)
        if state is not None and state.flow is not None:
            state.flow.doubt(*span)

    def candles(self, market: str, interval: Interval) -> CandleSeries:
        """Return the series, empty at first; from then on it is kept up to date."""
        series = self._state(market).series
        if interval not in series:
            series[interval] = CandleSeries(interval)
        return series[interval]

    def known_intervals(self, market: str) -> frozenset[Interval]:
        """Return the intervals of which candles of `market` are kept."""
        state = self._states.get(market)
        return frozenset(state.series) if state else frozenset()

    def levels(self, market: str) -> tuple[float, ...]:
        """Return the price groupings the exchange offers for the book, quote currency, 0 (none) first."""
        return self._levels.get(market, (0.0,))

    def newest_bar_ms(self, stream: Stream) -> int:
        """Return the stamp of the newest trade in the candles that `stream` feeds; -1 where none are kept."""
        state, interval = self._states.get(stream.market), INTERVAL_OF_CHANNEL.get(stream.channel)
        series = state.series.get(interval) if state is not None and interval is not None else None
        return series.last_trade_ms if series is not None else -1

    # What the feed writes.

    def list_markets(self, markets: Iterable[Market]) -> None:
        """Take the exchange's list of markets; the ticker of a market that is no more goes with it."""
        self.markets = {m.code: m for m in markets}
        for gone in self.tickers.keys() - self.markets.keys():
            del self.tickers[gone]

    def set_levels(self, market: str, levels: Iterable[float]) -> None:
        self._levels[market] = tuple(sorted(levels)) or (0.0,)
        while len(self._levels) > TICKERS:
            del self._levels[next(iter(self._levels))]

    def apply(self, message: Message) -> Stream | None:
        """Fold a message in. Return the stream it belongs to, or None if it is not market data."""
        if isinstance(message, BookFrame):
            return self._apply_book(message)
        if isinstance(message, Trade):
            return self._apply_trade(message)
        if isinstance(message, Ticker):
            return self._apply_ticker(message)
        if isinstance(message, Candle):
            return self._apply_candle(message)
        return None

    def _apply_book(self, frame: BookFrame) -> Stream:
        books = self._state(frame.market).books
        book = books.get(frame.level)
        if book is None:
            book = books[frame.level] = Book()
        book.put(frame)
        return Stream(ORDERBOOK, frame.market, frame.level)

    def _apply_trade(self, trade: Trade) -> Stream:
        state = self._state(trade.market)
        if state.tape.add(trade):
            for series in state.series.values():
                if series.interval is not Interval.D1:  # the ticker states the day exactly
                    series.fold_trade(trade)
        return Stream(TRADE, trade.market)

    def _apply_ticker(self, ticker: Ticker) -> Stream:
        market = ticker.market
        old = self.tickers.get(market)
        if old is None or ticker.time_ms >= old.time_ms:
            if old is None and len(self.tickers) >= TICKERS:
                del self.tickers[next(iter(self.tickers))]
            self.tickers[market] = ticker
            state = self._states.get(market)
            days = state.series.get(Interval.D1) if state else None
            if days is not None and len(days) and ticker.day_volume == ticker.day_volume:
                start = Interval.D1.floor(ticker.trade_time_ms)
                row = CandleRow(
                    start, ticker.open, ticker.high, ticker.low, ticker.price, ticker.day_volume, ticker.trade_time_ms
                )
                if start >= days.last_ms:
                    days.state(row)
        return Stream(TICKER, market)

    def _apply_candle(self, candle: Candle) -> Stream:
        interval = INTERVAL_OF_CHANNEL.get(candle.channel)
        if interval is not None:
            row = CandleRow(
                start_ms(candle),
                candle.open,
                candle.high,
                candle.low,
                candle.close,
                candle.volume,
                candle.last_trade_ms,
            )
            series = self._state(candle.market).series.get(interval)
            if series is not None:
                series.state(row)
        return Stream(candle.channel, candle.market)

    def mark_break(self, stream: Stream, overlap_ms: int = OVERLAP_MS) -> None:
        """`stream` stopped or lost something: what it feeds is complete up to now and perhaps not after.

        Args:
            overlap_ms: how long before its newest trade one may be missing.
        """
        state = self._states.get(stream.market)
        if state is None:
            return
        if stream.channel == TRADE:
            state.tape.mark_break(overlap_ms)
            for series in state.unstreamed():
                series.mark_break()
        elif stream.channel == ORDERBOOK:
            self.tear(stream)
        elif (interval := INTERVAL_OF_CHANNEL.get(stream.channel)) in state.series and interval is not None:
            state.series[interval].mark_break()

    def tear(self, stream: Stream) -> None:
        """A frame of the book `stream` may be missing: the next one is right again, but not what stood until then."""
        state = self._states.get(stream.market)
        if state is not None and (book := state.books.get(stream.level)) is not None:
            book.is_torn = True

    def mend(self, market: str) -> None:
        """The trades of `market` go on where they stopped: nothing was missed."""
        for series in self._state(market).unstreamed():
            series.break_ms = None

    def _state(self, market: str) -> _MarketState:
        state = self._states.get(market)
        if state is None:
            state = self._states[market] = _MarketState()
        return state

    def keep(self, leased: Set[str]) -> list[str]:
        """Let go of the state of markets nobody leases, but for the newest trades of the last few.

        Args:
            leased: the markets that somebody looks at now.

        Returns:
            The markets of which nothing is known any more.
        """
        for market in leased:
            state = self._states.pop(market, None)
            if state is not None:
                self._states[market] = state  # used last
        surplus = len(self._states) - len(leased & self._states.keys()) - self._idle_markets
        idle = [m for m in self._states if m not in leased]
        gone = idle[: max(surplus, 0)]
        for market in gone:
            del self._states[market]
        for market in idle[len(gone) :]:
            state = self._states[market]
            if state.flow is not None:
                state.flow.follow(state.tape)  # what the tape lets go of is not lost yet
                state.flow.shrink(IDLE_BOUND)
            state.tape.shrink(IDLE_TRADES)
        return gone
