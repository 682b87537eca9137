"""Indicators of the chart pane: the menu, the form, what the desk keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDateTime, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDateTimeEdit, QDialogButtonBox, QDoubleSpinBox, QSpinBox
from pytestqt.qtbot import QtBot

from core.calc.indicators import KINDS
from tests.widgets.chart.bars import FIRST_MS, MARKET
from tests.widgets.chart.test_chart_pane import Desk
from widgets.chart.studies import MOST
from widgets.chart.study_form import StudyForm


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.history(300)
    made.pane.bind(MARKET)
    made.frame()
    yield made
    made.pane.release()


def add(desk: Desk, *kinds: str) -> None:
    """Choose from the menu."""
    for kind in kinds:
        desk.pane.menu.fill()
        action = desk.pane.menu.action_of(kind)
        assert action is not None
        action.trigger()


def form_of(desk: Desk) -> StudyForm:
    form = desk.pane.findChild(StudyForm)
    assert form is not None
    return form


def press(form: StudyForm, button: QDialogButtonBox.StandardButton) -> None:
    form.buttons.button(button).click()
    QApplication.processEvents()


def test_the_menu_adds_every_indicator(desk: Desk) -> None:
    add(desk, *KINDS)
    assert [s.kind for s in desk.pane.studies] == list(KINDS)
    assert all(s.track.values.shape[1] == 300 for s in desk.pane.studies)


def test_there_is_an_end_to_it(desk: Desk) -> None:
    add(desk, *["sma"] * (MOST + 3))
    assert len(desk.pane.studies) == MOST
    desk.pane.menu.fill()
    action = desk.pane.menu.action_of("ema")
    assert action is not None
    assert not action.isEnabled()


def test_the_menu_hides_and_removes(desk: Desk) -> None:
    add(desk, "sma", "rsi")
    desk.pane.menu.fill()
    menu = desk.pane.menu.actions()[1].menu()
    settings, shown, _, remove = menu.actions()
    shown.trigger()
    assert [s.is_hidden for s in desk.pane.studies] == [False, True]
    assert desk.pane.view.painter.studies.panes == []
    shown.trigger()
    assert len(desk.pane.view.painter.studies.panes) == 1
    remove.trigger()
    assert [s.kind for s in desk.pane.studies] == ["sma"]
    assert settings.text()


def test_the_form_changes_settings_and_colours(desk: Desk) -> None:
    add(desk, "sma", "bollinger", "rsi")
    desk.pane.open_settings(desk.pane.studies[1])
    form = form_of(desk)
    count, width = form.fields["count"], form.fields["width"]
    assert isinstance(count, QSpinBox)
    assert isinstance(width, QDoubleSpinBox)
    count.setValue(30)
    width.setValue(2.5)
    form.colors[1].set_color("#123456")
    press(form, QDialogButtonBox.StandardButton.Save)
    sma, band, rsi = desk.pane.studies
    assert (sma.kind, rsi.kind) == ("sma", "rsi")
    assert band.indicator.values == {"count": 30, "width": 2.5}
    assert band.colors[1] == "#123456"
    assert band.value(0, 299) == pytest.approx(desk.model.rows[-30:, 3].mean())


def test_a_form_that_is_cancelled_changes_nothing(desk: Desk) -> None:
    add(desk, "vwap")
    desk.pane.open_settings(desk.pane.studies[0])
    form = form_of(desk)
    session = form.fields["session"]
    assert isinstance(session, QComboBox)
    session.setCurrentIndex(2)
    press(form, QDialogButtonBox.StandardButton.Cancel)
    assert desk.pane.studies[0].indicator.values == {"session": "day"}


def test_a_form_of_what_was_removed_meanwhile_brings_it_not_back(desk: Desk) -> None:
    add(desk, "sma")
    desk.pane.open_settings(desk.pane.studies[0])
    desk.pane.remove_study(desk.pane.studies[0])
    press(form_of(desk), QDialogButtonBox.StandardButton.Save)
    assert desk.pane.studies == ()


def test_the_anchor_is_the_first_bar_in_view_and_is_set_in_korean_time(desk: Desk) -> None:
    add(desk, "anchored_vwap")
    (study,) = desk.pane.studies
    assert study.indicator.values["anchor_ms"] == int(desk.model.starts[desk.model.shown[0]])
    desk.pane.open_settings(study)
    form = form_of(desk)
    field = form.fields["anchor_ms"]
    assert isinstance(field, QDateTimeEdit)
    anchor = QDateTime.fromMSecsSinceEpoch(int(study.indicator.values["anchor_ms"])).toUTC().addSecs(9 * 3_600)
    assert field.text() == anchor.toString("yyyy-MM-dd HH:mm:ss")
    field.setDateTime(field.dateTime().addSecs(600))
    press(form, QDialogButtonBox.StandardButton.Save)
    moved = desk.pane.studies[0].indicator.values["anchor_ms"]
    assert moved == int(study.indicator.values["anchor_ms"]) + 600_000


def test_a_bar_that_is_pressed_can_be_the_anchor(desk: Desk) -> None:
    view = desk.pane.view
    index = desk.model.count - 40
    at = QPoint(round((index - desk.model.x0) * desk.model.px_per_bar), 100)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    desk.pane.anchor_vwap()
    (study,) = desk.pane.studies
    assert study.indicator.values == {"anchor_ms": int(desk.model.starts[index])}
    bars = desk.model.rows[index:]
    typical = bars[:, 1:4].mean(axis=1)
    assert study.value(0, 299) == pytest.approx((typical * bars[:, 4]).sum() / bars[:, 4].sum())


def test_the_desk_keeps_indicators(desk: Desk, qtbot: QtBot) -> None:
    add(desk, "ema", "macd")
    desk.pane.studies[1].share = 0.31
    kept = desk.pane.save()
    other = Desk(qtbot)
    other.pane.restore(kept)
    assert other.pane.save() == {**kept, "market": ""}
    other.pane.release()


def test_a_chart_without_indicators_keeps_none(desk: Desk) -> None:
    assert "indicators" not in desk.pane.save()
    desk.pane.restore({"indicators": "strange"})
    assert desk.pane.studies == ()


def test_trades_and_another_symbol_go_on_with_indicators(desk: Desk) -> None:
    add(desk, "sma", "rsi")
    start = int(desk.model.starts[-1])
    desk.trade(start + 5, 90_900_000.0, 1)
    desk.frame()
    assert desk.pane.studies[0].value(0, 299) == pytest.approx(desk.model.rows[-20:, 3].mean())
    desk.history(50, "KRW-ETH")
    desk.pane.bind("KRW-ETH")
    desk.frame()
    assert [s.track.values.shape[1] for s in desk.pane.studies] == [50, 50]
    assert start > FIRST_MS
