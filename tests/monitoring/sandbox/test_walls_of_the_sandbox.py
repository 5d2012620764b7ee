"""What a job cannot do, tried by hostile jobs in each kind of sandbox that this machine has."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.config.env import env
from monitoring.sandbox.forbidden import FORBIDDEN
from monitoring.sandbox.levels import NAMESPACES
from monitoring.sandbox.talk import Died
from tests.monitoring.sandbox.conftest import HOSTILE, LIMITS

REFUSALS = "PermissionError|FileNotFoundError|OSError|ProcessLookupError|ConnectionRefusedError"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


def test_a_job_reads_the_files_that_it_was_given_and_answers(run, data):
    answer = run("honest", {"threshold": 0.5}, files={"data": data})

    assert answer.value == {"read": {"data": "rows"}, "params": {"threshold": 0.5}}
    assert {"seccomp"} < set(answer.layers)
    assert 0 < answer.peak < 256 << 20


def test_nothing_of_the_worker_is_left_in_it(run, monkeypatch):
    monkeypatch.setenv("SENIM_SECRET_KEY", "known to the worker")

    left = run("surroundings").value

    assert left["variables"] == []
    assert (
        left["held"][:3] == [0, 1, 2] and len(left["held"]) == 4
    )  # streams to nowhere, and the pipe for its words
    assert left["no_new_privileges"] == 1


def test_it_reaches_no_port(run, listener):
    with pytest.raises(Died, match=REFUSALS):
        run("connect", list(listener.getsockname()))


def test_it_reaches_no_unix_socket(run, tmp_path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        listening.listen()
        with pytest.raises(Died, match=REFUSALS):
            run("connect", str(tmp_path / "socket"))


def test_it_reaches_no_abstract_socket(run):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0senim-test-{os.getpid()}")
        listening.listen()
        with pytest.raises(Died, match=REFUSALS):
            run("connect", f"\0senim-test-{os.getpid()}")


def test_it_reaches_neither_database_nor_broker(run, settings):
    database = settings.DATABASES["default"]
    path = f"{database['HOST']}/.s.PGSQL.{database['PORT'] or 5432}"
    assert Path(path).exists()
    with pytest.raises(Died, match=REFUSALS):
        run("connect", path)
    with pytest.raises(Died, match=REFUSALS):
        run("connect", settings.CELERY_BROKER_URL.split("://")[1].split("?")[0])


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/1/environ", "/proc/self/mem", "secret-key", "hidden"])
def test_it_reads_no_other_file(run, data, path):
    (data.parent / "hidden").write_text("canary")
    there = {"hidden": data.parent / "hidden", "secret-key": env().home / "secret-key"}.get(path, Path(path))
    assert there.exists()
    with pytest.raises(Died, match=REFUSALS):
        run("read", str(there), files={"data": data})


def test_it_writes_to_no_file_outside(run, data):
    with pytest.raises(Died, match=REFUSALS):
        run("write", str(data.parent / "new"))
    assert not (data.parent / "new").exists()


def test_it_cannot_change_what_it_was_given(run, data):
    with pytest.raises(Died, match=REFUSALS):
        run("write_input", files={"data": data})
    assert data.read_text() == "rows"


@pytest.mark.parametrize("job", ["fork", "start_a_program"])
def test_it_starts_no_process(run, job):
    with pytest.raises(Died, match="PermissionError"):
        run(job)


@pytest.mark.parametrize("job", ["signal_the_worker", "raise_the_limit"])
def test_it_cannot_touch_the_worker(run, job):
    with pytest.raises(Died, match=REFUSALS):
        run(job, os.getpid())


@pytest.mark.parametrize(
    "name", ["ptrace", "mount", "unshare", "bpf", "memfd_create", "io_uring_setup", "keyctl"]
)
def test_a_forbidden_call_is_refused_by_number(run, name):
    from monitoring.sandbox.filter import MACHINES
    from monitoring.sandbox.syscalls import MACHINE

    number = FORBIDDEN[name][MACHINES[MACHINE][0]]
    assert run("call_by_number", number).value == {"answer": -1, "errno": errno.EPERM}


def test_the_second_table_of_calls_of_the_same_machine_is_closed(run):
    assert run("call_by_number", 0x40000000 + 41).value == {"answer": -1, "errno": errno.EPERM}


def test_what_it_writes_for_itself_is_small_and_gone(sandbox):
    def ask(job, params=None):
        entry = f"{HOSTILE}:{job}"
        return sandbox.run(entry, files={}, params=params, level=NAMESPACES, limits=LIMITS)

    assert ask("scratch").value == {"note": "kept nowhere", "here": "/scratch"}
    with pytest.raises(Died, match="OSError"):
        ask("fill_scratch", 5)
    with pytest.raises(Died, match="FileNotFoundError"):
        ask("read", "/scratch/note")
