"""The only writers of this room: somebody asks why one case was decided so, a worker answers."""

from __future__ import annotations

import re
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.models import MadeOf, Window
from monitoring.decisions import job
from monitoring.decisions.models import Explained
from monitoring.errands.services import Errands
from monitoring.shielding.pseudonyms import FORMS
from monitoring.shielding.words import LOOKS

LONGEST_CASE = 120

errands = Errands(Explained, "decision.claimed", "decision.explained", ("window__dataset", "version"))


def ask(*, by: Actor, window: Window, version: ModelVersion, case: str) -> Explained:
    """Have one decision explained. While that is underway it is not asked twice. Raises NotAllowed, OutOfOrder, RuleBroken."""
    case = case.strip()
    with acting(by, "decision.explanation_asked"):
        AIModel.objects.select_for_update(no_key=True).get(pk=window.model_id)  # rows are erased under it
        window = Window.objects.select_related("model", "dataset").get(pk=window.pk)
        require(by, "decision.explain", window.model)
        if window.withdrawn_at or version.withdrawn_at:
            raise OutOfOrder(_("The data period or the version is withdrawn."))
        problems = _problems(window, version, case)
        if problems:
            raise RuleBroken(_("The decision cannot be explained."), problems)
        asked = Explained(
            organisation_id=window.organisation_id,
            model_id=window.model_id,
            version=version,
            window=window,
            case=case,
            requested_by_id=by.person,
        )
        return errands.add(asked, version=version, window=window, case=case)


def _problems(window: Window, version: ModelVersion, case: str) -> list[Problem]:
    dataset = window.dataset
    problems = []
    if not 1 <= len(case) <= LONGEST_CASE:
        problems.append(Problem("case", _("Say the number of the case in 1 to 120 characters.")))
    if version.model_id != window.model_id:
        problems.append(Problem("version", _("This is a version of another model.")))
    if window.made_of == MadeOf.COUNTS:
        problems.append(Problem("window", _("This data period is counts: it holds no single decision.")))
    if window.is_erased:
        problems.append(
            Problem(
                "window", _("The rows of this data period are erased: no single decision is left to explain.")
            )
        )
    form = FORMS[dataset.pseudonyms]
    if dataset.pseudonymous and case and not re.fullmatch(form.pattern, case):
        problems.append(Problem("case", LOOKS[form.rule]))
    if not dataset.identifier:
        problems.append(Problem("dataset", _("The dataset names no column that identifies a row.")))
    if not (version.artefact_sha256 or dataset.score or dataset.prediction):
        problems.append(Problem("version", _("There is neither an artefact nor a column of its answers.")))
    return problems


def work(organisation_id: UUID, explained_id: UUID) -> None:
    """Answer one question."""
    errands.work(organisation_id, explained_id, job.answered, lambda _asked, answer: {"found": answer})


def answer_bell(organisation_id: UUID, explained_id: UUID) -> None:
    errands.answer_bell(organisation_id, explained_id, work)


def its_version(model: AIModel, version_id: UUID | None) -> ModelVersion | None:
    """The version that is asked about: the one that is named, else the newest that stands."""
    standing = ModelVersion.objects.filter(model=model, withdrawn_at=None).order_by("-created_at")
    return standing.filter(pk=version_id).first() if version_id else standing.first()
