"""Tokens, against an implementation of our own that knows nothing of theirs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sim import paper
from core.sim.auth import Keyring
from core.sim.denied import DeniedError
from core.sim.paper import ALL, Account, Key, Permission
from tests.core.sim.signed import claims_of, header, token

SECRET = "s" * 40


@pytest.fixture
def key() -> Key:
    return Key(Account("a"), "access", SECRET)


@pytest.fixture
def ring(key: Key) -> Keyring:
    ring = Keyring()
    ring.add(key)
    return ring


def refusal(ring: Keyring, authorization: str | None, **asked: Any) -> tuple[int, str]:
    with pytest.raises(DeniedError) as why:
        ring.admit(authorization, **asked)
    said = json.loads(why.value.body)["error"]
    assert said["message"]
    return why.value.status, said["name"]


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_both_algorithms_are_taken(ring: Keyring, key: Key, algorithm: str) -> None:
    assert ring.admit(header(key, algorithm=algorithm)) is key
    assert ring.admit(header(key, algorithm=algorithm).replace("Bearer", "bearer")) is key


@pytest.mark.parametrize("said", [None, "", "Bearer", "Bearer  ", "Basic abc", "abc"])
def test_no_token(ring: Keyring, said: str | None) -> None:
    assert refusal(ring, said) == (401, "no_authorization_token")


def test_what_is_not_signed_with_the_secret_of_its_key(ring: Keyring, key: Key) -> None:
    claims = claims_of(key.access)
    good = token(claims, SECRET)
    head, body, _ = good.split(".")
    forged = token(claims_of("nobody"), SECRET)
    for bad in (
        token(claims, "another secret" * 3),
        token(claims, SECRET, "HS384"),
        token(claims, SECRET, "none", {"alg": "none", "typ": "JWT"}),
        token(claims, SECRET, "HS512", {"alg": "HS256", "typ": "JWT"}),
        forged,
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{head}.{token(claims_of(key.access, x=1), SECRET).split('.')[1]}.{good.split('.')[2]}",
        "nonsense",
        "a.b.c",
        token({"nonce": "x"}, SECRET),
        token({"access_key": key.access, "nonce": "y", "exp": 10}, SECRET),
    ):
        assert refusal(ring, f"Bearer {bad}", now_ms=11_000) == (401, "jwt_verification"), bad
    assert ring.admit(f"Bearer {good}") is key


@pytest.mark.parametrize("nonce", [None, "", 7])
def test_a_nonce_is_text(ring: Keyring, key: Key, nonce: Any) -> None:
    assert refusal(ring, header(key, nonce=nonce)) == (401, "invalid_query_payload")


def test_a_nonce_serves_once(ring: Keyring, key: Key) -> None:
    ring.admit(header(key, nonce="n"))
    assert refusal(ring, header(key, nonce="n")) == (401, "nonce_used")
    other = Key(Account("b"), "other", SECRET)
    ring.add(other)
    assert ring.admit(header(other, nonce="n")) is other, "it is of a key"


def test_a_refused_request_uses_no_nonce(ring: Keyring, key: Key) -> None:
    assert refusal(ring, header(key, "a=1", nonce="n"), query="a=2")[1] == "invalid_query_payload"
    assert ring.admit(header(key, "a=2", nonce="n"), query="a=2") is key


def test_nonces_are_kept_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "KEPT_NONCES", 3)
    key = Key(Account("a"), "access", SECRET)
    assert [key.use(n) for n in "abcd"] == [True] * 4
    assert [key.use(n) for n in "dcb"] == [False] * 3
    assert key.use("a"), "forgotten"


def test_a_key_ends_and_is_bound_to_addresses_and_permissions(ring: Keyring, key: Key) -> None:
    key.expires_ms = 1_000
    assert ring.admit(header(key), now_ms=999) is key
    assert refusal(ring, header(key), now_ms=1_000) == (401, "expired_access_key")
    key.expires_ms, key.ips = None, frozenset({"10.0.0.1"})
    assert ring.admit(header(key), peer="10.0.0.1") is key
    assert refusal(ring, header(key), peer="127.0.0.1") == (401, "no_authorization_ip")
    key.ips, key.permissions = frozenset(), ALL - {"order_make"}
    needs: Permission = "order_make"
    assert refusal(ring, header(key), needs=needs) == (401, "out_of_scope")
    assert refusal(ring, header(key), needs=needs, scope_status=403) == (403, "out_of_scope")
    assert ring.admit(header(key), needs="order_view") is key
    ring.drop(key)
    assert refusal(ring, header(key)) == (401, "jwt_verification")


def test_the_hash_is_over_the_query_as_it_was_meant(ring: Keyring, key: Key) -> None:
    for query, signed in (
        ("market=KRW-BTC", "market=KRW-BTC"),
        ("uuids[]=a&uuids[]=b", "uuids[]=a&uuids[]=b"),
        ("uuids%5B%5D=a&uuids%5B%5D=b", "uuids[]=a&uuids[]=b"),
        ("pairs=KRW-BTC,KRW-ETH", "pairs=KRW-BTC,KRW-ETH"),
        ("pairs=KRW-BTC%2CKRW-ETH", "pairs=KRW-BTC,KRW-ETH"),
        ("start_time=2026-01-01T00%3A00%3A00%2B09%3A00", "start_time=2026-01-01T00:00:00+09:00"),
        ("identifier=a+b", "identifier=a b"),
        ("identifier=%EA%B0%80", "identifier=가"),
    ):
        assert ring.admit(header(key, signed), query=query) is key
    for query, signed in (
        ("a=1&b=2", "b=2&a=1"),
        ("a=1", "a=2"),
        ("a=1", "a=1&b=2"),
        ("uuids[]=a&uuids[]=b", "uuids[]=a,b"),
        ("a=%3A", "a=%3A"),
    ):
        assert refusal(ring, header(key, signed), query=query) == (401, "invalid_query_payload"), query
    assert refusal(ring, header(key), query="a=1")[1] == "invalid_query_payload"
    assert refusal(ring, header(key, "a=1", query_hash_alg="MD5"), query="a=1")[1] == "invalid_query_payload"
    lone = claims_of(key.access, "a=1")
    del lone["query_hash_alg"]  # SHA512 is what it is without
    assert ring.admit(f"Bearer {token(lone, SECRET)}", query="a=1") is key


def test_the_hash_is_over_a_body_in_its_order(ring: Keyring, key: Key) -> None:
    for body, signed in (
        ({"market": "KRW-BTC", "price": "10000"}, "market=KRW-BTC&price=10000"),
        ({"price": 10000.50, "n": 3}, "price=10000.5&n=3"),
        ({"a": ["x", "y"], "b": True}, "a=x&a=y&b=true"),
        ({"volume": None, "price": "1"}, "volume=None&price=1"),
        ({"volume": None, "price": "1"}, "price=1"),
        ({"identifier": "a b"}, "identifier=a+b"),
    ):
        assert ring.admit(header(key, signed), body=json.dumps(body).encode()) is key
    for raw, signed in (
        (b'{"a":"1","b":"2"}', "b=2&a=1"),
        (b'{"a":"1"}', "a=2"),
        (b"a=1", "a=1"),
        (b"[1]", "1"),
    ):
        assert refusal(ring, header(key, signed), body=raw) == (401, "invalid_query_payload")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_whatever_is_asked_the_encoded_form_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    key = Key(Account("a"), "access", SECRET)
    ring = Keyring()
    ring.add(key)
    signed = "&".join(f"{name}={value}" for name, value in pairs)
    plain = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    assert ring.admit(header(key, signed), query=plain) is key
    assert ring.admit(header(key, signed), query=urlencode(pairs)) is key
    body = dict(pairs)
    signed = "&".join(f"{name}={value}" for name, value in body.items())
    assert ring.admit(header(key, signed), body=json.dumps(body).encode()) is key
    assert refusal(ring, header(key, signed + "x"), body=json.dumps(body).encode())[1] == "invalid_query_payload"
