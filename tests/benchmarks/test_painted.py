"""What is painted for a measurement can be measured, in any order and as often as asked."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from benchmarks import chart, ladder, scanner, tape


@pytest.mark.parametrize("indicators", [0, 5])
def test_every_figure_of_the_chart_can_be_taken_again(qtbot: QtBot, indicators: int) -> None:
    with chart.subject(lambda: chart.with_indicators(indicators), 1_000) as subject:
        for figure in (*chart.FIGURES, *reversed(chart.FIGURES)):
            costs = subject.take(figure, 2)
            assert costs
            assert all(ms > 0.0 for ms in costs), figure
        assert subject.model.count > 1_000  # bars were appended


def test_the_plain_widget_paints_what_the_scene_does(qtbot: QtBot) -> None:
    with chart.subject(chart.without_scene, 1_000) as plain, chart.subject(chart.in_view, 1_000) as scene:
        for figure in chart.PEER_FIGURES:
            assert len(plain.take(figure, 2)) == len(scene.take(figure, 2)) == 2
        assert (plain.series.ohlcv == scene.series.ohlcv).all()  # the same trades


@pytest.mark.parametrize("figure", ladder.FIGURES)
def test_every_figure_of_the_ladder_is_one_of_painting(qtbot: QtBot, figure: str) -> None:
    assert all(ms > 0.0 for ms in ladder.take_painted(figure, 2))


@pytest.mark.parametrize("name", ["QTableWidget, no bars", "QTableView + model, no bars", "QTableView + delegate"])
def test_tables_of_qt_show_the_ladder_too(qtbot: QtBot, name: str) -> None:
    take = ladder.qt_tables()[name]
    for figure in ladder.PEER_FIGURES:
        assert len(take(figure, 2)["ms"]) == 2


@pytest.mark.parametrize("figure", tape.FIGURES)
def test_every_figure_of_the_tape_is_one_of_painting(qtbot: QtBot, figure: str) -> None:
    assert all(ms > 0.0 for ms in tape.take_painted(figure, 2))


@pytest.mark.parametrize("figure", scanner.FIGURES)
def test_every_figure_of_the_scanner_is_one_of_painting(qtbot: QtBot, figure: str) -> None:
    assert all(ms > 0.0 for ms in scanner.take_pane(figure, 2))
