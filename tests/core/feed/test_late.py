"""What takes long to load is loaded in a thread, and nobody has it before all of it is there."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from core.feed import late

SLOW = """
import threading
import tests.core.feed.test_late as test
test.begun.set()
assert test.go_on.wait(30)
value = threading.current_thread()
"""

begun, go_on = threading.Event(), threading.Event()


async def test_a_module_that_another_is_still_loading_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hoga_takes_long.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(late, "_loaded", set())
    first = asyncio.create_task(late.load("hoga_takes_long"))
    assert await asyncio.to_thread(begun.wait, 30)
    assert "hoga_takes_long" in sys.modules, "a thread is at it"
    second = asyncio.create_task(late.load("hoga_takes_long"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not second.done(), "to import it now would hold this thread"
    go_on.set()
    await asyncio.gather(first, second)
    module = sys.modules.pop("hoga_takes_long")
    assert module.value is not threading.main_thread()
    await late.load("hoga_takes_long")
    assert "hoga_takes_long" not in sys.modules, "once is enough"
