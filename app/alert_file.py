"""Alert rules and their log on the disk."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.kept_file import KeptFile
from core.state.alerts import Fired, Kept, Rule, Seen


class _OnDisk(msgspec.Struct):
    """As `Kept`, but what was said is read line by line: one that is damaged costs no rule."""

    rules: list[Rule] = msgspec.field(default_factory=list)
    seen: dict[str, Seen] = msgspec.field(default_factory=dict)
    log: list[msgspec.Raw] = msgspec.field(default_factory=list)


class AlertFile(KeptFile):
    """One file for the rules of one exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "alerts")

    def read(self) -> Kept:
        """Return what was kept; nothing where there is no file, or none that can be used."""
        found = self.load(_OnDisk)
        if found is None:
            return Kept()
        kept = found[0]
        return Kept(rules=kept.rules, seen=kept.seen, log=self.lines(kept.log, Fired))


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
