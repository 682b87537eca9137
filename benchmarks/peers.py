"""Build an environment for each peer that benchmarks compare with: `python -m benchmarks.peers [NAME...]`.

Peers pin other versions of Qt and of much else, so each lives in a virtual environment of its own, in the user's cache
folder. What one holds stands in `benchmarks/peers/NAME.txt`, exact versions; a change there builds it anew.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import platformdirs

LISTS = Path(__file__).parent / "peers"
_ENVIRONMENTS = Path(platformdirs.user_cache_dir("hoga")) / "peers"
_INSTALL_TIMEOUT_S = 1_200.0


class PeerError(Exception):
    """A peer cannot be built here; the text says which and why."""


def names() -> list[str]:
    """Return the peers there are lists for."""
    return sorted(path.stem for path in LISTS.glob("*.txt"))


def python_of(name: str) -> Path | None:
    """Return the interpreter of a peer's environment, or None where it is not built, or not as its list says now."""
    home = _ENVIRONMENTS / name
    stamp = home / "list.sha256"
    if not stamp.is_file() or stamp.read_text() != _digest(name):
        return None
    python = _python_in(home)
    return python if python.is_file() else None


def build(name: str) -> Path:
    """Build the environment of a peer unless it stands. Return its interpreter.

    Raises:
        PeerError: there is no such peer, or one of its packages cannot be installed.
    """
    if name not in names():
        raise PeerError(f"no peer {name!r}: there are {', '.join(names()) or 'none'}")
    ready = python_of(name)
    if ready is not None:
        return ready
    home = _ENVIRONMENTS / name
    if home.exists():
        shutil.rmtree(home)
    venv.create(home, with_pip=True)
    python = _python_in(home)
    wanted = str(LISTS / f"{name}.txt")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise PeerError(f"{name}: pip was not done after {_INSTALL_TIMEOUT_S:.0f} s") from None
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines()
        raise PeerError(f"{name}: pip could not install it: " + " / ".join(reasons[-3:]))
    subprocess.run([python, "-m", "compileall", "-q", home / "lib"], capture_output=True, check=False)
    (home / "list.sha256").write_text(_digest(name))
    return python


def _digest(name: str) -> str:
    text = (LISTS / f"{name}.txt").read_bytes() + sys.version.encode()
    return hashlib.sha256(text).hexdigest()


def _python_in(home: Path) -> Path:
    return home / "Scripts" / "python.exe" if sys.platform == "win32" else home / "bin" / "python"


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
