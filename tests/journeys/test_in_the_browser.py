"""After the story: everybody signs in and opens every page they are led to, wide and narrow, in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import ResolverMatch, resolve
from playwright.sync_api import Browser

from governance.demo.cast import BANK, OTHER_BANK, SUPERVISOR, Part
from tests.journeys.browsing import LANGUAGES, NARROW, WIDE, Reader, chromium, reader

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("journey")]

PEOPLE: dict[str, Part] = {
    part.email.split("@")[0]: part for part in BANK.people if part.email[:6] != "member"
}
PEOPLE |= {"member": BANK.people[2], "stranger": OTHER_BANK.people[0], "officer": SUPERVISOR.people[0]}
DOWNLOADS = {
    *("inventory:file", "house:file", "draft-file", "runs:raw", "packs:file", "board-report-file", "receipt"),
    *("obligations:gaps-csv", "obligations:gaps-xlsx", "obligations:nist-profile", "data:plan-of-counts"),
    *("receipts:receipt", "receipts:verifier", "data:senim-count", "refusals:broken-rows"),
    *("baselines:baseline", "evidently:report"),
}
EVERYBODY = {"inbox", "profile", "change-password", "home", "models", "approvals:committee"}
READS = EVERYBODY | {
    *("model", "data:data", "runs:checks", "runs:run", "runs:raw", "inventory:file"),
    *("obligations:requirements", "obligations:requirement", "approvals:request", "approvals:gate"),
}
WRITES = READS | {
    *(
        "inventory:new",
        "inventory:edit",
        "inventory:check-answers",
        "inventory:withdraw",
        "inventory:add-version",
    ),
    *("inventory:document", "inventory:withdraw-revision", "inventory:hand-over", "outlines"),
    *("inventory:add-document", "risk:grade", "risk:assess", "data:add-window", "data:withdraw-window"),
    *("runs:plan", "approvals:ask"),
}
LED_TO = {
    "owner": WRITES,
    "validator": READS
    | {"inventory:add-document", "risk:grade", "risk:assess", "risk:override", "runs:plan"},
    "member": READS,
    "administrator": READS | {"end-membership", "people", "invite", "tokens", "issue-token"},
    "officer": READS,
    "stranger": EVERYBODY | {"inventory:new", "people", "invite", "tokens", "issue-token"},
}
"""Pages to which each of them must be led by links, from the first page on."""


@pytest.fixture(scope="module")
def told(senim) -> Any:
    senim.tell("others see nothing")
    return senim


@pytest.fixture(scope="module")
def browser(told) -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def shot() -> set[str]:
    return set()


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
        if one_of_a_kind(match) in found.values() or match.view_name in {"language", "sign-in"}:
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


def open_everywhere(visitor: Reader, path: str, name: str, shot: set[str]) -> list[str]:
    """What is wrong with one page, in any language and at any width. shot: pages of which there are pictures."""
    wrong = []
    for language in LANGUAGES:
        visitor.remembers(language)
        status = visitor.opens(path).status
        if status != 200:
            wrong.append(f"{name} {language}: status {status}")
            continue
        for size in (NARROW, WIDE):
            visitor.page.set_viewport_size(size)
            wrong += [f"{name} {language} {size['width']}: {what}" for what in wrong_with(visitor, language)]
            if name not in shot:
                visitor.shoots(f"{name}-{language}-{size['width']}")
    shot.add(name)
    return wrong


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_that_somebody_is_led_to_holds(who, visitor, told, shot):
    visitor.signs_in(PEOPLE[who].email, told.cast.password)

    wrong, reached = [], set()
    for path, kind in led_to(visitor).items():
        reached.add(kind[0])
        if kind[0] in DOWNLOADS:
            assert visitor.page.request.get(told.url + path).status == 200
        else:
            name = "-".join(str(each) for each in kind if each).replace(":", "-")
            wrong += open_everywhere(visitor, path, name, shot)

    assert (wrong, visitor.complaints) == ([], [])
    assert LED_TO[who] - reached == set()


def test_the_pages_before_the_door_hold_too(visitor, shot):
    wrong = []
    for path, name in (
        ("/sign-in/", "sign-in"),
        ("/password/", "password"),
        ("/password/sent/", "password-sent"),
    ):
        wrong += open_everywhere(visitor, path, name, shot)

    assert (wrong, visitor.complaints) == ([], [])


def test_switching_the_language_keeps_the_page(visitor, told):
    visitor.signs_in(PEOPLE["owner"].email, told.cast.password)
    path = f"/models/{told.story.model_id}/requirements/?status=missing"
    visitor.opens(path)

    for language in ("ru", "en", "kk"):
        visitor.speaks(language)
        assert (visitor.page.url, visitor.sees()["lang"]) == (told.url + path, language)


def test_tab_comes_to_the_skip_link_first_and_focus_is_always_seen(visitor, told):
    visitor.signs_in(PEOPLE["owner"].email, told.cast.password)
    for path in ("/", "/models/", f"/models/{told.story.model_id}/", f"/models/{told.story.model_id}/grade/"):
        visitor.opens(path)
        visitor.page.keyboard.press("Tab")
        first = visitor.focus()
        assert (first["href"], first["seen"], first["ring"]) == ("#main", True, True), path
        visitor.page.keyboard.press("Enter")
        assert visitor.page.evaluate("document.activeElement.id") == "main"
        main = visitor.tabs_to("main .btn", most=80)
        assert (main["seen"], main["ring"]) == (True, True), path


def test_a_registration_is_begun_with_the_keyboard_alone(visitor, told):
    """By somebody of the other bank, so that the story's bank keeps what the story left behind."""
    keys = visitor.page.keyboard
    visitor.signs_in(PEOPLE["stranger"].email, told.cast.password)

    visitor.tabs_to('a.btn-primary[href="/models/new/"]')
    keys.press("Enter")
    visitor.page.wait_for_url("**/models/new/")
    assert visitor.tabs_to("input[name=name]")["ring"]
    keys.type("Chatbot of a vendor")
    visitor.tabs_to("main form button[type=submit].btn-primary")
    keys.press("Enter")
    visitor.page.wait_for_url("**/edit/people/**")

    visitor.opens("/models/")
    assert visitor.page.get_by_role("link", name="Chatbot of a vendor").count() == 1
    assert visitor.complaints == []
