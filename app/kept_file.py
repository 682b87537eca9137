"""A file of what the user has set up: written aside and put in place; one that cannot be used is kept aside."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from app.desk_files import write_aside

T = TypeVar("T", bound=msgspec.Struct)


class KeptFile:
    """One file, and what became of it.

    Args:
        what: is in it, for the log: "alerts".
    """

    def __init__(self, path: Path, what: str, log: logging.Logger) -> None:
        self.path = path
        self._what, self._log = what, log
        self.kept_aside: Path | None = None  # where a file is now that could not be used, or a copy of one, not whole
        self.is_lost = False  # it could be neither used nor moved: to write would destroy it

    @property
    def _aside(self) -> Path:
        return self.path.with_suffix(".unreadable.json")

    def keep_aside(self, why: str) -> None:
        """Move a file that cannot be used out of the way."""
        aside = self._aside
        self._log.warning("the %s could not be read (%s); kept as %s", self._what, why, aside.name)
        try:
            self.path.replace(aside)
            self.kept_aside = aside
        except OSError as error:
            self._log.warning("and they could not be moved: %s", error)
            self.is_lost = True

    def copy_aside(self, data: bytes) -> None:
        """Keep the whole file before one without what is damaged takes its place."""
        aside = self._aside
        self._log.warning("some %s could not be read; the file is kept as %s", self._what, aside.name)
        try:
            aside.write_bytes(data)
            self.kept_aside = aside
        except OSError as error:
            self._log.warning("and it could not be copied: %s", error)
            self.is_lost = True

    def lines(self, raw: list[msgspec.Raw], kind: type[T]) -> list[T]:
        """Return those that can be read."""
        lines = []
        for line in raw:
            try:
                lines.append(msgspec.json.decode(line, type=kind))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
                self._log.info("a %s is left out: %s", kind.__name__.lower(), why)
        return lines

    def write(self, data: bytes) -> None:
        """Keep `data`.

        Raises:
            OSError: the disk did not take it; what was there before is untouched.
        """
        if self.is_lost:
            raise OSError(f"{self.path.name} can be neither read nor moved")
        write_aside(self.path, data)
