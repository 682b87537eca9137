"""What the program says to the user about the state of things: plain words, and what to do. One place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from core.calc import unusual
from core.calc.unusual import Finding
from core.feed.health import LinkState, StreamState, Trouble
from core.market import DAY_MS, Market, tick_size
from core.state import alerts
from core.state.account import AccountState
from core.state.alerts import Fired, Rule
from core.state.strategies import Line, Monitor
from core.strategy import builtin
from core.strategy.base import Parameter, ParameterError, Signal, Strategy
from widgets import format as fmt

translate = QCoreApplication.translate  # by this name the translation tools find the texts
RETRY, DEMO, KEY = "retry", "demo", "key"  # ids of what the user can do about it


def is_korean() -> bool:
    """Tell whether the program speaks Korean now."""
    return QLocale().language() == QLocale.Language.Korean


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


def broken() -> tuple[str, str]:
    """Return title and text for a pane that fails."""
    return (
        translate("Messages", "This pane cannot be shown"),
        translate("Messages", "The program failed here, so what you see is old. It keeps trying; the log says why."),
    )


def own_in_doubt(why: str) -> str:
    """Return the note at own orders that may be others by now."""
    return translate("Messages", "Own orders: {why}").format(why=why)


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


def retry() -> str:
    return translate("Messages", "Retry")


def actions(is_demo: bool) -> list[tuple[str, str]]:
    """Return what the user can do about a connection that is down, as (id, text)."""
    again = (RETRY, retry())
    return [again] if is_demo else [again, (DEMO, translate("Messages", "Open the demo exchange"))]


def key_action() -> tuple[str, str]:
    """Return how one comes to the page of the key, as (id, text)."""
    return KEY, translate("Messages", "Open the API key page")


def no_key() -> tuple[str, str]:
    """Return title and text for an account that no key opens."""
    return (
        translate("Messages", "No API key"),
        translate(
            "Messages",
            "With a key of Upbit your balances, orders and fills are shown here. One that may only read is enough.",
        ),
    )


def key_refused(name: str) -> tuple[str, str]:
    """Return title and text for a key that the exchange does not take: which reason, and what to do.

    Args:
        name: the exchange's own word for the reason.
    """
    title, text = {
        "jwt_verification": (
            translate("Messages", "The exchange cannot verify the key"),
            translate("Messages", "One of its two halves is wrong, or they do not belong together. Enter both again."),
        ),
        "invalid_access_key": (
            translate("Messages", "The exchange does not know this key"),
            translate("Messages", "It was deleted, or copied in part. Enter it again, or make a new one at Upbit."),
        ),
        "expired_access_key": (
            translate("Messages", "The key has expired"),
            translate("Messages", "Keys of Upbit last for a year. Make a new one there and enter it."),
        ),
        "no_authorization_ip": (
            translate("Messages", "This internet address may not use the key"),
            translate("Messages", "Add the public IP address of this computer to the key at Upbit, then check again."),
        ),
        "out_of_scope": (
            translate("Messages", "The key may not see the account"),
            translate("Messages", "Give it the permissions to view assets and orders at Upbit, then check again."),
        ),
        "INVALID_AUTH": (
            translate("Messages", "The exchange refused the key"),
            translate(
                "Messages", "It may lack the permissions to view assets and orders, or one of its halves is wrong."
            ),
        ),
        "nonce_used": (
            translate("Messages", "The exchange took a request for a repeated one"),
            translate("Messages", "Check the key again. If that does not help, make a new one at Upbit."),
        ),
    }.get(
        name,
        (
            translate("Messages", "The exchange refused the key"),
            translate("Messages", "Enter access key and secret key again, or make a new key at Upbit."),
        ),
    )
    if name:
        text += " " + translate("Messages", "(Its reason: {name})").format(name=name)
    return title, text


def key_may_not(part: str) -> str:
    """Return what is said in the place of "balances" or "orders" that a key may not see."""
    if part == "balances":
        return translate("Messages", "This key may not see balances. Give it the permission to view assets at Upbit.")
    return translate("Messages", "This key may not see orders. Give it the permission to view orders at Upbit.")


def key_state(state: AccountState, cause: str, missing: frozenset[str], *, is_demo: bool) -> str:
    """Return in a sentence or two what the exchange says of the key that is in use."""
    match state:
        case AccountState.NO_KEY:
            return translate("Messages", "There is no key.")
        case AccountState.ASKING if cause:
            return trouble(Trouble(cause, "", 0.0), is_demo=is_demo)[0] + "."
        case AccountState.ASKING:
            return translate("Messages", "Asking the exchange…")
        case AccountState.STALE:
            return translate("Messages", "The exchange took the key, but the connection is down.")
        case AccountState.REFUSED:
            title, text = key_refused(cause)
            return f"{title}. {text}"
    if missing:
        return " ".join(key_may_not(part) for part in sorted(missing))
    return translate("Messages", "The exchange takes the key.")


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
    if rule.metric == alerts.SIGNAL:
        kinds = ", ".join(signal_kind(kind) for kind in rule.kinds)
        if rule.strategy:
            which = translate("Messages", "Signal of strategy {id}").format(id=rule.strategy)
        else:
            which = translate("Messages", "Signal of a strategy")
        return f"{which}: {kinds}" if kinds else which
    if rule.metric == alerts.NOTICE:
        kinds = ", ".join(notice_category(kind) for kind in rule.kinds)
        text = translate("Messages", "Notice: {kinds}") if kinds else translate("Messages", "Notice")
        return text.format(kinds=kinds)
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


def notice_category(name: str) -> str:
    """Return what a category of the exchange's notices is called."""
    return {
        "notice": translate("Messages", "Notice"),
        "trade": translate("Messages", "Trading"),
        "wallet": translate("Messages", "Wallets"),
        "maintenance": translate("Messages", "Maintenance"),
        "digital_asset": translate("Messages", "Digital assets"),
        "nft": "NFT",
        "service": translate("Messages", "Service"),
        "event": translate("Messages", "Event"),
    }.get(name, name)


