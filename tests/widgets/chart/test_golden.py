"""Golden pictures of the chart: what it looked like when somebody looked, px for px as far as an eye can tell.

`--golden-update` renews those that differ; look at them before you commit them. A picture that differs is written with
the difference beside it, and the failure says where. Letters are drawn by the system's FreeType: where it draws the
bundled font otherwise than here, letters and what is right beside them are left out of the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app import translations
from tests.widgets.chart.states import STATES, State, paint
from widgets import theme
from widgets.chart import painter as chart_painter
from widgets.chart import watermark

GOLDEN = Path(__file__).parent / "golden"
LETTERS = GOLDEN / "letters.png"
MOST_BYTES = 700_000  # of all pictures
UNSEEN = 2  # of 255, by which a channel may differ: FreeType moves large letters by 1/64 px after small ones
BESIDE = 4  # px around a letter that are left out where letters differ

Pixels = NDArray[np.uint8]  # [height, width, 3]


class Mute(QPainter):
    """Paints all but letters."""

    def drawText(self, *_: Any) -> None:  # type: ignore[override]
        """Leave it out."""

    def drawStaticText(self, *_: Any) -> None:  # type: ignore[override]
        """Leave it out."""


def pixels(image: QImage) -> Pixels:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1, 4)
    return raw[:, : plain.width(), :3].copy()


def letters() -> QImage:
    """Return the bundled font as this machine draws it, in the sizes of a chart."""
    image = QImage(300, 150, QImage.Format.Format_RGB32)
    image.fill(QColor("#11151c"))
    painter, y = QPainter(image), 6
    painter.setPen(QColor("#e4e8ef"))
    for size, weight in ((10, "regular"), (11, "regular"), (14, "regular"), (22, "regular"), (52, "semibold")):
        y += size
        painter.setFont(theme.font(size, weight))
        painter.drawText(QPointF(4, y), "0123456789.,+-% OHLC Vol 시고저종 KRW-BTC DEMO")
    painter.end()
    return image


@cache
def is_exact() -> bool:
    """Whether letters look here as they do in the pictures."""
    return np.array_equal(pixels(letters()), pixels(QImage(str(LETTERS))))


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    yield
    translations.install(qapp, "en")
    theme.apply(qapp)


def dress(qapp: QApplication, state: State) -> None:
    theme.apply(qapp, state.theme, state.updown)
    translations.install(qapp, state.lang)


def without_letters(state: State, monkeypatch: pytest.MonkeyPatch) -> Pixels:
    """Return what there is beside letters."""
    with monkeypatch.context() as patch:
        patch.setattr(chart_painter, "QPainter", Mute)
        patch.setattr(watermark, "QPainter", Mute)
        return pixels(paint(state, Mute))


def around(mask: NDArray[np.bool_], px: int) -> NDArray[np.bool_]:
    """Return the same, wider by so many px on every side."""
    made = mask.copy()
    for _ in range(px):
        grown = made.copy()
        grown[1:] |= made[:-1]
        grown[:-1] |= made[1:]
        grown[:, 1:] |= made[:, :-1]
        grown[:, :-1] |= made[:, 1:]
        made = grown
    return made


def compare(golden: Pixels, actual: Pixels, left_out: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Return where they differ; everywhere if they are not of one size."""
    if golden.shape != actual.shape:
        return np.ones(actual.shape[:2], np.bool_)
    differs = (np.abs(golden.astype(np.int16) - actual) > UNSEEN).any(axis=2)
    return differs if left_out is None else differs & ~left_out


def complain(name: str, actual: QImage, differs: NDArray[np.bool_], folder: Path) -> str:
    """Write picture and difference and return what to say."""
    seen, marked = folder / f"{name}.actual.png", folder / f"{name}.difference.png"
    actual.save(str(seen))
    shown = pixels(actual) // 4
    shown[differs] = (64, 64, 255)  # blue, green, red
    full = np.ascontiguousarray(np.dstack([shown, np.full(shown.shape[:2], 255, np.uint8)]))
    QImage(full.tobytes(), full.shape[1], full.shape[0], full.shape[1] * 4, QImage.Format.Format_RGB32).save(
        str(marked)
    )
    ys, xs = np.nonzero(differs)
    box = f"x {xs.min()}..{xs.max()}, y {ys.min()}..{ys.max()}"
    return (
        f"{name}: {len(xs):,} px differ, {box}\n  now:        {seen}\n  difference: {marked}\n"
        f"  golden:     {GOLDEN / (name + '.png')}\nIf it is meant to: pytest {Path(__file__).name} --golden-update"
    )


