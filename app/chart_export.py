"""Charts leave the program: their picture to the clipboard or a file, their bars to a table."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from app import parquet
from app.desk import Desk
from app.secrets import in_thread
from core.market import Interval
from widgets import messages, zone
from widgets.chart.pane import ChartPane
from widgets.chart.still import Head, still
from widgets.chart.table import Table, csv_lines, table

SAID_MS = 4_000  # so long the window says that a picture was copied
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}

log = logging.getLogger(__name__)


class ChartExport:
    """What is taken out of charts. Files are made in a thread, beside their place, and then put in it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._folder = ""  # where the user put the last one

    # Pictures.

    def copy_picture(self, pane: ChartPane) -> None:
        """Put a picture of the chart into the clipboard."""
        QGuiApplication.clipboard().setImage(self._picture(pane))
        said = QCoreApplication.translate("ChartExport", "The picture of {market} is in the clipboard.")
        self._desk.window.statusBar().showMessage(said.format(market=pane.market), SAID_MS)

    def save_picture(self, pane: ChartPane) -> None:
        """Ask for a file and write a picture of the chart as it is now."""
        image, place = self._picture(pane), QStandardPaths.StandardLocation.PicturesLocation
        title = QCoreApplication.translate("ChartExport", "Save the picture of the chart")
        pictures = QCoreApplication.translate("ChartExport", "Pictures (*.png)")
        dialog = self._dialog(title, place, [pictures], self._name(pane) + ".png")
        dialog.fileSelected.connect(lambda path: self._write(Path(path), lambda: [png(image)]))
        dialog.open()

    def _picture(self, pane: ChartPane) -> QImage:
        listed = self._desk.feed.store.markets.get(pane.market)
        name = "" if listed is None else listed.korean_name if messages.is_korean() else listed.english_name
        moment = f"{self._moment():%Y-%m-%d %H:%M:%S} {zone.shown.name(self._desk.now_ms())}"
        badge = QCoreApplication.translate("Pane", "DEMO") if self._desk.is_demo else ""
        return still(pane.view, Head(pane.market, name, pane.bar.buttons[pane.interval].text(), badge, moment))

    # Data.

    def save_data(self, pane: ChartPane, *, in_view: bool) -> None:
        """Ask for a file and write the bars in view, or all that are loaded, as they are now."""
        model = pane.view.model
        begin, end = model.shown if in_view else (0, model.count)
        made = table(model, "DEMO" if self._desk.is_demo else "UPBIT", begin, end)
        title = QCoreApplication.translate("ChartExport", "Save {count} bars of {market}")
        kinds = {
            "csv": QCoreApplication.translate("ChartExport", "Text table (*.csv)"),
            "parquet": QCoreApplication.translate("ChartExport", "Parquet table (*.parquet)"),
        }
        place, name = QStandardPaths.StandardLocation.DocumentsLocation, self._name(pane)
        text = title.format(count=f"{made.rows:,}", market=pane.market)
        dialog = self._dialog(text, place, list(kinds.values()), f"{name}.csv")
        of = {text: kind for kind, text in kinds.items()}

        def choose(text: str) -> None:
            """Follow the kind that was chosen with the end of the name."""
            dialog.setDefaultSuffix(of[text])
            if chosen := dialog.selectedFiles()[:1]:
                dialog.selectFile(Path(chosen[0]).with_suffix(f".{of[text]}").name)

        dialog.filterSelected.connect(choose)
        dialog.fileSelected.connect(lambda path: self._write(Path(path), lambda: encoded(made, Path(path))))
        dialog.open()

    # Files.

    def _dialog(self, title: str, place: QStandardPaths.StandardLocation, filters: list[str], name: str) -> QFileDialog:
        folder = self._folder or QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self._desk.window, title, folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(filters)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _moment(self) -> datetime:
        """Return the exchange's clock, in the zone that times are shown in."""
        return zone.wall_clock(zone.shown.local(self._desk.now_ms()))

    def _name(self, pane: ChartPane) -> str:
        """Return what a file of the chart is called."""
        # Where capitals make no difference, a month must not be a minute.
        interval = "1month" if pane.interval is Interval.MONTH else pane.interval.value
        parts = [pane.market, interval, "DEMO" if self._desk.is_demo else "", f"{self._moment():%Y-%m-%d_%H%M%S}"]
        return "_".join(part for part in parts if part)

    def _write(self, path: Path, parts: Callable[[], Iterable[bytes]]) -> None:
        self._folder = str(path.parent)
        self._desk.spawn(self._write_aside(path, parts))

    async def _write_aside(self, path: Path, parts: Callable[[], Iterable[bytes]]) -> None:
        try:
            await in_thread(lambda: put(path, parts()))
        except OSError as why:
            log.info("%s could not be written: %s", path.name, why)
            text = QCoreApplication.translate("ChartExport", "Nothing was written to {path}: {why}")
            self._desk.window.notify(text.format(path=path, why=reason(why)))
            return
        self._desk.window.notify(QCoreApplication.translate("ChartExport", "Saved: {path}").format(path=path))


def png(image: QImage) -> bytes:
    """Return a picture as a file has it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # PySide takes it, its types know a name alone
    return bytes(buffer.data().data())


def encoded(made: Table, path: Path) -> Iterator[bytes]:
    """Yield a table as the end of the file's name wants it, as text where that says nothing."""
    if path.suffix.casefold() == ".parquet":
        return parquet.encode(made)
    return csv_lines(made)


def put(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside its place, then put it there: whoever reads it finds all of the old or all of the new.

    Raises:
        OSError: the disk did not take it; what was there is as it was, and nothing is left beside it.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with aside.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def reason(why: OSError) -> str:
    """Return in plain words why a file was not written."""
    if why.errno in _FULL:
        return QCoreApplication.translate("ChartExport", "the disk is full.")
    if why.errno in _CLOSED:
        return QCoreApplication.translate("ChartExport", "this folder or file may not be written to.")
    if why.errno in {errno.ENOENT, errno.ENOTDIR}:
        return QCoreApplication.translate("ChartExport", "the folder is not there any more.")
    if why.errno == errno.ENAMETOOLONG:
        return QCoreApplication.translate("ChartExport", "the name is too long.")
    return why.strerror or str(why)
