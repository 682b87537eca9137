"""Strategies and their signals on the disk."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.kept_file import KeptFile
from core.state.strategies import Kept, Monitor
from core.strategy.base import Signal


class _OnDisk(msgspec.Struct):
    """As `Kept`, but read line by line: one that is damaged costs no other."""

    monitors: list[msgspec.Raw] = msgspec.field(default_factory=list)
    signals: list[msgspec.Raw] = msgspec.field(default_factory=list)


class StrategyFile(KeptFile):
    """One file for the strategies on one exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "strategies")

    def read(self) -> Kept:
        """Return what was kept; nothing where there is no file, or none that can be used."""
        found = self.load(_OnDisk)
        if found is None:
            return Kept()
        kept, data = found
        monitors = self.lines(kept.monitors, Monitor)
        if len(monitors) < len(kept.monitors):
            self.copy_aside(data)
        return Kept(monitors=monitors, signals=self.lines(kept.signals, Signal))


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
