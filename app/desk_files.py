"""Desks on the disk: one file each, written aside and put in place; one that cannot be used is kept aside and said."""

from __future__ import annotations

import logging
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote

import msgspec

VERSION = 1
LONGEST_NAME = 60  # characters
_LONGEST_FILE_NAME = 200  # bytes, with room for what is put behind it; file systems take 255
MOST_PANES = 64  # of a desk

log = logging.getLogger(__name__)

Role = Literal["both", "lead", "follow"]


class PaneRecord(msgspec.Struct):
    """One pane: what it is, its link group, and what it keeps itself."""

    name: str  # unique in the desk; the layout knows the pane by it
    kind: str
    group: int = 0  # 0: none
    role: Role = "both"
    state: dict[str, Any] = msgspec.field(default_factory=dict)


class DeskRecord(msgspec.Struct):
    """A desk, whole."""

    version: int = VERSION
    panes: list[PaneRecord] = msgspec.field(default_factory=list)
    groups: dict[int, str] = msgspec.field(default_factory=dict)  # link group -> market
    layout: str = ""  # where the docks stand; the docking library's own
    is_locked: bool = False


class DeskError(Exception):
    """A desk that cannot be read or written; the text is for the user, in English."""


def encode(record: DeskRecord) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=1)


def decode(data: bytes) -> DeskRecord:
    """Return the desk in `data`.

    Raises:
        DeskError: it is no desk, or one of a newer version.
    """
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version > VERSION:
            raise DeskError(f"made by a newer Hoga (version {version}, this one knows {VERSION})")
        record = msgspec.json.decode(data, type=DeskRecord)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
        raise DeskError(str(why)) from why
    names = [p.name for p in record.panes]
    if len(set(names)) != len(names) or not all(names):
        raise DeskError("two panes have one name")
    if len(names) > MOST_PANES:
        raise DeskError(f"more than {MOST_PANES} panes")
    return record


class _Versioned(msgspec.Struct):
    version: int


def write_aside(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in its place: whoever reads it finds all of the old or all of the new.

    Raises:
        OSError: the disk did not take it; the old file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def aside_of(path: Path, data: bytes) -> Path:
    """Return where `data`, of a file that cannot be used, is kept beside it: over no other one, and only once."""
    for number in range(1, 1_000):
        mark = "" if number == 1 else f"-{number}"
        aside = path.with_name(f"{path.name.removesuffix('.json')}{mark}.unreadable.json")
        try:
            if aside.read_bytes() == data:
                break
        except FileNotFoundError:
            break
        except OSError:
            continue
    return aside


class DeskFiles:
    """The folder of the user's desks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return where the desk `name` is kept. Any name will do: what a file cannot be called is escaped."""
        return self.folder / f"{_file_name(name)}.json"

    def names(self) -> list[str]:
        """Return the desks there are, by name."""
        try:
            files = [p.name.removesuffix(".json") for p in self.folder.glob("*.json")]
        except OSError:
            return []
        # A dot in a name is escaped: what has one is no desk, but what was kept aside.
        names = [unicodedata.normalize("NFC", unquote(f)) for f in files if "." not in f]
        return sorted(names, key=lambda n: (n.casefold(), n))

    def read(self, name: str) -> DeskRecord | None:
        """Return the desk `name`, None if there is none.

        Raises:
            DeskError: its file cannot be used. It stands beside its old place now, under another name.
        """
        path = self.path(name)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as why:
            raise DeskError(str(why)) from why
        try:
            return decode(data)
        except DeskError as why:
            aside = self._keep_aside(path, data)
            log.warning("the desk %r could not be read (%s); kept as %s", name, why, aside.name)
            raise DeskError(f"{why}; kept as {aside.name}") from why

    def _keep_aside(self, path: Path, data: bytes) -> Path:
        """Move an unusable file out of the way; an older one there stays too."""
        aside = aside_of(path, data)
        try:
            path.replace(aside)
        except OSError as why:
            log.warning("and it could not be moved: %s", why)
            return path
        return aside

    def write(self, name: str, data: bytes) -> None:
        """Keep a desk, as `encode` gave it.

        Raises:
            OSError: the disk did not take it; what was there before is untouched.
        """
        write_aside(self.path(name), data)

    def rename(self, name: str, new: str) -> None:
        """Call a desk otherwise. Raises `DeskError` if there is one of the new name."""
        if self.path(new).exists():
            raise DeskError(f"there is a desk {new!r} already")
        try:
            self.path(name).replace(self.path(new))
        except OSError as why:
            raise DeskError(str(why)) from why

    def delete(self, name: str) -> None:
        """Put a desk out of the list; its file is kept under another name until the next desk of that name goes."""
        path = self.path(name)
        try:
            path.replace(path.with_suffix(".deleted"))
        except FileNotFoundError:
            return
        except OSError as why:
            raise DeskError(str(why)) from why


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted`, or with a number behind it what is not taken yet."""
    wanted = clean_name(wanted) or "desk"
    folded = {t.casefold() for t in taken}
    name, number = wanted, 2
    while name.casefold() in folded:
        name, number = f"{wanted} {number}", number + 1
    return name


def clean_name(text: str) -> str:
    """Return `text` as the name of a desk: one line, no spaces around it, not too long; "" if nothing is left."""
    plain = unicodedata.normalize("NFC", "".join(c if c.isprintable() else " " for c in text))
    name = " ".join(plain.split())[:LONGEST_NAME].strip()
    while len(_file_name(name).encode()) > _LONGEST_FILE_NAME:
        name = name[:-1].strip()
    return name


def _file_name(name: str) -> str:
    """Return a file name for any desk's name, one to one: all but letters, digits, space and -_() is escaped."""
    return "".join(c if c.isalnum() or c in " -_()" else "%2E" if c == "." else quote(c, safe="") for c in name)
