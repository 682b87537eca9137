"""The user's own API key: in the keyring of the system, or for as long as the program runs, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from app.secrets import Secrets, in_thread
from core.wire.auth import AccessKey

ACCESS, SECRET = "access_key", "secret_key"  # their names in the keyring
SHOWN = 4  # characters of the access key that are shown, so that one knows which it is
CLOSE_S = 2.0  # so long the end of the program waits for a keyring that is being written to

Place = Literal["", "keyring", "session"]


class Credentials:
    """Holds the key that is in force. The keyring may ask the user, so it is asked in a thread of its own."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._turn = asyncio.Lock()  # what was said last has to be kept last
        self._writing: set[asyncio.Task[None]] = set()
        self.key: AccessKey | None = None
        self.hint = ""  # the first characters of the access key
        self.place: Place = ""  # where the key is kept
        self.is_left = False  # the keyring did not delete a key that was forgotten
        self._is_chosen = False  # by the user, in this run: what the keyring says comes too late

    def __repr__(self) -> str:
        return "Credentials()"

    async def read(self) -> bool:
        """Take the key that the keyring has, unless the user was quicker. Return whether there is another one now."""
        async with self._turn:
            access, secret = await in_thread(lambda: (self._secrets.get(ACCESS), self._secrets.get(SECRET)))
        if self._is_chosen or not (access and secret):
            return False
        try:
            self._hold(access, secret)
        except ValueError:  # another program's, or a damaged one
            return False
        self.place = "keyring"
        return True

    def set(self, access: str, secret: str, on_kept: Callable[[], None]) -> None:
        """Take another key from now on, and keep it.

        Args:
            on_kept: called when `place` says where.

        Raises:
            ValueError: it cannot be a key.
        """
        self._hold(access, secret)
        self._is_chosen, self.place, self.is_left = True, "session", False
        self._write(access, secret, on_kept)

    def forget(self, on_kept: Callable[[], None]) -> None:
        """Have no key from now on."""
        self.key, self.hint, self.place = None, "", ""
        self._is_chosen = True
        self._write("", "", on_kept)

    def _hold(self, access: str, secret: str) -> None:
        self.key = AccessKey(access, secret)
        self.hint = f"{access[:SHOWN]}…"

    def _write(self, access: str, secret: str, on_kept: Callable[[], None]) -> None:
        held = self.key

        async def write() -> None:
            async with self._turn:
                lasts = await in_thread(lambda: self._keep(access, secret))
            if self.key is held:  # else something else was said meanwhile
                self.place = ("keyring" if lasts else "session") if held is not None else ""
                self.is_left = held is None and not lasts
                on_kept()

        task = asyncio.create_task(write(), name="keyring")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _keep(self, access: str, secret: str) -> bool:
        """Keep both halves, or neither. Return whether that outlasts the program."""
        lasts = [self._secrets.set(ACCESS, access), self._secrets.set(SECRET, secret)]
        if access and any(lasts) and not all(lasts):
            for name in (ACCESS, SECRET):  # a half beside another key's half would be refused at the next start
                self._secrets.set(name, "")
        return all(lasts)

    async def close(self) -> None:
        """Wait for what is being kept, but not for a user who does not answer his keyring."""
        if self._writing:
            _, late = await asyncio.wait(self._writing, timeout=CLOSE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
