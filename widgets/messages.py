"""What the program says to the user about the state of things: plain words, and what to do. One place."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from core.feed.health import Trouble

RETRY, DEMO = "retry", "demo"  # ids of what the user can do about it


def _tr(text: str) -> str:
    return QCoreApplication.translate("Messages", text)


def is_korean() -> bool:
    """Tell whether the program speaks Korean now."""
    return QLocale().language() == QLocale.Language.Korean


def light(kind: str) -> str:
    """Return what a status light says of itself."""
    return {
        "live": _tr("Live"),
        "pending": _tr("Waiting for the first data"),
        "stale": _tr("Not live: the data shown is old"),
        "offline": _tr("Not connected"),
        "error": _tr("The exchange does not know this symbol"),
    }.get(kind, _tr("Nothing is shown here"))


def empty_title() -> str:
    return _tr("No symbol")


def empty_text() -> str:
    return _tr("Type a name or code to choose one.")


def loading() -> str:
    return _tr("Loading")


def waiting() -> str:
    """The market is known, its stream does not run yet."""
    return _tr("Waiting for live data")


def no_data_for(age: str) -> str:
    """Return the note over data that has grown old; `age` is text such as "12 s"."""
    return _tr("Not live, last data {age} ago").format(age=age)


def unknown(market: str) -> tuple[str, str]:
    """Return title and text for a symbol the exchange is silent about."""
    return (
        _tr("{market} does not answer").format(market=market),
        _tr("The exchange sends nothing for it: it may be delisted. Type to choose another symbol."),
    )


def trouble(what: Trouble, *, is_demo: bool) -> tuple[str, str]:
    """Return title and text for a connection that is down: which failure, and what to try."""
    name = _tr("The demo exchange") if is_demo else _tr("Upbit")
    title = {
        "rate": _tr("Too many requests"),
        "ban": _tr("Blocked by the exchange for a while"),
        "auth": _tr("The exchange refused the key"),
        "refused_request": _tr("The exchange refused the request"),
    }.get(what.cause, _tr("{name} cannot be reached").format(name=name))
    text = {
        "dns": _tr("The name was not found. Check the network connection."),
        "refused": _tr("Nothing answers at its address. It may be down, or a firewall is in the way."),
        "tls": _tr("The secure connection failed. Check the clock of this computer and any proxy."),
        "proxy": _tr("The proxy does not let the connection through. Check the proxy settings."),
        "timeout": _tr("No answer in time. Check the network connection."),
        "closed": _tr("The connection was closed."),
        "server": _tr("The exchange has a fault or is under maintenance."),
        "rate": _tr("The exchange asks to wait."),
        "ban": _tr("The exchange asks to wait."),
        "auth": _tr("Check the key and the addresses it may be used from."),
        "refused_request": _tr("Choose another symbol, or try again."),
    }.get(what.cause, _tr("The network failed."))
    if what.retry_in_s >= 0.5:
        text += " " + _tr("Next try in {seconds} s.").format(seconds=round(what.retry_in_s))
    return title, text


def actions(is_demo: bool) -> list[tuple[str, str]]:
    """Return what the user can do about a connection that is down, as (id, text)."""
    retry = (RETRY, _tr("Retry"))
    return [retry] if is_demo else [retry, (DEMO, _tr("Open the demo exchange"))]
