"""What is lost when the program is killed: `kill -9` at random moments while a desk changes all the time.

Every change writes its number into a journal and into the desk. What the file on the disk knows when the process is
gone is compared with the journal: `max_age_s` is how long before its end the newest change was made that is lost to
the oldest one that is. The next run opens what the last one left.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.desk import open_desk, run_on_qt
from benchmarks.measure import arguments, percentiles, report

ROOT = Path(__file__).parent.parent
NAME = "killed"
READY_DUE_S = 30.0
MOST_S = 2.5  # of life after the first change
CHANGES_S = (0.005, 0.12)  # between two changes


async def _change_for_ever(folder: Path, seed: int) -> dict[str, Any]:
    """Open the desk and change it until somebody ends it."""
    from core.market import Interval
    from widgets.chart.pane import ChartPane

    dice = random.Random(seed)
    journal = os.open(folder / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    name = NAME if (folder / "desks" / f"{NAME}.json").exists() else "four"
    async with open_desk(folder, None, name) as desk:
        if desk.keeper.name != NAME:
            desk.keeper.rename(NAME)
        workspace = desk.workspace
        while True:
            number = time.monotonic_ns()
            panes = list(workspace.panes.values())
            match dice.randrange(6):
                case 0 if len(panes) < 16:
                    workspace.add(dice.choice(["chart", "trades"]), group=1, beside=dice.choice(panes))
                case 1 if len(panes) > 4:
                    workspace.close_pane(dice.choice([p for p in panes if p.objectName() != "chart-1"]))
                case 2:
                    workspace.docks.resize(dice.choice(panes).objectName(), dice.randint(-40, 40), 0)
                case 3:
                    workspace.reopen()
                case _:
                    charts = [p for p in panes if isinstance(p, ChartPane)]
                    dice.choice(charts).choose_interval(dice.choice(list(Interval)))
            workspace.links.bind(1, f"KRW-{number}")
            os.write(journal, b"%d\n" % number)
            await asyncio.sleep(dice.uniform(*CHANGES_S))


def kill_once(folder: Path, dice: random.Random) -> tuple[str, float]:
    """Run a desk, kill it. Return what became of it, "" if all is well, and the age of what is on the disk in s."""
    from app.desk_files import DeskError, DeskFiles

    journal = folder / "journal"
    journal.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.kill", "--child", str(folder), str(dice.randrange(2**31))]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        until = time.monotonic() + READY_DUE_S
        while not (journal.exists() and journal.stat().st_size):
            if child.poll() is not None or time.monotonic() > until:
                child.kill()
                sys.exit(f"kill: the desk did not open\n{child.communicate()[1]}")
            time.sleep(0.01)
        time.sleep(dice.uniform(0.0, MOST_S))
        child.send_signal(signal.SIGKILL)
        ended_ns = time.monotonic_ns()
        child.communicate()
    changes = [int(line) for line in journal.read_text().split()]
    try:
        record = DeskFiles(folder / "desks").read(NAME)
    except DeskError:
        return "corrupt", 0.0
    if record is None:
        # Before the first save of the first run there is nothing to lose but the new desk itself.
        return ("lost" if ended_ns - changes[0] > 1e9 else ""), (ended_ns - changes[0]) / 1e9
    kept = int(record.groups.get(1, "KRW-0").removeprefix("KRW-") or 0)
    lost = [c for c in changes if c > kept]
    return "", max((ended_ns - min(lost)) / 1e9 if lost else 0.0, 0.0)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=50, metavar="N", help="kills (50)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=2, metavar=("DIR", "SEED"), help="be the one that is killed")
    options = parser.parse_args()
    if options.child is not None:
        run_on_qt(_change_for_ever(Path(options.child[0]), int(options.child[1])))
        return
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        ends = [kill_once(Path(folder), dice) for _ in range(options.runs)]
    report(
        "kill",
        {
            "lost_desks": sum(what == "lost" for what, _ in ends),
            "corrupt": sum(what == "corrupt" for what, _ in ends),
            "max_age_s": round(max(age for _, age in ends), 3),
            "age_s": percentiles((age for _, age in ends), 3),
            "runs": len(ends),
        },
        options.json,
    )


if __name__ == "__main__":
    main()
