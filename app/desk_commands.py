"""The commands of desks: open, make, name, keep, lock."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.commands import Commands
from app.desk import Desk
from app.desk_keeper import DeskKeeper
from app.dialogs import Dialogs
from app.templates import TEMPLATES

OPENS = (
    QT_TRANSLATE_NOOP("Commands", "Open the first desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the second desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the third desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the fourth desk"),
    QT_TRANSLATE_NOOP("Commands", "Open the fifth desk"),
)


def add_desk_commands(commands: Commands, desk: Desk, dialogs: Dialogs) -> None:
    """Add what is done with desks."""
    add = partial(commands.add, group="desk")
    workspace = desk.workspace
    news = {
        "four": QT_TRANSLATE_NOOP("Commands", "New desk: four charts"),
        "scalping": QT_TRANSLATE_NOOP("Commands", "New desk: scalping"),
        "trading": QT_TRANSLATE_NOOP("Commands", "New desk: markets and chart"),
        "wall": QT_TRANSLATE_NOOP("Commands", "New desk: nine charts"),
        "scanner": QT_TRANSLATE_NOOP("Commands", "New desk: the whole market"),
        "cross": QT_TRANSLATE_NOOP("Commands", "New desk: KRW, BTC and USDT"),
        "strategies": QT_TRANSLATE_NOOP("Commands", "New desk: strategies"),
        "account": QT_TRANSLATE_NOOP("Commands", "New desk: own account"),
    }
    for number, name in enumerate(TEMPLATES, 1):
        add(f"desk.new.{name}", news[name], partial(desk.keeper.new, name), f"Ctrl+Shift+{number}")
    for at, text in enumerate(OPENS):
        add(f"desk.open.{at + 1}", text, partial(_open, desk.keeper, at), f"Ctrl+{at + 1}")
    add("desk.next", QT_TRANSLATE_NOOP("Commands", "Next desk"), partial(_step, desk.keeper, 1), "Ctrl+PgDown")
    add("desk.previous", QT_TRANSLATE_NOOP("Commands", "Previous desk"), partial(_step, desk.keeper, -1), "Ctrl+PgUp")
    add("desk.rename", QT_TRANSLATE_NOOP("Commands", "Rename the desk"), dialogs.rename_desk, "F2")
    add("desk.delete", QT_TRANSLATE_NOOP("Commands", "Delete the desk"), dialogs.delete_desk)
    add("desk.export", QT_TRANSLATE_NOOP("Commands", "Export the desk"), dialogs.export_desk)
    add("desk.import", QT_TRANSLATE_NOOP("Commands", "Import a desk"), dialogs.import_desk)
    add(
        "desk.lock",
        QT_TRANSLATE_NOOP("Commands", "Lock the panes in their places"),
        lambda: workspace.lock(not workspace.is_locked),
        "Ctrl+L",
        is_checked=lambda: workspace.is_locked,
    )


def _open(keeper: DeskKeeper, at: int) -> None:
    names = keeper.names()
    if at < len(names):
        keeper.open(names[at])


def _step(keeper: DeskKeeper, by: int) -> None:
    names = keeper.names()
    if names:
        at = names.index(keeper.name) if keeper.name in names else -1
        keeper.open(names[(at + by) % len(names)])
