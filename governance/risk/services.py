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


def assess(*, by: Actor, model: AIModel, answers: Mapping[str, str]) -> RiskAssessment:
    """Grade a model on both axes of the law; the former grade is kept and superseded.

    answers: an option for every question of the current edition, by their ids.
    Raises NotAllowed, OutOfOrder, RuleBroken (`where` is the question).
    """
    with acting(by, "risk.assessed"):
        model = locked(model)
        require(by, "risk.assess", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model was withdrawn."))
        if by.user_id is None:
            raise NotAllowed
        graded = _graded(answers)
        RiskAssessment.objects.current().filter(model=model).update(superseded_at=timezone.now())
        return RiskAssessment.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            edition=questionnaire.CURRENT,
            answers=dict(answers),
            risk_degree=graded.risk_degree,
            autonomy_degree=graded.autonomy_degree,
            tier=graded.tier,
            reasons=[reason.as_dict() for reason in graded.reasons],
            assessed_by_id=by.user_id,
        )


def _graded(answers: Mapping[str, str]) -> rules.Graded:
    asked = questionnaire.load()
    strange = sorted(set(answers) - {question.id for question in asked.questions})
    if strange:
        raise RuleBroken(problems=[Problem(name, _("There is no such question.")) for name in strange])
    try:
        return rules.grade(answers, asked)
    except rules.Unanswered as open_ones:
        what = _("Choose one of the answers.")
        raise RuleBroken(problems=[Problem(name, what) for name in open_ones.questions]) from open_ones
