"""The processes of one Senim: what each may import, where it listens, and a plain word when it cannot."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from governance.config.env import env
from governance.config.processes import NotRunning, free_port, last_lines, programs, refuse_taken


def test_only_the_checks_worker_preloads_and_computes_on_one_thread():
    by_name = {program.name: program for program in programs(home=Path("/home"), port=8123)}

    assert list(by_name) == ["web", "default", "checks", "outside", "beat"]
    assert [name for name, program in by_name.items() if "SENIM_PRELOAD" in program.environment] == ["checks"]
    assert by_name["checks"].environment["OMP_NUM_THREADS"] == "1"
    assert all(program.environment["SENIM_PORT"] == "8123" for program in by_name.values())


def test_each_worker_takes_one_queue():
    by_name = {program.name: " ".join(program.command) for program in programs(home=Path("/home"), port=1)}

    for queue in ("default", "checks", "outside"):
        assert f"-Q {queue} -n {queue}@%h" in by_name[queue]


def test_a_port_that_is_taken_is_named_with_a_way_out():
    with socket.socket() as holder:
        holder.bind((env().bind, 0))
        holder.listen()
        port = holder.getsockname()[1]

        with pytest.raises(NotRunning, match=rf"Port {port} on .* SENIM_PORT={port + 1}"):
            refuse_taken(port)


def test_a_free_port_can_be_used():
    refuse_taken(free_port())


def test_the_end_of_a_log_is_what_a_person_needs(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_text("\n".join(str(line) for line in range(100)))

    assert last_lines(log, count=2) == "98\n99"
    assert last_lines(tmp_path / "none.log") == ""
