"""Tokens, checked by arithmetic of our own, and keys that nothing shows."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import pickle
import secrets
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wire.auth import AccessKey, authorization, query_text


def opened(token: str, secret: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (header, claims) of a token whose signature is right."""
    head, body, signature = token.split(".")

    def raw(part: str) -> bytes:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

    made = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha512).digest()
    assert hmac.compare_digest(made, raw(signature))
    return json.loads(raw(head)), json.loads(raw(body))


@given(st.lists(st.tuples(st.sampled_from(["market", "uuids[]", "to"]), st.text("ab+:/ %한", max_size=8))))
def test_a_token_signs_the_parameters_as_they_are_sent(params: list[tuple[str, str]]) -> None:
    access, secret = secrets.token_hex(20), secrets.token_hex(20)
    query = query_text(params)
    head, claims = opened(AccessKey(access, secret).token("n1", query), secret)
    assert head == {"alg": "HS512", "typ": "JWT"}
    assert (claims["access_key"], claims["nonce"]) == (access, "n1")
    if params:
        text = "&".join(f"{k}={v}" for k, v in params)
        assert claims["query_hash"] == hashlib.sha512(text.encode()).hexdigest()
        assert claims["query_hash_alg"] == "SHA512"
    else:
        assert claims.keys() == {"access_key", "nonce"}


def test_each_header_has_a_nonce_of_its_own() -> None:
    key = AccessKey("a" * 40, "b" * 40)
    tokens = {authorization(key)["Authorization"] for _ in range(20)}
    nonces = {opened(t.removeprefix("Bearer "), "b" * 40)[1]["nonce"] for t in tokens}
    assert len(nonces) == 20


def test_a_key_shows_itself_nowhere_and_is_not_stored() -> None:
    access, secret = secrets.token_hex(20), secrets.token_hex(20)
    key = AccessKey(access, secret)
    try:
        raise RuntimeError(f"with {key!r} and {key} in {[key]}")
    except RuntimeError as why:
        told = "".join(traceback.TracebackException.from_exception(why, capture_locals=True).format())
    told = told.replace(f"access = '{access}'", "").replace(f"secret = '{secret}'", "")  # this test's own variables
    assert access not in told
    assert secret not in told
    for store in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            store(key)
    assert key == AccessKey(access, secret)
    assert key != AccessKey(access, secret + "x")
    assert not hasattr(key, "__dict__")


@pytest.mark.parametrize(("access", "secret"), [("", "s"), ("a", ""), ("a b", "s"), ("a", "비밀"), ("a\n", "s")])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(access: str, secret: str) -> None:
    with pytest.raises(ValueError, match="two parts") as why:
        AccessKey(access, secret)
    assert "비밀" not in str(why.value)
