"""Texts that nobody types, each with its reason: they are not poisoned."""

from __future__ import annotations


def _kept(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason)


KEPT: dict[str, str] = {
    **_kept(
        "counted, named or computed by us",
        *("AIModel.number", "Incident.number", "Return.number", "Engagement.number", "DutySheet.basis"),
        *("Run.moved", "Arrival.counted", "Arrival.error"),
        *(
            "Provider.key",
            "Component.said_as",
            "Run.key",
            "Attribution.key",
            "Finding.key",
            "Finding.closing",
            "Message.link",
        ),
        *(
            "DutySheet.editions",
            "DutySheet.counts",
            "DutySheet.failing",
            "KeptAnswer.evidence_ids",
            "RunLease.holder",
        ),
        *("ApprovalRequest.manifest", "Evidence.summary", "Finding.summary", "Seen.changed", "Seen.told"),
        *("Result.libraries", "Plan.basis", "Plan.limits", "Authorisation.reasons", "GateVerdict.reasons"),
        *(
            "KeptAnswer.reasons",
            "KeptAnswer.groups",
            "Engagement.model_ids",
            "Membership.limited_to",
            "Notice.terms",
        ),
        *("Objection.terms", "SuspensionOrder.authority", "Incident.summary", "DutyChange.editions"),
        *("Run.error", "Recomputation.error", "Explained.error", "Recomputation.libraries"),
        *("EvidentlyReport.error", "EvidentlyReport.limits"),
        *("Measurement.unit", "GateVerdict.asked_by"),
    ),
    **_kept(
        "an option of a list of ours",
        *("UseProfile.outputs", "PeopleProfile.consulted", "DataProfile.special_data"),
        "TradingProfile.asset_classes",
        "ClientProfile.client_languages",
        *("AIModel.prohibited_functions", "Document.kinds", "Revision.kinds", "Revision.media_type"),
        *("HouseRevision.kinds", "HouseRevision.media_type"),
        *("ApprovalRequest.environment", "ApprovalRequest.route", "ApprovalRequest.route_edition"),
        *("Authorisation.environment", "GateVerdict.environment", "Notice.clock", "Draft.outline"),
        *("Provider.country", "Adoption.framework_key", "Evidence.kind", "Evidence.source", "Run.check_key"),
        *("Occurrence.flag", "Occurrence.source", "Conclusion.obligation_key", "Waiver.obligation_key"),
        *(
            "KeptAnswer.status",
            "Standing.concluded",
            "Standing.framework_key",
            "ApiToken.scopes",
            "Message.key",
            "Plan.check_key",
        ),
        *(
            "Declared.check_key",
            "Declared.metric",
            "Run.check_version",
            "RunLease.phase",
            "Recomputation.phase",
            "Recomputation.verdict",
        ),
        *("Explained.phase", "EvidentlyReport.phase", "Recomputation.check_version", "Result.isolation"),
        *("Result.verdict", "Measurement.metric", "Measurement.verdict", "Finding.check_key"),
    ),
    **_kept(
        "checked to be a digest, a secret, an address, a BIN or a number",
        *("ModelVersion.artefact_sha256", "ModelVersion.digest", "Revision.sha256", "Vote.manifest_sha256"),
        *("ApprovalRequest.manifest_sha256", "Decision.manifest_sha256", "Authorisation.artefact_sha256"),
        *(
            "GateVerdict.artefact_sha256",
            "GateVerdict.signature",
            "Evidence.digest",
            "KeptAnswer.evidence_digest",
        ),
        *("Conclusion.evidence_digest", "Invitation.secret_sha256", "ApiToken.secret_sha256", "Pack.seal"),
        *("RefusedFile.digest", "Upload.digest", "Fetch.digest", "DataSource.secret", "DataSource.authority"),
        *("DataSource.host", "Window.kept_sha256"),
        *("Window.sha256", "Window.source_sha256", "Seen.files_sha256", "Result.sha256", "Pack.sha256"),
        *("Baseline.sha256", "Scan.sha256", "Attribution.sha256", "EvidentlyReport.sha256"),
        *("Connector.secret", "Connector.url", "AIModel.user_agreement_url", "User.email", "User.password"),
        *("CountingKey.public_pem", "CountingKey.fingerprint", "Window.signature"),
        *(
            "Recomputation.digest",
            "Organisation.bin",
            "KpiValue.digest",
            "Return.digest",
            "HouseRevision.sha256",
        ),
    ),
    **_kept("a copy of the version's own name", "GateVerdict.version_label"),
    **_kept("kinds of faults of ours with their numbers", "RefusedFile.counts"),
    **_kept("written by us, with every name quoted", "Fetch.query"),
    **_kept("names of duties, whose texts are kept above", "DutyChange.told", "DutyChange.digest"),
}
"""Texts that nobody can write freely here, each with its reason."""
