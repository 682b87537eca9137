"""The project's own promises: pins that are complete, a README whose commands are the ones that run."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app import doctor, reach
from app.cli import _parser
from app.options import Options
from core.feed.endpoint import UPBIT
from tests.conftest import REPO

PROJECT: dict[str, Any] = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
RUN = [Requirement(text) for text in PROJECT["dependencies"]]
DEV = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]
README = (REPO / "README.md").read_text()


def needed_by(requirements: list[Requirement]) -> set[str]:
    """Return every distribution that these bring here, themselves included, by their installed metadata."""
    found: set[tuple[str, str]] = set()
    queue = [(r, "") for r in requirements]
    while queue:
        requirement, extra = queue.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in {"", *requirement.extras}:
            if (name, wanted) not in found:
                found.add((name, wanted))
                queue += [(Requirement(text), wanted) for text in importlib.metadata.requires(name) or ()]
    return {name for name, _ in found}


@pytest.mark.parametrize(("asked", "pinned"), [(RUN, RUN), (RUN + DEV, RUN + DEV)], ids=["run", "dev"])
def test_everything_an_install_brings_is_pinned(asked: list[Requirement], pinned: list[Requirement]) -> None:
    assert sorted(needed_by(asked) - {canonicalize_name(r.name) for r in pinned}) == []


def test_pins_are_exact_and_are_what_is_installed() -> None:
    for requirement in RUN + DEV:
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            assert importlib.metadata.version(requirement.name) == pin.version


def test_the_doctor_knows_every_library_the_program_imports() -> None:
    transitive = (REPO / "pyproject.toml").read_text().split("# What those need in their turn.")[0]
    direct = {r.name for r in RUN if f'"{r.name}==' in transitive}
    assert direct == set(doctor.MODULES.values())


def test_the_doctor_asks_the_exchange_that_the_program_uses() -> None:
    assert UPBIT.ws == reach.WS
    assert reach.REST.startswith(UPBIT.rest + "/")


def test_ci_runs_the_readme_s_test_command_and_the_doctor_names_its_first() -> None:
    commands = re.findall(r"^python3 -m venv .*", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0] == f"{doctor.SET_UP} && .venv/bin/python main.py --demo"
    assert f"\n  {commands[1]}\n" in (REPO / ".ci/run").read_text()


def test_the_readme_s_packages_cover_what_the_doctor_asks_for() -> None:
    (line,) = re.findall(r"^apt-get install -y --no-install-recommends (lib.*)$", README, re.MULTILINE)
    assert set(line.split()) >= {"libglib2.0-0", "libegl1", "libgl1", "libxcb-cursor0", "libxkbcommon-x11-0"}
    known = {*doctor.QT_LIBRARIES.values(), *doctor.PLATFORM_LIBRARIES["xcb"].values()}
    assert set(line.split()) <= known


def test_the_readme_names_every_option() -> None:
    options = {o for action in _parser()._actions for o in action.option_strings if o.startswith("--")}
    assert sorted(o for o in options - {"--help", "--version"} if o not in README) == []
    assert Options().log_level == "info"


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in [*REPO.glob("*.md"), *REPO.glob("docs/*.md")]:
        for target in re.findall(r"(?<!!)\[[^]]*\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
