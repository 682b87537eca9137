"""Desks on the disk: nothing of a desk is lost, and a file that cannot be used costs nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk_files import (
    MOST_PANES,
    VERSION,
    DeskError,
    DeskFiles,
    DeskRecord,
    PaneRecord,
    clean_name,
    decode,
    encode,
    free_name,
)
from tests.conftest import ExpectLog

PANES = [PaneRecord("chart-1", "chart", 1, "lead", {"market": "KRW-BTC", "interval": "15"}), PaneRecord("x", "trades")]
DESK = DeskRecord(panes=PANES, groups={1: "KRW-BTC", 9: "BTC-ETH"}, layout="<?xml?>", is_locked=True)


@pytest.fixture
def files(tmp_path: Path) -> DeskFiles:
    return DeskFiles(tmp_path / "desks")


def test_a_desk_comes_back_as_it_was_kept(files: DeskFiles) -> None:
    files.write("내 데스크", encode(DESK))
    assert files.read("내 데스크") == DESK
    assert files.names() == ["내 데스크"]


def test_a_desk_that_was_never_kept_is_none(files: DeskFiles) -> None:
    assert files.read("x") is None
    assert files.names() == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_name_makes_a_file_of_its_own_in_the_folder(one: str, other: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = DeskFiles(Path(folder) / "desks")
        names = sorted({n for n in map(clean_name, (one, other)) if n}, key=lambda n: (n.casefold(), n))
        for number, name in enumerate(names):
            files.write(name, encode(DeskRecord(groups={1: str(number)})))
        assert files.names() == names
        assert [files.read(n) for n in names] == [DeskRecord(groups={1: str(i)}) for i in range(len(names))]
        assert not names or len(list(files.folder.iterdir())) == len(names)


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "C:\\x", "a/b", "..", "a.b", "x.unreadable", "%41"])
def test_a_name_leads_nowhere_else(files: DeskFiles, name: str) -> None:
    files.write(name, encode(DESK))
    assert files.path(name).parent == files.folder
    assert files.names() == [name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"version": "1"}',
        b'{"panes": []}',
        b'{"version": 1, "panes": [{"name": "a", "kind": "chart"}, {"name": "a", "kind": "chart"}]}',
        b'{"version": 1, "panes": [{"name": "", "kind": "chart"}]}',
        b'{"version": 1, "panes": [{"name": "a", "kind": "chart", "role": "boss"}]}',
        b'{"version": 1, "layout": 5}',
        msgspec.json.encode({"version": VERSION + 1, "panes": "of a kind nobody knows yet"}),
        msgspec.json.encode(DeskRecord(panes=[PaneRecord(str(n), "chart") for n in range(MOST_PANES + 1)])),
    ],
)
def test_what_cannot_be_read_is_kept_aside_and_said(files: DeskFiles, content: bytes, expected_log: ExpectLog) -> None:
    expected_log("WARNING app.desk_files: the desk 'mine' could not be read")
    files.write("other", encode(DESK))
    files.write("mine", content)
    with pytest.raises(DeskError, match=r"kept as mine\.unreadable\.json"):
        files.read("mine")
    assert (files.folder / "mine.unreadable.json").read_bytes() == content
    assert files.names() == ["other"]
    assert files.read("mine") is None


def test_a_newer_desk_is_not_taken_for_a_damaged_one() -> None:
    with pytest.raises(DeskError, match="newer Hoga"):
        decode(msgspec.json.encode({"version": VERSION + 1}))


def test_two_that_cannot_be_read_are_both_kept(files: DeskFiles, expected_log: ExpectLog) -> None:
    expected_log("could not be read")
    for content in (b"one", b"two"):
        files.write("mine", content)
        with pytest.raises(DeskError):
            files.read("mine")
    assert {p.read_bytes() for p in files.folder.glob("*.unreadable.json")} == {b"one", b"two"}


def test_a_write_that_fails_leaves_what_was_there(files: DeskFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    files.write("mine", encode(DESK))

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write("mine", encode(DeskRecord()))
    assert files.read("mine") == DESK
    assert files.names() == ["mine"]


def test_a_renamed_desk_takes_no_others_place(files: DeskFiles) -> None:
    files.write("a", encode(DESK))
    files.write("b", encode(DeskRecord()))
    with pytest.raises(DeskError, match="already"):
        files.rename("a", "b")
    files.rename("a", "c")
    assert files.names() == ["b", "c"]
    assert files.read("c") == DESK


def test_a_deleted_desk_is_out_of_the_list_and_still_on_the_disk(files: DeskFiles) -> None:
    files.write("a", encode(DESK))
    files.delete("a")
    files.delete("a")  # twice does no harm
    assert files.names() == []
    assert decode(next(files.folder.iterdir()).read_bytes()) == DESK


@given(st.text(), st.lists(st.text(min_size=1), max_size=5))
def test_a_free_name_is_free_and_stays_as_it_is_if_it_can(wanted: str, taken: list[str]) -> None:
    name = free_name(wanted, taken)
    assert name.casefold() not in {t.casefold() for t in taken}
    assert clean_name(name)
    if clean_name(wanted) and clean_name(wanted).casefold() not in {t.casefold() for t in taken}:
        assert name == clean_name(wanted)
