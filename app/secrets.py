"""Secrets, in the keyring of the system and nowhere else. Where there is none, they last as long as the program."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

SERVICE = "hoga"

T = TypeVar("T")

log = logging.getLogger(__name__)


class Secrets:
    """Reads and keeps secrets by name. None of them is ever in a file, a log or an address."""

    def __init__(self) -> None:
        self._session: dict[str, str] = {}  # what the keyring did not take, for as long as the program runs
        self._read: dict[str, str] = {}  # what it holds: asking it again may take a while

    def __repr__(self) -> str:
        return "Secrets()"

    def get(self, name: str) -> str:
        """Return a secret, "" if there is none."""
        if name in self._session:
            return self._session[name]
        if name in self._read:
            return self._read[name]
        import keyring

        try:
            self._read[name] = keyring.get_password(SERVICE, name) or ""
        except Exception as why:  # noqa: BLE001 - back ends raise what they like; its text may hold what it was given
            log.info("the keyring could not be read: %s", type(why).__name__)
            return ""
        return self._read[name]

    def set(self, name: str, secret: str) -> bool:
        """Keep a secret, or forget it if it is empty. Return whether that outlasts the program."""
        import keyring
        from keyring.errors import NoKeyringError, PasswordDeleteError

        self._session.pop(name, None)
        self._read.pop(name, None)
        try:
            if secret:
                keyring.set_password(SERVICE, name, secret)
            else:
                with contextlib.suppress(PasswordDeleteError):  # perhaps there was none
                    keyring.delete_password(SERVICE, name)
                if keyring.get_password(SERVICE, name):
                    self._session[name] = ""
                    return False
        except Exception as why:  # noqa: BLE001 - as above
            log.info("no keyring keeps it: %s", type(why).__name__)
            if not secret and isinstance(why, NoKeyringError):
                return True  # where there is none, nothing is left in it
            self._session[name] = secret
            return False
        return True


async def in_thread(work: Callable[[], T]) -> T:
    """Return what `work` returns, from a thread that does not keep the program from ending.

    A keyring may ask the user, and wait for him as long as he likes.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    # Beside the future, not in it: a loop that debugs logs what futures hold and what callbacks are called with.
    results: list[T] = []

    def settle(why: Exception | None) -> None:
        if done.done():
            return
        if why is not None:
            done.set_exception(why)
        else:
            done.set_result(None)

    def run() -> None:
        why = None
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - raised again to who waits
            why = error
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, why)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    await done
    return results.pop()
