"""One bank in which every text that a person or a program can write would run, were it ever taken for code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from audits.packs import services as packs
from governance.approvals import services as approvals
from governance.filing import services as filing
from governance.filing.occasion import Occasion, Said
from governance.incidents import services as incidents
from governance.inventory import services as inventory
from governance.inventory.figures import services as figures
from governance.inventory.figures.models import Kpi
from governance.inventory.models import AIModel, Revision
from governance.inventory.outlines import services as outlines
from governance.inventory.outlines.models import Draft
from governance.inventory.suppliers import services as suppliers
from governance.obligations import services as obligations
from governance.obligations.house import services as house
from governance.obligations.house import training
from governance.obligations.models import Duty
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.isolation import EXEMPT
from governance.people.models import Organisation
from governance.risk.immutable import MAY_CHANGE
from governance.risk.overriding import services as overriding
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.decisions import services as decisions
from monitoring.editions import services as editions
from monitoring.evidently_reports import services as evidently_reports
from monitoring.mlflow_link.models import Seen
from monitoring.recomputing import services as recomputing
from monitoring.runs import services as runs
from monitoring.runs import set_aside
from monitoring.runs.models import Run
from tests import factories
from tests.factories import REGISTER
from tests.furnished import Furnished, furnish
from tests.journeys.hostile_kept import KEPT
from tests.journeys.hostile_logs import order_log
from tests.journeys.refusing import OURS
from tests.monitoring.shielding.rows import grounds

POISONS = (
    """=1+1<img src=x onerror="window.hacked=1">"'><script>window.hacked=1</script>{{7*7}}${7*7}""",
    """=1"'><img src=x onerror="window.hacked=1">{{7*7}}""",
    "<img src=x onerror=hacked=1>{{7*7}}",
    "<svg onload=hacked=1>",
    "<b>{{7*7}}",
    "<b>",
)
CATEGORIES = tuple(f"{which}{POISONS[0]}" for which in ("a", "b"))
FEATURE, SIZE, KIND, GROUP, DECISION, CASE = (f"{name}{POISONS[1]}" for name in "abcdef")
FILE_NAME = """=1"'><img src=x onerror="window.hacked=1">{{7*7}}\r\nSet-Cookie: a=b;.md"""

OF_MLFLOW: dict[str, Any] = {
    **dict.fromkeys(("run", "source", "model"), POISONS[0]),
    **{key: {POISONS[1]: POISONS[0]} for key in ("metrics", "params", "tags")},
    "signature": {"inputs": [{"name": POISONS[0], "type": POISONS[0]}], "outputs": []},
}
"""What a server of MLflow says of a version, in the shape in which it is copied."""

CARRIED = {
    *("Dataset.features", "Dataset.categorical", "Dataset.sensitive", "Dataset.prediction"),
    *(
        "Dataset.allowed",
        "Dataset.population",
        "Dataset.looks_personal",
        "Feed.columns",
        "RefusedFile.faults",
    ),
    *("Dataset.log_columns", "Dataset.log_values"),
    *("Window.columns", "Measurement.subject", "Draft.texts", "ModelVersion.metrics", "Result.summary"),
    *("ModelVersion.registry", "Seen.identity", "Return.rows", "Training.people", "Recomputation.figures"),
    *("Explained.found", "Window.decision_reason"),
    "EvidentlyReport.told",
    *("UseProfile.approved_uses", "UseProfile.jurisdictions", "DataProfile.personal_attributes"),
    "LawProfile.applicable_acts",
}
"""Filled through the services with what the checks then measure and draw."""

PROFILE: dict[str, Any] = {
    "trading": True,
    "market_making": False,
    "origin": "vendor",
    "vendor": POISONS[0],
    "developer": POISONS[1],
    **{
        name: [POISONS[0]]
        for name in ("approved_uses", "jurisdictions", "personal_attributes", "applicable_acts")
    },
    **dict.fromkeys(("supplier_task", "explanation_method", "fallback", "residual_reason"), POISONS[0]),
    **dict.fromkeys(("limits_set_by", "human_channel", "explanation_given"), POISONS[0]),
}
"""Something in every table of the profile; the model is bought and trades, so that all of it is asked."""


