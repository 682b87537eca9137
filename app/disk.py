"""The thread in which the user's files are written: no frame waits for the disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from PySide6.QtCore import QObject

from app.main_window import MainWindow

log = logging.getLogger(__name__)


class Disk(QObject):
    """Writes one file at a time, in the order asked for, and says it where the disk does not take them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._at_work: Future[None] | None = None
        self._is_unwritable = False

    def write_in_turn(self, write: Callable[[bytes], None], data: bytes) -> Future[None]:
        """Write alerts, strategies or drawings in their turn; a disk that does not take them is said."""
        done = self._thread.submit(write, data)
        loop = asyncio.get_running_loop()

        def look(done: Future[None]) -> None:
            why = done.exception()
            if isinstance(why, OSError):
                loop.call_soon_threadsafe(self.say_unwritable, why)

        done.add_done_callback(look)
        return done

    async def write(self, write: Callable[..., None], *args: object) -> None:
        """Write in turn and wait for it.

        Raises:
            OSError: the disk does not take it; `say_unwritable` is the caller's.
        """
        self._at_work = self._thread.submit(write, *args)
        await asyncio.wrap_future(self._at_work)

    def wait(self) -> None:
        """Let what `write` began end: it must not land over what is written next."""
        if self._at_work is not None:
            wait((self._at_work,))

    def say_unwritable(self, why: OSError) -> None:
        """Tell the user, once until `say_writable`."""
        if not self._is_unwritable:
            self._is_unwritable = True
            log.warning("the desk could not be written: %s", why)
            text = self.tr("The desk or the settings cannot be saved ({why}). Is the disk full or read-only?")
            self._window.notify(text.format(why=why.strerror or why))

    def say_writable(self) -> None:
        """The disk takes files again; the next time that it does not is told again."""
        self._is_unwritable = False

    def close(self) -> None:
        """Write what waits, and end."""
        self._thread.shutdown()
