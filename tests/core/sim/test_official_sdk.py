"""The exchange's own SDK, unchanged but for its address, takes the program for the exchange.

Its models say what a field is called and of which type it is; what they do not know they keep, and we would see it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.core.sim.conftest import Program

HERE = Path(__file__).parent

pytestmark = pytest.mark.long  # its environment alone takes half a minute


@pytest.fixture(scope="session")
def sdk_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds the SDK, made for this test run; skip where it cannot be had."""
    folder = tmp_path_factory.mktemp("sdk")
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    base = getattr(sys, "_base_executable", sys.executable)  # ours may be without pip
    subprocess.run([base, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    wanted = ["-r", str(HERE / "official_sdk.txt")]
    command = [base, "-m", "pip", "--python", str(python), "install", "-q", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"the official SDK could not be installed: {done.stderr.strip().splitlines()[-1]}")
    return python


@pytest.mark.timeout(400)
def test_the_official_sdk_streams_replaces_and_pages(start_program: Callable[..., Program], sdk_python: Path) -> None:
    said = start_program().said()
    command = [str(sdk_python), str(HERE / "official_sdk.py"), said["rest"].removesuffix("/v1")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)

    kinds = Counter((frame["type"], frame["stream_type"]) for _, frame in read["frames"])
    for kind in ("ticker", "orderbook", "trade", "candle.1m"):
        assert kinds[kind, "SNAPSHOT"] == 4
    assert kinds["trade", "REALTIME"] > 5
    models = {frame["type"]: model for model, frame in read["frames"]}
    assert len(set(models.values())) >= 4, "each type has a model of its own"
    assert read["replaced"][-5:] == [["trade", "KRW-ETH"]] * 5

    pages = [*read["trades"], *read["older"]]
    ids = [row["sequential_id"] for row in pages]
    assert len(set(ids)) == len(ids) == 200
    assert [row["timestamp"] for row in pages] == sorted((row["timestamp"] for row in pages), reverse=True)
    starts = [row["candle_date_time_utc"] for row in read["minutes"]]
    assert len(starts) == 200
    assert starts == sorted(set(starts), reverse=True)
    assert all(row["low_price"] <= row["trade_price"] <= row["high_price"] for row in read["minutes"] + read["days"])
    assert len(read["days"]) == 30
    assert {row["market"] for row in read["books"]} == {"KRW-BTC", "KRW-ETH", "BTC-ETH", "USDT-XRP"}
    listed = {row["market"] for row in read["pairs"]}
    assert {row["market"] for row in read["tickers"]} == {m for m in listed if m.startswith("KRW-")}
    assert all(isinstance(row["market_event"]["warning"], bool) for row in read["pairs"])
    assert read["instruments"][0]["market"] == "KRW-BTC"


@pytest.mark.timeout(400)
def test_the_official_sdk_trades_and_listens(start_program: Callable[..., Program], sdk_python: Path) -> None:
    said = start_program("--no-demo-trades").said()
    key = [said["access_key"], said["secret_key"]]
    command = [str(sdk_python), str(HERE / "official_sdk_private.py"), said["rest"].removesuffix("/v1"), *key]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)

    assert {"KRW", "BTC"} <= {row["currency"] for row in read["accounts"]}
    assert read["chance"]["market"]["bid"] == {"currency": "KRW", "min_total": "5000"}
    first, second, third = read["orders"]
    assert [row["identifier"] for row in read["orders"]] == ["name 0", "name 1", "name 2"]
    assert {row["uuid"] for row in read["open"]} == {first["uuid"], second["uuid"], third["uuid"]}, "page by page"
    assert len(read["named"]) == 3
    assert read["canceled"] == first
    assert read["many"]["success"]["orders"] == [
        {"uuid": second["uuid"], "market": "KRW-BTC", "identifier": "name 1"},
    ]
    assert read["replaced"]["uuid"] == third["uuid"]
    bought = read["bought later"]
    assert (read["bought"]["state"], bought["state"]) == ("wait", "cancel")
    assert sum(float(t["funds"]) for t in bought["trades"]) == pytest.approx(10_000, abs=50)
    assert bought["uuid"] in {row["uuid"] for row in read["closed"]}
    assert read["refused"] == [400, "invalid_price_bid"]

    assert {model for model, _ in read["frames"]} == {"MyOrder", "MyAsset"}
    words: dict[str, list[str]] = {}
    for _, frame in read["frames"]:
        if frame["type"] == "myOrder":
            words.setdefault(frame["uuid"], []).append(frame["state"])
    for row in (first, second, third):
        assert words[row["uuid"]] == ["wait", "cancel"]
    assert words[bought["uuid"]][0] == "wait"
    assert "trade" in words[bought["uuid"]]
    assert words[read["replaced"]["new_order_uuid"]] == ["wait", "cancel"]
