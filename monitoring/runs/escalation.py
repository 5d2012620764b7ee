"""When findings become an incident: a model whose data have drifted and which has become worse over the same period.

Drift alone is a finding: the world moves, and the model may bear it. Falling performance alone is a red finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from governance.incidents import services as incidents
from governance.incidents.models import Incident
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import periods
from monitoring.data.models import Window
from monitoring.runs.models import Finding, FindingKind

KIND, SOURCE = "drift_and_performance", "monitoring"
TOGETHER = frozenset({"drift", "performance"})
"""The checks that make an incident when both fail for one version over one data period."""
NO_LONGER_TRUE = (
    *("window_withdrawn", "version_withdrawn", "model_withdrawn", "superseded"),
    *("dataset_replaced", "dataset_retired"),
)


@dataclass(frozen=True)
class Both:
    """Red findings of all the checks that make an incident, for one version over one data period."""

    findings: tuple[Finding, ...]

    @property
    def one(self) -> Finding:
        return self.findings[0]

    @property
    def window(self) -> Window:
        assert self.one.window is not None
        return self.one.window


def escalate(clerk: Actor, organisation_id: UUID) -> None:
    """Open an incident for each pair that has none, or join it to the one of the same version that is still open."""
    with viewing(clerk):
        pairs = list(_pairs(organisation_id))
    for pair in pairs:
        with acting(clerk, "finding.escalated"):
            incident = _running(pair) or _opened(clerk, pair)
            Finding.objects.filter(pk__in=[each.pk for each in pair.findings]).update(incident=incident)


def _pairs(organisation_id: UUID) -> Iterator[Both]:
    """The earliest data period first."""
    red = Finding.objects.filter(
        organisation_id=organisation_id,
        kind=FindingKind.CHECK,
        severity="red",
        check_key__in=TOGETHER,
        incident=None,
        window__isnull=False,
    ).exclude(closing__has_key="cause", closing__cause__in=NO_LONGER_TRUE)  # an open one has no cause
    groups: dict[object, dict[str, Finding]] = {}
    for finding in periods.latest_first(
        red.select_related("model", "version", "window"), prefix="window__"
    ).reverse():
        groups.setdefault((finding.version_id, finding.window_id), {})[finding.check_key] = finding
    for group in groups.values():
        if set(group) >= TOGETHER:
            yield Both(tuple(group[key] for key in sorted(group)))


def _running(pair: Both) -> Incident | None:
    """What the same version is already known to suffer from."""
    running = Incident.objects.open().filter(kind=KIND, source=SOURCE, version_id=pair.one.version_id)
    return running.order_by("detected_at").first()


def _opened(clerk: Actor, pair: Both) -> Incident:
    params = {"version": pair.one.version.label if pair.one.version else "", "window": pair.window.name}
    title = "Version %(version)s: the data have drifted and its performance has fallen (%(window)s)"
    return incidents.open_incident(
        by=clerk,
        model=pair.one.model,
        version=pair.one.version,
        kind=KIND,
        severity="high",
        title=(title % params)[:200],
        source=SOURCE,
        source_key=f"{KIND}:{pair.one.version_id}:{pair.one.window_id}",
        summary={"key": KIND, "params": params},
        detected_at=max(each.opened_at for each in pair.findings),
    )
