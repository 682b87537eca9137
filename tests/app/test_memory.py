"""What was freed goes back to the system."""

from __future__ import annotations

import sys

import pytest

from app import memory
from benchmarks.soak import rss_mib

KEPT_MIB = 40


@pytest.mark.skipif(memory._trim is None, reason="this C library gives back by itself")
def test_free_memory_between_blocks_in_use_goes_back() -> None:
    size = 64 * 1024  # below what the C library asks the system for piece by piece
    blocks = [bytearray(size) for _ in range(2 * KEPT_MIB * 2**20 // size)]
    del blocks[::2]  # every second one: there is no end of the heap to give back
    before = rss_mib()
    memory.give_back()
    assert before - rss_mib() > KEPT_MIB / 2
    assert len(blocks) > 1


def test_where_there_is_nothing_to_do_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory._find_trim() is None
    monkeypatch.setattr(memory, "_trim", None)
    memory.give_back()
