"""The closed lists of this room, in words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IncidentKind(TextChoices):
    DRIFT_AND_PERFORMANCE = "drift_and_performance", _("data drift with falling performance")
    PERFORMANCE = "performance", _("falling performance")
    UNAUTHORISED_DEPLOYMENT = "unauthorised_deployment", _("deployment without permission")
    FAIRNESS = "fairness", _("unequal treatment of groups")
    DATA = "data", _("breach or loss of data")
    SECURITY = "security", _("security")
    HARM = "harm", _("harm to people or clients")
    OTHER = "other", pgettext_lazy("kind of incident", "other")


class Severity(TextChoices):
    LOW = "low", pgettext_lazy("severity", "low")
    MEDIUM = "medium", pgettext_lazy("severity", "medium")
    HIGH = "high", pgettext_lazy("severity", "high")
    CRITICAL = "critical", pgettext_lazy("severity", "critical")


class Source(TextChoices):
    PERSON = "person", _("a person")
    MONITORING = "monitoring", _("the checks of Senim")
    MLFLOW = "mlflow", _("the connection to MLflow")
    SUPERVISOR = "supervisor", _("the supervisor")


class IncidentStatus(TextChoices):
    OPEN = "open", _("open")
    CONTAINED = "contained", _("contained")
    CLOSED = "closed", _("closed")


class Addressee(TextChoices):
    SUPERVISOR = "supervisor", _("the supervisor of the market")
    DATA_AUTHORITY = "data_authority", _("the authority for personal data")
    EU_AUTHORITY = "eu_authority", _("the market surveillance authority (EU)")
    VENDOR = "vendor", _("the vendor")
    CLIENTS = "clients", _("the clients concerned")


class Outcome(TextChoices):
    LIFTED = "lifted", _("lifted by a decision of the committee")
    ENDED = "ended", _("the permission has ended")


class OversightKind(TextChoices):
    OVERRIDE = "override", _("a result was overridden")
    STOP = "stop", _("the model was stopped")
    REVIEW = "review", _("a result was reviewed")
    ESCALATION = "escalation", _("a case was handed to a person")


class OversightSource(TextChoices):
    PERSON = "person", _("written here")
    API = "api", _("handed in by a program")


class Ground(TextChoices):
    WRONG_DATA = "wrong_data", _("the data about them is wrong")
    DISCRIMINATION = "discrimination", _("they were treated worse than others")
    EXPLANATION = "explanation", _("they want the reasons explained")
    HUMAN = "human", _("they want a person to decide")
    OTHER = "other", pgettext_lazy("ground of an objection", "something else")


class DrillKind(TextChoices):
    KILL_SWITCH = "kill_switch", _("the kill switch")
    FALLBACK = "fallback", _("the fallback")
    INCIDENT = "incident", _("the way an incident takes")
