"""The page that holds a candidate edition against the live register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.obligations.lines import LOOKS
from governance.obligations.preview.reading import candidate
from governance.obligations.preview.turning import Preview, Turn, preview
from governance.obligations.words import STATUSES
from governance.people.door import Request, viewed
from governance.people.rights import require

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 500


class CandidateForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Candidate edition"),
        help_text=gettext_lazy(
            "A YAML file like those of the catalogue. It is read, and nothing is kept of it."
        ),
    )


@dataclass(frozen=True)
class Status:
    """One end of a turn, as it is shown."""

    key: str

    @property
    def look(self) -> str:
        return LOOKS.get(self.key, self.key) or "not_applicable"

    @property
    def words(self) -> StrOrPromise:
        return STATUSES[self.key] if self.key else gettext_lazy("does not stand")


@dataclass(frozen=True)
class Row:
    turn: Turn
    was: Status
    now: Status


@require_http_methods(["GET", "POST"])
@viewed
def preview_edition(request: Request) -> HttpResponse:
    """A POST reads the file, judges, shows, and forgets."""
    require(request.actor, "catalogue.preview", None)
    form = CandidateForm(request.POST or None, request.FILES or None)
    shown = _shown(request, form) if form.is_valid() else {}
    context = {"form": form, "crumbs": [(_("Preview of an edition"), None)], **shown}
    return render(
        request,
        "governance/obligations/preview/preview.html",
        context,
        status=422 if form.errors else 200,
    )


def _shown(request: Request, form: CandidateForm) -> dict[str, Any]:
    file = form.cleaned_data["file"]
    try:
        edition = candidate(file.read(), file.name)
    except RuleBroken as refusal:
        for problem in refusal.problems:
            form.add_error("file", str(problem.what))
        return {}
    found = preview(by=request.actor, edition=edition, today=timezone.localdate())
    return {
        "preview": found,
        "edition_title": edition.title.get(request.LANGUAGE_CODE, edition.title["en"]),
        "rows": [Row(turn, Status(turn.was), Status(turn.now)) for turn in found.turns[:SHOWN]],
        "hidden": max(0, len(found.turns) - SHOWN),
        "totals": _totals(found),
    }


def _totals(found: Preview) -> Sequence[tuple[str, int, int]]:
    """Organisation, requirements that turn, and how many of them turn red."""
    turned = Counter(turn.organisation for turn in found.turns)
    red = Counter(turn.organisation for turn in found.turns if turn.turns_red)
    return [(organisation.name, number, red[organisation]) for organisation, number in turned.items()]
