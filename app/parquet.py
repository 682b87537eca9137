"""A table as a Parquet file, the format that tables travel in: DuckDB writes it."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from widgets.chart.table import Column, Table

_PIECE = 1 << 20  # bytes
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def encode(made: Table) -> Iterator[bytes]:
    """Yield the file piece by piece; what a chart does not know of a bar is null.

    Raises:
        OSError: the folder for temporary files takes no more, or DuckDB cannot be loaded or failed.
    """
    try:
        import duckdb  # only who exports pays for its second of loading
    except ImportError as why:
        raise OSError(str(why)) from why

    arrays = {f"c{n}": c.values for n, c in enumerate(made.columns) if not isinstance(c.values, str)}
    fields = ", ".join([f"{_value(c, f'c{n}')} as {_name(c.name)}" for n, c in enumerate(made.columns)])
    notes = ", ".join([f"{_name(key)}: {_text(text)}" for key, text in made.notes.items()])
    options = f"format parquet, compression zstd, kv_metadata {{{notes}}}"
    with tempfile.TemporaryDirectory(prefix="hoga-") as folder:
        path = Path(folder) / "table.parquet"
        try:
            with duckdb.connect() as connection:
                connection.register("bars", arrays)
                connection.execute(f"copy (select {fields} from bars) to {_text(str(path))} ({options})")
        except duckdb.Error as why:
            raise _of_the_disk(str(why)) from why
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _of_the_disk(text: str) -> OSError:
    """Return what DuckDB says of a failure as the system would say it: it hands on the system's words alone."""
    number = next((n for n in _FULL if os.strerror(n) in text), None)
    return OSError(text) if number is None else OSError(number, os.strerror(number))


def _value(column: Column, name: str) -> str:
    match column.kind:
        case "text":
            return _text(str(column.values))
        case "moment":
            return f"make_timestamp_ms({name})"
        case "float":
            return f"case when isnan({name}) then null else {name} end"
        case _:
            return name


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
