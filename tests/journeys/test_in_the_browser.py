"""After the story: everybody signs in and opens every page they are led to, wide and narrow, in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import ResolverMatch, resolve
from playwright.sync_api import Browser

from governance.demo.cast import BANK, OTHER_BANK, SUPERVISOR, Part
from tests.journeys.browsing import NARROW, WIDE, Reader, chromium, reader

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("journey")]

PEOPLE: dict[str, Part] = {
    part.email.split("@")[0]: part for part in BANK.people if part.email[:6] != "member"
}
PEOPLE |= {"member": BANK.people[2], "stranger": OTHER_BANK.people[0], "officer": SUPERVISOR.people[0]}
DOWNLOADS = {"inventory:file", "runs:raw"}
ALL = {"home", "models", "approvals:committee"}
READS = ALL | {
    "model", "obligations:requirements", "obligations:requirement", "data:data", "runs:checks", "runs:run", "runs:raw",
    "risk:grade", "approvals:request", "approvals:gate", "inventory:check-answers", "inventory:file",
}  # fmt: skip
LED_TO: dict[str, set[str]] = {
    "owner": READS,
    "validator": READS,
    "member": READS,
    "administrator": READS | {"people", "invite", "tokens", "issue-token"},
    "officer": READS,
    "stranger": ALL,
}


@pytest.fixture(scope="module")
def told(senim) -> Any:
    senim.tell("others see nothing")
    return senim


@pytest.fixture(scope="module")
def browser(told) -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visitor(browser, told) -> Iterator[Reader]:
    opened = reader(browser, told.url)
    yield opened
    opened.page.context.close()


def one_of_a_kind(match: ResolverMatch) -> tuple[object, ...]:
    """Pages that differ only by an id are one kind; the sections of the registration are kinds of their own."""
    return match.view_name, match.kwargs.get("section"), match.kwargs.get("check_key")


def led_to(visitor: Reader) -> dict[str, tuple[object, ...]]:
    """One path of each kind that links lead to from the first page, wherever they stand."""
    found: dict[str, tuple[object, ...]] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        match = resolve(path.split("?")[0])
        if one_of_a_kind(match) in found.values() or match.view_name == "language":
            continue
        found[path] = one_of_a_kind(match)
        if match.view_name not in DOWNLOADS:
            visitor.opens(path)
            waiting += visitor.ways()
    return found


def wrong_with(visitor: Reader, language: str) -> list[str]:
    """Everything that a page must not do, at the width it has now."""
    seen = visitor.sees()
    broken = {
        f"language is {seen['lang']}": seen["lang"] != language,
        f"{seen['headings']} main headings": seen["headings"] != 1,
        "no title": not seen["titled"],
        f"{seen['needed']} px needed, {seen['room']} there": seen["needed"] > seen["room"],
        f"images not loaded: {seen['broken']}": bool(seen["broken"]),
        f"{seen['emptyIcons']} empty icons": seen["emptyIcons"] > 0,
        f"{seen['undrawn']} charts not drawn": seen["undrawn"] > 0,
        f"content policy: {seen['violations']}": bool(seen["violations"]),
    }
    return [what for what, is_so in broken.items() if is_so]


def open_everywhere(visitor: Reader, path: str, name: str, who: str) -> list[str]:
    """What is wrong with one page, in any language and at any width."""
    wrong = []
    for language in ("kk", "ru", "en"):
        visitor.page.context.add_cookies([{"name": "django_language", "value": language, "url": visitor.url}])
        status = visitor.opens(path).status
        if status != 200:
            wrong.append(f"{name} {language}: status {status}")
            continue
        for size in (WIDE, NARROW):
            visitor.page.set_viewport_size(size)
            wrong += [f"{name} {language} {size['width']}: {what}" for what in wrong_with(visitor, language)]
            visitor.shoots(f"{name}-{language}-{size['width']}-{who}")
        visitor.page.set_viewport_size(WIDE)
    return wrong


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_that_somebody_is_led_to_holds(who, visitor, told):
    visitor.signs_in(PEOPLE[who].email, told.cast.password)

    pages = led_to(visitor)
    wrong = []
    for path, kind in pages.items():
        if kind[0] in DOWNLOADS:
            assert visitor.page.request.get(told.url + path).status == 200
        else:
            name = "-".join(str(each) for each in kind if each).replace(":", "-")
            wrong += open_everywhere(visitor, path, name, who)
    print(who, sorted({str(kind[0]) for kind in pages.values()}), sorted(pages))
    assert wrong == []
    assert visitor.complaints == []
    assert {str(kind[0]) for kind in pages.values()} >= LED_TO[who]
