"""Who wants what. A consumer says its whole set; the union is what the program wants. Nothing is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.market import PRIVATE_CHANNELS, TICKER, Stream

OnStream = Callable[[Stream], None]
_ASIDE = PRIVATE_CHANNELS | {TICKER}


class Lease:
    """One consumer's claim on a set of streams."""

    def __init__(self, leases: Leases, on_stream: OnStream, is_background: bool) -> None:
        self._leases = leases
        self.on_stream = on_stream
        self.is_background = is_background
        self.streams: frozenset[Stream] = frozenset()

    def want(self, streams: Iterable[Stream]) -> None:
        """Say the whole set this consumer wants from now on."""
        self._leases.set(self, frozenset(streams))

    def close(self) -> None:
        """Want nothing any more."""
        self._leases.set(self, frozenset())


class Leases:
    """All leases, and who is to be told of each stream."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._listeners: dict[Stream, tuple[Lease, ...]] = {}
        # All of them but the tickers, which are many and seldom change, and what is of no market.
        self._focus: set[Stream] = set()

    def lease(self, on_stream: OnStream, *, is_background: bool = False) -> Lease:
        """Return a lease on nothing yet; `on_stream` is called for each message on what it will want.

        Args:
            is_background: what it wants changes by itself, not because somebody looks at it.
        """
        return Lease(self, on_stream, is_background)

    @property
    def wanted(self) -> frozenset[Stream]:
        """All that somebody wants."""
        return frozenset(self._listeners)

    @property
    def background(self) -> frozenset[Stream]:
        """What is wanted, tickers aside, but by nobody who looks at it."""
        return frozenset(s for s in self._focus if all(lease.is_background for lease in self._listeners[s]))

    @property
    def markets(self) -> frozenset[str]:
        """The markets that somebody looks at: for more than their ticker, which the board wants of every market."""
        return frozenset(s.market for s in self._focus)

    def set(self, lease: Lease, streams: frozenset[Stream]) -> None:
        """Replace what `lease` wants. Tells `on_change` only if the union changed."""
        gone, come = lease.streams - streams, streams - lease.streams
        lease.streams = streams
        is_changed = False
        for stream in gone:
            rest = tuple(x for x in self._listeners[stream] if x is not lease)
            if rest:
                self._listeners[stream] = rest
            else:
                del self._listeners[stream]
                self._focus.discard(stream)
                is_changed = True
        for stream in come:
            before = self._listeners.get(stream, ())
            self._listeners[stream] = (*before, lease)
            if stream.channel not in _ASIDE:
                self._focus.add(stream)
            is_changed = is_changed or not before
        if is_changed:
            self._on_change()

    def notify(self, stream: Stream) -> None:
        """Tell every lease on `stream` that its state changed."""
        for lease in self._listeners.get(stream, ()):
            lease.on_stream(stream)
