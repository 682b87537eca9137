"""Which link carries which stream. Sets in, sets out, no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
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
    target = {link: set(have & wanted) for link, have in placed.items()}
    changed = {link for link, want in target.items() if len(want) != len(placed[link])}
    carriers: dict[str, set[int]] = defaultdict(set)  # of each market
    for link, want in target.items():
        for stream in want:
            carriers[stream.market].add(link)
    fresh = sorted(wanted.difference(*placed.values()), key=lambda s: (s.market, s))
    for market, together in groupby(fresh, key=lambda s: s.market):
        batch = list(together)
        while batch:
            need = min(len(batch), capacity) if most is None or len(target) < most else 1
            link = _link_for(need, target, changed, carriers[market], capacity)
            want = target.setdefault(link, set())
            room = capacity - len(want)
            want.update(batch[:room])
            changed.add(link)
            carriers[market].add(link)
            batch = batch[room:]
    return {link: frozenset(target[link]) for link in sorted(changed)}


def _link_for(
    need: int, target: Mapping[int, Set[Stream]], changed: Set[int], carriers: Set[int], capacity: int
) -> int:
    roomy = [link for link, want in target.items() if capacity - len(want) >= need]
    if not roomy:
        return max(target, default=-1) + 1
    return max(roomy, key=lambda link: (link in carriers, link in changed, len(target[link]), -link))
