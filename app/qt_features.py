"""Keep imports quick after Qt is loaded."""

from __future__ import annotations


def leave_out() -> None:
    """Tell PySide that no module uses its `__feature__`s. To be called once Qt is loaded, before the rest is.

    Else it reads and tokenizes the source of each module that is imported from then on, to see whether it does: a
    quarter of what the program's modules cost (`import_ms` of `benchmarks.start`).
    """
    from PySide6.support import feature  # type: ignore[attr-defined]  # it comes with Qt's first module

    feature._mod_uses_pyside = lambda _module: False
