"""Drafts in a real browser: what is typed is kept and said, nothing is lost, and an older tab overwrites nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from governance.demo.cast import OTHER_BANK
from tests.journeys.browsing import Reader, chromium, reader

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("journey")]

OWNER = OTHER_BANK.people[0]
SAYS = "beginning => document.getElementById('kept').textContent.startsWith(beginning)"
SUMMARY, LIMITS = "textarea[name=summary]", "textarea[name=limitations]"


@pytest.fixture(scope="module")
def browser(senim) -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visitor(browser, senim) -> Iterator[Reader]:
    """A model owner at the first page of a registration, which has a name and is kept already."""
    opened = reader(browser, senim.url)
    opened.signs_in(OWNER.email, senim.cast.password)
    opened.remembers("en")
    opened.opens("/models/new/")
    opened.page.fill("input[name=name]", "Kept while it is typed")
    says(opened.page, "Saved at")
    yield opened
    opened.page.context.close()


def says(page: Page, beginning: str) -> None:
    page.wait_for_function(SAYS, arg=beginning)


def active(page: Page, what: str) -> str:
    return str(page.evaluate(f"() => document.activeElement.{what}"))


def test_what_is_typed_is_kept_without_a_button_and_said_to_everybody(visitor):
    page = visitor.page
    assert page.get_attribute("#kept", "role") == "status"
    visitor.tabs_to(SUMMARY)
    page.keyboard.type("Half a sentence")
    page.wait_for_function("path => location.pathname.endsWith(path)", arg="/edit/what/")
    page.wait_for_timeout(2_500)

    page.reload()

    assert page.input_value(SUMMARY) == "Half a sentence"
    assert visitor.complaints == []


def test_an_older_tab_overwrites_nothing_and_shows_both(visitor):
    page = visitor.page
    other = page.context.new_page()
    other.goto(page.url)
    page.fill(SUMMARY, "From the first tab")
    page.wait_for_timeout(2_500)

    other.fill(SUMMARY, "From the second tab")
    says(other, "Not saved")
    other.click("main form button.btn-primary")
    other.wait_for_selector("[role=alert][data-focus]")

    assert "From the first tab" in other.inner_text("[role=alert][data-focus]")
    assert other.input_value(SUMMARY) == "From the second tab"
    page.reload()
    assert page.input_value(SUMMARY) == "From the first tab"


def test_without_a_connection_the_page_says_so_and_saves_when_it_is_back(visitor):
    page = visitor.page
    page.context.set_offline(True)
    page.fill(LIMITS, "Typed in a lift")
    says(page, "There is no connection")

    page.click("main form button.btn-primary")  # the page stays, with everything that was typed
    page.wait_for_timeout(1_000)
    assert (urlsplit(page.url).path[-11:], page.input_value(LIMITS)) == ("/edit/what/", "Typed in a lift")

    page.context.set_offline(False)
    says(page, "Saved at")


def test_somebody_signed_out_signs_in_beside_it_and_goes_on(visitor, senim):
    page = visitor.page
    kept = [each for each in page.context.cookies() if each["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    page.fill(LIMITS, "Typed after the session ended")
    says(page, "You are signed out")
    assert page.is_visible("#kept-door a")

    with page.expect_popup() as opened:
        page.click("#kept-door a")
    door = opened.value
    door.fill("input[name=username]", OWNER.email)
    door.fill("input[name=password]", senim.cast.password)
    door.keyboard.press("Enter")
    door.wait_for_url(lambda url: urlsplit(url).path == "/")
    door.close()

    page.fill(LIMITS, "Typed and kept")
    says(page, "Saved at")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/edit/people/**")


def test_a_refused_form_begins_with_a_summary_that_leads_to_the_field(visitor):
    page = visitor.page
    page.fill("input[name=name]", "")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note-bad[data-focus]")

    assert page.title().startswith("Error: ")
    assert "note-bad" in active(page, "className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert active(page, "id") == "id_name"
    assert page.get_attribute("#id_name", "aria-invalid") == "true"


def test_an_answer_opens_the_section_that_it_makes_relevant(visitor):
    page = visitor.page
    visitor.opens(urlsplit(page.url).path.replace("/what/", "/touches/"))
    assert page.get_by_role("link", name="The people concerned").count() == 0

    page.check("input[name=ticked][value=natural_persons]")

    page.get_by_role("link", name="The people concerned").wait_for()
