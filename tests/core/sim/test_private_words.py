"""Whatever a client says, the answer is one of the exchange's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sim.auth import Keyring
from core.sim.denied import DeniedError
from core.sim.floor import Floor
from core.sim.grid import SCALE
from core.sim.listing import listing
from core.sim.paper import SIZE_UNIT, Account, Key, Ticket
from core.sim.past import Past
from core.sim.pit import Pit
from core.sim.private import PrivateRest, Words
from core.sim.spell import amount, scaled
from tests.core.sim.conftest import NOON_MS
from tests.core.sim.signed import claims_of, token

CALLS = [
    ("GET", "accounts"), ("GET", "orders/chance"), ("POST", "orders"), ("POST", "orders/test"),
    ("POST", "orders/cancel_and_new"), ("GET", "order"), ("GET", "orders/uuids"), ("GET", "orders/open"),
    ("GET", "orders/closed"), ("DELETE", "order"), ("DELETE", "orders/uuids"), ("DELETE", "orders/open"),
]  # fmt: skip
NAMES = st.sampled_from(
    (
        *(
            "market",
            "side",
            "ord_type",
            "volume",
            "price",
            "identifier",
            "time_in_force",
            "smp_type",
            "uuid",
            "uuids[]",
        ),
        *("identifiers[]", "state", "states[]", "page", "limit", "order_by", "start_time", "end_time", "pairs"),
        *("quote_currencies", "excluded_pairs", "cancel_side", "count", "prev_order_uuid", "prev_order_identifier"),
        *("new_ord_type", "new_volume", "new_price", "new_identifier", "new_time_in_force", "new_smp_type"),
    )
)
VALUES = st.one_of(
    st.sampled_from(
        (
            *("KRW-BTC", "KRW-ETH", "BTC-BTC", "bid", "ask", "all", "limit", "price", "market", "best", "ioc", "fok"),
            *("post_only", "none", "reduce", "cancel_maker", "wait", "done", "cancel", "asc", "desc", "KRW", "x"),
            *("0", "1", "5", "100", "0.001", "10000", "10000000", "140000000", "1e5", "-1", "remain_only", "9" * 22),
        )
    ),
    st.text(max_size=20),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.datetimes().map(str),
)


FLOOR = Floor(1, Past(1, listing(1, 2)), NOON_MS)  # it stands still


def desk() -> tuple[PrivateRest, Account]:
    """Return who answers, and an account with an order."""
    pit = Pit(FLOOR, 1, lambda account, news: None, 0)
    account = Account("a")
    account.put("KRW", 100_000_000 * SCALE * SIZE_UNIT)
    account.put("BTC", SCALE * SIZE_UNIT)
    pit.place(account, Ticket("KRW-BTC", "bid", "limit", 10_000_000 * SCALE, SCALE // 1_000, identifier="x"), NOON_MS)
    return PrivateRest(pit), account


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(CALLS), st.lists(st.tuples(NAMES, VALUES), max_size=9))
def test_every_question_has_an_answer_or_a_known_refusal(call: tuple[str, str], pairs: list[tuple[str, str]]) -> None:
    rest, account = desk()
    deal = rest.deal(call[0], f"/v1/{call[1]}")
    assert deal is not None
    try:
        answer = deal.answer(account, Words(pairs), NOON_MS)
    except DeniedError as why:
        assert json.loads(why.body)["error"]["name"] == why.name
        assert why.status in {400, 401, 403, 404}
    else:
        json.loads(answer.body.encode())
    assert all(b.free >= 0 and b.locked >= 0 for b in account.balances.values())


PLAIN: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(PLAIN.map(json.dumps).map(str.encode) | st.binary(max_size=60))
def test_every_body_is_read_or_refused(body: bytes) -> None:
    key = Key(Account("a"), "access", "s" * 40)
    ring = Keyring()
    ring.add(key)
    with pytest.raises(DeniedError) as why:
        ring.admit(f"Bearer {token(claims_of('access', 'something else'), key.secret)}", body=body or b"x")
    assert why.value.name == "invalid_query_payload"
    try:
        Words.of_body(body, "application/json")
    except DeniedError as refused:
        assert refused.name == "validation_error"


def test_half_a_character_and_a_deep_hole_are_no_words() -> None:
    for body in (b'{"identifier":"\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000):
        with pytest.raises(DeniedError, match="validation_error"):
            Words.of_body(body, "application/json")


@settings(max_examples=300, deadline=None)
@given(
    st.text() | st.text(st.sampled_from("abcXYZ019-_.="), min_size=1),
    st.dictionaries(st.text(max_size=9), PLAIN, max_size=3),
)
def test_every_token_is_taken_or_refused(text: str, claims: dict[str, Any]) -> None:
    ring = Keyring()
    ring.add(Key(Account("a"), "access", "s" * 40))
    signed = token(claims | {"access_key": "access"}, "s" * 40)
    for said in (text, f"Bearer {text}", f"Bearer {signed}", f"Bearer {signed[:-4]}", f"Bearer {text}.{signed}"):
        try:
            ring.admit(said)
        except DeniedError as why:
            assert why.status == 401


@given(st.integers(-(10**45), 10**45))
def test_an_amount_has_all_its_digits(value: int) -> None:
    text = amount(value)
    whole, _, part = text.lstrip("-").partition(".")
    assert (-1 if text.startswith("-") else 1) * int(whole + part.ljust(20, "0")) == value
    assert not part.endswith("0")


@given(st.integers(0, 10**26 - 1), st.integers(0, 3))
def test_plain_decimals_are_read_exactly(value: int, zeros: int) -> None:
    whole, part = divmod(value, 10**8)
    assert scaled(f"{whole}.{part:08d}{'0' * zeros}") == value
    assert scaled(f"{whole}.{part:08d}1") is None


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e3", ".5", "1.", "1_0", "٣", " 1", "1 ", "nan", "0x1", "1,0", "1" * 19]
)
def test_other_spellings_are_no_decimals(text: str) -> None:
    assert scaled(text) is None
