"""Numbers to text. Decimals come from the tick size, so that a column of prices never jumps."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from core.market import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, tick_size
from widgets import zone

UNKNOWN = "–"
MINUS = "-"


@lru_cache(maxsize=512)
def decimals(tick: float) -> int:
    """Return how many decimals a price has that moves in steps of `tick`."""
    if not tick > 0 or math.isinf(tick):
        return 0
    exponent = Decimal(repr(tick)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


@lru_cache(maxsize=512)
def _price_form(tick: float) -> str:
    return f"{{:,.{decimals(tick)}f}}"


def price(value: float, tick: float) -> str:
    """Return a price with the decimals of its tick size and thousands separators."""
    if math.isnan(value):
        return UNKNOWN
    return _price_form(tick).format(value + 0.0)


def won(value: float) -> str:
    """Return a price in KRW with the decimals that it has there."""
    return price(value, tick_size("KRW-", abs(value)))


def size(value: float, places: int = 4) -> str:
    """Return a size in base currency with fixed decimals; what is too small to show says so, it is not zero."""
    if math.isnan(value):
        return UNKNOWN
    if 0.0 < value <= 0.5 * 10.0**-places:
        return "<" + f"{10.0**-places:.{places}f}"
    return f"{value + 0.0:,.{places}f}"


def size_places(price_: float, quote: str) -> int:
    """Return the decimals for sizes of a market: enough that one step is worth little, the same for all its rows.

    Args:
        price_: of the market, quote currency.
        quote: "KRW", "BTC", "USDT".
    """
    least = {"KRW": 100.0, "USDT": 0.1, "BTC": 1e-6}.get(quote, 1.0)  # worth of one step
    if not price_ > 0:
        return 4
    return min(max(math.ceil(math.log10(price_ / least)), 0), 8)


def percent(rate: float) -> str:
    """Return a ratio as signed percent: 0.0123 is "+1.23%"."""
    if math.isnan(rate):
        return UNKNOWN
    text = f"{rate * 100:+.2f}%"
    return "0.00%" if text in ("+0.00%", "-0.00%") else text


_EXACT = Context(prec=64, rounding=ROUND_DOWN)  # more digits than any amount has
_ONE = Decimal(1)


def exact(value: Decimal | None, most: int = 8) -> str:
    """Return an amount as it is, without zeros at its end.

    What has more than `most` decimals is cut, never rounded up: nobody is shown more than he has. `whole` tells all.
    """
    if value is None:
        return UNKNOWN
    shown = _EXACT.quantize(value, _ONE.scaleb(-most))
    if value and not shown:
        return f"{'-' if value < 0 else ''}<{_ONE.scaleb(-most):f}"
    return whole(shown)


def whole(value: Decimal) -> str:
    """Return an amount with each of its digits, without zeros at its end."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def amount(value: Decimal | None, places: int = 0, *, is_signed: bool = False) -> str:
    """Return an amount of money rounded to fixed decimals, half away from zero.

    Args:
        is_signed: with a plus where it is above zero.
    """
    if value is None:
        return UNKNOWN
    rounded = value.quantize(_ONE.scaleb(-places), ROUND_HALF_UP, Context(prec=64))
    if not rounded:
        rounded = abs(rounded)  # -0 is 0
    return f"{'+' if is_signed and rounded > 0 else ''}{rounded:,f}"


_KOREAN = ((1e12, "조"), (1e8, "억"), (1e4, "만"))
_ENGLISH = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
_ROUNDS_UP = 0.99995  # of a unit: from here on the smaller unit would show one figure more, "1,000.0K" for "1.00M"


def volume(value: float) -> str:
    """Return an amount with four figures at most and K, M, B."""
    return _short(value, _ENGLISH)


def turnover(value: float, quote: str, lang: str = "en") -> str:
    """Return an amount of money in short: in Korean and KRW by 만, 억, 조."""
    if math.isnan(value):
        return UNKNOWN
    if quote == "KRW":
        return _short(value, _KOREAN if lang == "ko" else _ENGLISH)
    return _short(value, _ENGLISH) if abs(value) >= 1e3 else f"{value + 0.0:,.3f}"


def _short(value: float, units: tuple[tuple[float, str], ...]) -> str:
    if math.isnan(value):
        return UNKNOWN
    for unit, name in units:
        scaled = value / unit
        if abs(scaled) >= _ROUNDS_UP:
            places = 0 if abs(scaled) >= 999.95 else 1 if abs(scaled) >= 99.995 else 2
            return f"{scaled:,.{places}f}{name}"
    return f"{value + 0.0:,.2f}"


_AGES = {"ko": ("초", "분", "시간"), "en": (" s", " min", " h")}


def age(seconds: float, lang: str = "en") -> str:
    """Return how long ago, short: "3 s", "2 min", "1 h"; in Korean "3초", "2분", "1시간"."""
    if not math.isfinite(seconds):
        return UNKNOWN
    second, minute, hour = _AGES.get(lang, _AGES["en"])
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole}{second}"
    return f"{whole // 60}{minute}" if whole < 3600 else f"{whole // 3600}{hour}"


def day(time_ms: int) -> str:
    """Return the date in the zone that times are shown in, "11-25"."""
    return zone.wall_clock(zone.shown.local(time_ms)).strftime("%m-%d")


def clock(time_ms: int, seconds: bool = True) -> str:
    """Return the time of day in the zone that times are shown in, "09:00:00"."""
    left = zone.shown.local(time_ms) % DAY_MS
    hours, left = divmod(left, HOUR_MS)
    minutes, left = divmod(left, MINUTE_MS)
    text = f"{hours:02d}:{minutes:02d}"
    return f"{text}:{left // SECOND_MS:02d}" if seconds else text
