"""What drawings are called and what is written in them, in the language of the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core.market import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from core.state.drawings import Kind
from widgets import format as fmt
from widgets.chart.drawings import Measure


def names() -> dict[Kind, str]:
    """Return what each kind is called."""
    translate = QCoreApplication.translate
    return {
        "trend": translate("Drawings", "Trend line"),
        "ray": translate("Drawings", "Ray"),
        "horizontal": translate("Drawings", "Horizontal line"),
        "rectangle": translate("Drawings", "Rectangle"),
        "fibonacci": translate("Drawings", "Fibonacci retracement"),
        "measure": translate("Drawings", "Measure"),
        "text": translate("Drawings", "Text"),
    }


def span(time_ms: int) -> str:
    """Return how long something is by its two largest units, "2d 4h"."""
    translate = QCoreApplication.translate
    units = (
        (DAY_MS, translate("Drawings", "{}d")),
        (HOUR_MS, translate("Drawings", "{}h")),
        (MINUTE_MS, translate("Drawings", "{}m")),
        (SECOND_MS, translate("Drawings", "{}s")),
    )
    left, said = abs(time_ms), list[str]()
    for unit, text in units:
        count, left = divmod(left, unit)
        if count:
            said.append(text.format(count))
        elif said:
            break
        if len(said) == 2:
            break
    return ("-" if time_ms < 0 else "") + (" ".join(said) or units[-1][1].format(0))


def measure(said: Measure, tick: float) -> tuple[str, str]:
    """Return price and percent, and bars and time, each a line."""
    sign = "+" if said.price > 0 else ""
    bars = QCoreApplication.translate("Drawings", "{} bars").format(f"{said.bars:,}")
    return f"{sign}{fmt.price(said.price, tick)} ({fmt.percent(said.rate)})", f"{bars}, {span(said.time_ms)}"


def level(share: float, price: float, tick: float) -> str:
    """Return what stands at a level of Fibonacci."""
    return f"{share:g} ({fmt.price(price, tick)})"
