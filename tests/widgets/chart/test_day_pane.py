"""A chart's tickers: the day's prices and the worth in KRW, shown as long as they are true, chosen in the menu."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.feed.health import StreamState
from core.market import TICKER, Interval, Stream
from tests.widgets.chart.bars import MARKET, row
from tests.widgets.chart.test_chart_pane import LINK, Desk
from widgets.chart.day_lines import DayPrices
from widgets.won import Rate

START_MS = 1_780_000_000_000


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.history(300)
    made.pane.bind(MARKET)
    made.frame()
    yield made
    made.pane.release()


def ticker(desk: Desk, market: str, price: float, *, high: float = 0.0, low: float = 0.0, before: float = 0.0) -> None:
    """Let the exchange send a ticker."""
    frame = {
        "type": "ticker",
        "code": market,
        "trade_price": price,
        "high_price": high or price,
        "low_price": low or price,
        "prev_closing_price": before or price,
        "timestamp": START_MS,
        "trade_timestamp": START_MS,
        "stream_type": "REALTIME",
    }
    desk.feed.on_frame(LINK, json.dumps(frame).encode())


def test_the_ticker_says_the_days_prices(desk: Desk) -> None:
    ticker(desk, MARKET, 90e6, high=91e6, low=89e6, before=90.5e6)
    desk.frame()
    assert desk.pane.view.painter.day.prices == DayPrices(90.5e6, 91e6, 89e6)
    desk.pane.set_day_lines(False)
    desk.frame()
    assert desk.pane.view.painter.day.prices is None


def test_of_another_market_nothing_stays(desk: Desk) -> None:
    ticker(desk, MARKET, 90e6)
    desk.frame()
    desk.pane.bind("KRW-ETH")
    desk.frame()
    assert desk.pane.view.painter.day.prices is None


def test_a_price_in_btc_is_told_in_krw_by_the_ticker_of_btc(desk: Desk) -> None:
    desk.pane.bind("BTC-ETH")
    assert Stream(TICKER, "KRW-BTC") in desk.pane.lease.streams
    desk.feed.store.candles("BTC-ETH", Interval.M1).merge([row(START_MS // 60_000 * 60_000, 0.034, opening=0.033)])
    desk.frame()
    axis = desk.pane.view.painter.canvas.axis
    ticker(desk, "KRW-BTC", 137e6)
    desk.frame()
    desk.pane.view.grab()
    assert desk.pane.view.painter.won.rate == Rate(137e6)
    assert desk.pane.view.painter.canvas.axis - axis < 80, "as wide as this market needs, not as the one before would"
    desk.pane.bind("KRW-ETH")
    desk.frame()
    assert Stream(TICKER, "KRW-BTC") not in desk.pane.lease.streams
    assert desk.pane.view.painter.won.rate.text(1.0) == ""


def test_a_rate_that_is_silent_is_grey_and_makes_no_chart_stale(desk: Desk) -> None:
    desk.pane.bind("BTC-ETH")
    ticker(desk, "KRW-BTC", 137e6)
    ticker(desk, "BTC-ETH", 0.034)
    desk.frame()
    rate = Stream(TICKER, "KRW-BTC")
    assert not desk.pane.view.painter.won.rate.is_stale
    before = desk.pane.state()[0]
    desk.feed.health.silenced(rate)
    desk.pane.beat()
    assert desk.feed.health.state(rate, desk.now_s) is StreamState.STALE
    assert desk.pane.view.painter.won.rate == Rate(137e6, is_stale=True)
    assert desk.pane.state()[0] is before is not StreamState.STALE


def test_choices_are_kept_with_the_desk(desk: Desk) -> None:
    kept = desk.pane.save()
    assert "gaps" not in kept
    assert "day" not in kept
    for text in ("Windows without trades as flat bars", "Previous close, high and low of the day"):
        desk.pane.chart_menu.fill()
        action = desk.pane.chart_menu.entry(text)
        assert action is not None
        action.trigger()
    kept = desk.pane.save()
    assert (kept["gaps"], kept["day"]) == ("flat", False)
    desk.pane.restore({**kept, "gaps": "holes", "day": 3})
    assert (desk.pane.gaps, desk.pane.has_day_lines) == ("out", True)
    desk.pane.restore(kept)
    assert (desk.pane.gaps, desk.pane.has_day_lines) == ("flat", False)
