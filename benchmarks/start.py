"""From the command to the window, to the first candles, to four live groups: `main.py --demo` as a user starts it.

Files are warm and bytecode is compiled: a first start that nobody counts sees to that, and leaves candles on the disk:
`first_candle_ms` is of these. `empty` has the same times of starts without them, one after each that is counted, where
candles come by REST. The times stand in the program's own log.
"""

from __future__ import annotations

import datetime
import math
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import arguments, report

ROOT = Path(__file__).parent.parent
DUE_S = 30.0
MARKS = {
    "window_ms": "window painted",
    "first_candle_ms": "every chart shows candles",
    "live_ms": "every pane is live",
}
_IMPORT = (
    "import time; began = time.perf_counter(); import PySide6.QtWidgets; from app import qt_features;"
    "qt_features.leave_out(); import app.bootstrap, app.qtloop, app.desk, app.logs;"
    "print((time.perf_counter() - began) * 1000)"
)


class StartError(Exception):
    """The program did not come up; the text has what it said."""


def start_once(folder: Path, desk: str = "") -> dict[str, float]:
    """Start the program with its data in `folder`, stop it when it is live. Return ms by mark, and MiB.

    Args:
        folder: of its files.
        desk: to open, saved or a template; "": the one that was open last.

    Raises:
        StartError: it was not live in time.
    """
    log = folder / "log" / "hoga.log"
    log.unlink(missing_ok=True)
    began = time.time()
    command = [sys.executable, "main.py", "--demo", "--lang", "en", "--data-dir", str(folder)]
    command += ["--desk", desk] if desk else []
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as program:
        lines: list[str] = []
        while not any(MARKS["live_ms"] in line for line in lines):
            if program.poll() is not None or time.time() > began + DUE_S:
                program.kill()
                raise StartError(program.communicate()[1] or f"not live after {DUE_S:g} s")
            time.sleep(0.05)
            lines = log.read_text().splitlines() if log.exists() else []
        rss_mib = _rss_mib(program.pid)
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=DUE_S)
    found = {key: next(_stamp_s(line) for line in lines if text in line) for key, text in MARKS.items()}
    return {key: (at - began) * 1000 for key, at in found.items()} | {"rss_mib": rss_mib}


def forget_history(folder: Path) -> None:
    """Remove the candles and trades that were kept."""
    for file in folder.glob("history-*"):
        file.unlink()


def _stamp_s(line: str) -> float:
    return datetime.datetime.fromisoformat(line.split(maxsplit=1)[0]).timestamp()


def _rss_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():  # no Linux
        return math.nan
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def import_once() -> float:
    """Return ms to import all of the program."""
    env = {**os.environ, "QT_API": "pyside6", "PYQTGRAPH_QT_LIB": "PySide6"}
    command = [sys.executable, "-c", _IMPORT]
    return float(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=9, metavar="N", help="starts; medians are printed (9)")
    parser.add_argument("--desk", default="", metavar="NAME", help="template that is kept and opened again (four)")
    options = parser.parse_args()
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        try:
            (Path(folder) / "settings.json").write_text('{"version": 1, "has_seen_tour": true}')
            start_once(Path(folder), options.desk)  # makes the desk, and warms what is read
            runs, empty = [], []
            for _ in range(options.runs):
                runs.append(start_once(Path(folder)))
                forget_history(Path(folder))
                empty.append(start_once(Path(folder)))
        except StartError as why:
            sys.exit(f"start: {why}")
    imports = [import_once() for _ in range(min(options.runs, 5))]
    result: dict[str, object] = {key: round(statistics.median(run[key] for run in runs)) for key in runs[0]}
    result["import_ms"] = round(statistics.median(imports))
    result["worst"] = {key: round(max(run[key] for run in runs)) for key in runs[0]}
    result["empty"] = {key: round(statistics.median(run[key] for run in empty)) for key in empty[0]}
    result["runs"] = len(runs)
    report("start", result, options.json)


if __name__ == "__main__":
    main()
