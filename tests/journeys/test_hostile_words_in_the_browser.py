"""Everybody reads pages full of texts that would run, were they ever taken for code: they are only read."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from django.urls import resolve
from django.utils import translation
from playwright.sync_api import Browser

from audits.ledger import services as ledger
from governance.people import services as people
from governance.people.acting import viewing
from governance.people.models import User
from monitoring.engines.preload import preload
from tests import database, factories
from tests.conftest import _point_at
from tests.factories import REGISTER
from tests.journeys.browsing import DRAWN, Reader, chromium, reader
from tests.journeys.hostile import CARRIED, KEPT, POISONS, furnish_hostile, is_hostile, name_of, texts

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("hostile")]


PEOPLE = {
    "owner": "owner@bank.example",
    "second line": "second@bank.example",
    "committee": "member@bank.example",
    "auditor": "auditor@audit.example",
    "officer": "officer@supervisor.example",
}
OWNERS = {
    *("inventory:file", "draft-file", "runs:raw", "packs:file", "house:file"),
    *("obligations:gaps-csv", "obligations:gaps-xlsx", "obligations:nist-profile", "evidently:report"),
}
"""Downloads that the owner must be led to."""
DOWNLOADS = OWNERS | {"receipt", "board-report-file", "data:plan-of-counts", "baselines:baseline"}
DOWNLOADS |= {"receipts:receipt", "receipts:verifier", "data:senim-count", "refusals:broken-rows"}
LEFT_OUT = {"language", "sign-in", "sign-out"}
SHOWS = {
    "owner": {
        *("home", "models", "model", "inventory:edit", "data:data", "runs:checks", "runs:run", "runs:plan"),
        *("obligations:requirement", "approvals:request", "inventory:document", "inbox", "profile"),
    },
    "second line": {"people", "tokens", "model", "approvals:request", "engagements:engagement"},
    "committee": {"approvals:request", "approvals:committee"},
    "auditor": {"model", "data:data", "runs:run"},
    "officer": {"home", "model", "runs:run"},
}
"""Pages on which each of them must read such words, or the walk has shown nothing."""
SEVERAL = {"runs:run", "inventory:file", "draft-file", "evidently:report"}
"""Kinds of which the owner opens each: other checks draw other charts, a draft has two formats."""
CHARTS = {"beeswarm", "drift", "group-rates", "heat", "importance"}
LISTS = ("/", "/models/", "/findings/", "/committee/", "/inbox/", "/people/")
RAN = """() => ({
  hacked: typeof window.hacked,
  said: document.body.innerText + document.title,
  planted: document.querySelectorAll("img[src=x], [onerror], [onload]").length,
  violations: window.violations,
})"""
WORKED_OUT = re.compile(r"[>$]49")


@pytest.fixture(scope="module")
def market(
    cluster, template, worker_name, django_db_setup, django_db_blocker, tmp_path_factory
) -> Iterator[Path]:
    """A database that commits, and a home for its files, for all tests of this module."""
    place = tmp_path_factory.mktemp("hostile")
    quick = override_settings(
        SENIM_HOME=place,
        SENIM_BELL="",
        PASSWORD_HASHERS=["tests.hashing.QuickArgon2"],
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    )
    name = f"senim_test_{worker_name}_hostile"
    with django_db_blocker.unblock(), quick, database.clone(cluster, template, name):
        _point_at(name)
        preload()
        with translation.override("en"):
            bank = factories.found(1, name="First Bank")
            furnish_hostile(bank, factories.join(bank, "model_owner", email=PEOPLE["owner"]))
            others = factories.found(3, kind="supervisor", name=POISONS[0])
            factories.join(others, "officer", email=PEOPLE["officer"])
            _let_the_auditor_in()
            ledger.catch_up(bank.pk)
        yield place
        _point_at(f"senim_test_{worker_name}")


def _let_the_auditor_in() -> None:
    """Sets the password as from the invitation."""
    with viewing(REGISTER):
        auditor = User.objects.get(email=PEOPLE["auditor"])
    people.set_password(user=auditor, password=factories.PASSWORD)


@pytest.fixture(autouse=True)
def home(market) -> Path:
    """Instead of a home for each test."""
    return market


def test_every_text_that_somebody_can_write_is_hostile():
    plain = []
    for model, field in texts():
        if name_of(model, field) in KEPT:
            continue
        with viewing(REGISTER):
            there = [str(each) for each in model._default_manager.values_list(field.name, flat=True)]
        if not any(map(is_hostile, there)):
            plain.append(name_of(model, field))

    assert plain == []
    assert set(KEPT) | CARRIED <= {name_of(*each) for each in texts()}


# --- everybody reads


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The log of the requests is written by the product."""


@pytest.fixture(scope="module")
def url(market) -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(url) -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visitor(browser, url) -> Iterator[Reader]:
    opened = reader(browser, url)
    opened.remembers("en")
    opened.page.on("dialog", lambda dialog: opened.complaints.append(f"dialog: {dialog.message}"))
    opened.page.on("request", lambda asked: opened._note(not asked.url.startswith((url, "data:")), asked.url))
    yield opened
    opened.page.context.close()


