"""Drawings on the disk."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.kept_file import KeptFile
from core.state.drawings import VERSION, Drawing, Kept


class _OnDisk(msgspec.Struct):
    """As `Kept`, but read drawing by drawing: one that is damaged costs no other."""

    is_magnet: bool = False
    markets: dict[str, list[msgspec.Raw]] = msgspec.field(default_factory=dict)


class DrawingFile(KeptFile):
    """One file for the drawings on the markets of one exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "drawings", VERSION)

    def read(self) -> Kept:
        """Return what was kept; nothing where there is no file, or none that can be used."""
        found = self.load(_OnDisk)
        if found is None:
            return Kept()
        kept, data = found
        markets = {market: tuple(self.lines(raw, Drawing)) for market, raw in kept.markets.items()}
        if any(len(markets[market]) < len(raw) for market, raw in kept.markets.items()):
            self.copy_aside(data)
        return Kept(is_magnet=kept.is_magnet, markets=markets)


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
