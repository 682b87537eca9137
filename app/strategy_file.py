"""Strategies and their signals on the disk: written aside and put in place; what cannot be used is kept and said."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from app.desk_files import write_aside
from core.state.strategies import Kept, Monitor
from core.strategy.base import Signal

VERSION = 1

T = TypeVar("T", Monitor, Signal)
log = logging.getLogger(__name__)


class _OnDisk(msgspec.Struct):
    """As `Kept`, but read line by line: one that is damaged costs no other."""

    version: int = VERSION
    monitors: list[msgspec.Raw] = msgspec.field(default_factory=list)
    signals: list[msgspec.Raw] = msgspec.field(default_factory=list)


class StrategyFile:
    """One file for the strategies on one exchange."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept_aside: Path | None = None  # where a file is now that could not be used, or a copy of one, not whole
        self.is_lost = False  # it could be neither used nor moved: to write would destroy it

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
            self._keep_aside(str(why))
            return Kept()
        monitors = _lines(kept.monitors, Monitor)
        if len(monitors) < len(kept.monitors):
            self._copy_aside(data)
        return Kept(monitors=monitors, signals=_lines(kept.signals, Signal))

    @property
    def _aside(self) -> Path:
        return self.path.with_suffix(".unreadable.json")

    def _keep_aside(self, why: str) -> None:
        aside = self._aside
        log.warning("the strategies could not be read (%s); kept as %s", why, aside.name)
        try:
            self.path.replace(aside)
            self.kept_aside = aside
        except OSError as error:
            log.warning("and they could not be moved: %s", error)
            self.is_lost = True

    def _copy_aside(self, data: bytes) -> None:
        """Keep the whole file before one without the damaged strategies takes its place."""
        aside = self._aside
        log.warning("some strategies could not be read; the file is kept as %s", aside.name)
        try:
            aside.write_bytes(data)
            self.kept_aside = aside
        except OSError as error:
            log.warning("and it could not be copied: %s", error)
            self.is_lost = True

    def write(self, data: bytes) -> None:
        """Keep them, as `encode` gave them.

        Raises:
            OSError: the disk did not take it; what was there before is untouched.
        """
        if self.is_lost:
            raise OSError(f"{self.path.name} can be neither read nor moved")
        write_aside(self.path, data)


def _lines(raw: list[msgspec.Raw], kind: type[T]) -> list[T]:
    lines = []
    for line in raw:
        try:
            lines.append(msgspec.json.decode(line, type=kind))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            log.info("a %s is left out: %s", kind.__name__.lower(), why)
    return lines


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
