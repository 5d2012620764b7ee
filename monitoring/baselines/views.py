"""The baseline of a data period as a file: what its digest in a result stands for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import store
from governance.errors import OutOfOrder
from governance.people.door import Request, found, viewed
from monitoring.baselines.models import Baseline


@require_safe
@viewed
def baseline(request: Request, window_id: UUID) -> HttpResponse:
    """These bytes have the digest that results name: that of `sha256`, else of the newest edition.

    Those of protected rows nobody gets, for they hide no small number.
    """
    rows = Baseline.objects.visible_to(request.actor).select_related("window__dataset")
    asked = request.GET.get("sha256", "")
    newest = rows.filter(window_id=window_id).order_by("-edition").values("edition")[:1]
    kept = found(rows, window_id=window_id, **({"sha256": asked} if asked else {"edition": newest}))
    if kept.window.dataset.is_protected:
        raise OutOfOrder(_("The baseline of rows that are personal data or a bank secret is not handed out."))
    answer = HttpResponse(store.read(kept.organisation_id, kept.sha256), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="baseline-{kept.sha256[:12]}.json"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
