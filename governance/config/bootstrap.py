"""Brings `.venv` to exactly what requirements.lock says; does nothing when it is there already.

Run by path with any Python, before anything is installed: standard library only, and readable by a Python
that is too old, so that it can say so.
"""

import ast
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CHECKOUT / "requirements.lock"
OLDEST = (3, 11)
# Newer ones wait until every locked package has a wheel for them.
GOOD_ENOUGH = ("python3.11", "python3.12", "python3.13")
# uv does not read pip's configuration; a mirror that was set up for pip must count for it, too.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def main() -> int:
    use_a_new_enough_python()
    lock = LOCK.read_bytes()
    stamp = VENV / f".lock-{hashlib.sha256(lock).hexdigest()[:16]}"
    if stamp.exists() and works(PYTHON):
        return 0
    VENV.mkdir(exist_ok=True)
    with only_one():
        if not stamp.exists() or not works(PYTHON):
            begun = time.monotonic()
            make_virtualenv()
            install(lock.decode())
            renew(stamp)
            say(f"installed in {time.monotonic() - begun:.0f} s")
    return 0


def use_a_new_enough_python() -> None:
    """Continue under a newer Python of this machine if the one we were given is too old."""
    if sys.version_info >= OLDEST:
        return
    for name in GOOD_ENOUGH:
        found = shutil.which(name)
        if found:
            raise SystemExit(subprocess.call([found, *sys.argv]))
    refuse(
        f"Senim needs Python 3.11 or newer; this is {sys.version.split()[0]}."
        " Name another one: make PYTHON=python3.12"
    )


def make_virtualenv() -> None:
    if works(PYTHON):
        return
    major_minor = "{}.{}".format(*sys.version_info)
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        refuse(
            f"{sys.executable} cannot make a virtual environment: venv or ensurepip is missing."
            f"\nOn Debian and Ubuntu: apt-get install python{major_minor}-venv"
        )
    say(f"making .venv with Python {major_minor}")
    # --clear would delete the lock we hold; a broken interpreter is all that has to go.
    shutil.rmtree(VENV / "bin", ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)])


def install(lock: str) -> None:
    """With uv, in seconds; with pip where uv cannot."""
    pinned = re.search(r"^uv==(\S+).*(?:\n\s+--hash=.*)+", lock, re.MULTILINE)
    if pinned and install_uv(pinned.group(0), version=pinned.group(1)):
        say("installing what requirements.lock says")
        sync = ["-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK)]
        if succeeds([str(PYTHON), *sync], environment={**os.environ, **uv_environment()}):
            return
    say("uv could not do it; trying pip, which takes longer")
    run([str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)])


def install_uv(requirement: str, *, version: str) -> bool:
    has_it = f"import importlib.metadata as found; raise SystemExit(found.version('uv') != '{version}')"
    if succeeds([str(PYTHON), "-c", has_it], quiet=True):
        return True
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirement + "\n")
        file.flush()
        pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", file.name]
        return succeeds([str(PYTHON), *pip])


def uv_environment() -> "dict[str, str]":
    """Pip's indexes and certificates in uv's words; what is set for uv already stays."""
    pip = [str(PYTHON), "-m", "pip", "config", "list"]
    said = subprocess.run(pip, stdout=subprocess.PIPE, check=True).stdout.decode()
    found = {}
    for line in sorted(said.splitlines(), reverse=True):  # global.… before :env:.…, which wins
        key, _, value = line.partition("=")
        name = PIP_TO_UV.get(key.rpartition(".")[2])
        if name and name not in os.environ:
            words = str(ast.literal_eval(value)).split()
            found[name] = ("," if name == "UV_FIND_LINKS" else " ").join(words)
    # As pip does: the best version of all indexes; the hashes of the lock make that safe.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **found}


def works(python: Path) -> bool:
    return python.exists() and succeeds([str(python), "-c", "import pip"], quiet=True)


@contextlib.contextmanager
def only_one() -> "Iterator[None]":
    """Two makes at once: the second waits and then finds everything done."""
    with (VENV / ".bootstrapping").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def renew(stamp: Path) -> None:
    for old in VENV.glob(".lock-*"):
        old.unlink()
    stamp.touch()


def run(command: "list[str]") -> None:
    if not succeeds(command):
        refuse(f"{' '.join(command)} failed; what it said stands above")


def succeeds(
    command: "list[str]", *, quiet: bool = False, environment: "dict[str, str] | None" = None
) -> bool:
    out = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=out, stderr=out, check=False)
    return done.returncode == 0


def say(words: str) -> None:
    sys.stderr.write(f"senim: {words}\n")


def refuse(words: str) -> NoReturn:
    raise SystemExit(f"senim: {words}")


if __name__ == "__main__":
    raise SystemExit(main())
