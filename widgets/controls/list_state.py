"""How live a list of many markets is, and what is said over it where it is not."""

from __future__ import annotations

from collections.abc import Sequence

from core.feed.feed import Feed
from core.feed.health import StreamState, Trouble
from core.market import TICKER, Stream
from widgets import messages
from widgets.overlay import StateOverlay


def state_in_sight(feed: Feed, streams: Sequence[Stream]) -> tuple[StreamState, Stream | None]:
    """Return the worst of what is in sight, but one symbol that does not answer says nothing of the others."""
    now, health = feed.now(), feed.health
    found: dict[StreamState, list[Stream]] = {}
    for stream in streams:
        state = health.state(stream, now)
        if state is StreamState.PENDING and health.trouble(stream, now) is not None:
            return state, stream
        found.setdefault(state, []).append(stream)
    if StreamState.STALE in found:  # the newest says since when
        return StreamState.STALE, min(found[StreamState.STALE], key=lambda s: health.age_s(s, now))
    for state in (StreamState.LIVE, StreamState.PENDING):
        if state in found:
            return state, found[state][0]
    # Nobody asked yet, or nobody answered: any link that is in trouble says why.
    return StreamState.PENDING, Stream(TICKER, "")


def lay_over_list(
    overlay: StateOverlay,
    state: StreamState,
    trouble: Trouble | None,
    age_s: float,
    is_young: bool,
    missing: str,
    *,
    is_demo: bool,
) -> None:
    """As a pane of one market does, but a list needs no market, and one dead symbol does not cover it.

    Args:
        missing: why there is no list at all; "" where there is one.
    """
    if trouble is not None:
        title, text = messages.trouble(trouble, is_demo=is_demo)
        overlay.show_state("offline" if missing else "stale", title, text, messages.actions(is_demo))
    elif missing:
        if is_young:
            overlay.show_state("none")
        else:
            overlay.show_state("empty", missing)
    elif state is StreamState.STALE:
        overlay.show_state("stale", messages.no_data_for(age_s))
    elif state is not StreamState.LIVE and not is_young:
        overlay.show_state("stale", messages.waiting())
    else:
        overlay.show_state("none")