def fired(what: Fired, listed: Market | None) -> tuple[str, str]:
    """Return title and text of an alert that was given."""
    name = what.market
    if listed is not None:
        name = f"{listed.korean_name if is_korean() else listed.english_name} {what.market}".strip()
    rule = what.rule
    if rule.metric == alerts.NOTICE:
        name, text = notice_category(what.kind) or translate("Messages", "Notice"), what.text
    elif rule.metric == alerts.SIGNAL:
        text = signal(Signal(what.kind, what.market, what.time_ms, what.price, what.way, what.value))
    elif what.kind:
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


def strategy(kind: str) -> str:
    """Return what a strategy is called; one of the user's own has the name that it has."""
    return {
        builtin.JUMP: translate("Messages", "Price jump"),
        builtin.SPIKE: translate("Messages", "Volume spike"),
        builtin.IMBALANCE: translate("Messages", "Book imbalance"),
        builtin.SPREAD: translate("Messages", "Wide spread"),
        builtin.BAND: translate("Messages", "Bollinger band"),
        builtin.TREND: translate("Messages", "Volume trend"),
    }.get(kind, kind)


def signal_kind(kind: str) -> str:
    """Return what a kind of signal is called."""
    return strategy(kind)


def about_strategy(kind: str) -> str:
    """Return in a sentence what a built-in strategy watches."""
    return {
        builtin.JUMP: translate(
            "Messages", "The last price has moved by so much, from its lowest or highest of the last seconds."
        ),
        builtin.SPIKE: translate(
            "Messages", "The turnover of the last seconds is many times that of the minutes before."
        ),
        builtin.IMBALANCE: translate(
            "Messages", "One side of the order book outweighs the other: (bids - asks) / (bids + asks) in size."
        ),
        builtin.SPREAD: translate("Messages", "The spread is wide for some seconds. 1 bp is 0.01 % of the price."),
        builtin.BAND: translate(
            "Messages", "A candle closes outside its Bollinger band: mean and deviation of the last closes."
        ),
        builtin.TREND: translate(
            "Messages", "Volume grows from candle to candle (a line fitted to it) while the price goes one way."
        ),
    }.get(kind, "")


