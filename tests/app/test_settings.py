"""The settings file: what was chosen comes back, and no file, however damaged, stops the program."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import VERSION, Settings, SettingsFile
from tests.conftest import ExpectLog


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "no" / "settings.json").settings == Settings()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "new folder" / "settings.json")
    file.settings.lang, file.settings.markets = "ko", ["KRW-BTC", "KRW-도지"]
    file.write()
    assert SettingsFile(file.path).settings == file.settings
    assert [p.name for p in file.path.parent.iterdir()] == ["settings.json"]  # nothing is left aside


def test_fields_of_a_later_time_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": VERSION, "theme": "light", "sound": {"volume": 3}}))
    assert SettingsFile(path).settings == Settings(theme="light")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"theme": "pink"}', '{"markets": "KRW-BTC"}', "\x00\xff"])
def test_an_unreadable_file_is_kept_aside_and_said(text: str, tmp_path: Path, expected_log: ExpectLog) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(text.encode("latin-1"))
    expected_log("WARNING app.settings: settings could not be read")
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert file.kept_aside is not None
    assert file.kept_aside.read_bytes() == text.encode("latin-1")
    file.write()
    assert SettingsFile(path).settings == Settings()


def test_a_file_of_a_newer_hoga_is_kept_aside(tmp_path: Path, expected_log: ExpectLog) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": VERSION + 1, "theme": "light"}))
    expected_log(f"made by a newer Hoga \\(version {VERSION + 1}\\)")
    assert SettingsFile(path).settings == Settings()
    assert json.loads((tmp_path / "settings.unreadable.json").read_text())["theme"] == "light"


def test_a_place_that_cannot_be_written_is_said_and_nothing_breaks(tmp_path: Path, expected_log: ExpectLog) -> None:
    (tmp_path / "file").write_text("in the way")
    file = SettingsFile(tmp_path / "file" / "settings.json")
    expected_log("WARNING app.settings: settings could not be written")
    file.write()


def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    file.write()
    before = file.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", fail)
    expected_log("No space left on device")
    file.settings.theme = "light"
    file.write()
    assert file.path.read_bytes() == before


@given(data=st.binary(max_size=200))
def test_no_bytes_stop_the_program(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    import logging

    path = tmp_path_factory.mktemp("s") / "settings.json"
    path.write_bytes(data)
    log = logging.getLogger("app.settings")
    log.disabled = True
    try:
        assert SettingsFile(path).settings.theme in {"dark", "light"}
    finally:
        log.disabled = False
