"""Programs run as one: their lines are kept, they end in order, and none outlives a parent that was killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from governance.config.crew import Crew, Ended, Program
from tests.governance.config.conftest import python

SLEEP = (sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)",
)
A_PARENT = f"""
import sys, time
from pathlib import Path
from governance.config.crew import Crew, Program
crew = Crew([Program("child", {SLEEP!r})], logs=Path(sys.argv[1]))
crew.start()
print(crew._processes["child"].pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(true, *, patience: float = 10.0) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_lines_are_kept_in_a_file_and_repeated_with_their_programs_name(tmp_path: Path, capfd):
    said = (sys.executable, "-c", "import os; print('сенім', os.environ['MINE'])")
    crew = Crew(
        [Program("web", said, {"MINE": "1"}), Program("beat", SLEEP)], logs=tmp_path / "log", echo=True
    )
    crew.start()
    wait_until(lambda: crew.ended() == Ended("web", 0))
    crew.stop()

    assert crew.log("web").read_text() == "сенім 1\n"
    assert "web  | сенім 1" in capfd.readouterr().out


def test_all_are_ended_together(tmp_path: Path):
    crew = Crew([Program("one", SLEEP), Program("two", SLEEP)], logs=tmp_path)
    crew.start()
    pids = [process.pid for process in crew._processes.values()]
    assert crew.ended() is None

    crew.stop()

    assert not any(alive(pid) for pid in pids)


def test_one_that_ignores_the_request_is_killed_when_patience_ends(tmp_path: Path):
    crew = Crew([Program("stubborn", STUBBORN)], logs=tmp_path)
    crew.start()
    wait_until(lambda: "here" in crew.log("stubborn").read_text())

    crew.stop(patience=0.3)

    assert crew.ended() == Ended("stubborn", -signal.SIGKILL)


def test_children_end_with_a_parent_that_was_killed(tmp_path: Path):
    parent = python(A_PARENT, tmp_path)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_until(lambda: "here" in (tmp_path / "child.log").read_text())

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()

    wait_until(lambda: not alive(child))


def test_one_that_dies_is_started_again_and_its_log_goes_on(tmp_path: Path):
    crew = Crew([Program("one", SLEEP)], logs=tmp_path)
    crew.start()
    first = crew._processes["one"].pid
    wait_until(lambda: "here" in crew.log("one").read_text())
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: crew.ended() is not None)

    assert crew.mend() is None

    second = crew._processes["one"].pid
    wait_until(lambda: crew.log("one").read_text() == "here\nhere\n")
    assert second != first and alive(second) and crew.mend() is None
    crew.stop()
    assert not alive(second)


def test_one_that_ends_as_soon_as_it_is_started_is_given_up(tmp_path: Path):
    crew = Crew([Program("broken", (sys.executable, "-c", "raise SystemExit(3)"))], logs=tmp_path)
    crew.start()
    given_up: list[Ended] = []

    def mended() -> bool:
        given_up.extend(each for each in [crew.mend()] if each)
        return bool(given_up)

    wait_until(mended)
    assert given_up == [Ended("broken", 3)]
    crew.stop()
