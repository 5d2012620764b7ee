"""Messages of the person who reads: what happened, and what to do next."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from governance.people.door import Request, found, viewed
from governance.post import services as post
from governance.post.models import Message

PER_PAGE = 30


@require_GET
@viewed
def inbox(request: Request) -> HttpResponse:
    mine = Message.objects.inbox_of(request.actor)
    context = {
        "page": Paginator(mine, PER_PAGE).get_page(request.GET.get("page")),
        "waiting": mine.unread().exists(),
    }
    return render(request, "governance/desk/inbox.html", context)


@require_GET
@viewed
def message(request: Request, message_id: UUID) -> HttpResponse:
    """One message. Opening it is reading it."""
    mine = found(Message.objects.inbox_of(request.actor), pk=message_id)
    post.read(by=request.actor, messages=[mine])
    # A letter ends with the address of what it is about; here that is a button.
    text = mine.body.replace(settings.SENIM_URL + mine.link, "").strip() if mine.link else mine.body
    crumbs = [(_("Messages"), reverse("inbox")), (mine.subject, None)]
    context = {"message": mine, "text": text, "crumbs": crumbs}
    return render(request, "governance/desk/message.html", context)


@require_POST
@viewed
def read_all(request: Request) -> HttpResponse:
    post.read(by=request.actor, messages=Message.objects.inbox_of(request.actor).unread())
    return redirect("inbox")
