"""The REST face: one router of each room, one way to sign in, one shape of refusal."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from audits.receipts.api import router as receipts
from governance.approvals.api import router as approvals
from governance.config import refusing
from governance.desk.api import router as inventory
from governance.errors import NotFound, Refusal
from governance.incidents.api import router as incidents
from governance.obligations.api import router as obligations
from governance.obligations.matrix.api import router as matrix
from governance.obligations.past.api import router as requirements
from governance.obligations.why.api import router as flags
from governance.people.api import TokenAuth
from governance.risk.api import router as risk
from monitoring.data.api import router as data
from monitoring.decisions.api import router as decisions
from monitoring.declaring.api import router as declaring
from monitoring.editions.api import router as editions
from monitoring.evidently_reports.api import router as evidently_reports
from monitoring.labels.api import router as labels
from monitoring.recomputing.api import router as recomputing
from monitoring.refusals.api import router as refusals
from monitoring.runs.api import router as runs
from monitoring.runs.finding_api import router as findings
from monitoring.runs.schedule_api import router as schedule
from monitoring.sources.api import router as sources
from monitoring.uploads.api import router as uploads

api = NinjaAPI(
    title="Senim",
    version="1",
    description="Register versions and data periods, start checks, and ask the gate before a deployment.",
    auth=TokenAuth(),
    urls_namespace="api",
    docs_url=None,
)
for router in (
    inventory,
    risk,
    obligations,
    matrix,
    requirements,
    flags,
    data,
    editions,
    refusals,
    uploads,
    sources,
    receipts,
    labels,
    decisions,
    evidently_reports,
    runs,
    findings,
    schedule,
    recomputing,
    declaring,
    approvals,
    incidents,
):
    api.add_router("", router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return refusing.problem(refusal)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return refusing.unreadable(error.errors)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return refusing.problem(NotFound())


@api.exception_handler(HttpError)
def unparsed(request: HttpRequest, error: Any) -> HttpResponse:
    """A body that is no JSON, and whatever else the framework refuses by itself."""
    return refusing.unreadable([{"loc": ("body",), "msg": str(error)}])


@api.exception_handler(OSError)
@api.exception_handler(OperationalError)
def broken(request: HttpRequest, error: Any) -> HttpResponse:
    refusal = refusing.refusal_in(error)
    if refusal is None:
        raise error
    return refusing.problem(refusal)
