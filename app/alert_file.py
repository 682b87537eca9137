"""Alert rules and their log on the disk: written aside and put in place; what cannot be used is kept aside and said."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from app.desk_files import write_aside
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


class AlertFile:
    """One file for the rules of one exchange."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept_aside: Path | None = None  # where a file is now that could not be used
        self.is_lost = False  # it could be neither used nor moved: to write would destroy it

    def read(self) -> Kept:
        """Return what was kept; nothing where there is no file, or none that can be used."""
        try:
            data = self.path.read_bytes()
            if msgspec.json.decode(data, type=_Versioned).version > VERSION:
                raise msgspec.ValidationError("made by a newer Hoga")
            kept = msgspec.json.decode(data, type=_OnDisk)
            return Kept(rules=kept.rules, seen=kept.seen, log=_lines(kept.log))
        except (FileNotFoundError, NotADirectoryError):
            return Kept()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            self._keep_aside(str(why))
            return Kept()

    def _keep_aside(self, why: str) -> None:
        aside = self.path.with_suffix(".unreadable.json")
        log.warning("the alerts could not be read (%s); kept as %s", why, aside.name)
        try:
            self.path.replace(aside)
            self.kept_aside = aside
        except OSError as error:
            log.warning("and they could not be moved: %s", error)
            self.is_lost = True

    def write(self, data: bytes) -> None:
        """Keep them, as `encode` gave them.

        Raises:
            OSError: the disk did not take it; what was there before is untouched.
        """
        if self.is_lost:
            raise OSError(f"{self.path.name} can be neither read nor moved")
        write_aside(self.path, data)


def _lines(raw: list[msgspec.Raw]) -> list[Fired]:
    lines = []
    for line in raw:
        try:
            lines.append(msgspec.json.decode(line, type=Fired))
        except msgspec.DecodeError as why:
            log.info("a line of what alerts said is left out: %s", why)
    return lines


def encode(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)
