"""The pages that hold a candidate edition, and a candidate questionnaire, against the live register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from governance.inventory.forms import RefusableForm
from governance.obligations.preview import regraded, showing
from governance.obligations.preview.reading import candidate
from governance.obligations.preview.trying import CandidateForm, Tab, Tried, page
from governance.obligations.preview.turning import preview
from governance.people.door import Request, viewed
from governance.risk.preview import reading

EDITION = Tab(
    "edition",
    _("Edition to try"),
    _("Which requirements would turn under another edition of a framework, of which models, from which day."),
    "governance/obligations/preview/_turns.html",
)
QUESTIONNAIRE = Tab(
    "questionnaire",
    _("Questionnaire to try"),
    _("Which grades would be others by another questionnaire, with the answers on file, and what follows."),
    "governance/obligations/preview/_regraded.html",
)


class QuestionnaireForm(RefusableForm):
    file = forms.FileField(
        label=_("Candidate questionnaire"),
        help_text=_("A YAML file like the questionnaires of Senim. It is read, and nothing is kept of it."),
    )


@require_http_methods(["GET", "POST"])
@viewed
def preview_edition(request: Request) -> Any:
    return page(request, EDITION, CandidateForm, lambda form: _edition(request, form))


@require_http_methods(["GET", "POST"])
@viewed
def preview_questionnaire(request: Request) -> Any:
    return page(request, QUESTIONNAIRE, QuestionnaireForm, lambda form: _questionnaire(request, form))


def _edition(request: Request, form: CandidateForm) -> Tried:
    edition = candidate(form.cleaned_data["file"].read())
    found = preview(by=request.actor, edition=edition, today=timezone.localdate())
    title = edition.title.get(request.LANGUAGE_CODE, edition.title["en"])
    context = {"preview": found, "edition_title": title, **showing.shown(found.turns)}
    return Tried(context, [showing.sheet(found.turns)])


def _questionnaire(request: Request, form: QuestionnaireForm) -> Tried:
    questionnaire = reading.candidate(form.cleaned_data["file"].read())
    found = regraded.preview(by=request.actor, questionnaire=questionnaire, today=timezone.localdate())
    context = {
        "preview": found.regrading,
        "edition_title": questionnaire.title.get(request.LANGUAGE_CODE, questionnaire.title["en"]),
        "grades": regraded.lines(found.regrading.rows[: showing.SHOWN]),
        "hidden_grades": max(0, len(found.regrading.rows) - showing.SHOWN),
        **showing.shown(found.turns),
    }
    return Tried(context, [regraded.sheet(found.regrading), showing.sheet(found.turns)])
