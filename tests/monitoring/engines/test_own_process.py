"""A question to a process of its own: whoever asks says that they live meanwhile, and may lose the work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitoring.engines import own_process

SLOW = """
import time
from monitoring.engines import own_process

def slow(question):
    time.sleep(question)
    return {"slept": question}

if __name__ == "__main__":
    own_process.answer(slow)
"""


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "slow_of_test.py").write_text(SLOW)
    (tmp_path / "monitoring").symlink_to(own_process.CHECKOUT / "monitoring")
    monkeypatch.setattr(own_process, "CHECKOUT", tmp_path)
    monkeypatch.setattr(own_process, "BEAT_EVERY", 0.2)
    yield "slow_of_test"


def test_it_says_that_it_lives_as_long_as_the_process_works(slow):
    beats: list[float] = []

    def beat() -> bool:
        beats.append(time.monotonic())
        return True

    assert own_process.ask(slow, 1.5, beat) == {"slept": 1.5}
    assert len(beats) >= 3


def test_work_that_has_passed_to_somebody_else_ends_at_once(slow):
    began = time.monotonic()
    with pytest.raises(own_process.Lost):
        own_process.ask(slow, 60, lambda: False)
    assert time.monotonic() - began < 20


def test_a_process_that_takes_too_long_or_breaks_is_no_answer(slow, monkeypatch):
    with pytest.raises(own_process.TookTooMuch):
        own_process.ask(slow, "not a number")
    monkeypatch.setattr(own_process, "SECONDS", 1.0)
    with pytest.raises(own_process.TookTooMuch):
        own_process.ask(slow, 60)


def test_large_files_have_longer_in_proportion(slow, monkeypatch, tmp_path):
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * 10)
    large.write_bytes(b"x" * 1000)
    monkeypatch.setattr(own_process, "IN_TIME", 100)
    assert own_process.seconds_for([]) == own_process.seconds_for([small]) == own_process.SECONDS
    assert own_process.seconds_for([small, large]) == pytest.approx(10.1 * own_process.SECONDS)

    monkeypatch.setattr(own_process, "SECONDS", 1.0)
    with pytest.raises(own_process.TookTooMuch):
        own_process.ask(slow, 2.0, reads=[small])
    assert own_process.ask(slow, 2.0, reads=[large]) == {"slept": 2.0}
