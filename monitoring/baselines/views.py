"""The baseline of a data period as a file: what its digest in a result stands for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from governance import store
from governance.people.door import Request, found, viewed
from monitoring.baselines.models import Baseline
from monitoring.engines.counted.editions import VERSION


@require_safe
@viewed
def baseline(request: Request, window_id: UUID) -> HttpResponse:
    """These bytes have the digest that results name."""
    kept = found(Baseline.objects.visible_to(request.actor), window_id=window_id, edition=VERSION)
    answer = HttpResponse(store.read(kept.organisation_id, kept.sha256), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="baseline-{kept.sha256[:12]}.json"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
