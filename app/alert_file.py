"""Alert rules and their log on the disk: written aside and put in place; what cannot be used is kept aside and said."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from app.kept_file import KeptFile
from core.state.alerts import Fired, Kept, Rule, Seen

VERSION = 1

log = logging.getLogger(__name__)


class _OnDisk(msgspec.Struct):
    """As `Kept`, but what was said is read line by line: one that is damaged costs no rule."""

    version: int = VERSION
    rules: list[Rule] = msgspec.field(default_factory=list)
    seen: dict[str, Seen] = msgspec.field(default_factory=dict)
    log: list[msgspec.Raw] = msgspec.field(default_factory=list)


class _Versioned(msgspec.Struct):
    version: int = VERSION


class AlertFile(KeptFile):
    """One file for the rules of one exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "alerts", log)

    def read(self) -> Kept:
        """Return what was kept; nothing where there is no file, or none that can be used."""
        try:
            data = self.path.read_bytes()
            if msgspec.json.decode(data, type=_Versioned).version > VERSION:
                raise msgspec.ValidationError("made by a newer Hoga")
            kept = msgspec.json.decode(data, type=_OnDisk)
            return Kept(rules=kept.rules, seen=kept.seen, log=self.lines(kept.log, Fired))
        except (FileNotFoundError, NotADirectoryError):
            return Kept()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            self.keep_aside(str(why))
            return Kept()


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
