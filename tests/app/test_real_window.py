"""A desk in a real window on a virtual display, used by mouse and keys and judged by what is on the screen."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from app import panes
from app.desk_keeper import SAVE_EVERY_MS
from tests.app.program import DUE_S, LIVE, Program, is_gone, run
from tests.waiting import until
from widgets import theme
from widgets.controls.pane_palette import PanePalette

Pixels = NDArray[np.uint8]  # [height, width, 3], red green blue


class Spot(NamedTuple):
    x: int
    y: int


class Screen:
    """The virtual display: what it shows, and a hand on its mouse and keyboard."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self._file = Path(env["HOGA_SCREEN"]) / "Xvfb_screen0"

    def do(self, *words: object) -> str:
        """Run xdotool; return what it says."""
        command = ["xdotool", *(str(w) for w in words)]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False).stdout.strip()

    def drag(self, start: Spot, end: Spot) -> None:
        """Press, move in steps as a hand does, let go."""
        steps: list[object] = ["mousemove", start.x, start.y, "sleep", 0.1, "mousedown", 1]
        for part in range(1, 13):
            x, y = (a + (b - a) * part // 12 for a, b in zip(start, end, strict=True))
            steps += ["mousemove", x, y, "sleep", 0.03]
        self.do(*steps, "sleep", 0.2, "mousemove", end.x + 1, end.y, "sleep", 0.2, "mouseup", 1)

    def pixels(self) -> Pixels:
        """Return what is on the screen, from the server's own memory in the format of xwd."""
        raw = self._file.read_bytes()
        header = np.frombuffer(raw, ">u4", 25)
        size, width, height, bits, line, colors = (int(header[i]) for i in (0, 4, 5, 11, 12, 19))
        assert bits == 32
        rows = np.frombuffer(raw, np.uint8, line * height, size + colors * 12).reshape(height, line)
        return rows[:, : width * 4].reshape(height, width, 4)[:, :, 2::-1]

    def chips(self, group: int) -> list[Spot]:
        """Return the middle of each pane's link chip of `group`, from the top down and left to right."""
        color = theme.group_color(group)
        at = np.argwhere(np.all(self.pixels() == (color.red(), color.green(), color.blue()), axis=2))
        found: list[list[int]] = []  # top, bottom, left, right
        for y, x in at.tolist():
            for box in found:
                if box[0] - 3 <= y <= box[1] + 3 and box[2] - 3 <= x <= box[3] + 3:
                    box[:] = min(box[0], y), max(box[1], y), min(box[2], x), max(box[3], x)
                    break
            else:
                found.append([y, y, x, x])
        whole = [b for b in found if 11 <= b[1] - b[0] + 1 <= 16 and 11 <= b[3] - b[2] + 1 <= 16]
        return sorted((Spot((b[2] + b[3]) // 2, (b[0] + b[1]) // 2) for b in whole), key=lambda s: (s.y // 8, s.x))

    def symbol(self, chip: Spot) -> bytes:
        """Return the picture of the code right of a chip."""
        return self.pixels()[chip.y - 7 : chip.y + 8, chip.x + 12 : chip.x + 60].tobytes()

    def windows(self, name: str) -> list[str]:
        """Return the titles of the windows that can be seen and whose title has `name` in it."""
        ids = self.do("search", "--onlyvisible", "--name", name).split()
        return [self.do("getwindowname", i) for i in ids]


@pytest.fixture
def screen(xvfb_display: dict[str, str], qapp: QApplication) -> Iterator[Screen]:
    """Return a display on which a window manager runs."""
    for tool in ("openbox", "xdotool"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install {tool})")
    theme.apply(qapp)
    with subprocess.Popen(["openbox"], env=xvfb_display, stderr=subprocess.DEVNULL) as manager:
        yield Screen(xvfb_display)
        manager.terminate()


def prepare(folder: Path) -> None:
    """Let the program start without the tour."""
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text('{"version": 1, "has_seen_tour": true}')


async def opened(screen: Screen, program: Program) -> str:
    """Wait until the desk is live and in front. Return the window."""
    await until(lambda: program.has_logged(LIVE), timeout=DUE_S)
    await until(lambda: bool(screen.windows("Hoga")), timeout=DUE_S)
    window = screen.do("search", "--onlyvisible", "--name", "Hoga").split()[0]
    screen.do("windowactivate", "--sync", window)
    return window


def palette_spot(kind: str, window_right: int, menu_y: int) -> Spot:
    """Return where the button for a kind of pane is: the row ends at the window's right edge."""
    row = PanePalette()
    row.show_kinds({kind: panes.titles()[kind] for kind in panes.PANES}, "{title}")
    widths = {kind: button.sizeHint().width() + 2 for kind, button in row.buttons.items()}
    behind = list(widths.values())[list(widths).index(kind) + 1 :]
    row.deleteLater()
    return Spot(window_right - 4 - sum(behind) - widths[kind] // 2, menu_y)


def right_of(pixels: Pixels, y: int) -> int:
    """Return where the window ends at the right, in a row of its menu bar."""
    color = theme.colors.window
    at = np.flatnonzero(np.all(pixels[y] == (color.red(), color.green(), color.blue()), axis=1))
    return int(at[-1])


@pytest.mark.xvfb
@pytest.mark.timeout(300)
async def test_a_desk_is_changed_by_hand_and_is_there_again_after_a_restart(screen: Screen, tmp_path: Path) -> None:
    prepare(tmp_path)
    async with run(tmp_path, "--demo", env=screen.env) as program:
        await opened(screen, program)
        await until(lambda: [len(screen.chips(g)) for g in (1, 2, 3, 4)] == [3, 3, 3, 3])
        first, eth, ada = screen.chips(1)[0], screen.chips(2)[0], screen.chips(4)[0]
        assert len({screen.symbol(c) for c in (first, eth, ada)}) == 3

        # Change by typing: all of the group, and nobody else.
        screen.do("mousemove", first.x + 90, first.y + 150, "click", 1)
        screen.do("type", "--delay", 40, "eth")
        screen.do("key", "--delay", 40, "Return")
        await until(lambda: {screen.symbol(c) for c in screen.chips(1)} == {screen.symbol(eth)})
        assert screen.symbol(ada) != screen.symbol(eth)

        # A symbol is dropped from another pane's header onto a book.
        book = screen.chips(1)[1]
        screen.drag(Spot(ada.x + 40, ada.y), Spot(book.x + 60, book.y + 150))
        await until(lambda: {screen.symbol(c) for c in screen.chips(1)} == {screen.symbol(ada)})

        # A pane is dragged in from the palette, to the lower edge of the first chart.
        menu_y = first.y - 26
        button = palette_spot("trades", right_of(screen.pixels(), menu_y), menu_y)
        screen.drag(button, Spot(first.x + 90, screen.chips(3)[0].y - 40))
        await until(lambda: len(screen.chips(1)) == 4)
        new = screen.chips(1)[-1]
        assert abs(new.x - first.x) <= 2
        assert screen.symbol(new) == screen.symbol(ada)

        # It is torn off by the handle at the left of its header, out of the window.
        screen.drag(Spot(new.x - 13, new.y), Spot(1_500, 900))
        await until(lambda: "KRW-ADA Trades" in screen.windows("KRW-ADA"))
        await until(lambda: any(c.x > 1_400 and c.y > 800 for c in screen.chips(1)))
        screen.do("mousemove", 1_900, 20)

        # The desk is there again, torn-off window and all, each pane at its place with its symbol.
        def picture() -> dict[int, list[tuple[Spot, bytes]]]:
            return {g: [(c, screen.symbol(c)) for c in screen.chips(g)] for g in (1, 2, 3, 4)}

        await until(lambda: len(screen.chips(1)) == 4)
        before, children = picture(), program.children()
        screen.do("windowactivate", "--sync", screen.do("search", "--onlyvisible", "--name", "Hoga").split()[0])
        screen.do("key", "alt+F4")
        assert await program.end() == (0, "")
        assert all(map(is_gone, children))

    async with run(tmp_path, "--demo", env=screen.env) as program:
        await opened(screen, program)
        screen.do("mousemove", 1_900, 20)

        def is_same() -> bool:
            now = picture()
            return all(
                len(now[g]) == len(before[g])
                and all(
                    abs(a.x - b.x) <= 3 and abs(a.y - b.y) <= 3 and x == y
                    for (a, x), (b, y) in zip(now[g], before[g], strict=True)
                )
                for g in before
            )

        await until(is_same)
        screen.do("key", "ctrl+q")
        assert await program.end() == (0, "")


@pytest.mark.xvfb
@pytest.mark.timeout(300)
async def test_a_killed_desk_comes_back_as_it_was_a_second_before(screen: Screen, tmp_path: Path) -> None:
    prepare(tmp_path)
    async with run(tmp_path, "--demo", "--desk", "scalping", env=screen.env) as program:
        await opened(screen, program)
        await until(lambda: len(screen.chips(1)) == 3)
        chart = screen.chips(1)[0]
        screen.do("mousemove", chart.x + 90, chart.y + 150, "click", 1)
        kept = tmp_path / "desks" / "scalping.json"
        await until(kept.exists)
        was = kept.read_bytes()
        screen.do("key", "ctrl+d")
        await until(lambda: len(screen.chips(1)) == 4)
        await until(lambda: kept.read_bytes() != was)
        assert SAVE_EVERY_MS <= 400, "how long it takes at most is for benchmarks.kill to say, not for a busy machine"
        places = screen.chips(1)
        os.kill(program.process.pid, 9)
        await program.end()
    async with run(tmp_path, "--demo", env=screen.env) as program:
        await opened(screen, program)
        await until(lambda: len(screen.chips(1)) == len(places) == 4)
        assert all(abs(a.x - b.x) <= 3 for a, b in zip(screen.chips(1), places, strict=True))
        assert all(b.x > a.x for a, b in pairwise(places))
