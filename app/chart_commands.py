"""The commands of the chart in use: how it looks, and what is taken out of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.chart_export import ChartExport
from app.commands import Commands
from app.workspace import Workspace
from widgets.chart.line_menu import DAY_TEXT, GAP_TEXTS
from widgets.chart.pane import ChartPane
from widgets.chart.timeline import Gaps
from widgets.plot.bar_styles import Style
from widgets.plot.price_scale import PriceScale

EXPORTS = ("chart.copy_picture", "chart.save_picture", "chart.save_view", "chart.save_all")


def add_chart_commands(commands: Commands, workspace: Workspace) -> None:
    """Add how the chart in use looks."""
    add = partial(_add, commands, workspace)
    add("chart.menu", QT_TRANSLATE_NOOP("Commands", "How the chart looks"), ChartPane.open_chart_menu, "Alt+C")
    add("chart.indicators", QT_TRANSLATE_NOOP("Commands", "Indicators"), ChartPane.open_indicators, "Alt+I")
    add(
        "chart.compare",
        QT_TRANSLATE_NOOP("Commands", "Compare with another symbol"),
        ChartPane.ask_compare,
        "Alt+Shift+C",
    )
    add(
        "chart.sides",
        QT_TRANSLATE_NOOP("Commands", "Volume by buyers and sellers"),
        lambda pane: pane.set_sides(not pane.has_sides),
        is_on=lambda pane: pane.has_sides,
    )
    looks: tuple[tuple[Style, object], ...] = (
        ("candles", QT_TRANSLATE_NOOP("Commands", "Chart: candles")),
        ("hollow", QT_TRANSLATE_NOOP("Commands", "Chart: hollow candles")),
        ("bars", QT_TRANSLATE_NOOP("Commands", "Chart: bars (OHLC)")),
        ("heikin", QT_TRANSLATE_NOOP("Commands", "Chart: Heikin-Ashi")),
        ("line", QT_TRANSLATE_NOOP("Commands", "Chart: line")),
        ("area", QT_TRANSLATE_NOOP("Commands", "Chart: area")),
    )
    for style, text in looks:
        add(f"chart.style.{style}", text, partial(_set_style, style), is_on=partial(_has_style, style))
    scales: tuple[tuple[PriceScale, object, str], ...] = (
        ("log", QT_TRANSLATE_NOOP("Commands", "Logarithmic scale"), "Alt+L"),
        ("percent", QT_TRANSLATE_NOOP("Commands", "Percent scale"), "Alt+P"),
    )
    for scale, text, keys in scales:
        add(
            f"chart.scale.{scale}",
            text,
            partial(_toggle_scale, scale),
            keys,
            is_on=partial(_has_scale, scale),
        )

    for gaps, text in GAP_TEXTS.items():
        add(f"chart.gaps.{gaps}", text, partial(_set_gaps, gaps), is_on=partial(_has_gaps, gaps))
    add("chart.day", DAY_TEXT, _toggle_day, is_on=lambda pane: pane.has_day_lines)


def add_export_commands(commands: Commands, workspace: Workspace, export: ChartExport) -> None:
    """Add what is taken out of the chart in use."""
    entries: tuple[tuple[str, object, Callable[[ChartPane], object], str], ...] = (
        (
            "chart.copy_picture",
            QT_TRANSLATE_NOOP("Commands", "Copy a picture of the chart"),
            export.copy_picture,
            "Ctrl+Alt+C",
        ),
        (
            "chart.save_picture",
            QT_TRANSLATE_NOOP("Commands", "Save a picture of the chart"),
            export.save_picture,
            "Ctrl+Alt+P",
        ),
        (
            "chart.save_view",
            QT_TRANSLATE_NOOP("Commands", "Save the bars in view as a table"),
            partial(export.save_data, in_view=True),
            "Ctrl+Alt+E",
        ),
        (
            "chart.save_all",
            QT_TRANSLATE_NOOP("Commands", "Save all loaded bars as a table"),
            partial(export.save_data, in_view=False),
            "",
        ),
    )

    def take(run: Callable[[ChartPane], object]) -> None:
        if (pane := workspace.chart) is not None:
            run(pane)

    for name, text, run, keys in entries:
        commands.add(
            name,
            text,
            partial(take, run),
            keys,
            group="pane",
            is_enabled=lambda: (pane := workspace.chart) is not None and pane.view.model.count > 0,
        )


def _add(
    commands: Commands,
    workspace: Workspace,
    name: str,
    text: object,
    run: Callable[[ChartPane], object],
    keys: str = "",
    *,
    is_on: Callable[[ChartPane], bool] | None = None,
) -> None:
    """Add what is done with the chart in use."""

    def is_checked() -> bool:
        return is_on is not None and (pane := workspace.chart) is not None and is_on(pane)

    commands.add(
        name,
        text,
        lambda: (pane := workspace.chart) and run(pane),
        keys,
        group="chart",
        is_enabled=lambda: workspace.chart is not None,
        is_checked=None if is_on is None else is_checked,
    )


def _set_style(style: Style, pane: ChartPane) -> None:
    pane.set_style_of_bars(style)


def _has_style(style: Style, pane: ChartPane) -> bool:
    return pane.style_of_bars == style


def _set_gaps(gaps: Gaps, pane: ChartPane) -> None:
    pane.set_gaps(gaps)


def _has_gaps(gaps: Gaps, pane: ChartPane) -> bool:
    return pane.gaps == gaps


def _toggle_day(pane: ChartPane) -> None:
    pane.set_day_lines(not pane.has_day_lines)


def _toggle_scale(scale: PriceScale, pane: ChartPane) -> None:
    pane.toggle_price_scale(scale)


def _has_scale(scale: PriceScale, pane: ChartPane) -> bool:
    return pane.price_scale == scale
