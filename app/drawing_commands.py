"""The commands that draw on the chart in use, with the keys that traders know from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.commands import Commands
from app.workspace import Workspace
from core.state.drawings import Kind
from widgets.chart.pane import ChartPane

_TOOLS: tuple[tuple[Kind, object, str], ...] = (
    ("trend", QT_TRANSLATE_NOOP("Commands", "Draw a trend line"), "Alt+T"),
    ("ray", QT_TRANSLATE_NOOP("Commands", "Draw a ray"), "Alt+J"),
    ("horizontal", QT_TRANSLATE_NOOP("Commands", "Draw a horizontal line"), "Alt+H"),
    ("rectangle", QT_TRANSLATE_NOOP("Commands", "Draw a rectangle"), "Alt+Shift+R"),
    ("fibonacci", QT_TRANSLATE_NOOP("Commands", "Draw a Fibonacci retracement"), "Alt+F"),
    ("measure", QT_TRANSLATE_NOOP("Commands", "Measure"), "Alt+M"),
    ("text", QT_TRANSLATE_NOOP("Commands", "Write on the chart"), "Alt+Shift+T"),
)


def add_drawing_commands(commands: Commands, workspace: Workspace) -> None:
    """Add them all; each is for the chart in use."""

    def chart() -> ChartPane | None:
        return pane if isinstance(pane := workspace.active, ChartPane) else None

    def add(
        name: str,
        text: object,
        run: Callable[[ChartPane], object],
        keys: str = "",
        is_on: Callable[[ChartPane], bool] | None = None,
    ) -> None:
        commands.add(
            f"draw.{name}",
            text,
            lambda: (pane := chart()) and run(pane),
            keys,
            group="drawing",
            is_enabled=lambda: chart() is not None,
            is_checked=None if is_on is None else lambda: (pane := chart()) is not None and is_on(pane),
            is_repeating=name in ("undo", "redo"),
        )

    for kind, text, keys in _TOOLS:
        add(kind, text, partial(ChartPane.draw, kind=kind), keys)
    add("undo", QT_TRANSLATE_NOOP("Commands", "Undo what was drawn"), lambda pane: pane.view.hand.undo(), "Ctrl+Z")
    add("redo", QT_TRANSLATE_NOOP("Commands", "Draw it again"), lambda pane: pane.view.hand.redo(), "Ctrl+Shift+Z")
    add("clear", QT_TRANSLATE_NOOP("Commands", "Delete all drawings"), lambda pane: pane.view.hand.clear())
    add(
        "magnet",
        QT_TRANSLATE_NOOP("Commands", "Magnet to open, high, low, close"),
        lambda pane: pane.view.hand.set_magnet(not pane.view.hand.is_magnet),
        "Alt+G",
        lambda pane: pane.view.hand.is_magnet,
    )
    add(
        "show",
        QT_TRANSLATE_NOOP("Commands", "Show the drawings"),
        lambda pane: pane.view.hand.set_shown(not pane.view.hand.is_shown),
        "Ctrl+Alt+H",
        lambda pane: pane.view.hand.is_shown,
    )
    add(
        "bar",
        QT_TRANSLATE_NOOP("Commands", "Bar of drawing tools"),
        lambda pane: pane.show_drawing_bar(not pane.has_drawing_bar),
        "Alt+D",
        lambda pane: pane.has_drawing_bar,
    )
