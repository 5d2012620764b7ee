"""The embedded PostgreSQL: many may ask for it at once, it survives any death, it works in any place."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from governance.config.embedded import postmaster
from governance.config.embedded.ground import EmbeddedFailed
from governance.config.embedded.postgres import EmbeddedPostgres
from governance.config.embedded.roles import OWNER, RUNTIME
from tests.governance.config.conftest import python

STARTED = "SELECT pg_postmaster_start_time()"
ENSURE = f"""
import sys, psycopg
from pathlib import Path
from governance.config.embedded.postgres import EmbeddedPostgres
cluster = EmbeddedPostgres(Path(sys.argv[1])).ensure()
with psycopg.connect(cluster.url("senim_runtime")) as connection:
    print(connection.execute({STARTED!r}).fetchone()[0])
"""


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question.encode()).fetchone()[0]


def six_at_once(server: EmbeddedPostgres) -> set[str]:
    """What six processes that ask at the same moment say of when their server was started."""
    processes = [python(ENSURE, server.root) for _ in range(6)]
    said = [process.communicate()[0].strip() for process in processes]
    assert {process.returncode for process in processes} == {0}, said
    return set(said)


def with_rows(server: EmbeddedPostgres, count: int) -> None:
    with psycopg.connect(server.ensure().url(OWNER)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT generate_series(1, %s) AS n", [count])


def rows(server: EmbeddedPostgres) -> object:
    return one(server.cluster.url(OWNER), "SELECT count(*) FROM kept")


@pytest.mark.slow
def test_six_processes_that_ask_at_once_share_one_server(postgres):
    assert len(six_at_once(postgres)) == 1


@pytest.mark.slow
def test_after_a_kill_9_six_processes_share_one_new_server_with_all_rows(postgres):
    with_rows(postgres, 10_000)
    os.kill(postmaster.alive(postgres.data), signal.SIGKILL)

    assert len(six_at_once(postgres)) == 1
    assert rows(postgres) == 10_000


def test_rows_survive_the_death_of_every_process_of_the_server(postgres):
    with_rows(postgres, 10_000)
    for pid in postmaster._working_in(postgres.data):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not postgres.running())

    postgres.ensure()

    assert rows(postgres) == 10_000


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(postgres):
    """As after a restart of a container, where numbers begin again."""
    with_rows(postgres, 10)
    note = (postgres.data / "postmaster.pid").read_text().splitlines()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *note[1:]]) + "\n")

    assert not postgres.running()
    postgres.ensure()

    assert rows(postgres) == 10


def test_a_dead_server_that_nobody_buried_is_not_running(tmp_path: Path):
    """A zombie: `kill(pid, 0)` still succeeds, as under a container's first process that reaps nobody."""
    (tmp_path / "data").mkdir()
    zombie = subprocess.Popen(["true"])
    wait_until(lambda: ") Z " in Path(f"/proc/{zombie.pid}/stat").read_text())
    (tmp_path / "data" / "postmaster.pid").write_text("\n".join([str(zombie.pid), *"......", "ready"]) + "\n")
    os.kill(zombie.pid, 0)

    assert not postmaster.is_ready(tmp_path / "data")
    zombie.wait()


def test_a_creation_that_was_cut_off_is_begun_anew(postgres):
    (postgres.root / ".creating" / "half").mkdir(parents=True)

    assert one(postgres.ensure().url(RUNTIME), "SELECT 1") == 1


def test_stopping_and_starting_again_keeps_passwords_and_rows(postgres):
    with_rows(postgres, 10)
    before = postgres.cluster.url(RUNTIME)
    postgres.stop()

    assert not postgres.running()
    assert postgres.ensure().url(RUNTIME) == before
    assert rows(postgres) == 10


@pytest.mark.parametrize("name", ["a" * 160, "a folder's name", "папка"])
def test_a_long_or_unusual_path_works(ground: Path, name: str):
    server = EmbeddedPostgres(ground / name, durable=False)
    try:
        assert one(server.ensure().url(RUNTIME), "SELECT 1") == 1
    finally:
        server.discard()
    assert not server.cluster.host.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be kept from its own files by being root")
def test_a_closed_folder_stays_closed_and_the_server_lives_elsewhere():
    with tempfile.TemporaryDirectory(prefix="senim-closed-") as closed:
        assert stat.S_IMODE(Path(closed).stat().st_mode) == 0o700
        server = EmbeddedPostgres(Path(closed) / "postgres", durable=False)
        try:
            assert one(server.ensure().url(RUNTIME), "SELECT 1") == 1
            place = server.place
            assert not place.is_relative_to(closed)
            assert stat.S_IMODE(Path(closed).stat().st_mode) == 0o700
        finally:
            server.discard()
    assert not place.exists()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_programs_in_a_closed_folder_are_copied_not_opened(ground: Path):
    from governance.config.embedded.binaries import postgres_programs

    package = postgres_programs().parents[1]
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.name, ignore=shutil.ignore_patterns("include", "*.a"))
    server = EmbeddedPostgres(
        ground / "p", durable=False, programs=closed / package.name / "pginstall" / "bin"
    )
    try:
        assert one(server.ensure().url(RUNTIME), "SELECT 1") == 1
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        server.discard()


def test_it_works_without_any_rights(ground: Path, interpreter_of_nobody: str):
    own = ground / "own"
    own.mkdir()
    shutil.chown(own, "nobody")
    code = ENSURE + "EmbeddedPostgres(Path(sys.argv[1])).discard()\n"

    process = python(code, own / "postgres", interpreter=interpreter_of_nobody, user="nobody")
    said, _ = process.communicate()

    assert process.returncode == 0, said


def test_data_of_another_major_version_are_refused_with_a_way_out(postgres):
    postgres.ensure()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(EmbeddedFailed, match=r"written by PostgreSQL 17, .* are 18\. Dump it"):
        postgres.ensure()


def test_kazakh_letters_have_upper_case_and_similarity_whatever_the_locale(shared_postgres):
    url = shared_postgres.cluster.url(RUNTIME)

    assert one(url, "SELECT upper('әғқңөұүһі')") == "ӘҒҚҢӨҰҮҺІ"
    assert one(url, "SELECT similarity('қазақстан', 'казахстан')") == 0.25


def test_nobody_else_can_reach_its_socket_or_read_its_passwords(shared_postgres):
    for path in (shared_postgres.cluster.host, *(shared_postgres.root / "secrets").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert one(shared_postgres.cluster.url(RUNTIME), "SHOW listen_addresses") == ""


def test_asking_for_a_running_server_is_quick(shared_postgres):
    begun = time.perf_counter()
    for _ in range(20):
        shared_postgres.ensure()

    assert (time.perf_counter() - begun) / 20 < 0.005


def wait_until(true, *, patience: float = 10.0) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
