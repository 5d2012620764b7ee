"""The words for what the ledger says was done. A test holds them against every action that the code announces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DEEDS: Mapping[str, StrOrPromise] = {
    # the record
    "model.drafted": _("began the registration"),
    "model.edited": _("changed answers of the registration"),
    "model.registered": _("registered the model"),
    "model.reassigned": _("handed the model over to another owner"),
    "model.withdrawn": _("withdrew the model"),
    "model.discarded": _("discarded the draft"),
    "component.added": _("added a component"),
    "component.changed": _("changed a component"),
    "component.removed": _("removed a component"),
    "version.added": _("added a version"),
    "version.withdrawn": _("withdrew a version"),
    "document.added": _("handed in a document"),
    "draft.begun": _("wrote on a document"),
    "draft.handed_in": _("handed in a document"),
    "draft.discarded": _("discarded the draft of a document"),
    "revision.withdrawn": _("withdrew a revision of a document"),
    "kpi.set": _("set a key figure"),
    "kpi.entered": _("entered a value of a key figure"),
    "kpi.measured": _("took a key figure over from a check"),
    "kpi.ended": _("ended a key figure"),
    "risk.assessed": _("graded risk and autonomy"),
    "risk.rule_registered": _("registered the grading rule as a model"),
    "grade.overridden": _("set a grade by hand"),
    "grade.override_reverted": _("took back a grade set by hand"),
    "grade.override_lapsed": _("noted that a grade set by hand has lapsed"),
    # requirements
    "evidence.recorded": _("recorded evidence"),
    "evidence.revoked": _("revoked evidence"),
    "evidence.pulled": _("took documents up as evidence"),
    "event.noted": _("noted an event that requirements speak of"),
    "requirement.concluded": _("concluded on a requirement"),
    "mapping.signed": _("recorded a lawyer's signature under the mapping of a requirement"),
    "mapping.signature_revoked": _("revoked a signature under the mapping of a requirement"),
    "requirement.waived": _("accepted a gap, or waived a requirement, for a time"),
    "requirement.waiver_ended": _("ended an accepted gap or a waiver"),
    "waiver.reminded": _("reminded people of an accepted gap or a waiver"),
    # data and checks
    "dataset.described": _("described the data"),
    "window.added": _("handed in a data period"),
    "window.corrected": _("corrected a data period"),
    "window.withdrawn": _("withdrew a data period"),
    "measurement.declared": _("declared figures that the participant measured"),
    "plan.set": _("planned a check"),
    "check.set_aside": _("set a check aside as not applicable"),
    "check.asked_again": _("asked for a check again that had been set aside"),
    "run.asked": _("asked for the checks"),
    "run.finished": _("answered a check"),
    "run.recompute_asked": _("asked for a run to be computed again"),
    "run.recomputed": _("computed a run again"),
    "run.parked": _("gave a check up that could not run"),
    "findings.kept": _("opened or closed findings"),
    "finding.escalated": _("made an incident of findings"),
    # decisions
    "approval.requested": _("put a version before the committee"),
    "approval.lift_requested": _("asked the committee to lift a suspension"),
    "approval.recommended": _("gave a recommendation"),
    "approval.condition_added": _("set a condition"),
    "approval.voted": _("voted"),
    "approval.withdrawn": _("withdrew the request"),
    "authorisation.suspended": _("suspended a deployment permission"),
    "authorisation.released": _("released a suspended permission to the participant's committee"),
    "authorisation.voided": _("declared a deployment permission void"),
    "gate.asked": _("asked the gate"),
    # while it runs
    "incident.opened": _("opened an incident"),
    "incident.contained": _("contained an incident"),
    "incident.closed": _("closed an incident"),
    "notice.given": _("gave notice of an incident"),
    "permission.suspended": _("ordered a suspension"),
    "suspension.lifted": _("lifted a suspension"),
    "suspension.released": _("released a suspension to the participant's committee"),
    "suspension.ended": _("noted that a suspended permission has ended"),
    "model.stopped": _("stopped the model at once"),
    "oversight.recorded": _("recorded an act of human oversight"),
    "objection.recorded": _("recorded an objection"),
    "objection.answered": _("answered an objection"),
    "drill.recorded": _("recorded a drill"),
    "drill.started": _("began a drill"),
    "drill.finished": _("finished a drill"),
    # outside
    "mlflow_model.linked": _("connected a model of MLflow"),
    "mlflow_model.unlinked": _("disconnected a model of MLflow"),
    "mlflow_version.copied": _("copied a version from MLflow"),
    "mlflow_alias.moved": _("noted an alias that moved in MLflow"),
    "pack.ordered": _("ordered an evidence pack"),
    "pack.made": _("made an evidence pack"),
}

TECHNICAL = frozenset(
    {
        "connector.asked",
        "connector.claimed",
        "connector.read",
        "connector.rung",
        "deadline.reminded",
        "draft.saved",
        "duties.computed",
        "ledger.sequenced",
        "ledger.signed",
        "message.delivered",
        "message.not_delivered",
        "message.read",
        "mlflow_link.read",
        "mlflow_version.compared",
        "mlflow_version.told",
        "pack.announced",
        "pack.parked",
        "pack.rung",
        "permissions.looked_over",
        "run.attempt_failed",
        "run.claimed",
        "run.due",
        "run.postponed",
        "run.recompute_claimed",
        "run.recompute_failed",
        "run.renewed",
        "run.rung",
    }
)
"""Steps of our own machinery on a model's rows. They are in the ledger and in the pack; a page of history leaves them out."""
