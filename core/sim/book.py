"""The order book of one market: a pure function of (seed, market, last trade, step of the book's clock).

Each price has a life of its own: for some steps there is so much resting there, or nothing, then something else.
A book is what those lives show around the best prices. Only prices whose life ended are looked at anew, so a step
costs what changed, and a book in which nothing ends can say for how long it will stay as it is.
"""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

from core.sim import dice
from core.sim.grid import Grid
from core.sim.listing import Listed

DEPTH = 30
GRID_MS = 100  # busy books move on a grid of this, each with a phase of its own
_KEPT_LIVES = 4_000
_SCANNED = 400  # places looked at one by one for a grouped book; beyond, a group is one life


Life = tuple[int, tuple[int, int] | None]  # the step at which it ends, (price, size) or nothing


class Quote(NamedTuple):
    """The best prices, as places on the grid."""

    bid: int
    ask: int


class Side(NamedTuple):
    """One side of a book, best first: (price in 1e-8 quote, size in 1e-8 base)."""

    levels: list[tuple[int, int]]
    until: int  # the step at which something of it changes


class Bookshelf:
    """Makes the books of one market."""

    def __init__(self, seed: int, listed: Listed, grid: Grid, usual_size: float, rate: float, grid_ms: int) -> None:
        """
        Args:
            usual_size: what a level holds, in 1e-8 base currency.
            rate: how many times the market's natural pace; 0 freezes the book.
            grid_ms: length of a step.
        """
        name = dice.key(seed, "book", listed.code)
        self._name = name
        self._grid = grid
        self._log_size = log(max(usual_size, 10.0))
        self._lives: dict[int, Life] = {}  # by cell and side
        # Thin markets have holes, and an end: fewer than 30 levels on a side.
        self._occupied = 0.3 + 0.62 * min(1.0, listed.trades / 4_000)
        self._reach = 120 if listed.trades > 150 else 10 + int(listed.trades / 3)
        # Where a step is tiny against the spread, levels do not stand on every one: a cell of steps holds one level.
        self._cell = max(int(listed.spread / 10), 1)
        self._mean_life = 100.0 * 1000.0 / grid_ms / max(listed.book_rate * rate, 1e-6)  # about 100 lives are looked at
        self.phase_ms = dice.one(name, -1) % grid_ms
        self.grid_ms = grid_ms

    def step(self, time_ms: int) -> int:
        """Return the last step of the book's clock at or before an epoch time."""
        return (time_ms - self.phase_ms) // self.grid_ms

    def time_ms(self, step: int) -> int:
        return step * self.grid_ms + self.phase_ms

    def _life(self, cell: int, is_ask: bool, step: int) -> Life:
        """Return what stands in a cell at a step, remembered until it ends; steps never go back."""
        key = cell * 2 + is_ask
        name = dice.one(self._name, key)
        period = max(int(self._mean_life * (0.25 + 1.5 * dice.unit_of(dice.one(name, -2)))), 1)
        offset = name % period
        turn = (step + offset) // period
        luck = dice.one(name, turn)
        level = None
        if (luck & 0xFFFF) / 65536 < self._occupied:
            a, b = dice.unit_of(luck), dice.unit_of(dice.one(luck, 1))
            size = max(int(exp(self._log_size + 2.6 * (a + b - 1.0))), 1)
            if luck % 16 < 4:  # people like round numbers
                unit: int = 10 ** max(len(str(size)) - 2, 0)
                size = size // unit * unit
            level = (self._grid.price(cell * self._cell + (luck >> 32) % self._cell), size)
        if len(self._lives) >= _KEPT_LIVES:
            self._lives.clear()
        life = self._lives[key] = ((turn + 1) * period - offset, level)
        return life

    def best_size(self, place: int, is_ask: bool, step: int, last_id: int) -> tuple[int, int]:
        """Return what rests at a best price, which every trade changes, and until which step."""
        cell = place // self._cell
        life = self._lives.get(cell * 2 + is_ask)
        if life is None or life[0] <= step:
            life = self._life(cell, is_ask, step)
        until, level = life
        size = level[1] if level is not None else exp(self._log_size)
        share = 0.15 + 0.85 * dice.unit_of(dice.one(self._name ^ last_id, place))
        return max(int(size * share), 1), until

    def side(self, quote: Quote, is_ask: bool, step: int, last_id: int, depth: int = DEPTH) -> Side:
        """Return one side of the book at a step, at most `depth` levels."""
        best = quote.ask if is_ask else quote.bid
        size, until = self.best_size(best, is_ask, step, last_id)
        levels = [(self._grid.price(best), size)]
        way = 1 if is_ask else -1
        first = best // self._cell + way
        lives, left = self._lives, depth - 1
        for cell in range(first, max(first + way * self._reach, 0), way):  # the hottest loop of the exchange
            life = lives.get(cell * 2 + is_ask)
            if life is None or life[0] <= step:
                life = self._life(cell, is_ask, step)
            ends, level = life
            if ends < until:  # noqa: PLR1730
                until = ends
            if level is not None:
                if not left:
                    break
                levels.append(level)
                left -= 1
        return Side(levels, until)

    def grouped(self, quote: Quote, is_ask: bool, step: int, last_id: int, level: int, depth: int = DEPTH) -> Side:
        """Return one side with prices grouped by `level` (1e-8 quote): asks up, bids down, to its multiples."""
        best = quote.ask if is_ask else quote.bid
        size, until = self.best_size(best, is_ask, step, last_id)
        cell, way = best // self._cell, 1 if is_ask else -1
        price = self._grid.price(best)
        sums: dict[int, int] = {}
        for _ in range(min(self._reach * max(level // self._grid.step(best), 1), _SCANNED)):
            group = (-(-price // level) if is_ask else price // level) * level
            if group not in sums and len(sums) >= depth:
                break
            sums[group] = sums.get(group, 0) + size
            cell += way
            if cell < 1:
                break
            price, size, until = self._look(cell, is_ask, step, until)
        levels = [(group, size) for group, size in sums.items() if size and group > 0]
        # Further out one life stands for a whole group.
        ticks = max(level // (self._grid.step(best) * self._cell) // 2, 1)
        while levels and cell >= 1 and self._reach >= 120 and len(levels) < depth:
            group = levels[-1][0] + way * level
            if group <= 0:
                break
            _, size, until = self._look(self._grid.place(group) // self._cell, is_ask, step, until)
            levels.append((group, max(size, 1) * ticks))
        return Side(levels, until)

    def _look(self, cell: int, is_ask: bool, step: int, until: int) -> tuple[int, int, int]:
        """Return (price, size) in a cell, size 0 where nothing stands, and the earlier of its end and `until`."""
        life = self._lives.get(cell * 2 + is_ask)
        if life is None or life[0] <= step:
            life = self._life(cell, is_ask, step)
        ends, level = life
        price, size = level if level is not None else (self._grid.price(cell * self._cell), 0)
        return price, size, min(until, ends)


def supported_levels(grid: Grid, place: int) -> list[int]:
    """Return the price groupings the exchange offers at a price, in 1e-8 quote currency, without 0."""
    price, step = grid.price(place), grid.step(place)
    found = []
    level = step * 10
    while level <= price:
        found.append(level)
        level *= 10
    return found
