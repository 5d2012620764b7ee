"""A person leaves a role: the page says first which models would be without an owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.inventory.handing_over import owned_by
from governance.people import services
from governance.people.door import Request, found, viewed
from governance.people.models import Membership
from governance.people.rights import require


@require_http_methods(["GET", "POST"])
@viewed
def end(request: Request, membership_id: UUID) -> HttpResponse:
    """Ending is possible all the same: the models then wait, in red, for the administrator."""
    members = Membership.objects.visible_to(request.actor).select_related("user")
    membership = found(members, pk=membership_id)
    require(request.actor, "member.end", membership)
    models = owned_by(membership)
    if request.method == "POST":
        services.end(by=request.actor, membership=membership, on=timezone.localdate())
        said = {"name": membership.user.name, "role": membership.get_role_display()}
        messages.success(request, _("The role “%(role)s” of %(name)s ends today.") % said)
        return redirect("people")
    crumbs = [(_("People"), reverse("people")), (membership.user.name, None)]
    context = {"member": membership, "models": models, "crumbs": crumbs}
    return render(request, "governance/desk/end_membership.html", context)
