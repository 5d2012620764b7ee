"""The embedded broker: one daemon for everybody, and what is queued survives its death."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import redis
from kombu import Connection

from governance.config.embedded.valkey import EmbeddedValkey
from tests.governance.config.conftest import python

ENSURE = """
import sys
from pathlib import Path
from governance.config.embedded.valkey import EmbeddedValkey
server = EmbeddedValkey(Path(sys.argv[1]))
server.ensure()
print((server.root / "valkey.pid").read_text().strip())
"""


def client(server: EmbeddedValkey) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(server.socket))


def pid_of(server: EmbeddedValkey) -> int:
    return int((server.root / "valkey.pid").read_text())


def test_six_processes_that_ask_at_once_share_one_daemon(valkey):
    processes = [python(ENSURE, valkey.root) for _ in range(6)]

    assert len({process.communicate()[0] for process in processes}) == 1
    assert {process.returncode for process in processes} == {0}


def test_a_queued_key_survives_a_kill_9(valkey):
    valkey.ensure()
    client(valkey).rpush("queue", "a task")
    time.sleep(1.2)  # the file is written out every second
    os.kill(pid_of(valkey), signal.SIGKILL)

    valkey.ensure()

    assert client(valkey).lrange("queue", 0, -1) == [b"a task"]


def test_a_queued_key_survives_an_orderly_stop(valkey):
    valkey.ensure()
    client(valkey).rpush("queue", "a task")
    valkey.stop()

    assert not valkey.running()
    valkey.ensure()
    assert client(valkey).llen("queue") == 1


def test_celery_understands_its_address(ground: Path):
    """Also that of a path too long for a socket."""
    server = EmbeddedValkey(ground / ("a" * 160))
    try:
        with Connection(server.ensure()) as connection:
            queue = connection.SimpleQueue("senim")
            queue.put({"run": 1})
            assert queue.get(timeout=5).payload == {"run": 1}
            queue.close()
    finally:
        server.discard()
    assert not server.socket.parent.exists()


def test_nobody_else_can_reach_it(valkey):
    valkey.ensure()

    assert stat.S_IMODE(valkey.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(valkey.socket.stat().st_mode) == 0o600
    assert client(valkey).config_get("port") == {"port": "0"}
