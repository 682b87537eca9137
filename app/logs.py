"""The log: one line an event to stderr and to a file of bounded size, without secrets."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import structlog

FILE_BYTES = 2 * 2**20
FILES = 3
_SECRET = re.compile(r"(?i)(bearer\s+|access_key[\"'=:\s]+|secret[\w]*[\"'=:\s]+)[\w\-.+/=]{8,}")


def _redact(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Blank whatever looks like a key or a token, should one ever come this far."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRET.sub(r"\1***", value)
    return event


def _stamp(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say when it happened, not when it is written: the first lines are held back for a while."""
    happened = datetime.fromtimestamp(event["_record"].created, UTC)
    event["timestamp"] = happened.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return event


def start(level: str, folder: Path | None, held: logging.handlers.MemoryHandler | None = None) -> None:
    """Send the log of the whole program to stderr, and to `folder`/hoga.log where that can be written.

    Args:
        level: the least that is logged.
        folder: of the log file; None for none.
        held: what has been logged so far; it is emptied into the log and taken off the root.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _stamp,
        _redact,
    ]
    plain = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Never with the values of variables, which might be secrets and are nothing to read.
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
    )
    root = logging.getLogger()
    root.setLevel(level.upper())
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(max(logging.WARNING, root.level) if level == "info" else root.level)
    handlers: list[logging.Handler] = [console]
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handlers.append(
                logging.handlers.RotatingFileHandler(
                    folder / "hoga.log", maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8", delay=True
                )
            )
        except OSError as why:
            logging.getLogger(__name__).warning("no log file: %s", why)
    for handler in handlers:
        handler.setFormatter(plain)
        root.addHandler(handler)
    if held is not None:
        root.removeHandler(held)
        for record in held.buffer:
            root.handle(record)
        held.buffer.clear()
        held.close()
    logging.getLogger("websockets").setLevel(logging.WARNING)
    logging.getLogger("qasync").setLevel(logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
