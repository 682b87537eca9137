from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.phrases import Phrase, PhraseIndex

PHRASES = [
    ("New desk", "새 데스크", "desk.new", "Ctrl+Shift+N"),
    ("Link group 1", "링크 그룹 1", "link.1", "Ctrl+1"),
    ("Unlink pane", "창 연결 끊기", "link.none", ""),
    ("Chart: next interval", "차트: 다음 봉 주기", "chart.next_interval", "Ctrl+K, S"),
    ("Deskless mode", "격자 설정", "x.y", ""),
    ("Go on", "넋 나간 각시", "x.z", ""),
]
INDEX = PhraseIndex(Phrase(texts[:2], texts[2:]) for texts in PHRASES)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("link", [1, 2]),  # the beginning before the inside
        ("LINK GR", [1]),
        ("gr link", [1]),  # words in any order
        ("linkgroup", [1]),
        ("링크", [1]),
        ("리", [1]),  # half a syllable
        ("링ㅋ", [1]),
        ("ㄹㅋ", [1]),
        ("ㄱㄹ", [1]),
        ("ㅋㄱㄹ", [1]),  # inside
        ("ㄳ", [5]),  # the input method makes one letter of ㄱ and ㅅ
        ("ㅈㅅ", [4]),
        ("새데스크", [0]),
        ("ctrl+shift", [0]),
        ("shift", [0]),
        ("ctrl+k s", [3]),
        ("next_int", [3]),
        ("interval", [3]),
        ("desk new", [0]),
        ("desk", [4, 0]),  # a name that begins with it before an id that does
        ("fldzm", [1]),  # 링크 with the keyboard in English
        ("ㅣㅑㅜㅏ", [1, 2]),  # link with the keyboard in Korean
        ("link nothing", []),
        ("rou", [1]),  # inside a word
        ("wde", []),  # but not from within one into the next: Enter would run it
    ],
)
def test_what_is_typed_finds(typed: str, found: list[int]) -> None:
    assert INDEX.search(typed) == found


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1), min_size=1), st.data())
def test_a_phrase_is_found_by_any_part_of_any_of_its_words(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 1))
    end = data.draw(st.integers(start + 1, len(word)))
    assert PhraseIndex([Phrase([" ".join(words)])]).search(word[start:end]) == [0]


@given(st.text())
def test_whatever_is_typed_is_answered_with_places_each_once(typed: str) -> None:
    found = INDEX.search(typed)
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(len(PHRASES)))
