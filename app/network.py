"""Whether the machine has a network, as the system tells it: a try right after it came back saves a wait."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation

Reachability = QNetworkInformation.Reachability
log = logging.getLogger(__name__)


class NetworkWatch(QObject):
    """Calls `on_up` when the network came back. Where the system does not tell, the links' own waits do."""

    def __init__(self, on_up: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._on_up = on_up
        self._was_up = True
        information = QNetworkInformation.instance() if QNetworkInformation.loadDefaultBackend() else None
        if information is None:
            log.info("the system does not tell of its network")
            return
        self._was_up = information.reachability() != Reachability.Disconnected
        information.reachabilityChanged.connect(self.hear)

    def hear(self, reachability: Reachability) -> None:
        """Take what the system says of the network."""
        is_up = reachability != Reachability.Disconnected
        if is_up and not self._was_up:
            log.info("the network came back")
            self._on_up()
        self._was_up = is_up
