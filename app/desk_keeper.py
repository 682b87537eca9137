"""The user's desks: which of them is open, and that nothing of it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

from app import templates
from app.desk_files import DeskError, DeskFiles, DeskRecord, clean_name, decode, encode, free_name
from app.disk import Disk
from app.main_window import MainWindow
from app.screens import geometry_of
from app.settings import SettingsFile
from app.workspace import Workspace

SAVE_EVERY_MS = 400  # a desk that changed is on the disk well within a second


class DeskKeeper(QObject):
    """Opens one desk at a time in the workspace, and keeps it and the settings as they change.

    Args:
        settings: the user's.
        files: the desks there are.
        disk: that takes both.
    """

    def __init__(
        self, window: MainWindow, workspace: Workspace, settings: SettingsFile, files: DeskFiles, disk: Disk
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._disk = window, workspace, disk
        self._file, self._settings = settings, settings.settings
        self.files = files
        self.name = ""  # of the desk that is open
        self._kept: DeskRecord | None = None  # as it is on the disk
        self._settings_kept = msgspec.json.encode(self._settings)
        self._writing: asyncio.Task[None] | None = None
        self._saving = QTimer(self, interval=SAVE_EVERY_MS)
        self._saving.timeout.connect(self.save)

    # Opening.

    def open_first(self, wanted: str) -> None:
        """Open a desk or a template by its name, "": what was open last; from now on keep what changes."""
        name = wanted or self._settings.desk
        if not (name and self._read(name)):
            template = wanted if wanted in templates.TEMPLATES else templates.DEFAULT
            taken = self.files.names()
            self.new(template, wanted if wanted and wanted not in taken else "")
        self._saving.start()

    def _read(self, name: str) -> bool:
        """Open the desk `name` from its file; False if there is none, or none that can be read."""
        try:
            record = self.files.read(name)
        except DeskError as why:
            text = self.tr("The desk {name} could not be read ({why}). Another one is open.")
            self._window.notify(text.format(name=name, why=why))
            return False
        if record is None:
            return False
        self._show(name, lambda: self._workspace.open(record))
        return True

    def _show(self, name: str, fill: Callable[[], None]) -> None:
        self.name, self._kept = "", None  # until it is whole, nothing of it may be kept over its file
        fill()
        self.name = self._settings.desk = name
        self._settings.desks = self.names()
        self._window.show_name(name)

    def names(self) -> list[str]:
        """Return the desks there are, the oldest first: a new one must not change which of them a key opens."""
        there = [*self.files.names(), self.name]  # which may not be on the disk yet
        return list(dict.fromkeys(n for n in (*self._settings.desks, *there) if n and n in there))

    def open(self, name: str) -> None:
        """Leave the open desk, which is kept, for another."""
        if name != self.name:
            self._save_now()
            self._read(name)

    def new(self, template: str, name: str = "") -> None:
        """Open a new desk made from a template. A name that is taken gets a number."""
        if self.name:
            self._save_now()
        free = free_name(name or templates.title(template), self.files.names())
        self._show(free, lambda: self._workspace.open_template(templates.TEMPLATES[template]))
        self.save()

    def rename(self, name: str) -> None:
        """Call the open desk otherwise; says what is wrong with the name."""
        wanted = clean_name(name)
        if not wanted or wanted == self.name:
            return
        self._save_now()
        try:
            self.files.rename(self.name, wanted)
        except DeskError as why:
            self._window.notify(self.tr("The desk was not renamed: {why}.").format(why=why))
            return
        self._settings.desks = [wanted if n == self.name else n for n in self._settings.desks]
        self.name = self._settings.desk = wanted
        self._window.show_name(wanted)

    def delete(self) -> None:
        """Put the open desk away and open another; its file is kept under another name."""
        gone = self.name
        others = [n for n in self.names() if n != gone]
        self._save_now()
        try:
            self.files.delete(gone)
        except DeskError as why:
            self._window.notify(self.tr("The desk was not deleted: {why}.").format(why=why))
            return
        self.name = ""
        if not (others and self._read(others[0])):
            self.new(templates.DEFAULT)

    def export(self, path: Path) -> None:
        """Write the open desk to a file that another Hoga can import."""
        try:
            path.write_bytes(encode(self._workspace.record()))
        except OSError as why:
            self._window.notify(self.tr("The desk could not be written to {path}: {why}.").format(path=path, why=why))
            return
        self._window.notify(self.tr("The desk was written to {path}.").format(path=path))

    def take(self, path: Path) -> None:
        """Open a desk from a file of `export`; it is named after the file."""
        try:
            record = decode(path.read_bytes())
        except (OSError, DeskError) as why:
            self._window.notify(self.tr("{path} holds no desk that can be opened: {why}.").format(path=path, why=why))
            return
        self._save_now()
        name = free_name(path.stem, self.files.names())
        self._show(name, lambda: self._workspace.open(record))
        self.save()

    # Keeping.

    def save(self) -> None:
        """Write what changed since the last time, in a thread: no frame waits for the disk."""
        if self._writing is not None or not self.name:
            return
        record, settings = self._workspace.record(), self._settings_now()
        if record == self._kept and settings == self._settings_kept:
            return
        self._writing = asyncio.create_task(self._write(self.name, record, settings))

    async def _write(self, name: str, record: DeskRecord, settings: bytes) -> None:
        try:
            if record != self._kept and name == self.name:  # else it was renamed or left meanwhile
                await self._disk.write(self.files.write, name, encode(record))
                if name == self.name:
                    self._kept = record
            if settings != self._settings_kept:
                await self._disk.write(self._file.write)
                self._settings_kept = settings
            self._disk.say_writable()
        except OSError as why:
            self._disk.say_unwritable(why)
        finally:
            self._writing = None

    def _settings_now(self) -> bytes:
        self._settings.window = geometry_of(self._window)
        return msgspec.json.encode(self._settings)

    def _save_now(self) -> None:
        """Write what changed before the desk goes away, or its file gets another name."""
        self._disk.wait()
        record = self._workspace.record()
        try:
            if self.name and record != self._kept:
                self.files.write(self.name, encode(record))
                self._kept = record
            settings = self._settings_now()
            if settings != self._settings_kept:
                self._file.write()
                self._settings_kept = settings
        except OSError as why:
            self._disk.say_unwritable(why)

    def stop(self) -> None:
        """Look for changes no more; `close` keeps the last ones."""
        self._saving.stop()

    async def close(self) -> None:
        """Keep what changed last."""
        if self._writing is not None:
            await self._writing
        self._save_now()
