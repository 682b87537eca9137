"""The search for a market: what a trader types is found, whatever the script, case or keyboard layout."""

from __future__ import annotations

import gzip
import json
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.search import MarketIndex, initials, letters
from core.market import Market

MARKETS = [
    Market("KRW-BTC", "비트코인", "Bitcoin"),
    Market("KRW-BCH", "비트코인캐시", "Bitcoin Cash"),
    Market("KRW-ETH", "이더리움", "Ethereum"),
    Market("KRW-ETC", "이더리움클래식", "Ethereum Classic"),
    Market("BTC-ETH", "이더리움", "Ethereum"),
    Market("USDT-ETH", "이더리움", "Ethereum"),
    Market("KRW-DOGE", "도지코인", "Dogecoin"),
    Market("KRW-XRP", "엑스알피(리플)", "XRP"),
]
INDEX = MarketIndex(MARKETS)


def first(typed: str) -> str:
    return INDEX.search(typed)[0].code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("btc", "KRW-BTC"),
        ("BTC", "KRW-BTC"),
        ("krw-doge", "KRW-DOGE"),
        ("krwdoge", "KRW-DOGE"),
        ("btc-eth", "BTC-ETH"),
        ("비트코인", "KRW-BTC"),
        ("비트코인캐시", "KRW-BCH"),
        ("비", "KRW-BTC"),
        ("빝", "KRW-BTC"),  # the input method takes the next consonant into the syllable
        ("비ㅌ", "KRW-BTC"),
        ("ㅂㅌㅋㅇ", "KRW-BTC"),
        ("ㅂㅌㅋㅇㅋㅅ", "KRW-BCH"),
        ("ㄷㅈ", "KRW-DOGE"),
        ("리플", "KRW-XRP"),
        ("bitcoin cash", "KRW-BCH"),
        ("Dogecoin", "KRW-DOGE"),
        ("ethereum c", "KRW-ETC"),
        ("qlxm", "KRW-BTC"),  # 비트 on a keyboard that was left in English
        ("ehwl", "KRW-DOGE"),
        ("QLXM", "KRW-BTC"),  # and with caps lock on
        ("ㅠㅅㅊ", "KRW-BTC"),  # btc on one that was left in Korean
        ("ㄷ소", "KRW-ETH"),
        ("ㅌ게", "KRW-XRP"),
        ("애ㅎㄷ", "KRW-DOGE"),
        ("애ㅎ", "KRW-DOGE"),
    ],
)
def test_what_is_typed_is_found_first(typed: str, code: str) -> None:
    assert first(typed) == code


def test_a_code_goes_before_a_name_that_starts_so() -> None:
    index = MarketIndex([Market("KRW-X", "", "Eth Thing"), Market("KRW-ETH", "이더리움", "Ethereum")])
    assert [m.code for m in index.search("eth")] == ["KRW-ETH", "KRW-X"]


def test_krw_goes_first_then_the_turnover_decides() -> None:
    assert [m.code for m in INDEX.search("이더리움")][:3] == ["KRW-ETH", "BTC-ETH", "USDT-ETH"]
    turnover = {"KRW-ETC": 5.0, "KRW-BCH": 9.0, "KRW-ETH": 7.0}
    assert [m.code for m in INDEX.search("", turnover)][:3] == ["KRW-BCH", "KRW-ETH", "KRW-ETC"]


