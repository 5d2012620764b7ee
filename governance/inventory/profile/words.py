"""The closed lists of the profile."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Output(models.TextChoices):
    SCORE = "score", _("score or probability")
    CATEGORY = "category", _("category or label")
    FORECAST = "forecast", _("forecast of a quantity")
    ORDER = "order", _("order, or a parameter of one")
    ADVICE = "advice", _("advice or recommendation")
    CONTENT = "content", _("text, image, sound or video")
    ALERT = "alert", _("alert")


class Stage(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    DEVELOPMENT = "development", _("in development")
    SERVICE = "service", _("in service")
    SUSPENDED = "suspended", _("suspended")
    DECOMMISSIONED = "decommissioned", _("decommissioned")
    RECALLED = "recalled", _("recalled")


class ModelClass(models.TextChoices):
    RULES = "rules", _("rules or a scorecard")
    REGRESSION = "regression", _("linear or logistic regression")
    TREES = "trees", _("decision trees, forest or boosting")
    NEURAL = "neural", _("neural network")
    LANGUAGE = "language", _("large language model")
    REINFORCEMENT = "reinforcement", _("reinforcement learning")
    UNSUPERVISED = "unsupervised", _("clustering or search for anomalies")
    SIMULATION = "simulation", _("simulation or optimisation")
    OTHER = "other", _("something else")


class LearningMode(models.TextChoices):
    STATIC = "static", _("static: it changes only with a new version")
    PERIODIC = "periodic", _("retrained from time to time")
    SELF_LEARNING = "self_learning", _("learns by itself while it works")


class Explainability(models.TextChoices):
    NONE = "none", _("none")
    WHOLE = "whole", _("the model as a whole: what it pays attention to")
    EACH = "each", _("every single result, with its reasons")


class SpecialData(models.TextChoices):
    SYNTHETIC = "synthetic", _("synthetic data")
    ALTERNATIVE = "alternative", _("alternative data: neither the firm's own nor of a market")
    UNSTRUCTURED = "unstructured", _("unstructured data: text, sound, images")


class OversightMode(models.TextChoices):
    DECIDES = "decides", _("a person decides each case")
    BEFORE = "before", _("a person can step in before it takes effect")
    AFTER = "after", _("a person can correct it afterwards")
    WATCHES = "watches", _("a person watches the whole, not single results")
    NOBODY = "nobody", _("no person takes part")


class Level(models.TextChoices):
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class PurposeClass(models.TextChoices):
    REGULATORY = "regulatory", _("a duty under law: capital, reporting, surveillance")
    DECISIONS = "decisions", _("decisions about clients, money or orders")
    MANAGEMENT = "management", _("management and planning")
    SERVICE = "service", _("service of clients")
    OFFICE = "office", _("work inside the office")


class Publication(models.TextChoices):
    PUBLIC = "public", _("everybody")
    SUPERVISOR = "supervisor", _("the supervisor and auditors")
    FIRM = "firm", _("the firm only")


class TrustedList(models.TextChoices):
    """Art. 19: where a system stands on its way to the list of trusted ones."""

    PREPARING = "preparing", _("the application is being prepared")
    APPLIED = "applied", _("applied for")
    LISTED = "listed", _("on the list")
    REFUSED = "refused", _("refused")
    REMOVED = "removed", _("taken off the list")


class AssetClass(models.TextChoices):
    SHARES = "shares", _("shares")
    BONDS = "bonds", _("bonds")
    CURRENCY = "currency", _("currency")
    DERIVATIVES = "derivatives", _("derivatives")
    REPO = "repo", _("repo")
    COMMODITIES = "commodities", _("commodities")
    DIGITAL = "digital", _("digital assets")


class Consulted(models.TextChoices):
    LEGAL = "legal", _("legal")
    COMPLIANCE = "compliance", _("compliance")
    RISK = "risk", _("risk management")
    TECHNOLOGY = "technology", _("technology and information security")
    DATA_PROTECTION = "data_protection", _("data protection")
    BUSINESS = "business", _("the business that uses it")
    CLIENTS = "clients", _("clients or those concerned")


class Language(models.TextChoices):
    """Those in which papers are handed in."""

    KAZAKH = "kk", _("Kazakh")
    RUSSIAN = "ru", _("Russian")
    ENGLISH = "en", _("English")
