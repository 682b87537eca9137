"""One's own account in the program: the key, where it is kept, what is shown of it, and never a secret anywhere."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets as random_texts
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import keyring
import pytest
from keyring.errors import KeyringError, NoKeyringError
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import desk as desk_module
from app.account_page import KEYS_URL, AccountPage
from app.credentials import ACCESS, SECRET, Credentials
from app.desk import Desk
from app.exchange import BuiltInExchange
from app.secrets import SERVICE, Secrets
from core.feed.endpoint import Endpoint
from core.sim.exchange import Exchange
from core.sim.paper import Account, Key
from core.state.account import AccountState
from core.wire.auth import AccessKey
from tests.app.desk import Source, open_desk
from tests.app.memory import Memory
from tests.conftest import ExpectLog
from tests.waiting import until
from widgets.account.pane import AccountPane
from widgets.chart.pane import ChartPane
from widgets.controls.market_list import HEADER, ROW
from widgets.notices.pane import NoticesPane

pytestmark = pytest.mark.usefixtures("raised_windows")


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    made = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", made)
    return made


def keep(memory: Memory, key: Key) -> None:
    memory.kept |= {(SERVICE, ACCESS): key.access, (SERVICE, SECRET): key.secret}


def only(pane_kind: type, desk: Desk) -> QWidget:
    (pane,) = [p for p in desk.panes if isinstance(p, pane_kind)]
    return pane


@asynccontextmanager
async def real_desk(
    qtbot: QtBot, folder: Path, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """Open the desk of the account on an exchange that it takes for the real one."""
    monkeypatch.setattr(desk_module, "UPBIT", Endpoint(exchange.ws_url, exchange.rest_url, is_real=True))
    async with open_desk(qtbot, folder, None, name="account") as desk:
        await until(lambda: desk.services is not None)
        yield desk


def page_of(desk: Desk) -> AccountPage:
    """Open the page of the key."""
    desk.window.keymap.dialogs.open_settings("account")  # type: ignore[attr-defined]
    page = desk.window.findChild(AccountPage)
    assert isinstance(page, AccountPage)
    return page


def enter(page: AccountPage, access: str, secret: str) -> None:
    """Paste a key as people do, with what else was marked."""
    for line, text in ((page.access, f"  {access}\t"), (page.secret, f"{secret} ")):
        line.clear()
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
        line.insert(text)
        line.textEdited.emit(text)
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)


def is_in(state: AccountState, desk: Desk) -> bool:
    return desk.feed.account.state is state


# --- which key ---


async def test_the_demo_shows_its_own_account_and_never_gets_the_users_key(
    qtbot: QtBot, tmp_path: Path, memory: Memory
) -> None:
    asked: list[str] = []
    memory.get_password = lambda _service, name: asked.append(name)  # type: ignore[method-assign]
    async with Exchange(seed=1, markets=20) as exchange:
        source = Source(exchange)
        source.key = AccessKey(exchange.demo.key.access, exchange.demo.key.secret)
        async with open_desk(qtbot, tmp_path, source, name="account") as desk:
            await until(lambda: is_in(AccountState.LIVE, desk))
            assert desk.feed.account.balances["KRW"].total > 0
            assert asked == []
            pane = only(AccountPane, desk)
            assert isinstance(pane, AccountPane)
            await until(
                lambda: len(pane.view.lines) == len([b for b in desk.feed.account.balances.values() if b.total])
            )
            await until(lambda: pane.header.light.kind == "live")
            page = page_of(desk)
            assert page.state.text() == "There is no key."
            assert not page.check.isEnabled()


async def test_the_built_in_exchange_says_the_key_of_its_account() -> None:
    exchange = BuiltInExchange("--markets", "20")
    assert exchange.key is None
    await exchange.endpoint()
    key = exchange.key
    assert isinstance(key, AccessKey)
    await exchange.restart()
    assert exchange.key == key
    await exchange.stop()


async def test_the_key_of_the_keyring_opens_the_account_at_the_start(
    qtbot: QtBot, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as exchange:
        account = exchange.open_account({"KRW": "123456.5", "BTC": "0.25"})
        keep(memory, account.key)
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            await until(lambda: is_in(AccountState.LIVE, desk))
            page = page_of(desk)
            hint = f"Key {account.key.access[:4]}…"
            await until(lambda: page.state.text() == f"{hint}: The exchange takes the key.")
            assert "keyring of the system" in page.where.text()
            pane = only(AccountPane, desk)
            assert isinstance(pane, AccountPane)
            await until(lambda: {line.code for line in pane.view.lines} == {"KRW", "BTC"})
            won = next(line for line in pane.view.lines if line.code == "KRW")
            assert won.cells[1].text == "123,456.5"
            exchange.deposit("1000.25", "KRW", account.key.access)
            await until(lambda: any(x.cells[1].text == "124,456.75" for x in pane.view.lines))


async def test_a_key_that_is_entered_is_in_force_at_once_and_forgotten_at_once(
    qtbot: QtBot, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as exchange:
        first, second = exchange.open_account({"KRW": "1"}), exchange.open_account({"KRW": "2"})
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            pane = only(AccountPane, desk)
            assert isinstance(pane, AccountPane)
            await until(lambda: pane.overlay.title == "No API key")
            (button,) = [b for b in pane.overlay.findChildren(QPushButton) if b.isVisible()]
            button.click()
            page = desk.window.findChild(AccountPage)
            assert isinstance(page, AccountPage)
            assert page.isVisible()
            for account, won in ((first, 1), (second, 2)):
                enter(page, account.key.access, account.key.secret)
                assert (page.access.text(), page.secret.text()) == ("", "")
                assert not page.access.isUndoAvailable()
                await until(lambda: is_in(AccountState.LIVE, desk))
                assert desk.feed.account.balances["KRW"].total == won
            await until(lambda: memory.kept.get((SERVICE, SECRET)) == second.key.secret)
            assert memory.kept[SERVICE, ACCESS] == second.key.access
            await until(lambda: exchange.private_connections == 1)
            QTest.mouseClick(page.forget, Qt.MouseButton.LeftButton)
            assert is_in(AccountState.NO_KEY, desk)
            assert desk.feed.account.balances == {}
            await until(lambda: not memory.kept)
            await until(lambda: exchange.private_connections == 0)
            assert page.state.text() == "There is no key."


async def test_the_demo_is_not_given_the_key_that_was_in_force(
    qtbot: QtBot, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as real, Exchange(seed=2, markets=20) as demo:
        account = real.open_account({"KRW": "77"})
        keep(memory, account.key)
        source = Source(demo)
        source.key = AccessKey(demo.demo.key.access, demo.demo.key.secret)
        monkeypatch.setattr(desk_module, "BuiltInExchange", lambda: source)
        async with real_desk(qtbot, tmp_path, real, monkeypatch) as desk:
            await until(lambda: is_in(AccountState.LIVE, desk))
            page = page_of(desk)
            desk.open_demo()
            await until(lambda: desk.is_demo and is_in(AccountState.LIVE, desk))
            assert desk.feed.account.balances["KRW"].total != 77
            assert demo.errors.total() == 0
            assert "not used in the demo" in page.state.text()
            other = demo.open_account({"KRW": "5"})
            enter(page, other.key.access, other.key.secret)  # kept for the real one, even if it would fit here
            assert desk.feed.account.balances["KRW"].total > 5
            await until(lambda: memory.kept[SERVICE, ACCESS] == other.key.access)
            assert "not used in the demo" in page.state.text()


# --- what the exchange says of it ---

Refusal = Callable[[Exchange], Key]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda x: x.add_key(x.open_account(), expires_ms=1), "The key has expired"),
        (lambda x: x.add_key(x.open_account(), ips=["203.0.113.7"]), "This internet address may not use the key"),
        (lambda x: x.add_key(x.open_account(), permissions=()), "The key may not see the account"),
        (lambda x: Key(x.open_account(), "A" * 40, "B" * 40), "The exchange cannot verify the key"),
    ],
)
async def test_a_refused_key_is_explained_and_never_tried_again_by_itself(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: ExpectLog,
    make: Refusal,
    words: str,
) -> None:
    expected_log("does not take the key")
    async with Exchange(seed=1, markets=20) as exchange:
        key = make(exchange)
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            page = page_of(desk)
            enter(page, key.access, key.secret)
            await until(lambda: is_in(AccountState.REFUSED, desk))
            assert words in page.state.text()
            pane = only(AccountPane, desk)
            assert isinstance(pane, AccountPane)
            await until(lambda: pane.overlay.title == words)
            before = exchange.errors.total(), exchange.opened
            desk.feed.retry()
            exchange.trouble.drop()
            await until(lambda: exchange.opened > before[1])  # the market comes back
            assert exchange.errors.total() == before[0]
            assert is_in(AccountState.REFUSED, desk)
            good = exchange.open_account({"KRW": "9"}).key
            enter(page, good.access, good.secret)
            await until(lambda: is_in(AccountState.LIVE, desk))
            assert exchange.errors.total() == before[0]


async def test_a_key_that_was_mended_at_the_exchange_is_checked_again_on_demand(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    expected_log("does not take the key")
    async with Exchange(seed=1, markets=20) as exchange:
        account = exchange.open_account({"KRW": "9"})
        late = Key(account, "L" * 40, "S" * 40)
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            page = page_of(desk)
            enter(page, late.access, late.secret)
            await until(lambda: is_in(AccountState.REFUSED, desk))
            account.keys.append(late)
            exchange._keyring.add(late)
            QTest.mouseClick(page.check, Qt.MouseButton.LeftButton)
            await until(lambda: is_in(AccountState.LIVE, desk))


async def test_a_part_that_the_key_may_not_see_is_said_and_the_other_is_shown(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as exchange:
        account = exchange.open_account({"KRW": "9"})
        key = exchange.add_key(account, permissions=["asset_view"])
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            page = page_of(desk)
            enter(page, key.access, key.secret)
            await until(lambda: is_in(AccountState.LIVE, desk))
            assert desk.feed.account.missing == {"orders"}
            assert "may not see orders" in page.state.text()
            assert desk.feed.account.balances["KRW"].total == 9
            pane = only(AccountPane, desk)
            assert isinstance(pane, AccountPane)
            pane.show_section("open")
            await until(lambda: "may not see orders" in pane.view.note)


async def test_the_account_is_stale_while_its_connection_is_down_and_comes_back(
    qtbot: QtBot, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as exchange:
        account = exchange.open_account({"KRW": "9"})
        keep(memory, account.key)
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            await until(lambda: is_in(AccountState.LIVE, desk))
            pane = only(AccountPane, desk)
            assert isinstance(pane, AccountPane)
            exchange.trouble.refuse(503, count=1_000)
            exchange.trouble.drop()
            await until(lambda: pane.overlay.kind == "stale")
            assert pane.view.lines[0].cells[1].text == "9"
            exchange.deposit("1", "KRW", account.key.access)  # nobody hears of it now
            exchange.trouble.end_faults()
            desk.feed.retry()
            await until(lambda: pane.overlay.kind == "none" and pane.view.lines[0].cells[1].text == "10")


# --- keyrings ---


async def test_without_a_keyring_the_key_lasts_as_long_as_the_program_and_that_is_said(
    qtbot: QtBot, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(memory, name, fail)
    async with Exchange(seed=1, markets=20) as exchange:
        account = exchange.open_account({"KRW": "9"})
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            page = page_of(desk)
            enter(page, account.key.access, account.key.secret)
            await until(lambda: is_in(AccountState.LIVE, desk))
            await until(lambda: page.where.text().endswith("the key lasts until the program closes."))
            QTest.mouseClick(page.forget, Qt.MouseButton.LeftButton)
            await until(lambda: page.where.text().startswith("The key is kept in the keyring"))


@pytest.fixture
def slow_keyring(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A keyring that waits for the user, who answers when the event is set."""
    answered = threading.Event()
    get = memory.get_password

    def ask(service: str, name: str) -> str | None:
        answered.wait(30.0)
        return get(service, name)

    monkeypatch.setattr(memory, "get_password", ask)
    yield answered
    answered.set()


