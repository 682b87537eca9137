"""Drawings on the disk: written aside and put in place; what cannot be used is kept aside and said."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from app.kept_file import KeptFile
from core.state.drawings import VERSION, Drawing, Kept

log = logging.getLogger(__name__)


class _OnDisk(msgspec.Struct):
    """As `Kept`, but read drawing by drawing: one that is damaged costs no other."""

    version: int = VERSION
    is_magnet: bool = False
    markets: dict[str, list[msgspec.Raw]] = msgspec.field(default_factory=dict)


class DrawingFile(KeptFile):
    """One file for the drawings on the markets of one exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "drawings", log)

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
        markets = {market: tuple(self.lines(raw, Drawing)) for market, raw in kept.markets.items()}
        if any(len(markets[market]) < len(raw) for market, raw in kept.markets.items()):
            self.copy_aside(data)
        return Kept(is_magnet=kept.is_magnet, markets=markets)


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
