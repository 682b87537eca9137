"""History on the disk, for the loop: one thread reads, one writes, and whatever is wrong with the file is said once.

Without the file everything goes on: then nothing is known, and nothing is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from core.errors import ArchiveCause, ArchiveError
from core.feed.shelf import Kept, Key, Shelf, set_aside
from core.market import DAY_MS, HOUR_MS
from core.state.chunks import NO_BARS, Chunk

MOST_BYTES = 2**30
DAYS_OF_TRADES = 7  # REST fills no hole that is older
RETRY_S = 60.0  # after the disk took nothing
MOST_MOVES = 2  # of damaged files, then no more is tried

log = logging.getLogger(__name__)
T = TypeVar("T")


class Trouble(NamedTuple):
    """What is wrong with the history on the disk."""

    cause: ArchiveCause | Literal["part"]  # part: some of it was damaged and is fetched anew
    path: Path
    aside: Path | None = None  # where a file is now that could not be used
    reason: str = ""


class Archive:
    """One exchange's history in one file.

    Args:
        path: of the file; it need not be there yet.
        now_ms: the exchange's clock, epoch ms.
        most_bytes: of the file; the markets that were used longest ago go first.
        on_trouble: hears once of each kind.
    """

    def __init__(
        self,
        path: Path,
        now_ms: Callable[[], int],
        most_bytes: int = MOST_BYTES,
        on_trouble: Callable[[Trouble], None] = lambda _trouble: None,
    ) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self.generation = 0  # of the file: another one knows nothing of what the one before it knew
        self._now_ms = now_ms
        self._on_trouble = on_trouble
        self._told: set[str] = set()
        self._read_thread = ThreadPoolExecutor(1, thread_name_prefix="history read")
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="history write")
        self._reader: Shelf | None = None  # its thread's alone
        self._writer: Shelf | None = None
        self._swept_ms = 0  # when trades were last forgotten by age; the writer's
        self._retry_at = 0.0  # loop time, s
        self._moves = 0  # of files that could not be used
        self._is_moving = False
        self._is_off = False

    @property
    def is_on(self) -> bool:
        """Tell whether the file is of use, or may be later."""
        return not self._is_off

    async def read(self, key: Key, before_ms: int | None, count: int, *, is_joined: bool) -> Kept | None:
        """Return what is kept, None where that cannot be known. Arguments as of `Shelf.read`."""
        if self._is_off or self._is_moving:
            return None
        generation = self.generation
        try:
            kept = await self._in(self._read_thread, self._read, key, before_ms, count, is_joined)
            if kept.damaged:
                self._tell(Trouble("part", self.path))
                await self._in(self._write_thread, self._drop, key)
        except ArchiveError as why:
            await self._bear(why, generation)
            return None
        return kept

    async def write(self, chunks: Sequence[tuple[Key, Chunk]], used_ms: dict[str, int]) -> bool:
        """Keep chunks, all or none; return whether they are kept. Arguments as of `Shelf.write`."""
        loop = asyncio.get_running_loop()
        if self._is_off or self._is_moving or loop.time() < self._retry_at:
            return False
        generation = self.generation
        try:
            damaged = await self._in(self._write_thread, self._write, chunks, used_ms)
        except ArchiveError as why:
            self._retry_at = loop.time() + RETRY_S
            await self._bear(why, generation)
            return False
        if damaged:
            self._tell(Trouble("part", self.path))
            self.generation += 1  # less is known than was thought
        return True

    async def close(self) -> None:
        """Finish what is being written, then close the file."""
        self._is_off = True
        try:
            with contextlib.suppress(ArchiveError):
                await self._close_files()
        finally:
            self._read_thread.shutdown(wait=False)
            self._write_thread.shutdown(wait=False)

    async def _in(self, thread: ThreadPoolExecutor, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread, work, *args)

    # In the threads.

    def _read(self, key: Key, before_ms: int | None, count: int, is_joined: bool) -> Kept:
        if self._reader is None:
            if not self.path.exists():
                return Kept(NO_BARS, [], [])
            self._reader = Shelf(self.path, is_reader=True)
        return self._reader.read(key, before_ms, count, is_joined=is_joined)

    def _write(self, chunks: Sequence[tuple[Key, Chunk]], used_ms: dict[str, int]) -> int:
        writer = self._open_writer()
        damaged = writer.write(chunks, used_ms)
        now_ms = self._now_ms()
        if not 0 <= now_ms - self._swept_ms < HOUR_MS:
            writer.forget_trades(now_ms - DAYS_OF_TRADES * DAY_MS)
            self._swept_ms = now_ms
        gone = writer.shrink(self.most_bytes)
        if gone:
            log.info("history of %s was let go of: %d MiB are full", ", ".join(gone), self.most_bytes >> 20)
        return damaged

    def _drop(self, key: Key) -> None:
        self._open_writer().drop_damaged(key)

    def _open_writer(self) -> Shelf:
        if self._writer is None:
            self._writer = Shelf(self.path)
        return self._writer

    def _close_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    # What is wrong.

    async def _close_files(self) -> None:
        await self._in(self._read_thread, self._close_reader)
        await self._in(self._write_thread, self._close_writer)  # the last connection puts everything into one file

    async def _bear(self, why: ArchiveError, generation: int) -> None:
        """Go on without what the disk did not give or take; a file that is of no use makes room for another."""
        if why.cause not in ("damaged", "newer"):
            self._tell(Trouble(why.cause, self.path, reason=str(why)))
            return
        if self._is_moving or generation != self.generation:
            return  # it was another file, which is gone
        self._is_moving = True
        try:
            with contextlib.suppress(ArchiveError):
                await self._close_files()
            aside = await self._in(self._write_thread, set_aside, self.path)
        finally:
            self._is_moving = False
        self.generation += 1
        self._moves += 1
        self._retry_at = 0.0
        self._is_off = aside is None or self._moves >= MOST_MOVES
        self._told.discard(why.cause)
        self._tell(Trouble(why.cause, self.path, aside, str(why)))

    def _tell(self, trouble: Trouble) -> None:
        if trouble.cause in self._told:
            return
        self._told.add(trouble.cause)
        log.warning("history on the disk: %s", trouble.reason or trouble.cause)
        self._on_trouble(trouble)
