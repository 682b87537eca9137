"""The user's own indicators: files in a folder, run in a process of their own that may be ended at any time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.calc.indicators import Indicator, Values
from core.own_indicators import Answer, Load, Loaded, Problem, Request, Work, Worked, answer_of, length, pack
from widgets.chart.own_study import PREFIX, OwnIndicator

if TYPE_CHECKING:
    from widgets.chart.own_study import F64

WITHIN_S = 5.0  # an answer must come
LOAD_S = 10.0  # the first one of a process, which starts and reads all files
PAUSE_S = 0.1  # at least, between two passes over the same chart
ENOUGH_BARS = 200  # with fewer a function may fail, since most do that look back
SHARE = 3.0  # times as long as a pass took, the pause is

log = logging.getLogger(__name__)


class OwnIndicators(QObject):
    """All of a folder. No process runs before there is a file in it.

    Args:
        folder: of the files; it need not be there.
        notify: tells the user.
    """

    reloaded = Signal()  # other indicators can be used
    changed = Signal()  # values have come

    def __init__(self, folder: Path, notify: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._notify = notify
        self.kinds: dict[str, Callable[[Values], Indicator]] = {}
        self.problems: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()  # one question at a time
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()
        self._is_closed = False

    def reload(self) -> None:
        """Read the files, now and again after a change."""
        self._spawn(self._reload())

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        if self._is_closed:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reload(self) -> None:
        async with self._turn:
            await self._end()  # what a file did to its process is gone with it
            self.kinds, self.problems = {}, {}
            self._told.clear()
            if any(self.folder.glob("*.py")):
                await self._load()
        self.reloaded.emit()

    async def _load(self) -> None:
        try:
            answer = await self._say(Load(str(self.folder)), LOAD_S)
        except (TimeoutError, OSError, ValueError, EOFError) as why:
            await self._end()
            text = self.tr("Own indicators could not be read: one of the files in {folder} does not come to an end.")
            log.info("own indicators: %r", why)
            self._notify(text.format(folder=self.folder))
            return
        assert isinstance(answer, Loaded)
        self.kinds = {
            PREFIX + s.name: partial(OwnIndicator, self, s.name, s.place, s.settings, s.lines) for s in answer.specs
        }
        for problem in answer.problems:
            self._complain(problem)

    def _complain(self, problem: Problem) -> None:
        text = _text(problem)
        self.problems[problem.name] = text
        self.kinds.pop(PREFIX + problem.name, None)
        if text not in self._told:
            self._told.add(text)
            self._notify(self.tr("An own indicator failed: {problem}").format(problem=text))

    async def _say(self, request: Request, within_s: float) -> Answer:
        """Ask the process, start it if need be.

        Raises:
            TimeoutError, OSError, ValueError, EOFError: there was no answer, or none that can be read.
        """
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "core.own_indicators",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                cwd=Path(__file__).parent.parent,
                start_new_session=True,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        async with asyncio.timeout(within_s):
            process.stdin.write(pack(request))
            await process.stdin.drain()
            size = length(await process.stdout.readexactly(4))
            return answer_of(await process.stdout.readexactly(size))

    def ask(
        self,
        name: str,
        values: Values,
        key: int,
        bars: tuple[int, bytes, bytes],
        on_values: Callable[[int, F64], None],
        on_ready: Callable[[bool], None],
    ) -> None:
        """Work out an indicator; see `Source`."""
        self._spawn(self._ask(name, values, key, bars, on_values, on_ready))

    async def _ask(
        self,
        name: str,
        values: Values,
        key: int,
        bars: tuple[int, bytes, bytes],
        on_values: Callable[[int, F64], None],
        on_ready: Callable[[bool], None],
    ) -> None:
        now = asyncio.get_running_loop().time
        first, starts, rows = bars
        async with self._turn:
            if PREFIX + name not in self.kinds:
                return  # it failed meanwhile: nothing more is asked until the files are read again
            began = now()
            numbers = {k: v for k, v in values.items() if not isinstance(v, str)}
            try:
                answer = await self._say(Work(name, numbers, key, first, starts, rows), WITHIN_S)
            except (TimeoutError, OSError, ValueError, EOFError) as why:
                await self._end()
                late = self.tr("it takes more than {n} s").format(n=round(WITHIN_S))
                self._complain(
                    Problem(name, 0, late if isinstance(why, TimeoutError) else self.tr("its process ended"))
                )
                await self._go_on()
                return
            took = now() - began
        assert isinstance(answer, Worked)
        if answer.problem is not None and first + len(starts) // 8 >= ENOUGH_BARS:
            self._complain(answer.problem)
            self.reloaded.emit()
            return
        if answer.problem is not None:
            self.problems[name] = _text(answer.problem)  # for the menu; it may go well with more bars
        elif not answer.is_lost:
            self.problems.pop(name, None)
            on_values(answer.first, np.frombuffer(answer.values).reshape(-1, len(starts) // 8))
            self.changed.emit()
        await asyncio.sleep(max(PAUSE_S, SHARE * took))
        on_ready(answer.is_lost)

    async def _go_on(self) -> None:
        """Let the others go on in a new process; whoever has asked before begins anew."""
        kept, told = dict(self.problems), set(self._told)
        await self._load()
        self._told |= told
        for name, text in kept.items():
            self.kinds.pop(PREFIX + name, None)
            self.problems.setdefault(name, text)
        self.reloaded.emit()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                if process.returncode is None:
                    _kill(process)
            await process.wait()

    async def close(self) -> None:
        """End the process and all that waits for it."""
        self._is_closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end()


def _text(problem: Problem) -> str:
    return f"{problem.name}.py" + (f":{problem.line}" if problem.line else "") + f"  {problem.text}"


def _kill(process: asyncio.subprocess.Process) -> None:
    if sys.platform == "win32":
        process.kill()
    else:  # `kill` looks first whether it has ended, which takes its end away from whoever waits for it
        os.kill(process.pid, signal.SIGKILL)
