"""The form of an indicator: its settings and the colours of its lines."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.calc.indicators import Setting, Value
from widgets import zone
from widgets.chart import study_texts
from widgets.chart.studies import Study

_SWATCH_PX = 16

Field = QSpinBox | QDoubleSpinBox | QComboBox | QDateTimeEdit


def swatch(color: str) -> QIcon:
    """Return a square of one colour."""
    made = QPixmap(_SWATCH_PX, _SWATCH_PX)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.fillRect(_SWATCH_PX - 12, 2, 12, 12, QColor(color))  # a menu leaves nothing free to the left of it
    painter.end()
    return QIcon(made)


class ColorButton(QPushButton):
    """Shows a colour; a press offers others."""

    def __init__(self, color: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setAutoDefault(False)
        self.set_color(color)
        self.clicked.connect(self._ask)

    def set_color(self, color: str) -> None:
        """Take a colour, "#rrggbb"."""
        self.color = color
        self.setIcon(swatch(color))
        self.setText(color)
        self.setAccessibleName(f"{self._name} {color}")

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self.color), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self._name)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.colorSelected.connect(lambda color: self.set_color(color.name()))
        dialog.open()


class StudyForm(QDialog):
    """Changes settings and colours of one indicator."""

    chosen = Signal(object, object)  # (values by name, colours of the lines)

    def __init__(self, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(study_texts.name(study.kind))
        self._study = study
        self.fields: dict[str, Field] = {}
        self.colors: dict[int, ColorButton] = {}
        rows = QFormLayout()
        for one in study.indicator.settings:
            field = self.fields[one.name] = _field(one, study.indicator.values[one.name])
            rows.addRow(study_texts.setting(one.name), field)
        for number, line in enumerate(study.indicator.lines):
            if line.style == "line":  # bars have the colours of up and down
                name = study_texts.line(line.name)
                button = self.colors[number] = ColorButton(study.colors[number], name)
                rows.addRow(name, button)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Save"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(rows)
        column.addWidget(self.buttons)

    def _save(self) -> None:
        values = {name: _value(field) for name, field in self.fields.items()}
        colors = [self.colors[n].color if n in self.colors else color for n, color in enumerate(self._study.colors)]
        self.chosen.emit(values, colors)
        self.accept()


def _field(setting: Setting, value: Value) -> Field:
    match setting.type:
        case "choice":
            box = QComboBox()
            for one in setting.choices:
                box.addItem(study_texts.choice(one), one)
            box.setCurrentIndex(max(box.findData(value), 0))
            return box
        case "moment":
            # What it shows is the time of the axes, so that Qt needs to know of no other zone.
            local = zone.shown.local(int(value)) // 1_000
            moment = QDateTime.fromSecsSinceEpoch(local, QTimeZone(QTimeZone.Initialization.UTC))
            edit = QDateTimeEdit(moment)
            edit.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))
            edit.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
            return edit
        case "float":
            number = QDoubleSpinBox()
            number.setDecimals(2)
            number.setSingleStep(0.1)
            number.setRange(setting.least, setting.most)
            number.setValue(float(value))
            return number
        case _:
            whole = QSpinBox()
            whole.setRange(int(setting.least), int(setting.most))
            whole.setValue(int(value))
            return whole


def _value(field: Field) -> Value:
    if isinstance(field, QComboBox):
        return str(field.currentData())
    if isinstance(field, QDateTimeEdit):
        return zone.shown.moment(field.dateTime().toMSecsSinceEpoch())
    return field.value()
