"""The demo account: it owns something, has traded for some days, and trades a little by itself. No I/O, no clock."""

from __future__ import annotations

from core.market import DAY_MS, MINUTE_MS
from core.sim import dice
from core.sim.denied import DeniedError
from core.sim.floor import Floor
from core.sim.grid import SCALE
from core.sim.live import NEVER
from core.sim.paper import SIZE_UNIT, Account, Key, Order, Ticket
from core.sim.pit import Pit

_FUNDS = 40_000_000 * SCALE  # KRW, 1e-8
_HELD = {"BTC": 0.045, "ETH": 1.2, "XRP": 2_400.0, "SOL": 14.0, "DOGE": 9_500.0, "ADA": 2_800.0, "USDT": 850.0}
_TRADED = ("KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-SOL", "KRW-DOGE")
_OWNED_DAYS = (20, 160)  # ago, at what those days' prices were
_PAST_DAYS = 6
_SLOT_MS = 12_000  # how often it may do something
_MOST_OPEN = 7
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def key_texts(seed: int, name: str) -> tuple[str, str]:
    """Return an access and a secret key, of forty letters as the exchange's are."""

    def text(kind: str) -> str:
        series = dice.key(seed, kind, name)
        return "".join(_LETTERS[dice.one(series, i) % len(_LETTERS)] for i in range(40))

    return text("access key"), text("secret key")