def test_what_was_typed_goes_before_what_may_have_been_meant() -> None:
    index = MarketIndex([Market("KRW-BTC", "비트코인", "Bitcoin"), Market("KRW-QLX", "큐엘", "Qlx")])
    assert [m.code for m in index.search("qlx")] == ["KRW-QLX", "KRW-BTC"]
    index = MarketIndex([Market("KRW-QTUM", "퀀텀", "Qtum"), Market("KRW-BTC", "비트코인", "Bitcoin")])
    assert [m.code for m in index.search("ㅂ")] == ["KRW-BTC", "KRW-QTUM"]
    index = MarketIndex([Market("KRW-QTUM", "퀀텀", "Qtum"), Market("KRW-ORBS", "오브스", "Orbs")])
    assert [m.code for m in index.search("ㅂㅅ")] == ["KRW-ORBS", "KRW-QTUM"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("가스", "ㄳ"), ("보살", "ㅄ"), ("리퍼리움", "ㄿㄹㅇ"), ("나하", "ㄶ"), ("엘리시아", "ㅇㄽㅇ"), ("와우", "ㅇㅘ")],
)
def test_letters_that_the_input_method_puts_together_are_the_two_that_were_typed(name: str, typed: str) -> None:
    market = Market("KRW-Q", name, "")
    assert MarketIndex([*MARKETS, market]).search(typed) == [market]


def test_the_limit_holds_and_nothing_typed_shows_all() -> None:
    assert len(INDEX.search("")) == len(MARKETS)
    assert len(INDEX.search("", limit=3)) == 3


def test_what_fits_nothing_has_a_neighbour_or_none() -> None:
    assert INDEX.search("bitcion") == []
    near = INDEX.nearest("bitcion")
    assert near is not None
    assert near.code == "KRW-BTC"
    assert INDEX.nearest("@@@@") is None
    assert MarketIndex([]).nearest("btc") is None


def test_the_neighbour_is_the_market_in_krw() -> None:
    index = MarketIndex([Market(f"{quote}-DOGE", "도지코인", "Dogecoin") for quote in ("BTC", "USDT", "KRW")])
    for typed in ("dogecion", "도지고인", "dgoe"):
        near = index.nearest(typed)
        assert near is not None
        assert near.code == "KRW-DOGE"


def test_looking_for_a_neighbour_compares_nothing_that_cannot_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs on the GUI's thread at a keystroke; a page pasted by mistake must not hold it up."""
    compared = 0
    ratio = SequenceMatcher.ratio

    def counted(self: SequenceMatcher[str]) -> float:
        nonlocal compared
        compared += 1
        return ratio(self)

    monkeypatch.setattr(SequenceMatcher, "ratio", counted)
    assert INDEX.nearest("bitcoin " * 1_000) is None
    assert compared == 0
    assert INDEX.nearest("bitcion") is not None
    assert 0 < compared < len(MARKETS)  # of four texts a market


def test_syllables_come_apart_as_they_are_typed() -> None:
    assert initials("비트코인 X") == "ㅂㅌㅋㅇ X"
    assert letters("닭과 왜") == "ㄷㅏㄹㄱㄱㅗㅏ ㅇㅗㅐ"


@given(st.text(max_size=12), st.dictionaries(st.sampled_from([m.code for m in MARKETS]), st.floats(allow_nan=False)))
def test_no_text_breaks_it(typed: str, turnover: dict[str, float]) -> None:
    found = INDEX.search(typed, turnover)
    assert len(set(found)) == len(found)
    assert set(found) <= set(MARKETS)
    assert INDEX.nearest(typed) in {None, *MARKETS}


@given(st.sampled_from(MARKETS), st.data())
def test_every_beginning_of_every_name_finds_its_market(market: Market, data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from(
            [market.code, market.base, market.korean_name, market.english_name, initials(market.korean_name)]
        )
    )
    typed = name[: data.draw(st.integers(1, len(name)))]
    assert market in INDEX.search(typed)


def test_each_market_of_the_exchange_is_first_by_its_code_and_found_by_its_names(shared_data: Path) -> None:
    path = shared_data / "upbit" / "rest" / "cryptofeed-20210417-market-all.json.gz"
    rows = json.loads(gzip.decompress(path.read_bytes()))
    markets = [Market(r["market"], r["korean_name"], r["english_name"]) for r in rows]
    index = MarketIndex(markets)
    assert len(index) > 200
    for market in markets:
        assert index.search(market.code)[0] == market
        for typed in (
            market.korean_name,
            market.english_name,
            initials(market.korean_name),
            letters(market.korean_name),
        ):
            assert market in index.search(typed, limit=1_000), typed
