"""Build an environment for each peer that benchmarks compare with: `python -m benchmarks.peers [NAME...]`.

Peers pin other versions of Qt and of much else, so each lives in a folder of its own, in the user's cache. What one
holds stands in `benchmarks/peers/NAME.txt`, a virtual environment of exact versions, or in `benchmarks/peers/NAME.npm`,
a package of npm with its checksum; a change there builds it anew. What works a peer is a script beside these lists: it
runs there, answers each line of standard input with one of JSON (`benchmarks/peers/work.py`), and knows nothing of us.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

import platformdirs

LISTS = Path(__file__).parent / "peers"
_ENVIRONMENTS = Path(platformdirs.user_cache_dir("hoga")) / "peers"
_INSTALL_TIMEOUT_S = 1_200.0
_READY_S = 60.0
_FIGURE_S = 180.0  # within which a figure of one round must be there
_BROWSERS = (
    *("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("chrome", "msedge", "microsoft-edge"),
)


class PeerError(Exception):
    """A peer cannot be built or does not answer here; the text says which and why."""


def names() -> list[str]:
    """Return the peers there are lists for."""
    return sorted(path.stem for path in LISTS.iterdir() if path.suffix in {".txt", ".npm"})


def home_of(name: str) -> Path | None:
    """Return the folder of a peer's environment, or None where it is not built, or not as its list says now."""
    home = _ENVIRONMENTS / name
    stamp = home / "list.sha256"
    return home if stamp.is_file() and stamp.read_text() == _digest(name) else None


def python_of(name: str) -> Path | None:
    """Return the interpreter of a peer's environment, or None as above."""
    home = home_of(name)
    python = _python_in(home) if home is not None else None
    return python if python is not None and python.is_file() else None


def build(name: str) -> Path:
    """Build the environment of a peer unless it stands. Return its interpreter, or its folder where it has none.

    Raises:
        PeerError: there is no such peer, or one of its packages cannot be installed.
    """
    if name not in names():
        raise PeerError(f"no peer {name!r}: there are {', '.join(names()) or 'none'}")
    is_npm = _list_of(name).suffix == ".npm"
    ready = home_of(name) if is_npm else python_of(name)
    if ready is not None:
        return ready
    home = _ENVIRONMENTS / name
    if home.exists():
        shutil.rmtree(home)
    if is_npm:
        home.mkdir(parents=True)
        for line in _list_of(name).read_text().splitlines():
            _unpack(name, *line.split(), home)
    else:
        _install(name, home)
    (home / "list.sha256").write_text(_digest(name))
    return home if is_npm else _python_in(home)


def browser() -> str:
    """Return a browser that runs without a display.

    Raises:
        PeerError: there is none on the path.
    """
    for name in _BROWSERS:
        found = shutil.which(name)
        if found is not None:
            return found
    raise PeerError("no browser: Chromium, chromium-headless-shell, Chrome or Edge would do")


def _install(name: str, home: Path) -> None:
    venv.create(home, with_pip=True)
    python = _python_in(home)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(_list_of(name))]
    done = _run(name, "pip", command)
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines()
        raise PeerError(f"{name}: pip could not install it: " + " / ".join(reasons[-3:]))
    subprocess.run([python, "-m", "compileall", "-q", home / "lib"], capture_output=True, check=False)


def _unpack(name: str, package: str, wanted: str, home: Path) -> None:
    """Put the files of a package's `dist` into `home`. `wanted` is its checksum, as npm spells one."""
    npm = shutil.which("npm")
    if npm is None:
        raise PeerError(f"{name}: npm is needed to get {package}")
    with tempfile.TemporaryDirectory() as folder:
        done = _run(name, "npm", [npm, "pack", "--silent", "--pack-destination", folder, package])
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise PeerError(f"{name}: npm could not get {package}: " + " / ".join(done.stderr.splitlines()[-3:]))
        kind, _, digest = wanted.partition("-")
        if base64.b64encode(hashlib.new(kind, packed.read_bytes()).digest()).decode() != digest:
            raise PeerError(f"{name}: {package} is not what the list says: its checksum differs")
        with tarfile.open(packed) as archive:
            for member in archive.getmembers():
                body = archive.extractfile(member) if member.name.startswith("package/dist/") else None
                if body is not None:
                    (home / Path(member.name).name).write_bytes(body.read())


