"""The exchange's REST for one's own account: orders and balances. No I/O, no clock: words in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from core.market import DAY_MS, base_of, quote_of
from core.sim import private_frames
from core.sim.denied import DeniedError
from core.sim.paper import FEES, Account, Balance, Kind, Order, Permission, Side, Smp, Ticket, TimeInForce
from core.sim.pit import MAX_TOTAL, MIN_TOTALS, Pit
from core.sim.spell import scaled

_SIDES: dict[str, Side] = {"bid": "bid", "ask": "ask"}
_KINDS: dict[str, Kind] = {"limit": "limit", "price": "price", "market": "market", "best": "best"}
_TIMES: dict[str, TimeInForce] = {"ioc": "ioc", "fok": "fok", "post_only": "post_only"}
_SMP: dict[str, Smp] = {
    "none": "none",
    "cancel_maker": "cancel_maker",
    "cancel_taker": "cancel_taker",
    "reduce": "reduce",
}
_LONGEST_NAME = 64
_LONGEST_NUMBER = 18  # digits
_WEEK_MS = 7 * DAY_MS


class Words:
    """What a client said: of an address each name may come several times, of a body once."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._said: dict[str, list[str]] = {}
        for name, value in pairs:
            self._said.setdefault(name, []).append(value)

    @classmethod
    def of_query(cls, query: str) -> Words:
        """Read what stands behind the question mark."""
        return cls(parse_qsl(query, keep_blank_values=True))

    @classmethod
    def of_body(cls, body: bytes, content_type: str) -> Words:
        """Read a JSON body; numbers keep their digits.

        Raises:
            DeniedError: it is none.
        """
        try:
            said = json.loads(body, parse_float=str, parse_int=str)
            json.dumps(said, ensure_ascii=False).encode()  # half a character is no text
        except (ValueError, RecursionError):
            raise DeniedError("validation_error") from None
        if not isinstance(said, dict) or "json" not in content_type.lower():
            raise DeniedError("validation_error")
        pairs = [(k, v) for k, v in said.items() if v is not None and v != ""]
        if not all(isinstance(v, str) for _, v in pairs):
            raise DeniedError("validation_error")
        return cls(pairs)

    def get(self, name: str) -> str:
        """Return the word, "" where it was not said."""
        return self._said.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        """Return the words of a list: `name[]=a&name[]=b`."""
        return self._said.get(f"{name}[]", [])

    def must(self, name: str) -> str:
        """Return the word.

        Raises:
            DeniedError: it was not said.
        """
        word = self.get(name)
        if not word:
            raise DeniedError("validation_error", message=f"{name} 값이 필요합니다.")
        return word

    def one_of(self, name: str, known: Mapping[str, Any], usual: str = "") -> Any:
        """Return what a word stands for.

        Raises:
            DeniedError: it is not known.
        """
        word = self.get(name) or usual
        if word not in known:
            raise DeniedError("invalid_parameter")
        return known[word]

    def whole(self, name: str, usual: int, most: int) -> int:
        """Return a number from 1 to `most`.

        Raises:
            DeniedError: it is none.
        """
        word = self.get(name)
        if not word:
            return usual
        if not (len(word) <= _LONGEST_NUMBER and word.isascii() and word.isdigit() and 1 <= int(word) <= most):
            raise DeniedError("invalid_parameter")
        return int(word)

    def codes(self, name: str) -> list[str]:
        """Return a list with commas."""
        return [code for code in self.get(name).split(",") if code]


class Answer(NamedTuple):
    body: str
    status: int = 200


class Deal(NamedTuple):
    """Who answers a call, and who may make it."""

    group: str  # as the Remaining-Req header spells it
    needs: Permission
    scope_status: int  # of the refusal where the key may not: it is one here and the other there
    answer: Callable[[Account, Words, int], Answer]


