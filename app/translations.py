"""The languages of the screen. `python -m app.translations --update` reads new texts and compiles the files."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = {"ko": QLocale.Language.Korean, "en": QLocale.Language.English}
# What Qt's own Korean lacks of a dialog for files.
LACKING = (
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
)

log = logging.getLogger(__name__)


def install(app: QApplication, lang: str) -> None:
    """Speak "ko" or "en" from now on; open windows are told by a LanguageChange event."""
    QLocale.setDefault(QLocale(LANGUAGES.get(lang, QLocale.Language.English)))
    # Ours last, which is asked first; below it Qt's own texts, of dialogs for files and the like.
    for name, folder in (
        ("qtbase", Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))),
        ("hoga", FOLDER),
    ):
        old = app.findChild(QTranslator, name)
        if old is not None:
            app.removeTranslator(old)
            old.setParent(None)
        made = QTranslator(app)
        made.setObjectName(name)
        if lang != "en":
            try:
                _held[name] = (folder / f"{name}_{lang}.qm").read_bytes()
            except OSError as why:
                log.warning("no translation for %s (%s): %s", lang, name, why.strerror)
                continue
            if not made.load(_held[name]):
                log.warning("no translation for %s (%s): the file is damaged", lang, name)
                continue
        app.installTranslator(made)


# What is in use. Not the file itself: Qt maps it, and an update that writes it while the program runs would crash it.
_held: dict[str, bytes] = {}


def system_lang() -> str:
    """Return the language of the user's system, as far as we speak it."""
    return "ko" if QLocale.system().language() == QLocale.Language.Korean else "en"


def update(folder: Path = FOLDER) -> int:
    """Take new texts of app/ and widgets/ into the .ts files of `folder`, drop old ones, compile. Return exit code."""
    tools = Path(sys.executable).parent
    sources = sorted(str(p.relative_to(ROOT)) for part in ("app", "widgets") for p in (ROOT / part).rglob("*.py"))
    for lang in sorted(LANGUAGES.keys() - {"en"}):
        file = folder / f"hoga_{lang}.ts"
        lupdate = [str(tools / "pyside6-lupdate"), *sources, "-ts", str(file)]
        lupdate += ["-locations", "none", "-source-language", "en", "-target-language", lang, "-no-obsolete"]
        lrelease = [str(tools / "pyside6-lrelease"), str(file), "-qm", str(file.with_suffix(".qm"))]
        for command in (lupdate, lrelease):
            if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(update() if sys.argv[1:] == ["--update"] else f"usage: {sys.executable} -m app.translations --update")
