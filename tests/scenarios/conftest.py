"""Which clock a scenario has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from core.sim.fastloop import FastLoop

_FAST = frozenset({"test_scenario_5.py", "test_scenario_6.py"})


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]] | None:
    """Let scenarios that need minutes of a market run on the fast clock, the others on their own."""
    return {"fast": FastLoop} if item.path.name in _FAST else None
