"""Rectangles from arrays fill the pixels they name and no others."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from widgets.plot.primitives import dashes, fill_rects

RED = QColor("#ff0000")


def filled(boxes: np.ndarray, size: int = 40) -> np.ndarray:
    """Return which pixels became red, [y, x]."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    fill_rects(painter, boxes, RED)
    painter.end()
    return red(image)


def red(image: QImage) -> np.ndarray:
    return np.array(
        [[image.pixelColor(x, y).red() == 255 for x in range(image.width())] for y in range(image.height())]
    )


@pytest.mark.parametrize("kind", [np.float64, np.int32])
def test_boxes_fill_whole_pixels(kind: type, qapp: object) -> None:
    expected = np.zeros((40, 40), bool)
    expected[5:9, 3:4] = True
    expected[30:40, 20:40] = True
    assert np.array_equal(
        filled(np.array([[3, 5, 1, 4], [20, 30, 25, 99], [7, 7, 0, 5], [7, 7, 5, 0]], kind)), expected
    )


def test_no_boxes_and_very_many(qapp: object) -> None:
    assert not filled(np.empty((0, 4))).any()
    many = np.zeros((5_000, 4))
    many[:, 0], many[:, 2:] = np.arange(5_000) % 40, 1
    assert np.array_equal(np.flatnonzero(filled(many).any(axis=1)), [0])


@pytest.mark.parametrize(("length", "line"), [(1, 1), (2, 1), (30, 1), (33, 2), (7, 3)])
def test_dashes_are_as_long_as_the_gaps(length: int, line: int, qapp: object) -> None:
    expected = [i // (2 * line) % 2 == 0 for i in range(length)]
    across = dashes(length, line, RED.rgb())
    assert (across.width(), across.height()) == (length, line)
    assert on_black(across)[0].tolist() == expected
    upright = dashes(length, line, RED.rgb(), is_upright=True)
    assert (upright.width(), upright.height()) == (line, length)
    assert on_black(upright)[:, 0].tolist() == expected


def on_black(line: QPixmap) -> np.ndarray:
    image = QImage(line.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.drawPixmap(0, 0, line)
    painter.end()
    return red(image)
