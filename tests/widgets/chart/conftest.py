"""What the tests of the chart share."""

from __future__ import annotations

from collections.abc import Iterator

import pyqtgraph as pg
import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.chart.bars import walk
from tests.widgets.chart.screen import WatchedChart, show


@pytest.fixture(autouse=True)
def _no_rate_limit() -> Iterator[None]:
    """pyqtgraph drops moves that come within 10 ms of each other; a test is quicker than that."""
    before = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", 0)
    yield
    pg.setConfigOption("mouseRateLimit", before)


@pytest.fixture
def view(qtbot: QtBot) -> WatchedChart:
    """Return a chart on screen, 800 by 500, of 500 bars."""
    made = WatchedChart()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    qtbot.waitExposed(made)
    show(made, walk(500))
    return made
