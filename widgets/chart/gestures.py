"""What wheel, touchpad and letting go of a drag mean to a chart."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputDevice, QWheelEvent

from widgets.plot.momentum import Momentum

NOTCH = 120  # of a wheel, in the eighths of a degree that Qt counts
PAN_PX = 80.0  # by which a notch pans
ZOOM_PX = 40.0  # of a touchpad that zoom as much as a notch
_EASE = 2.0  # how much more upright than level two fingers must move to zoom

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Turn(NamedTuple):
    """What to do: pan by logical px as a drag does, zoom by notches at the pointer."""

    dx: float = 0.0
    dy: float = 0.0
    notches: float = 0.0


def is_touchpad(event: QWheelEvent) -> bool:
    """Tell whether fingers moved something by px.

    Under X11 wheels may claim to know px, too: there it counts what device it is.
    """
    return event.hasPixelDelta() and (
        event.phase() != Qt.ScrollPhase.NoScrollPhase or event.device().type() == QInputDevice.DeviceType.TouchPad
    )


def turn(event: QWheelEvent, *, is_auto: bool) -> Turn:
    """Return what the user means.

    A wheel zooms, with Shift or to its side it pans. Two fingers pan in both directions, with Ctrl they zoom; prices
    that fit themselves cannot be panned, so there a move that is plainly upright zooms.

    Args:
        is_auto: prices fit themselves.
    """
    keys = event.modifiers()
    if is_touchpad(event):
        px = event.pixelDelta()
        if keys & _CTRL or (is_auto and not keys & _SHIFT and abs(px.y()) > _EASE * abs(px.x())):
            return Turn(notches=px.y() / ZOOM_PX)
        if keys & _SHIFT and not px.x():
            return Turn(dx=float(px.y()))
        return Turn(float(px.x()), float(px.y()))
    aside, upright = event.angleDelta().x() / NOTCH, event.angleDelta().y() / NOTCH
    if keys & _SHIFT and not keys & _CTRL:
        return Turn(dx=(aside or upright) * PAN_PX)  # some systems turn the wheel aside by themselves
    return Turn(dx=aside * PAN_PX, notches=upright)


class Kinetics:
    """A drag or a move of two fingers that runs on when it is let go.

    Args:
        on_run: it begins to run: somebody has to call `step` frame by frame until `is_running` is False.
        clock: s.
    """

    def __init__(self, on_run: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_run, self.clock = on_run, clock
        self._momentum = Momentum()
        self.is_on = True  # else what is let go stands

    @property
    def is_running(self) -> bool:
        """Whether it moves by itself."""
        return self._momentum.is_running

    def stop(self) -> None:
        """Stand still: pressed, or an edge was reached."""
        self._momentum.stop()

    def move(self, dx: float) -> None:
        """Take note that the user moves it, by logical px."""
        self._momentum.move(dx, self.clock())

    def release(self) -> None:
        """Let go."""
        if not self.is_on:
            self._momentum.stop()
        elif self._momentum.release(self.clock()):
            self._on_run()

    def step(self) -> float:
        """Return by how many logical px it ran since the last step."""
        return self._momentum.step(self.clock())
