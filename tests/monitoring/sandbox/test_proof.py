"""The self-test: it finds a sandbox where there is one, and says what stands open where there is none."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from monitoring.sandbox.levels import LANDLOCK, NAMESPACES, SANDBOXES
from monitoring.sandbox.proof import Outside, Proof, prove
from monitoring.sandbox.running import Sandbox
from tests.monitoring.sandbox.conftest import is_root

ALWAYS_TRIED = {
    "tcp",
    "unix_socket",
    "abstract_socket",
    "file_outside",
    "system_file",
    "written_outside",
    "overwritten",
    "own_code_written",
    "input_written",
    "mode_changed",
    "process",
    "threads",
    "signal",
    "environment",
    "memory",
    "processor",
    "answer",
}


@pytest.mark.parametrize("level", SANDBOXES)
def test_each_attempt_is_refused(sandbox, level):
    found = prove(sandbox, level, Outside())

    assert set(found.tried) > ALWAYS_TRIED
    unlimited_for_root = ("threads",) if level == LANDLOCK and is_root() else ()
    assert (found.open, found.why) == (unlimited_for_root, "")
    assert found.holds is not bool(unlimited_for_root)


def test_database_broker_and_secrets_are_tried_where_they_are(sandbox, tmp_path):
    secret = tmp_path / "secret-key"
    secret.write_text("known to the worker alone")
    with socket.socket() as database:
        database.bind(("127.0.0.1", 0))
        database.listen()
        there = {"database": database.getsockname(), "broker": (str(tmp_path / "nobody listens"),)}
        found = prove(sandbox, NAMESPACES, Outside(there, {"secret_key": secret, "key_none": Path("/none")}))

    assert {"database", "secret_key"} <= set(found.tried)
    assert not {"broker", "key_none"} & set(found.tried)
    assert found.holds


def test_a_wall_that_is_missing_is_seen(sandbox, monkeypatch):
    """Levels differ only in what the child takes upon itself: a level that takes nothing leaves everything open."""
    found = prove(Leaky(["monitoring.sandbox.attempts"], {"LEFT": "behind"}), NAMESPACES, Outside())

    assert {"tcp", "unix_socket", "file_outside", "system_file", "process", "signal"} <= set(found.open)
    assert not found.holds


class Leaky(Sandbox):
    """Calls the job in the process that asks: no wall at all, except that the attempts that would hurt are not made."""

    def run(self, entry, *, files, params, **said):
        from monitoring.sandbox import attempts
        from monitoring.sandbox.running import Answer

        if not entry.endswith(":reach"):
            return Answer({}, (), 0.0, 0)
        params = {**params, "writable": {}, "program": "/bin/true"}
        return Answer(attempts.reach(files, params, lambda percent, phase: None), (), 0.0, 0)


def test_nothing_tried_does_not_hold():
    assert not Proof(NAMESPACES).holds
    assert not Proof(NAMESPACES, tried=("tcp",), why="CannotIsolate: unshare").holds
    assert not Proof(NAMESPACES, tried=("tcp",), open=("tcp",)).holds


def test_a_sandbox_that_cannot_be_entered_says_why():
    with Sandbox(["monitoring.sandbox.attempts", "no.such.module"], {}) as broken:
        found = prove(broken, NAMESPACES, Outside())
    assert not found.holds and found.why and not found.tried
