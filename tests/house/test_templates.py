"""The face keeps its promises: a strict Content-Security-Policy, readable statuses, one page for every stranger."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from governance.people.actor import Actor
from governance.templatetags.senim import ICONS
from governance.templatetags.statuses import STATUSES
from tests.ground import CHECKOUT

TEMPLATES = CHECKOUT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "an inline event handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "another server": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}


class Owner(forms.Form):
    name = forms.CharField(help_text="Short")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, required=False)


def relative(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def rendered(source: str, **context: object) -> str:
    return Template("{% load senim blocks charts %}" + source).render(Context(context))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    assert [relative(path) for path in PAGES if FORBIDDEN[what].search(path.read_text())] == []


def test_a_component_has_its_inputs_on_its_first_line_and_at_most_thirty_lines():
    texts = {relative(path): path.read_text() for path in COMPONENTS}

    assert [name for name, text in texts.items() if not text.startswith("{#")] == []
    assert [name for name, text in texts.items() if len(text.splitlines()) > 30] == []


def test_every_static_file_and_icon_that_a_template_names_exists():
    text = "\n".join(path.read_text() for path in PAGES)
    files = set(re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", text))
    icons = set(re.findall(r"{% icon ['\"]([^'\"]+)['\"] %}", text)) | {
        each.icon for each in STATUSES.values()
    }

    assert [name for name in files if finders.find(name) is None] == []
    assert [name for name in icons if not (ICONS / f"{name}.svg").is_file()] == []


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_says_in_words_what_its_colour_says(status):
    badge = rendered("{% include 'components/status.html' %}", status=status)

    assert str(STATUSES[status].words) in badge
    assert "<svg" in badge


def test_what_was_not_run_and_what_nobody_knows_is_never_green():
    assert STATUSES["not_run"].tone != "good"
    assert 'class="state state-quiet"' in rendered(
        "{% include 'components/status.html' %}", status="new word"
    )


def luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tone", ["good", "bad", "warn", "info", "quiet", "accent", "ink"])
def test_text_of_every_tone_has_the_contrast_of_wcag_aa(tone):
    sheet = (CHECKOUT / "governance/static/senim/senim.css").read_text()
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", sheet)) | {"paper": "#ffffff"}

    for behind in {"ground", "paper", f"{tone}-soft"} & colours.keys() - {"ink-soft"}:
        bright, dark = sorted((luminance(colours[behind]), luminance(colours[tone])), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_stranger_and_a_member_get_the_same_bytes_for_a_page_that_is_not_theirs(language):
    asked = RequestFactory().get("/models/secret-name/")
    asked.actor = Actor("person", id="7", name="Aigul")

    with translation.override(language):
        known, unknown = render_to_string("404.html", request=asked), render_to_string("404.html")

    assert known == unknown
    assert f'<html lang="{language}">' in known
    assert not re.search(r"<form|csrf|secret-name|Aigul", known)


def test_the_page_for_a_breakdown_needs_no_context_and_speaks_three_languages():
    page = render_to_string("500.html")

    assert [f'lang="{language}"' in page for language in ("kk", "ru", "en")] == [True, True, True]


def test_a_field_is_tied_to_its_label_its_help_and_its_errors():
    page = rendered("{% include 'components/field.html' with field=form.name %}", form=Owner({}))

    assert '<label class="form-label" for="id_name">' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page and 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    page = rendered("{% include 'components/field.html' with field=form.kind %}", form=Owner({}))

    assert "<fieldset" in page and '<legend class="form-label">' in page


def test_the_summary_of_errors_leads_to_the_fields():
    page = rendered("{% include 'components/form_errors.html' %}", form=Owner({}))

    assert '<a href="#id_name">' in page


def test_a_chart_carries_names_as_data_and_repeats_its_numbers_as_a_table():
    rows = [{"name": "</script><b>", "value": 0.3125, "limit": 0.25, "verdict": "failed", "n": 12}]

    with translation.override("ru"):
        page = rendered(
            "{% chart data name='d' caption='Drift' %}",
            data={"kind": "drift", "rows": rows, "words": {"value": "PSI"}},
        )

    assert "</script><b>" not in page
    block = re.search(r'<script id="d" type="application/json">(.*?)</script>', page)
    assert block and json.loads(block[1])["rows"] == rows
    assert '<th scope="row">&lt;/script&gt;&lt;b&gt;</th><td>0,312</td>' in page


@pytest.mark.parametrize(
    ("value", "shown"), [(0.8399, "0.84"), (1234567, "1,234,567"), (None, "–"), (float("nan"), "–")]
)
def test_a_number_is_rounded_and_never_cut_off(value, shown):
    with translation.override("en"):
        assert rendered("{{ value|figure }}", value=value) == shown


def test_a_number_shows_its_interval_and_the_rows_it_rests_on():
    with translation.override("en"):
        page = rendered("{% interval 0.8342 0.791 0.87 12345 %}")

    assert re.sub(r"<[^>]+>", "", page).split() == ["0.83", "[0.79&nbsp;…", "0.87]", "n&nbsp;=&nbsp;12,345"]


@pytest.mark.parametrize(("language", "shown"), [("kk", "83,4\xa0%"), ("ru", "83,4\xa0%"), ("en", "83.4%")])
def test_a_share_is_written_as_a_percentage_of_the_language(language, shown):
    with translation.override(language):
        assert rendered("{{ share|percent }}", share=0.834) == shown
