"""The administrator's page of the keys that sign counts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.errors import OutOfOrder, RuleBroken
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.signers import services
from monitoring.signers.forms import KeyForm
from monitoring.signers.models import CountingKey


@require_http_methods(["GET", "POST"])
@viewed
def keys(request: Request) -> HttpResponse:
    """All keys, and the form that registers another one."""
    organisation = found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
    require(request.actor, "counting_key.register", organisation)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.register(by=request.actor, organisation=organisation, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OutOfOrder as refusal:
            form.add_error("public_pem", str(refusal))
        else:
            messages.success(request, _("The key is registered. Counts must now be signed."))
            return redirect("signers:keys")
    listed = CountingKey.objects.visible_to(request.actor).select_related("registered_by")
    context = {"form": form, "keys": listed}
    return render(request, "monitoring/signers/keys.html", context, status=422 if form.errors else 200)


@require_POST
@viewed
def revoke(request: Request, counting_key_id: UUID) -> HttpResponse:
    key = found(CountingKey.objects.visible_to(request.actor), pk=counting_key_id)
    services.revoke(by=request.actor, key=key)
    return redirect("signers:keys")
