"""A running product says how it fares: to its administrator on a page, to machines by figures."""

from __future__ import annotations

import time

import httpx
import pytest

from governance.demo.cast import BANK, SUPERVISOR
from governance.demo.visitor import words_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]
FROM_OUTSIDE = {"X-Forwarded-For": "198.51.100.1"}


def figures(url: str) -> dict[str, float]:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[:1] not in ("#", "")
    }


def line(page: str, part: str) -> str:
    start = page.index(f'<th scope="row">{part}<')
    return words_of(page[start : page.index("</tr>", start)])


def test_the_administrator_reads_that_every_part_answers(senim):
    senim.tell("the model is registered")
    with senim.database():
        page = senim.stage.visitor(BANK.part("administrator")).read("/health/")

    for part in ("Broker", "Worker of requirements and letters", "Worker of checks", "Clock"):
        assert "In order" in line(page, part)
    assert "Needs attention" in line(page, "Mail server")  # letters of the demonstration are files


def test_the_officer_of_the_supervisor_reads_it_as_well_and_the_owner_does_not(senim):
    senim.tell("the model is registered")
    with senim.database():
        assert "Worker of checks" in senim.stage.visitor(SUPERVISOR.part("officer")).read("/health/")
        senim.stage.visitor(BANK.part("model_owner")).read("/health/", status=403)


def test_figures_add_up_over_the_processes_of_the_web(senim):
    """Two processes answer; each counts for itself, and any of them tells the sum."""
    key = 'senim_http_requests_total{method="GET",route="/sign-in/",status="200"}'
    before = figures(senim.url).get(key, 0)
    for _ in range(20):
        httpx.get(f"{senim.url}/sign-in/")  # a connection of its own each time: either process takes it

    assert {figures(senim.url)[key] for _ in range(6)} == {before + 20}


def test_workers_and_clock_are_heard_again_and_again(senim):
    parts = ("default", "checks", "outside", "beat")

    def heard() -> dict[str, float]:
        told = figures(senim.url)
        return {part: told[f'senim_last_heard_seconds{{part="{part}"}}'] for part in parts}

    until = time.monotonic() + 60
    while max(heard().values()) > 45 and time.monotonic() < until:
        time.sleep(1)
    assert max(heard().values()) < 45


def test_a_stranger_learns_one_word(senim):
    assert httpx.get(f"{senim.url}/healthz", headers=FROM_OUTSIDE).text == "ok\n"
    assert httpx.get(f"{senim.url}/metrics", headers=FROM_OUTSIDE).status_code == 403
    assert httpx.get(f"{senim.url}/healthz").json()["walls"] is True
