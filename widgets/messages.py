"""What the program says to the user about the state of things: plain words, and what to do. One place."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from core.calc import unusual
from core.calc.unusual import Finding
from core.feed.health import LinkState, StreamState, Trouble
from core.market import DAY_MS, Market, tick_size
from core.state import alerts
from core.state.alerts import Fired, Rule
from widgets import format as fmt

translate = QCoreApplication.translate  # by this name the translation tools find the texts
RETRY, DEMO = "retry", "demo"  # ids of what the user can do about it


def is_korean() -> bool:
    """Tell whether the program speaks Korean now."""
    return QLocale().language() == QLocale.Language.Korean


def light(kind: str) -> str:
    """Return what a status light says of itself."""
    return {
        "live": translate("Messages", "Live"),
        "pending": translate("Messages", "Waiting for the first data"),
        "stale": translate("Messages", "Not live: the data shown is old"),
        "offline": translate("Messages", "Not connected"),
        "error": translate("Messages", "The exchange does not know this symbol"),
    }.get(kind, translate("Messages", "Nothing is shown here"))


def more_about_connections() -> str:
    return translate("Messages", "Press for all connections.")


def link_state(state: LinkState) -> str:
    """Return the state of a socket in a word or two."""
    return {
        LinkState.CONNECTING: translate("Messages", "Connecting"),
        LinkState.OPEN: translate("Messages", "Open"),
        LinkState.WAITING: translate("Messages", "Waits for the next try"),
        LinkState.REFUSED: translate("Messages", "Refused"),
        LinkState.CLOSED: translate("Messages", "Closed"),
    }[state]


def stream_state(state: StreamState) -> str:
    """Return the state of a stream in a word or two."""
    return {
        StreamState.IDLE: translate("Messages", "Not asked for"),
        StreamState.PENDING: translate("Messages", "No data yet"),
        StreamState.LIVE: translate("Messages", "Live"),
        StreamState.STALE: translate("Messages", "Not live"),
        StreamState.UNKNOWN: translate("Messages", "Does not answer"),
    }[state]


def empty_title() -> str:
    return translate("Messages", "No symbol")


def empty_text() -> str:
    return translate("Messages", "Type a name or code to choose one.")


def loading() -> str:
    return translate("Messages", "Loading")


def waiting() -> str:
    """The market is known, its stream does not run yet."""
    return translate("Messages", "Waiting for live data")


def no_data_for(age_s: float) -> str:
    """Return the note over data that has grown old, by seconds since its last message."""
    age = fmt.age(age_s, "ko" if is_korean() else "en")
    return translate("Messages", "Not live, last data {age} ago").format(age=age)


def unknown(market: str) -> tuple[str, str]:
    """Return title and text for a symbol the exchange is silent about."""
    return (
        translate("Messages", "{market} does not answer").format(market=market),
        translate("Messages", "The exchange sends nothing for it: it may be delisted. Type to choose another symbol."),
    )


def trouble(what: Trouble, *, is_demo: bool) -> tuple[str, str]:
    """Return title and text for a connection that is down: which failure, and what to try."""
    name = translate("Messages", "The demo exchange") if is_demo else translate("Messages", "Upbit")
    title = {
        "rate": translate("Messages", "Too many requests"),
        "ban": translate("Messages", "Blocked by the exchange for a while"),
        "auth": translate("Messages", "The exchange refused the key"),
        "refused_request": translate("Messages", "The exchange refused the request"),
    }.get(what.cause, translate("Messages", "{name} cannot be reached").format(name=name))
    text = {
        "dns": translate("Messages", "The name was not found. Check the network connection."),
        "refused": translate(
            "Messages", "Nothing answers at its address. It may be down, or a firewall is in the way."
        ),
        "tls": translate("Messages", "The secure connection failed. Check the clock of this computer and any proxy."),
        "proxy": translate("Messages", "The proxy does not let the connection through. Check the proxy settings."),
        "timeout": translate("Messages", "No answer in time. Check the network connection."),
        "closed": translate("Messages", "The connection was closed."),
        "server": translate("Messages", "The exchange has a fault or is under maintenance."),
        "rate": translate("Messages", "The exchange asks to wait."),
        "ban": translate("Messages", "The exchange asks to wait."),
        "auth": translate("Messages", "Check the key and the addresses it may be used from."),
        "refused_request": translate("Messages", "Choose another symbol, or try again."),
    }.get(what.cause, translate("Messages", "The network failed."))
    if what.retry_in_s >= 0.5:
        text += " " + countdown(what)
    return title, text


def countdown(what: Trouble) -> str:
    """Return when the next try is; empty while one is under way."""
    if what.retry_in_s < 0.5:
        return ""
    return translate("Messages", "Next try in {seconds} s.").format(seconds=round(what.retry_in_s))


def actions(is_demo: bool) -> list[tuple[str, str]]:
    """Return what the user can do about a connection that is down, as (id, text)."""
    retry = (RETRY, translate("Messages", "Retry"))
    return [retry] if is_demo else [retry, (DEMO, translate("Messages", "Open the demo exchange"))]


def finding(found: Finding) -> str:
    """Return in a few words what was found, without the market's name."""
    lang = "ko" if is_korean() else "en"
    match found.kind:
        case unusual.DAY_MOVE:
            return translate("Messages", "{rate} on the day").format(rate=fmt.percent(found.value))
        case unusual.FAST_MOVE:
            minutes = round(found.span_ms / 60_000)
            return translate("Messages", "{rate} in {n} min").format(rate=fmt.percent(found.value), n=minutes)
        case unusual.VOLUME_SPIKE:
            return translate("Messages", "{times} times the usual volume").format(times=f"{found.value:,.0f}")
        case unusual.NEW_HIGH:
            return translate("Messages", "New high of {n} days").format(n=round(found.span_ms / DAY_MS))
        case unusual.NEW_LOW:
            return translate("Messages", "New low of {n} days").format(n=round(found.span_ms / DAY_MS))
        case unusual.WIDE_SPREAD:
            return translate("Messages", "Wide spread: {rate}").format(rate=fmt.percent(found.value).lstrip("+"))
        case unusual.BIG_ORDER:
            worth = fmt.turnover(found.value, "KRW", lang)
            if found.way > 0:
                return translate("Messages", "Large order bought {worth}").format(worth=worth)
            return translate("Messages", "Large order sold {worth}").format(worth=worth)
        case unusual.LISTED:
            return translate("Messages", "Newly listed")
        case unusual.DELISTED:
            return translate("Messages", "No longer listed")
    return found.kind


