"""Tells in the log how far the start has come, as it is seen on the screen: for bug reports and `benchmarks.start`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:  # it is needed before anything heavy is loaded
    from widgets.frame import FrameClock
    from widgets.pane import Pane

PAINT_DUE_S = 2.0  # a window that starts minimised is never painted
_MOST_FRAMES = 3_600  # looked at: a pane that is never live, such as one of a dead symbol, is not waited for

log = logging.getLogger(__name__)


class _Paints(QObject):
    """Sets a future when `widget` has been painted."""

    def __init__(self, widget: QWidget, done: asyncio.Future[None]) -> None:
        super().__init__()
        self._done = done
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._done.done():
            self._done.set_result(None)  # whoever waits goes on in a later turn: after this painting
        return False


async def first_paint(widget: QWidget) -> None:
    """Return when `widget` is on the screen, or will not be for now."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    paints = _Paints(widget, done)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done, PAINT_DUE_S)
    widget.removeEventFilter(paints)


class StartWatch:
    """Looks at every frame until each chart has shown candles, then until all panes are live, then no more.

    Args:
        panes: return those that are open.
    """

    def __init__(self, frames: FrameClock, panes: Callable[[], Sequence[Pane]]) -> None:
        self._frames = frames
        self._panes = panes
        self._has_candles = False
        frames.on_frame = self._look

    def _look(self) -> None:
        panes = self._panes()
        if not self._has_candles and all(p.has_data() for p in panes if p.kind == "chart"):
            self._has_candles = True
            log.info("every chart shows candles")
        is_live = self._has_candles and all(p.has_data() and p.header.light.kind == "live" for p in panes)
        if is_live:
            log.info("every pane is live")
        if is_live or self._frames.frames > _MOST_FRAMES:
            self._frames.on_frame = None
