"""Valkey from a wheel as one daemon under one folder: the broker of web, workers and beat.

It listens on a unix socket only and writes every command to an append-only file, so that queued tasks
survive its death.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from governance.config.embedded import binaries
from governance.config.embedded.ground import (
    EmbeddedFailed,
    locked,
    own_directory,
    socket_directory,
)

PATIENCE = 60.0
SETTINGS = (
    "port 0",
    "protected-mode yes",
    "unixsocketperm 600",
    "daemonize yes",
    "appendonly yes",
    "appendfsync everysec",
    "save ''",
    "maxmemory 256mb",
    "maxmemory-policy noeviction",
    "databases 4",
    "timeout 0",
)


class EmbeddedValkey:
    """The daemon under `root`; `ensure()` may be called by many processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root).absolute()

    @property
    def socket(self) -> Path:
        return socket_directory(self.root / "run") / "valkey.sock"

    @property
    def url(self) -> str:
        """For Celery; no database number, Celery's default is 0."""
        return f"redis+socket://{quote(str(self.socket))}"

    def running(self) -> bool:
        """Whether it answers; False too while it still replays its file."""
        try:
            return self._ask("PING").startswith(b"+PONG")
        except OSError:
            return False

    def ensure(self) -> str:
        """Start the daemon if need be and return its URL. Raises EmbeddedFailed."""
        if self.running():
            return self.url
        with locked(self.root):
            if not self.running():
                self._start()
        return self.url

    def stop(self) -> None:
        """Shut down in order; what is queued stays in the append-only file."""
        if not self.root.exists():
            return
        with locked(self.root):
            with contextlib.suppress(OSError):
                self._ask("SHUTDOWN", "NOSAVE")
            self._wait(for_answer=False)

    def discard(self) -> None:
        """Stop and delete everything, what is queued too."""
        self.stop()
        for folder in (self.socket.parent, self.root):
            shutil.rmtree(folder, ignore_errors=True)

    def _start(self) -> None:
        self.root.chmod(0o700)
        own_directory(self.socket.parent, account=None)
        configuration = self.root / "valkey.conf"
        configuration.write_text("\n".join([*SETTINGS, *self._paths()]) + "\n")
        with tempfile.TemporaryFile("w+") as said:  # not a pipe: the daemon would inherit it
            done = subprocess.run(
                [binaries.valkey_program(), configuration],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env={"PATH": os.defpath},
                start_new_session=True,
                check=False,
            )
            said.seek(0)
            if done.returncode:
                raise EmbeddedFailed(f"Valkey did not start:\n{said.read()}")
        if not self._wait(for_answer=True):
            raise EmbeddedFailed(f"Valkey does not answer; see {self.root / 'valkey.log'}")

    def _paths(self) -> list[str]:
        return [
            f'dir "{self.root}"',
            f'unixsocket "{self.socket}"',
            f'logfile "{self.root / "valkey.log"}"',
            f'pidfile "{self.root / "valkey.pid"}"',
        ]

    def _wait(self, *, for_answer: bool) -> bool:
        """Whether it came to answer (or fell silent) in time."""
        deadline = time.monotonic() + PATIENCE
        while self.running() is not for_answer:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def _ask(self, *words: str) -> bytes:
        """One command of the Redis protocol, without a client library: importing one takes longer."""
        command = [
            f"*{len(words)}\r\n",
            *(f"${len(word)}\r\n{word}\r\n" for word in words),
        ]
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2.0)
            connection.connect(str(self.socket))
            connection.sendall("".join(command).encode())
            return connection.recv(4096)
