"""What this machine has and lacks: the check before every start, and the `doctor` report. Standard library first.

A missing library or display must be told in one sentence, before Qt can abort the process over it.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import os
import platform
import re
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

# The README's own line; a test compares them.
SET_UP = "python3 -m venv --without-pip .venv && python3 -m pip --python .venv/bin/python install -e ."

MODULES = {
    "PySide6": "PySide6-Essentials",
    "PySide6QtAds": "PySide6-QtAds",
    "qasync": "qasync",
    "pyqtgraph": "pyqtgraph",
    "numpy": "numpy",
    "talib": "TA-Lib",
    "duckdb": "duckdb",
    "websockets": "websockets",
    "jwt": "PyJWT",
    "aiohttp": "aiohttp",
    "msgspec": "msgspec",
    "platformdirs": "platformdirs",
    "keyring": "keyring",
    "cryptography": "cryptography",
    "structlog": "structlog",
    "qtawesome": "qtawesome",
}

# Shared libraries that Qt needs and does not bring, with the Debian and Ubuntu package of each.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    "libX11.so.6": "libx11-6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
NO_DISPLAY = "none"
PLATFORM_LIBRARIES: dict[str, dict[str, str]] = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxcb.so.1": "libxcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
        "libwayland-egl.so.1": "libwayland-egl1",
    },
}
_PACKAGES = QT_LIBRARIES | PLATFORM_LIBRARIES["xcb"] | PLATFORM_LIBRARIES["wayland"]
# Debian 13 and Ubuntu 24.04 renamed it.
_T64 = {"libglib2.0-0"}

# --- before every start ---


def problem(env: Mapping[str, str] = os.environ) -> str:
    """Return the sentence that says why the program cannot start here and what mends it, "" if it can."""
    if sys.version_info < (3, 11):  # noqa: UP036 - a checkout can be run by any Python
        return f"Hoga needs Python 3.11 or newer, this is {platform.python_version()}."
    if absent := [name for module, name in MODULES.items() if importlib.util.find_spec(module) is None]:
        return f"Hoga needs {_listed(absent)}, which this Python lacks; in the project's folder: {SET_UP}"
    return qt_problem(env) or display_problem(env)


def qt_problem(env: Mapping[str, str]) -> str:
    """Return why Qt cannot be loaded, "" if it can."""
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as why:
        # With those of the platform, so that one installation is enough.
        last = _platforms(env)[-1]
        return _library_problem(
            str(why), QT_LIBRARIES | PLATFORM_LIBRARIES.get("xcb" if last == NO_DISPLAY else last, {})
        )
    return ""


def display_problem(env: Mapping[str, str]) -> str:
    """Return why no window can be shown, "" if one can."""
    if sys.platform != "linux":
        return ""
    names = _platforms(env)
    if names == [NO_DISPLAY]:
        absent = missing_libraries(PLATFORM_LIBRARIES["xcb"])
        packages = ["xvfb", "xauth", *sorted(_PACKAGES[soname] for soname in absent)]
        again = f"{sys.executable} {sys.argv[0]}" if sys.argv[0].endswith(".py") else sys.argv[0]
        return (
            "Hoga needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set; start it in a desktop session, or "
            f"on a virtual display: {_apt(packages)} && xvfb-run -a {again} --demo"
        )
    problems = [_platform_problem(name, env) for name in names]
    return "" if "" in problems else problems[-1]


def _platforms(env: Mapping[str, str]) -> list[str]:
    """Return the platform plugins that Qt will try, in its order; `NO_DISPLAY` if there is nothing to try."""
    if sys.platform != "linux":
        return [""]
    if asked := env.get("QT_QPA_PLATFORM"):
        return [word.partition(":")[0] for word in asked.split(";")]
    names = ["wayland"] * bool(env.get("WAYLAND_DISPLAY")) + ["xcb"] * bool(env.get("DISPLAY"))
    return names or [NO_DISPLAY]


def _platform_problem(name: str, env: Mapping[str, str]) -> str:
    """Return why Qt's platform plugin `name` would fail, "" if it would not."""
    family = name.partition("-")[0]
    plugins = _plugin_folder()
    plugin = plugins / f"libq{family}.so"
    if not plugin.exists():
        known = sorted(p.stem.removeprefix("libq") for p in plugins.glob("libq*.so"))
        return f"Hoga cannot use QT_QPA_PLATFORM={name}: Qt has only {_listed(known)} here."
    try:
        ctypes.CDLL(str(plugin))
    except OSError as why:
        return _library_problem(str(why), QT_LIBRARIES | PLATFORM_LIBRARIES.get(family, {}))
    if family == "xcb" and not _x_answers(env.get("DISPLAY", "")):
        return f"Hoga needs a display, and none answers at DISPLAY={env.get('DISPLAY', '')}; is it the right one?"
    if family == "wayland" and not _wayland_answers(env):
        return f"Hoga needs a display, and none answers at WAYLAND_DISPLAY={env.get('WAYLAND_DISPLAY', '')}."
    return ""


