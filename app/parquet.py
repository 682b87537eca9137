"""Columns as a Parquet file, the format that tables travel in. Pure: arrays in, bytes out.

Source: parquet.thrift and Encodings.md of the format, and the compact protocol of Thrift, in which its headers are.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from widgets.chart.table import Column

ROWS = 131_072  # of a group: so much is in memory beside the arrays
_MAGIC = b"PAR1"

# Of the format.
_BOOLEAN, _INT64, _DOUBLE, _TEXT = 0, 2, 5, 6
_REQUIRED, _OPTIONAL = 0, 1
_PLAIN, _RLE, _DICTIONARY = 0, 3, 8
_GZIP = 2
_UTF8, _TIMESTAMP_MS = 0, 9  # converted types
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2

# Of the compact protocol.
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


_TYPES = {"text": _TEXT, "moment": _INT64, "int": _INT64, "float": _DOUBLE, "bool": _BOOLEAN}
_CONVERTED = {"text": _UTF8, "moment": _TIMESTAMP_MS}


def encode(columns: Sequence[Column], rows: int, notes: Mapping[str, str], rows_a_group: int = ROWS) -> Iterator[bytes]:
    """Yield the file piece by piece.

    Args:
        columns: of `rows` values each.
        notes: what the file says of itself.
    """
    yield _MAGIC
    at, groups = len(_MAGIC), []
    for begin in range(0, rows, rows_a_group):
        end = min(begin + rows_a_group, rows)
        chunks, size = [], 0
        for column in columns:
            pages, meta = _chunk(column, begin, end, at)
            yield b"".join(pages)
            chunks.append(_struct((2, _I64, at), (3, _STRUCT, meta)))
            whole = sum(map(len, pages))
            at, size = at + whole, size + whole
        groups.append(_struct((1, _LIST, (_STRUCT, chunks)), (2, _I64, size), (3, _I64, end - begin)))
    root = _struct((4, _BINARY, "bars"), (5, _I32, len(columns)))
    said = [_struct((1, _BINARY, key), (2, _BINARY, text)) for key, text in notes.items()]
    footer = _struct(
        (1, _I32, 1),
        (2, _LIST, (_STRUCT, [root, *map(_schema, columns)])),
        (3, _I64, rows),
        (4, _LIST, (_STRUCT, groups)),
        (5, _LIST, (_STRUCT, said)),
        (6, _BINARY, "Hoga"),
    )
    yield footer + struct.pack("<I", len(footer)) + _MAGIC


def _schema(column: Column) -> bytes:
    fields: list[tuple[int, int, Any]] = [
        (1, _I32, _TYPES[column.kind]),
        (3, _I32, _OPTIONAL if column.kind == "float" else _REQUIRED),
        (4, _BINARY, column.name),
    ]
    if column.kind in _CONVERTED:
        fields.append((6, _I32, _CONVERTED[column.kind]))
    return _struct(*fields)


def _chunk(column: Column, begin: int, end: int, at: int) -> tuple[list[bytes], bytes]:
    """Return the pages of one column's part and what the footer says of it; `at` is where they begin in the file."""
    count, pages = end - begin, []
    if isinstance(column.values, str):
        text = column.values.encode()
        pages.append(_page(_DICTIONARY_PAGE, struct.pack("<I", len(text)) + text, 1))
        body = b"\x01" + _number(count << 1) + b"\x00"  # one bit each, `count` times the first entry
        encodings, encoding = [_PLAIN, _RLE, _DICTIONARY], _DICTIONARY
    else:
        part = column.values[begin:end]
        body, encodings, encoding = _plain(column.kind, part), [_PLAIN, _RLE], _PLAIN
    pages.append(_page(_DATA_PAGE, body, count, encoding))
    sizes = [len(page) for page, _ in pages]
    fields: list[tuple[int, int, Any]] = [
        (1, _I32, _TYPES[column.kind]),
        (2, _LIST, (_I32, [_zigzag(e) for e in encodings])),
        (3, _LIST, (_BINARY, [_text(column.name)])),
        (4, _I32, _GZIP),
        (5, _I64, count),
        (6, _I64, sum(raw for _, raw in pages)),
        (7, _I64, sum(sizes)),
        (9, _I64, at + sum(sizes[:-1])),
    ]
    if len(pages) > 1:
        fields.append((11, _I64, at))
    return [page for page, _ in pages], _struct(*fields)


def _plain(kind: str, part: NDArray[Any]) -> bytes:
    if kind == "bool":
        return bytes(np.packbits(part, bitorder="little"))
    if kind != "float":
        return bytes(part.astype("<i8"))
    known = ~np.isnan(part)
    bits = bytes(np.packbits(known, bitorder="little"))  # is there a value?
    levels = _number(len(bits) << 1 | 1) + bits
    return struct.pack("<I", len(levels)) + levels + bytes(part[known].astype("<f8"))


def _page(kind: int, body: bytes, count: int, encoding: int = _PLAIN) -> tuple[bytes, int]:
    """Return a page with its header, and its size before it was packed."""
    pack = zlib.compressobj(wbits=31)
    packed = pack.compress(body) + pack.flush()
    fields: list[tuple[int, int, Any]] = [(1, _I32, kind), (2, _I32, len(body)), (3, _I32, len(packed))]
    if kind == _DICTIONARY_PAGE:
        fields.append((7, _STRUCT, _struct((1, _I32, count), (2, _I32, _PLAIN))))
    else:
        said = _struct((1, _I32, count), (2, _I32, encoding), (3, _I32, _RLE), (4, _I32, _RLE))
        fields.append((5, _STRUCT, said))
    header = _struct(*fields)
    return header + packed, len(header) + len(body)


# The compact protocol.


def _number(value: int) -> bytes:
    """Return a whole number >= 0, seven bits a byte, the lowest first."""
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _zigzag(value: int) -> bytes:
    """Return a whole number of either sign; small ones are short."""
    return _number(value << 1 if value >= 0 else (-value << 1) - 1)


def _text(text: str) -> bytes:
    raw = text.encode()
    return _number(len(raw)) + raw


def _struct(*fields: tuple[int, int, Any]) -> bytes:
    """Return a struct of (number, type, value): the numbers ascend, structs and what is in lists are bytes already."""
    made, before = bytearray(), 0
    for number, kind, value in fields:
        made.append((number - before) << 4 | kind)
        before = number
        if kind in (_I32, _I64):
            made += _zigzag(value)
        elif kind == _BINARY:
            made += _text(value)
        elif kind == _STRUCT:
            made += value
        else:
            of, items = value
            made += bytes([len(items) << 4 | of]) if len(items) < 15 else bytes([0xF0 | of]) + _number(len(items))
            made += b"".join(items)
    made.append(0)
    return bytes(made)
