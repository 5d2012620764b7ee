"""Pages of the mappings: which are signed and by whom, sign some, revoke one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import NotFound, RuleBroken
from governance.obligations.apart import Apart, caution
from governance.obligations.mapping import queries, services
from governance.obligations.mapping.forms import RevokeForm, SignForm, seen_in
from governance.obligations.mapping.models import MappingSignature
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require


@require_GET
@viewed
def mappings(request: Request) -> HttpResponse:
    """Every framework in force and how many of its mappings a lawyer signed for the reader's organisation."""
    organisation = _home(request)
    context = {
        "shelves": queries.shelves(organisation.pk),
        "may_preview": may(request.actor, "catalogue.preview", None),
        "crumbs": [(_("Mappings"), None)],
    }
    return render(request, "governance/obligations/mapping/mappings.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def mapping(request: Request, framework_key: str) -> HttpResponse:
    """The mappings of one framework; a POST signs those that are ticked."""
    organisation = _home(request)
    shelf = queries.shelf(organisation.pk, framework_key)
    if shelf is None:
        raise NotFound
    form = SignForm(
        request.POST if request.method == "POST" else None, initial={"edition": shelf.framework.edition}
    )
    if request.method == "POST":
        require(request.actor, "mapping.sign", organisation)
        if form.is_valid() and _signed(request, organisation, framework_key, form):
            return redirect("mapping:mapping", framework_key)
    context = {
        "shelf": shelf,
        "rows": [(each, Apart(each.owed.obligation, each.signature)) for each in shelf.mapped],
        "lapsed": queries.lapsed_of(organisation.pk, framework_key),
        "ticked": request.POST.getlist("entries"),
        "caution": caution(shelf.framework),
        "form": form,
        "may_sign": may(request.actor, "mapping.sign", organisation),
        "crumbs": [(_("Mappings"), reverse("mapping:mappings")), (shelf.framework.title, None)],
    }
    status = 422 if form.errors else 200
    return render(request, "governance/obligations/mapping/mapping.html", context, status=status)


def _signed(request: Request, organisation: Organisation, framework_key: str, form: SignForm) -> bool:
    try:
        signed = services.sign_several(
            by=request.actor,
            organisation=organisation,
            framework_key=framework_key,
            seen=seen_in(request.POST),
            **form.cleaned_data,
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    said = ngettext("%(number)s mapping is signed.", "%(number)s mappings are signed.", len(signed))
    messages.success(request, said % {"number": len(signed)})
    return True


@require_http_methods(["GET", "POST"])
@viewed
def revoke(request: Request, signature_id: UUID) -> HttpResponse:
    """Take a signature back, with a reason."""
    signature = found(MappingSignature.objects.visible_to(request.actor), pk=signature_id)
    require(request.actor, "mapping.sign", signature)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.revoke(by=request.actor, signature=signature, reason=form.cleaned_data["reason"])
        messages.success(request, _("The signature is revoked; it stays on record."))
        return redirect("mapping:mapping", signature.framework_key)
    here = reverse("mapping:mapping", args=[signature.framework_key])
    crumbs = [(_("Mappings"), reverse("mapping:mappings")), (signature.framework_key, here)]
    context = {"signature": signature, "form": form, "crumbs": [*crumbs, (_("Revoke the signature"), None)]}
    status = 422 if form.errors else 200
    return render(request, "governance/obligations/mapping/revoke.html", context, status=status)


def _home(request: Request) -> Organisation:
    return found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
