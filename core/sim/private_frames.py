"""What the exchange says of one's own account, byte for byte: frames in four formats and REST rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from core.sim.paper import Account, Balance, Fill, Order
from core.sim.spell import amount, short
from core.wire import keys

Word = Literal["wait", "trade", "done", "cancel", "prevented"]  # what may happen to an order
_KST = timezone(timedelta(hours=9))


def kst(time_ms: int) -> str:
    """Return "yyyy-MM-ddTHH:mm:ss+09:00", as private answers have it, in whole seconds."""
    return datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(_KST).isoformat()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _or_null(value: str) -> str:
    return _text(value) if value else "null"


class OrderNews(NamedTuple):
    """Something that happened to an order, as it was at that moment."""

    market: str
    values: tuple[str, ...]  # in JSON, in the order of the keys


class AssetNews(NamedTuple):
    """Balances that changed."""

    account_id: str
    rows: tuple[tuple[str, str, str], ...]  # currency, free, locked
    time_ms: int


class Notice(NamedTuple):
    """An announcement."""

    id: str
    title: str
    category: str
    first_ms: int  # when it was listed first
    time_ms: int  # and last
    body: str

    @property
    def is_new(self) -> bool:
        return self.first_ms == self.time_ms


def order_news(order: Order, word: Word, fill: Fill | None, now_ms: int) -> OrderNews:
    """Return what is told of an order; `fill` where the word is `trade`.

    A market buy has no sizes, and before its first fill none that was executed either.
    """
    ticket, by_amount = order.ticket, order.ticket.is_by_amount
    if fill is not None:
        price, size = short(fill.price), short(fill.size)
    else:
        price = short(ticket.price) if ticket.price else "null"
        size = "null" if by_amount else short(ticket.size)
    values = (
        '"myOrder"',
        f'"{ticket.market}"',
        f'"{order.id}"',
        '"BID"' if order.is_bid else '"ASK"',
        f'"{ticket.kind}"',
        f'"{word}"',
        f'"{fill.id}"' if fill is not None else "null",
        price,
        short(order.avg_price),
        size,
        "null" if by_amount else short(order.left),
        "null" if by_amount and not order.executed else short(order.executed),
        str(order.trades_count),
        amount(order.reserved_fee),
        amount(order.remaining_fee),
        amount(order.paid_fee),
        amount(order.locked),
        amount(order.funds),
        _or_null(ticket.time_in_force),
        amount(fill.fee) if fill is not None else "null",
        ("true" if fill.is_maker else "false") if fill is not None else "null",
        _or_null(ticket.identifier),
        f'"{ticket.smp}"',
        "null" if by_amount else short(order.prevented),
        amount(order.prevented_locked),
        str(fill.time_ms) if fill is not None else "null",
        str(order.created_ms // 1000 * 1000),
        str(now_ms),
        '"REALTIME"',
    )
    return OrderNews(ticket.market, values)


def asset_news(account: Account, now_ms: int) -> AssetNews:
    """Return the balances of an account that nobody was told of yet."""
    rows = tuple((c, amount(b.free), amount(b.locked)) for c in account.changed for b in [account.balance(c)])
    return AssetNews(account.id, rows, now_ms)


def _object(names: dict[str, str], values: tuple[str, ...], fmt: str) -> str:
    spelled = names.values() if fmt.startswith("SIMPLE") else names
    return "{" + ",".join(f'"{name}":{value}' for name, value in zip(spelled, values, strict=True)) + "}"


def _frame(text: str, fmt: str) -> bytes:
    return f"[{text}]".encode() if fmt.endswith("LIST") else text.encode()


def my_order(news: OrderNews, fmt: str) -> bytes:
    """Return a myOrder frame."""
    return _frame(_object(keys.MY_ORDER, news.values, fmt), fmt)


def my_asset(news: AssetNews, fmt: str) -> bytes:
    """Return a myAsset frame."""
    rows = ",".join(_object(keys.ASSET, (f'"{c}"', free, locked), fmt) for c, free, locked in news.rows)
    values = ('"myAsset"', f'"{news.account_id}"', f"[{rows}]", str(news.time_ms), str(news.time_ms), '"REALTIME"')
    return _frame(_object(keys.MY_ASSET, values, fmt), fmt)


def announcement(notice: Notice, fmt: str, has_body: bool) -> bytes:
    """Return an announcement frame."""
    values: tuple[str, ...] = (
        '"announcement"',
        '"CREATED"' if notice.is_new else '"UPDATED"',
        f'"{notice.id}"',
        _text(notice.title),
        f'"{notice.category}"',
        f'"https://www.upbit.com/service_center/notice?id={notice.id}&view=share"',
        f'"{kst(notice.first_ms)}"',
        f'"{kst(notice.time_ms)}"',
        str(notice.time_ms),
        '"REALTIME"',
        _text(notice.body),
    )
    names = dict(keys.ANNOUNCEMENT)
    if not has_body:
        del names["body"]
        values = values[:-1]
    return _frame(_object(names, values, fmt), fmt)


# -- REST


def _row(pairs: list[tuple[str, str | int]]) -> str:
    """Return an object; text goes into quotes, as all amounts do here."""
    return "{" + ",".join(f'"{k}":{_text(v) if isinstance(v, str) else v}' for k, v in pairs) + "}"


def order_row(
    order: Order, *, has_funds: bool = False, has_trades: bool = False, more: tuple[tuple[str, str], ...] = ()
) -> str:
    """Return an order as REST tells it; what does not apply is left out.

    Args:
        has_funds: with what was traded, as lists have it.
        has_trades: with its fills, as the answer for a single order has them.
        more: what stands behind it.
    """
    ticket, by_amount = order.ticket, order.ticket.is_by_amount
    pairs: list[tuple[str, str | int]] = [("uuid", order.id), ("side", ticket.side), ("ord_type", ticket.kind)]
    if ticket.price:
        pairs.append(("price", short(ticket.price)))
    pairs += [("state", order.state), ("market", ticket.market), ("created_at", kst(order.created_ms))]
    if not by_amount:
        pairs += [
            ("volume", short(ticket.size)),
            ("remaining_volume", short(order.left)),
            ("prevented_volume", short(order.prevented)),
        ]
    pairs += [
        ("reserved_fee", amount(order.reserved_fee)),
        ("remaining_fee", amount(order.remaining_fee)),
        ("paid_fee", amount(order.paid_fee)),
        ("locked", amount(order.locked)),
        ("prevented_locked", amount(order.prevented_locked)),
        ("executed_volume", short(order.executed)),
    ]
    if has_funds:
        pairs.append(("executed_funds", amount(order.funds)))
    pairs.append(("trades_count", order.trades_count))
    if ticket.time_in_force:
        pairs.append(("time_in_force", ticket.time_in_force))
    if ticket.identifier:
        pairs.append(("identifier", ticket.identifier))
    pairs += [("smp_type", ticket.smp), *more]
    row = _row(pairs)
    if has_trades:
        row = f'{row[:-1]},"trades":[{",".join(_fill_row(order, fill) for fill in order.fills)}]}}'
    return row


def _fill_row(order: Order, fill: Fill) -> str:
    return _row(
        [
            ("market", order.market),
            ("uuid", fill.id),
            ("price", short(fill.price)),
            ("volume", short(fill.size)),
            ("funds", amount(fill.funds)),
            ("trend", "up" if fill.is_up else "down"),
            ("created_at", kst(fill.time_ms)),
            ("side", order.ticket.side),
        ]
    )


def account_row(currency: str, balance: Balance) -> str:
    """Return one currency of an account."""
    is_krw = currency == "KRW"
    return (
        f'{{"currency":"{currency}","balance":"{amount(balance.free)}","locked":"{amount(balance.locked)}",'
        f'"avg_buy_price":"{short(balance.avg_price)}","avg_buy_price_modified":{"true" if is_krw else "false"},'
        f'"unit_currency":"KRW"}}'
    )


def canceled_row(order: Order) -> str:
    """Return an order in the answer to a cancel of many."""
    pairs: list[tuple[str, str | int]] = [("uuid", order.id), ("market", order.market)]
    if order.ticket.identifier:
        pairs.append(("identifier", order.ticket.identifier))
    return _row(pairs)


def market_row(market: str, min_total: int, max_total: int, state: str) -> str:
    """Return what orders/chance says of a market; totals in 1e-8."""
    quote, _, base = market.partition("-")
    shared = ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc"]
    said = {
        "id": market,
        "name": f"{base}/{quote}",
        "order_types": ["limit"],
        "order_sides": ["ask", "bid"],
        "bid_types": [*shared, "price"],
        "ask_types": [*shared, "market"],
        "bid": {"currency": quote, "min_total": short(min_total)},
        "ask": {"currency": base, "min_total": short(min_total)},
        "max_total": short(max_total),
        "state": state,
    }
    return json.dumps(said, separators=(",", ":"))
