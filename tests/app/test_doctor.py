"""The doctor: every way in which a start or the way to the exchange can fail is named, on real sockets."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from threading import Event, Thread

import pytest

from app import doctor, reach

linux = pytest.mark.skipif(sys.platform != "linux", reason="platform plugins are checked on Linux alone")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


class Listener:
    """Servers that read one request of each client and say what they were told to; "" for silence."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._is_over = Event()
        self._threads: list[Thread] = []

    def __call__(self, answer: bytes) -> int:
        """Return the port of a new server."""
        server = socket.create_server(("127.0.0.1", 0))
        server.settimeout(0.05)
        thread = Thread(target=self._run, args=(server, answer))
        thread.start()
        self._threads.append(thread)
        return int(server.getsockname()[1])

    def _run(self, server: socket.socket, answer: bytes) -> None:
        with server:
            while not self._is_over.is_set():
                with contextlib.suppress(TimeoutError):
                    client, _ = server.accept()
                    with client:
                        client.settimeout(5)
                        self.asked.append(client.recv(4096))
                        if not answer:
                            self._is_over.wait(10)
                        client.sendall(answer)

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def serve() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.stop()


# --- reach ---


def http_answer(status: str = "200 OK", at_s: float = 0.0) -> bytes:
    date = formatdate(time.time() + at_s, usegmt=True)
    return f"HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("off_s", [0.0, -3600.0, 86400.0])
def test_an_answer_tells_how_far_our_clock_is_off(serve: Listener, off_s: float) -> None:
    answer = reach.ask(f"http://127.0.0.1:{serve(http_answer(at_s=off_s))}/v1/ticker?markets=KRW-BTC", 5)
    assert answer.failure == ""
    assert answer.clock_offset_s == pytest.approx(off_s, abs=1.6)


def test_the_whole_path_is_asked(serve: Listener) -> None:
    reach.ask(f"http://127.0.0.1:{serve(http_answer())}/v1/ticker?markets=KRW-BTC", 5)
    assert serve.asked[0].startswith(b"GET /v1/ticker?markets=KRW-BTC HTTP/1.1\r\n")


def test_a_websocket_is_reached_when_it_agrees_to_switch(serve: Listener) -> None:
    yes = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    assert reach.ask(f"ws://127.0.0.1:{serve(yes)}/websocket/v1", 5).failure == ""
    assert b"Upgrade: websocket\r\n" in serve.asked[0]
    refused = reach.ask(f"ws://127.0.0.1:{serve(http_answer('403 Forbidden'))}/websocket/v1", 5)
    assert (refused.failure, refused.detail) == ("answer", "HTTP 403 Forbidden")


@pytest.mark.parametrize("stamp", [b"", b"Date: yesterday\r\n"])
def test_an_answer_without_a_usable_date_gives_no_clock_offset(serve: Listener, stamp: bytes) -> None:
    port = serve(b"HTTP/1.1 200 OK\r\n" + stamp + b"Content-Length: 0\r\n\r\n")
    answer = reach.ask(f"http://127.0.0.1:{port}/", 5)
    assert (answer.failure, answer.clock_offset_s) == ("", None)


def test_a_closed_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert reach.ask(f"https://127.0.0.1:{port}/", 5).failure == "refused"


def test_an_unknown_name_is_dns() -> None:
    assert reach.ask("https://no-such-host.invalid/", 5).failure == "dns"


def test_silence_is_a_timeout(serve: Listener) -> None:
    assert reach.ask(f"http://127.0.0.1:{serve(b'')}/", 0.2).failure == "timeout"


def test_a_server_without_tls_is_tls(serve: Listener) -> None:
    assert reach.ask(f"https://127.0.0.1:{serve(b'HTTP/1.1 400 Bad Request' + bytes(20))}/", 5).failure == "tls"


def test_a_certificate_nobody_vouches_for_is_tls() -> None:
    why = ssl.SSLCertVerificationError(1, "certificate has expired")
    assert reach._failure(why, has_proxy=True) == "tls"


def test_garbage_is_another_answer(serve: Listener) -> None:
    port = serve(b"moo\n")
    assert reach.ask(f"http://127.0.0.1:{port}/", 5).failure == "answer"


