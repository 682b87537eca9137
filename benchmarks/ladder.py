"""CPU of the order book: 30 levels a side, all or six of them changing, against Qt's own tables.

`frame_ms`: every size and bar changes, price and size shown. `moving_ms`: the best price moves as well, so that every
line changes its price too. `dirty6_ms`: six lines change. `all_columns_ms`: percent, cumulative size and value and the
fading changes of size as well. `dom_...`: the ladder whose prices stand still, with trades at price and changes, of
which each fades in four steps: six lines that change are some thirty to be painted.

`--peers` takes turns with Qt's tables, kept as cheap as they go, and with vnpy's in an environment of its own; `ratio`
is how many times ours. Bars are painted by ours and by the one with a delegate alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTableView, QWidget

from benchmarks import peers
from benchmarks.measure import arguments, frame_cost, percentiles, qt_app, report
from benchmarks.rounds import Outcome, Theirs, compare_with

if TYPE_CHECKING:
    from core.wire.messages import Orderbook

FRAMES = 200
ROUND_FRAMES = 70
DEPTH = 30
MID = 90_000_000
STEP = 1_000
SIZE = (320, 44 + 61 * 20)  # all 60 levels on screen


class Market:
    """Books as they change, from one seed."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.asks = [self.size() for _ in range(DEPTH)]
        self.bids = [self.size() for _ in range(DEPTH)]
        self.mid = MID

    def size(self) -> float:
        return self.random.uniform(0.0001, 3.0)

    def change(self, count: int) -> None:
        """Change `count` sizes, alike on both sides; the largest of all stays, so that no other bar moves."""
        for i in self.random.sample(range(1, DEPTH), count // 2):
            self.asks[i], self.bids[i] = self.size(), self.size()

    def sides(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Return (price, size) of asks and bids, best first."""
        asks = [(float(self.mid + (i + 1) * STEP), 4.0 if i == 0 else s) for i, s in enumerate(self.asks)]
        return asks, [(float(self.mid - i * STEP), s) for i, s in enumerate(self.bids)]


Show = Callable[[], None]
WIDE = (760, SIZE[1])


def painted(market: Market, *, is_all: bool) -> tuple[QWidget, Show]:
    """Return the program's ladder and what shows the market's present book on it."""
    from core.market import price_key
    from widgets.orderbook.cells import Extras, Scale
    from widgets.orderbook.changes import Changes
    from widgets.orderbook.model import Row, ladder
    from widgets.orderbook.view import LadderView

    view = LadderView()
    view.set_market("KRW-BTC")
    view.want_columns({"percent", "total", "worth", "change"} if is_all else {"percent"})
    view.resize(*(WIDE if is_all else (200, SIZE[1])))
    scale = Scale(tick=STEP, places=6, prev_close=MID)
    changes, now = (Changes(is_ask=False), Changes(is_ask=True)), iter(range(10**9))

    def moved(side: tuple[Row, ...], seen: Changes, now_s: float) -> object:
        seen.see({price_key(row.price): row.size for row in side}, price_key(side[-1].price), now_s)
        seen.forget(now_s)
        return seen.at(now_s)

    def show() -> None:
        book = ladder(_book(market))
        extras = Extras()
        if is_all:
            now_s = next(now) * 0.1
            bids, asks = moved(book.bids, changes[0], now_s), moved(book.asks, changes[1], now_s)
            extras = Extras(changes=(bids, asks))  # type: ignore[arg-type]
        view.show_ladder(book, scale, extras=extras, last=book.asks[0], side="BID", ticks=1)

    show()
    return view, show


def stable(market: Market, *, is_all: bool) -> tuple[QWidget, Show]:
    """Return the ladder whose prices stand still and what shows the market's present book on it."""
    from core.market import KRW_TICKS
    from widgets.orderbook.axis import PriceAxis, Stack
    from widgets.orderbook.cells import Scale
    from widgets.orderbook.changes import Changes, Sums
    from widgets.orderbook.dom import Dom
    from widgets.orderbook.dom_view import DomView
    from widgets.orderbook.model import ladder

    view, axis = DomView(), PriceAxis(KRW_TICKS)
    view.set_market("KRW-BTC")
    view.want_columns({"traded", "change", "own", "percent", "total"} if is_all else {"traded", "change"})
    view.resize(*WIDE)
    scale = Scale(tick=STEP, places=3, prev_close=MID)
    changes, now = (Changes(is_ask=False), Changes(is_ask=True)), iter(range(10**9))
    middle = axis.below(float(MID))
    traded = {middle + i: Sums(1.5 + i, 2.5) for i in range(-DEPTH, DEPTH)}

    def show() -> None:
        book = ladder(_book(market))
        stack, now_s = Stack(book, axis, DEPTH), next(now) * 0.1
        for seen, side, end in zip(changes, (stack.bids, stack.asks), (stack.bid_end, stack.ask_end), strict=True):
            seen.see(side, end, now_s)
            seen.forget(now_s)
        place = middle + next(now) % 2
        traded[place] = Sums(traded[place].sold + 0.1, 2.5)
        moment = Dom(axis, book, stack, traded, (changes[0].at(now_s), changes[1].at(now_s)), place, "BID")
        view.show_dom(moment, scale, ticks=1)

    show()
    return view, show


def _book(market: Market) -> Orderbook:
    from core.wire.messages import Level, Orderbook

    asks, bids = market.sides()
    return Orderbook("KRW-BTC", tuple(Level(a, b, s, t) for (a, s), (b, t) in zip(asks, bids, strict=True)), 0)


FIGURES = {  # which ladder, how many sizes change, whether the best price does, whether all columns are shown
    "frame_ms": (painted, 58, False, False),
    "moving_ms": (painted, 58, True, False),
    "dirty6_ms": (painted, 6, False, False),
    "all_columns_ms": (painted, 58, True, True),
    "dom_ms": (stable, 58, False, False),
    "dom_dirty6_ms": (stable, 6, False, False),
    "dom_all_columns_ms": (stable, 58, True, True),
}
PEER_FIGURES = ("frame_ms", "moving_ms", "dirty6_ms")


def moves(market: Market, count: int, *, is_moving: bool) -> Callable[[int], None]:
    """Return what changes the market by a frame."""

    def change(i: int) -> None:
        market.change(count)
        if is_moving:
            market.mid = MID + (i % 2) * STEP

    return change


def take_painted(figure: str, n: int) -> list[float]:
    """Return ms of CPU of `n` frames of our own ladder."""
    make, count, is_moving, is_all = FIGURES[figure]
    market = Market()
    view, show = make(market, is_all=is_all)
    move = moves(market, count, is_moving=is_moving)

    def change(i: int) -> None:
        move(i)
        show()

    cost = frame_cost(view, change, n)
    view.close()
    view.deleteLater()
    return cost


def qt_tables() -> dict[str, Theirs]:
    """Return how each of Qt's tables, kept as cheap as they go, shows the same changes of price and size."""
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
    from PySide6.QtGui import QBrush, QColor, QPainter
    from PySide6.QtWidgets import (
        QHeaderView,
        QStyledItemDelegate,
        QStyleOptionViewItem,
        QTableWidget,
        QTableWidgetItem,
    )

    from widgets import theme

    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    bar_role = Qt.ItemDataRole.UserRole

    def dress(table: QTableView) -> None:
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        table.setFont(theme.font())
        table.resize(200, 2 * DEPTH * theme.ROW_HEIGHT + 4)

    def rows(market: Market) -> list[tuple[str, str, float, bool]]:
        asks, bids = market.sides()
        sides = [(p, s, True) for p, s in reversed(asks)] + [(p, s, False) for p, s in bids]
        return [(f"{p:,.0f}", f"{s:,.6f}", s / 4.0, is_ask) for p, s, is_ask in sides]

    class Bars(QStyledItemDelegate):
        """Paints a bar below the text of the first column."""

        def paint(
            self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
        ) -> None:
            share, is_ask = index.data(bar_role)
            box = QRectF(option.rect)
            colors = theme.colors
            if index.column() == 0:
                width = box.width() * share
                bar = QRectF(box.right() - width, box.top(), width, box.height() - 1)
                painter.fillRect(bar, colors.ask_bar if is_ask else colors.bid_bar)
            painter.setPen(colors.text if index.column() == 0 else colors.down if is_ask else colors.up)
            painter.drawText(box, int(right), index.data())

    class Book(QAbstractTableModel):
        def __init__(self, market: Market) -> None:
            super().__init__()
            self.rows = rows(market)

        def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
            return 2 * DEPTH

        def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
            return 2

        def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
            price, size, share, is_ask = self.rows[index.row()]
            if role == Qt.ItemDataRole.DisplayRole:
                return size if index.column() == 0 else price
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return right
            if role == Qt.ItemDataRole.ForegroundRole:
                return QBrush(theme.colors.down if is_ask else theme.colors.up)
            return (share, is_ask) if role == bar_role else None

    def widget(market: Market) -> tuple[QTableView, Callable[[], None]]:
        table = QTableWidget(2 * DEPTH, 2)
        dress(table)
        items: list[QTableWidgetItem] = []
        for line in range(2 * DEPTH):
            for column in range(2):
                item = QTableWidgetItem()
                item.setTextAlignment(right)
                item.setForeground(QBrush(QColor("#4a8df8" if line < DEPTH else "#f0525f")))
                table.setItem(line, column, item)
                items.append(item)

        def show() -> None:  # text alone: a bar would need a delegate
            for line, (price, size, _share, _is_ask) in enumerate(rows(market)):
                for item, text in ((items[2 * line], size), (items[2 * line + 1], price)):
                    if item.text() != text:
                        item.setText(text)

        show()
        return table, show

    def model(market: Market, *, with_delegate: bool) -> tuple[QTableView, Callable[[], None]]:
        table, book = QTableView(), Book(market)
        dress(table)
        book.setParent(table)
        table.setModel(book)
        if with_delegate:
            table.setItemDelegate(Bars(table))

        def show() -> None:
            before, book.rows = book.rows, rows(market)
            changed = [n for n, (old, new) in enumerate(zip(before, book.rows, strict=True)) if old != new]
            if len(changed) > DEPTH:
                book.dataChanged.emit(book.index(0, 0), book.index(2 * DEPTH - 1, 1))
                return
            for line in changed:
                book.dataChanged.emit(book.index(line, 0), book.index(line, 1))

        return table, show

    def taker(make: Callable[[Market], tuple[QTableView, Callable[[], None]]]) -> Theirs:
        def take(figure: str, n: int) -> dict[str, list[float]]:
            _, count, is_moving, _ = FIGURES[figure]
            market = Market()
            table, show = make(market)
            move = moves(market, count, is_moving=is_moving)

            def change(i: int) -> None:
                move(i)
                show()

            cost = frame_cost(table, change, n)
            table.close()
            table.deleteLater()
            return {"ms": cost}

        return take

    return {
        "QTableWidget, no bars": taker(widget),
        "QTableView + model, no bars": taker(lambda market: model(market, with_delegate=False)),
        "QTableView + delegate": taker(lambda market: model(market, with_delegate=True)),
    }


def measure_with_peers() -> Outcome:
    """Return the figures of ours and of all peers, taken in turns."""
    starts = {"vnpy": partial(peers.start_vnpy_table, "ladder", 200, 2 * DEPTH * 20 + 4)}
    outcome = compare_with(PEER_FIGURES, take_painted, starts, qt_tables(), ROUND_FRAMES)
    own = {figure: percentiles(take_painted(figure, FRAMES)) for figure in FIGURES if figure not in PEER_FIGURES}
    return outcome._replace(ours=outcome.ours | own)


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__).parse_args()
    app = qt_app()
    if options.peers:
        outcome = measure_with_peers()
        report("ladder", {**outcome.ours, "peers": outcome.peers, "ratio": outcome.ratio}, options.json)
    else:
        report("ladder", {f: percentiles(take_painted(f, FRAMES)) for f in FIGURES}, options.json)
    app.quit()


if __name__ == "__main__":
    main()
