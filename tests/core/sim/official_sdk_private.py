"""Let the exchange's own Python SDK trade at an address; print what it read as JSON. Runs in the SDK's environment."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from upbit import APIStatusError, AsyncUpbit  # type: ignore[import-not-found]


def plain(answer: Any) -> Any:
    return json.loads(answer.to_json(use_api_names=True))


async def main(url: str, access_key: str, secret_key: str) -> None:
    said: dict[str, Any] = {"frames": []}
    client = AsyncUpbit(base_url=url, access_key=access_key, secret_key=secret_key)
    async with client, client.ws_private.connect_private() as socket:
        kinds = [{"type": "myOrder"}, {"type": "myAsset"}, {"type": "announcement"}]
        await socket.send_raw(json.dumps([{"ticket": "a"}, *kinds, {"format": "DEFAULT"}]))
        said["accounts"] = [plain(row) for row in await client.accounts.list()]
        said["chance"] = plain(await client.orders.retrieve_chance(market="KRW-BTC"))
        limit = {"market": "KRW-BTC", "side": "bid", "ord_type": "limit", "price": "10000000", "volume": "0.001"}
        orders = [plain(await client.orders.create(**limit, identifier=f"name {i}")) for i in range(3)]
        said["orders"] = orders
        ids = [order["uuid"] for order in orders]
        said["open"] = [plain(row) async for row in client.orders.list_open(limit=2)]
        said["named"] = [plain(row) for row in await client.orders.list_by_uuids(uuids=ids)]
        said["canceled"] = plain(await client.orders.cancel(uuid=ids[0]))
        said["many"] = plain(await client.orders.cancel_by_uuids(uuids=ids[1:2]))
        new = {"new_ord_type": "limit", "new_price": "11000000", "new_volume": "remain_only"}
        said["replaced"] = plain(await client.orders.cancel_and_new(prev_order_uuid=ids[2], **new))
        buy = {"market": "KRW-BTC", "side": "bid", "ord_type": "price", "price": "10000"}
        said["bought"] = plain(await client.orders.create(**buy))
        said["bought later"] = plain(await client.orders.retrieve(uuid=said["bought"]["uuid"]))
        said["closed"] = [plain(row) for row in await client.orders.list_closed(limit=10)]
        said["all"] = plain(await client.orders.cancel_open(cancel_side="all"))
        try:
            await client.orders.create(**limit | {"price": "10000001"})
        except APIStatusError as why:
            said["refused"] = [why.status_code, why.response.json()["error"]["name"]]
        ends = 0
        while ends < 5:
            frame = await asyncio.wait_for(socket.recv(), 20)
            row = plain(frame)
            said["frames"].append([type(frame).__name__, row])
            ends += row.get("state") in {"done", "cancel"}
    sys.stdout.write(json.dumps(said))


asyncio.run(main(*sys.argv[1:]))
