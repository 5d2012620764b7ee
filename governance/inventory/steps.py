"""The steps above a form: those of the registration, or those of the profile that is filled in afterwards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from governance.inventory import answers, queries
from governance.inventory.models import AIModel
from governance.inventory.questions import Section
from governance.inventory.sections import BY_SLUG, SECTIONS

Step = dict[str, Any]


def steps(model: AIModel | None, here: str, given: answers.Answers | None = None) -> list[Step]:
    """For components/steps.html: the relevant sections of the part that `here` belongs to, and the page of all answers.

    given: answers that are typed and not saved; without them those on record.
    """
    given = given or (answers.graded(model) if model else {})
    check = reverse("inventory:check-answers", args=[model.pk]) if model else None
    if here in BY_SLUG and BY_SLUG[here].later and model is not None:
        last: Step = {"words": _("All answers"), "url": f"{check}#profile", "state": "todo"}
        return [*_of_profile(model, here, given), last]
    last = {"words": _("Check and register"), "url": check, "state": _state(here == "check", False)}
    return [*_of_registration(model, here, given), last]


def _of_registration(model: AIModel | None, here: str, given: answers.Answers) -> list[Step]:
    """Each is done when registration waits for none of its questions."""
    waiting = {question.name for question in answers.missing(given)} if model else set()
    filled = queries.filled(model) if model else set()
    return [
        {
            "words": section.title,
            "url": _address(model, section),
            "state": _state(
                section.slug == here, model is not None and queries.is_done(section, waiting, filled)
            ),
        }
        for section in answers.relevant(given)
        if not section.later
    ]


def _of_profile(model: AIModel, here: str, given: answers.Answers) -> list[Step]:
    """Each with how much of it is answered; one that only a grade opens is named and leads nowhere yet."""
    found = []
    for section in (each for each in SECTIONS if each.later):
        if answers.is_relevant(section, given):
            answered, asked = answers.progress(section, given)
            found.append(
                {
                    "words": format_lazy("{} {}/{}", section.title, answered, asked),
                    "url": _address(model, section),
                    "state": _state(section.slug == here, answered == asked),
                }
            )
        elif answers.waits_for_grade(section, given):
            words = _("%(section)s (after grading)") % {"section": section.title}
            found.append({"words": words, "url": None, "state": "todo"})
    return found


def _address(model: AIModel | None, section: Section) -> str | None:
    return reverse("inventory:edit", args=[model.pk, section.slug]) if model else None


def _state(is_here: bool, is_done: bool) -> str:
    return "current" if is_here else "done" if is_done else "todo"
