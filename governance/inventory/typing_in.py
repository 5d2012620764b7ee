"""What a section keeps while somebody types, and how two copies of it differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.errors import RuleBroken
from governance.inventory import answers, keeping, queries, services
from governance.inventory.forms import SectionForm
from governance.inventory.keeping import OlderCopy
from governance.inventory.models import AIModel
from governance.inventory.questions import Section
from governance.inventory.sections import QUESTIONS
from governance.people.door import Request

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Difference:
    """One question whose answer on record is not the one that was typed."""

    name: str
    label: StrOrPromise
    on_record: str


def begin(request: Request, model: AIModel, section: Section) -> HttpResponse:
    """The first thing typed into a new registration becomes a draft as soon as it has a name."""
    if keeping.asked(request) == keeping.CHECK:
        return keeping.ready()
    form = SectionForm(request.POST, section=section, model=model)
    form.is_valid()
    if not form.cleaned_data.get("name"):
        return keeping.waiting(_("Not saved yet: a draft needs a name."))
    try:
        drafted = services.register(
            by=request.actor, organisation=model.organisation, fields=form.cleaned_data, id=model.pk
        )
    except RuleBroken as refusal:
        return keeping.waiting(_not_kept(refusal))
    return keeping.kept(
        seen=answers.fingerprint(section, answers.of(drafted)),
        left=_left(form),
        address=reverse("inventory:edit", args=[drafted.pk, section.slug]),
    )


def keep(request: Request, model: AIModel, section: Section) -> HttpResponse:
    """Keep what is typed into a draft, as far as it is in order. A registered model is changed by its button only."""
    seen = request.POST.get("seen", "")
    if keeping.asked(request) == keeping.CHECK or not model.is_draft:
        return keeping.ready()
    form = SectionForm(request.POST, section=section, model=model)
    form.is_valid()
    try:
        fields = _somebodys_word(form, model, section)
        model = services.edit(by=request.actor, model=model, fields=fields, over=(section, seen))
    except OlderCopy:
        return keeping.older()
    except RuleBroken as refusal:
        return keeping.waiting(_not_kept(refusal))
    return keeping.kept(seen=answers.fingerprint(section, answers.of(model)), left=_left(form))


def _somebodys_word(form: SectionForm, model: AIModel, section: Section) -> dict[str, Any]:
    """What is typed, without the "no" that a list of boxes implies: that is said by the button, not in passing."""
    given, stored = form.cleaned_data, answers.of(model)
    ticking = any(given.get(name) is True for name in section.ticks)
    implied = [
        name for name in section.ticks if ticking and given.get(name) is False and stored[name] is None
    ]
    return {name: value for name, value in given.items() if name not in implied}


def _left(form: SectionForm) -> list[str]:
    return [str(form[name].label) for name in form.errors if name in form.fields]


def _not_kept(refusal: RuleBroken) -> str:
    named = [
        str(QUESTIONS[str(each.where)].label) for each in refusal.problems if str(each.where) in QUESTIONS
    ]
    return _("Not saved: look at %(questions)s.") % {"questions": ", ".join(named)}


def differences(form: SectionForm, model: AIModel, section: Section) -> list[Difference]:
    """The questions of a section that were typed differently from what is on record."""
    stored = answers.of(model)
    return [
        Difference(question.field, question.label, queries.spoken(question, model, stored) or "–")
        for question in section.questions
        if question.name in form.cleaned_data
        and _plain(form.cleaned_data[question.name]) != stored[question.name]
    ]


def _plain(value: object) -> object:
    return getattr(value, "pk", value)