class Demo:
    """Its account and what it does. Costs nothing before somebody comes with its key."""

    def __init__(self, floor: Floor, pit: Pit, seed: int, trades: bool) -> None:
        """
        Args:
            trades: whether it goes on trading by itself.
        """
        self.account = Account(dice.uuid(dice.key(seed, "demo account"), 0))
        self.account.keys.append(Key(self.account, *key_texts(seed, "demo")))
        self._floor, self._pit, self._seed = floor, pit, seed
        self._trades = trades
        self._slot: int | None = None  # the last one in which it did something
        self._orders: dict[str, Order] = {}  # its own that are open; bounded by `_MOST_OPEN`
        self._has_begun = False

    def begin(self, now_ms: int) -> None:
        """Let it have lived until now; the second time nothing happens."""
        if self._has_begun:
            return
        self._has_begun = True
        day = now_ms // DAY_MS
        self._own(day)
        for ago in range(_PAST_DAYS, -1, -1):
            self._trade_day(day - ago, now_ms)
        if self._trades:
            self._slot = now_ms // _SLOT_MS
            for i in range(4):
                self._rest(dice.key(self._seed, "first orders", i), now_ms)

    def _own(self, day: int) -> None:
        account, markets = self.account, self._floor.past.markets
        account.put("KRW", _FUNDS * SIZE_UNIT)
        luck = dice.key(self._seed, "holdings")
        for i, (base, usual) in enumerate(_HELD.items()):
            market = f"KRW-{base}"
            if market not in markets or markets[market].listed_day > day - _OWNED_DAYS[1]:
                continue
            past = self._floor.past.of(market)
            bought = day - _OWNED_DAYS[0] - dice.one(luck, i) % (_OWNED_DAYS[1] - _OWNED_DAYS[0])
            size = round(usual * (0.5 + dice.unit_of(dice.one(luck, 100 + i))) * SCALE)
            account.put(base, size * SIZE_UNIT, past.grid.price(past.row(bought)[3]))
        account.changed = {}

    def _trade_day(self, day: int, now_ms: int) -> None:
        """Trade on a day that is over or runs, at prices that it had."""
        luck = dice.key(self._seed, "demo day", day)
        markets = [m for m in _TRADED if m in self._floor.past.markets]
        moments = sorted((dice.one(luck, i) % (DAY_MS - 10 * MINUTE_MS), i) for i in range(2 + dice.one(luck, -1) % 3))
        for at, i in moments:
            created = day * DAY_MS + at
            if created + 10 * MINUTE_MS > now_ms or not markets:
                continue
            own = dice.key(luck, i)
            past = self._floor.past.of(markets[dice.one(own, 0) % len(markets)])
            made = past.day(day)
            minutes = (
                []
                if made is None
                else [k for k, m in enumerate(made.minute.tolist()) if 0 <= m * MINUTE_MS - at < 9 * MINUTE_MS]
            )
            if made is None or not minutes:
                continue
            price = past.grid.price(int(made.close[minutes[-1]]))
            fill_ms = (day * 1440 + int(made.minute[minutes[-1]])) * MINUTE_MS + int(made.last_ms[minutes[-1]])
            self._remember(past.listed.code, dice.key(own, 1), price, created, fill_ms)

    def _remember(self, market: str, luck: int, price: int, created_ms: int, fill_ms: int) -> None:
        worth = (50_000 + dice.one(luck, 0) % 900_000) * SCALE
        size = worth * SCALE // price
        match dice.one(luck, 1) % 6:
            case 0:
                ticket = Ticket(market, "bid", "price", worth // SCALE // 1_000 * 1_000 * SCALE, smp="cancel_maker")
                fill_ms = created_ms
            case 1:
                ticket = Ticket(market, "ask", "market", 0, size, smp="cancel_maker")
                fill_ms = created_ms
            case 2:
                ticket = Ticket(market, "bid", "limit", price, size, smp="cancel_maker")
                price = 0  # it was cancelled
            case 3:
                ticket = Ticket(market, "ask", "limit", price, size, smp="cancel_maker")
            case _:
                ticket = Ticket(market, "bid", "limit", price, size, smp="cancel_maker")
        order = Order(self.account, "", ticket, 0, created_ms)
        if self.account.balance(order.held).free >= order.locked:
            self._pit.remember(self.account, ticket, created_ms, price, fill_ms)

    # -- from now on

    @property
    def next_ms(self) -> int:
        """When it may do something again; NEVER where it does nothing."""
        return NEVER if self._slot is None else (self._slot + 1) * _SLOT_MS

    def advance(self, now_ms: int) -> None:
        """Do what it has in mind for this moment; what was missed meanwhile is left out."""
        if self._slot is None or now_ms < self.next_ms:
            return
        self._slot = now_ms // _SLOT_MS
        self._orders = {k: o for k, o in self._orders.items() if o.state == "wait"}
        luck = dice.key(self._seed, "demo slot", self._slot)
        chance = dice.unit_of(dice.one(luck, 0))
        if chance < 0.35 and len(self._orders) < _MOST_OPEN:
            self._rest(luck, now_ms)
        elif chance < 0.45 and self._orders:
            order = list(self._orders.values())[dice.one(luck, 1) % len(self._orders)]
            if not order.is_leaving:
                self._pit.cancel(order, now_ms)
        elif chance < 0.53:
            self._take(luck, now_ms)

    def _market(self, luck: int) -> str:
        markets = [m for m in _TRADED if m in self._floor.markets]
        return markets[dice.one(luck, 2) % len(markets)] if markets else ""

    def _rest(self, luck: int, now_ms: int) -> None:
        """Place an order some steps away from the best price."""
        market = self._market(luck)
        if not market:
            return
        live = self._floor.live(market)
        grid = live.past.grid
        is_bid = dice.one(luck, 3) % 2 == 0
        steps = 2 + dice.one(luck, 4) % 40
        place = grid.place(live.price) + (-steps if is_bid else steps)
        price = grid.price(max(place, 1))
        size = (20_000 + dice.one(luck, 5) % 400_000) * SCALE * SCALE // price
        self._place(Ticket(market, "bid" if is_bid else "ask", "limit", price, size, smp="cancel_maker"), now_ms)

    def _take(self, luck: int, now_ms: int) -> None:
        """Buy or sell a little at once."""
        market = self._market(luck)
        if not market:
            return
        worth = (6 + dice.one(luck, 5) % 150) * 1_000 * SCALE
        funds = self.account.balance("KRW").free // SIZE_UNIT
        if dice.one(luck, 3) % 100 < 100 * funds // _FUNDS:  # the less it has, the more it sells: it never runs dry
            self._place(Ticket(market, "bid", "price", worth, smp="cancel_maker"), now_ms)
        else:
            size = worth * SCALE // self._floor.live(market).price
            self._place(Ticket(market, "ask", "market", 0, size, smp="cancel_maker"), now_ms)

    def _place(self, ticket: Ticket, now_ms: int) -> None:
        try:
            order = self._pit.place(self.account, ticket, now_ms)
        except DeniedError:
            return  # it has run out of something
        if order.state == "wait":
            self._orders[order.id] = order
