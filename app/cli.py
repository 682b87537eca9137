"""The command line: what was asked for, and whether this machine can do it. Light: nothing here imports Qt first."""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from app import doctor, qt_features
from app.options import TEMPLATES, Options


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0, or 1 with the reason on stderr.

    Args:
        argv: without the program's name; None is the process's own.

    Raises:
        SystemExit: 2 after bad arguments, 0 after `--help`.
    """
    parser = _parser()
    words = parser.parse_args(argv)
    options = _options(parser, words)
    if words.version:
        sys.stdout.write(f"Hoga {doctor.version('hoga') or '(not installed)'}\n")
        return 0
    if words.command == "doctor":
        return doctor.run(options.data_dir, as_json=words.json)

    # Until the loop listens, Ctrl-C ends the process and says nothing: Qt's modules abort on an interrupted import.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ["QT_API"] = "pyside6"
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    if options.screenshot:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if problem := doctor.problem():
        sys.stderr.write(problem + "\n")
        return 1
    qt_features.leave_out()

    from app import bootstrap

    return bootstrap.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hoga", description="Charts, order books and trades of Upbit.", allow_abbrev=False
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    parser.add_argument(
        "--demo", action="store_true", help="use the built-in exchange: no network, key or config needed"
    )
    parser.add_argument(
        "--desk", metavar="NAME", default="", help="open this desk, or a new one: " + ", ".join(TEMPLATES)
    )
    parser.add_argument("--lang", choices=["ko", "en"], help="language on the screen")
    parser.add_argument("--theme", choices=["dark", "light", "dark-cb", "light-cb"])
    parser.add_argument("--data-dir", metavar="DIR", type=Path, help="keep settings, data and logs in DIR")
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    parser.add_argument(
        "--screenshot", metavar="PNG", type=Path, help="write the window to a file and end; needs no display"
    )
    parser.add_argument("--after", metavar="S", type=_seconds, help="seconds to wait before the screenshot (3)")
    commands = parser.add_subparsers(dest="command", metavar="")
    check = commands.add_parser(
        "doctor", help="say what is installed and whether the exchange can be reached", allow_abbrev=False
    )
    check.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(text)
    return seconds


def _desks(data_dir: Path | None) -> list[str] | None:
    """Return the names of the user's desks, None where what is needed to read them is not installed."""
    try:
        from app.desk_files import DeskFiles

        return DeskFiles(doctor.folders(data_dir)["desks"]).names()
    except (ImportError, KeyError):
        return None  # `doctor.problem` says what is missing


def _options(parser: argparse.ArgumentParser, words: argparse.Namespace) -> Options:
    """Return what was asked for, after the checks that argparse cannot make."""
    if words.after is not None and words.screenshot is None:
        parser.error("--after goes with --screenshot")
    if words.desk and words.desk not in TEMPLATES:
        kept = _desks(words.data_dir)
        if kept is not None and words.desk not in kept:
            parser.error(f"there is no desk {words.desk!r}; there are: {', '.join([*kept, *TEMPLATES])}")
    if words.screenshot is not None:
        if words.screenshot.suffix.lower() != ".png":
            parser.error(f"--screenshot writes PNG: {str(words.screenshot)!r} does not end in .png")
        if not words.screenshot.absolute().parent.is_dir():
            parser.error(f"--screenshot: there is no folder {str(words.screenshot.parent)!r}")
    if words.data_dir is not None and words.data_dir.exists() and not words.data_dir.is_dir():
        parser.error(f"--data-dir: {str(words.data_dir)!r} is not a folder")
    return Options(
        is_demo=words.demo,
        desk=words.desk,
        lang=words.lang,
        theme=words.theme,
        data_dir=words.data_dir,
        log_level=words.log_level,
        screenshot=words.screenshot,
        after_s=Options.after_s if words.after is None else words.after,
    )
