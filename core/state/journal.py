"""What happened, in order, as far as it is remembered. Readers keep a cursor."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Journal(Generic[T]):
    """A bounded log of which each reader takes what is new to him."""

    def __init__(self, bound: int) -> None:
        self.count = 0  # entries ever: the cursor
        self._entries: deque[T] = deque(maxlen=bound)

    def add(self, entry: T) -> None:
        self._entries.append(entry)
        self.count += 1

    def since(self, cursor: int) -> list[T]:
        """Return what came after `cursor`, oldest first. A reader that fell behind gets less than the cursor moved."""
        new = min(self.count - cursor, len(self._entries))
        return list(islice(reversed(self._entries), new))[::-1] if new > 0 else []

    def clear(self) -> None:
        """Forget every entry; cursors go on."""
        self._entries.clear()

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
