"""Gives memory that is free back to the system.

The C library keeps what was freed between blocks that are in use. Arrays that are replaced and layers that are
painted anew leave such holes: within half an hour of changing symbols 10 MiB, though no more was in use.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

EVERY_MS = 60_000


def _find_trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None  # others give back by themselves
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim  # None: musl has no such holes


_trim = _find_trim()


def give_back() -> None:
    """Let the system have the pages on which nothing is. Takes some 2 ms."""
    if _trim is not None:
        _trim(0)
