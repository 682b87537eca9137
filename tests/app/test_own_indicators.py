"""The user's own indicators: what a file may do, and that nothing else notices."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from pytestqt.qtbot import QtBot

from app import own_indicators
from app.own_indicators import OwnIndicators
from core.own_indicators import Load, Loaded, Work, Worked, Worker
from tests.conftest import REPO
from tests.waiting import until
from tests.widgets.chart.bars import MARKET, PRICE, TICK, trade
from tests.widgets.chart.test_chart_pane import Desk
from widgets.chart.pane import ChartPane

GOOD = """
import numpy as np
PLACE = "pane"
SETTINGS = {"count": 5, "factor": 2.0}
LINES = ["now", "mean"]

def indicator(bars, count, factor):
    print("to be seen in the terminal, not in the pipe")
    mean = np.convolve(bars.close, np.ones(count) / count)[: len(bars.close)]
    mean[: count - 1] = np.nan
    return bars.close * factor, mean
"""
LOOPS = "def indicator(bars):\n    while True:\n        pass\n"
RAISES = "def indicator(bars):\n    x = 1\n    return bars.close[len(bars.close)]\n"


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


# What a file may be, in this process.


def problems_of(folder: Path) -> dict[str, tuple[int, str]]:
    answer = Worker().answer(Load(str(folder)))
    assert isinstance(answer, Loaded)
    return {p.name: (p.line, p.text) for p in answer.problems}


def test_a_file_that_cannot_be_used_says_where_and_why(tmp_path: Path) -> None:
    write(
        tmp_path,
        syntax="x = 1\ndef indicator(bars:\n    pass\n",
        name="a = 1\nb = undefined\n",
        exits="import sys\nsys.exit(3)\n",
        nothing="x = 1\n",
        place="PLACE = 'moon'\ndef indicator(bars): ...\n",
        settings="SETTINGS = {'a b': 1}\ndef indicator(bars): ...\n",
        lines="LINES = []\ndef indicator(bars): ...\n",
        good=GOOD,
    )
    found = problems_of(tmp_path)
    assert set(found) == {"syntax", "name", "exits", "nothing", "place", "settings", "lines"}
    assert found["syntax"][0] == 2
    assert found["name"] == (2, "NameError: name 'undefined' is not defined")
    assert found["exits"] == (2, "SystemExit: 3")
    assert "indicator" in found["nothing"][1]


@pytest.mark.parametrize(
    ("body", "line", "text"),
    [
        ("return bars.close[10_000]", 2, "IndexError"),
        ("return 5", 0, "1 x 50"),
        ("return bars.close[:-1]", 0, "1 x 50"),
        ("return bars.close, bars.open", 0, "2 x 50"),
        ("return None", 0, "1 x 50"),
        ("return 'text'", 0, "could not convert"),
        ("raise KeyboardInterrupt", 2, "KeyboardInterrupt"),
    ],
)
def test_a_function_that_fails_says_where_and_why(tmp_path: Path, body: str, line: int, text: str) -> None:
    write(tmp_path, bad=f"def indicator(bars):\n    {body}\n")
    worker = Worker()
    worker.answer(Load(str(tmp_path)))
    rows = np.ones((50, 5))
    answer = worker.answer(Work("bad", {}, 1, 0, np.arange(50).tobytes(), rows.tobytes()))
    assert isinstance(answer, Worked)
    assert answer.problem is not None
    assert (answer.problem.line, answer.problem.name) == (line, "bad")
    assert text in answer.problem.text


def test_bars_are_sent_once_and_a_function_cannot_change_them(tmp_path: Path) -> None:
    write(tmp_path, sly="def indicator(bars):\n    made = bars.close.copy()\n    bars.close[:] = 0\n    return made\n")
    worker = Worker()
    worker.answer(Load(str(tmp_path)))
    rows = np.arange(50.0).reshape(10, 5)
    starts = np.arange(10)
    for _ in range(2):
        answer = worker.answer(Work("sly", {}, 1, 0, starts.tobytes(), rows.tobytes()))
        assert isinstance(answer, Worked)
        assert np.frombuffer(answer.values).tolist() == rows[:, 3].tolist()
    answer = worker.answer(Work("sly", {}, 1, 9, starts[9:].tobytes(), np.full((1, 5), 7.0).tobytes()))
    assert isinstance(answer, Worked)
    assert (answer.first, np.frombuffer(answer.values).tolist()) == (9, [7.0])
    lost = worker.answer(Work("sly", {}, 2, 9, starts[9:].tobytes(), np.full((1, 5), 7.0).tobytes()))
    assert lost == Worked(is_lost=True)


def test_the_example_of_the_documents_works(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"```python\n(import numpy as np\n\nPLACE.*?)```", (REPO / "docs/scripting.md").read_text(), re.DOTALL
    )
    write(tmp_path, example=example)
    worker = Worker()
    worker.answer(Load(str(tmp_path)))
    rows = np.arange(150.0).reshape(30, 5)
    answer = worker.answer(Work("example", {"count": 3}, 1, 0, np.arange(30).tobytes(), rows.tobytes()))
    assert isinstance(answer, Worked)
    upper, lower = np.frombuffer(answer.values).reshape(2, 30)
    assert (upper[-1], lower[-1]) == (rows[-1, 1], rows[-3, 2])
    assert np.isnan(upper[:2]).all()


# In a process of its own.


class Told(list[str]):
    def __call__(self, text: str) -> None:
        self.append(text)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "indicators"


@pytest_asyncio.fixture
async def own(qtbot: QtBot, folder: Path, told: Told) -> AsyncIterator[OwnIndicators]:
    made = OwnIndicators(folder, told)
    yield made
    await made.close()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.history(300)
    made.pane.bind(MARKET)
    made.frame()
    yield made
    made.pane.release()


def join(own: OwnIndicators, pane: ChartPane) -> None:
    own.reloaded.connect(lambda: pane.offer_own(own))
    own.changed.connect(pane.take_values)
    pane.offer_own(own)
    own.reload()


async def test_without_files_there_is_no_process(qtbot: QtBot, own: OwnIndicators, told: Told) -> None:
    own.reload()
    await until(lambda: not own._tasks)
    assert own._process is None
    assert (own.kinds, own.problems, told) == ({}, {}, [])


async def test_an_own_indicator_is_drawn_and_follows_the_market(
    qtbot: QtBot, own: OwnIndicators, desk: Desk, folder: Path, told: Told
) -> None:
    write(folder, mine=GOOD)
    join(own, desk.pane)
    await until(lambda: "own:mine" in own.kinds)
    desk.pane.add_study("own:mine", {"count": 3})
    (study,) = desk.pane.studies
    assert (study.is_pane, study.indicator.label) == (True, "3 2")
    await until(lambda: np.isfinite(study.value(0, 299)))
    closes = desk.model.rows[:, 3]
    assert study.track.values[0] == pytest.approx(2 * closes)
    assert study.value(1, 299) == pytest.approx(closes[-3:].mean())
    series = desk.model.series
    assert series is not None
    series.fold_trade(trade(series, PRICE + 7 * TICK, bars_on=1))
    desk.frame()
    await until(lambda: study.value(0, 300) == 2 * (PRICE + 7 * TICK))
    assert study.value(0, 299) == 2 * desk.model.rows[299, 3]
    assert len(desk.pane.view.painter.studies.panes) == 1
    assert told == []


async def test_one_that_fails_is_named_and_the_others_go_on(
    qtbot: QtBot, own: OwnIndicators, desk: Desk, folder: Path, told: Told
) -> None:
    write(folder, mine=GOOD, bad=RAISES)
    join(own, desk.pane)
    await until(lambda: len(own.kinds) == 2)
    desk.pane.add_study("own:bad")
    desk.pane.add_study("own:mine")
    await until(lambda: "bad" in own.problems)
    assert own.problems["bad"].startswith("bad.py:3  IndexError")
    assert len(told) == 1
    await until(lambda: len(desk.pane.studies) == 1 and np.isfinite(desk.pane.studies[0].value(0, 299)))
    desk.pane.menu.fill()
    assert any("bad.py:3" in a.text() and not a.isEnabled() for a in desk.pane.menu.actions())
    kept = desk.pane.save()["indicators"]
    assert {k["kind"] for k in kept} == {"own:mine", "own:bad"}, "the desk keeps what may be mended"
    write(folder, bad="def indicator(bars):\n    return bars.high\n")
    own.reload()
    await until(lambda: len(desk.pane.studies) == 2 and all(np.isfinite(s.value(0, 299)) for s in desk.pane.studies))
    assert own.problems == {}


async def test_one_that_needs_more_bars_than_there_are_yet_waits_for_them(
    qtbot: QtBot, own: OwnIndicators, desk: Desk, folder: Path, told: Told
) -> None:
    write(folder, back="def indicator(bars):\n    return bars.close - bars.close[60]\n")
    desk.history(50, "KRW-ETH")
    desk.pane.bind("KRW-ETH")
    desk.frame()
    join(own, desk.pane)
    await until(lambda: "own:back" in own.kinds)
    desk.pane.add_study("own:back")
    (study,) = desk.pane.studies
    await until(lambda: own.problems.get("back", "").startswith("back.py:2"))
    desk.history(50, "KRW-ETH", first=-50)
    desk.frame()
    await until(lambda: np.isfinite(study.value(0, 99)))
    assert desk.pane.studies == (study,)
    assert (own.problems, told) == ({}, [])


async def test_one_that_loops_is_ended_and_the_others_go_on(
    qtbot: QtBot, own: OwnIndicators, desk: Desk, folder: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_indicators, "WITHIN_S", 1.5)
    write(folder, mine=GOOD, loops=LOOPS)
    join(own, desk.pane)
    await until(lambda: len(own.kinds) == 2)
    desk.pane.add_study("own:mine")
    await until(lambda: np.isfinite(desk.pane.studies[0].value(0, 299)))
    desk.pane.add_study("own:loops")
    await until(lambda: "loops" in own.problems)
    assert own.problems["loops"].startswith("loops.py")
    await until(lambda: len(desk.pane.studies) == 1 and np.isfinite(desk.pane.studies[0].value(0, 299)))
    series = desk.model.series
    assert series is not None
    series.fold_trade(trade(series, PRICE + 3 * TICK))
    desk.frame()
    await until(lambda: desk.pane.studies[0].value(0, 299) == 2 * (PRICE + 3 * TICK))
    assert len(told) == 1


async def test_one_that_ends_its_process_is_named(
    qtbot: QtBot, own: OwnIndicators, desk: Desk, folder: Path, told: Told
) -> None:
    write(folder, ends="import os\ndef indicator(bars):\n    os._exit(1)\n")
    join(own, desk.pane)
    await until(lambda: "own:ends" in own.kinds)
    desk.pane.add_study("own:ends")
    await until(lambda: "ends" in own.problems and desk.pane.studies == () and not own._tasks)
    assert len(told) == 1
    assert own.problems["ends"].startswith("ends.py  ")
