"""The user's choices, in one small file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Literal

import msgspec

from app.desk_files import aside_of, write_aside
from core.calc.arbitrage import Terms
from core.calc.unusual import Thresholds

VERSION = 1  # of what the fields mean; a new field with a default does not change it
RECENT = 32  # symbols remembered
FAVOURITES = 1_000  # more than there are markets
GROUPS = 50
HISTORY_MIB = (16, 1_048_576)

log = logging.getLogger(__name__)


class Settings(msgspec.Struct):
    """What the user chose. A field that is missing in the file has its default."""

    version: int = VERSION
    lang: Literal["ko", "en", ""] = ""  # "": the system's
    theme: Literal["dark", "light", "dark-cb", "light-cb"] = "dark"  # cb: for those who do not tell red from green
    updown: Literal["korean", "western"] = "korean"
    zone: Literal["kst", "local"] = "kst"  # in which times are shown: Korea's, or this machine's
    favourites: list[str] = msgspec.field(default_factory=list)  # market codes, in the user's order
    groups: dict[str, list[str]] = msgspec.field(default_factory=dict)  # name -> market codes, for the scanner
    recent: list[str] = msgspec.field(default_factory=list)  # market codes, the newest first
    is_quiet: bool = False  # alerts make no sound and no message of the desktop's
    thresholds: Thresholds = msgspec.field(default_factory=Thresholds)  # what counts as unusual on the scanner
    terms: Terms = msgspec.field(default_factory=Terms)  # on which the user trades between quote currencies
    reference: Literal["", "binance"] = ""  # the exchange outside that prices are compared with; "": none is asked
    fx_krw: float = 0.0  # KRW for a dollar at the bank, typed; 0: none
    keys: dict[str, str] = msgspec.field(default_factory=dict)  # id of a command -> its shortcut, where remapped
    desk: str = ""  # name of the one that was open last
    desks: list[str] = msgspec.field(default_factory=list)  # names, in the order they came: of keys and menu
    window: str = ""  # where the main window stands, see `app.screens`
    has_seen_tour: bool = False
    is_interval_linked: bool = True  # the charts of a link group change their interval together
    is_crosshair_linked: bool = True  # and show the crosshair at the same time
    is_span_linked: bool = False  # and the same stretch of time
    is_motion_reduced: bool = False  # nothing moves on by itself
    history_mib: int = 1_024  # most of the disk that candles and trades of one exchange take

    def __post_init__(self) -> None:
        """Hold the bounds and keep each symbol once, whatever the file says."""
        self.history_mib = min(max(self.history_mib, HISTORY_MIB[0]), HISTORY_MIB[1])
        if not 0.0 <= self.fx_krw < 100_000.0:
            self.fx_krw = 0.0
        self.favourites = list(dict.fromkeys(self.favourites))[:FAVOURITES]
        self.groups = {
            name: list(dict.fromkeys(codes))[:FAVOURITES] for name, codes in list(self.groups.items())[:GROUPS]
        }
        self.recent = list(dict.fromkeys(self.recent))[:RECENT]
        self.desks = list(dict.fromkeys(self.desks))

    def visit(self, market: str) -> None:
        """Remember `market` as the newest of the recent ones."""
        self.recent = [market, *(m for m in self.recent if m != market)][:RECENT]


class SettingsFile:
    """Reads and writes the settings: written aside, then put in place.

    A file that cannot be used is kept aside. Of one with a bad field, the other fields are in force.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept_aside: Path | None = None  # where a file is now that could not be used, or not whole
        self.lost: tuple[str, ...] = ()  # the fields whose defaults are in force instead of what the file says
        self.settings = self._read()

    def _read(self) -> Settings:
        raw = b""
        try:
            raw = self.path.read_bytes()
            found = msgspec.json.decode(raw, type=dict[str, Any])
        except (FileNotFoundError, NotADirectoryError):
            return Settings()
        except (OSError, msgspec.DecodeError, RecursionError) as why:
            return self._keep_aside(raw, str(why))
        version = found.get("version")
        if isinstance(version, int) and version > VERSION:
            return self._keep_aside(raw, f"made by a newer Hoga (version {version})")
        try:
            return msgspec.convert(found, Settings)
        except msgspec.ValidationError:
            return self._read_in_part(raw, found)

    def _read_in_part(self, raw: bytes, found: dict[str, Any]) -> Settings:
        """Take the fields that are right. The old file is kept before what is left of it is put in its place."""
        good, reasons = {}, []
        for field in msgspec.structs.fields(Settings):
            if field.name in found:
                try:
                    good[field.name] = msgspec.convert(found[field.name], field.type)
                except msgspec.ValidationError as why:
                    self.lost += (field.name,)
                    reasons.append(f"{field.name}: {why}")
        aside = aside_of(self.path, raw)
        log.warning("settings could not be read whole (%s); kept as %s", "; ".join(reasons), aside.name)
        settings = Settings(**good)
        try:
            aside.write_bytes(raw)
            self.kept_aside = aside
            write_aside(self.path, _encode(settings))
        except OSError as error:
            log.warning("and they could not be copied: %s", error)
        return settings

    def _keep_aside(self, raw: bytes, why: str) -> Settings:
        aside = aside_of(self.path, raw)
        self.lost = Settings.__struct_fields__
        log.warning("settings could not be read (%s); kept as %s, going on with the defaults", why, aside.name)
        try:
            self.path.replace(aside)
            self.kept_aside = aside
        except OSError as error:
            log.warning("and they could not be moved: %s", error)
        return Settings()

    def write(self) -> None:
        """Keep the settings as they are now.

        Raises:
            OSError: the disk did not take them; what was there before is untouched.
        """
        write_aside(self.path, _encode(self.settings))


def _encode(settings: Settings) -> bytes:
    return msgspec.json.format(msgspec.json.encode(settings), indent=2)
