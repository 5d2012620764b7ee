"""PostgreSQL from a wheel as one server under one folder, shared by every process of this checkout.

`ensure()` may be called by many processes at once and after any kind of death; `stop()` is an orderly
shutdown.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from governance.config.embedded import binaries, postmaster, roles
from governance.config.embedded.cluster import PORT, SUPERUSER, Cluster, administer
from governance.config.embedded.ground import (
    EmbeddedFailed,
    kept_secret,
    locked,
    own_directory,
    run_as,
    socket_directory,
    unprivileged_account,
)
from governance.config.embedded.place import resting_place

LONGEST_RECOVERY = 600.0

SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "unix_socket_permissions": "0700",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
# For tests: nothing has to survive a power cut.
CARELESS = (
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
)

# Builtin C.UTF-8, so that upper('ә') works whatever LANG is; lc-ctype too, or pg_trgm drops every non-ASCII
# letter.
LOCALE = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
    "--lc-messages=C",
    "--lc-monetary=C",
    "--lc-numeric=C",
    "--lc-time=C",
)


class EmbeddedPostgres:
    """The server under `root`.

    root: its own folder; when root (uid 0) runs us and PostgreSQL's account cannot reach it, the files live
    elsewhere and `root/elsewhere` points there. durable=False trades safety in a power cut for speed
    (tests).
    """

    def __init__(self, root: Path, *, durable: bool = True, programs: Path | None = None) -> None:
        self.root = Path(root).absolute()
        self.durable = durable
        self._source = programs

    @property
    def place(self) -> Path:
        elsewhere = self.root / "elsewhere"
        return elsewhere.readlink() if elsewhere.is_symlink() else self.root

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "server.log"

    @property
    def cluster(self) -> Cluster:
        return Cluster(host=socket_directory(self.place / "run"), secrets=self.root / "secrets")

    def running(self) -> bool:
        return postmaster.is_ready(self.data)

    def ensure(self) -> Cluster:
        """Start the server if need be, make it and its roles on first use. Raises EmbeddedFailed."""
        if self.running() and self._stamp().exists():
            return self.cluster
        with locked(self.root):
            account = unprivileged_account()
            resting_place(self.root, account=account)
            if not (self.data / "PG_VERSION").exists():
                self._create(account)
            self._refuse_another_major_version()
            if not self.running():
                self._start(account)
            if not self._stamp().exists():
                administer(self.cluster)
                self._stamp().touch()
            return self.cluster

    def stop(self) -> None:
        """Shut down in order; open transactions are rolled back."""
        if not self.root.exists():
            return
        with locked(self.root):
            if postmaster.alive(self.data):
                self._control("-m", "fast", "stop", account=unprivileged_account())

    def discard(self) -> None:
        """Stop and delete everything, the data too."""
        self.stop()
        for folder in (self.cluster.host, self.place, self.root):
            shutil.rmtree(folder, ignore_errors=True)

    def _stamp(self) -> Path:
        """Says that this edition of the roles has been applied."""
        edition = hashlib.sha256(roles.script().encode()).hexdigest()[:12]
        return self.place / f".roles-{edition}"

    def _programs(self, account: pwd.struct_passwd | None) -> Path:
        source = self._source or binaries.postgres_programs()
        return binaries.runnable(source, account=account, aside=self.place / "programs")

    def _create(self, account: pwd.struct_passwd | None) -> None:
        draft = self.place / ".creating"  # a kill -9 in the middle leaves only this
        shutil.rmtree(draft, ignore_errors=True)
        own_directory(draft, account=account)
        handed = self.place / ".password"
        handed.touch(mode=0o600)
        handed.write_text(kept_secret(self.root / "secrets" / SUPERUSER))
        try:
            if account:
                os.chown(handed, account.pw_uid, account.pw_gid)
            self._initialise(draft, handed, account)
        finally:
            handed.unlink()
        with (draft / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        draft.rename(self.data)

    def _initialise(self, draft: Path, password: Path, account: pwd.struct_passwd | None) -> None:
        where = ("-D", draft, "-U", SUPERUSER, f"--pwfile={password}", "-A", "scram-sha-256")
        how = ("-E", "UTF8", *LOCALE, "--data-checksums", "--no-instructions")
        self._run("initdb", *where, *how, *(() if self.durable else ("--no-sync",)), account=account)

    def _refuse_another_major_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        want, _, _ = binaries.version_of(self._source or binaries.postgres_programs()).partition(".")
        if have != want:
            raise EmbeddedFailed(
                f"{self.data} was written by PostgreSQL {have}, the installed programs are {want}."
                f" Dump it with the programs of version {have} and load it into a new SENIM_HOME."
            )

    def _start(self, account: pwd.struct_passwd | None) -> None:
        sockets = self.cluster.host
        own_directory(sockets, account=account)
        if postmaster.alive(self.data) is None:
            # We hold the lock and no postgres works here, so what these files claim is stale.
            postmaster.remove_orphans(self.data)
            lock = sockets / f".s.PGSQL.{PORT}"
            for stale in (self.data / "postmaster.pid", lock, lock.with_name(f"{lock.name}.lock")):
                stale.unlink(missing_ok=True)
        self.log.touch(mode=0o600)
        if account:
            os.chown(self.log, account.pw_uid, account.pw_gid)
        options = " ".join([f"-k {sockets}", f"-p {PORT}", *(() if self.durable else CARELESS)])
        try:
            self._control("-l", self.log, "-o", options, "start", account=account)
        except EmbeddedFailed as failed:
            self._outwait_recovery(failed)

    def _outwait_recovery(self, failed: EmbeddedFailed) -> None:
        """After a crash the server may replay its log for longer than pg_ctl is willing to wait."""
        deadline = time.monotonic() + LONGEST_RECOVERY
        while not self.running():
            if postmaster.alive(self.data) is None or time.monotonic() > deadline:
                raise failed
            time.sleep(0.2)

    def _control(self, *arguments: object, account: pwd.struct_passwd | None) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", *arguments, account=account)

    def _run(self, program: str, *arguments: object, account: pwd.struct_passwd | None) -> None:
        command = [str(self._programs(account) / program), *map(str, arguments)]
        # Not a pipe: the server would inherit it and we would wait for ever. Nothing of our environment: it may
        # hold PGDATA or a locale that this machine does not have.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env={"PATH": os.defpath, "LANG": "C"},
                start_new_session=True,
                check=False,
                **run_as(account),
            )
            said.seek(0)
            if done.returncode:
                raise EmbeddedFailed(f"{program} failed:\n{said.read()}\n{self._last_words()}")

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace")[-2000:]
        return ""
