"""People and programs of the story: they reach Senim over HTTP, as everybody does."""

from __future__ import annotations

import html
import re
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from governance.demo.form_values import FormValues

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ALERT = re.compile(r'<div class="note note-bad".*?</div>\s*</div>', re.S)
TAGS = re.compile(r"<[^>]+>|\s+")
PATIENCE = 60.0


class StoryBroken(AssertionError):
    """The product did not do what the story says. The message is what it answered instead."""


def words_of(page: str) -> str:
    """The text of a piece of HTML, on one line."""
    return html.unescape(" ".join(TAGS.sub(" ", page).split()))


def found_in(page: str, pattern: re.Pattern[str]) -> str:
    """The first group of a pattern on a page. Raises StoryBroken."""
    found = pattern.search(page)
    if found is None:
        raise StoryBroken(f"the page has nothing like {pattern.pattern}: {words_of(page)[:600]}")
    return html.unescape(found.group(1))


class Visitor:
    """A person with a browser: signs in, reads pages, sends forms."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.email = email
        self.client = httpx.Client(base_url=url, timeout=PATIENCE, headers={"Referer": url})
        self.client.cookies.set("django_language", "en")
        self.send("/sign-in/", {"username": email, "password": password})

    def read(self, path: str, *, status: int = 200) -> str:
        """The HTML of a page. Raises StoryBroken for another status."""
        answer = _asked(self.client, "GET", path, follow_redirects=True)
        _expect(answer, status)
        return answer.text

    def send(
        self, path: str, fields: dict[str, Any], files: dict[str, Any] | None = None, *, at: str = ""
    ) -> str:
        """Open the page of a form, send it (to `at`, where that is another address), and return the path it leads to.

        The page that it leads to is not loaded: whoever wants to see it reads it.
        """
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(self.read(path))}
        if "csrfmiddlewaretoken" not in hidden:
            raise StoryBroken(f"{path} has no form")
        data = {**hidden, **fields}
        answer = _asked(self.client, "POST", at or path, data=data, files=files or None)
        if answer.has_redirect_location:
            return urlsplit(answer.headers["Location"]).path
        _expect(answer, 200)
        wrong = ALERT.search(answer.text)
        if wrong:
            raise StoryBroken(f"{path}: {words_of(wrong.group(0))}")
        return urlsplit(str(answer.url)).path

    def amend(self, path: str, fields: dict[str, Any]) -> str:
        """Send a form that is filled in already with some fields changed, and return the path one lands on."""
        return self.send(path, {**FormValues(self.read(path)).values, **fields})

    def press(self, path: str, fields: dict[str, Any]) -> float:
        """Send a form as `amend` does, and return the moment at which it was answered, before the next page is loaded."""
        data = FormValues(self.read(path)).values | fields
        answer = _asked(self.client, "POST", path, data=data)
        _expect(answer, 302)
        return time.monotonic()

    def fill(self, path: str, answers: dict[str, Any]) -> None:
        """Send a section of a form; where an answer opened another question, the page comes back and is sent again."""
        for _round in range(3):
            if self.send(path, {**answers, "shown": " ".join(answers)}) != path:
                return
        raise StoryBroken(f"{path} does not lead on")


class Machine:
    """A program with a token: speaks the REST interface."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        self.client = httpx.Client(base_url=f"{url}/api/v1", timeout=PATIENCE, headers=headers)

    def get(self, path: str, *, status: int = 200, **query: Any) -> dict[str, Any]:
        return _body(_asked(self.client, "GET", path, params=query), status)

    def post(
        self, path: str, body: dict[str, Any] | None = None, *, status: int = 200, **sent: Any
    ) -> dict[str, Any]:
        """Send JSON, or with data= and files= a multipart form."""
        answer = _asked(self.client, "POST", path, **(sent or {"json": body or {}}))
        return _body(answer, status)


def _asked(client: httpx.Client, method: str, path: str, **sent: Any) -> httpx.Response:
    try:
        return client.request(method, path, **sent)
    except httpx.HTTPError as error:
        raise StoryBroken(f"{method} {path} got no answer: {error}") from error


def _body(answer: httpx.Response, status: int) -> dict[str, Any]:
    _expect(answer, status)
    body: dict[str, Any] = answer.json()
    return body


def _expect(answer: httpx.Response, status: int) -> None:
    accepted = {200, 201} if status == 200 else {status}
    if answer.status_code not in accepted:
        told = words_of(answer.text)[:600]
        raise StoryBroken(f"{answer.request.method} {answer.request.url.path} → {answer.status_code}: {told}")