def test_a_proxy_that_refuses_is_named_and_gets_its_login(serve: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    port = serve(http_answer("407 Proxy Authentication Required"))
    monkeypatch.setenv("https_proxy", f"http://me:s%40me@127.0.0.1:{port}")
    answer = reach.ask("https://api.upbit.invalid/v1", 5)
    assert answer.failure == "proxy"
    assert "407" in answer.detail
    asked = serve.asked[0]
    assert asked.startswith(b"CONNECT api.upbit.invalid:443")
    assert b"Proxy-Authorization: Basic bWU6c0BtZQ==" in asked


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9", "127.0.0.1:9", "http://no-such-proxy.invalid", "http://a:b:c"]
)
def test_a_proxy_that_is_not_there_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", address)
    assert reach.ask("https://api.upbit.invalid/v1", 5).failure == "proxy"


def test_every_failure_has_a_hint() -> None:
    assert set(reach.HINTS) == {"dns", "refused", "tls", "proxy", "timeout", "network", "answer"}


# --- the report ---


@pytest.mark.usefixtures("qapp")
def test_the_report_waits_for_nobody(serve: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = serve(b"")
    start = time.monotonic()
    monkeypatch.setattr(reach, "REST", f"http://127.0.0.1:{port}/")
    monkeypatch.setattr(reach, "WS", f"ws://127.0.0.1:{port}/")
    report = doctor.examine(tmp_path, timeout_s=0.3)
    assert time.monotonic() - start < 9  # the silent server says something after ten
    assert report["exchange"]["rest"]["failure"] == "timeout"
    assert report["clock_offset_s"] is None


@pytest.mark.usefixtures("qapp")
def test_a_name_server_that_hangs_does_not_hold_the_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    release = Event()

    def hang(url: str, _timeout_s: float) -> reach.Answer:
        release.wait(30)
        return reach.Answer(url)

    monkeypatch.setattr(reach, "ask", hang)
    try:
        report = doctor.examine(tmp_path, timeout_s=0.2)
        assert report["exchange"]["ws"]["failure"] == "timeout"
    finally:
        release.set()


@pytest.mark.usefixtures("qapp")
def test_the_report_is_complete_and_keeps_secrets(
    serve: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@127.0.0.1:9")
    monkeypatch.setattr(reach, "REST", f"http://127.0.0.1:{serve(http_answer())}/")
    assert doctor.run(None, as_json=True, timeout_s=2) == 0  # out of reach, and yet it could start here
    text = capsys.readouterr().out
    report = json.loads(text)
    assert report["problem"] == ""
    assert all(report["versions"][name] for name in doctor.MODULES.values())
    assert report["versions"]["qt"] == report["versions"]["PySide6-Essentials"]
    assert report["keyring"]
    assert set(report["folders"]) == {"config", "data", "desks", "log"}
    assert report["exchange"]["ws"]["failure"]
    assert report["fonts"]["has_korean"]
    assert report["proxies"] == ["https"]
    assert "secret" not in text
    assert str(Path.home()) not in text


@pytest.mark.usefixtures("qapp")
def test_the_text_says_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "ask", lambda url, _timeout_s: reach.Answer(url, "dns", "who?"))
    monkeypatch.setattr(doctor, "problem", lambda: "Hoga needs the moon")
    assert doctor.run(None, as_json=False) == 1
    text = capsys.readouterr().out
    assert text.startswith("Hoga cannot start here.\nHoga needs the moon\n")
    assert f"dns: {reach.HINTS['dns']} (who?)" in text


def test_the_files_of_history_are_told_with_their_size(tmp_path: Path) -> None:
    (tmp_path / "history-upbit.db").write_bytes(bytes(3 * 2**20))
    (tmp_path / "settings.json").write_bytes(b"{}")
    assert doctor._history(tmp_path) == {"history-upbit.db": "3.0 MiB"}
    assert doctor._history(tmp_path / "nowhere") == doctor._history(None) == {}


def test_a_data_folder_of_one_s_own_holds_all(tmp_path: Path) -> None:
    assert all(folder.is_relative_to(tmp_path) for folder in doctor.folders(tmp_path).values())


def test_paths_do_not_name_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert doctor._homeless(tmp_path / "a" / "b") == str(Path("~/a/b"))
    assert doctor._homeless(Path("/srv")) == str(Path("/srv"))


# --- before the start ---


def test_here_it_can_start() -> None:
    assert doctor.problem({"QT_QPA_PLATFORM": "offscreen"}) == ""


def test_a_missing_module_is_named_with_the_readme_s_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.MODULES, "no_such_module", "no-such")
    assert (
        doctor.problem({}) == f"Hoga needs no-such, which this Python lacks; in the project's folder: {doctor.SET_UP}"
    )


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    assert doctor.problem({}).startswith("Hoga needs Python 3.11")


