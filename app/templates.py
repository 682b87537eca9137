"""The desks one can start from."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

# Old and large markets: whoever starts for the first time sees something that moves.
MARKETS = (
    "KRW-BTC",
    "KRW-ETH",
    "KRW-XRP",
    "KRW-ADA",
    "KRW-SOL",
    "KRW-DOGE",
    "KRW-TRX",
    "KRW-LINK",
    "KRW-DOT",
)


class Place(NamedTuple):
    """A pane and where it goes; places are filled in order."""

    kind: str
    group: int
    side: str = "right"  # of the place `beside`
    beside: int = -1  # index of an earlier place; -1: the whole desk


class Template(NamedTuple):
    """A desk without its sizes in px: those depend on the window."""

    places: tuple[Place, ...]
    shares: dict[int, tuple[int, ...]]  # index of a place -> how its row or column is divided
    markets: tuple[str, ...] = MARKETS  # of the groups, the first one first

    @property
    def groups(self) -> dict[int, str]:
        """Return the market of each group."""
        return {n: self.markets[(n - 1) % len(self.markets)] for n in sorted({p.group for p in self.places if p.group})}


def _four() -> Template:
    charts = (
        Place("chart", 1),
        Place("chart", 2, "right", 0),
        Place("chart", 3, "bottom", 0),
        Place("chart", 4, "bottom", 1),
    )
    beside = []
    shares: dict[int, tuple[int, ...]] = {}
    for n in range(4):
        beside += [Place("orderbook", n + 1, "right", n), Place("trades", n + 1, "right", 4 + 2 * n)]
        shares[n] = (44, 29, 27)
    return Template((*charts, *beside), shares)


def _scalping() -> Template:
    return Template(
        (Place("chart", 1), Place("orderbook", 1, "right", 0), Place("trades", 1, "right", 1)),
        {0: (58, 24, 18)},
    )


def _trading() -> Template:
    return Template(
        (
            Place("markets", 1),
            Place("chart", 1, "right", 0),
            Place("orderbook", 1, "right", 1),
            Place("trades", 1, "bottom", 2),
        ),
        {0: (22, 56, 22), 2: (62, 38)},
    )


def _wall() -> Template:
    top = (Place("chart", 1), Place("chart", 2, "right", 0), Place("chart", 3, "right", 1))
    below = [Place("chart", 4 + n, "bottom", n) for n in range(3)]
    lowest = [Place("chart", 7 + n, "bottom", 3 + n) for n in range(3)]
    return Template((*top, *below, *lowest), {0: (1, 1, 1)})


def _scanner() -> Template:
    return Template(
        (
            Place("scanner", 1),
            Place("chart", 1, "right", 0),
            Place("orderbook", 1, "bottom", 1),
            Place("trades", 1, "right", 2),
        ),
        {0: (60, 40), 1: (55, 45), 2: (55, 45)},
    )


def _cross() -> Template:
    return Template(
        (
            Place("arbitrage", 1),
            Place("chart", 1, "bottom", 0),
            Place("orderbook", 1, "right", 1),
            Place("orderbook", 2, "right", 2),
            Place("orderbook", 3, "right", 3),
        ),
        {0: (55, 45), 1: (34, 22, 22, 22)},
        ("KRW-ETH", "BTC-ETH", "USDT-ETH"),
    )


def _strategies() -> Template:
    return Template(
        (
            Place("chart", 1),
            Place("chart", 2, "right", 0),
            Place("strategies", 0, "bottom", -1),
        ),
        {0: (1, 1), 2: (55, 45)},
    )


def _account() -> Template:
    return Template(
        (
            Place("chart", 1),
            Place("account", 1, "bottom"),
            Place("orderbook", 1, "right", 0),
            Place("markets", 1, "left", 0),
            Place("notices", 0, "right", 1),
        ),
        {0: (20, 56, 24), 1: (70, 30)},
    )


TEMPLATES = {
    "four": _four(),
    "scalping": _scalping(),
    "trading": _trading(),
    "wall": _wall(),
    "scanner": _scanner(),
    "strategies": _strategies(),
    "account": _account(),
    "cross": _cross(),
}
DEFAULT = "four"


def title(name: str) -> str:
    """Return what the template `name` is called on the screen."""
    return {
        "four": QCoreApplication.translate("Templates", "Four charts"),
        "scalping": QCoreApplication.translate("Templates", "Scalping"),
        "trading": QCoreApplication.translate("Templates", "Markets and chart"),
        "scanner": QCoreApplication.translate("Templates", "The whole market"),
        "cross": QCoreApplication.translate("Templates", "KRW, BTC and USDT"),
        "strategies": QCoreApplication.translate("Templates", "Strategies"),
        "account": QCoreApplication.translate("Templates", "Own account"),
        "wall": QCoreApplication.translate("Templates", "Nine charts"),
    }.get(name, name)
