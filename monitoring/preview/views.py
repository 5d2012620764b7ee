"""The page that holds candidate limits against the answers on file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from governance.obligations.preview import showing as requirements
from governance.obligations.preview.trying import Tab, Tried, page
from governance.people.door import Request, viewed
from monitoring.preview import showing
from monitoring.preview.forms import LimitsForm
from monitoring.preview.turning import preview

LIMITS = Tab(
    "limits",
    _("Limits to try"),
    _(
        "Which checks, findings and models would change colour under another limit, by the last answers on file, "
        "and which requirements rest on them."
    ),
    "monitoring/preview/_turned.html",
)


@require_http_methods(["GET", "POST"])
@viewed
def preview_limits(request: Request) -> Any:
    return page(request, LIMITS, LimitsForm, lambda form: _limits(request, form))


def _limits(request: Request, form: LimitsForm) -> Tried:
    found = preview(by=request.actor, candidate=form.candidate(), now=timezone.now())
    context = {
        "preview": found,
        "checks": [showing.Line(each) for each in found.checks[: requirements.SHOWN]],
        "hidden_checks": max(0, len(found.checks) - requirements.SHOWN),
        "models": showing.colours(found.models[: requirements.SHOWN]),
        "hidden_models": max(0, len(found.models) - requirements.SHOWN),
        **requirements.shown(found.turns),
    }
    return Tried(context, [*showing.sheets(found.checks, found.models), requirements.sheet(found.turns)])
