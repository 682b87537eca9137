"""The user's choices, in one small file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal

import msgspec

VERSION = 1

log = logging.getLogger(__name__)


class Settings(msgspec.Struct):
    """What the user chose. A field that is missing in the file has its default."""

    version: int = VERSION
    lang: Literal["ko", "en", ""] = ""  # "": the system's
    theme: Literal["dark", "light"] = "dark"
    updown: Literal["korean", "western"] = "korean"
    markets: list[str] = msgspec.field(default_factory=list)  # of the default desk's groups


class SettingsFile:
    """Reads and writes the settings: written aside, then put in place; an unreadable file is kept aside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept_aside: Path | None = None  # where a file is now that could not be used
        self.settings = self._read()

    def _read(self) -> Settings:
        try:
            settings = msgspec.json.decode(self.path.read_bytes(), type=Settings)
        except (FileNotFoundError, NotADirectoryError):
            return Settings()
        except (OSError, msgspec.DecodeError) as why:
            return self._keep_aside(str(why))
        if settings.version > VERSION:
            return self._keep_aside(f"made by a newer Hoga (version {settings.version})")
        return settings

    def _keep_aside(self, why: str) -> Settings:
        aside = self.path.with_suffix(".unreadable.json")
        log.warning("settings could not be read (%s); kept as %s, going on with the defaults", why, aside.name)
        try:
            self.path.replace(aside)
            self.kept_aside = aside
        except OSError as error:
            log.warning("and they could not be moved: %s", error)
        return Settings()

    def write(self) -> None:
        """Keep the settings as they are now. A disk that does not take them is said in the log; the program goes on."""
        aside = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(msgspec.json.format(msgspec.json.encode(self.settings), indent=2))
            aside.replace(self.path)
        except OSError as why:
            log.warning("settings could not be written: %s", why)
