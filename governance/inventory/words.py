"""The closed lists of the registration form."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    REGISTERED = "registered", _("registered")
    WITHDRAWN = "withdrawn", _("withdrawn")


class LawRole(models.TextChoices):
    """Art. 15 and 16 of the law: who answers for the system, and who merely uses somebody else's."""

    OWNER_OR_HOLDER = "owner_or_holder", _("owner or holder: it is ours, or we run it on our own terms")
    USER = "user", _("user: our staff use a system that somebody else runs")


class Origin(models.TextChoices):
    IN_HOUSE = "in_house", _("built in-house")
    VENDOR = "vendor", _("bought from a vendor")
    OPEN_SOURCE = "open_source", _("open source")
    FINE_TUNED = "fine_tuned", _("a base model fine-tuned by us")


OUTSIDE = (Origin.VENDOR, Origin.OPEN_SOURCE, Origin.FINE_TUNED)


class UsageMode(models.TextChoices):
    """Art. 17(4)."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    LOCAL = "local", _("local")


class ArtefactFormat(models.TextChoices):
    NONE = "none", _("no artefact handed in")
    XGBOOST_JSON = "xgboost_json", "XGBoost JSON"
    XGBOOST_UBJ = "xgboost_ubj", "XGBoost UBJ"
    LIGHTGBM_TEXT = "lightgbm_text", "LightGBM text"
    ONNX = "onnx", "ONNX"
    SKOPS = "skops", "skops"


class ProhibitedFunction(models.TextChoices):
    """Art. 17(3), points 1 to 7."""

    MANIPULATION = "manipulation", _("subliminal or manipulative methods")
    VULNERABILITY = "vulnerability", _("use of a person's vulnerability")
    SOCIAL_SCORING = "social_scoring", _("social scoring")
    UNLAWFUL_PERSONAL_DATA = "unlawful_personal_data", _("unlawful gathering of personal data")
    BIOMETRIC_DISCRIMINATION = (
        "biometric_discrimination",
        _("sorting people by biometrics in order to discriminate"),
    )
    EMOTION_WITHOUT_CONSENT = "emotion_without_consent", _("recognising emotions without consent")
    FORBIDDEN_OUTPUTS = "forbidden_outputs", _("results that the law forbids")
