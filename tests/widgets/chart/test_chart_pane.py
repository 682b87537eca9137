"""The chart pane: from bytes to bars, intervals, symbol changes, history, what it keeps."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState, StreamState
from core.market import MINUTE_MS, TRADE, Interval, Stream
from tests.waiting import qt_until
from tests.widgets.chart.bars import FIRST_MS, MARKET, rows
from widgets import theme
from widgets.chart.model import ChartModel
from widgets.chart.pane import SEEK_S, ChartPane
from widgets.frame import FrameClock
from widgets.plot.price_scale import PriceScale

LINK = 1
ETH = "KRW-ETH"


class Desk:
    """A feed without a pool, its clock by hand, and one pane on screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 100.0
        self.feed = Feed(lambda: self.now_s)
        self.feed.health.links[LINK] = LinkHealth(LINK)
        self.feed.health.links[LINK].state = LinkState.OPEN
        self.feed.on_wanted = lambda wanted: self.feed.health.requested(LINK, wanted, self.now_s)
        self.asked: list[tuple[str, Interval]] = []
        self.feed.on_history_wanted = lambda market, interval: self.asked.append((market, interval))
        self.frames = FrameClock()
        self.pane = ChartPane(self.feed, self.frames)
        qtbot.addWidget(self.pane)
        self.pane.resize(800, 500)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def history(self, count: int, market: str = MARKET, interval: Interval = Interval.M1, *, first: int = 0) -> None:
        """Let REST have answered."""
        self.feed.store.candles(market, interval).merge(rows(count, first=first, interval=interval))

    def candle(self, start_ms: int, close: float, *, market: str = MARKET, at_ms: int = 0) -> None:
        """Let the exchange send a candle of a minute."""
        start = datetime.fromtimestamp(start_ms / 1000, UTC)
        frame = {
            "type": "candle.1m",
            "code": market,
            "candle_date_time_utc": f"{start:%Y-%m-%dT%H:%M:%S}",
            "candle_date_time_kst": f"{start + timedelta(hours=9):%Y-%m-%dT%H:%M:%S}",
            "opening_price": 90_000_000.0,
            "high_price": max(close, 90_000_000.0),
            "low_price": min(close, 90_000_000.0),
            "trade_price": close,
            "candle_acc_trade_volume": 1.5,
            "candle_acc_trade_price": 1.5 * close,
            "timestamp": at_ms or start_ms + 1_000,
            "stream_type": "REALTIME",
        }
        self.feed.on_frame(LINK, json.dumps(frame).encode())

    def trade(self, time_ms: int, price: float, number: int, *, market: str = MARKET) -> None:
        frame = {
            "type": "trade",
            "code": market,
            "timestamp": time_ms + 20,
            "trade_date": "2026-07-30",
            "trade_time": "07:45:31",
            "trade_timestamp": time_ms,
            "trade_price": price,
            "trade_volume": 0.25,
            "ask_bid": "BID",
            "prev_closing_price": 90_000_000.0,
            "change": "RISE",
            "change_price": 0.0,
            "sequential_id": number,
            "stream_type": "REALTIME",
        }
        self.feed.on_frame(LINK, json.dumps(frame).encode())

    def frame(self) -> None:
        """Run the next frame now."""
        self.frames.flush(self.pane)

    @property
    def model(self) -> ChartModel:
        return self.pane.view.model


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.pane.release()


