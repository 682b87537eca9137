"""A chart as a table: every bar, every digit, the indicators where they stand on the chart."""

from __future__ import annotations

import csv
import io
import math
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import MINUTE_MS, Interval
from core.state.candles import CandleSeries
from tests.widgets.chart.bars import FIRST_MS, MARKET, rows, series_of, walk
from widgets.chart.model import ChartModel
from widgets.chart.studies import make
from widgets.chart.table import Table, csv_lines, moment_texts, number_texts, table


def chart(series: CandleSeries, *studies: tuple[str, dict[str, float]]) -> ChartModel:
    model = ChartModel()
    model.show(MARKET, series)
    model.resize(800.0, 400.0)
    model.set_studies(tuple(make(kind, values) for kind, values in studies))
    return model


def read(made: Table) -> list[dict[str, str]]:
    """Return the lines of the CSV file by the names of their columns."""
    return list(csv.DictReader(io.StringIO(b"".join(csv_lines(made)).decode())))


def test_a_line_is_a_bar_with_its_moment_in_both_spellings_and_whose_prices_they_are() -> None:
    bars = rows(300)
    lines = read(table(chart(series_of(bars)), "DEMO"))
    assert len(lines) == 300
    for bar, line in zip(bars, lines, strict=True):
        assert (line["market"], line["interval"], line["source"]) == (MARKET, "1m", "DEMO")
        assert int(line["time_ms"]) == bar.start_ms
        moment = datetime.fromisoformat(line["time_utc"])
        assert moment.timestamp() * 1_000 == bar.start_ms
        assert line["time_utc"].endswith("Z")
        assert [float(line[n]) for n in ("open", "high", "low", "close", "volume")] == [
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
        ]
    assert {line["is_closed"] for line in lines[:-1]} == {"true"}
    assert lines[-1]["is_closed"] == "false", "the last bar still moves"


def test_the_bars_in_view_are_those_that_are_seen() -> None:
    model = chart(walk(500))
    model.pan(-200)
    begin, end = model.shown
    lines = read(table(model, "UPBIT", begin, end))
    assert [int(line["time_ms"]) for line in lines] == model.starts[begin:end].tolist()
    assert {line["is_closed"] for line in lines} == {"true"}
    assert {line["source"] for line in lines} == {"UPBIT"}


def test_indicators_are_columns_that_every_language_calls_the_same() -> None:
    studies: tuple[tuple[str, dict[str, float]], ...] = (
        ("sma", {"count": 20}),
        ("bollinger", {"count": 20, "width": 2.5}),
        ("sma", {"count": 20}),
        ("rsi", {}),
    )
    model = chart(walk(300), *studies)
    made = table(model, "UPBIT")
    names = [c.name for c in made.columns[12:]]
    assert names == [
        "sma_20",
        "bollinger_20_2.5_middle",
        "bollinger_20_2.5_upper",
        "bollinger_20_2.5_lower",
        "sma_20_2",
        "rsi_14",
    ]
    lines = read(made)
    closes = [float(line["close"]) for line in lines]
    assert [line["sma_20"] for line in lines[:19]] == [""] * 19
    assert float(lines[150]["sma_20"]) == pytest.approx(sum(closes[131:151]) / 20)


def test_a_shifted_line_is_in_the_row_of_the_bar_at_which_it_is_seen() -> None:
    model = chart(walk(300), ("ichimoku", {}))
    study = model.studies.all[0]
    made = {c.name: c.values for c in table(model, "UPBIT").columns}
    for line, of in enumerate(study.indicator.lines):
        (values,) = (v for n, v in made.items() if n.endswith(of.name) and n.startswith("ichimoku"))
        seen = [study.value(line, i) for i in range(300)]
        np.testing.assert_array_equal(values, seen)
    assert any(study.indicator.shifts)


def test_a_hidden_indicator_is_no_column() -> None:
    model = chart(walk(300), ("sma", {}))
    model.studies.all[0].is_hidden = True
    assert len(table(model, "UPBIT").columns) == 12


def test_a_profile_is_no_column() -> None:
    model = chart(walk(300), ("volume_profile", {}), ("sma", {"count": 20}))
    assert model.studies.profiles
    assert [c.name for c in table(model, "UPBIT").columns[12:]] == ["sma_20"]


def test_the_bar_at_which_the_stream_stopped_is_not_closed() -> None:
    series = walk(100)
    series.break_ms = int(series.start_ms[59])
    model = chart(series)
    lines = read(table(model, "UPBIT"))
    assert [i for i, line in enumerate(lines) if line["is_closed"] == "false"] == [59, 99]
    series.break_ms = None
    model.sync()
    assert [i for i, line in enumerate(read(table(model, "UPBIT"))) if line["is_closed"] == "false"] == [99]


def test_the_bar_behind_a_hole_says_so() -> None:
    series = walk(100)
    series.break_ms = int(series.start_ms[59])
    model = chart(series)
    lines = read(table(model, "UPBIT"))
    assert [i for i, line in enumerate(lines) if line["is_after_hole"] == "true"] == [60]
    series.break_ms = series.last_ms
    model.sync()
    assert not any(line["is_after_hole"] == "true" for line in read(table(model, "UPBIT")))


def test_a_table_does_not_change_when_the_market_moves_on() -> None:
    series = walk(50)
    model = chart(series, ("sma", {}))
    made = table(model, "UPBIT")
    before = b"".join(csv_lines(made))
    series.merge([r._replace(close=r.close + 1_000.0) for r in rows(60)])
    model.sync()
    assert b"".join(csv_lines(made)) == before


def test_an_empty_chart_is_a_head_alone() -> None:
    made = table(chart(CandleSeries(Interval.M1)), "UPBIT")
    assert (made.rows, read(made)) == (0, [])
    assert b"".join(csv_lines(made)).count(b"\n") == 1


@given(
    st.lists(st.floats(allow_infinity=False))
    | st.lists(st.floats(1e-4, 1e14))
    | st.lists(st.integers(-(10**16), 10**16).map(float))
)
def test_a_number_reads_back_as_the_same_and_has_no_exponent(values: list[float]) -> None:
    texts = number_texts(np.array(values, np.float64))
    assert len(texts) == len(values)
    for value, text in zip(values, texts, strict=True):
        assert "e" not in text
        assert text == "" if math.isnan(value) else float(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-8, "0.00000001"), (0.00001234, "0.00001234"), (143_250_000.0, "143250000"), (1.5, "1.5"), (0.0, "0")],
)
def test_numbers_are_spelt_as_one_would(value: float, text: str) -> None:
    assert number_texts(np.array([value])) == [text]
    assert number_texts(np.array([value, 0.5, math.nan])) == [text, "0.5", ""]


def test_a_moment_is_in_utc_as_iso_has_it() -> None:
    assert moment_texts(np.array([0, FIRST_MS + MINUTE_MS])) == ["1970-01-01T00:00:00Z", "2026-05-01T00:01:00Z"]
    assert moment_texts(np.empty(0, np.int64)) == []
