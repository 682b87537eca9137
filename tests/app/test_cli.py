"""The command line: what it accepts, what it refuses with usage and exit 2, and what it hands on."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from app import cli, doctor
from app.options import Options
from tests.conftest import REPO


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """Put a recorder in the place of the program; the list gets the options of each start."""
    seen: list[Options] = []
    program = types.ModuleType("app.bootstrap")
    program.run = lambda options: seen.append(options) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "app.bootstrap", program)
    monkeypatch.setattr("app.bootstrap", program, raising=False)
    monkeypatch.setattr(doctor, "problem", lambda: "")
    return seen


def test_no_argument_means_the_real_exchange_and_the_settings(started: list[Options]) -> None:
    assert cli.main([]) == 0
    assert started == [Options()]
    assert not started[0].is_demo


def test_every_option_arrives(started: list[Options], tmp_path: Path) -> None:
    png = tmp_path / "a.png"
    words = [
        "--demo",
        "--desk",
        "wall",
        "--lang",
        "ko",
        "--theme",
        "light",
        "--log-level",
        "debug",
        "--after",
        "1.5",
    ]
    assert cli.main([*words, "--data-dir", str(tmp_path), "--screenshot", str(png)]) == 0
    assert started == [Options(True, "wall", "ko", "light", tmp_path, "debug", png, 1.5)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nope"], "unrecognized arguments: --nope"),
        (["--dem"], "unrecognized arguments: --dem"),
        (["--lang", "fr"], "invalid choice: 'fr'"),
        (["--theme", "pink"], "invalid choice: 'pink'"),
        (["--log-level", "loud"], "invalid choice: 'loud'"),
        (["--after", "3"], "--after goes with --screenshot"),
        (["--screenshot", "a.png", "--after", "-1"], "invalid _seconds value: '-1'"),
        (["--screenshot", "a.png", "--after", "nan"], "invalid _seconds value: 'nan'"),
        (["--screenshot", "a.jpg"], "does not end in .png"),
        (["--screenshot", "no/such/folder/a.png"], "there is no folder 'no/such/folder'"),
        (["--data-dir", __file__], "is not a folder"),
        (["doctor", "--xml"], "unrecognized arguments: --xml"),
        (["surgeon"], "invalid choice: 'surgeon'"),
        (["--desk", "nope"], "there is no desk 'nope'; there are: four, scalping, trading, wall"),
    ],
)
def test_bad_arguments_exit_2_with_usage(
    words: list[str], said: str, started: list[Options], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 2
    stderr = capsys.readouterr().err
    assert stderr.startswith("usage: hoga")
    assert said in stderr
    assert not started


def test_a_screenshot_needs_no_display(started: list[Options], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(doctor, "problem", lambda: doctor.display_problem(os.environ))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert cli.main(["--screenshot", str(tmp_path / "a.png")]) == 0
    assert cli.main([]) == 0  # the first start set the platform for this process
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert cli.main([]) == (1 if sys.platform == "linux" else 0)


def test_a_problem_is_one_line_on_stderr_and_exit_1(
    started: list[Options], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "problem", lambda: "Hoga needs the moon")
    assert cli.main(["--demo"]) == 1
    assert capsys.readouterr() == ("", "Hoga needs the moon\n")
    assert not started


def test_the_command_line_is_read_before_anything_heavy_loads() -> None:
    heavy = ["PySide6", "numpy", "pyqtgraph", "aiohttp", "websockets", "msgspec", "asyncio"]
    script = f"import sys, app.cli; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", script], cwd=REPO, check=False).returncode == 0


def test_the_window_comes_before_what_panes_need_is_loaded() -> None:
    heavy = ["numpy", "pyqtgraph", "aiohttp", "websockets", "msgspec", "jwt", "structlog"]
    script = f"import sys, app.main_window; print([name for name in {heavy} if name in sys.modules])"
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    end = subprocess.run([sys.executable, "-c", script], cwd=REPO, env=env, capture_output=True, text=True, check=True)
    assert end.stdout == "[]\n"


def test_imports_after_qt_are_not_read_as_sources() -> None:
    code = (
        "import linecache, PySide6.QtCore; from app import qt_features; qt_features.leave_out();"
        "before = {*linecache.cache}; import fractions; print({*linecache.cache} - before)"
    )
    end = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPO, check=True, timeout=60)
    assert end.stdout == "set()\n"


def test_without_a_display_main_py_says_so_and_does_not_abort() -> None:
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    outcome = subprocess.run(
        [sys.executable, "main.py", "--demo"],
        cwd=REPO,
        env=env,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("Hoga needs a display")
    assert outcome.stderr.count("\n") == 1
    assert "apt-get install" in outcome.stderr
