"""A file of what the user made: read once, written a moment after each change, never lost.

What cannot be used is kept aside and said. What is written is written aside and put in place.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec

from app.desk_files import aside_of, write_aside

SAVE_S = 0.3  # after a change
SEEN_S = 60.0  # and if nobody changes anything: what goes on by itself is kept, too

T = TypeVar("T")
log = logging.getLogger(__name__)


class _Versioned(msgspec.Struct):
    version: int = 1


class KeptFile:
    """One file.

    Args:
        what: stands in it, for the log.
        version: newest that can be read.
    """

    def __init__(self, path: Path, what: str, version: int = 1) -> None:
        self.path = path
        self.kept_aside: Path | None = None  # where a file is now that could not be used, or a copy of one, not whole
        self.is_lost = False  # it could not be read, or neither used nor moved: to write would destroy it
        self._what, self._version = what, version

    def load(self, kind: type[T]) -> tuple[T, bytes] | None:
        """Return what was kept and its bytes; None where there is no file, or none that can be used."""
        try:
            data = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as why:  # it may be whole, and be read the next time
            log.warning("the %s could not be read: %s", self._what, why)
            self.is_lost = True
            return None
        try:
            if msgspec.json.decode(data, type=_Versioned).version > self._version:
                raise msgspec.ValidationError("made by a newer Hoga")
            return msgspec.json.decode(data, type=kind), data
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            aside = aside_of(self.path, data)
            log.warning("the %s could not be read (%s); kept as %s", self._what, why, aside.name)
            self._put_aside(aside, lambda: self.path.replace(aside))
            return None

    def lines(self, raw: list[msgspec.Raw], kind: type[T]) -> list[T]:
        """Return what can be read of a list whose lines do not need each other."""
        lines = []
        for line in raw:
            try:
                lines.append(msgspec.json.decode(line, type=kind))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
                log.info("a %s of the %s is left out: %s", kind.__name__.lower(), self._what, why)
        return lines

    def copy_aside(self, data: bytes) -> None:
        """Keep the whole file before one without its damaged parts takes its place."""
        aside = aside_of(self.path, data)
        log.warning("some %s could not be read; the file is kept as %s", self._what, aside.name)
        self._put_aside(aside, lambda: write_aside(aside, data))

    def _put_aside(self, aside: Path, put: Callable[[], object]) -> None:
        try:
            put()
            self.kept_aside = aside
        except OSError as error:
            log.warning("and that failed: %s", error)
            self.is_lost = True

    def write(self, data: bytes) -> None:
        """Keep `data` instead of what was there.

        Raises:
            OSError: the disk did not take it; what was there before is untouched.
        """
        if self.is_lost:
            raise OSError(f"{self.path.name} can be neither read nor moved")
        write_aside(self.path, data)


class Saver:
    """Writes to a `KeptFile` what is there now, if that is other than what was written last.

    Args:
        now: the bytes to be kept.
        write: does a write to the disk in its turn, in a thread, and tells the user if it fails.
    """

    def __init__(self, now: Callable[[], bytes], write: Callable[..., Future[None]]) -> None:
        self._now, self._write = now, write
        self._kept = b""
        self._timer: asyncio.TimerHandle | None = None
        self.file: KeptFile | None = None

    def open(self, file: KeptFile) -> None:
        """Write to this file from now on; what is there now was read from it."""
        self.file, self._kept = file, self._now()
        self._save_in(SEEN_S)

    def soon(self) -> None:
        """Something changed."""
        self._save_in(SAVE_S)

    def close(self) -> None:
        """Write what is to be written, and stop."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._save_now()
        self.file = None

    def _save_in(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None and self._timer.when() > loop.time() + seconds:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = loop.call_later(seconds, self._save)

    def _save(self) -> None:
        self._timer = None
        self._save_now()
        self._save_in(SEEN_S)

    def _save_now(self) -> None:
        file = self.file
        if file is None or file.is_lost or (data := self._now()) == self._kept:
            return
        before, self._kept = self._kept, data

        def look(done: Future[None]) -> None:
            if done.exception() is not None and self._kept is data:
                self._kept = before  # the disk did not take it: once more the next time

        self._write(file.write, data).add_done_callback(look)
