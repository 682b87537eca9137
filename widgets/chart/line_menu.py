"""What the chart's menu offers of windows without trades and of the day's prices."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from widgets.chart.timeline import Gaps

# Also the names of the commands that do the same.
GAP_TEXTS: dict[Gaps, str] = {
    "out": str(QT_TRANSLATE_NOOP("Commands", "Leave out windows without trades")),
    "empty": str(QT_TRANSLATE_NOOP("Commands", "Windows without trades as gaps")),
    "flat": str(QT_TRANSLATE_NOOP("Commands", "Windows without trades as flat bars")),
}
DAY_TEXT = str(QT_TRANSLATE_NOOP("Commands", "Previous close, high and low of the day"))


def say(text: str) -> str:
    """Return one of these texts in the language of the screen."""
    return QCoreApplication.translate("Commands", text)
