"""Pages of the returns of a participant that uses no AI."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.returns import services
from governance.inventory.returns.forms import NilForm, WithdrawNilForm
from governance.inventory.returns.models import NilReturn
from governance.people.actor import ALL
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require


@require_http_methods(["GET", "POST"])
@viewed
def returns(request: Request) -> HttpResponse:
    """The returns that were filed; whoever may, files one."""
    organisation = found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
    may_file = may(request.actor, "return.file", organisation)
    form = NilForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.actor, "return.file", organisation)
        filed = form.is_valid() and _filed(request, organisation, form)
        if filed:
            return redirect("returns:returns")
    context = {
        "returns": NilReturn.objects.visible_to(request.actor).select_related("filed_by", "organisation"),
        "across": request.actor.reads == ALL,
        "form": form if may_file else None,
        "may_file": may_file,
    }
    return render(request, "governance/returns/returns.html", context, status=422 if form.errors else 200)


def _filed(request: Request, organisation: Organisation, form: NilForm) -> bool:
    try:
        nil = services.file_nil(by=request.actor, organisation=organisation, **form.cleaned_data)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("The return is filed under %(number)s.") % {"number": nil.acknowledgement})
    return True


@require_http_methods(["GET", "POST"])
@viewed
def withdraw(request: Request, return_id: UUID) -> HttpResponse:
    """Take a mistaken return back, with a reason."""
    nil = found(NilReturn.objects.visible_to(request.actor), pk=return_id)
    require(request.actor, "return.file", nil)
    form = WithdrawNilForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.withdraw_nil(by=request.actor, nil=nil, reason=form.cleaned_data["reason"])
        messages.success(request, _("The return is withdrawn; it stays on record."))
        return redirect("returns:returns")
    context = {
        "nil": nil,
        "form": form,
        "crumbs": [(_("Returns"), reverse("returns:returns")), (nil.number, None)],
    }
    return render(request, "governance/returns/withdraw.html", context, status=422 if form.errors else 200)
