"""Numbers drawn in one go: where their glyphs stand, what they look like, and that nothing of a frame is left over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from widgets import digits as module
from widgets import theme
from widgets.digits import CHARACTERS, Digits

WIDTH, HEIGHT, RIGHT, BASELINE = 200, 40, 180.0, 25.0
RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)
BLANK = QColor(0, 0, 0)


@pytest.fixture(scope="module")
def digits(qapp: QApplication) -> Digits:
    return Digits(theme.font(theme.TEXT))


def picture(digits: Digits | None, *texts: str, color: QColor = RED, right: float = RIGHT) -> QImage:
    """Return what `digits` paints: each text, on top of each other, and all that was put before."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(BLANK)
    painter = QPainter(image)
    if digits is not None:
        for text in texts:
            digits.put(text, digits.places(text, right, BASELINE), color)
        digits.draw(painter)
    painter.end()
    return image


def ink(image: QImage) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the red and the blue of every pixel that was painted."""
    found = {}
    for x in range(image.width()):
        for y in range(image.height()):
            pixel = image.pixelColor(x, y)
            if pixel != BLANK:
                found[x, y] = (pixel.red(), pixel.blue())
    return found


def columns(image: QImage) -> tuple[int, int]:
    """Return the first and the last column with ink in it."""
    xs = [x for x, _ in ink(image)]
    return min(xs), max(xs)


@given(st.text("0123456789", min_size=1, max_size=12), st.data())
def test_texts_of_one_shape_are_equally_wide(
    qapp: QApplication, digits: Digits, text: str, data: st.DataObject
) -> None:
    other = "".join(data.draw(st.sampled_from("0123456789")) for _ in text)
    assert digits.width(text) == pytest.approx(digits.width(other), abs=1e-6)
    assert digits.width(text) == pytest.approx(len(text) * digits.width("0"), abs=1e-6)


@pytest.mark.parametrize("size", [theme.TINY, theme.SMALL, theme.TEXT, theme.LARGE])
@pytest.mark.parametrize("weight", ["regular", "semibold"])
def test_it_measures_as_qt_does_and_never_zero(qapp: QApplication, size: float, weight: str) -> None:
    font = theme.font(size, weight)
    made, metrics = Digits(font), QFontMetricsF(font)
    for text in ("139,301,000", "0.00000001", "12:59:59", "<0.0001", "100.00%"):
        assert made.width(text) == pytest.approx(metrics.horizontalAdvance(text), abs=1.0)
    assert all(made.width(character) > 0 for character in CHARACTERS)
    assert made.width("") == 0


def test_signs_stand_in_one_column(digits: Digits) -> None:
    assert digits.width("-1.23%") == pytest.approx(digits.width("+1.23%"), abs=1e-6)


def test_the_last_glyph_ends_at_the_right_and_each_begins_where_the_one_before_ended(digits: Digits) -> None:
    text = "1,234.5"
    places = digits.places(text, RIGHT, BASELINE)
    assert len(places) == len(text)
    for i, place in enumerate(places):
        assert place.x() == pytest.approx(RIGHT - digits.width(text[i:]), abs=1e-6)
        assert place.y() == BASELINE


def test_a_place_is_kept_for_all_of_its_shape_and_for_nothing_else(digits: Digits) -> None:
    places = digits.places("1,234.5", RIGHT, BASELINE)
    assert digits.places("9,876.0", RIGHT, BASELINE) is places
    assert digits.places("12,34.5", RIGHT, BASELINE) != places
    assert digits.places("1,234.5", RIGHT + 10, BASELINE) != places
    assert digits.places("1,234.5", RIGHT, BASELINE + 10) != places


def test_places_kept_have_a_bound(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 16)
    made = Digits(theme.font(theme.TEXT))
    for step in range(100):
        (place,) = made.places("0", float(step), BASELINE)
        assert place.x() == pytest.approx(step - made.width("0"), abs=1e-6)
        assert len(made._kept) <= 16


@pytest.mark.parametrize("text", ["139,301,000", "0.4821", "2,5678.90"])  # a colon or sign Qt shifts by its neighbours
def test_it_looks_as_if_qt_had_written_it(digits: Digits, text: str) -> None:
    image = picture(None)
    painter = QPainter(image)
    painter.setFont(theme.font(theme.TEXT))
    painter.setPen(RED)
    painter.drawText(QPointF(RIGHT - digits.width(text), BASELINE), text)
    painter.end()
    ours, qts = ink(picture(digits, text)), ink(image)
    assert qts
    weight = sum(red for red, _ in qts.values())
    differs = sum(abs(ours.get(at, (0, 0))[0] - qts.get(at, (0, 0))[0]) for at in {*ours, *qts})
    assert differs <= 0.03 * weight  # one other digit is 0.1 at the least, a shift by a pixel 0.8


def test_every_character_but_the_blank_has_a_glyph_of_its_own(digits: Digits) -> None:
    seen = {character: frozenset(ink(picture(digits, character)).items()) for character in CHARACTERS}
    assert not seen.pop(" ")
    assert all(seen.values())
    assert len(set(seen.values())) == len(seen)


def test_a_short_number_filled_with_blanks_ends_where_a_long_one_does(digits: Digits) -> None:
    long, short = "12,345.6", "7.6".rjust(8)
    places = digits.places(long, RIGHT, BASELINE)
    image = picture(None)
    painter = QPainter(image)
    digits.put(short, places, RED)
    digits.draw(painter)
    painter.end()
    assert ink(image) == ink(picture(digits, "7.6"))


def test_a_draw_shows_what_was_put_since_the_last_one_and_nothing_else(digits: Digits) -> None:
    first = ink(picture(digits, "1,111.1"))
    assert ink(picture(digits, "8,888.8")) != first  # other glyphs at the same places
    assert ink(picture(digits, "1,111.1")) == first
    assert not ink(picture(digits))


def test_all_numbers_of_one_colour_are_drawn(digits: Digits) -> None:
    image = picture(None)
    painter = QPainter(image)
    for text, right in (("111", 60.0), ("222", 120.0), ("333", RIGHT)):
        digits.put(text, digits.places(text, right, BASELINE), RED)
    digits.draw(painter)
    painter.end()
    alone = [ink(picture(digits, t, right=r)) for t, r in (("111", 60.0), ("222", 120.0), ("333", RIGHT))]
    assert ink(image) == alone[0] | alone[1] | alone[2]


def test_numbers_move_when_their_column_does(digits: Digits) -> None:
    picture(digits, "1,234.5")
    left, right = columns(picture(digits, "1,234.5"))
    assert columns(picture(digits, "1,234.5", right=RIGHT - 60)) == (left - 60, right - 60)


def test_each_colour_is_drawn_as_itself_however_many_came_before(digits: Digits) -> None:
    left = digits.places("111", 60.0, BASELINE)
    right = digits.places("888", RIGHT, BASELINE)
    for a, b in ((RED, BLUE), (BLUE, RED)):
        image = picture(None)
        painter = QPainter(image)
        digits.put("111", left, a)
        digits.put("888", right, b)
        digits.draw(painter)
        painter.end()
        seen = ink(image)
        for (x, _), (red, blue) in seen.items():
            is_red = (a if x < 100 else b) is RED
            assert (red > 0, blue > 0) == (is_red, not is_red)
        assert {x < 100 for x, _ in seen} == {True, False}
    assert all(blue == 0 for _, blue in ink(picture(digits, "888")).values())  # one colour after two


def test_what_it_cannot_draw_is_refused_rather_than_left_out(digits: Digits) -> None:
    with pytest.raises(KeyError):
        digits.places("1만", RIGHT, BASELINE)
