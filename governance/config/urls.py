"""Where everything answers. Each room knows its own addresses."""

from __future__ import annotations

from django.urls import include, path

from governance.config import reports
from governance.config.api import api

urlpatterns = [
    path("", include("governance.people.urls")),
    path("", include("governance.inventory.urls")),
    path("", include("governance.risk.urls")),
    path("", include("governance.obligations.urls")),
    path("", include("governance.obligations.mapping.urls")),
    path("", include("governance.obligations.house.urls")),
    path("", include("governance.approvals.urls")),
    path("", include("governance.incidents.urls")),
    path("", include("governance.filing.urls")),
    path("", include("monitoring.data.urls")),
    path("", include("monitoring.editions.urls")),
    path("", include("monitoring.shielding.urls")),
    path("", include("monitoring.refusals.urls")),
    path("", include("monitoring.labels.urls")),
    path("", include("monitoring.decisions.urls")),
    path("", include("monitoring.baselines.urls")),
    path("", include("monitoring.evidently_reports.urls")),
    path("", include("monitoring.runs.urls")),
    path("", include("monitoring.declaring.urls")),
    path("", include("monitoring.recomputing.urls")),
    path("", include("monitoring.market.urls")),
    path("", include("monitoring.preview.urls")),
    path("", include("monitoring.mlflow_link.urls")),
    path("", include("monitoring.sources.urls")),
    path("", include("monitoring.signers.urls")),
    path("", include("monitoring.blackouts.urls")),
    path("", include("audits.packs.urls")),
    path("", include("audits.receipts.urls")),
    path("", include("audits.engagements.urls")),
    path("", include("governance.desk.urls")),
    path("api/v1/", api.urls),
    path("csp-report/", reports.csp, name="csp-report"),
]

handler400 = "governance.config.refusing.bad_request"
handler404 = "governance.config.refusing.not_found"
handler403 = "governance.config.refusing.forbidden"
handler500 = "governance.config.refusing.broken"
