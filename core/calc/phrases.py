"""Find a phrase, such as the name of a command, by what is typed of its words, in either language and layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.calc.search import PAIRS, initials, letters, slips

_BETWEEN = re.compile(r"[\W_]+")

# How well one typed word fits, best first.
_FIRST, _WORD, _INITIALS, _INSIDE, _INITIALS_INSIDE, _SLIP, _NONE = range(7)


class Phrase(NamedTuple):
    """What is searched: by its names, and after them by what else it is known by."""

    names: Sequence[str]  # in each language
    others: Sequence[str] = ()  # an id, keys


class _Entry(NamedTuple):
    names: tuple[str, ...]  # each in one piece, by letters
    wholes: tuple[str, ...]  # the others too
    pieces: tuple[str, ...]  # of all texts, what stands between spaces
    tails: tuple[str, ...]  # of all texts, from each piece on
    words: tuple[str, ...]  # of all texts, by letters
    initials: tuple[str, ...]  # of texts and words


class PhraseIndex:
    """Phrases made ready to be searched at each keystroke."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._entries = [_entry(phrase) for phrase in phrases]

    def search(self, query: str) -> list[int]:
        """Return the places of the phrases that fit, best first, of equals in the order given; all for no query.

        Every word that is typed has to be found: best as the beginning of a name, then of any word, then as
        initial consonants, then anywhere, at last as typed with the keyboard in the other language.
        """
        typed = [(word, letters(word.casefold().translate(PAIRS))) for word in query.split()]
        found = []
        for i, entry in enumerate(self._entries):
            fits = [_fit(entry, word, apart) for word, apart in typed]
            if _NONE not in fits:
                found.append((sum(fits), i))
        return [i for _, i in sorted(found)]


def _entry(phrase: Phrase) -> _Entry:
    plain = [text.casefold() for text in (*phrase.names, *phrase.others)]
    split = [text.split() for text in plain]
    wholes = ["".join(pieces) for pieces in split]
    words = [word for text in plain for word in _BETWEEN.split(text) if word]
    return _Entry(
        tuple(map(letters, wholes[: len(phrase.names)])),
        tuple(map(letters, wholes)),
        tuple(letters(piece) for pieces in split for piece in pieces),
        tuple(letters("".join(pieces[n:])) for pieces in split for n in range(len(pieces))),
        tuple(map(letters, words)),
        tuple(found for text in (*wholes, *words) if (found := initials(text)) != text),
    )


def _fit(entry: _Entry, word: str, apart: str) -> int:
    if any(text.startswith(apart) for text in entry.names):
        return _FIRST
    if any(text.startswith(apart) for text in (*entry.words, *entry.wholes)):
        return _WORD
    if any(text.startswith(apart) for text in entry.initials):
        return _INITIALS
    # Not from within one word into the next: "rsi" is not in "bars in view".
    if any(apart in piece for piece in entry.pieces) or any(text.startswith(apart) for text in entry.tails):
        return _INSIDE
    if any(apart in text for text in entry.initials):
        return _INITIALS_INSIDE
    meant = slips(word, apart)
    if any(text.startswith(meant) for text in (*entry.wholes, *entry.words)):
        return _SLIP
    return _NONE
