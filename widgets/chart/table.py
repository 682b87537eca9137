"""What a chart shows as a table: bars, and the values of the indicators beside them. No Qt."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from widgets.chart.model import ChartModel
from widgets.chart.own_study import PREFIX
from widgets.chart.studies import Study

_LINES = 8_192  # of a piece of the file


class Column(NamedTuple):
    """One column.

    `values` of "text" is one text for all rows; of "moment", int64 epoch ms; of "float", nan is no value.
    """

    name: str
    kind: Literal["text", "moment", "int", "float", "bool"]
    values: str | NDArray[Any]


class Table(NamedTuple):
    """Columns of as many values each, which nobody changes."""

    columns: list[Column]
    rows: int
    notes: dict[str, str]  # what the file says of itself, where it can


def table(model: ChartModel, source: str, begin: int = 0, end: int | None = None) -> Table:
    """Return the bars from `begin` to before `end`, a copy; a window without a trade is none, also where it is shown.

    Args:
        source: whose prices they are, "UPBIT" or "DEMO": it stands in each row.
    """
    numbers = model.timeline.traded(begin, model.count if end is None else end)
    starts, rows = model.starts[numbers], model.rows[numbers]
    series = model.series
    interval = series.interval.value if series is not None else ""
    break_ms = -1 if series is None or series.break_ms is None else series.break_ms  # of a bar that is not final
    columns = [
        Column("market", "text", model.market),
        Column("interval", "text", interval),
        Column("source", "text", source),
        Column("time_utc", "moment", starts),
        Column("time_ms", "int", starts),
        *(Column(n, "float", rows[:, i].copy()) for i, n in enumerate(("open", "high", "low", "close", "volume"))),
        Column("is_closed", "bool", (numbers < model.count - 1) & (starts != break_ms)),
        Column("is_after_hole", "bool", numbers == _after_hole(model)),
    ]
    taken = {column.name for column in columns}
    for study in model.studies.seen:
        # A profile says something of all bars in view, and of none by itself.
        for line in range(len(study.indicator.lines) if study.indicator.place != "profile" else 0):
            name = _free(_name(study, line), taken)
            taken.add(name)
            columns.append(Column(name, "float", _values(study, line, model.count)[numbers]))
    return Table(columns, len(starts), {"market": model.market, "interval": interval, "source": source})


def _after_hole(model: ChartModel) -> int:
    """Return the bar before which others may be missing, -1 for none."""
    hole = model.hole
    return -1 if hole is None else round(hole[0] + 0.5)


def _values(study: Study, line: int, count: int) -> NDArray[np.float64]:
    """Return a line's values by the bar at which they stand; what stands beyond the last bar is left out."""
    made, shift = np.full(count, np.nan), study.indicator.shifts[line]
    known = study.values[line][:count]
    first, last = max(shift, 0), min(len(known) + shift, count)
    if first < last:
        made[first:last] = known[first - shift : last - shift]
    return made


def _name(study: Study, line: int) -> str:
    """Return what a column is called, the same in every language of the screen: "bollinger_20_2_upper"."""
    of = study.indicator.lines[line].name
    parts = [study.kind.removeprefix(PREFIX), study.indicator.label, "" if of == "value" else of]
    return re.sub(r"[^\w.]+", "_", " ".join(p for p in parts if p)).strip("_") or "indicator"


def _free(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


# As text.


def csv_lines(made: Table) -> Iterator[bytes]:
    """Yield the table as CSV, UTF-8: numbers with each of their digits and no exponent, nothing for no value."""
    head = io.StringIO()
    csv.writer(head, lineterminator="\n").writerow([column.name for column in made.columns])
    yield head.getvalue().encode()
    for begin in range(0, made.rows, _LINES):
        end = min(begin + _LINES, made.rows)
        texts = [_texts(column, begin, end) for column in made.columns]
        yield "".join([",".join(row) + "\n" for row in zip(*texts, strict=True)]).encode()


def _texts(column: Column, begin: int, end: int) -> list[str]:
    if isinstance(column.values, str):
        return [column.values] * (end - begin)
    values = column.values[begin:end]
    match column.kind:
        case "moment":
            return moment_texts(values)
        case "float":
            return number_texts(values)
        case "bool":
            return ["true" if value else "false" for value in values.tolist()]
        case _:
            return [str(value) for value in values.tolist()]


def moment_texts(times_ms: NDArray[np.int64]) -> list[str]:
    """Return moments as ISO 8601 has them, in UTC."""
    seconds = times_ms // 1_000  # no bar begins between two seconds
    return [f"{text}Z" for text in np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()]


def number_texts(values: NDArray[np.float64]) -> list[str]:
    """Return for each number the shortest text that reads back as the same, without an exponent; "" for nan."""
    size = np.abs(values)
    if ((size < 1e15) & (values == np.rint(values))).all():
        return [str(value) for value in values.astype(np.int64).tolist()]
    if ((size >= 1e-4) & (size < 1e15)).all():  # Python writes these without an exponent
        return [text.removesuffix(".0") for text in map(repr, values.tolist())]
    return [_number_text(value) for value in values.tolist()]


def _number_text(value: float) -> str:
    text = repr(value)
    if "e" in text:
        return np.format_float_positional(value, trim="-")
    if text == "nan":
        return ""
    return text.removesuffix(".0")