def read_ticket(words: Words, market: str = "", side: Side | None = None, prefix: str = "") -> Ticket:
    """Return what is to be ordered.

    Args:
        market, side: of the order that it takes the place of.
        prefix: before the names of the words. With it "remain_only" may stand for the size, which is then 0.

    Raises:
        DeniedError: it cannot be understood.
    """
    market = market or words.must("market")
    if side is None:
        words.must("side")
        side = words.one_of("side", _SIDES)
    words.must(f"{prefix}ord_type")
    kind: Kind = words.one_of(f"{prefix}ord_type", _KINDS)
    time: TimeInForce = words.one_of(f"{prefix}time_in_force", _TIMES | {"": ""})
    said_price, said_size = words.get(f"{prefix}price"), words.get(f"{prefix}volume")
    wrong = DeniedError(f"create_{side}_error")
    needs_price = kind == "limit" or (kind in {"price", "best"} and side == "bid")
    needs_size = kind in {"limit", "market"} or (kind == "best" and side == "ask")
    if (kind == "price" and side == "ask") or (kind == "market" and side == "bid"):
        raise wrong
    if needs_price != bool(said_price) or needs_size != bool(said_size):
        raise wrong
    if kind == "best" and time not in {"ioc", "fok"}:
        raise DeniedError("invalid_time_in_force")
    if kind in {"price", "market"} and time:
        raise DeniedError("invalid_time_in_force")
    said_smp = words.get(f"{prefix}smp_type")
    smp: Smp = words.one_of(f"{prefix}smp_type", _SMP, "none" if time == "post_only" else "cancel_maker")
    if time == "post_only" and said_smp not in {"", "none"}:
        raise DeniedError("invalid_post_only")
    price = scaled(said_price) if said_price else 0
    size = 0 if said_size == "remain_only" and prefix else scaled(said_size) if said_size else 0
    if price is None or size is None:
        raise DeniedError("invalid_parameter")
    if (said_price and not price) or (said_size and not size and said_size != "remain_only"):
        raise wrong
    identifier = words.get(f"{prefix}identifier")
    if len(identifier) > _LONGEST_NAME:
        raise DeniedError("invalid_parameter")
    return Ticket(market, side, kind, price, size, time, smp, identifier)


