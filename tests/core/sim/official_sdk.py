"""Run the exchange's own Python SDK against an address; print what it read as JSON. Runs in the SDK's environment."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from upbit import AsyncUpbit  # type: ignore[import-not-found]

CODES = ["KRW-BTC", "KRW-ETH", "BTC-ETH", "USDT-XRP"]


async def main(url: str) -> None:
    async with AsyncUpbit(base_url=url) as client:
        said: dict[str, Any] = {"frames": [], "replaced": []}
        async with client.ws_public.connect_public() as socket:
            kinds = [{"type": kind, "codes": CODES} for kind in ("ticker", "orderbook", "trade", "candle.1m")]
            await socket.send_raw(json.dumps([{"ticket": "a"}, *kinds, {"format": "DEFAULT"}]))
            while len(said["frames"]) < 200:
                frame = await socket.recv()
                said["frames"].append([type(frame).__name__, json.loads(frame.to_json(use_api_names=True))])
            await socket.send_raw(json.dumps([{"ticket": "b"}, {"type": "trade", "codes": ["KRW-ETH"]}]))
            # What was on its way comes first; then nothing but what is asked for now.
            while said["replaced"][-5:] != [["trade", "KRW-ETH"]] * 5 and len(said["replaced"]) < 2_000:
                frame = json.loads((await socket.recv()).to_json(use_api_names=True))
                said["replaced"].append([frame["type"], frame["code"]])

        def rows(answer: Any) -> Any:
            return json.loads(json.dumps([json.loads(row.to_json(use_api_names=True)) for row in answer]))

        first = await client.trades.list(market="KRW-BTC", count=100)
        said["trades"] = rows(first)
        said["older"] = rows(await client.trades.list(market="KRW-BTC", count=100, cursor=str(first[-1].sequential_id)))
        said["minutes"] = rows(await client.candles.list_minutes(5, market="KRW-BTC", count=200))
        said["days"] = rows(await client.candles.list_days(market="KRW-BTC", count=30))
        said["pairs"] = rows(await client.trading_pairs.list(is_details=True))
        said["books"] = rows(await client.orderbooks.list(markets=",".join(CODES)))
        said["tickers"] = rows(await client.tickers.list_by_quote_currencies(quote_currencies="KRW"))
        said["instruments"] = rows(await client.orderbooks.list_instruments(markets="KRW-BTC"))
        sys.stdout.write(json.dumps(said))


asyncio.run(main(sys.argv[1]))