@pytest.mark.parametrize("state", STATES, ids=[s.name for s in STATES])
def test_it_looks_as_it_did(
    state: State, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    dress(qapp, state)
    actual, file = paint(state), GOLDEN / f"{state.name}.png"
    known = QImage(str(file))
    if request.config.getoption("--golden-update"):
        if known.isNull() or compare(pixels(known), pixels(actual), None).any():
            actual.save(str(file), "PNG", 0)  # type: ignore[call-overload] # smallest
        return
    if known.isNull():
        pytest.fail(f"there is no {file.name}; pytest --golden-update makes it", pytrace=False)
    left_out = None
    if not is_exact():
        left_out = around((pixels(actual) != without_letters(state, monkeypatch)).any(axis=2), BESIDE)
    differs = compare(pixels(known), pixels(actual), left_out)
    if differs.any():
        pytest.fail(complain(state.name, actual, differs, tmp_path), pytrace=False)


def test_letters_are_known(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden-update"):
        letters().save(str(LETTERS), "PNG", 0)  # type: ignore[call-overload]
    assert pixels(QImage(str(LETTERS))).any()


@pytest.mark.parametrize("name", ["panes", "dpr-1.25", "dpr-1.5", "dpr-2", "million"])
def test_the_same_state_is_the_same_picture_again(name: str, qapp: QApplication) -> None:
    (state,) = (s for s in STATES if s.name == name)
    dress(qapp, state)
    first = pixels(paint(state))
    theme.apply(qapp, "light", "western")
    letters()  # other sizes of the same letters
    dress(qapp, state)
    assert not compare(first, pixels(paint(state)), None).any()


def test_every_picture_is_of_a_state_and_they_are_small() -> None:
    files = set(GOLDEN.iterdir())
    assert {f.stem for f in files} == {s.name for s in STATES} | {"letters"}
    assert sum(f.stat().st_size for f in files) < MOST_BYTES
    assert len({s.name for s in STATES}) == len(STATES) >= 20


def test_states_differ_from_each_other(qapp: QApplication) -> None:
    """A state that looks like another tests nothing."""
    seen: dict[bytes, str] = {}
    for state in STATES:
        raw = pixels(QImage(str(GOLDEN / f"{state.name}.png"))).tobytes()
        assert raw not in seen, f"{state.name} looks like {seen.get(raw)}"
        seen[raw] = state.name


def test_where_letters_are_drawn_otherwise_all_else_is_still_compared(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (state,) = (s for s in STATES if s.name == "crosshair")
    dress(qapp, state)
    known, usual = pixels(paint(state)), theme.font

    @cache
    def other(size_px: float = theme.TEXT, weight: str = "regular", mono: bool = False) -> Any:
        made = type(usual())(usual(size_px, weight, mono))
        made.setHintingPreference(made.HintingPreference.PreferFullHinting)
        made.setStyleStrategy(made.StyleStrategy.NoAntialias)
        return made

    monkeypatch.setattr(theme, "font", other)
    theme.apply(qapp, state.theme, state.updown)
    actual = pixels(paint(state))
    assert compare(known, actual, None).sum() > 100, "other letters"
    left_out = around((actual != without_letters(state, monkeypatch)).any(axis=2), BESIDE)
    assert left_out.mean() < 0.35
    assert not compare(known, actual, left_out).any()
    actual[200, 300:310] ^= 255
    found = compare(known, actual, left_out)
    assert found.sum() == 10
    said = complain(state.name, paint(state), found, tmp_path)
    assert "10 px differ, x 300..309, y 200..200" in said
    assert {p.name for p in tmp_path.iterdir()} == {"crosshair.actual.png", "crosshair.difference.png"}
