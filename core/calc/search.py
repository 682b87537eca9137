"""Find a market by what a trader types: code, Korean or English name, initial consonants, in any case and layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from core.market import Market

_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MEDIALS = (
    "ㅏ",
    "ㅐ",
    "ㅑ",
    "ㅒ",
    "ㅓ",
    "ㅔ",
    "ㅕ",
    "ㅖ",
    "ㅗ",
    "ㅗㅏ",
    "ㅗㅐ",
    "ㅗㅣ",
    "ㅛ",
    "ㅜ",
    "ㅜㅓ",
    "ㅜㅔ",
    "ㅜㅣ",
    "ㅠ",
    "ㅡ",
    "ㅡㅣ",
    "ㅣ",
)
_FINALS = (
    "",
    "ㄱ",
    "ㄲ",
    "ㄱㅅ",
    "ㄴ",
    "ㄴㅈ",
    "ㄴㅎ",
    "ㄷ",
    "ㄹ",
    "ㄹㄱ",
    "ㄹㅁ",
    "ㄹㅂ",
    "ㄹㅅ",
    "ㄹㅌ",
    "ㄹㅍ",
    "ㄹㅎ",
    "ㅁ",
    "ㅂ",
    "ㅂㅅ",
    "ㅅ",
    "ㅆ",
    "ㅇ",
    "ㅈ",
    "ㅊ",
    "ㅋ",
    "ㅌ",
    "ㅍ",
    "ㅎ",
)
# Where the keys of the Korean two-set layout lie on an English keyboard.
_KEYS = dict(
    zip(
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        strict=True,
    )
)
_LATIN = str.maketrans({v: k.lower() for k, v in _KEYS.items()})
_KEYS |= {k.upper(): v for k, v in _KEYS.items() if k.upper() not in _KEYS}
# What an input method makes of two letters in a row, such as ㄳ of ㄱ and ㅅ.
PAIRS = str.maketrans(
    dict(zip("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", (f for f in _FINALS if len(f) == 2), strict=True))
    | dict(zip("ㅘㅙㅚㅝㅞㅟㅢ", (m for m in _MEDIALS if len(m) == 2), strict=True))
)
_QUOTES = {"KRW": 0, "BTC": 1, "USDT": 2}
_LIKE_ENOUGH = 0.5

# How well a query fits, best first.
EXACT, STARTS, NAME_STARTS, INITIALS_START, CONTAINS, INITIALS_CONTAIN, SLIP, NONE = range(8)


def initials(text: str) -> str:
    """Return the text with every Hangul syllable cut to its initial consonant: "비트코인" is "ㅂㅌㅋㅇ"."""
    return "".join(_INITIALS[(ord(c) - _HANGUL_FIRST) // 588] if _is_syllable(c) else c for c in text)


def letters(text: str) -> str:
    """Return the text with every Hangul syllable taken apart into the letters that are typed for it."""
    return "".join(_apart(c) if _is_syllable(c) else c for c in text)


def _is_syllable(c: str) -> bool:
    return _HANGUL_FIRST <= ord(c) <= _HANGUL_LAST


def _apart(c: str) -> str:
    initial, rest = divmod(ord(c) - _HANGUL_FIRST, 588)
    medial, final = divmod(rest, 28)
    return _INITIALS[initial] + _MEDIALS[medial] + _FINALS[final]


class _Entry(NamedTuple):
    market: Market
    code: str
    base: str
    english: str
    korean: str
    apart: str  # the Korean name by letters
    initials: str


class MarketIndex:
    """All listed markets, made ready to be searched at each keystroke."""

    def __init__(self, markets: Iterable[Market]) -> None:
        self._entries = [
            _Entry(
                m,
                m.code.lower(),
                m.base.lower(),
                _plain(m.english_name),
                _plain(m.korean_name),
                letters(_plain(m.korean_name)),
                initials(_plain(m.korean_name)),
            )
            for m in markets
        ]

    def __len__(self) -> int:
        return len(self._entries)

    def search(self, query: str, turnover: Mapping[str, float] | None = None, limit: int = 50) -> list[Market]:
        """Return the markets that fit, best first; all of them by turnover for an empty query.

        Args:
            query: as typed.
            turnover: market code -> 24 h turnover in KRW, or any number that ranks; breaks ties.
            limit: how many at most.
        """
        typed = _plain(query).translate(PAIRS)
        apart = letters(typed)
        meant = slips(query, apart)
        ranks = turnover or {}
        found = []
        for entry in self._entries:
            fit = _fit(entry, typed, apart) if typed else EXACT
            if fit == NONE and any(t.startswith(meant) for t in (entry.apart, entry.base, entry.english)):
                fit = SLIP
            if fit != NONE:
                code = entry.market.code
                quote, rank = _QUOTES.get(entry.market.quote, 3), -ranks.get(code, 0.0)
                # Of names that begin alike the whole one goes first: 비트코인 before 비트코인캐시.
                found.append((fit, quote, rank, len(entry.korean or entry.english), code, entry.market))
        found.sort()
        return [row[-1] for row in found[:limit]]

    def nearest(self, query: str) -> Market | None:
        """Return the market that looks most like what was typed, of equals that in KRW; None if none comes near."""
        matcher = SequenceMatcher(None, "", _plain(query), autojunk=False)
        best, best_like = None, (_LIKE_ENOUGH, 0)
        for entry in self._entries:
            rank = -_QUOTES.get(entry.market.quote, 3)
            for text in (entry.code, entry.base, entry.english, entry.korean):
                matcher.set_seq1(text)
                # The cheap bounds first: this runs at a keystroke, over every market.
                if (matcher.real_quick_ratio(), rank) <= best_like or (matcher.quick_ratio(), rank) <= best_like:
                    continue
                like = matcher.ratio(), rank
                if like > best_like:
                    best, best_like = entry.market, like
        return best


def _plain(text: str) -> str:
    return text.lower().replace(" ", "")


def slips(query: str, apart: str) -> tuple[str, ...]:
    """Return what was meant if the keyboard was left in the other language: "qlxm" is "비트", "ㅠㅅㅊ" is "btc".

    Args:
        query: as typed.
        apart: the same by letters.
    """
    if not query.isascii():
        return (apart.translate(_LATIN),)
    plain = query.replace(" ", "")
    meant = ["".join(_KEYS.get(c, c) for c in text) for text in (plain, plain.lower())]
    return tuple(text for text in meant if text)


def _fit(entry: _Entry, typed: str, apart: str) -> int:
    if typed in (entry.code, entry.base, entry.korean, entry.english):
        return EXACT
    if entry.base.startswith(typed) or entry.code.startswith(typed) or entry.code.replace("-", "").startswith(typed):
        return STARTS
    if entry.korean.startswith(typed) or entry.english.startswith(typed) or entry.apart.startswith(apart):
        return NAME_STARTS
    if _starts_mixed(entry, typed):
        return INITIALS_START
    if typed in entry.code or typed in entry.english or typed in entry.korean:
        return CONTAINS
    return INITIALS_CONTAIN if typed in entry.initials else NONE


def _starts_mixed(entry: _Entry, typed: str) -> bool:
    """Tell whether each typed letter is the syllable at its place or that syllable's initial consonant."""
    name = entry.korean
    return len(typed) <= len(name) and all(c in (n, i) for c, n, i in zip(typed, name, entry.initials, strict=False))
