"""What one run of the program was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Desks one can start from; `app.templates` makes them.
TEMPLATES = ("four", "scalping", "trading", "wall", "scanner", "strategies", "account", "cross")


@dataclass(frozen=True)
class Options:
    """What the command line asks for. None: the settings decide."""

    is_demo: bool = False  # trade against the built-in exchange
    desk: str = ""  # name of the desk to open, or of a template; "": the one that was open last
    lang: str | None = None  # "ko", "en"
    theme: str | None = None  # "dark", "light", "dark-cb", "light-cb"
    data_dir: Path | None = None  # instead of the user's own folders
    log_level: str = "info"  # "debug", "info", "warning", "error"
    screenshot: Path | None = None  # write the window to this file, then end
    after_s: float = 3.0  # wait so long before the screenshot
