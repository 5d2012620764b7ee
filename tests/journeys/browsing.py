"""A person with a real browser: what they see, and whatever goes wrong behind their back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, Response, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from governance.config.env import env
from tests.ground import CHECKOUT

PLACES = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"), Path("/usr/bin/google-chrome"))
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS = ["--no-sandbox", "--disable-component-update", "--disable-sync", *QUIET]
LANGUAGES = ("kk", "ru", "en")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TALLEST = 16_000
"""Pixels of a picture: Chromium draws no taller one reliably."""
LEFT = "net::ERR_ABORTED"
"""Asked for while the reader went on to another page: nobody waits for it. What a policy blocks fails otherwise."""
SHOTS = CHECKOUT / "var" / "screenshots"

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
LOOK = """() => ({
  lang: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  titled: document.title.trim().length > " · Senim".length,
  room: window.innerWidth,
  needed: document.scrollingElement.scrollWidth,
  broken: [...document.images].filter((image) => !image.complete || !image.naturalWidth).map((image) => image.src),
  emptyIcons: [...document.querySelectorAll("svg.icon")].filter((icon) => !icon.childElementCount).length,
  undrawn: [...document.querySelectorAll("[data-chart]")].filter((chart) => !chart.querySelector("canvas")).length,
  violations: window.violations,
})"""
DRAWN = '() => [...document.querySelectorAll("[data-chart]")].every((chart) => chart.querySelector("canvas"))'
FITS = "() => document.scrollingElement.scrollWidth <= window.innerWidth"
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {tag: at.tagName, href: at.getAttribute("href"), name: at.name || "", main: at.classList.contains("btn-primary"),
          seen: box.width > 0 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight, ring};
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Where there is none the test is skipped, or fails if SENIM_REQUIRE_BROWSER says so.

    Playwright keeps an event loop in this thread, so Django's ORM cannot be used inside the block.
    """
    there = next((place for place in PLACES if place.exists()), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=there, args=FLAGS)
        except Error as missing:
            if env().require_browser:
                raise
            pytest.skip(f"no Chromium can be started: {missing.message.splitlines()[0]}")
        yield browser
        browser.close()


@dataclass
class Reader:
    """complaints: console errors, exceptions of scripts, requests that failed."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("console", lambda said: self._note(said.type == "error", f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self._note(True, f"script: {error}"))
        self.page.on(
            "requestfailed", lambda request: self._note(request.failure != LEFT, f"failed: {request.url}")
        )
        self.page.on("response", lambda got: self._note(got.status >= 400, f"{got.status}: {got.url}"))

    def _note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.complaints.append(what)

    def signs_in(self, email: str, password: str) -> None:
        self.opens("/sign-in/")
        self.page.fill("input[name=username]", email)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: urlsplit(url).path == "/")

    def opens(self, path: str) -> Response:
        response = self.page.goto(self.url + path)
        assert response is not None
        return response

    def speaks(self, language: str) -> None:
        """Switch the language by its link, as on every page."""
        with self.page.expect_navigation():
            self.page.click(f'nav.languages a[hreflang="{language}"]')

    def remembers(self, language: str) -> None:
        """As if it had been chosen on another page."""
        cookie = {"name": "django_language", "value": language, "url": self.url}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def ways(self) -> list[str]:
        """Paths of the links of this page that stay within Senim."""
        every = "links => links.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"
        found: list[str] = self.page.eval_on_selector_all("a[href]", every)
        return found

    def sees(self) -> dict[str, Any]:
        """Facts about the page as it is drawn now; the charts get time to be drawn, and to follow another width."""
        self.page.wait_for_function(DRAWN, timeout=10_000)
        with suppress(NotInTime):  # what stays too wide is told by the facts
            self.page.wait_for_function(FITS, timeout=3_000)
        facts: dict[str, Any] = self.page.evaluate(LOOK)
        return facts

    def focus(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.page.evaluate(FOCUS)
        return facts

    def tabs_to(self, what: str, *, most: int = 60) -> dict[str, Any]:
        """Press Tab until the focus is on an element that matches the CSS selector."""
        for _press in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("what => document.activeElement.matches(what)", what):
                return self.focus()
        raise AssertionError(f"Tab does not lead to {what}")

    def shoots(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        there: dict[str, int] = self.page.evaluate(
            "({width: innerWidth, height: document.scrollingElement.scrollHeight})"
        )
        shown = {"x": 0, "y": 0, "width": there["width"], "height": min(there["height"], TALLEST)}
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True, clip=shown)  # type: ignore[arg-type]


def reader(browser: Browser, url: str) -> Reader:
    """Somebody at a wide screen who has chosen no language yet."""
    page = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(30_000)
    opened = Reader(page, url)
    opened.listen()
    return opened
