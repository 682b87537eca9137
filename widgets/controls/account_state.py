"""How live one's own account is, and what is said over it where it is not."""

from __future__ import annotations

from core.feed.feed import Feed
from core.feed.health import LinkHealth, LinkState, Trouble
from core.state.account import AccountState
from widgets import messages
from widgets.controls.status_light import StatusLight, light_text
from widgets.overlay import StateOverlay

YOUNG_S = 0.3  # an answer that is quicker shows no "loading": it would only flicker
_LIGHTS = {
    AccountState.NO_KEY: "idle",
    AccountState.ASKING: "pending",
    AccountState.LIVE: "live",
    AccountState.STALE: "stale",
    AccountState.REFUSED: "offline",
}


def private_link(feed: Feed) -> LinkHealth | None:
    """Return the link of the account, None while there is none."""
    return next((link for link in feed.health.links.values() if link.is_private), None)


def trouble_of(feed: Feed) -> Trouble | None:
    """Return why the account is not live, None where nothing is wrong."""
    account, link, now = feed.account, private_link(feed), feed.now()
    if account.state not in (AccountState.ASKING, AccountState.STALE):
        return None
    if link is not None and link.cause and link.state is not LinkState.OPEN:
        return Trouble(link.cause, link.reason, max(link.retry_at - now, 0.0))
    return Trouble(account.cause, "", 0.0) if account.cause and account.cause != "silent" else None


def doubt(feed: Feed, *, is_demo: bool) -> str:
    """Return in one line why what is known of the account may be old; "" where it is not, or nothing is asked for."""
    account = feed.account
    if account.state in (AccountState.LIVE, AccountState.NO_KEY):
        return ""
    if account.state is AccountState.REFUSED:
        return messages.key_refused(account.cause)[0]
    trouble = trouble_of(feed)
    if trouble is not None:
        title, _ = messages.trouble(trouble, is_demo=is_demo)
        return " ".join(part for part in (f"{title}.", messages.countdown(trouble)) if part)
    if account.state is AccountState.ASKING:
        return messages.loading()
    link = private_link(feed)
    return messages.no_data_for(feed.now() - link.last_at if link is not None else float("inf"))


class AccountOverlay:
    """Says over a pane, and by its light, how far the account can be relied on."""

    def __init__(self, feed: Feed, overlay: StateOverlay, light: StatusLight) -> None:
        self._feed, self._overlay, self._light = feed, overlay, light
        self._state = feed.account.state
        self._since = feed.now()

    def show(self, *, has_data: bool, is_demo: bool) -> bool:
        """Say it. Return True if it is to be said again soon, whatever comes.

        Args:
            has_data: something of the account was read before, and is below.
        """
        state, now = self._feed.account.state, self._feed.now()
        if state is not self._state:
            self._state, self._since = state, now
        is_young = state is AccountState.ASKING and now - self._since < YOUNG_S
        trouble = trouble_of(self._feed)
        self._lay(trouble, has_data=has_data, is_young=is_young, is_demo=is_demo)
        kind = "offline" if trouble is not None else _LIGHTS[state]
        words = [light_text(kind)] if state in (AccountState.ASKING, AccountState.STALE, AccountState.LIVE) else []
        if self._overlay.kind != "none":
            words += [self._overlay.title, self._overlay.text]
        words.append(messages.more_about_connections())
        self._light.show_state(kind, "\n".join(w for w in dict.fromkeys(words) if w))
        return is_young

    def _lay(self, trouble: Trouble | None, *, has_data: bool, is_young: bool, is_demo: bool) -> None:
        overlay, account = self._overlay, self._feed.account
        if account.state is AccountState.NO_KEY:
            overlay.show_state("empty", *messages.no_key(), [messages.key_action()])
        elif account.state is AccountState.REFUSED:
            overlay.show_state("offline", *messages.key_refused(account.cause), [messages.key_action()])
        elif trouble is not None:
            title, text = messages.trouble(trouble, is_demo=is_demo)
            if has_data:  # one line over what is still worth reading
                title = doubt(self._feed, is_demo=is_demo)
            retry = [(messages.RETRY, messages.retry())]
            overlay.show_state("stale" if has_data else "offline", title, text, retry)
        elif account.state is AccountState.STALE:
            overlay.show_state("stale", doubt(self._feed, is_demo=is_demo))
        elif account.state is AccountState.ASKING and not has_data:
            overlay.show_state("none" if is_young else "loading", messages.loading())
        else:
            overlay.show_state("none")
