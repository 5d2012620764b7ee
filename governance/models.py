"""The rooms' models, for Django."""

from governance.approvals.models import (
    ApprovalRequest,
    Authorisation,
    Condition,
    Decision,
    GateVerdict,
    PermissionSheet,
    Recommendation,
    Vote,
)
from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.obligations.models import (
    Adoption,
    Conclusion,
    Duty,
    DutySheet,
    Evidence,
    Framework,
    Obligation,
)
from governance.people.models import ApiToken, Invitation, Membership, Organisation, User
from governance.post.models import Message
from governance.risk.models import RiskAssessment

__all__ = [
    "AIModel",
    "Adoption",
    "ApiToken",
    "ApprovalRequest",
    "Authorisation",
    "Conclusion",
    "Condition",
    "Decision",
    "Document",
    "Duty",
    "DutySheet",
    "Evidence",
    "Framework",
    "GateVerdict",
    "Invitation",
    "Membership",
    "Message",
    "ModelVersion",
    "Obligation",
    "Organisation",
    "PermissionSheet",
    "Recommendation",
    "Revision",
    "RiskAssessment",
    "User",
    "Vote",
]
