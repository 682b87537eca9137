"""The log: where it goes, and what never gets into it."""

from __future__ import annotations

import logging
import logging.handlers
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import logs
from tests.conftest import ExpectLog


@pytest.fixture(autouse=True)
def root() -> Iterator[logging.Logger]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {n: logging.getLogger(n).level for n in ("websockets", "asyncio")}
    yield root
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


def test_events_go_to_a_file_with_time_level_and_place(tmp_path: Path) -> None:
    logs.start("info", tmp_path / "log")
    logging.getLogger("core.feed.link").info("link %d is open", 3)
    logging.getLogger("core.feed.link").debug("not this")
    (line,) = (tmp_path / "log" / "hoga.log").read_text(encoding="utf-8").splitlines()
    assert "link 3 is open" in line
    assert "info" in line
    assert "core.feed.link" in line
    assert line.split()[0].endswith("Z")


def test_an_ordinary_run_says_nothing_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("info", tmp_path)
    logging.getLogger("app").info("all is well")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer eyJhbGciOiJIUzUxMiJ9.eyJhY2Nlc3Nfa2V5IjoiYWJj.c2lnbmF0dXJl",
        "access_key=Zx81kPq0aTtw99sXyz",
        "{'access_key': 'Zx81kPq0aTtw99sXyz', 'secret_key': 'c2lnbmF0dXJlc2lnbmF0dXJl'}",
    ],
)
def test_what_looks_like_a_key_is_blanked(text: str, tmp_path: Path) -> None:
    logs.start("info", tmp_path)
    logging.getLogger("core").info("sent %s", text)
    said = (tmp_path / "hoga.log").read_text()
    assert "***" in said
    for secret in ("eyJhbGci", "Zx81kPq0", "c2lnbmF0"):
        assert secret not in said


def test_what_was_held_back_is_not_lost(tmp_path: Path, root: logging.Logger) -> None:
    held = logging.handlers.MemoryHandler(10, flushLevel=logging.CRITICAL + 1)
    root.addHandler(held)
    root.setLevel(logging.INFO)
    logging.getLogger("app").info("before the files were known")
    logs.start("info", tmp_path, held)
    logging.getLogger("app").info("after")
    lines = (tmp_path / "hoga.log").read_text().splitlines()
    assert ["before the files" in lines[0], "after" in lines[1], len(lines)] == [True, True, 2]
    assert held not in root.handlers


def test_a_line_says_when_it_happened_though_it_is_written_later(tmp_path: Path, root: logging.Logger) -> None:
    held = logging.handlers.MemoryHandler(10, flushLevel=logging.CRITICAL + 1)
    record = logging.makeLogRecord({"name": "app", "levelno": logging.INFO, "levelname": "INFO", "msg": "x"})
    record.created = 1_790_134_742.106
    held.emit(record)
    logs.start("info", tmp_path, held)
    assert (tmp_path / "hoga.log").read_text().startswith("2026-09-23T03:39:02.106Z ")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, expected_log: ExpectLog) -> None:
    (tmp_path / "file").write_text("in the way")
    expected_log("WARNING app.logs: no log file")
    logs.start("info", tmp_path / "file" / "log")


def test_the_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 10_000)
    logs.start("info", tmp_path)
    for i in range(1_000):
        logging.getLogger("app").info("line %d %s", i, "x" * 60)
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == ["hoga.log", "hoga.log.1", "hoga.log.2"]
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 3 * 10_000


def test_an_exception_is_told_without_the_values_of_variables(tmp_path: Path, expected_log: ExpectLog) -> None:
    expected_log("ERROR core: it went wrong")
    # structlog lets rich, wherever that happens to be installed, draw every local variable of every frame.
    logs.start("info", tmp_path)
    opened = "-".join(("not", "for", "the", "log"))
    try:
        raise ValueError(len(opened))
    except ValueError:
        logging.getLogger("core").exception("it went wrong")
    said = (tmp_path / "hoga.log").read_text()
    assert "Traceback" in said
    assert "ValueError: 15" in said
    assert "not-for-the-log" not in said
