"""The page of the settings for the API key. It says what was entered; who opens it keeps it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.credentials import Place
from app.settings_page import CONTROL_WIDTH, SettingsPage
from core.wire.auth import AccessKey

KEYS_URL = "https://upbit.com/mypage/open_api_management"


class AccountPage(SettingsPage):
    """Takes a key and never shows it again, but for the first characters of its access half."""

    key_entered = Signal(str, str)  # access key, secret key
    forget_wanted = Signal()
    check_wanted = Signal()
    url_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._hint, self._place, self._state = "", "", ""
        self._is_demo = self._is_left = self._is_wrong = False
        self.add_title(lambda: self.tr("API key"))
        self.add_text(
            lambda: self.tr(
                "A key of Upbit shows your balances, orders and fills here. A key that may only read is enough, and "
                "safest: tick “View assets” (자산조회) and “View orders” (주문조회) and nothing else. Hoga places no "
                "orders and moves no money."
            )
        )
        self.site = QPushButton()
        self.site.clicked.connect(lambda: self.url_wanted.emit(KEYS_URL))
        self.say(self.site.setText, lambda: self.tr("Open the key page of Upbit"))
        self.say(self.site.setToolTip, lambda: KEYS_URL)
        self.add_control(self.site)
        self.access, self.secret = self._make_line(), self._make_line()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_row(lambda: self.tr("Access key"), self.access)
        self.add_row(lambda: self.tr("Secret key"), self.secret)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        self.save, self.check, self.forget = (QPushButton(buttons) for _ in range(3))
        for button in (self.save, self.check, self.forget):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.save.clicked.connect(self._enter)
        self.check.clicked.connect(self.check_wanted)
        self.forget.clicked.connect(self.forget_wanted)
        self.say(self.save.setText, lambda: self.tr("Save"))
        self.say(self.check.setText, lambda: self.tr("Check again"))
        self.say(self.forget.setText, lambda: self.tr("Forget"))
        self.add_wide(buttons)
        self.state = self.add_text(self._state_text)
        self.state.setProperty("tone", "")
        self.where = self.add_text(self._where_text)
        self._enable()

    def _make_line(self) -> QLineEdit:
        line = QLineEdit()
        line.setMaximumWidth(CONTROL_WIDTH + 120)
        line.setMaxLength(512)
        # What is typed here is nothing for an input method to learn and to offer elsewhere.
        line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        line.textEdited.connect(self._edit)
        line.returnPressed.connect(self._enter)
        return line

    # What the user does.

    def _edit(self) -> None:
        if self._is_wrong:
            self._is_wrong = False
            self.state.setText(self._state_text())
        self._enable()

    def _enter(self) -> None:
        """Say the key, without the blanks that copying brings along, and leave nothing of it in the lines."""
        access, secret = ("".join(line.text().split()) for line in (self.access, self.secret))
        try:
            AccessKey(access, secret)
        except ValueError:
            self._is_wrong = True
            self.state.setText(self._state_text())
            return
        self.clear()
        self.key_entered.emit(access, secret)

    def clear(self) -> None:
        """Leave nothing of a key in the lines, nor in what they undo."""
        for line in (self.access, self.secret):
            line.setText("")  # not `clear`, which can be undone
        self._is_wrong = False
        self._enable()

    def _enable(self) -> None:
        self.save.setEnabled(bool(self.access.text().strip() and self.secret.text().strip()))
        self.check.setEnabled(bool(self._hint) and not self._is_demo)
        self.forget.setEnabled(bool(self._hint))

    # What it shows.

    def show_key(self, hint: str, place: Place, state: str, *, is_demo: bool, is_left: bool) -> None:
        """Show which key there is.

        Args:
            hint: its first characters, "" for none.
            place: where it is kept.
            state: what the exchange says of it.
            is_demo: the built-in exchange speaks, which never gets it.
            is_left: the keyring did not delete the one that was forgotten.
        """
        self._hint, self._place, self._state = hint, place, state
        self._is_demo, self._is_left = is_demo, is_left
        for line in (self.access, self.secret):
            line.setPlaceholderText("••••••••" if hint else "")
        self.state.setText(self._state_text())
        self.where.setText(self._where_text())
        self._enable()

    def _state_text(self) -> str:
        if self._is_wrong:
            return self.tr("This is no key: both halves have letters, digits and signs only.")
        if not self._hint:
            return self.tr("There is no key.")
        name = self.tr("Key {hint}").format(hint=self._hint)
        if self._is_demo:
            return f"{name}: " + self.tr("not used in the demo, which has an account of its own.")
        return f"{name}: {self._state}"

    def _where_text(self) -> str:
        if self._is_left:
            return self.tr("The keyring of this system did not delete the key: delete it there. It is not used.")
        if self._place == "session":
            return self.tr("This system has no keyring that takes it: the key lasts until the program closes.")
        return self.tr("The key is kept in the keyring of the system alone, in no file, and goes to Upbit alone.")

    def say_again(self) -> None:
        super().say_again()
        self._enable()