def test_it_wants_ticker_trades_and_the_candles_of_its_interval(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    common = {Stream("ticker", MARKET), Stream("trade", MARKET)}
    assert set(desk.feed.leases.wanted) == common | {Stream("candle.1m", MARKET)}
    desk.pane.set_interval(Interval.M15)
    assert set(desk.feed.leases.wanted) == common | {Stream("candle.15m", MARKET)}
    desk.pane.set_interval(Interval.D1)
    assert set(desk.feed.leases.wanted) == common, "of days there is no stream"


def test_a_price_of_the_cache_is_grey_until_its_stream_runs(desk: Desk) -> None:
    """Also of compared markets: bars of the disk or of a market that was left say nothing of now."""
    painter, series = desk.pane.view.painter, desk.feed.store.candles(MARKET, Interval.M1)
    for market in (MARKET, ETH):
        desk.history(100, market)
    desk.pane.bind(MARKET)
    desk.pane.compare(ETH)
    for seconds, state in ((0.0, StreamState.PENDING), (60.0, StreamState.UNKNOWN)):
        desk.now_s += seconds
        desk.pane.refresh()
        assert desk.pane.state_of(Stream(TRADE, MARKET)) is state
        assert painter.is_stale
        assert desk.model.compares[0].is_stale
    for number, market in enumerate((MARKET, ETH)):
        desk.trade(series.last_ms + 30_000, 90_070_000.0, number, market=market)
    desk.frame()
    assert not painter.is_stale
    assert not desk.model.compares[0].is_stale
    desk.feed.health.links[LINK].state = LinkState.WAITING
    desk.pane.refresh()
    assert painter.is_stale


def test_bytes_become_bars_in_the_next_frame(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.frame()
    desk.candle(FIRST_MS, 90_050_000.0)
    qt_until(lambda: desk.model.count == 1)
    reading = desk.model.reading(0)
    assert reading[:6] == (FIRST_MS, 90_000_000.0, 90_050_000.0, 90_000_000.0, 90_050_000.0, 1.5)


def test_a_trade_moves_the_last_bar_and_opens_the_next(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.frame()
    desk.candle(FIRST_MS, 90_050_000.0)
    desk.frame()
    desk.trade(FIRST_MS + 30_000, 90_070_000.0, 1)
    desk.frame()
    assert (desk.model.count, desk.model.last_price) == (1, 90_070_000.0)
    assert desk.model.reading(0).high == 90_070_000.0
    assert desk.model.reading(0).volume == 1.75
    desk.trade(FIRST_MS + MINUTE_MS + 5, 90_040_000.0, 2)
    desk.frame()
    assert (desk.model.count, desk.model.last_price) == (2, 90_040_000.0)


def test_recorded_trades_of_the_exchange_become_its_bars(desk: Desk, shared_data: Path) -> None:
    """Two minutes of real frames in, the bars that counting the trades by hand gives out."""
    recording = shared_data / "upbit" / "ws" / "cryptofeed-20210405-trade-orderbook-simple.jsonl.gz"
    frames = []
    with gzip.open(recording, "rt") as lines:
        for line in lines:
            event = json.loads(line)
            if event["dir"] == "recv" and '"trade"' in event["frame"]:
                frames.append(event["frame"])
    everyone = [json.loads(frame) for frame in frames]
    market = Counter(t["cd"] for t in everyone).most_common(1)[0][0]
    trades = sorted((t for t in everyone if t["cd"] == market), key=lambda t: t["ttms"])
    first_ms = Interval.M1.floor(trades[0]["ttms"])
    windows: dict[int, list[dict[str, float]]] = {}
    for t in trades:
        windows.setdefault(Interval.M1.floor(t["ttms"]), []).append(t)
    assert len(windows) >= 2
    desk.pane.bind(market)
    desk.frame()
    desk.candle(first_ms - MINUTE_MS, trades[0]["tp"], market=market)
    for i, frame in enumerate(frames):
        desk.feed.on_frame(LINK, frame.encode())
        if i % 50 == 0:
            desk.frame()
    desk.frame()
    assert desk.model.starts.tolist()[1:] == sorted(windows)
    for index, start in enumerate(sorted(windows), 1):
        found, prices = desk.model.reading(index), [t["tp"] for t in windows[start]]
        assert found[:5] == (start, prices[0], max(prices), min(prices), prices[-1])
        assert found.volume == pytest.approx(sum(t["tv"] for t in windows[start]))


def test_recorded_candles_of_the_exchange_are_shown_as_they_are(desk: Desk, shared_data: Path) -> None:
    quoted = (shared_data / "upbit" / "ws" / "quoted-frames.jsonl").read_text().splitlines()
    frames = [json.loads(line) for line in quoted]
    whole = [f["frame"] for f in frames if "candle.1m" in f["frame"] and f["kind"] == "ws" and not f["trimmed"]]
    shown = 0
    for frame in whole:
        said = json.loads(frame)
        if said.get("type") != "candle.1m":
            continue
        desk.pane.bind(said["code"])
        desk.feed.store.candles(said["code"], Interval.M1).restart()
        desk.feed.on_frame(LINK, frame.encode())
        desk.frame()
        assert desk.model.count == 1
        found = desk.model.reading(0)
        assert found[1:6] == (
            said["opening_price"],
            said["high_price"],
            said["low_price"],
            said["trade_price"],
            said["candle_acc_trade_volume"],
        )
        shown += 1
    assert shown


def test_history_is_asked_for_and_shown_without_moving_the_view(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.frame()
    assert (MARKET, Interval.M1) in desk.asked
    desk.history(400, first=1_000)
    desk.frame()
    assert desk.model.is_following
    desk.asked.clear()
    while not desk.asked:
        x0 = desk.model.x0
        desk.pane.view.drag(50, 0, False)
        assert desk.model.x0 < x0
    bar = desk.model.time_at(desk.model.x1)
    desk.history(200, first=800)
    desk.frame()
    assert desk.model.time_at(desk.model.x1) == bar
    assert desk.model.count == 600


def test_nothing_is_asked_for_when_the_exchange_has_nothing_older(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.history(30)
    desk.feed.store.candles(MARKET, Interval.M1).is_complete = True
    desk.asked.clear()
    desk.frame()
    desk.pane.view.drag(300, 0, False)
    assert desk.asked == []
    assert desk.pane.view.painter.note == ""


def test_the_first_bars_say_that_older_ones_are_loading(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.history(30)
    desk.frame()
    assert desk.pane.view.painter.note


def test_another_symbol_shows_nothing_of_the_old_one(desk: Desk) -> None:
    desk.history(300)
    desk.pane.bind(MARKET)
    desk.frame()
    desk.pane.bind(ETH)
    desk.candle(FIRST_MS + 300 * MINUTE_MS, 90_050_000.0)
    desk.frame()
    assert (desk.model.market, desk.model.count) == (ETH, 0)
    desk.candle(FIRST_MS, 4_500_000.0, market=ETH)
    desk.frame()
    assert (desk.model.count, desk.model.last_price) == (1, 4_500_000.0)
    desk.pane.bind(MARKET)
    desk.frame()
    assert desk.model.count >= 300, "from the cache, at once"


def test_another_interval_shows_its_own_bars(desk: Desk) -> None:
    desk.history(300)
    desk.history(40, interval=Interval.D1)
    desk.pane.bind(MARKET)
    desk.frame()
    QTest.mouseClick(desk.pane.bar.buttons[Interval.D1], Qt.MouseButton.LeftButton)
    desk.frame()
    assert desk.model.count == 40
    assert desk.model.series is not None
    assert desk.model.series.interval is Interval.D1


@pytest.mark.parametrize("interval", list(Interval))
def test_every_interval_is_painted(desk: Desk, interval: Interval) -> None:
    desk.history(200, interval=interval)
    desk.pane.set_interval(interval)
    desk.pane.bind(MARKET)
    desk.frame()
    QTest.mouseMove(desk.pane.view.viewport(), QPoint(300, 200))
    image = desk.pane.view.grab().toImage()
    colors = {image.pixel(x, y) for x in range(400, 600, 2) for y in range(100, 400, 2)}
    assert len(colors) > 3


def test_a_stop_is_hatched_and_counts_down_no_more_within_a_beat(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.history(100)
    desk.trade(FIRST_MS + 99 * MINUTE_MS + 1_000, 90_000_000.0, 1)
    desk.frame()
    desk.pane.beat()
    view = desk.pane.view
    assert view.painter.now_ms > 0

    def hatched() -> bool:
        image, x0 = view.grab().toImage(), round(view.painter.canvas.scale.x(99.5))
        return any(image.pixelColor(x, y) == theme.colors.warn for x in range(x0, x0 + 20) for y in range(200, 240))

    assert not hatched()
    desk.feed.health.links[LINK].state = LinkState.CLOSED
    desk.feed.store.candles(MARKET, Interval.M1).mark_break()
    desk.pane.beat()
    assert hatched()
    assert view.painter.now_ms == 0, "no countdown against a clock nobody confirms"


def test_the_demo_says_so_behind_the_bars(desk: Desk) -> None:
    desk.history(10)
    desk.pane.bind(MARKET)
    desk.pane.show_demo(True)
    desk.frame()
    assert desk.pane.view.painter.watermark.badge


def test_it_keeps_market_and_interval(desk: Desk, qtbot: QtBot) -> None:
    desk.pane.bind(MARKET)
    desk.pane.set_interval(Interval.H4)
    state = json.loads(json.dumps(desk.pane.save()))
    other = ChartPane(desk.feed, desk.frames)
    qtbot.addWidget(other)
    other.restore(state)
    assert (state["market"], other.interval, other.bar.interval) == (MARKET, Interval.H4, Interval.H4)
    other.restore({"interval": "7m"})
    assert other.interval is Interval.H4, "what it does not know it leaves"
    other.restore({})
    other.release()


def again(desk: Desk, qtbot: QtBot, state: dict[str, Any], market: str = MARKET) -> ChartPane:
    """Return a pane as the desk makes it at its start, on screen with its bars."""
    made = ChartPane(desk.feed, desk.frames)
    qtbot.addWidget(made)
    made.restore(json.loads(json.dumps(state)))
    made.bind(market)
    assert made.save() == state | {"market": market}, "also before it was seen, as in a tab behind others"
    made.resize(640, 400)
    made.show()
    desk.frames.flush(made)
    return made


@pytest.mark.parametrize("scale", ["linear", "log", "percent"])
def test_it_keeps_how_wide_bars_are_and_prices_set_by_hand(desk: Desk, qtbot: QtBot, scale: PriceScale) -> None:
    desk.history(300)
    desk.pane.bind(MARKET)
    desk.frame()
    assert not {"bar_px", "prices"} & desk.pane.save().keys(), "what fits itself needs no keeping"
    desk.pane.set_price_scale(scale)
    view, model = desk.pane.view, desk.model
    view._apply(model.zoom(0.5, model.x1))
    view._apply(model.zoom_price(0.7))
    state = desk.pane.save()
    view._apply(model.pan(-30.25))
    desk.trade(desk.feed.store.candles(MARKET, Interval.M1).last_ms + MINUTE_MS + 5, 90_040_000.0, 2)
    desk.frame()
    assert desk.pane.save() == state, "the desk is not written again for what nobody changed"
    other = again(desk, qtbot, state)
    shown = other.view.model
    assert shown.px_per_bar == pytest.approx(16.0)
    assert (shown.y0, shown.y1, shown.is_auto) == (*state["prices"], False)
    assert shown.is_following
    assert other.save() == state
    other.release()


def test_prices_set_by_hand_are_those_of_their_market(desk: Desk, qtbot: QtBot) -> None:
    for market in (MARKET, ETH):
        desk.history(300, market)
    desk.pane.bind(MARKET)
    desk.frame()
    desk.pane.view._apply(desk.model.zoom_price(0.7))
    state = desk.pane.save()
    desk.pane.bind(ETH)
    assert "prices" not in desk.pane.save(), "not even before the next frame"
    fresh = ChartPane(desk.feed, desk.frames)
    qtbot.addWidget(fresh)
    fresh.restore(state)
    fresh.bind(ETH)
    assert "prices" not in fresh.save()
    for market in (ETH, MARKET):
        fresh.bind(market)
        desk.frames.flush(fresh)
        assert fresh.view.model.is_auto
    fresh.release()


def test_a_strange_range_in_a_desk_is_no_range(desk: Desk) -> None:
    strange: list[tuple[str, object]] = [("bar_px", v) for v in (0, -8.0, 1e-320, 10**400, 1e9, True, None, "8", [8])]
    strange += [("prices", v) for v in (None, 5, [], [1.0], [1, 2, 3], [1, 10**400], [False, True], ["1", "2"])]
    for name, value in strange:
        desk.pane.restore({"market": MARKET, name: value})
        assert not {"bar_px", "prices"} & desk.pane.save().keys(), (name, value)
    desk.history(300)
    desk.pane.restore({"market": MARKET, "prices": [5, 5]})
    desk.pane.bind(MARKET)
    desk.frame()
    assert desk.model.is_auto


def test_letters_go_on_to_the_symbol_search(desk: Desk) -> None:
    typed: list[str] = []
    desk.pane.picker_wanted.connect(lambda _pane, text: typed.append(text))
    desk.pane.view.setFocus()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_E)
    assert typed == ["e"]


def test_a_moment_is_shown_when_its_candles_have_come_however_old_it_is(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    moment = FIRST_MS + 310 * MINUTE_MS + 20_000
    desk.pane.show_moment(moment)
    desk.frame()
    for first in (900, 700, 500, 300):  # a page at a time, as REST answers
        desk.asked.clear()
        desk.history(200, first=first)
        desk.frame()
        desk.frame()
        assert (MARKET, Interval.M1) in desk.asked or first == 300
    index = desk.model.index_of(moment)
    assert index is not None
    assert desk.model.x0 < index < desk.model.x1
    desk.pane.view.go_live()
    desk.frame()
    assert desk.model.x1 > len(desk.feed.store.candles(MARKET, Interval.M1)), "once there it lets go"


def test_a_moment_that_is_too_old_is_let_go(desk: Desk) -> None:
    desk.pane.bind(MARKET)
    desk.history(200, first=500)
    desk.pane.show_moment(FIRST_MS - 10**9)
    desk.frame()
    assert desk.model.x0 == 0.0
    desk.now_s += SEEK_S + 1.0
    desk.frame()
    desk.pane.view.go_live()
    desk.frame()
    assert desk.model.x0 > 0.0
