"""What the exchange says of one's own account, in our names. Amounts are exact: `Decimal`, from the digits.

Private sockets are asked for the DEFAULT format: they carry little, and long keys read well in a log. The decoder
takes the short keys all the same, since the format belongs to the connection and not to us alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct

from core.errors import WireError
from core.market import ANNOUNCEMENT, MY_ASSET, MY_ORDER
from core.wire import codec, keys
from core.wire.messages import Refusal, Side, Stamp, Status, Subscriptions


class MyOrder(
    Struct,
    frozen=True,
    rename={
        "market": "code",
        "id": "uuid",
        "side": "ask_bid",
        "kind": "order_type",
        "size": "volume",
        "remaining": "remaining_volume",
        "executed": "executed_volume",
        "funds": "executed_funds",
        "fill_id": "trade_uuid",
        "fill_fee": "trade_fee",
        "fill_ms": "trade_timestamp",
        "prevented": "prevented_volume",
        "created_ms": "order_timestamp",
        "time_ms": "timestamp",
    },
):
    """Something happened to one of our orders. Price and funds in quote, sizes in base currency."""

    market: str
    id: str
    side: Side  # BID buys
    kind: str  # limit, price (market buy by amount), market (market sell), best
    state: str  # wait, watch, trade (a fill), done, cancel, prevented
    price: Decimal | None = None  # of the order; of the fill where `state` is trade; the amount of a market buy
    avg_price: Decimal | None = None  # over the fills so far
    size: Decimal | None = None  # of the order; of the fill where `state` is trade; None for a market buy
    remaining: Decimal | None = None
    executed: Decimal | None = None
    trades_count: int = 0
    reserved_fee: Decimal | None = None
    remaining_fee: Decimal | None = None
    paid_fee: Decimal | None = None
    locked: Decimal | None = None
    funds: Decimal | None = None  # quote currency that the fills came to
    time_in_force: str | None = None  # ioc, fok, post_only
    fill_id: str | None = None  # these four: only where `state` is trade
    fill_fee: Decimal | None = None
    is_maker: bool | None = None
    fill_ms: Stamp | None = None
    identifier: str | None = None  # the client's own name for the order
    smp_type: str | None = None  # reduce, cancel_maker, cancel_taker, none
    prevented: Decimal | None = None  # size that self-trade prevention took off
    prevented_locked: Decimal | None = None
    created_ms: Stamp = 0  # whole seconds on the wire
    time_ms: Stamp = 0
    stream_type: str = "REALTIME"


class Asset(Struct, frozen=True):
    """One currency of the account."""

    currency: str
    balance: Decimal = Decimal(0)  # free
    locked: Decimal = Decimal(0)  # by open orders and withdrawals


class MyAsset(
    Struct, frozen=True, rename={"id": "asset_uuid", "changed_ms": "asset_timestamp", "time_ms": "timestamp"}
):
    """Balances that changed; the others are as they were."""

    assets: tuple[Asset, ...]
    id: str = ""
    changed_ms: Stamp = 0
    time_ms: Stamp = 0
    stream_type: str = "REALTIME"


class Announcement(
    Struct,
    frozen=True,
    rename={"event": "event_type", "id": "uuid", "time_ms": "timestamp"},
):
    """A notice of the exchange."""

    id: str
    title: str
    event: str = "CREATED"  # CREATED, UPDATED
    category: str = ""  # notice, trade, wallet, maintenance, digital_asset, nft, service, event
    url: str = ""
    first_listed_at: str = ""  # ISO, KST
    listed_at: str = ""
    time_ms: Stamp = 0


PrivateMessage = MyOrder | MyAsset | Announcement | Status | Refusal | Subscriptions


def _long(short: dict[str, str]) -> dict[str, str]:
    return {s: long for long, s in short.items()}


_KINDS: dict[str, tuple[type[MyOrder] | type[MyAsset] | type[Announcement], dict[str, str]]] = {
    MY_ORDER: (MyOrder, _long(keys.MY_ORDER)),
    MY_ASSET: (MyAsset, _long(keys.MY_ASSET)),
    ANNOUNCEMENT: (Announcement, _long(keys.ANNOUNCEMENT)),
}
_LONG_ASSET = _long(keys.ASSET)


def decode(frame: bytes) -> list[PrivateMessage]:
    """Return what one frame of a private socket says.

    Raises:
        WireError: it is not the exchange's language. The text names the type only: an account is nobody's business.
    """
    said = codec.plain(frame)
    return [_of_plain(row) for row in (said if isinstance(said, list) else [said])]


def _of_plain(said: Any) -> PrivateMessage:
    if not isinstance(said, dict):
        raise WireError("not an object")
    kind = said.get("type") or said.get("ty")
    if not isinstance(kind, str):
        answer = codec.answer(said)
        if answer is None:
            raise WireError("no type")
        return answer
    if kind not in _KINDS:
        raise WireError(f"unknown type {kind[:32]!r}")
    to, long = _KINDS[kind]
    row = {long.get(key, key): value for key, value in said.items()}
    if to is MyAsset:
        rows = row.get("assets")
        if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
            raise WireError("bad assets")
        row["assets"] = [{_LONG_ASSET.get(k, k): v for k, v in one.items() if v is not None} for one in rows]
    return codec.repaired(row, to)