def _run(name: str, what: str, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise PeerError(f"{name}: {what} was not done after {_INSTALL_TIMEOUT_S:.0f} s") from None


def _list_of(name: str) -> Path:
    path = LISTS / f"{name}.npm"
    return path if path.is_file() else LISTS / f"{name}.txt"


def _digest(name: str) -> str:
    text = _list_of(name).read_bytes() + sys.version.encode()
    return hashlib.sha256(text).hexdigest()


def _python_in(home: Path) -> Path:
    return home / "Scripts" / "python.exe" if sys.platform == "win32" else home / "bin" / "python"


# At work.


class Worker:
    """A peer at work in a process of its own: asked a line, it answers with an object.

    Args:
        name: for messages.
        command: what to start; its first line, too, is an object: what it can be asked.
        ready_s: within which it must say that.

    Raises:
        PeerError: it did not come up.
    """

    def __init__(self, name: str, command: Sequence[str | Path], ready_s: float) -> None:
        self.name = name
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - its complaints; a pipe that nobody reads would stop it
        home = _ENVIRONMENTS / "home"  # what they keep of themselves is not to lie about in the user's
        home.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
        self._process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=env,
            start_new_session=True,
        )
        try:
            self.ready = self._answer(ready_s)
        except PeerError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def ask(self, question: str, due_s: float) -> dict[str, Any]:
        """Say a line and return the answer.

        Raises:
            PeerError: it broke, or was not done in `due_s`; it has ended then.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{question}\n".encode())
            self._process.stdin.flush()
        except OSError:
            raise PeerError(self._why("it has ended")) from None
        return self._answer(due_s)

    def take(self, figure: str, n: int) -> dict[str, Any]:
        """Return the costs of up to `n` frames, "ms", and what else the peer says of them.

        Raises:
            PeerError: as above, or it cannot do this.
        """
        return self.ask(f"{figure} {n}", _FIGURE_S)

    def close(self) -> None:
        """End it. Again does nothing."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()  # it ends what it started, then itself
            self._process.wait(5.0)
        except (OSError, subprocess.TimeoutExpired):
            self._kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._said.close()

    def _answer(self, due_s: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        is_late = False

        def stop() -> None:
            nonlocal is_late
            is_late = True
            self._kill()

        timer = Timer(due_s, stop)
        timer.start()
        line = self._process.stdout.readline()
        while line and not line.startswith(b"{"):  # a library that talks while it is loaded
            line = self._process.stdout.readline()
        timer.cancel()
        timer.join()
        if is_late:
            raise PeerError(f"{self.name}: not done after {due_s:.0f} s")
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            raise PeerError(self._why("no answer")) from None
        if "error" in said:
            raise PeerError(f"{self.name}: {said['error']}")
        return said

    def _kill(self) -> None:
        """End it and what it started, by force."""
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _why(self, otherwise: str) -> str:
        self._kill()
        self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return f"{self.name}: {lines[-1] if lines else otherwise}"


def start_vnpy_table(what: str, width: int, height: int, *more: int) -> Worker:
    """Start vnpy's table for "ladder", "tape" or "scanner", `width` x `height` px.

    Raises:
        PeerError: it cannot be built, or does not start.
    """
    numbers = [str(number) for number in (width, height, *more)]
    return Worker("vnpy", [build("vnpy"), LISTS / "tables_vnpy.py", what, *numbers], _READY_S)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names())}; all if none is named")
    failed = 0
    for name in parser.parse_args().names or names():
        try:
            print(f"{name}: {build(name)}")
        except PeerError as why:
            print(why, file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
