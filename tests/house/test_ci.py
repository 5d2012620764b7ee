"""What accepts a change also runs where there is no browser and no Java yet: it installs them, or says plainly why not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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


def reference(programs: Path) -> Path:
    """Where the published sets are said to lie, so that nothing is said of their absence."""
    (programs.parent / "references.json").touch()
    return programs.parent


def ran(programs: Path) -> tuple[int, list[str], str]:
    ci = subprocess.run(
        [programs / "bash", CHECKOUT / ".ci" / "run"],
        env={"PATH": os.fspath(programs), "SENIM_REFERENCE_DATA": os.fspath(reference(programs))},
        capture_output=True,
        text=True,
    )
    log = programs.parent / "log"
    return ci.returncode, log.read_text().splitlines() if log.exists() else [], ci.stderr


def makes_programs(programs: Path) -> str:
    """What installing does: afterwards there is the program."""

    def made(name: str) -> str:
        return f"printf '#!/bin/sh\\nexit 0\\n' > {programs}/{name}; /bin/chmod 755 {programs}/{name}"

    return f"case $* in *chromium) {made('chromium')};; *jre-headless) {made('java')};; esac"


def test_a_machine_without_a_browser_and_java_gets_them_first(machine: Path):
    stub(machine, "id", "echo 0")
    stub(machine, "apt-get", makes_programs(machine))

    code, called, said = ran(machine)

    assert (code, said) == (0, "")
    assert [line for line in called if not line.startswith("id")] == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium",
        "apt-get install -y -qq --no-install-recommends default-jre-headless",
        "make lint",
        "make spark",
        "make test-all",
        "make demo ARGS=--exit",
    ]


def test_somebody_who_is_not_root_asks_sudo(machine: Path):
    stub(machine, "id", "echo 1000")
    stub(machine, "sudo", '"$@"')
    stub(machine, "apt-get", makes_programs(machine))

    code, called, _said = ran(machine)

    assert code == 0 and "sudo apt-get update -qq" in called


def test_without_root_and_sudo_it_says_what_to_do(machine: Path):
    stub(machine, "id", "echo 1000")

    code, called, said = ran(machine)

    assert code == 1 and "install chromium by hand" in said
    assert not any(line.startswith("make") for line in called)


def test_a_browser_that_does_not_start_is_told_before_anything_is_tested(machine: Path):
    stub(machine, "java")
    stub(machine, "chromium", "exit 7")

    code, called, said = ran(machine)

    assert code == 7 and "chromium --version failed with code 7" in said
    assert not any(line.startswith("make") for line in called)


def test_a_step_that_fails_ends_it_with_its_code(machine: Path):
    stub(machine, "java")
    stub(machine, "chromium")
    stub(machine, "make", "exit 3")

    code, called, said = ran(machine)

    assert code == 3 and "make lint failed with code 3" in said
    assert called == ["chromium --version", "make lint"]


def test_without_java_spark_s_tests_say_so_and_fail_where_they_are_required(tmp_path: Path):
    """What a reader of a skipped test is told, and what stops a change."""
    test = (
        "tests/monitoring/engines/test_counted_elsewhere.py::test_it_counts_below_every_edge_the_same[spark]"
    )
    asked = [sys.executable, "-m", "pytest", test, "-q", "-rsE", "-p", "no:cacheprovider"]
    for required, code in (("", 0), ("1", 1)):
        environment = {
            **os.environ,
            "PATH": os.fspath(tmp_path),
            "JAVA_HOME": "",
            "SENIM_REQUIRE_SPARK": required,
        }
        done = subprocess.run(
            asked, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
        )
        said = "there is no Java" in done.stdout or "pyspark is not installed" in done.stdout
        assert (done.returncode, said) == (code, True), done.stdout
