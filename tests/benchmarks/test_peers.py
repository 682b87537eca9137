"""What peers cannot be built is said, not left to be found out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import peers


def test_an_unknown_peer_is_named_with_those_there_are() -> None:
    done = _peers("nosuchthing")
    assert done.returncode == 1
    assert "no peer 'nosuchthing': there are" in done.stderr
    assert "feeds" in done.stderr


def test_a_package_that_cannot_be_had_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.txt").write_text("no-such-package-as-this==1.0\n")
    monkeypatch.setattr(peers, "LISTS", tmp_path)
    monkeypatch.setattr(peers, "_ENVIRONMENTS", tmp_path / "environments")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(peers.PeerError, match=r"odd: pip could not install it: .*no-such-package-as-this"):
        peers.build("odd")
    assert peers.python_of("odd") is None  # half an environment is none


def test_a_changed_list_makes_an_environment_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "LISTS", tmp_path)
    monkeypatch.setattr(peers, "_ENVIRONMENTS", tmp_path / "environments")
    (tmp_path / "one.txt").write_text("package==1.0\n")
    python = peers._python_in(tmp_path / "environments" / "one")
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / "environments" / "one" / "list.sha256").write_text(peers._digest("one"))
    assert peers.build("one") == python
    (tmp_path / "one.txt").write_text("package==1.1\n")
    assert peers.python_of("one") is None


@pytest.mark.parametrize("name", peers.names())
def test_lists_hold_exact_versions(name: str) -> None:
    lines = [line for line in (peers.LISTS / f"{name}.txt").read_text().splitlines() if line]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def _peers(*names: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.peers", *names]
    root = Path(peers.__file__).parents[1]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False, cwd=root, env=os.environ)