async def test_a_keyring_that_asks_the_user_holds_up_nothing(
    qtbot: QtBot, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch, slow_keyring: threading.Event
) -> None:
    async with Exchange(seed=1, markets=20) as exchange:
        old, new = exchange.open_account({"KRW": "1"}), exchange.open_account({"KRW": "2"})
        keep(memory, old.key)
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            await until(lambda: desk.feed.health.is_connected)
            enter(page_of(desk), new.key.access, new.key.secret)
            await until(lambda: is_in(AccountState.LIVE, desk))
            slow_keyring.set()
            await until(lambda: memory.kept[SERVICE, ACCESS] == new.key.access)
            assert desk.feed.account.balances["KRW"].total == 2  # what the user said last
            await until(lambda: desk.credentials.place == "keyring")


@pytest.mark.usefixtures("slow_keyring")
async def test_the_end_of_the_program_does_not_wait_for_a_keyring_that_asks(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Exchange(seed=1, markets=20) as exchange:
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            await until(lambda: desk.feed.health.is_connected)
        assert exchange.private_connections == 0


async def test_a_key_that_the_keyring_does_not_delete_is_not_used_and_that_is_said(memory: Memory) -> None:
    memory.kept |= {(SERVICE, ACCESS): "a" * 40, (SERVICE, SECRET): "b" * 40}
    credentials, told = Credentials(Secrets()), list[bool]()
    await credentials.read()
    assert credentials.key == AccessKey("a" * 40, "b" * 40)
    memory.delete_password = lambda *_: None  # type: ignore[method-assign,assignment]
    credentials.forget(lambda: told.append(True))
    await until(lambda: told)
    assert credentials.key is None
    assert credentials.is_left
    await credentials.close()


async def test_a_keyring_that_takes_one_half_keeps_none(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.kept |= {(SERVICE, ACCESS): "a" * 40, (SERVICE, SECRET): "b" * 40}
    take = memory.set_password

    def take_one(service: str, name: str, secret: str) -> None:
        if name == SECRET:
            raise KeyringError
        take(service, name, secret)

    monkeypatch.setattr(memory, "set_password", take_one)
    credentials, told = Credentials(Secrets()), list[bool]()
    credentials.set("c" * 40, "d" * 40, lambda: told.append(True))
    await until(lambda: told)
    assert credentials.place == "session"
    assert credentials.key == AccessKey("c" * 40, "d" * 40)
    assert memory.kept == {}, "else the new half would stand beside the old one"
    await credentials.close()


@pytest.mark.parametrize("kept", [{ACCESS: "a" * 40}, {SECRET: "b"}, {ACCESS: "a b", SECRET: "ü"}])
async def test_half_a_key_or_a_damaged_one_is_none(memory: Memory, kept: dict[str, str]) -> None:
    memory.kept |= {(SERVICE, name): text for name, text in kept.items()}
    credentials = Credentials(Secrets())
    await credentials.read()
    assert credentials.key is None
    assert credentials.hint == ""


# --- the page ---


def test_the_page_takes_no_half_of_a_key_and_says_so(qtbot: QtBot) -> None:
    page, entered = AccountPage(), list[tuple[str, str]]()
    page.key_entered.connect(lambda *key: entered.append(key))
    qtbot.addWidget(page)
    page.resize(500, 400)
    page.show()
    assert not page.save.isEnabled()
    QTest.keyClicks(page.access, "abc")
    assert not page.save.isEnabled()
    QTest.keyClicks(page.secret, "d")
    page.secret.insert("é")  # QTest has no keys for it
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    assert page.state.text().startswith("This is no key")
    assert entered == []
    page.secret.setText("")
    QTest.keyClicks(page.secret, " de f ")
    assert page.state.text() == "There is no key."
    assert page.secret.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClick(page.secret, Qt.Key.Key_Return)
    assert entered == [("abc", "def")]
    assert (page.access.text(), page.secret.text()) == ("", "")


async def test_what_waits_in_the_lines_is_gone_when_the_dialog_closes(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    async with Exchange(seed=1, markets=20) as exchange, real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
        page = page_of(desk)
        QTest.keyClicks(page.secret, "half")
        QTest.keyClick(page.window(), Qt.Key.Key_Escape)
        assert not page.isVisible()
        assert page.secret.text() == ""
        page.site.click()
        assert [url.toString() for url in opened] == [KEYS_URL]


# --- never a secret anywhere ---


def written(folder: Path) -> str:
    """All that is in the files of a folder."""
    return "".join(p.read_text(errors="replace") for p in folder.rglob("*") if p.is_file())


def texts_of(widget: QWidget) -> str:
    """All that a widget says, to the eye and to screen readers."""
    said = [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle()]
    if isinstance(widget, QLabel | QLineEdit | QPushButton):
        said.append(widget.text())
    if isinstance(widget, QLineEdit):
        said.append(widget.placeholderText())
    return "\n".join(said)


def reprs() -> str:
    """What each object of ours says of itself, where a crash report might."""
    ours = ("app.", "core.feed", "core.wire", "core.state", "widgets.")
    found = [o for o in gc.get_objects() if str(getattr(type(o), "__module__", "")).startswith(ours)]
    assert any(isinstance(o, Credentials) for o in found)
    assert any(isinstance(o, AccessKey) for o in found)
    return "\n".join(map(repr, found))


async def test_neither_half_of_the_key_is_in_any_log_file_text_or_repr(
    qtbot: QtBot,
    tmp_path: Path,
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    expected_log: ExpectLog,
) -> None:
    caplog.set_level(logging.DEBUG)
    expected_log("does not take the key")
    access, secret = random_texts.token_hex(20), random_texts.token_hex(20)
    said: list[str] = []
    async with Exchange(seed=1, markets=20) as exchange:
        account: Account = exchange.open_account({"KRW": "1000000", "BTC": "0.5"})
        async with real_desk(qtbot, tmp_path, exchange, monkeypatch) as desk:
            page = page_of(desk)

            def look() -> None:
                said.append(reprs() + "".join(texts_of(w) for w in QApplication.allWidgets()))

            # Refused at the handshake and by REST.
            enter(page, access, secret)
            await until(lambda: is_in(AccountState.REFUSED, desk))
            look()
            # Taken, then handshakes that fail, then REST that fails.
            key = Key(account, access, secret)
            account.keys.append(key)
            exchange._keyring.add(key)
            exchange.trouble.refuse_rest(500, count=2, group="default")
            exchange.trouble.refuse(503, count=2)
            desk.check_account_key()
            await until(lambda: is_in(AccountState.LIVE, desk))
            look()
            exchange.trouble.drop()
            await until(lambda: is_in(AccountState.STALE, desk))
            look()
            await until(lambda: is_in(AccountState.LIVE, desk))
            await until(lambda: memory.kept.get((SERVICE, ACCESS)) == access)
            with pytest.raises(TypeError) as why:
                assert desk.credentials.key is not None
                desk.credentials.key.__reduce__()
            said.append(repr(why.value))
            assert page.state.text().startswith(f"Key {access[:4]}…")
            # Refused by a frame while it was in use.
            expected_log("the exchange refused a request on link .* INVALID_AUTH")
            exchange.trouble.refuse_auth_by_frame()
            exchange.drop_key(key)
            exchange.trouble.drop()
            await until(lambda: is_in(AccountState.REFUSED, desk))
            look()
            desk.window.keymap.dialogs._settings.close()  # type: ignore[attr-defined]
            look()
    ours = [r for r in caplog.records if not r.name.startswith(("core.sim", "websockets.server"))]  # not its other end
    logged = "\n".join(f"{r.getMessage()} {r.args!r} {r.exc_text or ''}" for r in ours)
    files = written(tmp_path)
    everything = logged + files + "".join(said)
    assert "KRW-BTC" in files
    assert len(logged) > 1_000
    for half in (access, secret):
        assert half not in everything
        assert half[:12] not in everything
    assert "Bearer" not in everything
    assert "eyJ" not in everything  # how a token begins


# --- the desk of the account ---


async def test_a_line_of_the_account_changes_the_charts_of_its_group_and_own_orders_are_drawn(
    qtbot: QtBot, tmp_path: Path, memory: Memory
) -> None:
    async with Exchange(seed=1, markets=20, demo_trades=True) as exchange:
        source = Source(exchange)
        source.key = AccessKey(exchange.demo.key.access, exchange.demo.key.secret)
        async with open_desk(qtbot, tmp_path, source, name="account") as desk:
            pane, chart = only(AccountPane, desk), only(ChartPane, desk)
            assert isinstance(pane, AccountPane)
            assert isinstance(chart, ChartPane)
            await until(lambda: "ETH" in [line.code for line in pane.view.lines])

            def press() -> bool:
                row = [line.code for line in pane.view.lines].index("ETH")
                QTest.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=QPoint(40, HEADER + row * ROW + 5))
                return chart.market == "KRW-ETH"

            await until(press)  # lines change their places with their worth
            await until(lambda: desk.feed.account.open_orders)
            order = next(iter(desk.feed.account.open_orders.values()))
            chart.market_wanted.emit(order.market)
            await until(lambda: len(chart.view.painter.marks.orders) > 0)
            own = desk.feed.account.orders_of(order.market)
            assert {m.price for m in chart.view.painter.marks.orders} == {
                float(o.price) for o in own if o.price is not None
            }


async def test_a_notice_is_listed_and_opens_in_the_browser(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    async with Exchange(seed=1, markets=20) as exchange:
        source = Source(exchange)
        source.key = AccessKey(exchange.demo.key.access, exchange.demo.key.secret)
        async with open_desk(qtbot, tmp_path, source, name="account") as desk:
            pane = only(NoticesPane, desk)
            assert isinstance(pane, NoticesPane)
            await until(lambda: is_in(AccountState.LIVE, desk))
            exchange.announce("점검 안내", "maintenance")
            await until(lambda: [line.title for line in pane.view.lines] == ["점검 안내"])
            assert pane.view.lines[0].is_unread
            QTest.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=QPoint(150, HEADER + 5))
            assert [url.scheme() for url in opened] == ["https"]
            assert not pane.view.lines[0].is_unread
            await asyncio.sleep(0)
