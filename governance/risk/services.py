"""The only writer of grades."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotAllowed, OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from governance.risk import questionnaire, rules
from governance.risk.models import RiskAssessment
from governance.risk.questions import Questionnaire
from governance.risk.registering import register_rule

__all__ = ["assess", "register_rule"]


def assess(*, by: Actor, model: AIModel, answers: Mapping[str, str]) -> RiskAssessment:
    """Grade a model on both axes of the law; the former grade is kept and superseded, and with it what was set by hand.

    answers: an option, or words, for every question of the current edition that these answers ask, by their ids.
    Raises NotAllowed, OutOfOrder, RuleBroken (`where` is the question).
    """
    with acting(by, "risk.assessed"):
        model = locked(model)
        require(by, "risk.assess", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model was withdrawn."))
        if by.user_id is None:
            raise NotAllowed
        asked, graded = questionnaire.load(), _graded(answers)
        RiskAssessment.objects.current().filter(model=model).update(superseded_at=timezone.now())
        return RiskAssessment.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            edition=asked.edition,
            edition_sha256=asked.sha256,
            rule=rules.RULE,
            answers=dict(answers),
            risk_degree=graded.risk_degree,
            autonomy_degree=graded.autonomy_degree,
            materiality=graded.materiality,
            complexity=graded.complexity,
            tier=graded.tier,
            special_law=graded.special_law,
            reasons=[reason.as_dict() for reason in graded.reasons],
            assessed_by_id=by.user_id,
        )


def _graded(answers: Mapping[str, str]) -> rules.Graded:
    edition = questionnaire.load()
    _refuse_strange(answers, edition)
    try:
        return rules.grade(answers, edition)
    except rules.Unanswered as open_ones:
        what = _("Choose one of the answers.")
        raise RuleBroken(problems=[Problem(name, what) for name in open_ones.questions]) from open_ones
    except rules.SpecialLawNeeded as high:
        what = _(
            "High autonomy is refused unless a special law allows it: name the act and its article. "
            "This is our reading of Art. 17(2)."
        )
        raise RuleBroken(problems=[Problem(name, what) for name in high.questions]) from high


def _refuse_strange(answers: Mapping[str, str], edition: Questionnaire) -> None:
    """Raises RuleBroken for an answer to no question, or to one that the other answers do not ask."""
    asked = {question.id for question in rules.asked(answers, edition)}
    problems = [
        Problem(
            name,
            _("There is no such question.")
            if edition.question(name) is None
            else _("The other answers do not ask this question."),
        )
        for name in sorted(set(answers) - asked)
    ]
    if problems:
        raise RuleBroken(problems=problems)
