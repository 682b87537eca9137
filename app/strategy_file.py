"""Strategies and their signals on the disk: written aside and put in place; what cannot be used is kept and said."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from app.kept_file import KeptFile
from core.state.strategies import Kept, Monitor
from core.strategy.base import Signal

VERSION = 1

log = logging.getLogger(__name__)


class _OnDisk(msgspec.Struct):
    """As `Kept`, but read line by line: one that is damaged costs no other."""

    version: int = VERSION
    monitors: list[msgspec.Raw] = msgspec.field(default_factory=list)
    signals: list[msgspec.Raw] = msgspec.field(default_factory=list)


class StrategyFile(KeptFile):
    """One file for the strategies on one exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "strategies", log)

    def read(self) -> Kept:
        """Return what was kept; nothing where there is no file, or none that can be used."""
        try:
            data = self.path.read_bytes()
            kept = msgspec.json.decode(data, type=_OnDisk)
            if kept.version > VERSION:
                raise msgspec.ValidationError("made by a newer Hoga")
        except (FileNotFoundError, NotADirectoryError):
            return Kept()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            self.keep_aside(str(why))
            return Kept()
        monitors = self.lines(kept.monitors, Monitor)
        if len(monitors) < len(kept.monitors):
            self.copy_aside(data)
        return Kept(monitors=monitors, signals=self.lines(kept.signals, Signal))


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