class PrivateRest:
    """Answers what only the owner of an account may ask."""

    def __init__(self, pit: Pit) -> None:
        self._pit = pit
        self._deals = {
            ("GET", "accounts"): Deal("default", "asset_view", 401, self._accounts),
            ("GET", "orders/chance"): Deal("default", "order_view", 401, self._chance),
            ("POST", "orders"): Deal("order", "order_make", 403, self._order),
            ("POST", "orders/test"): Deal("order-test", "order_make", 403, self._test),
            ("POST", "orders/cancel_and_new"): Deal("order", "order_make", 403, self._cancel_and_new),
            ("GET", "order"): Deal("default", "order_view", 401, self._one),
            ("GET", "orders/uuids"): Deal("default", "order_view", 401, self._some),
            ("GET", "orders/open"): Deal("default", "order_view", 401, self._open),
            ("GET", "orders/closed"): Deal("default", "order_view", 401, self._closed),
            ("DELETE", "order"): Deal("default", "order_make", 403, self._cancel),
            ("DELETE", "orders/uuids"): Deal("default", "order_make", 403, self._cancel_some),
            ("DELETE", "orders/open"): Deal("order-cancel-all", "order_make", 403, self._cancel_open),
        }

    def deal(self, method: str, path: str) -> Deal | None:
        """Return who answers a call, or None."""
        return self._deals.get((method, path.removeprefix("/v1/"))) if path.startswith("/v1/") else None

    # -- balances

    def _accounts(self, account: Account, words: Words, now_ms: int) -> Answer:
        rows = [
            private_frames.account_row(currency, balance)
            for currency, balance in sorted(account.balances.items(), key=lambda row: row[0] != "KRW")
            if balance.total
        ]
        return Answer(f"[{','.join(rows)}]")

    def _chance(self, account: Account, words: Words, now_ms: int) -> Answer:
        market = words.must("market")
        state = "active"
        try:
            self._pit.check_market(market)
        except DeniedError as why:
            if why.name != "market_offline":
                raise
            state = "offline"
        quote, base = quote_of(market), base_of(market)
        fee = f"0.{FEES[quote]:04d}"
        rows = [private_frames.account_row(c, account.balances.get(c) or Balance()) for c in (quote, base)]
        about = private_frames.market_row(market, MIN_TOTALS[quote], MAX_TOTAL, state)
        fees = ",".join(f'"{name}":"{fee}"' for name in ("bid_fee", "ask_fee", "maker_bid_fee", "maker_ask_fee"))
        return Answer(f'{{{fees},"market":{about},"bid_account":{rows[0]},"ask_account":{rows[1]}}}')

    # -- new orders

    def _order(self, account: Account, words: Words, now_ms: int) -> Answer:
        order = self._pit.accept(account, read_ticket(words), now_ms)
        row = private_frames.order_row(order)  # the answer knows of no fill yet, however fast it is
        self._pit.match(order, now_ms)
        return Answer(row, 201)

    def _test(self, account: Account, words: Words, now_ms: int) -> Answer:
        ticket = read_ticket(words)
        self._pit.check(account, ticket)
        return Answer(private_frames.order_row(Order(account, self._pit.new_id(), ticket, 0, now_ms)), 201)

    def _cancel_and_new(self, account: Account, words: Words, now_ms: int) -> Answer:
        old = self._known(account, words.get("prev_order_uuid"), words.get("prev_order_identifier"))
        ticket = read_ticket(words, old.market, old.ticket.side, "new_")
        self._pit.check_market(old.market)
        if ticket.identifier and account.is_taken(ticket.identifier):
            raise DeniedError("duplicated_identifier")
        if old.state != "wait" or old.is_leaving:
            raise DeniedError("order_not_found")
        new_id = self._pit.new_id()
        more: tuple[tuple[str, str], ...] = (("new_order_uuid", new_id),)
        if ticket.identifier:
            more += (("new_order_identifier", ticket.identifier),)
        row = private_frames.order_row(old, more=more)
        self._pit.cancel(old, now_ms, ticket, new_id)
        return Answer(row)

    # -- looking

    @staticmethod
    def _known(account: Account, id_: str, identifier: str) -> Order:
        if not id_ and not identifier:
            raise DeniedError("validation_error")
        order = account.find(id_, identifier)
        if order is None:
            raise DeniedError("order_not_found")
        return order

    def _one(self, account: Account, words: Words, now_ms: int) -> Answer:
        order = self._known(account, words.get("uuid"), words.get("identifier"))
        return Answer(private_frames.order_row(order, has_trades=True))

    @staticmethod
    def _named(account: Account, words: Words, most: int) -> list[tuple[str, Order | None]]:
        """Return (what it was called, the order) for each that is named."""
        ids, identifiers = words.all("uuids"), words.all("identifiers")
        if bool(ids) == bool(identifiers):
            raise DeniedError("validation_error")
        if len(ids or identifiers) > most:
            raise DeniedError("invalid_parameter")
        named = dict.fromkeys(ids or identifiers)
        return [(name, account.find(name) if ids else account.find("", name)) for name in named]

    @staticmethod
    def _sorted(orders: list[Order], words: Words) -> list[Order]:
        is_up = words.one_of("order_by", {"asc": True, "desc": False}, "desc")
        return sorted(orders, key=lambda o: (o.created_ms, o.number), reverse=not is_up)

    @staticmethod
    def _rows(orders: list[Order]) -> Answer:
        return Answer(f"[{','.join(private_frames.order_row(o, has_funds=True) for o in orders)}]")

    def _some(self, account: Account, words: Words, now_ms: int) -> Answer:
        found = [order for _, order in self._named(account, words, 100) if order is not None]
        if market := words.get("market"):
            found = [order for order in found if order.market == market]
        return self._rows(self._sorted(found, words))

    @staticmethod
    def _states(words: Words, known: tuple[str, ...], usual: tuple[str, ...]) -> set[str]:
        one, some = words.get("state"), words.all("states")
        if one and some:
            raise DeniedError("validation_error")
        wanted = {one} if one else set(some or usual)
        if not wanted <= set(known):
            raise DeniedError("invalid_parameter")
        return wanted

    def _open(self, account: Account, words: Words, now_ms: int) -> Answer:
        states = self._states(words, ("wait", "watch"), ("wait",))
        page, limit = words.whole("page", 1, 10**9), words.whole("limit", 100, 100)
        market = words.get("market")
        found = [o for o in account.open.values() if o.state in states and market in {"", o.market}]
        return self._rows(self._sorted(found, words)[(page - 1) * limit : page * limit])

    def _closed(self, account: Account, words: Words, now_ms: int) -> Answer:
        states = self._states(words, ("done", "cancel"), ("done", "cancel"))
        limit, market = words.whole("limit", 100, 1_000), words.get("market")
        start, end = _time(words.get("start_time")), _time(words.get("end_time"))
        if end is None:
            end = now_ms if start is None else start + _WEEK_MS
        if start is None:
            start = end - _WEEK_MS
        if not 0 <= end - start <= _WEEK_MS:
            raise DeniedError("invalid_parameter")
        found = [
            o
            for o in account.closed.values()
            if o.state in states and market in {"", o.market} and start <= o.created_ms <= end
        ]
        return self._rows(self._sorted(found, words)[:limit])

    # -- cancels: asked for, and done a moment later

    def _cancel(self, account: Account, words: Words, now_ms: int) -> Answer:
        order = self._known(account, words.get("uuid"), words.get("identifier"))
        if order.state != "wait":
            raise DeniedError("order_not_found")
        row = private_frames.order_row(order)
        self._pit.cancel(order, now_ms)
        return Answer(row)

    def _cancel_all(self, orders: list[Order], failed: list[str], now_ms: int) -> Answer:
        rows = [private_frames.canceled_row(order) for order in orders]
        for order in orders:
            self._pit.cancel(order, now_ms)
        parts = [
            f'"{name}":{{"count":{len(some)},"orders":[{",".join(some)}]}}'
            for name, some in (("success", rows), ("failed", failed))
        ]
        return Answer(f"{{{','.join(parts)}}}")

    def _cancel_some(self, account: Account, words: Words, now_ms: int) -> Answer:
        kind = "uuid" if words.all("uuids") else "identifier"
        found: list[Order] = []
        failed: list[str] = []
        for name, order in self._named(account, words, 20):
            if order is not None and order.state == "wait":
                found.append(order)
            else:
                failed.append(json.dumps({kind: name}) if order is None else private_frames.canceled_row(order))
        return self._cancel_all(self._sorted(found, words), failed, now_ms)

    def _cancel_open(self, account: Account, words: Words, now_ms: int) -> Answer:
        quotes, pairs, excluded = (words.codes(name) for name in ("quote_currencies", "pairs", "excluded_pairs"))
        if quotes and pairs:
            raise DeniedError("validation_error")
        if len(pairs) > 20 or len(excluded) > 20 or not set(quotes) <= set(FEES):
            raise DeniedError("invalid_parameter")
        sides = words.one_of("cancel_side", {"all": ("bid", "ask"), "bid": ("bid",), "ask": ("ask",)}, "all")
        count = words.whole("count", 20, 300)
        found = [
            order
            for order in account.open.values()
            if order.ticket.side in sides
            and (not pairs or order.market in pairs)
            and (not quotes or order.quote in quotes)
            and order.market not in excluded
        ]
        return self._cancel_all(self._sorted(found, words)[:count], [], now_ms)


def _time(text: str) -> int | None:
    """Return ISO 8601 with a zone, or epoch ms, as epoch ms; None for nothing."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise DeniedError("invalid_parameter") from None
    if moment.tzinfo is None:
        raise DeniedError("invalid_parameter")
    return int(moment.timestamp() * 1000)