@pytest.mark.parametrize("who", PEOPLE)
def test_hostile_words_are_read_and_never_run(who, visitor, url):
    visitor.signs_in(PEOPLE[who], factories.PASSWORD)

    wrong, read, drawn, waiting, seen = [], set(), set(), ["/"], set()
    while waiting:
        path = waiting.pop(0)
        match = resolve(path.split("?")[0])
        kind = match.view_name, match.kwargs.get("section"), match.kwargs.get("check_key")
        once = path if who == "owner" and match.view_name in SEVERAL else kind
        if once in seen or match.view_name in LEFT_OUT:
            continue
        seen.add(once)
        if match.view_name in DOWNLOADS:
            read.add(match.view_name)
            wrong += handed_out(visitor, url + path)
            continue
        status = visitor.opens(path).status
        wrong += [f"{path}: status {status}"] if status != 200 else []
        drawn |= hovers(visitor)
        found = visitor.page.evaluate(RAN)
        wrong += what_ran(path, found)
        if is_hostile(found["said"]):
            read.add(match.view_name)
        waiting += visitor.ways()

    assert (wrong, visitor.complaints) == ([], [])
    assert SHOWS[who] - read == set()
    assert who != "owner" or (drawn, OWNERS - read) == (CHARTS, set())


def test_hostile_addresses_and_refused_forms_are_read_and_never_run(visitor):
    visitor.signs_in(PEOPLE["second line"], factories.PASSWORD)
    asked = urlencode(
        dict.fromkeys(("q", "status", "page", "sort", "next", "as_of", "environment"), POISONS[0])
    )
    wrong = []
    for path in LISTS:
        visitor.opens(f"{path}?{asked}")
        wrong += what_ran(path, visitor.page.evaluate(RAN))

    visitor.opens("/people/invite/")
    for field in visitor.page.query_selector_all("main form input[type=text], main form input[type=email]"):
        field.evaluate("(field, words) => { field.type = 'text'; field.value = words }", POISONS[0])
    visitor.page.eval_on_selector("main form", "form => { form.noValidate = true; form.requestSubmit() }")
    visitor.page.wait_for_selector(".note-bad")
    found = visitor.page.evaluate(RAN)

    assert wrong + what_ran("a refused form", found) == []
    assert POISONS[0] in visitor.page.eval_on_selector_all("main input", "all => all.map(one => one.value)")


def what_ran(path: str, found: dict[str, Any]) -> list[str]:
    broken = {
        "a script ran": found["hacked"] != "undefined",
        "markup was planted": found["planted"] > 0,
        f"content policy: {found['violations']}": bool(found["violations"]),
        "a template was worked out": WORKED_OUT.search(found["said"]) is not None,
    }
    return [f"{path}: {what}" for what, is_so in broken.items() if is_so]


def hovers(visitor: Reader) -> set[str]:
    """Over each chart of the page, so that its tooltips are drawn; which kinds there are."""
    visitor.page.wait_for_function(DRAWN)
    charts = visitor.page.query_selector_all("[data-chart]")
    for chart in charts:
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box
        for across in (0.05, 0.3, 0.6):
            visitor.page.mouse.move(box["x"] + box["width"] * across, box["y"] + 46)
    return {chart.get_attribute("data-chart") or "" for chart in charts}


def handed_out(visitor: Reader, address: str) -> list[str]:
    """What is wrong with a download: it must be kept as a file, under a name that does nothing, and no cell is a formula."""
    answer = visitor.page.request.get(address)
    said, kind = answer.headers.get("content-disposition", ""), answer.headers["content-type"]
    broken = {
        f"status {answer.status}": answer.status != 200,
        f"shown instead of kept: {said}": not said.startswith("attachment"),
        f"the name leads elsewhere: {said}": any(mark in said for mark in ("/", "\\n", "<img")),
        "the type is guessed": answer.headers.get("x-content-type-options") != "nosniff",
        "a cell is a formula": ("csv" in kind and calculates(answer.text()))
        or ("sheet" in kind and has_formulas(answer.body())),
        f"a header was planted: {answer.headers}": "set-cookie" in answer.headers,
        "a member of the archive leads elsewhere": "zip" in kind and not plainly_named(answer.body()),
        "words became markup": "wordprocessing" in kind and not only_text(answer.body()),
        "a word of the data runs": "text/html" in kind and acts(visitor, answer.body()),
    }
    return [f"{address}: {what}" for what, is_so in broken.items() if is_so]


def acts(visitor: Reader, kept: bytes) -> bool:
    """Whether a page that was kept as a file does what a name in its data says when somebody opens it."""
    with NamedTemporaryFile(suffix=".html") as file:
        file.write(kept)
        file.flush()
        opened = visitor.page.context.new_page()
        opened.goto(f"file://{file.name}")
        opened.wait_for_load_state("networkidle")
        opened.wait_for_timeout(1000)  # it draws by itself
        found = opened.evaluate(RAN)
        opened.close()
    return bool(found["hacked"] != "undefined" or found["planted"])


def plainly_named(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    return all(re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name) and ".." not in name for name in names)


def calculates(table: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; the poison that begins with = must be among what is told."""
    cells = [cell for row in csv.reader(io.StringIO(table.removeprefix("\ufeff"))) for cell in row]
    assert any(is_hostile(cell) for cell in cells)
    return any(re.match(r"\s*[=+\-@\t\r＝＋－＠]", cell) for cell in cells)


def has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    found = [ElementTree.fromstring(sheet) for sheet in sheets]
    assert any(is_hostile("".join(sheet.itertext())) for sheet in found)
    return any(element.tag.endswith("}f") for sheet in found for element in sheet.iter())


def only_text(content: bytes) -> bool:
    """The words stand in the document as they were written, inside its own elements."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = ElementTree.fromstring(archive.read("word/document.xml"))
    return POISONS[0] in "".join(document.itertext()) and document.find(".//img") is None