CATALOGUE = ("Framework", "Obligation")
"""Law, loaded from files of ours."""
LEDGER = ("LedgerEntry", "LedgerPayload", "Checkpoint")
"""Written by triggers of what is written elsewhere."""
FIXED = tuple(model.__name__ for model in MAY_CHANGE)
"""The database lets nobody write these over: what people say in them is furnished hostile."""


def poison(most: int | None, at: int = 0) -> str:
    """The longest that fits. at: makes it another one in each row."""
    told = str(at) if at else ""
    return next(each for each in POISONS if most is None or len(each) + len(told) <= most) + told


def texts() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every column of ours that holds text and is no choice from a list of ours."""
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.db_table in EXEMPT:
            continue
        if model.__name__ in CATALOGUE + LEDGER + FIXED or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if (
                isinstance(field, models.CharField | models.TextField | models.JSONField)
                and not field.choices
            ):
                yield model, field


def name_of(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    return f"{model.__name__}.{field.name}"


def furnish_hostile(bank: Organisation, owner: Actor) -> Furnished:
    """One of everything, through the services; then each text that is plain yet is written over."""
    things = furnish(bank, owner)
    with viewing(REGISTER):
        model = AIModel.objects.get(pk=things.model_id)
    inventory.edit(by=owner, model=model, fields=PROFILE)
    _check(owner, model, things)
    _speak(bank, owner, model, things)
    _write_over()
    _file(bank, model)
    _for_all(bank, owner)
    packs.make(things.ids["pack_id"], bank.pk)
    return things


def _check(owner: Actor, model: AIModel, things: Furnished) -> None:
    """Columns and categories with hostile names, measured by every check that applies, over two data periods."""
    inventory.add_version(
        by=owner,
        model=model,
        label=poison(40),
        artefact=_artefact(),
        artefact_name=FILE_NAME,
        features=[FEATURE, SIZE],
        metrics={poison(40): POISONS[0]},
        decision_threshold=0.5,
        registry=OF_MLFLOW,
    )
    dataset = data.describe(
        by=owner,
        model=model,
        name=POISONS[1],
        features=[FEATURE, SIZE, KIND],
        categorical=[KIND],
        sensitive=[GROUP],
        prediction=DECISION,
        identifier=CASE,
        allowed={KIND: {"values": [CATEGORIES[0]]}},
        population={GROUP: dict.fromkeys(CATEGORIES, 0.5)},
        looks_personal={GROUP: POISONS[0]},
        personal=False,
        bank_secret=False,
        protection_reason=POISONS[0],
        pseudonym_keeper=POISONS[0],
    )
    runs.set_default_plans(by=owner, dataset=dataset)
    for at, part in enumerate(("reference", "current", "current")):
        name = f"{at}{POISONS[1]}"
        said = {"name": name, "part": part, "file": _rows(at), "file_name": FILE_NAME, **grounds(POISONS[0])}
        data.add_window(by=owner, dataset=dataset, **said)
        if part == "current":
            _answer_all(owner, model)
    _explain_one(owner, model, things)
    _corrected_and_retired(owner, model)
    order_log(owner, model, words=POISONS, algorithms=CATEGORIES)
    _answer_all(owner, model)


def _corrected_and_retired(owner: Actor, model: AIModel) -> None:
    """A description that was wrong, and the reasons why it ended twice."""
    first = data.describe(
        by=owner, model=model, name=f"old{POISONS[2]}", features=[FEATURE], prediction=DECISION
    )
    runs.set_default_plans(by=owner, dataset=first)
    corrected = {"features": [SIZE], "reason": POISONS[0]}
    second = editions.correct(by=owner, dataset=first, **corrected).dataset
    editions.retire(by=owner, dataset=second, reason=POISONS[0])


def _answer_all(owner: Actor, model: AIModel) -> None:
    """None is left waiting: the page of such a run asks again and again how it goes."""
    runs.start(by=owner, model=model)
    with viewing(owner):
        due = list(Run.objects.filter(model=model, status="due").values_list("pk", flat=True))
    for run_id in due:
        runs.work(run_id)


def _explain_one(owner: Actor, model: AIModel, things: Furnished) -> None:
    """One decision of the hostile rows, by the model's own file; the one that was asked about before; and Evidently's report."""
    with viewing(REGISTER):
        of = {"window": Window.objects.filter(dataset__name=POISONS[1], part="current")[0]}
        of["version"] = model.versions.get(label=poison(40))
    for pk in (decisions.ask(by=owner, case=f"5{CATEGORIES[0]}", **of).pk, things.ids["explained_id"]):
        decisions.work(model.organisation_id, pk)
    evidently_reports.work(model.organisation_id, evidently_reports.ask(by=owner, window=of["window"]).pk)


def _artefact() -> io.BytesIO:
    """A model that does not name its features, so that those are told beside it."""
    import numpy as np
    import xgboost

    known = np.arange(400.0).reshape(200, 2)
    matrix = xgboost.DMatrix(known, label=(known[:, 0] > 100).astype(float), nthread=1)
    settings = {"objective": "binary:logistic", "max_depth": 2, "seed": 1, "nthread": 1}
    return io.BytesIO(xgboost.train(settings, matrix, num_boost_round=3).save_raw("json"))


def _rows(moved: int) -> io.BytesIO:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([FEATURE, SIZE, KIND, GROUP, DECISION, CASE])
    for n in range(400):
        kind, group = CATEGORIES[n % 7 < 3], CATEGORIES[n % 3 == 0]
        rows.writerow([n % 100 + moved * 30, n % 11, kind, group, int(n % 5 < 3), f"{n}{CATEGORIES[0]}"])
    return io.BytesIO(text.getvalue().encode())


def _speak(bank: Organisation, owner: Actor, model: AIModel, things: Furnished) -> None:
    """What people say to a request, to a requirement and of the model at work."""
    words = POISONS[0]
    second = factories.join(bank, "validator", email="validator@bank.example")
    member = factories.join(bank, "committee", email="member@bank.example")
    with viewing(REGISTER):
        paper = Revision.objects.get(pk=things.ids["revision_id"])
    inventory.review_document(by=second, revision=paper, verdict="accepted", note=words)
    obligations.catch_up(bank.pk)
    supplied = {"name": words, "kind": "software"}
    suppliers.add_component(
        by=owner, model=model, component=supplied, supplier=words, details={"kind": "company"}
    )
    with viewing(REGISTER):
        version = model.versions.get(label=poison(40))
    request = approvals.request(by=owner, version=version, environment="production")
    approvals.recommend(by=second, request=request, verdict="approve", reason=words)
    approvals.add_condition(by=second, request=request, text=words)
    approvals.vote(by=member, request=request, ballot="approve", reason=words)
    incidents.record_oversight(by=owner, model=model, kind="override", done=words, operator=words)
    with viewing(REGISTER):
        duty = Duty.objects.filter(model=model, status="on_file").select_related("obligation")[0]
        draft = Draft.objects.get(pk=things.ids["draft_id"])
    obligations.conclude(
        by=second, model=model, obligation_key=duty.obligation.key, verdict="not_met", reason=words
    )
    _overrule(second, model)
    _compute_again(second, model)
    _decline_a_reference(owner, second)
    with viewing(REGISTER):
        kpi = Kpi.objects.get(pk=things.ids["kpi_id"])
    figures.enter(by=owner, kpi=kpi, value=1.0, measured_at=timezone.now(), note=words)
    outlines.save(by=owner, draft=draft, texts=dict.fromkeys(draft.texts, words))
    roles = {"features": [FEATURE], "prediction": DECISION, "weight": POISONS[1]}
    bare = data.describe(by=owner, model=model, name="bare", **roles)
    plan = runs.set_plan(by=owner, dataset=bare, check_key="fairness")
    set_aside.accept_not_applicable(by=second, plan=plan, reason=words)
    with acting(REGISTER, "test.arranged"):  # as the last look at the server left it
        seen = {"version": version, "number": 1, "identity": {"run": words, "source": words}}
        Seen.objects.create(organisation_id=bank.pk, link_id=things.ids["link_id"], **seen)


def _decline_a_reference(owner: Actor, second: Actor) -> None:
    with viewing(REGISTER):
        dataset = Dataset.objects.get(name=POISONS[1])
    said = {"name": POISONS[2], "part": "reference", "file_name": FILE_NAME, **grounds(POISONS[0])}
    newer = data.add_window(by=owner, dataset=dataset, file=_rows(3), **said)
    data.decline_reference(by=second, window=newer, reason=POISONS[0])


def _compute_again(second: Actor, model: AIModel) -> None:
    with viewing(REGISTER):
        run = Run.objects.filter(model=model, check_key="drift", result__isnull=False)[0]
    asked = recomputing.recompute(by=second, run=run)
    recomputing.work(model.organisation_id, asked.pk)


def _overrule(second: Actor, model: AIModel) -> None:
    ends = timezone.localdate() + timedelta(days=30)
    overriding.override(by=second, model=model, axis="tier", value="2", reason=POISONS[0], ends_on=ends)


def _file(bank: Organisation, model: AIModel) -> None:
    """The list of models carries their names, as they are by now."""
    by = factories.join(bank, "administrator", email="returns@bank.example")
    said = Said("full", POISONS[0], POISONS[0], is_complete=True, remark=POISONS[0], also=[model.pk])
    filing.file(by=by, organisation=bank, occasion=Occasion(date(2020, 4, 1), date(2020, 6, 30)), said=said)


def _for_all(bank: Organisation, owner: Actor) -> None:
    """What the organisation hands in once, accepted and signed, so that packs carry it."""
    second, member = (
        factories.join(bank, role, email=f"house-{role}@bank.example") for role in ("validator", "committee")
    )
    today, words = timezone.localdate(), POISONS[0]
    paper = house.HandedIn(words[:120], ["ai_policy"], io.BytesIO(words.encode()), FILE_NAME, "en", today)
    revision = house.hand_in(by=owner, organisation=bank, said=paper)
    house.review(by=second, revision=revision, verdict="accepted", note=words)
    house.sign(by=member, revision=revision)
    training.record(by=owner, organisation=bank, held=training.Held(words[:120], [words[:120]], today, words))


def _write_over() -> None:
    for model in dict.fromkeys(model for model, _field in texts()):
        free = [
            field
            for owner, field in texts()
            if owner is model
            and name_of(model, field) not in KEPT
            and not isinstance(field, models.JSONField)
            and name_of(model, field) not in CARRIED
        ]
        with viewing(REGISTER):
            rows = list(model._default_manager.all())
        for at, row in enumerate(rows):
            told = {field.name: _instead(field, row, at) for field in free}
            if told:
                with acting(REGISTER, "test.arranged"):
                    model._default_manager.filter(pk=row.pk).update(**told)


def _instead(field: models.Field[Any, Any], row: models.Model, at: int) -> str:
    there = str(getattr(row, field.name))
    if is_hostile(there):
        return there
    return FILE_NAME if field.name in ("file_name", "source_name") else poison(field.max_length, at)


def is_hostile(text: str) -> bool:
    return any(word in text for word in ("onerror", "onload", "<b>"))
