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
from governance.filing.models import Campaign, Reminder, Return
from governance.incidents.models import (
    Drill,
    Incident,
    Notice,
    Objection,
    OversightEvent,
    SuspensionOrder,
)
from governance.inventory.figures.models import Kpi, KpiValue
from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.inventory.outlines.models import Draft
from governance.inventory.profile.models import (
    ClientProfile,
    DataProfile,
    LawProfile,
    OversightProfile,
    PeopleProfile,
    PersonsProfile,
    SourcingProfile,
    StakesProfile,
    TechniqueProfile,
    TradingProfile,
    UseProfile,
)
from governance.inventory.rows.models import (
    Adjustment,
    DataInput,
    Dependency,
    Determination,
    Operator,
    OrderAlgorithm,
)
from governance.inventory.suppliers.models import Component, Provider
from governance.obligations.crosswalk.models import Confirmation
from governance.obligations.house.models import HousePaper, HouseRevision, Training
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.matrix.models import Standing
from governance.obligations.matrix.past.models import StandingChange
from governance.obligations.models import (
    Adoption,
    Conclusion,
    Duty,
    DutySheet,
    Evidence,
    Framework,
    KeptAnswer,
    Obligation,
    Occurrence,
)
from governance.obligations.past.models import DutyChange
from governance.obligations.waiving.models import Waiver
from governance.people.attempts import Attempt
from governance.people.models import ApiToken, Invitation, Membership, Organisation, User
from governance.people.pulse import Pulse
from governance.post.models import Message
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override

__all__ = [
    "AIModel",
    "Adjustment",
    "Adoption",
    "ApiToken",
    "ApprovalRequest",
    "Attempt",
    "Authorisation",
    "Campaign",
    "ClientProfile",
    "Component",
    "Conclusion",
    "Condition",
    "Confirmation",
    "DataInput",
    "DataProfile",
    "Decision",
    "Dependency",
    "Determination",
    "Document",
    "Draft",
    "Drill",
    "Duty",
    "DutyChange",
    "DutySheet",
    "Evidence",
    "Framework",
    "GateVerdict",
    "HousePaper",
    "HouseRevision",
    "Incident",
    "Invitation",
    "KeptAnswer",
    "Kpi",
    "KpiValue",
    "LawProfile",
    "MappingSignature",
    "Membership",
    "Message",
    "ModelVersion",
    "Notice",
    "Objection",
    "Obligation",
    "Occurrence",
    "Operator",
    "OrderAlgorithm",
    "Organisation",
    "Override",
    "OversightEvent",
    "OversightProfile",
    "PeopleProfile",
    "PermissionSheet",
    "PersonsProfile",
    "Provider",
    "Pulse",
    "Recommendation",
    "Reminder",
    "Return",
    "Revision",
    "RiskAssessment",
    "SourcingProfile",
    "StakesProfile",
    "Standing",
    "StandingChange",
    "SuspensionOrder",
    "TechniqueProfile",
    "TradingProfile",
    "Training",
    "UseProfile",
    "User",
    "Vote",
    "Waiver",
]
