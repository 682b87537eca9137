"""The planner against any history of wishes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.feed.plan import plan
from core.market import ORDERBOOK, TRADE, Stream

MARKETS = [f"KRW-{c}" for c in "ABCDEFGH"]
CHANNELS = [TRADE, ORDERBOOK, "candle.1m"]
streams = st.sampled_from(
    [
        *(Stream(c, m) for c in CHANNELS for m in MARKETS),
        *(Stream(ORDERBOOK, m, 1000.0) for m in MARKETS),
    ]
)
wishes = st.frozensets(streams, max_size=24)

Placed = dict[int, frozenset[Stream]]


def follow(placed: Placed, answer: Placed) -> Placed:
    """Return what the links carry once the answer is carried out."""
    merged = {**placed, **answer}
    return {link: carried for link, carried in merged.items() if carried}


def link_of(placed: Placed, stream: Stream) -> int:
    (link,) = (link for link, carried in placed.items() if stream in carried)
    return link


@settings(deadline=None, max_examples=300)
@given(st.lists(wishes, max_size=12), st.lists(st.integers(1, 8), min_size=12, max_size=12))
def test_any_history_of_wishes_is_placed_right(history: list[frozenset[Stream]], capacities: list[int]) -> None:
    placed: Placed = {}
    for wanted, capacity in zip(history, capacities, strict=False):
        answer = plan(wanted, placed, capacity)
        after = follow(placed, answer)
        carried = [s for link in after.values() for s in link]
        assert sorted(carried) == sorted(wanted)  # each stream once, and nothing else
        for stream in wanted.intersection(*[frozenset().union(*placed.values())]):
            assert link_of(after, stream) == link_of(placed, stream)  # none that stays moves
        for link, target in answer.items():
            assert target != placed.get(link)  # only links that change are in the answer
            assert target or link in placed  # an empty one is never opened
            fresh = target - placed.get(link, frozenset())
            if fresh:  # a link that is over a smaller capacity keeps what it has and gets no more
                assert len(target) <= capacity
        placed = after
    assert plan(frozenset().union(*placed.values()), placed, 8) == {}  # saying it again changes nothing


@settings(deadline=None, max_examples=200)
@given(wishes, st.sampled_from(MARKETS))
def test_the_new_streams_of_one_market_stand_together(wanted: frozenset[Stream], market: str) -> None:
    placed = follow({}, plan(frozenset(s for s in wanted if s.market != market), {}, 4))
    fresh = frozenset(Stream(c, market) for c in CHANNELS)
    after = follow(placed, plan(frozenset().union(*placed.values()) | fresh, placed, 4))
    assert len({link_of(after, s) for s in fresh}) == 1


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(MARKETS), min_size=1, max_size=7, unique=True), st.data())
def test_a_swap_of_one_market_is_one_request_on_one_link(markets: list[str], data: st.DataObject) -> None:
    def of(names: list[str]) -> frozenset[Stream]:
        return frozenset(Stream(c, m) for m in names for c in CHANNELS)

    placed = follow({}, plan(of(markets), {}, 4))
    old = data.draw(st.sampled_from(markets))
    new = next(m for m in MARKETS if m not in markets)
    answer = plan(of([new if m == old else m for m in markets]), placed, 4)
    assert len(answer) == 1
    ((link, target),) = answer.items()
    assert link in placed  # no new socket
    assert target == (placed[link] - of([old])) | of([new])


def test_streams_of_a_market_join_the_link_that_has_it() -> None:
    placed: Placed = {0: frozenset({Stream(TRADE, "KRW-A")}), 1: frozenset({Stream(TRADE, "KRW-B")})}
    wanted = frozenset().union(*placed.values()) | {Stream(ORDERBOOK, "KRW-A")}
    assert plan(wanted, placed, 4) == {0: frozenset({Stream(TRADE, "KRW-A"), Stream(ORDERBOOK, "KRW-A")})}


def test_more_streams_of_one_market_than_a_link_takes_are_spread() -> None:
    wanted = frozenset(Stream(ORDERBOOK, "KRW-A", float(level)) for level in range(7))
    assert sorted(len(v) for v in plan(wanted, {}, 3).values()) == [1, 3, 3]


def test_nothing_wanted_closes_every_link() -> None:
    placed: Placed = {3: frozenset({Stream(TRADE, "KRW-A")}), 5: frozenset({Stream(TRADE, "KRW-B")})}
    assert plan(frozenset(), placed, 4) == {3: frozenset(), 5: frozenset()}


@settings(deadline=None, max_examples=200)
@given(st.lists(wishes, min_size=1, max_size=8), st.integers(1, 4))
def test_no_history_opens_more_links_than_the_bound(history: list[frozenset[Stream]], most: int) -> None:
    placed: Placed = {}
    for wanted in history:
        capacity = max(2, -(-len(wanted) // most))
        answer = plan(wanted, placed, capacity, most)
        opened = [k for k in answer if k not in placed]
        placed = follow(placed, answer)
        assert sorted(s for link in placed.values() for s in link) == sorted(wanted)
        assert not opened or len(placed) <= most


def test_whole_markets_do_not_open_a_link_each() -> None:
    for count in (16, 17, 21, 40, 60, 100):
        wanted = frozenset(Stream(c, f"KRW-{i:03}") for i in range(count) for c in CHANNELS)
        assert len(plan(wanted, {}, max(4, -(-len(wanted) // 16)), 16)) <= 16