def parameter(name: str) -> str:
    """Return what a parameter of a strategy is called; one of the user's own has the name that it has."""
    return {
        "move": translate("Messages", "Move"),
        "span": translate("Messages", "Within"),
        "times": translate("Messages", "At least"),
        "norm": translate("Messages", "Compared with"),
        "least": translate("Messages", "With at least"),
        "levels": translate("Messages", "Depth"),
        "beyond": translate("Messages", "Beyond"),
        "hold": translate("Messages", "For"),
        "above": translate("Messages", "Above"),
        "interval": translate("Messages", "Candles"),
        "bars": translate("Messages", "Over"),
        "sigma": translate("Messages", "Width"),
        "growth": translate("Messages", "Growth"),
    }.get(name, name)


def unit(of: str) -> str:
    """Return a unit as it stands behind a number, with its space."""
    return {
        "%": " %",
        "s": translate("Messages", " s"),
        "min": translate("Messages", " min"),
        "bp": translate("Messages", " bp"),
        "times": translate("Messages", " times"),
        "levels": translate("Messages", " levels"),
        "bars": translate("Messages", " candles"),
        "trades": translate("Messages", " trades"),
        "sigma": translate("Messages", " deviations"),
    }.get(of, "")


def parameters(kind: type[Strategy] | None, monitor: Monitor) -> str:
    """Return the parameters of a monitor in one line."""
    if kind is None:
        return ""
    parts = []
    for one in kind.parameters:
        value = monitor.values.get(one.name, one.default)
        shown = value if isinstance(value, str) else f"{value:,g}"
        parts.append(f"{parameter(one.name)} {shown}{unit(one.unit)}")
    return " · ".join(parts)


def refused(why: ParameterError, kind: type[Strategy] | None) -> str:
    """Return why a parameter cannot be so."""
    name = parameter(why.name)
    known: Parameter | None = next((p for p in kind.parameters if p.name == why.name), None) if kind else None
    match why.reason:
        case "range":
            text = translate("Messages", "{name}: from {least} to {most}{unit}")
            least, _, most = why.detail.partition(" - ")
            return text.format(name=name, least=least, most=most, unit=unit(known.unit) if known else "")
        case "number":
            return translate("Messages", "{name}: give a number").format(name=name)
        case "whole":
            return translate("Messages", "{name}: give a whole number").format(name=name)
        case "choice":
            return translate("Messages", "{name}: one of {choices}").format(name=name, choices=why.detail)
        case "norm":
            return translate("Messages", "The time compared with must be at least twice as long as the one it is of.")
        case "sigma":
            text = translate(
                "Messages", "{name}: of so few candles none is further than {most} deviations from the mean"
            )
            return text.format(name=name, most=why.detail)
        case "kind":
            return translate("Messages", "This Hoga knows no strategy {name}").format(name=why.name)
        case "unknown":
            return translate("Messages", "The strategy has no parameter {name}").format(name=why.name)
    return str(why)


def signal(what: Signal) -> str:
    """Return in a few words what a strategy saw, without the market's name."""
    match what.kind:
        case builtin.JUMP:
            return translate("Messages", "Price jump {rate}").format(rate=fmt.percent(what.value))
        case builtin.SPIKE:
            text = {
                1: translate("Messages", "{times} times the usual turnover, bought"),
                -1: translate("Messages", "{times} times the usual turnover, sold"),
            }.get(what.side, translate("Messages", "{times} times the usual turnover"))
            return text.format(times=f"{what.value:,.1f}")
        case builtin.IMBALANCE:
            return translate("Messages", "Order book leans {rate}").format(rate=f"{what.value * 100:+.0f}%")
        case builtin.SPREAD:
            return translate("Messages", "Spread {bp} bp").format(bp=f"{what.value * 10_000:,.1f}")
        case builtin.BAND:
            if what.value > 0:
                return translate("Messages", "Close above the band, {n} deviations").format(n=f"{what.value:+.2f}")
            return translate("Messages", "Close below the band, {n} deviations").format(n=f"{what.value:+.2f}")
        case builtin.TREND:
            rate = f"{what.value * 100:+.0f}%"
            if what.side > 0:
                return translate("Messages", "Volume grows {rate}, price rises").format(rate=rate)
            return translate("Messages", "Volume grows {rate}, price falls").format(rate=rate)
    return f"{what.kind} {what.value:,.6g}"