def without(monkeypatch: pytest.MonkeyPatch, *sonames: str) -> None:
    """Let the loader find none of these."""
    real = ctypes.CDLL

    def load(name: str) -> ctypes.CDLL:
        for soname in sonames:
            if name == soname or "libqxcb" in name:
                raise OSError(f"{soname}: cannot open shared object file: No such file or directory")
        return real(name)

    monkeypatch.setattr(ctypes, "CDLL", load)


@linux
def test_missing_libraries_are_named_all_at_once_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "libxcb-cursor.so.0", "libxkbcommon-x11.so.0")
    said = doctor.display_problem({"QT_QPA_PLATFORM": "xcb"})
    assert said.startswith("Hoga needs libxcb-cursor.so.0 and libxkbcommon-x11.so.0, which this system lacks")
    assert said.endswith("apt-get install -y --no-install-recommends libxcb-cursor0 libxkbcommon-x11-0")


@linux
def test_qt_that_does_not_load_asks_for_the_platform_s_libraries_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str) -> None:
        raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(doctor.importlib, "import_module", fail)
    without(monkeypatch, "libEGL.so.1", "libxcb-cursor.so.0")
    assert doctor.qt_problem({"DISPLAY": ":0"}).endswith("libegl1 libxcb-cursor0")
    assert doctor.qt_problem({"QT_QPA_PLATFORM": "offscreen"}).endswith("libegl1")


@linux
def test_a_library_without_a_known_package_is_named_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    said = doctor._library_problem("libodd.so.3: cannot open shared object file", {})
    assert said == "Hoga needs libodd.so.3, which this system lacks"
    assert doctor._library_problem("undefined symbol: moo", {}) == "Hoga cannot load Qt: undefined symbol: moo"


@linux
@pytest.mark.parametrize(
    ("release", "name"),
    [
        ("debian 12", "libglib2.0-0"),
        ("debian 13", "libglib2.0-0t64"),
        ("ubuntu 22.04", "libglib2.0-0"),
        ("ubuntu 24.04", "libglib2.0-0t64"),
        ("fedora 43", "libglib2.0-0"),
        ("arch ", "libglib2.0-0"),
    ],
)
def test_packages_have_the_name_of_this_release(release: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family, _, number = release.partition(" ")
    monkeypatch.setattr(doctor.platform, "freedesktop_os_release", lambda: {"ID": family, "VERSION_ID": number})
    assert doctor._apt(["libglib2.0-0"]).split()[-1] == name


@linux
def test_no_display_names_the_way_to_a_virtual_one() -> None:
    said = doctor.display_problem({})
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in said
    assert "xvfb" in said


@linux
def test_a_display_that_does_not_answer_is_named() -> None:
    if doctor.missing_libraries(doctor.PLATFORM_LIBRARIES["xcb"]):
        pytest.skip("the libraries of X11 are not installed")
    assert "none answers at DISPLAY=:4711" in doctor.display_problem({"DISPLAY": ":4711"})


@linux
def test_an_unknown_platform_lists_those_there_are() -> None:
    said = doctor.display_problem({"QT_QPA_PLATFORM": "hologram"})
    assert "QT_QPA_PLATFORM=hologram" in said
    assert "offscreen" in said


@linux
def test_the_second_platform_counts_too() -> None:
    assert doctor.display_problem({"QT_QPA_PLATFORM": "hologram;offscreen:odd=1"}) == ""


@linux
def test_wayland_is_tried_at_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: None)
    env = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}
    assert "none answers at WAYLAND_DISPLAY=wayland-7" in doctor.display_problem(env)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert doctor.display_problem(env) == ""


@pytest.mark.xvfb
def test_a_display_that_answers_is_good(xvfb_display: dict[str, str]) -> None:
    env = {k: v for k, v in xvfb_display.items() if k != "QT_QPA_PLATFORM"}
    script = "from app import doctor; print(doctor.problem(), end='')"
    outcome = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
