"""Modules that take long to load and that the first picture does not need."""

from __future__ import annotations

import asyncio
from importlib import import_module

_loaded: set[str] = set()


async def load(name: str) -> None:
    """Load a module in a thread; return when it is there, so that to import it takes no time.

    That `sys.modules` has it says nothing: it does from the moment another caller's thread begins, and to import it
    then holds whoever paints until that thread is done.
    """
    if name not in _loaded:
        await asyncio.to_thread(import_module, name)
        _loaded.add(name)
