"""Exchange REST, the part that reads: own balances and orders. Each call is signed. No I/O.

Amounts are decimal strings on the wire and exact here. The exchange leaves out what does not apply.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

import msgspec
from msgspec import Struct

from core.errors import WireError
from core.wire import codec
from core.wire.rest import Call, rows_of

ORDERS_PER_PAGE = 100  # of the open ones
CLOSED_PER_PAGE = 1_000
IDS_PER_CALL = 100
GROUP = "default"
_KST = timezone(timedelta(hours=9))


class AccountRow(Struct, frozen=True):
    """One currency of the account."""

    currency: str
    balance: Decimal = Decimal(0)  # free
    locked: Decimal = Decimal(0)
    avg_buy_price: Decimal = Decimal(0)
    unit_currency: str = "KRW"


class FillRow(Struct, frozen=True):
    """One execution in the detail of an order."""

    uuid: str
    price: Decimal
    volume: Decimal
    market: str = ""
    funds: Decimal | None = None
    side: str = ""  # bid, ask
    created_at: str = ""


class OrderRow(Struct, frozen=True):
    """One own order."""

    uuid: str
    market: str
    side: str  # bid, ask
    ord_type: str
    state: str  # wait, watch, done, cancel
    price: Decimal | None = None
    volume: Decimal | None = None
    remaining_volume: Decimal | None = None
    executed_volume: Decimal = Decimal(0)
    executed_funds: Decimal | None = None
    paid_fee: Decimal | None = None
    locked: Decimal | None = None
    trades_count: int = 0
    time_in_force: str = ""
    identifier: str = ""
    created_at: str = ""  # ISO with an offset
    trades: tuple[FillRow, ...] | None = None  # only in the detail


def accounts() -> Call[list[AccountRow]]:
    """Return the call for every balance."""
    return Call(GROUP, "/accounts", (), _decode_accounts, is_signed=True)


def open_orders(page: int = 1) -> Call[list[OrderRow]]:
    """Return the call for a page of the orders that rest or wait for their price; the oldest first.

    Args:
        page: from 1. Fewer rows than `ORDERS_PER_PAGE`: there are no more.
    """
    params = (
        ("states[]", "wait"), ("states[]", "watch"), ("page", str(page)),
        ("limit", str(ORDERS_PER_PAGE)), ("order_by", "asc"),
    )  # fmt: skip
    return Call(GROUP, "/orders/open", params, _decode_orders, is_signed=True)


def closed_orders() -> Call[list[OrderRow]]:
    """Return the call for the orders of the last seven days that are done or cancelled; the newest first."""
    params = (("states[]", "done"), ("states[]", "cancel"), ("limit", str(CLOSED_PER_PAGE)), ("order_by", "desc"))
    return Call(GROUP, "/orders/closed", params, _decode_orders, is_signed=True)


def orders(ids: Iterable[str]) -> Call[list[OrderRow]]:
    """Return the call for some orders, at most `IDS_PER_CALL`. What the exchange does not know is not in the answer."""
    params = tuple(("uuids[]", one) for one in ids)
    return Call(GROUP, "/orders/uuids", params, _decode_orders, is_signed=True)


def order(order_id: str) -> Call[OrderRow]:
    """Return the call for one order with its fills."""
    return Call(GROUP, "/order", (("uuid", order_id),), _decode_order, is_signed=True)


def kst_ms(text: str) -> int:
    """Return ISO 8601 as epoch ms, KST where it names no zone; 0 where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=_KST)).timestamp() * 1000)


_decode_accounts = partial(rows_of, row=AccountRow, is_whole=True)
_decode_orders = partial(rows_of, row=OrderRow, is_whole=True)


def _decode_order(body: bytes) -> OrderRow:
    try:
        return msgspec.json.decode(body, type=OrderRow)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        plain = codec.plain(body)
    if not isinstance(plain, dict):
        raise WireError("not an order")
    fills = plain.get("trades")
    if isinstance(fills, list):
        plain["trades"] = [codec.repaired(one, FillRow) for one in fills]
    return codec.repaired(plain, OrderRow)
