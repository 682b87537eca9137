"""What cryptofeed and ccxt make of frames, each by its own entry point. Runs in the environment of `feeds.txt`.

`python feeds.py cryptofeed|ccxt FOLDER` reads the kind of a round ("trade", "book", "mix") from each line of standard
input, folds the frames of FOLDER/KIND (one a line) into a fresh exchange object, and answers with a line of JSON:
`cpu_s`, and in `state`, by market, the prices of the last trade and of the best bid and ask it ended with.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from time import process_time, time

State = dict[str, list[float | None]]


def markets_in(frames: list[bytes]) -> list[str]:
    said = [json.loads(frame) for frame in frames]
    return sorted({frame.get("code") or frame["cd"] for frame in said})


async def cryptofeed(frames: list[bytes], markets: list[str]) -> tuple[float, State]:
    """Feed `message_handler`, as the connection does. It asks for SIMPLE frames, and knows no tickers of Upbit."""
    from cryptofeed.defines import L2_BOOK, TRADES
    from cryptofeed.exchanges import Upbit
    from cryptofeed.symbols import Symbols

    Symbols.set(Upbit.id, *Upbit._parse_symbol_data([{"market": market} for market in markets]))
    trades, books = {}, {}

    async def on_trade(trade, _receipt):
        trades[trade.symbol] = trade

    async def on_book(book, _receipt):
        books[book.symbol] = book

    names = list(Symbols.get(Upbit.id)[0])
    upbit = Upbit(symbols=names, channels=[TRADES, L2_BOOK], callbacks={TRADES: on_trade, L2_BOOK: on_book})
    gc.collect()
    start = process_time()
    for frame in frames:
        await upbit.message_handler(frame, None, time())
    cpu_s = process_time() - start
    state: State = {}
    for market in markets:
        name = upbit.exchange_symbol_to_std_symbol(market)
        trade, book = trades.get(name), books.get(name)
        best = [float(side.index(0)[0]) for side in (book.book.bids, book.book.asks)] if book else [None, None]
        state[market] = [float(trade.price) if trade else None, *best]
    return cpu_s, state


async def ccxt(frames: list[bytes], markets: list[str]) -> tuple[float, State]:
    """Feed the client's `handle_text_or_binary_message`, as its receive loop does. It asks for DEFAULT frames."""
    import ccxt.pro

    upbit = ccxt.pro.upbit()
    upbit.set_markets([upbit.parse_market({"market": market}) for market in markets])
    client = upbit.client("wss://localhost")
    take = client.handle_text_or_binary_message
    gc.collect()
    start = process_time()
    for frame in frames:
        take(frame)
    cpu_s = process_time() - start
    state: State = {}
    for market in markets:
        name = upbit.safe_symbol(market)
        trades, book = upbit.trades.get(name), upbit.orderbooks.get(name)
        best = [book["bids"][0][0], book["asks"][0][0]] if book else [None, None]
        state[market] = [trades[-1]["price"] if trades else None, *best]
    await upbit.close()
    return cpu_s, state


async def main() -> None:
    fold = {"cryptofeed": cryptofeed, "ccxt": ccxt}[sys.argv[1]]
    for line in sys.stdin:
        frames = (Path(sys.argv[2]) / line.strip()).read_bytes().splitlines()
        cpu_s, state = await fold(frames, markets_in(frames))
        sys.stdout.write(json.dumps({"cpu_s": cpu_s, "state": state}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
