"""Tells the user what happened, beyond the window: a desktop message, a sound, a webhook."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

POST_S = 5.0  # within which a webhook has to answer
_SOUND_S = 1.0  # between two sounds: a crash of the market is no drum roll
WAITING = 20  # posts that wait; of more the oldest go

log = logging.getLogger(__name__)


class Notifier:
    """Sends messages out of the program.

    Args:
        icon: of the tray.
        on_pressed: the last message was pressed.
        on_post: a webhook took a message: "", or why it did not, without its address.
    """

    def __init__(self, icon: QIcon, on_pressed: Callable[[], object], on_post: Callable[[str], object]) -> None:
        self._icon = icon
        self._on_pressed = on_pressed
        self._on_post = on_post
        self._tray: QSystemTrayIcon | None = None
        self._sounded_at = float("-inf")
        self._posts: deque[tuple[str, str]] = deque(maxlen=WAITING)
        self._posting: asyncio.Task[None] | None = None

    def show(self, title: str, text: str) -> bool:
        """Show a message of the desktop's. Return False where it has none."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon)
            self._tray.messageClicked.connect(self._on_pressed)
            self._tray.show()
        self._tray.showMessage(title, text, self._icon)
        return True

    def sound(self) -> None:
        """Make a sound, at most once a second."""
        now = asyncio.get_running_loop().time()
        if now - self._sounded_at >= _SOUND_S:
            self._sounded_at = now
            QApplication.beep()

    def post(self, url: str, text: str) -> None:
        """Send a text to a webhook, after those that wait. The address is a secret: it is in no log."""
        self._posts.append((url, text))
        self._post_waiting()

    def _post_waiting(self) -> None:
        if self._posting is None or self._posting.done():
            self._posting = asyncio.create_task(self._post_all(), name="webhook")
            self._posting.add_done_callback(self._posted)

    def _posted(self, done: asyncio.Task[None]) -> None:
        if self._posts and not done.cancelled():  # it came while the session was closing
            self._post_waiting()

    async def _post_all(self) -> None:
        import aiohttp

        # The proxy is looked up here: aiohttp would do it in a thread of the loop, which logs what it is called with.
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=POST_S)) as session:
            while self._posts:
                url, text = self._posts.popleft()
                try:
                    # What the common receivers call it: Slack and the like "text", Discord "content".
                    async with session.post(url, json={"text": text, "content": text}, proxy=_proxy(url)) as answer:
                        if answer.status >= 300:
                            self._fail(f"HTTP {answer.status}")
                        else:
                            self._on_post("")
                except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as why:
                    self._fail(type(why).__name__)  # its text may hold the address

    def _fail(self, why: str) -> None:
        log.info("the webhook did not take an alert: %s", why)
        self._on_post(why)

    async def close(self) -> None:
        """Stop at once."""
        if self._tray is not None:
            self._tray.hide()
        self._posts.clear()
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.gather(self._posting, return_exceptions=True)


def _proxy(url: str) -> str | None:
    """Return the proxy that the system wants for an address, None for none."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)
