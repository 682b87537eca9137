"""How the exchange spells numbers. It differs by message and format; clients break on it, so it is kept.

Prices come as integers of 1e-8 quote currency, sizes as integers of 1e-8 base currency, turnover as integers of
1e-16 quote currency. Source: frames quoted from the live service.
"""

from __future__ import annotations

import re
from decimal import Decimal

ZERO = "0E-8"  # how an unchanged price's difference is spelled


def fixed8(value: int) -> str:
    """Return an integer of 1e-8 with all eight decimals: "91154000.00000000"."""
    if value < 0:
        return "-" + fixed8(-value)
    digits = f"{value:09d}"
    return f"{digits[:-8]}.{digits[-8:]}"


def fixed16(value: int) -> str:
    """Return an integer of 1e-16 with sixteen decimals, as `acc_trade_price` has them."""
    digits = f"{value:017d}"
    return f"{digits[:-16]}.{digits[-16:]}"


def turnover8(value: int) -> str:
    """Return an integer of 1e-16 rounded to eight decimals, as candles and 24 h sums have them."""
    return fixed8((value + 5 * 10**7) // 10**8)


def change8(value: int) -> str:
    """Return a difference of prices in 1e-8."""
    return fixed8(value) if value else ZERO


def rate(change: int, price: int) -> str:
    """Return change / price with ten decimals; "0" where there is none."""
    if not change:
        return "0"
    sign = "-" if change < 0 else ""
    scaled = (abs(change) * 10**10 + price // 2) // price
    digits = f"{scaled:011d}"
    return f"{sign}{digits[:-10]}.{digits[-10:]}"


def short(value: int) -> str:
    """Return an integer of 1e-8 without trailing zeros and without a needless point: "106705000", "0.0070459"."""
    whole, part = divmod(value, 10**8)
    return f"{whole}.{part:08d}".rstrip("0") if part else str(whole)


def exponent(value: int) -> str:
    """Return an integer of 1e-8 as the exchange's doubles print: "1.16539E8", "2045.0", "7.9276E-4"."""
    if 100_000 <= value < 10**15:
        whole, part = divmod(value, 10**8)
        digits = f"{part:08d}".rstrip("0") or "0"
        return f"{whole}.{digits}"
    if not value:
        return "0.0"
    digits = str(value).rstrip("0")
    return f"{digits[0]}.{digits[1:] or '0'}E{len(str(value)) - 9}"


def exact(value: int) -> Decimal:
    """Return an integer of 1e-8 as a decimal."""
    return Decimal(value).scaleb(-8)


UNIT = 10**20  # amounts of accounts are integers of 1e-20: a price of 1e-8 times a size of 1e-8 times a fee of 1e-4


def amount(value: int) -> str:
    """Return an integer of 1e-20 without trailing zeros: "5002.5", "0.000476075"."""
    if value < 0:
        return "-" + amount(-value)
    whole, part = divmod(value, UNIT)
    return f"{whole}.{part:020d}".rstrip("0") if part else str(whole)


_PLAIN = re.compile(r"[0-9]{1,18}(\.[0-9]+)?", re.ASCII)


def scaled(text: str, digits: int = 8) -> int | None:
    """Return plain decimal text ("0.0005") as an integer of 10**-digits.

    None where it is something else (a sign, an exponent) or has more decimals than that.
    """
    if not _PLAIN.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    return None if len(part) > digits else int(whole + part.ljust(digits, "0"))
