"""What a document can be evidence of. The keys are those of the catalogue of requirements; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Group:
    """Kinds that are looked for together, by key with their names."""

    title: StrOrPromise
    kinds: Mapping[str, StrOrPromise]


PAPERS: tuple[Group, ...] = (
    Group(
        _("The model itself"),
        {
            "model_card": _("Model card"),
            "system_document": _("Document on the AI system"),
            "technical_documentation": _("Technical documentation"),
            "requirements_specification": _("Requirements specification"),
            "business_case": _("Business case"),
            "strategy_description": _("Description of the strategy"),
            "component_inventory": _("List of components"),
            "instructions_for_use": _("Instructions for use"),
            "explainability_note": _("Note on explainability"),
            "test_report": _("Test report"),
            "validation_report": _("Validation report"),
            "metrics_plan": _("Plan of metrics"),
            "monitoring_plan": _("Monitoring plan"),
            "change_log": _("Change log"),
            "environmental_note": _("Note on environmental effect"),
            "inventory": _("Inventory of models"),
        },
    ),
    Group(
        _("Data"),
        {
            "data_sheet": _("Data sheet"),
            "data_library_document": _("Documentation of the data library"),
            "data_protection_assessment": _("Personal data protection assessment"),
        },
    ),
    Group(
        _("Risk"),
        {
            "classification_act": _("Classification act"),
            "risk_management_document": _("Document on risk management"),
            "risk_register": _("Risk register"),
            "risk_treatment_plan": _("Risk treatment plan"),
            "residual_risk_statement": _("Statement of residual risk"),
            "risk_appetite_statement": _("Statement of risk appetite"),
            "risk_tiering_method": _("Method of risk tiering"),
            "impact_assessment": _("Impact assessment"),
            "fundamental_rights_impact_assessment": _("Fundamental rights impact assessment"),
            "fairness_assessment": _("Fairness assessment"),
            "security_assessment": _("Security assessment"),
            "misuse_scenarios": _("Foreseeable uses outside the purpose, with their assessed risk"),
            "prohibited_practice_screening": _("Screening for prohibited functions"),
            "trading_limits": _("Sheet of trading limits"),
            "control_matrix": _("Matrix of controls"),
        },
    ),
    Group(
        _("Clients and users"),
        {
            "user_agreement": _("User agreement"),
            "client_disclosure": _("Disclosure to clients"),
            "complaint_procedure": _("Complaints procedure"),
            "objection_procedure": _("Objection procedure"),
            "explanation_procedure": _("Procedure for explaining results"),
            "human_channel_procedure": _("Procedure for the human channel"),
            "human_oversight_procedure": _("Human oversight procedure"),
            "support_procedure": _("User support procedure"),
            "marking_procedure": _("Marking procedure"),
            "synthetic_results_exclusion": _(
                "Signed reasoning that outputs are not synthetic results or are not spread"
            ),
            "stakeholder_feedback": _("Feedback of those concerned"),
            "acceptable_use_rules": _("Rules of acceptable use"),
        },
    ),
    Group(
        _("Governance"),
        {
            "ai_policy": _("AI policy"),
            "governance_charter": _("AI governance charter"),
            "responsibility_matrix": _("Responsibility matrix"),
            "competence_matrix": _("Competence matrix"),
            "access_control_matrix": _("Access rights matrix"),
            "board_report": _("Report to the board"),
            "review_minutes": _("Minutes of the review"),
            "compliance_review": _("Legal and compliance review"),
            "legal_register": _("Register of applicable law"),
            "quality_management_system": _("Quality management system"),
            "record_retention_policy": _("Record retention policy"),
            "standards_list": _("List of standards applied"),
            "audit_report": _("Audit report"),
            "surveillance_report": _("Market surveillance report"),
            "conformity_declaration": _("Declaration of conformity"),
            "evidence_pack": _("Evidence pack"),
            "trusted_list_application": _("Application for the trusted list"),
            "insurance_policy": _("Insurance policy"),
            "ip_note": _("Note on intellectual property"),
            "ip_rights_proof": _("Proof of rights to the system"),
        },
    ),
    Group(
        _("Continuity"),
        {
            "bcp": _("Business continuity plan"),
            "exit_plan": _("Exit plan"),
            "decommissioning_plan": _("Decommissioning plan"),
            "incident_report": _("Incident report"),
        },
    ),
    Group(
        _("Suppliers"),
        {
            "vendor_contract": _("Contract with the vendor"),
            "vendor_due_diligence": _("Due diligence of the vendor"),
            "vendor_policy": _("Policy on vendors"),
            "vendor_review": _("Review of the vendor"),
            "venue_agreement": _("Agreement with the trading venue"),
        },
    ),
)
"""As evidence each counts as "document:<key>"."""

RECORDS = Group(
    _("Logs, tests and texts in use"),
    {
        "audit_log": _("Log of the model's decisions"),
        "authority_notification": _("Proof that a supervisor, venue or other party was notified"),
        "fallback_test": _("Test of the fallback"),
        "human_oversight_log": _("Log of human oversight"),
        "incident_process": _("Incident process"),
        "kill_switch_test": _("Test of the kill switch"),
        "label_text": _("Label text in use"),
        "notification_text": _("Notice text in use"),
        "training_record": _("Training record"),
        "vendor_disclosure": _("Disclosure by the vendor"),
    },
)
"""As evidence each counts under its own key."""

GROUPS = (*PAPERS, RECORDS)
KINDS: dict[str, StrOrPromise] = {key: name for group in GROUPS for key, name in group.kinds.items()}


class HasKinds(Protocol):
    kinds: list[str]


def names_of(paper: HasKinds) -> list[str]:
    return [str(KINDS[kind]) for kind in paper.kinds if kind in KINDS]
