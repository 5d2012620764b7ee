"""The flags of a model, computed from its registration by one function that knows only its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VENDORED = ("vendor", "open_source", "fine_tuned")


@dataclass(frozen=True)
class Facts:
    """What the registration, the grade and the organisation say. None or "" = nobody has answered yet.

    Acts and events (an audit, an application, a claim, an incident) are False until they are recorded: nobody
    is asked about them, so their absence is an answer.
    """

    role: Literal["owner_or_holder", "user", ""] = ""
    origin: Literal["in_house", "vendor", "open_source", "fine_tuned", ""] = ""
    vendor: str = ""
    usage_mode: Literal["open", "closed", "local", ""] = ""
    risk_degree: Literal["minimal", "medium", "high", ""] = ""
    autonomy_degree: Literal["low", "medium", "high", ""] = ""
    trained_model: bool | None = None
    generative: bool | None = None
    deepfake: bool | None = None
    trading: bool | None = None
    market_making: bool | None = None
    market_data: bool | None = None
    credit_scoring: bool | None = None
    decisions_about_persons: bool | None = None
    natural_persons: bool | None = None
    client_facing: bool | None = None
    staff: bool | None = None
    personal_data: bool | None = None
    restricted_data: bool | None = None
    emotion_or_biometric: bool | None = None
    solely_automated: bool | None = None
    critical_infrastructure: bool | None = None
    eu_scope: bool | None = None
    licensed: bool | None = None
    incident_occurred: bool = False
    audit_planned: bool = False
    seeks_trusted_list: bool = False
    eu_derogation_claimed: bool = False
    human_subject_evaluation: bool = False


def flags(facts: Facts) -> dict[str, bool | None]:
    """Every flag of the vocabulary. A question left open stays open unless another answer settles it."""
    return {
        **_who(facts),
        **_what_it_does(facts),
        **_grade(facts),
        **_eu(facts),
        "personal_data": facts.personal_data,
        "restricted_data": facts.restricted_data,
        "usage_open": _is(facts.usage_mode, "open"),
        "usage_closed": _is(facts.usage_mode, "closed"),
        "incident_occurred": facts.incident_occurred,
        "audit_planned": facts.audit_planned,
        "seeks_trusted_list": facts.seeks_trusted_list,
        "human_subject_evaluation": facts.human_subject_evaluation,
    }


def _who(facts: Facts) -> dict[str, bool | None]:
    return {
        "owner_or_holder": _is(facts.role, "owner_or_holder"),
        "user_role": _staff_use_anothers_ai(facts),
        "third_party": third_party(facts),
        "licensed_participant": facts.licensed,
        "critical_infrastructure": facts.critical_infrastructure,
    }


def third_party(facts: Facts) -> bool | None:
    """Model, data or service from outside: any origin but in-house, or a vendor named beside an own model."""
    if facts.vendor or facts.origin in VENDORED:
        return True
    return False if facts.origin else None


def _staff_use_anothers_ai(facts: Facts) -> bool | None:
    """A mere user, or the holder of a bought system that clients never meet: only staff can be its users."""
    bought = facts.origin in ("vendor", "open_source")
    if facts.role == "user" or (bought and facts.client_facing is False):
        return True
    made_here = bool(facts.origin) and not bought
    return False if facts.role and (made_here or facts.client_facing) else None


def _what_it_does(facts: Facts) -> dict[str, bool | None]:
    decides = _settled(facts.decisions_about_persons, facts.credit_scoring)
    return {
        "trained_model": _settled(facts.trained_model, facts.origin == "fine_tuned"),
        "generative": _settled(facts.generative, facts.deepfake),
        "deepfake": facts.deepfake,
        "trading": _settled(facts.trading, facts.market_making),
        "market_making": facts.market_making,
        "market_data": facts.market_data,
        "credit_scoring": facts.credit_scoring,
        "decisions_about_persons": decides,
        "natural_persons": _settled(facts.natural_persons, decides),
        "client_facing": facts.client_facing,
        "staff": facts.staff,
        "emotion_or_biometric": facts.emotion_or_biometric,
        "solely_automated": facts.solely_automated,
    }


def _grade(facts: Facts) -> dict[str, bool | None]:
    """Degrees of Art. 17(1) and 17(2); all open until the model is graded. Low autonomy has no flag."""
    return {
        "risk_minimal": _is(facts.risk_degree, "minimal"),
        "risk_medium": _is(facts.risk_degree, "medium"),
        "risk_high": _is(facts.risk_degree, "high"),
        "autonomy_medium": _is(facts.autonomy_degree, "medium"),
        "autonomy_high": _is(facts.autonomy_degree, "high"),
    }


def _eu(facts: Facts) -> dict[str, bool | None]:
    """Roles and class of the EU AI Act, all of them false outside EU scope.

    Provider: who builds it or has it built (in-house, fine-tuned, trained). Deployer: who uses it under its
    own authority, so every registered model in scope. High risk: Annex III 5(b) credit scoring of natural
    persons, 4 decisions about workers, 1 emotion or biometrics. Our reading; Annex III 2 (safety parts of
    utilities) is not drawn from the local list of critical objects.
    """
    made_here = _or(
        True if facts.origin in ("in_house", "fine_tuned") else (False if facts.origin else None),
        facts.trained_model,
    )
    about_workers = _and(facts.staff, facts.decisions_about_persons)
    annex_iii = _or(facts.credit_scoring, about_workers, facts.emotion_or_biometric)
    return {
        "eu_scope": facts.eu_scope,
        "provider": _and(facts.eu_scope, made_here),
        "deployer": facts.eu_scope,
        "eu_high_risk": _and(facts.eu_scope, annex_iii),
        "eu_derogation_claimed": facts.eu_derogation_claimed,
    }


def _is(value: str, wanted: str) -> bool | None:
    return value == wanted if value else None


def _settled(own: bool | None, *proofs: bool | None) -> bool | None:
    """The own answer, unless another answer proves that it is yes (credit scoring decides about people)."""
    return True if own or any(proofs) else own


def _and(*values: bool | None) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _or(*values: bool | None) -> bool | None:
    if True in values:
        return True
    return None if None in values else False