def row_state(state: str, collecting: int, *, is_deaf: bool = False) -> str:
    """Return how a monitor is in a word or two.

    Args:
        collecting: how many of its markets it has not seen enough of yet.
        is_deaf: it runs, and nothing comes that it could see.
    """
    if is_deaf:
        return translate("Messages", "No connection")
    if state == "running" and collecting:
        return translate("Messages", "Collecting")
    return {
        "paused": translate("Messages", "Paused"),
        "starting": translate("Messages", "Starting"),
        "running": translate("Messages", "Running"),
        "stopped": translate("Messages", "Stopped"),
    }[state]


def collecting(count: int) -> str:
    """Return what it means that a monitor collects."""
    return translate("Messages", "It has not seen enough yet to say something of {count} symbols").format(count=count)


def silent(markets: Sequence[str]) -> str:
    """Return which symbols the exchange is silent about."""
    return translate("Messages", "The exchange sends nothing for {markets}").format(markets=", ".join(markets))


def channel(name: str) -> str:
    """Return what a channel is called."""
    kind, _, interval = name.partition(".")
    text = {
        "ticker": translate("Messages", "ticker"),
        "trade": translate("Messages", "trades"),
        "orderbook": translate("Messages", "book"),
        "candle": translate("Messages", "candles"),
        "myOrder": translate("Messages", "own orders"),
    }.get(kind, kind)
    return f"{text} {interval}".strip()


def work_line(line: Line) -> str:
    """Return a line of a monitor's log."""
    seconds = f"{line.value:,.0f}"
    match line.event:
        case "started":
            return translate("Messages", "Started")
        case "paused":
            return translate("Messages", "Paused")
        case "changed":
            return translate("Messages", "Changed: it begins anew")
        case "markets":
            return translate("Messages", "Other symbols: those that stay go on")
        case "restart":
            return translate("Messages", "Another exchange: it begins anew")
        case "gap" if line.market:
            text = translate("Messages", "{market} was not heard of for {n} s: it begins anew")
            return text.format(market=line.market, n=seconds)
        case "gap":
            text = translate("Messages", "{count} symbols were not heard of for up to {n} s: they begin anew")
            return text.format(count=line.text, n=seconds)
        case "filled" if line.market:
            text = translate("Messages", "{market} was not heard of for {n} s; what was missed has been fetched")
            return text.format(market=line.market, n=seconds)
        case "filled":
            text = translate(
                "Messages", "{count} symbols were not heard of for up to {n} s; what was missed has been fetched"
            )
            return text.format(count=line.text, n=seconds)
        case "missed":
            text = translate("Messages", "{market}: {n} trades came too fast to be looked at")
            return text.format(market=line.market, n=seconds)
        case "unknown":
            return translate("Messages", "The exchange sends nothing for {markets}").format(markets=line.text)
        case "error":
            return translate("Messages", "Stopped by an error: {text}").format(text=line.text)
        case "slow":
            return translate("Messages", "Stopped: one call took {n} ms").format(n=seconds)
        case "busy":
            share = f"{line.value * 100:.0f}"
            return translate("Messages", "Stopped: it took {share} % of a core").format(share=share)
        case "flood":
            return translate("Messages", "Stopped: {n} signals within seconds").format(n=seconds)
        case "refused":
            name, _, rest = line.text.partition("|")
            reason, _, detail = rest.partition("|")
            text = refused(ParameterError(name, reason, detail), None)
            return translate("Messages", "Not started: {text}").format(text=text)