def _plugin_folder() -> Path:
    from PySide6.QtCore import QLibraryInfo

    return Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"


def _x_answers(display: str) -> bool:
    """Return whether an X server lets us in; the plugin that was just loaded brought the library along."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def _wayland_answers(env: Mapping[str, str]) -> bool:
    path = Path(env.get("XDG_RUNTIME_DIR", "")) / env.get("WAYLAND_DISPLAY", "wayland-0")
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def missing_libraries(sonames: Mapping[str, str]) -> list[str]:
    """Return those of the shared libraries that cannot be loaded."""
    absent = []
    for soname in sonames:
        try:
            ctypes.CDLL(soname)
        except OSError:
            absent.append(soname)
    return absent


def _library_problem(said: str, wanted: Mapping[str, str]) -> str:
    """Return the sentence about a library that could not be loaded.

    Args:
        said: the loader's message; it names only the first that is missing.
        wanted: all that are needed, so that one installation is enough.
    """
    absent = missing_libraries(wanted)
    if (found := re.search(r"[\w.+-]+\.so[\w.]*(?=: cannot open)", said)) and found[0] not in absent:
        absent.insert(0, found[0])
    if not absent:
        return f"Hoga cannot load Qt: {said}"
    packages = sorted({_PACKAGES[soname] for soname in absent if soname in _PACKAGES})
    mend = f"; on Debian and Ubuntu: {_apt(packages)}" if packages else ""
    return f"Hoga needs {_listed(absent)}, which this system lacks{mend}"


def _apt(packages: list[str]) -> str:
    """Return the command that installs Debian packages, under the names they have here."""
    has_t64 = False
    try:
        release = platform.freedesktop_os_release()
        major = float(release.get("VERSION_ID", "0"))
        has_t64 = major >= {"debian": 13, "ubuntu": 24.04}.get(release["ID"], float("inf"))
    except (OSError, KeyError, ValueError):
        pass
    names = [name + "t64" if has_t64 and name in _T64 else name for name in packages]
    sudo = "" if sys.platform == "linux" and os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y --no-install-recommends {' '.join(names)}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


# --- the report ---


def run(data_dir: Path | None, *, as_json: bool, timeout_s: float = 4.5) -> int:
    """Print the report. An exchange out of reach is part of it; return 1 only if Hoga could not start here."""
    report = examine(data_dir, timeout_s=timeout_s)
    sys.stdout.write((json.dumps(report, indent=2, ensure_ascii=False) if as_json else _as_text(report)) + "\n")
    return 1 if report["problem"] else 0


def examine(data_dir: Path | None, *, timeout_s: float) -> dict[str, Any]:
    """Return what there is to know about this machine; without secrets, the home folder written as "~"."""
    from app import reach

    deadline = time.monotonic() + timeout_s
    rest_answer = _meanwhile(lambda: reach.ask(reach.REST, timeout_s))
    ws_answer = _meanwhile(lambda: reach.ask(reach.WS, timeout_s))
    keyring_name = _meanwhile(_keyring)
    why_not = problem()
    needs = {"qt": QT_LIBRARIES} | PLATFORM_LIBRARIES if sys.platform == "linux" else {}
    silent = "no answer within the time given, DNS included"
    rest = rest_answer(deadline) or reach.Answer(reach.REST, "timeout", silent)
    ws = ws_answer(deadline) or reach.Answer(reach.WS, "timeout", silent)
    return {
        "problem": why_not,
        "versions": {"python": platform.python_version(), "qt": _qt_version()}
        | {name: version(name) for name in ["hoga", *MODULES.values()]},
        "platform": platform.platform(),
        "folders": {name: _homeless(folder) for name, folder in folders(data_dir).items()},
        "history": _history(folders(data_dir).get("data")),
        "keyring": keyring_name(deadline) or "no answer",
        "display": {name: os.environ.get(name, "") for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")},
        "missing_libraries": {name: missing_libraries(wanted) for name, wanted in needs.items()},
        "fonts": _fonts(),
        "proxies": reach.proxy_names(),
        "exchange": {"rest": rest._asdict(), "ws": ws._asdict()},
        "clock_offset_s": rest.clock_offset_s,
    }


def version(distribution: str) -> str:
    """Return the installed version, "" if there is none."""
    import importlib.metadata

    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def folders(data_dir: Path | None) -> dict[str, Path]:
    """Return where the program keeps what it writes: `config`, `data`, `desks`, `log`; below `data_dir` if given."""
    if data_dir is not None:
        return {"config": data_dir, "data": data_dir, "desks": data_dir / "desks", "log": data_dir / "log"}
    if importlib.util.find_spec("platformdirs") is None:
        return {}
    import platformdirs

    dirs = platformdirs.PlatformDirs("hoga", appauthor=False)
    data = dirs.user_data_path
    return {"config": dirs.user_config_path, "data": data, "desks": data / "desks", "log": dirs.user_log_path}


def _history(folder: Path | None) -> dict[str, str]:
    """Return the files in which candles and trades are kept, with the size of each."""
    if folder is None:
        return {}
    try:
        return {path.name: f"{path.stat().st_size / 2**20:.1f} MiB" for path in sorted(folder.glob("history-*.db"))}
    except OSError:
        return {}


def _meanwhile(ask: Callable[[], T]) -> Callable[[float], T | None]:
    """Start `ask` in a thread; return what waits for its answer until a deadline, None if it came too late.

    Not an executor: at exit, Python waits for an executor's threads, and a name server may keep one for half a minute.
    """
    answers: list[T] = []
    thread = Thread(target=lambda: answers.append(ask()), daemon=True)
    thread.start()

    def answer(deadline: float) -> T | None:
        thread.join(max(0.0, deadline - time.monotonic()))
        return answers[0] if answers else None

    return answer


def _keyring() -> str:
    """Return the name of the keyring that would hold API keys."""
    if importlib.util.find_spec("keyring") is None:
        return "not installed"
    import keyring

    backend = keyring.get_keyring()
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _qt_version() -> str:
    try:
        from PySide6.QtCore import qVersion
    except ImportError:
        return ""
    return qVersion()


def _fonts() -> dict[str, object]:
    """Return the bundled font families that load, and whether any font here can write Korean."""
    if qt_problem({}):
        return {"bundled": [], "has_korean": False}
    from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
    from PySide6.QtWidgets import QApplication

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance() or QApplication(["hoga"])
    files = sorted((Path(__file__).resolve().parents[1] / "resources" / "fonts").glob("*.otf"))
    ids = [QFontDatabase.addApplicationFont(str(file)) for file in files]
    bundled = sorted({family for i in ids for family in QFontDatabase.applicationFontFamilies(i)})
    # Asked of the glyphs: the bundled font does not declare the writing system.
    has_korean = any(QFontMetrics(QFont(family)).inFontUcs4(ord("가")) for family in bundled) or bool(
        QFontDatabase.families(QFontDatabase.WritingSystem.Korean)
    )
    del app
    return {"bundled": bundled, "has_korean": has_korean}


def _as_text(report: Mapping[str, Any]) -> str:
    from app import reach

    lines = [f"Hoga can{'not' * bool(report['problem'])} start here.", report["problem"], ""]
    for name, value in report.items():
        if name in {"problem", "exchange", "clock_offset_s"}:
            continue
        if isinstance(value, dict):
            lines += [
                name,
                *(
                    f"  {k:<20} {', '.join(v) or 'none' if isinstance(v, list) else v}".rstrip()
                    for k, v in value.items()
                ),
            ]
        else:
            lines.append(f"{name:<22} {', '.join(value) or 'none' if isinstance(value, list) else value}")
    lines.append("exchange")
    for name, answer in report["exchange"].items():
        reached = f"reached in {answer['took_ms']} ms"
        failed = f"{answer['failure']}: {reach.HINTS.get(answer['failure'], '')} ({answer['detail']})"
        lines.append(f"  {name:<20} {answer['url']}  {failed if answer['failure'] else reached}")
    offset = report["clock_offset_s"]
    lines.append(f"{'clock offset':<22} {'not known' if offset is None else f'{offset:+.1f} s (to half a second)'}")
    return "\n".join(line for i, line in enumerate(lines) if line or i == 2)


def _homeless(path: Path) -> str:
    """Return a path without the user's name."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
