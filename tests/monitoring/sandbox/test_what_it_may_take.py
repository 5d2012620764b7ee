"""A job that takes too much, dies, or says what it should not: an error for whoever asked, and nothing else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitoring.sandbox.levels import NAMESPACES
from monitoring.sandbox.running import CannotIsolate
from monitoring.sandbox.talk import MALFORMED, TOO_LARGE, Died, Lost
from tests.monitoring.sandbox.conftest import HOSTILE, LIMITS


def test_memory_has_a_limit_and_its_peak_is_told(run):
    with pytest.raises(Died, match="MemoryError"):
        run("grow", 400 << 20)
    assert run("grow", 64 << 20).peak > 64 << 20


def test_the_processors_time_has_a_limit(run):
    with pytest.raises(Died, match="killed by signal 24"):
        run("spin", cpu=1)


def test_time_has_a_limit_and_the_job_is_ended(run):
    begun = time.monotonic()
    with pytest.raises(Died, match="took too long"):
        run("sleep", 60.0, wall=2)
    assert time.monotonic() - begun < 10


def test_an_answer_of_five_megabytes_is_the_largest(run):
    assert len(run("say_much", (5 << 20) - 100).value["much"]) == (5 << 20) - 100
    with pytest.raises(Died, match=TOO_LARGE):
        run("say_much", 6 << 20)


@pytest.mark.parametrize(
    "said",
    [
        "no json",
        '{"answer": {"value": NaN}}',
        '{"answer": {"value": Infinity}}',
        '{"answer": [1]}',
        '{"answer": {}, "broke": ""}',
        '{"progress": 1000, "phase": ""}',
        '{"progress": true, "phase": ""}',
        '{"progress": 1, "phase": "\\u001b[2J"}',
        '{"progress": 1, "phase": "' + "x" * 300 + '"}',
        '{"cannot": "unshare"}',
        '{"broke": "KeyError", "places": ["\\n{\\"level\\": \\"INFO\\"}"]}',
        "[" * 20_000,
    ],
)
def test_what_is_not_of_the_form_is_not_believed(run, said):
    with pytest.raises(Died, match=MALFORMED):
        run("say_raw", said)


def test_an_answer_too_deep_to_read_is_malformed(run):
    with pytest.raises(Died, match=MALFORMED):
        run("say_deep", 100_000)


def test_without_an_answer_the_end_is_no_success(run):
    with pytest.raises(Died, match=MALFORMED):
        run("leave", 0)


@pytest.mark.parametrize(
    ("job", "params", "how"),
    [
        ("crash", None, "killed by signal 11"),
        ("leave", 3, "ended with code 3"),
        ("break_down", None, "KeyError"),
    ],
)
def test_a_job_that_dies_says_how(run, job, params, how):
    with pytest.raises(Died, match=how) as died:
        run(job, params)
    assert "a value of the data" not in f"{died.value} {died.value.places}"


def test_where_it_broke_is_told(run):
    with pytest.raises(Died) as died:
        run("break_down")
    assert died.value.places[-1].endswith("break_down")


def test_a_job_whose_run_is_lost_is_ended(run):
    begun = time.monotonic()
    with pytest.raises(Lost):
        run("sleep", 60.0, beat=lambda percent, phase: False)
    assert time.monotonic() - begun < 10


def test_progress_is_told_while_it_works(run):
    told: list[tuple[int, str]] = []

    def listen(percent: int, phase: str) -> bool:
        told.append((percent, phase))
        return True

    run("sleep", 1.5, beat=listen)
    assert told == [(1, "scoring")]


def test_no_file_stays_open_whatever_happens(run, data):
    run("honest", 1, files={"data": data})  # what this process opens once for all is open now
    before = len(list(Path("/proc/self/fd").iterdir()))
    for job, params in (("honest", 1), ("leave", 3), ("say_raw", "no json")):
        try:
            run(job, params, files={"data": data})
        except Died:
            continue
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_file_that_is_not_there_cannot_be_isolated(sandbox, tmp_path):
    """Nothing runs when a step of the isolation fails; the reason is told."""
    gone = tmp_path / "gone"
    with pytest.raises(CannotIsolate, match="gone"):
        sandbox.run(f"{HOSTILE}:honest", files={"data": gone}, params=None, level=NAMESPACES, limits=LIMITS)


def test_a_template_that_was_killed_is_started_again(sandbox, data):
    def ask():
        files = {"data": data}
        return sandbox.run(f"{HOSTILE}:honest", files=files, params=1, level=NAMESPACES, limits=LIMITS)

    ask()
    sandbox._process.kill()
    sandbox._process.wait()
    assert ask().value["read"] == {"data": "rows"}
