"""What accepts a change also runs where there is no browser yet: it installs one, and says plainly when it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ground import CHECKOUT

NEEDED = ("bash", "env", "dirname")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with nothing but a shell and programs that only write down how they were called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in NEEDED:
        (programs / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    stub(programs, "make")
    return programs


def stub(programs: Path, name: str, then: str = "exit 0") -> None:
    path = programs / name
    path.write_text(f"#!/bin/sh\necho {name} $* >> {programs.parent / 'log'}\n{then}\n")
    path.chmod(0o755)


def ran(programs: Path) -> tuple[int, list[str], str]:
    ci = subprocess.run(
        [programs / "bash", CHECKOUT / ".ci" / "run"],
        env={"PATH": os.fspath(programs)},
        capture_output=True,
        text=True,
    )
    log = programs.parent / "log"
    return ci.returncode, log.read_text().splitlines() if log.exists() else [], ci.stderr


def makes_a_browser(programs: Path) -> str:
    """What installing does: afterwards there is a chromium."""
    return f"case $* in install*) printf '#!/bin/sh\\nexit 0\\n' > {programs}/chromium; /bin/chmod 755 {programs}/chromium;; esac"


def test_a_machine_without_a_browser_gets_one_first(machine: Path):
    stub(machine, "id", "echo 0")
    stub(machine, "apt-get", makes_a_browser(machine))

    code, called, said = ran(machine)

    assert (code, said) == (0, "")
    assert [line for line in called if not line.startswith("id")] == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium",
        "make lint",
        "make test-all",
        "make demo ARGS=--exit",
    ]


def test_somebody_who_is_not_root_asks_sudo(machine: Path):
    stub(machine, "id", "echo 1000")
    stub(machine, "sudo", '"$@"')
    stub(machine, "apt-get", makes_a_browser(machine))

    code, called, _said = ran(machine)

    assert code == 0 and "sudo apt-get update -qq" in called


def test_without_root_and_sudo_it_says_what_to_do(machine: Path):
    stub(machine, "id", "echo 1000")

    code, called, said = ran(machine)

    assert code == 1 and "install chromium by hand" in said
    assert not any(line.startswith("make") for line in called)


def test_a_browser_that_does_not_start_is_told_before_anything_is_tested(machine: Path):
    stub(machine, "chromium", "exit 7")

    code, called, said = ran(machine)

    assert code == 7 and "chromium --version failed with code 7" in said
    assert not any(line.startswith("make") for line in called)


def test_a_step_that_fails_ends_it_with_its_code(machine: Path):
    stub(machine, "chromium")
    stub(machine, "make", "exit 3")

    code, called, said = ran(machine)

    assert code == 3 and "make lint failed with code 3" in said
    assert called == ["chromium --version", "make lint"]
