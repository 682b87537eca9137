"""lightweight-charts in a browser without a display: `chart_lightweight.py BARS INDICATORS FOLDER BROWSER`.

FOLDER holds its standalone script. What hands do comes as events of the page, as of a mouse; what it shows is in
`chart_lightweight.js`. A cost is the CPU time of the page's main thread over three frames, less that of three in which
nothing changes; rasterising and compositing come on top, in other threads and processes: `all_processes_ms` is the mean
of all of it, where the system tells.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from work import BUDGET_S, NEWEST_S, WARM_UP, serve, spend, walk

FIGURES = ("tick_ms", "tick_all_ms", "pan_ms", "zoom_ms", "crosshair_ms")
SCRIPT = "lightweight-charts.standalone.production.js"
SIZE = (960, 540)
_IDLE = 20  # frames in which nothing changes


class Browser:
    """A browser spoken to through a pair of pipes, in its debugging protocol."""

    def __init__(self, program: str, page: Path, profile: Path) -> None:
        theirs, ours = os.pipe()
        back, away = os.pipe()
        options = [
            "--headless",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
            f"--window-size={SIZE[0]},{SIZE[1]}",
            "--force-device-scale-factor=1",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]
        # It reads from 3 and writes to 4.
        script = f'exec "$0" "$@" 3<&{theirs} 4>&{away}'
        self.process = subprocess.Popen(
            ["sh", "-c", script, program, *options],
            pass_fds=(theirs, away),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(away)
        self._out, self._in = os.fdopen(ours, "wb", buffering=0), os.fdopen(back, "rb")
        self._ids, self._rest = count(1), b""
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank", width=SIZE[0], height=SIZE[1])["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Page.navigate", url=page.as_uri())
        while self._read().get("method") != "Page.loadEventFired":
            pass
        self.call("Performance.enable", timeDomain="threadTicks")

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method and wait for what it returns.

        Raises:
            RuntimeError: it refuses, or has ended.
        """
        number = next(self._ids)
        said: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        self._out.write(json.dumps(said).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == number:
                if "error" in told:
                    raise RuntimeError(told["error"]["message"])
                return told["result"]

    def run(self, script: str) -> Any:
        """Evaluate a script, or await the promise that it is.

        Raises:
            RuntimeError: it threw.
        """
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            thrown = told["exceptionDetails"]
            raise RuntimeError(thrown.get("exception", {}).get("description") or thrown["text"])
        return told["result"].get("value")

    def main_thread_ms(self) -> float:
        """Return ms of CPU that the page's main thread has taken."""
        metrics = {m["name"]: m["value"] for m in self.call("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"] * 1e3

    def all_ms(self) -> float | None:
        """Return ms of CPU that all its processes have taken; None where that cannot be known."""
        if not Path("/proc/self/schedstat").is_file():
            return None
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended
        family = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= more
        spent = 0
        for pid in family:
            for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                try:
                    spent += int(thread.read_text().split()[0])
                except OSError:
                    continue
        return spent / 1e6

    def close(self) -> None:
        self._out.close()  # it ends without whom it is debugged by
        try:
            self.process.wait(3.0)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._in.fileno(), 2**20)
            if not part:
                raise RuntimeError("the browser ended")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        return json.loads(line)


def measure(browser: Browser, what: str, n: int) -> dict[str, object]:
    """Return the costs of up to `n` frames, and the mean of all processes."""

    def frames(name: str, n: int, budget_s: float) -> tuple[list[float], float | None]:
        begin, cost = browser.all_ms(), []
        for i in spend(budget_s, n):
            before = browser.main_thread_ms()
            browser.run(f"frame('{name}', {i})")
            cost.append(browser.main_thread_ms() - before)
        end = browser.all_ms()
        return cost, (end - begin) / len(cost) if begin is not None and end is not None else None

    browser.run(f"look('{what}')")
    frames(what, WARM_UP, 1.0)
    idle, all_idle = frames("nothing", _IDLE, BUDGET_S)
    browser.run(f"look('{what}')")
    cost, of_all = frames(what, n, BUDGET_S)
    told: dict[str, object] = {"ms": [max(c - median(idle), 0.0) for c in cost]}
    if of_all is not None and all_idle is not None:
        told["all_processes_ms"] = max(of_all - all_idle, 0.0)
    return told


def write_page(folder: Path, script: Path, bars: int, indicators: int) -> Path:
    """Write the page and what it shows; return the page."""
    rows = ",".join(f"{o:.0f},{h:.0f},{lo:.0f},{c:.0f},{v:.4f}" for o, h, lo, c, v in walk(bars))
    first_s = NEWEST_S - 60 * (bars - 1)
    (folder / "bars.js").write_text(f"const WALK=[{rows}],FIRST_S={first_s},INDICATORS={indicators};")
    sources = (script.as_uri(), "bars.js", Path(__file__).with_suffix(".js").as_uri())
    body = "".join(f'<script src="{source}"></script>' for source in sources)
    page = folder / "page.html"
    page.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{body}</body>')
    return page


def main() -> None:
    bars, indicators, home, program = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(program, write_page(Path(folder), home / SCRIPT, bars, indicators), Path(folder) / "profile")
        try:
            version = browser.call("Browser.getVersion")["product"]
            figures: dict[str, Callable[[int], object]] = {f: partial(measure, browser, f) for f in FIGURES}
            serve(figures, {"browser": version}, at_end=browser.close)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
