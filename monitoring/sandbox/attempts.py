"""What the self-test tries inside the sandbox: each of these must fail there. Harmless where it succeeds."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

Progress = Callable[[int, str], None]

PATIENCE = 2.0
MANY_THREADS = 400
SMALL_STACK = 64 << 10


def reach(files: dict[str, Path], params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """What of params could be reached, by name: true = it stood open. Source of the names: proof.Outside."""
    found = {name: _stands(partial(_connect, at)) for name, at in params["addresses"].items()}
    found |= {name: _stands(partial(_read, at)) for name, at in params["readable"].items()}
    found |= {name: _stands(partial(_write, at)) for name, at in params["writable"].items()}
    found["own_code_written"] = _stands(lambda: os.close(os.open(__file__, os.O_WRONLY)))
    found["input_written"] = _stands(lambda: files["canary"].write_bytes(b"changed"))
    found["mode_changed"] = _stands(lambda: Path(params["readable"]["file_outside"]).chmod(0o600))
    found["process"] = _stands(_fork) or _stands(lambda: subprocess.run([params["program"]], check=False))
    found["threads"] = _stands(_many_threads)
    found["signal"] = _stands(lambda: os.kill(params["pid"], 0))
    found["environment"] = bool(os.environ)
    return {"open": found, "input": files["canary"].read_text()}


def take_memory(files: dict[str, Path], params: int, progress: Progress) -> dict[str, Any]:
    """More than the limit, by the byte and for real."""
    return {"taken": len(bytearray(params))}


def spin(files: dict[str, Path], params: None, progress: Progress) -> dict[str, Any]:
    """As much of the processor as there is, without end; a signal that can be caught does not stop it."""
    while True:
        with contextlib.suppress(BaseException):
            sum(range(100_000))


def say_much(files: dict[str, Path], params: int, progress: Progress) -> dict[str, Any]:
    return {"much": "x" * params}


def _stands(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, RuntimeError, subprocess.SubprocessError):
        return False
    return True


def _connect(at: list[Any]) -> None:
    """at: [host, port], or [path] of a unix socket, whose first character may be a zero byte."""
    kind = socket.AF_INET6 if ":" in str(at[0]) else socket.AF_INET
    with socket.socket(kind if len(at) == 2 else socket.AF_UNIX) as link:
        link.settimeout(PATIENCE)
        link.connect(tuple(at) if len(at) == 2 else at[0])


def _read(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123
        file.read(1)


def _write(path: str) -> None:
    Path(path).write_bytes(b"")


def _fork() -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _many_threads() -> None:
    """Raises RuntimeError when one cannot be started."""
    wait, former = threading.Event(), threading.stack_size(SMALL_STACK)
    started = []
    try:
        for _each in range(MANY_THREADS):
            thread = threading.Thread(target=wait.wait, daemon=True)
            thread.start()
            started.append(thread)
            time.sleep(0)
    finally:
        wait.set()
        for thread in started:
            thread.join(PATIENCE)
        threading.stack_size(former)
