"""Which link carries which stream. Sets in, sets out, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from core.market import Stream


def plan(
    wanted: frozenset[Stream], placed: Mapping[int, frozenset[Stream]], capacity: int, most: int | None = None
) -> dict[int, frozenset[Stream]]:
    """Return the links to re-subscribe, each with its new whole set.

    A stream that stays wanted stays on its link, so a swap is one request on one link. The new streams of one
    market go together where they fit: on the link that carries the market already, else on one that changes
    anyway, else on the fullest, else on a new one. A link id that is not in `placed` means open it; an empty set
    means close it.

    Args:
        wanted: all that the program wants from these links.
        placed: what each open link carries; each stream once.
        capacity: streams a link carries at most, >= 1.
        most: with so many links open a market's streams are rather parted than one more is opened.
    """
    target = {link: have & wanted for link, have in placed.items()}
    fresh = sorted(wanted.difference(*placed.values()), key=lambda s: (s.market, s))
    for market, together in groupby(fresh, key=lambda s: s.market):
        batch = list(together)
        while batch:
            need = min(len(batch), capacity) if most is None or len(target) < most else 1
            link = _link_for(market, need, target, placed, capacity)
            room = capacity - len(target.get(link, ()))
            target[link] = target.get(link, frozenset()) | frozenset(batch[:room])
            batch = batch[room:]
    return {link: want for link, want in target.items() if want != placed.get(link, frozenset())}


def _link_for(
    market: str,
    need: int,
    target: Mapping[int, frozenset[Stream]],
    placed: Mapping[int, frozenset[Stream]],
    capacity: int,
) -> int:
    roomy = [link for link, want in target.items() if capacity - len(want) >= need]
    if not roomy:
        return max(target, default=-1) + 1

    def fitness(link: int) -> tuple[bool, bool, int, int]:
        want = target[link]
        has_market = any(s.market == market for s in want)
        return has_market, want != placed.get(link), len(want), -link

    return max(roomy, key=fitness)