def alert(rule: Rule) -> str:
    """Return in a few words what a rule watches, without the market's name."""
    way = {
        "above": translate("Messages", "at or above {value}"),
        "below": translate("Messages", "at or below {value}"),
        "reach": translate("Messages", "reaches {value}"),
    }[rule.way].format(value=_alert_value(rule, rule.value))
    minutes = round(rule.span_ms / 60_000)
    match rule.metric:
        case alerts.PRICE:
            return translate("Messages", "Price {way}").format(way=way)
        case alerts.CHANGE:
            return translate("Messages", "Change of the day {way}").format(way=way)
        case alerts.MOVE:
            return translate("Messages", "Change in {n} min {way}").format(n=minutes, way=way)
        case alerts.VOLUME:
            return translate("Messages", "Turnover in {n} min {way}").format(n=minutes, way=way)
        case alerts.SPREAD:
            return translate("Messages", "Spread {way}").format(way=way)
        case alerts.IMBALANCE:
            return translate("Messages", "Imbalance of the book {way}").format(way=way)
        case alerts.PREMIUM:
            return translate("Messages", "Premium {way}").format(way=way)
        case alerts.EDGE:
            return translate("Messages", "Edge {way}").format(way=way)
        case alerts.CONNECTION:
            return translate("Messages", "No connection for {n} s").format(n=f"{rule.value:,.0f}")
    kinds = ", ".join(finding_kind(kind) for kind in rule.kinds)
    return kinds or translate("Messages", "Anything unusual")


def _alert_value(rule: Rule, value: float) -> str:
    if rule.metric == alerts.PRICE:
        return fmt.price(value, tick_size(rule.market, value))
    if rule.metric in (alerts.CHANGE, alerts.MOVE, alerts.IMBALANCE, alerts.PREMIUM, alerts.EDGE):
        return fmt.percent(value)
    if rule.metric == alerts.SPREAD:
        return f"{value * 100:.3f}%"
    return fmt.turnover(value, "KRW", "ko" if is_korean() else "en")


def finding_kind(kind: str) -> str:
    """Return what a kind of finding is called."""
    return {
        unusual.DAY_MOVE: translate("Messages", "Change of the day"),
        unusual.FAST_MOVE: translate("Messages", "Fast move"),
        unusual.VOLUME_SPIKE: translate("Messages", "Volume burst"),
        unusual.NEW_HIGH: translate("Messages", "New high"),
        unusual.NEW_LOW: translate("Messages", "New low"),
        unusual.WIDE_SPREAD: translate("Messages", "Wide spread"),
        unusual.BIG_ORDER: translate("Messages", "Large order"),
        unusual.LISTED: translate("Messages", "Listing"),
        unusual.DELISTED: translate("Messages", "Delisting"),
    }.get(kind, kind)


def fired(what: Fired, listed: Market | None) -> tuple[str, str]:
    """Return title and text of an alert that was given."""
    name = what.market
    if listed is not None:
        name = f"{listed.korean_name if is_korean() else listed.english_name} {what.market}".strip()
    rule = what.rule
    if what.kind:
        found = Finding(what.kind, what.market, what.time_ms, what.way, what.value, what.price, what.span_ms)
        text = finding(found)
    elif rule.metric == alerts.CONNECTION:
        name, text = translate("Messages", "Connection"), alert(rule)
    else:
        text = f"{alert(rule)} ({_alert_value(rule, what.value)})"
    if what.is_late:
        text += " · " + translate("Messages", "while nothing could be seen")
    if rule.note:
        text += f" · {rule.note}"
    return name, text
