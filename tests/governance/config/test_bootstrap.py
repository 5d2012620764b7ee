"""Making `.venv`: nothing to do when it is current, and a plain word when the machine lacks something."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.governance.config.conftest import CHECKOUT

LOCK = "uv==1.0 \\\n    --hash=sha256:00\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    script = tmp_path / "governance" / "config" / "bootstrap.py"
    script.parent.mkdir(parents=True)
    shutil.copy(CHECKOUT / "governance" / "config" / "bootstrap.py", script)
    (tmp_path / "requirements.lock").write_text(LOCK)
    return tmp_path


def virtualenv(folder: Path) -> None:
    """One that looks whole; installing pip for true takes seven seconds."""
    venv.create(folder, with_pip=False)
    pip = next(folder.glob("lib/python*/site-packages")) / "pip"
    pip.mkdir()
    (pip / "__init__.py").touch()


def contents(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "__pycache__" not in path.parts}


def bootstrap(checkout: Path, *, pretend: str = "") -> subprocess.CompletedProcess[str]:
    """Run it after `pretend`, a line that makes this Python look like another one."""
    script = checkout / "governance" / "config" / "bootstrap.py"
    code = f"import sys, runpy\n{pretend}\nrunpy.run_path({str(script)!r}, run_name='__main__')"
    nowhere = {"PATH": "/nonexistent"}  # or it would find another Python and go on with that
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=nowhere)


def test_a_current_virtualenv_is_left_alone(checkout: Path):
    virtualenv(checkout / ".venv")
    (checkout / ".venv" / f".lock-{hashlib.sha256(LOCK.encode()).hexdigest()[:16]}").touch()
    before = contents(checkout / ".venv")

    done = bootstrap(checkout)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert contents(checkout / ".venv") == before


def test_a_machine_without_ensurepip_is_told_which_debian_package_it_needs(checkout: Path):
    done = bootstrap(checkout, pretend="sys.modules['ensurepip'] = None")

    assert done.returncode == 1
    assert f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_that_is_too_old_is_refused(checkout: Path):
    done = bootstrap(checkout, pretend="sys.version_info = (3, 10, 1); sys.version = '3.10.1 (main)'")

    assert done.returncode == 1
    assert "Senim needs Python 3.11 or newer; this is 3.10.1." in done.stderr


@pytest.mark.slow
def test_a_lock_that_cannot_be_installed_leaves_no_stamp(checkout: Path):
    (checkout / "requirements.lock").write_text("no such thing at all\n")

    done = bootstrap(checkout)

    assert done.returncode == 1
    assert not list((checkout / ".venv").glob(".lock-*"))
