"""A Parquet file has what the table had, in types that other programs understand."""

from __future__ import annotations

import errno
import math
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parquet import encode
from widgets.chart.table import Column, Table

NOTES = {"market": "KRW-BTC", "source": "DE'MO"}


def read(raw: bytes, folder: Path) -> tuple[dict[str, list[Any]], dict[str, str], dict[str, str]]:
    """Return the columns of a file, their types, and what it says of itself."""
    path = folder / "read.parquet"
    path.write_bytes(raw)
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?)", [str(path)])
        names = [field[0] for field in found.description or ()]
        rows = found.fetchall()
        types = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
        notes = connection.execute("select key, value from parquet_kv_metadata(?)", [str(path)]).fetchall()
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    return columns, {name: kind for name, kind, *_ in types}, {k.decode(): v.decode() for k, v in notes}


def table_of(floats: list[float]) -> Table:
    rows = len(floats)
    columns = [
        Column("market", "text", "KRW-BTC"),
        Column("time_utc", "moment", np.arange(rows, dtype=np.int64) * 60_000 + 1_700_000_000_000),
        Column("time_ms", "int", np.arange(rows, dtype=np.int64) * 60_000 + 1_700_000_000_000),
        Column('a "quoted" name', "float", np.array(floats, np.float64)),
        Column("is_closed", "bool", np.arange(rows) % 2 == 0),
    ]
    return Table(columns, rows, NOTES)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60))
def test_what_is_written_is_read_back(tmp_path_factory: Any, floats: list[float]) -> None:
    made = table_of(floats)
    found, _, notes = read(b"".join(encode(made)), tmp_path_factory.mktemp("parquet"))
    assert found["market"] == ["KRW-BTC"] * made.rows
    assert found["time_ms"] == made.columns[2].values.tolist()  # type: ignore[union-attr]
    assert found['a "quoted" name'] == [None if math.isnan(x) else x for x in floats]
    assert found["is_closed"] == [n % 2 == 0 for n in range(made.rows)]
    assert NOTES.items() <= notes.items()


def test_moments_and_texts_are_said_to_be_such(tmp_path: Path) -> None:
    found, types, _ = read(b"".join(encode(table_of([1.0, math.nan]))), tmp_path)
    assert types == {
        "market": "VARCHAR",
        "time_utc": "TIMESTAMP",
        "time_ms": "BIGINT",
        'a "quoted" name': "DOUBLE",
        "is_closed": "BOOLEAN",
    }
    assert f"{found['time_utc'][1]:%Y-%m-%d %H:%M:%S}" == "2023-11-14 22:14:20"


def test_a_disk_that_is_full_is_said_as_such() -> None:
    made = table_of(np.random.default_rng(1).random(100_000).tolist())
    before, limits = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError) as caught:
            b"".join(encode(made))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert caught.value.errno == errno.EFBIG


def test_what_duckdb_cannot_do_is_an_error_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    made = table_of([1.0])
    twice = made._replace(columns=[*made.columns, made.columns[-1]._replace(kind="moment")])
    with pytest.raises(OSError, match=r"make_timestamp_ms"):
        b"".join(encode(twice))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(OSError, match="duckdb"):
        b"".join(encode(made))


def test_a_market_in_every_row_takes_no_room() -> None:
    made = table_of([1.0] * 20_000)
    with_market, without = (sum(map(len, encode(made._replace(columns=made.columns[n:])))) for n in (0, 1))
    assert with_market < without + 1_000
