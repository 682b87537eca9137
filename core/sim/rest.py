"""The quotation REST: a path and its parameters in, a status and a body out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from core.market import DAY_MS, Interval
from core.sim import frames, pages
from core.sim.book import DEPTH, supported_levels
from core.sim.floor import Floor
from core.sim.frames import Bar
from core.sim.grid import SCALE
from core.sim.listing import CAUTIONS
from core.sim.past import MarketPast
from core.sim.spell import change8, fixed8, rate, short

Params = Mapping[str, str]
MISSING = "Missing request parameter error. Check the required parameters!"
MISTYPED = "Type mismatch error. Check the parameters type!"
NOT_FOUND = "Code not found"
INVALID = "Invalid parameter. Check the given value!"
NO_ROUTE = b'{"error":{"name":"not_found","message":"no Route matched with those values"}}'
_SLICE_MARKETS = 8  # markets answered before the loop gets a turn
_LENGTHS = {"days": Interval.D1, "weeks": Interval.W1, "months": Interval.MONTH, "years": None}
_MINUTES = {unit: interval for interval, unit in pages.UNITS.items()}


class RefusalError(Exception):
    """An answer that is an error; quotation errors have an integer name."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    @property
    def body(self) -> bytes:
        return json.dumps({"error": {"name": self.status, "message": self.message}}, separators=(",", ":")).encode()


class Route(NamedTuple):
    group: str  # as the Remaining-Req header spells it
    answer: Callable[[Params], Awaitable[str]]


def _count(params: Params, most: int, default: int = 1) -> int:
    try:
        count = int(params.get("count", default))
    except ValueError:
        raise RefusalError(400, MISTYPED) from None
    if count < 1:
        raise RefusalError(400, INVALID)
    return min(count, most)


def _is_true(params: Params, name: str) -> bool:
    value = params.get(name, "false").lower()
    if value not in {"true", "false", ""}:
        raise RefusalError(400, MISTYPED)
    return value == "true"


