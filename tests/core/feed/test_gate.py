"""Connects: never six within a second at the exchange's door, however long each is on its way."""

from __future__ import annotations

import asyncio
import random

from core.feed.gate import CONNECTS_PER_S, Gate


async def test_whatever_the_network_does_no_second_sees_more_than_five_arrive() -> None:
    gate, dice = Gate(), random.Random(7)
    loop = asyncio.get_running_loop()
    arrivals: list[float] = []

    async def connect() -> None:
        slot = await gate.enter()
        there, back = dice.uniform(0.0, 0.9), dice.uniform(0.0, 0.9)
        await asyncio.sleep(there)
        arrivals.append(loop.time())
        await asyncio.sleep(back)
        gate.leave(slot)

    await asyncio.gather(*(connect() for _ in range(60)))
    arrivals.sort()
    for first, sixth in zip(arrivals, arrivals[CONNECTS_PER_S:], strict=False):
        assert sixth - first > 1.0


async def test_a_quick_network_is_used_up_and_a_dead_one_blocks_nobody_for_long() -> None:
    gate = Gate()
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for _ in range(CONNECTS_PER_S):
        gate.leave(await gate.enter())
    assert loop.time() - begin < 0.01
    for _ in range(CONNECTS_PER_S):
        await gate.enter()  # never answered
    assert 1.0 < loop.time() - begin < 1.3
    await gate.enter()
    assert loop.time() - begin < 4.5


async def test_a_block_holds_who_waits_already() -> None:
    gate = Gate()
    for _ in range(CONNECTS_PER_S):
        gate.leave(await gate.enter())
    waiting = asyncio.create_task(gate.enter())
    await asyncio.sleep(0.5)
    gate.block(30.0)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    gate.leave(await waiting)
    assert loop.time() - begin >= 30.0
