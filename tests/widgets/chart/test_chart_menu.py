"""The menu of how a chart looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.chart.bars import MARKET
from tests.widgets.chart.test_chart_pane import Desk
from widgets import theme
from widgets.chart.chart_menu import ChartMenu


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.history(300)
    made.pane.bind(MARKET)
    made.frame()
    yield made
    made.pane.release()


def texts(menu: ChartMenu) -> list[str]:
    menu.fill()
    return [a.text().partition("\t")[0] for a in menu.actions()]


def choose(desk: Desk, text: str) -> None:
    """Choose from the menu as it is now."""
    menu = desk.pane.chart_menu
    menu.fill()
    action = menu.entry(text)
    assert action is not None, texts(menu)
    action.trigger()


def test_sections_follow_each_other_with_a_line_between(qtbot: QtBot, desk: Desk) -> None:
    menu = ChartMenu(desk.pane)
    chosen: list[int] = []
    menu.key_of = {"chart.one": "Alt+L"}.__getitem__
    menu.sections.append(lambda m: m.offer({1: "One", 2: "Two & more"}, 2, chosen.append, commands={1: "chart.one"}))
    menu.sections.append(lambda m: m.toggle("Shown", True, lambda on: chosen.append(int(on))))
    assert texts(menu) == ["One", "Two && more", "", "Shown"]
    assert [a.isChecked() for a in menu.actions()] == [False, True, False, True]
    menu.actions()[0].trigger()
    menu.actions()[3].trigger()
    assert chosen == [1, 0]
    assert texts(menu) == ["One", "Two && more", "", "Shown"], "it is filled anew, not once more"
    assert menu.actions()[0].text().endswith("Alt+L")
    assert menu.actions()[0].shortcut().isEmpty(), "the command hears the key, the menu shows it"


def test_the_button_has_it(desk: Desk) -> None:
    assert desk.pane.bar.chart.menu() is desk.pane.chart_menu
    assert desk.pane.bar.chart.accessibleName()


def test_own_marks_are_switched_in_it(desk: Desk) -> None:
    choose(desk, "Own orders and fills")
    assert not desk.pane.has_own
    choose(desk, "Own orders and fills")
    assert desk.pane.has_own


def test_a_scale_is_chosen_in_it_and_kept_with_the_desk(desk: Desk) -> None:
    choose(desk, "Logarithmic scale")
    assert desk.model.price_scale == "log"
    desk.pane.toggle_price_scale("log")
    assert desk.model.price_scale == "linear"
    desk.pane.toggle_price_scale("percent")
    kept = desk.pane.save()
    desk.pane.set_price_scale("linear")
    assert "scale" not in desk.pane.save()
    desk.pane.restore(kept)
    assert desk.model.price_scale == "percent"


@pytest.mark.parametrize("strange", ["cubic", 7, None, ["log"], {"log": 1}])
def test_a_strange_scale_of_a_desk_is_none(desk: Desk, strange: object) -> None:
    desk.pane.restore({"market": MARKET, "scale": strange})
    assert desk.model.price_scale == "linear"


def test_prices_follow_the_bars_or_stay_by_choice(desk: Desk) -> None:
    choose(desk, "Fit prices to the bars")
    assert not desk.model.is_auto
    before = (desk.model.y0, desk.model.y1)
    desk.pane.view._apply(desk.model.pan(-150))
    assert (desk.model.y0, desk.model.y1) == before
    choose(desk, "Fit prices to the bars")
    assert desk.model.is_auto
    assert (desk.model.y0, desk.model.y1) != before


def test_a_style_is_chosen_in_it_and_kept_with_the_desk(desk: Desk) -> None:
    choose(desk, "Heikin-Ashi")
    assert desk.model.style == "heikin"
    assert desk.pane.bar.style_shown == "heikin"
    kept = desk.pane.save()
    choose(desk, "Candles")
    assert "style" not in desk.pane.save()
    desk.pane.restore(kept)
    assert desk.model.style == "heikin"
    assert desk.pane.bar.style_shown == "heikin"


@pytest.mark.parametrize("strange", ["renko", 7, None, ["line"], {"line": 1}])
def test_a_strange_style_of_a_desk_is_none(desk: Desk, strange: object) -> None:
    desk.pane.restore({"market": MARKET, "style": strange})
    assert desk.model.style == "candles"


def test_the_chosen_style_is_written_in_a_weight_that_there_is(desk: Desk) -> None:
    menu = desk.pane.chart_menu
    menu.fill()
    chosen = next(a for a in menu.actions() if a.isChecked() and not a.icon().isNull())
    assert chosen.font() == theme.font(theme.TEXT, "semibold"), "a heavier one is smeared from the bundled font"
