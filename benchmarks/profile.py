"""What a volume profile, delta and CVD cost on a chart, 960x540: `python -m benchmarks.profile [--bars N]`.

Of the newest bars 200,000 trades are known, as many as are kept; the older ones are estimated. Every figure is CPU of a
frame with the three on the chart, and the same without them (`bare_...`). `tick_ms`: one trade, 300 bars shown.
`tick_all_ms`: the same, all bars shown. `pan_ms`: 300 bars dragged by 3 px; `pan_all_ms`: all of them. `profile_ms`:
the rows of all bars alone, as panning asks for them; `anew_ms`: the same where nothing of them was kept.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from benchmarks.chart import FRAMES, MARKET, SHOWN, TICK, Change, Figures, Trades, in_view, series_of
from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report

if TYPE_CHECKING:
    from core.state.candles import CandleSeries
    from core.state.tape import Tape

BARS = 100_000
PER_BAR = 140  # trades: a busy market has some two a second


def tape_of(series: CandleSeries, trades: int) -> Tape:
    """Return a ledger of the newest trades, which make up the newest bars."""
    from core.state.tape import Tape
    from core.wire.messages import Trade

    chance, tape, number = random.Random(2), Tape(bound=2 * trades + PER_BAR), 0
    first = max(len(series) - max(trades // PER_BAR, 1), 0)
    for start, (_, high, low, _, volume) in zip(
        series.start_ms[first:].tolist(), series.ohlcv[first:].tolist(), strict=True
    ):
        steps = round((high - low) / TICK)
        for n in range(PER_BAR):
            number += 1
            price = low + TICK * chance.randint(0, steps)
            side = "BID" if chance.random() < 0.5 else "ASK"
            tape.add(Trade(MARKET, price, volume / PER_BAR, side, start + n * 400, number))  # type: ignore[arg-type]
    assert tape.last is not None
    tape.resume(tape.last, is_known=True)
    tape.cover(int(series.start_ms[first]), tape.last.time_ms)
    return tape


def measure(bars: int, *, has_profile: bool, frames: int = FRAMES) -> Figures:
    """Return the figures of one chart."""
    from core.state.flow import BOUND, Flow
    from widgets.chart.studies import make
    from widgets.chart.view import ChartView

    series = series_of(bars)
    view, model, do = in_view()
    assert isinstance(view, ChartView)
    tape, flow = tape_of(series, BOUND if has_profile else 0), Flow()
    if has_profile:
        flow.follow(tape)
        model.follow(flow)
        view.set_studies(tuple(make(kind, {}) for kind in ("volume_profile", "delta", "cvd")))
    view.show()
    do.show(series)
    trades, right = Trades(series), model.count + 10.0

    def tick(_: int) -> None:
        trade = trades.next()
        series.fold_trade(trade)
        if has_profile:
            tape.add(trade)
            flow.follow(tape)
        do.sync()

    def drag(i: int) -> None:
        do.drag(3 if i // 50 % 2 == 0 else -3)

    figures: Figures = {}

    def take(name: str, change: Change) -> None:
        figures[name] = percentiles(frame_cost(view, change, frames))

    do.reach(right - SHOWN, right)
    take("tick_ms", tick)
    take("pan_ms", drag)
    do.reach(-1.0, right)
    take("tick_all_ms", tick)
    take("pan_all_ms", drag)
    if has_profile:
        figures["profile_ms"], figures["anew_ms"] = _rows(model, frames)
    view.close()
    return figures


def _rows(model: object, frames: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return what the arithmetic alone costs."""
    from widgets.chart.model import ChartModel

    assert isinstance(model, ChartModel)
    kept, anew = [], []
    for n in range(frames):
        if n % 10 == 0:
            model.flows.forget()
            begin = time.thread_time()
            model.pan(0.0)
            anew.append((time.thread_time() - begin) * 1e3)
        begin = time.thread_time()
        model.pan(-1.0 if n % 2 else 1.0)
        kept.append((time.thread_time() - begin) * 1e3)
    return percentiles(kept), percentiles(anew)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--bars", type=int, default=BARS, help=f"bars of history, {BARS:,} unless told")
    options = parser.parse_args()
    app = qt_app()
    bare = {f"bare_{name}": cost for name, cost in measure(options.bars, has_profile=False).items()}
    report("profile", {"bars": options.bars, **measure(options.bars, has_profile=True), **bare}, options.json)
    app.quit()


if __name__ == "__main__":
    main()
