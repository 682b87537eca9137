"""The settings file: what was chosen comes back, and no file, however damaged, stops the program."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import HISTORY_MIB, RECENT, VERSION, Settings, SettingsFile
from core.calc.arbitrage import Terms
from core.calc.unusual import Thresholds
from tests.conftest import ExpectLog


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "no" / "settings.json").settings == Settings()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "new folder" / "settings.json")
    file.settings.lang, file.settings.recent = "ko", ["KRW-BTC", "KRW-도지"]
    file.write()
    assert SettingsFile(file.path).settings == file.settings
    assert [p.name for p in file.path.parent.iterdir()] == ["settings.json"]  # nothing is left aside


def test_fields_of_a_later_time_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": VERSION, "theme": "light", "sound": {"volume": 3}}))
    assert SettingsFile(path).settings == Settings(theme="light")


def test_a_file_of_the_first_hoga_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"version": 1, "lang": "ko", "theme": "light", "updown": "western", "recent": ["KRW-BTC"]}')
    file = SettingsFile(path)
    assert file.settings == Settings(lang="ko", theme="light", updown="western", recent=["KRW-BTC"])
    assert (file.kept_aside, file.lost) == (None, ())


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("version", "two"),
        ("lang", "martian"),
        ("theme", "pink"),
        ("updown", None),
        ("zone", "Mars"),
        ("favourites", ["KRW-BTC", 1]),
        ("recent", {"KRW-BTC": 1}),
        ("groups", {"mine": "KRW-BTC"}),
        ("keys", ["Ctrl+K"]),
        ("desk", 3),
        ("desks", "Wall"),
        ("window", 5),
        ("has_seen_tour", "yes"),
        ("is_interval_linked", 1),
        ("is_crosshair_linked", None),
        ("is_span_linked", 1),
        ("is_motion_reduced", "little"),
        ("thresholds", {"fast_span_ms": 7}),
        ("is_quiet", "no"),
        ("history_mib", "much"),
        ("terms", {"fee_krw": 2.0}),
        ("reference", "elsewhere"),
        ("fx_krw", "much"),
    ],
)
def test_a_bad_field_costs_no_other(name: str, bad: object, tmp_path: Path, expected_log: ExpectLog) -> None:
    chosen: dict[str, object] = {
        "version": VERSION,
        "lang": "ko",
        "theme": "light-cb",
        "updown": "western",
        "zone": "local",
        "favourites": ["KRW-XRP"],
        "recent": ["KRW-ADA"],
        "groups": {"mine": ["KRW-ETH"]},
        "keys": {"palette": "Ctrl+P"},
        "desk": "Wall",
        "desks": ["Zeta", "Wall"],
        "window": "AdnQyw==",
        "has_seen_tour": True,
        "is_interval_linked": False,
        "is_crosshair_linked": False,
        "is_span_linked": True,
        "is_motion_reduced": True,
        "is_quiet": True,
        "history_mib": 64,
        "thresholds": {"fast_move": 0.07, "listings": False},
        "terms": {"fee_btc": 0.0005, "size_krw": 5e6},
        "reference": "binance",
        "fx_krw": 1_391.5,
    }
    assert set(chosen) == set(Settings.__struct_fields__)
    path = tmp_path / "settings.json"
    text = json.dumps(chosen | {name: bad})
    path.write_text(text)
    expected_log(f"settings could not be read whole \\({name}: ")
    file = SettingsFile(path)
    kept = {k: getattr(file.settings, k) for k in chosen if k != name}
    told = chosen | {"thresholds": msgspec.convert(chosen["thresholds"], Thresholds)}
    told |= {"terms": msgspec.convert(chosen["terms"], Terms)}
    assert kept == {k: v for k, v in told.items() if k != name}
    assert getattr(file.settings, name) == getattr(Settings(), name)
    assert file.lost == (name,)
    assert file.kept_aside is not None
    assert file.kept_aside.read_text() == text
    again = SettingsFile(path)  # the next start is not told once more, and has lost nothing either
    assert (again.settings, again.kept_aside) == (file.settings, None)


def test_a_file_that_cannot_be_kept_aside_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "pink", "lang": "ko"}')

    def fail(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_bytes", fail)
    expected_log("settings could not be read whole")
    expected_log("could not be copied: .* No space left on device")
    assert SettingsFile(path).settings == Settings(lang="ko")
    assert path.read_text() == '{"theme": "pink", "lang": "ko"}'


def test_recent_symbols_are_few_and_each_is_there_once(tmp_path: Path) -> None:
    settings = Settings()
    for i in range(RECENT + 8):
        settings.visit(f"KRW-{i}")
    settings.visit("KRW-20")
    assert settings.recent[:2] == ["KRW-20", f"KRW-{RECENT + 7}"]
    assert len(settings.recent) == len(set(settings.recent)) == RECENT
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"recent": [f"KRW-{i}" for i in range(99)] * 2, "favourites": ["KRW-A", "KRW-A"]}))
    read = SettingsFile(path).settings
    assert read.recent == [f"KRW-{i}" for i in range(RECENT)]
    assert read.favourites == ["KRW-A"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": ' * 9_999, "\x00\xff"])
def test_an_unreadable_file_is_kept_aside_and_said(text: str, tmp_path: Path, expected_log: ExpectLog) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(text.encode("latin-1"))
    expected_log("WARNING app.settings: settings could not be read")
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert file.lost == Settings.__struct_fields__
    assert file.kept_aside is not None
    assert file.kept_aside.read_bytes() == text.encode("latin-1")
    file.write()
    assert SettingsFile(path).settings == Settings()


def test_two_that_cannot_be_read_are_both_kept(tmp_path: Path, expected_log: ExpectLog) -> None:
    path = tmp_path / "settings.json"
    expected_log("settings could not be read")
    for text in ("{", "["):
        path.write_text(text)
        SettingsFile(path)
    assert {p.read_text() for p in tmp_path.glob("*.unreadable.json")} == {"{", "["}


def test_a_file_of_a_newer_hoga_is_kept_aside(tmp_path: Path, expected_log: ExpectLog) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": VERSION + 1, "theme": "light"}))
    expected_log(f"made by a newer Hoga \\(version {VERSION + 1}\\)")
    assert SettingsFile(path).settings == Settings()
    assert json.loads((tmp_path / "settings.unreadable.json").read_text())["theme"] == "light"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    file = SettingsFile(tmp_path / "file" / "settings.json")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        file.write()


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    file.write()
    before = file.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", fail)
    file.settings.theme = "light"
    with pytest.raises(OSError, match="No space left on device"):
        file.write()
    assert file.path.read_bytes() == before


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FILES = st.binary(max_size=200) | st.dictionaries(st.sampled_from(Settings.__struct_fields__), VALUES).map(
    lambda found: json.dumps(found).encode()
)


@given(data=FILES)
def test_no_bytes_stop_the_program(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    import logging

    path = tmp_path_factory.mktemp("s") / "settings.json"
    path.write_bytes(data)
    log = logging.getLogger("app.settings")
    log.disabled = True
    try:
        assert SettingsFile(path).settings.theme in {"dark", "light", "dark-cb", "light-cb"}
    finally:
        log.disabled = False


def test_the_size_of_the_history_is_within_reason() -> None:
    assert Settings().history_mib == 1_024
    assert Settings(history_mib=0).history_mib == HISTORY_MIB[0]
    assert Settings(history_mib=2**60).history_mib == HISTORY_MIB[1]
