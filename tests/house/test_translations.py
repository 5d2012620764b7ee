"""Kazakh and Russian are complete: every string that the product shows, with the same placeholders."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import shutil
from functools import cache
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.template import Context, Template
from django.utils import translation

from governance.config.languages import LOCALE, TRANSLATED, ensure_compiled, source
from governance.config.translation import catalogues
from governance.config.translation.sources import BORROWED, gather

DJANGO = Path(django.__file__).parent
TEMPLATE = """{% load i18n %}
  <p>{# Translators: a greeting #}
{% translate "Hello" %}</p>
    {% blocktranslate trimmed count number=n %}one
      model{% plural %}{{ number }} models{% endblocktranslate %}
{% with a=_("Inside") %}{% endwith %} it's "odd" (
"""
CODE = """
from django.utils.translation import gettext_lazy as _, pgettext, ngettext
WORDS = _("A lazy one")
def said(n): return pgettext("verb", "Open"), ngettext("one row", "%(n)s rows", n), _(WORDS)
"""


@cache
def judged(language: str) -> list[catalogues.Problem]:
    return catalogues.problems(language)


@pytest.fixture
def small_house(tmp_path) -> Path:
    """A checkout of two files: one of code, one of a template."""
    for app in ("governance", "monitoring", "audits", "templates"):
        (tmp_path / app).mkdir()
    (tmp_path / "governance" / "words.py").write_text(CODE)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


@pytest.mark.parametrize("what", ["missing", "obsolete", "fuzzy", "untranslated", "placeholders"])
@pytest.mark.parametrize("language", TRANSLATED)
def test_no_string_is(language, what):
    found = [problem.msgid for problem in judged(language) if problem.what == what]

    if found:
        listed = "\n".join(found)
        pytest.fail(
            f"{len(found)} {what} in {language} (manage.py translations extract, then translate):\n{listed}",
            False,
        )


def test_strings_are_found_in_code_and_in_templates(small_house):
    found = {(each.context, each.singular, each.plural) for each in gather("ru", small_house)}

    assert found == {
        (None, "A lazy one", None),
        ("verb", "Open", None),
        (None, "one row", "%(n)s rows"),
        (None, "Hello", None),
        (None, "one model", "%(number)s models"),
        (None, "Inside", None),
    }


def test_a_translator_is_told_what_the_author_says_and_where_it_stands(small_house):
    hello = next(each for each in gather("ru", small_house) if each.singular == "Hello")

    assert hello.comments == ["Translators: a greeting"]
    assert hello.files == {"templates/page.html"}


def test_bringing_a_catalogue_up_to_date_twice_changes_nothing(tmp_path):
    shutil.copytree(LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    catalogues.update("kk", tmp_path / "locale")
    once = source("kk", tmp_path / "locale").read_bytes()

    catalogues.update("kk", tmp_path / "locale")

    assert source("kk", tmp_path / "locale").read_bytes() == once


def test_every_string_borrowed_from_django_is_still_one_of_djangos():
    theirs = set()
    for part in ("conf", "contrib/auth", "contrib/humanize"):
        with (DJANGO / part / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
            theirs |= {(message.context, message.id) for message in read_po(file)}
    with BORROWED.open("rb") as file:
        ours = {(message.context, message.id) for message in read_po(file) if message.id}

    assert ours - theirs == set()


def test_a_borrowed_string_needs_no_russian_of_ours_because_django_has_it():
    theirs = {}
    for part in ("conf", "contrib/auth", "contrib/humanize"):
        with (DJANGO / part / "locale/ru/LC_MESSAGES/django.po").open("rb") as file:
            theirs |= {(m.context, m.id): m.string for m in read_po(file) if not m.fuzzy}
    with BORROWED.open("rb") as file:
        borrowed = [(message.context, message.id) for message in read_po(file) if message.id]

    assert [key for key in borrowed if not theirs.get(key)] == []


def test_a_catalogue_is_compiled_when_it_changed_and_only_then(tmp_path):
    words = source("kk", tmp_path)
    words.parent.mkdir(parents=True)
    words.write_text(catalogues._header("kk") + 'msgid "Yes"\nmsgstr "Иә"\n')
    ensure_compiled(tmp_path)
    first = words.with_suffix(".mo").stat().st_mtime_ns

    ensure_compiled(tmp_path)
    assert words.with_suffix(".mo").stat().st_mtime_ns == first

    words.write_text(catalogues._header("kk") + 'msgid "Yes"\nmsgstr "Әрине"\n')
    ensure_compiled(tmp_path)
    compiled = gettext.GNUTranslations(io.BytesIO(words.with_suffix(".mo").read_bytes()))
    assert compiled.gettext("Yes") == "Әрине"
    assert [path.name for path in words.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("language", "date", "number"),
    [
        ("kk", "22.11.2026 17:05", "1\xa0234,5"),
        ("ru", "22.11.2026 17:05", "1\xa0234,5"),
        ("en", "22 Nov 2026, 17:05", "1,234.5"),
    ],
)
def test_dates_and_numbers_are_written_as_in_the_language(language, date, number):
    page = Template("{% load senim %}{{ at|date:'DATETIME_FORMAT' }}|{{ sum|figure:1 }}")

    with translation.override(language):
        shown = page.render(Context({"at": dt.datetime(2026, 11, 22, 12, 5, tzinfo=dt.UTC), "sum": 1234.5}))

    assert shown == f"{date}|{number}"


def test_kazakh_has_one_form_after_a_number_and_russian_three():
    with translation.override("kk"):
        assert translation.ngettext("%(num)d day", "%(num)d days", 5) % {"num": 5} == "5 күн"
    with translation.override("ru"):
        assert translation.ngettext("%(num)d day", "%(num)d days", 21) % {"num": 21} == "21 день"


def test_a_month_within_a_kazakh_date_is_written_small():
    with translation.override("kk"):
        assert Template("{{ on|date:'j E' }}").render(Context({"on": dt.date(2026, 11, 22)})) == "22 қараша"
