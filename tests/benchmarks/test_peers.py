"""What peers cannot be built, or cannot do, is said, not left to be found out."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
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
    path = peers._list_of(name)
    form = r"[\w.@/-]+@[\d.]+ sha512-[\w+/=]+" if path.suffix == ".npm" else r"[\w.-]+==[\w.]+"
    lines = [line for line in path.read_text().splitlines() if line]
    assert lines
    assert [line for line in lines if not re.fullmatch(form, line)] == []


@pytest.mark.skipif(sys.platform == "win32", reason="its npm is a shell script")
def test_a_package_of_npm_is_unpacked_only_with_the_right_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "served.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        for name, body in (("package/dist/chart.js", b"draw()"), ("package/readme.md", b"no")):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\ncp {packed} "$4/chart-1.0.0.tgz"\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent), prepend=os.pathsep)
    monkeypatch.setattr(peers, "LISTS", tmp_path)
    monkeypatch.setattr(peers, "_ENVIRONMENTS", tmp_path / "environments")
    (tmp_path / "chart.npm").write_text(f"chart@1.0.0 sha512-{'A' * 86}==\n")
    with pytest.raises(peers.PeerError, match="checksum differs"):
        peers.build("chart")
    assert peers.home_of("chart") is None
    (tmp_path / "chart.npm").write_text(f"chart@1.0.0 sha512-{digest}\n")
    home = peers.build("chart")
    assert (home / "chart.js").read_bytes() == b"draw()"
    assert not (home / "readme.md").exists()
    assert peers.home_of("chart") == home


def test_a_machine_without_a_browser_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(peers.PeerError, match="no browser"):
        peers.browser()


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from work import frame_cost, serve

def brakes(n):
    raise ValueError("no brakes")

def ends(n):
    sys.stderr.write("the engine fell out\\n")
    sys.stderr.flush()
    import os
    os._exit(3)

def hangs(n):
    while True:
        pass

print("something that a library says")
figures = {"drive": lambda n: frame_cost(lambda: None, lambda i: print(i), n), "brakes": brakes, "ends": ends}
serve(figures | {"hangs": hangs, "tell": lambda n: {"ms": [1.0], "more": n}}, {"version": "1.0"})
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[peers.Worker]:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with peers.Worker("car", [sys.executable, script, peers.LISTS], 30.0) as made:
        yield made


def test_a_worker_answers_figure_by_figure(worker: peers.Worker) -> None:
    assert worker.ready["version"] == "1.0"
    assert "drive" in worker.ready["figures"]
    assert len(worker.take("drive", 3)["ms"]) == 3
    assert worker.take("tell", 7) == {"ms": [1.0], "more": 7}


def test_what_a_worker_cannot_do_costs_that_figure_alone(worker: peers.Worker) -> None:
    with pytest.raises(peers.PeerError, match="car: ValueError: no brakes"):
        worker.take("brakes", 1)
    assert len(worker.take("drive", 1)["ms"]) == 1


def test_a_worker_that_ends_says_why(worker: peers.Worker) -> None:
    with pytest.raises(peers.PeerError, match="car: the engine fell out"):
        worker.take("ends", 1)
    with pytest.raises(peers.PeerError, match="car"):
        worker.take("drive", 1)


def test_a_worker_that_hangs_is_ended(worker: peers.Worker) -> None:
    with pytest.raises(peers.PeerError, match="car: not done after 0 s"):
        worker.ask("hangs 1", 0.2)
    assert worker._process.wait(10.0) != 0


def test_a_worker_that_does_not_start_says_why(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import no_such_module_as_this")
    with pytest.raises(peers.PeerError, match="No module named 'no_such_module_as_this'"):
        peers.Worker("car", [sys.executable, script], 30.0)


def _peers(*names: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.peers", *names]
    root = Path(peers.__file__).parents[1]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False, cwd=root, env=os.environ)
