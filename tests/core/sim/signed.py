"""Tokens signed by hand, and a plain client for the private side. It knows nothing of ours, and nothing of PyJWT."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, NamedTuple, Self
from urllib.parse import quote

import aiohttp
from yarl import URL

from core.sim.exchange import Exchange
from core.sim.paper import Account, Key
from tests.core.sim.conftest import Socket
from tests.waiting import until

Pairs = Iterable[tuple[str, str]]
_nonces = itertools.count(1)


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: dict[str, Any], secret: str, algorithm: str = "HS256", header: dict[str, Any] | None = None) -> str:
    """Return a JSON Web Token, made of nothing but hashes."""
    hashes = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
    head = _part(json.dumps(header or {"alg": algorithm, "typ": "JWT"}).encode())
    text = f"{head}.{_part(json.dumps(claims).encode())}"
    if algorithm == "none":
        return f"{text}."
    return f"{text}.{_part(hmac.new(secret.encode(), text.encode(), hashes[algorithm]).digest())}"


def sha512(text: str) -> str:
    return hashlib.sha512(text.encode()).hexdigest()


def claims_of(access: str, signed: str = "", **more: Any) -> dict[str, Any]:
    """Return what a token says; `signed` is what the request asks, not encoded."""
    said: dict[str, Any] = {"access_key": access, "nonce": f"nonce {next(_nonces)}"}
    if signed:
        said |= {"query_hash": sha512(signed), "query_hash_alg": "SHA512"}
    return said | more


def header(key: Key, signed: str = "", algorithm: str = "HS256", **more: Any) -> str:
    """Return an Authorization header."""
    return f"Bearer {token(claims_of(key.access, signed, **more), key.secret, algorithm)}"


class Said(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text, parse_float=Decimal)

    @property
    def error(self) -> tuple[int, str]:
        """The status and the name of the error."""
        return self.status, self.json["error"]["name"]


class Owner:
    """Somebody who has a key, over real HTTP."""

    def __init__(self, exchange: Exchange, key: Key, web: aiohttp.ClientSession) -> None:
        self.exchange, self.key, self._web = exchange, key, web

    def with_key(self, key: Key) -> Self:
        return type(self)(self.exchange, key, self._web)

    async def get(self, path: str, *pairs: tuple[str, str], method: str = "GET", **headers: str) -> Said:
        query = "&".join(f"{quote(name, safe='[]')}={quote(value, safe='')}" for name, value in pairs)
        url = URL(f"{self.exchange.rest_url}{path}{'?' if query else ''}{query}", encoded=True)
        signed = "&".join(f"{name}={value}" for name, value in pairs)
        said = {"Authorization": header(self.key, signed)} | {k.replace("_", "-"): v for k, v in headers.items()}
        async with self._web.request(method, url, headers=said) as answer:
            return Said(answer.status, dict(answer.headers), await answer.text())

    async def delete(self, path: str, *pairs: tuple[str, str]) -> Said:
        return await self.get(path, *pairs, method="DELETE")

    async def post(self, path: str, **body: str) -> Said:
        signed = "&".join(f"{name}={value}" for name, value in body.items())
        said = {"Authorization": header(self.key, signed, "HS512")}
        async with self._web.post(self.exchange.rest_url + path, json=body, headers=said) as answer:
            return Said(answer.status, dict(answer.headers), await answer.text())

    async def order(self, **body: str) -> Any:
        """Place an order and return its row."""
        answer = await self.post("/orders", **{"market": "KRW-BTC", "side": "bid", "ord_type": "limit"} | body)
        assert answer.status == 201, answer.text
        return answer.json

    async def look(self, id_: str) -> Any:
        return (await self.get("/order", ("uuid", id_))).json

    async def balances(self) -> dict[str, tuple[Decimal, Decimal]]:
        rows = (await self.get("/accounts")).json
        return {row["currency"]: (Decimal(row["balance"]), Decimal(row["locked"])) for row in rows}

    async def listen(self, *parts: dict[str, Any], fmt: str = "DEFAULT") -> Ear:
        """Open a private socket and subscribe; return when the exchange has taken it up."""
        ear = await Ear.open_private(self.exchange, self.key)
        had = len(self.exchange.private_requests)
        await ear.ask(*(parts or ({"type": "myOrder"}, {"type": "myAsset"})), fmt=fmt)
        await until(lambda: len(self.exchange.private_requests) > had)
        return ear


class Ear(Socket):
    """A private socket and what came over it."""

    @classmethod
    async def open_private(cls, exchange: Exchange, key: Key) -> Self:
        return await cls.open(exchange, url=exchange.private_ws_url, additional_headers={"Authorization": header(key)})

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the messages of a type, numbers exact."""
        said = [json.loads(frame, parse_float=Decimal) for frame in self.frames]
        return [message for message in said if message.get("type") == kind]

    def states(self, order_id: str) -> list[str]:
        """Return what was told of an order, word by word."""
        return [m["state"] for m in self.of("myOrder") if m["uuid"] == order_id]


@asynccontextmanager
async def owner_of(exchange: Exchange, account: Account) -> AsyncIterator[Owner]:
    async with aiohttp.ClientSession() as web:
        yield Owner(exchange, account.key, web)