def _time(text: str) -> int:
    """Return ISO 8601 as epoch ms, cut to seconds; a naive one is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise RefusalError(400, MISTYPED) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1000


class Rest:
    """Answers quotation requests from the floor and the past."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.lag_ms = 0  # how far trades and candles are behind the socket

    def _now_ms(self) -> int:
        return self._floor.now_ms - self.lag_ms

    def route(self, path: str) -> Route | None:
        """Return who answers a path, or None."""
        parts = path.strip("/").split("/")
        if parts[:1] != ["v1"]:
            return None
        match parts[1:]:
            case ["market", "all"]:
                return Route("market", self._markets)
            case ["candles", "seconds"]:
                return Route("candles", lambda p: self._intraday(p, Interval.S1))
            case ["candles", "minutes"]:
                return Route("candles", lambda p: self._intraday(p, Interval.M1))
            case ["candles", "minutes", unit] if unit.isdigit() and int(unit) in _MINUTES:
                return Route("candles", lambda p: self._intraday(p, _MINUTES[int(unit)]))
            case ["candles", length] if length in _LENGTHS:
                return Route("candles", lambda p: self._daily(p, length))
            case ["trades", "ticks"]:
                return Route("crix-trades", self._ticks)
            case ["ticker"]:
                return Route("ticker", self._tickers)
            case ["ticker", "all"]:
                return Route("ticker", self._tickers_of_quotes)
            case ["orderbook"]:
                return Route("orderbook", self._books)
            case ["orderbook", "instruments"]:
                return Route("orderbook", self._instruments)
            case ["orderbook", "supported_levels"]:
                return Route("orderbook", self._levels)
            case _:
                return None

    # -- parameters

    def _past(self, params: Params) -> MarketPast:
        code = params.get("market")
        if not code:
            raise RefusalError(400, MISSING)
        return self._floor.past.of(self._known(code))

    def _known(self, code: str) -> str:
        code = code.strip().upper()
        if code not in self._floor.markets:
            raise RefusalError(404, NOT_FOUND)
        return code

    def _codes(self, params: Params) -> list[str]:
        said = params.get("markets")
        if not said:
            raise RefusalError(400, MISSING)
        return [self._known(code) for code in said.split(",")]

    async def _each(self, codes: list[str], row: Callable[[str], str]) -> str:
        """Return rows for many markets; the loop gets a turn now and then."""
        rows = []
        for i, code in enumerate(codes):
            if i and i % _SLICE_MARKETS == 0:
                await asyncio.sleep(0)
            rows.append(row(code))
        return f"[{','.join(rows)}]"

    # -- answers

    async def _markets(self, params: Params) -> str:
        details = _is_true(params, "is_details")
        rows = []
        for m in self._floor.markets.values():
            row: dict[str, object] = {
                "market": m.code,
                "korean_name": m.korean_name,
                "english_name": m.english_name,
            }
            if details:
                row["market_event"] = {"warning": m.is_warned, "caution": {c: c in m.cautions for c in CAUTIONS}}
            rows.append(row)
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))

    async def _intraday(self, params: Params, interval: Interval) -> str:
        past, now = self._past(params), self._now_ms()
        to = _time(params["to"]) if params.get("to") else now + 1
        unit = f',"unit":{pages.UNITS[interval]}' if interval in pages.UNITS else ""
        rows: list[str] = []
        for piece in pages.intraday(past, interval, to, _count(params, 200), now):
            rows += [frames.candle_row(past.listed.code, bar, unit) for bar in piece]
            await asyncio.sleep(0)
        return f"[{','.join(rows)}]"

    async def _daily(self, params: Params, length: str) -> str:
        past, now = self._past(params), self._now_ms()
        to = _time(params["to"]) if params.get("to") else now + 1
        count = _count(params, 200)
        bars = pages.daily(past, _LENGTHS[length], to, count + 1, now)  # one more, for its close
        converting = params.get("converting_price_unit") == "KRW"

        def tail(bar: Bar, before: Bar | None) -> str:
            if length != "days":
                return f',"first_day_of_period":"{frames.iso(bar.start_ms)[:10]}"'
            closed = before.close if before is not None else pages.prev_close(past, bar.start_ms // DAY_MS)
            change = bar.close - closed
            text = (
                f',"prev_closing_price":{fixed8(closed)},"change_price":{change8(change)},'
                f'"change_rate":{rate(change, closed)}'
            )
            if converting:
                text += f',"converted_trade_price":{fixed8(self._in_krw(past, bar, now))}'
            return text

        rows = zip(bars[:count], [*bars[1:], None], strict=False)
        return f"[{','.join(frames.candle_row(past.listed.code, bar, tail(bar, older)) for bar, older in rows)}]"

    def _in_krw(self, past: MarketPast, bar: Bar, now: int) -> int:
        """Return a day's close in KRW, 1e-8."""
        quote = past.listed.quote
        if quote == "KRW" or f"KRW-{quote}" not in self._floor.markets:
            return bar.close
        bars = pages.daily(self._floor.past.of(f"KRW-{quote}"), Interval.D1, bar.start_ms + 1, 1, now)
        return bar.close * bars[0].close // SCALE if bars else bar.close

    async def _ticks(self, params: Params) -> str:
        past, now = self._past(params), self._now_ms()
        count = _count(params, 500)
        try:
            days_ago = int(params.get("days_ago") or 0)
            cursor = int(params["cursor"]) if params.get("cursor") else None
        except ValueError:
            raise RefusalError(400, MISTYPED) from None
        if not 0 <= days_ago <= 7:
            raise RefusalError(400, INVALID)
        day = now // DAY_MS - days_ago
        before = min(now + 1, (day + 1) * DAY_MS)
        if params.get("to"):
            digits = params["to"].replace(":", "")
            if len(digits) != 6 or not digits.isdigit():
                raise RefusalError(400, MISTYPED)
            seconds = int(digits[:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:])
            before = min(before, day * DAY_MS + seconds * 1000)
        rows = pages.ticks(past, day, before, cursor, count, now)
        return f"[{','.join(frames.trade_row(past.listed.code, p) for p in rows)}]"

    async def _tickers(self, params: Params) -> str:
        return await self._each(self._codes(params), self._ticker)

    async def _tickers_of_quotes(self, params: Params) -> str:
        said = params.get("quote_currencies")
        if not said:
            raise RefusalError(400, MISSING)
        quotes = {q.strip().upper() for q in said.split(",")}
        return await self._each([m.code for m in self._floor.markets.values() if m.quote in quotes], self._ticker)

    def _ticker(self, code: str) -> str:
        floor = self._floor
        return frames.ticker_row(code, floor.live(code).board(floor.now_ms), floor.now_ms)

    async def _books(self, params: Params) -> str:
        codes = self._codes(params)
        try:
            level = round(float(params.get("level") or 0) * SCALE)
        except (ValueError, OverflowError):
            raise RefusalError(400, MISTYPED) from None
        depth = _count(params, DEPTH, DEPTH)

        def row(code: str) -> str:
            floor = self._floor
            live = floor.live(code)
            if level and level not in self._levels_of(code):
                raise RefusalError(400, INVALID)
            time_ms, asks, bids = live.grouped(floor.now_ms, level) if level else live.book(floor.now_ms)
            return frames.orderbook_row(code, time_ms, asks.levels, bids.levels, level, depth)

        return await self._each(codes, row)

    def _levels_of(self, code: str) -> list[int]:
        """Return the groupings of a market in 1e-8 quote currency, without 0; only KRW markets have any."""
        live = self._floor.live(code)
        if live.past.listed.quote != "KRW":
            return []
        return supported_levels(live.past.grid, live.past.grid.place(live.prints[-1].price))

    async def _instruments(self, params: Params) -> str:
        def row(code: str) -> str:
            live = self._floor.live(code)
            grid, place = live.past.grid, live.past.grid.place(live.prints[-1].price)
            levels = ",".join(f'"{short(v)}"' for v in (0, *self._levels_of(code)))
            return (
                f'{{"market":"{code}","quote_currency":"{live.past.listed.quote}",'
                f'"tick_size":"{short(grid.step(place))}","supported_levels":[{levels}]}}'
            )

        return await self._each(self._codes(params), row)

    async def _levels(self, params: Params) -> str:
        def row(code: str) -> str:
            return (
                f'{{"market":"{code}","supported_levels":[{",".join(short(v) for v in (0, *self._levels_of(code)))}]}}'
            )

        return await self._each(self._codes(params), row)
