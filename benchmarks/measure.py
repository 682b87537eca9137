"""What every benchmark needs: percentiles, one line of JSON, the CPU cost of a painted frame."""

from __future__ import annotations

import argparse
import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from time import process_time_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

WARM_UP = 20  # frames not counted: caches of glyphs and bytecode fill


def percentiles(list_ms: Iterable[float], digits: int = 3) -> dict[str, float]:
    """Return p50, p95, p99 and max by nearest rank, rounded to `digits`; nan of nothing."""
    ordered = sorted(list_ms)
    if not ordered:
        return dict.fromkeys(("p50", "p95", "p99", "max"), math.nan)
    rank = {f"p{p}": ordered[max(math.ceil(p / 100 * len(ordered)) - 1, 0)] for p in (50, 95, 99)}
    return {k: round(v, digits) for k, v in (rank | {"max": ordered[-1]}).items()}


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with what all benchmarks understand: `--json` and `--peers`; its help is all of `description`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    parser.add_argument("--peers", action="store_true", help="measure the peers in the same run, where there are any")
    return parser


def report(name: str, result: Mapping[str, object], as_json: bool) -> None:
    """Print the result: one JSON line, or one line a key for people."""
    if as_json:
        print(json.dumps({"benchmark": name, **result}))
        return
    print(name)
    for key, value in result.items():
        if isinstance(value, Mapping):
            value = "  ".join(f"{k} {v}" for k, v in value.items())  # noqa: PLW2901
        print(f"  {key:<18} {value}")


def qt_app() -> QApplication:
    """Return the application in the program's look, offscreen where no platform was chosen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from widgets import theme

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["benchmark"])
        theme.apply(app)
    return app


def frame_cost(
    widget: QWidget,
    change: Callable[[int], object],
    n: int,
    prepare: Callable[[int], object] = lambda _i: None,
) -> list[float]:
    """Return ms of CPU of `n` changed frames: `change(i)` and all painting that follows from it.

    `prepare(i)`, called before, is not counted.

    The widget is shown if it is not. What `change` posts (update, layout, scroll) is delivered before the clock stops.

    Raises:
        RuntimeError: a change brought no paint, so the figures would mean nothing.
    """
    from PySide6.QtCore import QEvent, QObject

    class Paints(QObject):
        seen = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.seen += 1
            return False

    app = qt_app()
    widget.show()
    for _ in range(3):
        app.processEvents()
    paints = Paints()
    app.installEventFilter(paints)
    for i in range(WARM_UP):
        prepare(i)
        change(i)
        app.processEvents()
    app.removeEventFilter(paints)  # it costs a call a Python event: only the warm-up is watched
    if paints.seen < WARM_UP:
        raise RuntimeError(f"{WARM_UP} changes brought {paints.seen} paints")
    cost = []
    for i in range(WARM_UP, WARM_UP + n):
        prepare(i)
        start = process_time_ns()
        change(i)
        app.processEvents()
        cost.append((process_time_ns() - start) / 1e6)
    return cost
