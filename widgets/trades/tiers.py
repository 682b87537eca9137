"""Asks from which values on a trade stands out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from widgets.trades.bar import DECIMALS, MOST
from widgets.trades.lines import Tiers


class TiersDialog(QDialog):
    """Three values in one quote currency, each at least the one before.

    Args:
        tiers: what is in force.
        usual: what is in force if the user says nothing.
    """

    chosen = Signal(object)  # Tiers

    def __init__(self, quote: str, tiers: Tiers, usual: Tiers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What counts as large"))
        form = QFormLayout(self)
        names = (self.tr("Large from"), self.tr("Larger from"), self.tr("Big from"))
        text = self.tr("Value of a line in {quote}. What is big is in the list of big trades.")
        about = QLabel(text.format(quote=quote))
        about.setWordWrap(True)
        form.addRow(about)
        self.boxes = [QDoubleSpinBox(self) for _ in tiers]
        for name, box in zip(names, self.boxes, strict=True):
            box.setDecimals(DECIMALS.get(quote, 2))
            box.setRange(0.0, MOST)
            box.setGroupSeparatorShown(True)
            box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
            box.setSuffix(f" {quote}")
            box.valueChanged.connect(self._check)
            form.addRow(name, box)
        self.why = QLabel(self)
        self.why.setWordWrap(True)
        form.addRow(self.why)
        row = QHBoxLayout()
        self.again, self.ok, cancel = (
            QPushButton(self.tr("Defaults")),
            QPushButton(self.tr("OK")),
            QPushButton(self.tr("Cancel")),
        )
        self.again.setAutoDefault(False)
        self.ok.setDefault(True)
        self.again.clicked.connect(lambda: self._fill(usual))
        self.ok.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        row.addWidget(self.again)
        row.addStretch(1)
        row.addWidget(self.ok)
        row.addWidget(cancel)
        form.addRow(row)
        self._fill(tiers)

    def _fill(self, tiers: Tiers) -> None:
        for box, value in zip(self.boxes, tiers, strict=True):
            box.setValue(value)

    @property
    def tiers(self) -> Tiers:
        one, two, three = (box.value() for box in self.boxes)
        return one, two, three

    def _check(self) -> None:
        is_right = self.tiers == tuple(sorted(self.tiers)) and self.tiers[0] > 0.0
        self.ok.setEnabled(is_right)
        self.why.setText("" if is_right else self.tr("Each value has to be at least the one above it, and above zero."))

    def accept(self) -> None:
        if self.ok.isEnabled():
            self.chosen.emit(self.tiers)
            super().accept()
