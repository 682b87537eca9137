"""The network that comes back is told once, and only then."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from app.network import NetworkWatch

Reachability = QNetworkInformation.Reachability


def test_a_network_that_comes_back_is_told_once(qtbot: QtBot) -> None:
    told: list[int] = []
    parent = QObject()
    watch = NetworkWatch(lambda: told.append(1), parent)
    watch._was_up = True
    for said, count in [
        (Reachability.Online, 0),  # it was up already
        (Reachability.Disconnected, 0),
        (Reachability.Disconnected, 0),
        (Reachability.Local, 1),
        (Reachability.Online, 1),
        (Reachability.Disconnected, 1),
        (Reachability.Unknown, 2),
    ]:
        watch.hear(said)
        assert len(told) == count
    parent.deleteLater()
