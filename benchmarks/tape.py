"""CPU of the tape: four new trades a frame on top of a thousand, against Qt's own tables.

`frame_ms`: from the tape through the model to pixels while it follows the newest trade. `frozen_ms`: the same while it
is scrolled back. `repaint_ms`: every visible line painted again.

`--peers` takes turns with Qt's tables and with vnpy's table of trades, in an environment of its own; `ratio` is how
many times ours.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report
from benchmarks.rounds import Outcome, Theirs, compare_with

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from core.state.tape import Tape
    from core.wire.messages import Trade

FRAMES = 200
ROUND_FRAMES = 70
NEW = 4
KEPT = 1_000
SIZE = (320, 64 + 40 * 20)  # 40 lines


def trades(seed: int = 1) -> Callable[[], Trade]:
    """Return what makes the next trade."""
    from core.wire.messages import Trade

    chance = random.Random(seed)
    count = 0

    def make() -> Trade:
        nonlocal count
        count += 1
        price = 90_000_000.0 + 1_000 * chance.randrange(-20, 20)
        size = chance.expovariate(20.0)
        return Trade("KRW-BTC", price, size, chance.choice(("ASK", "BID")), 1_700_000_000_000 + 50 * count, count)

    return make


def full_tape(make: Callable[[], Trade]) -> Tape:
    """Return a tape of a thousand trades."""
    from core.state.tape import Tape

    tape = Tape(KEPT)
    for _ in range(KEPT):
        tape.add(make())
    return tape


FIGURES = ("frame_ms", "frozen_ms", "repaint_ms")
PEER_FIGURES = ("frame_ms",)


def take_painted(figure: str, n: int) -> list[float]:
    """Return ms of CPU of `n` frames of our own tape."""
    from widgets.trades.model import TapeWindow
    from widgets.trades.view import TapeView

    make = trades()
    tape, view, window = full_tape(make), TapeView(), TapeWindow()
    view.resize(*SIZE)
    view.set_market("KRW-BTC")
    view.set_scale(1_000, 6)
    window.resize(view.line_count)
    window.open(tape)
    window.scroll(100 if figure == "frozen_ms" else 0)
    view.show_rows(window.rows)

    def repaint(_: int) -> None:
        view.update()

    def change(_: int) -> None:
        for _ in range(NEW):
            tape.add(make())
        new = window.pull()
        view.show_rows(window.rows, new)
        view.show_behind(window.behind, is_frozen=window.is_frozen)

    cost = frame_cost(view, repaint if figure == "repaint_ms" else change, n)
    view.close()
    view.deleteLater()
    return cost


def qt_tables() -> dict[str, Theirs]:
    """Return how Qt's tables of a thousand rows show the same four trades."""
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
    from PySide6.QtGui import QBrush
    from PySide6.QtWidgets import QHeaderView, QTableView, QTableWidget, QTableWidgetItem

    from widgets import format as fmt
    from widgets import theme

    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def dress(table: QTableView) -> None:
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        table.setFont(theme.font())
        table.resize(*SIZE)

    def texts(trade: Trade) -> tuple[str, str, str, str]:
        return (
            fmt.clock(trade.time_ms),
            fmt.price(trade.price, 1_000),
            fmt.size(trade.size, 6),
            f"{trade.price * trade.size:,.0f}",
        )

    def color(trade: Trade) -> QBrush:
        return QBrush(theme.colors.bid if trade.aggressor == "BID" else theme.colors.ask)

    class Prints(QAbstractTableModel):
        def __init__(self, tape: Tape) -> None:
            super().__init__()
            self.rows = tape.latest(KEPT)

        def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
            return len(self.rows)

        def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
            return 4

        def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
            trade = self.rows[-1 - index.row()]
            if role == Qt.ItemDataRole.DisplayRole:
                return texts(trade)[index.column()]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return right
            return color(trade) if role == Qt.ItemDataRole.ForegroundRole else None

    def widget_change() -> tuple[QTableView, Callable[[int], None]]:
        make = trades()
        table = QTableWidget(0, 4)
        dress(table)

        def put() -> None:
            trade = make()
            table.insertRow(0)
            for column, text in enumerate(texts(trade)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(right)
                item.setForeground(color(trade))
                table.setItem(0, column, item)

        for _ in range(KEPT):
            put()

        def change(_: int) -> None:
            for _ in range(NEW):
                put()
            table.setRowCount(KEPT)

        return table, change

    def model_change() -> tuple[QTableView, Callable[[int], None]]:
        make = trades()
        table, prints = QTableView(), Prints(full_tape(make))
        dress(table)
        prints.setParent(table)
        table.setModel(prints)

        def change(_: int) -> None:
            nowhere = QModelIndex()
            prints.beginInsertRows(nowhere, 0, NEW - 1)
            prints.rows.extend(make() for _ in range(NEW))
            prints.endInsertRows()
            prints.beginRemoveRows(nowhere, KEPT, KEPT + NEW - 1)
            del prints.rows[:NEW]
            prints.endRemoveRows()

        return table, change

    def taker(make: Callable[[], tuple[QTableView, Callable[[int], None]]]) -> Theirs:
        def take(_figure: str, n: int) -> dict[str, list[float]]:
            table, change = make()
            cost = frame_cost(table, change, n)
            table.close()
            table.deleteLater()
            return {"ms": cost}

        return take

    return {"QTableWidget": taker(widget_change), "QTableView + model": taker(model_change)}


def measure_with_peers() -> Outcome:
    """Return the figures of ours and of all peers, taken in turns."""
    starts = {"vnpy": partial(peers.start_vnpy_table, "tape", *SIZE)}
    outcome = compare_with(PEER_FIGURES, take_painted, starts, qt_tables(), ROUND_FRAMES)
    own = {figure: percentiles(take_painted(figure, FRAMES)) for figure in FIGURES if figure not in PEER_FIGURES}
    return outcome._replace(ours=outcome.ours | own)


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__).parse_args()
    app = qt_app()
    if options.peers:
        outcome = measure_with_peers()
        report("tape", {**outcome.ours, "peers": outcome.peers, "ratio": outcome.ratio}, options.json)
    else:
        report("tape", {f: percentiles(take_painted(f, FRAMES)) for f in FIGURES}, options.json)
    app.quit()


if __name__ == "__main__":
    main()
