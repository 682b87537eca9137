"""The commands of the order book in use, or of the one beside the pane in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.commands import Commands
from app.workspace import Workspace
from widgets.orderbook.pane import OrderbookPane


def add_book_commands(commands: Commands, workspace: Workspace) -> None:
    """Add what is done with a book and its prices."""
    books: tuple[tuple[str, object, str, Callable[[OrderbookPane], object]], ...] = (
        (
            "book.layout",
            QT_TRANSLATE_NOOP("Commands", "Fixed prices (DOM), or the spread in the middle"),
            "Ctrl+B",
            lambda book: book.bar.toggle_layout(),
        ),
        (
            "book.centre",
            QT_TRANSLATE_NOOP("Commands", "Back to the spread"),
            "Ctrl+E",
            lambda book: book.recentre(),
        ),
        (
            "book.coarser",
            QT_TRANSLATE_NOOP("Commands", "Group prices more"),
            "Ctrl+]",
            lambda book: book.step_level(1),
        ),
        (
            "book.finer",
            QT_TRANSLATE_NOOP("Commands", "Group prices less"),
            "Ctrl+[",
            lambda book: book.step_level(-1),
        ),
    )
    for name, text, keys, run in books:
        commands.add(
            name,
            text,
            partial(_with_book, workspace, run),
            keys,
            group="book",
            is_enabled=lambda: _book(workspace) is not None,
        )
    for name, text, keys, by in (
        ("book.mark.up", QT_TRANSLATE_NOOP("Commands", "Mark the price above"), "Ctrl+Up", 1),
        ("book.mark.down", QT_TRANSLATE_NOOP("Commands", "Mark the price below"), "Ctrl+Down", -1),
    ):
        commands.add(
            name,
            text,
            partial(_step_mark, workspace, by),
            keys,
            group="book",
            is_enabled=lambda: _book_to_mark(workspace) is not None,
            is_repeating=True,
        )
    commands.add(
        "book.mark.drop",
        QT_TRANSLATE_NOOP("Commands", "Mark no price any more"),
        partial(_drop_mark, workspace),
        group="book",
        is_enabled=lambda: workspace.active is not None and workspace.active.marked is not None,
    )


def _book(workspace: Workspace) -> OrderbookPane | None:
    """Return the book in use: the active pane, or else one of its group, or any."""
    active, panes = workspace.active, list(workspace.panes.values())
    if active is not None:
        panes = [active, *workspace.links.members(active.group), *panes]
    return next((pane for pane in panes if isinstance(pane, OrderbookPane)), None)


def _with_book(workspace: Workspace, run: Callable[[OrderbookPane], object]) -> None:
    if book := _book(workspace):
        run(book)


def _book_to_mark(workspace: Workspace) -> OrderbookPane | None:
    """Return the book whose prices are marked: of the market in use, the active pane or one of its group."""
    active = workspace.active
    if active is None:
        return None
    panes = [active, *workspace.links.members(active.group)]
    return next((p for p in panes if isinstance(p, OrderbookPane) and p.market == active.market), None)


def _step_mark(workspace: Workspace, by: int) -> None:
    book = _book_to_mark(workspace)
    price = book.price_beside(by) if book is not None else None
    if book is not None and price is not None:
        workspace.links.mark(book, price)
        book.shown.reveal(price)


def _drop_mark(workspace: Workspace) -> None:
    if pane := workspace.active:
        workspace.links.mark(pane, None)
