"""A Parquet file is what the format says: read back by a reader of our own, made after its description."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.parquet import encode
from widgets.chart.table import Column

# A reader, made after the format's own description: thrift's compact protocol, then pages.


class Reader:
    """Reads the compact protocol from `raw` on."""

    def __init__(self, raw: bytes, at: int = 0) -> None:
        self.raw, self.at = raw, at

    def byte(self) -> int:
        self.at += 1
        return self.raw[self.at - 1]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    def value(self, kind: int) -> Any:
        match kind:
            case 5 | 6:
                n = self.number()
                return n >> 1 if not n & 1 else -(n >> 1) - 1
            case 8:
                size = self.number()
                self.at += size
                return self.raw[self.at - size : self.at]
            case 9:
                head = self.byte()
                size = self.number() if head >> 4 == 15 else head >> 4
                return [self.value(head & 15) for _ in range(size)]
            case 12:
                return self.struct()
        raise AssertionError(f"type {kind}")

    def struct(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        number = 0
        while head := self.byte():
            assert head >> 4, "numbers go up by 1 to 15"
            number += head >> 4
            found[number] = self.value(head & 15)
        return found


def page(raw: bytes, at: int) -> tuple[dict[int, Any], bytes, int]:
    reader = Reader(raw, at)
    header = reader.struct()
    body = zlib.decompress(raw[reader.at : reader.at + header[3]], wbits=31)
    assert len(body) == header[2]
    return header, body, reader.at + header[3]


def bits(raw: bytes, count: int) -> list[bool]:
    return [bool(raw[i // 8] >> i % 8 & 1) for i in range(count)]


def chunk(raw: bytes, meta: dict[int, Any], *, has_levels: bool) -> list[Any]:
    """Return the values of a column's part, None where there is none."""
    kind, count, at = meta[1], meta[5], meta[9]
    assert meta[4] == 2, "packed by gzip"
    header, body, end = page(raw, at)
    begin = meta.get(11, at)
    assert end - begin == meta[7]
    said = header[5]
    assert said[1] == count
    if said[2] == 8:
        entries, text, _ = page(raw, meta[11])
        assert entries[7][1] == 1
        (size,) = struct.unpack_from("<I", text)
        reader = Reader(body)
        assert reader.byte() == 1, "bits of an index"
        assert reader.number() == count << 1
        assert reader.byte() == 0
        return [text[4 : 4 + size].decode()] * count
    known = [True] * count
    if has_levels:
        (size,) = struct.unpack_from("<I", body)
        reader = Reader(body, 4)
        groups = reader.number()
        assert groups & 1, "packed bits"
        assert (groups >> 1) * 8 >= count
        known = bits(body[reader.at : 4 + size], count)
        body = body[4 + size :]
    if kind == 0:
        return bits(body, count)
    values = iter(struct.unpack(f"<{sum(known)}{'q' if kind == 2 else 'd'}", body))
    return [next(values) if is_known else None for is_known in known]


def read(raw: bytes) -> tuple[dict[str, list[Any]], dict[int, Any]]:
    """Return the columns of a file and what its footer says."""
    assert raw[:4] == raw[-4:] == b"PAR1"
    (size,) = struct.unpack("<I", raw[-8:-4])
    footer = Reader(raw, len(raw) - 8 - size).struct()
    root, *leaves = footer[2]
    assert root[5] == len(leaves)
    found: dict[str, list[Any]] = {leaf[4].decode(): [] for leaf in leaves}
    for group in footer[4]:
        for leaf, part in zip(leaves, group[1], strict=True):
            assert part[3][3] == [leaf[4]]
            found[leaf[4].decode()] += chunk(raw, part[3], has_levels=leaf[3] == 1)
    return found, footer


def columns_of(rows: int, floats: list[float]) -> list[Column]:
    times = np.arange(rows, dtype=np.int64) * 60_000 + 1_780_000_000_000
    return [
        Column("market", "text", "KRW-BTC"),
        Column("time_utc", "moment", times),
        Column("time_ms", "int", -times),
        Column("close", "float", np.array(floats, np.float64)),
        Column("is_closed", "bool", np.arange(rows) % 3 == 0),
        *(Column(f"선_{i}", "float", np.full(rows, np.nan if i % 2 else float(i))) for i in range(14)),
    ]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60), st.integers(1, 40))
def test_what_is_written_is_read_back(floats: list[float], rows_a_group: int) -> None:
    rows, columns = len(floats), columns_of(len(floats), floats)
    found, footer = read(b"".join(encode(columns, rows, {"source": "DEMO", "이름": "값"}, rows_a_group)))
    assert footer[3] == rows
    assert {note[1].decode(): note[2].decode() for note in footer[5]} == {"source": "DEMO", "이름": "값"}
    assert list(found) == [c.name for c in columns]
    assert found["market"] == ["KRW-BTC"] * rows
    assert found["close"] == [None if np.isnan(v) else v for v in floats]
    for column in columns[1:3]:
        assert found[column.name] == column.values.tolist()  # type: ignore[union-attr]
    assert found["is_closed"] == [i % 3 == 0 for i in range(rows)]
    assert found["선_1"] == [None] * rows
    assert found["선_4"] == [4.0] * rows


def test_moments_and_texts_are_said_to_be_such() -> None:
    _, footer = read(b"".join(encode(columns_of(3, [1.0, 2.0, 3.0]), 3, {})))
    said = {leaf[4].decode(): (leaf[1], leaf[3], leaf.get(6)) for leaf in footer[2][1:]}
    assert said["market"] == (6, 0, 0)
    assert said["time_utc"] == (2, 0, 9)
    assert said["time_ms"] == (2, 0, None)
    assert said["close"] == (5, 1, None)


def test_a_market_in_every_row_takes_no_room() -> None:
    text, none = ([Column("market", "text", "KRW-BTC" * n)] for n in (40, 0))
    sizes = [len(b"".join(encode(columns, 1_000_000, {}))) for columns in (text, none)]
    assert sizes[0] - sizes[1] < 1_000
