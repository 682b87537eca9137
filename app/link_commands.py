"""The commands of link groups: which one the pane in use belongs to, and how."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.choices import Choices
from app.commands import Commands
from app.links import GROUPS
from app.settings import Settings
from app.workspace import Workspace

LINK_COMMANDS = (
    *(f"link.group.{n}" for n in (*range(1, GROUPS + 1), 0)),
    "",
    *(f"link.role.{role}" for role in ("both", "lead", "follow")),
    "",
    "link.span",
)


def add_link_commands(commands: Commands, workspace: Workspace, choices: Choices, settings: Settings) -> None:
    """Add what binds the pane in use to others."""
    group = "link"
    texts = (
        QT_TRANSLATE_NOOP("Commands", "Leave the link group"),
        QT_TRANSLATE_NOOP("Commands", "Link group 1"),
        QT_TRANSLATE_NOOP("Commands", "Link group 2"),
        QT_TRANSLATE_NOOP("Commands", "Link group 3"),
        QT_TRANSLATE_NOOP("Commands", "Link group 4"),
        QT_TRANSLATE_NOOP("Commands", "Link group 5"),
        QT_TRANSLATE_NOOP("Commands", "Link group 6"),
        QT_TRANSLATE_NOOP("Commands", "Link group 7"),
        QT_TRANSLATE_NOOP("Commands", "Link group 8"),
        QT_TRANSLATE_NOOP("Commands", "Link group 9"),
    )
    for number in range(GROUPS + 1):
        commands.add(
            f"link.group.{number}",
            texts[number],
            partial(_link, workspace, number),
            f"Alt+{number}",
            group=group,
            is_enabled=partial(can_link, workspace),
            is_checked=partial(_is_in, workspace, number),
        )
    for role, text in (
        ("both", QT_TRANSLATE_NOOP("Commands", "Lead and follow the group")),
        ("lead", QT_TRANSLATE_NOOP("Commands", "Lead the group only")),
        ("follow", QT_TRANSLATE_NOOP("Commands", "Follow the group only")),
    ):
        commands.add(
            f"link.role.{role}",
            text,
            partial(_set_role, workspace, role),
            group=group,
            is_enabled=lambda: can_link(workspace) and not _is_in(workspace, 0),
            is_checked=partial(_is_role, workspace, role),
        )
    commands.add(
        "link.span",
        QT_TRANSLATE_NOOP("Commands", "Charts of a group show the same stretch of time"),
        lambda: choices.set_span_linked(not settings.is_span_linked),
        group=group,
        is_checked=lambda: settings.is_span_linked,
    )


def can_link(workspace: Workspace) -> bool:
    """Tell whether the pane in use can be in a group."""
    return workspace.active is not None and workspace.active.takes_market


def _link(workspace: Workspace, group: int) -> None:
    if pane := workspace.active:
        workspace.links.join(pane, group, pane.role)


def _is_in(workspace: Workspace, group: int) -> bool:
    pane = workspace.active
    return pane is not None and pane.group == group


def _set_role(workspace: Workspace, role: str) -> None:
    if pane := workspace.active:
        workspace.links.join(pane, pane.group, role)


def _is_role(workspace: Workspace, role: str) -> bool:
    pane = workspace.active
    return pane is not None and bool(pane.group) and pane.role == role
