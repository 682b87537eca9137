"""Which clock a scenario has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from core.sim.fastloop import FastLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]] | None:
    """Let the scenarios that need a while of the market run on the fast clock, the others on their own."""
    is_long = item.path.name in {"test_scenario_3.py", "test_scenario_4.py", "test_scenario_5.py", "test_scenario_6.py"}
    return {"fast": FastLoop} if is_long else None
