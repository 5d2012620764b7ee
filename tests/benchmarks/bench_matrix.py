"""How fast the matrix of a whole market is: the first page of a supervisor who sees ten thousand models."""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.config.measuring import Figure
from governance.inventory.models import AIModel
from governance.obligations.matrix.models import STATUSES, Standing
from governance.obligations.models import DutySheet, Framework
from governance.people.acting import acting, viewing
from governance.people.models import Organisation
from tests import factories
from tests.benchmarks.ground import a_database_of_its_own, p95

PARTICIPANTS = 40
MODELS = 10_000
STATUSES_OF_A_CELL = 5
ADOPTED = ("gdpr", "mas-feat", "sr-11-7", "wfe")
"""Beside those that are on by themselves: every second participant follows these as well."""


def bench_matrix() -> Iterator[Figure]:
    with a_database_of_its_own("matrix"), override_settings(SENIM_BELL="", ALLOWED_HOSTS=["testserver"]):
        officer = factories.join(
            factories.found(1, kind="supervisor"), "officer", email="officer@supervisor.example"
        )
        a_market(owner_id=officer.user_id)
        client = factories.sign_in(Client(), officer)
        page = reverse("obligations:matrix")
        yield Figure("matrix_first_page_p95", p95(lambda: shown(client, page)), "ms", goal=300)
        with CaptureQueriesContext(connection) as asked:
            shown(client, page)
        yield Figure("matrix_first_page_queries", len(asked), "queries", goal=25)
        narrowed = f"{page}?words=M-0001&framework=kz-ai-law"
        yield Figure("matrix_narrowed_page_p95", p95(lambda: shown(client, narrowed)), "ms", goal=300)


def shown(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200 or b'class="tally' not in answer.content:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def a_market(*, owner_id: object) -> None:
    """Registered models with sheets that are up to date; every number is drawn anew, so that no two sheets are equal."""
    drawn = random.Random(1)
    participants = [factories.found(100 + n, name=f"Participant {n:02d}") for n in range(PARTICIPANTS)]
    with viewing(factories.REGISTER):
        by_itself = dict(Framework.objects.filter(default_on=True).values_list("key", "edition"))
        adopted = dict(Framework.objects.filter(key__in=ADOPTED).values_list("key", "edition"))
    with acting(factories.REGISTER, "bench.arranged"):
        models = AIModel.objects.bulk_create(
            [a_model(participants[n % PARTICIPANTS], n, owner_id) for n in range(MODELS)], batch_size=1000
        )
        revisions = dict(AIModel.objects.values_list("pk", "revision"))
        sheets = DutySheet.objects.bulk_create(
            [
                a_sheet(each, revisions[each.pk], by_itself | (adopted if n % 2 else {}), drawn)
                for n, each in enumerate(models)
            ],
            batch_size=1000,
        )
        Standing.objects.bulk_create([row for each in sheets for row in standings(each)], batch_size=5000)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "ANALYZE governance_aimodel, governance_dutysheet, governance_standing, governance_organisation"
        )


def a_model(organisation: Organisation, n: int, owner_id: object) -> AIModel:
    return AIModel(
        organisation=organisation, owner_id=owner_id, number=f"M-{n:05d}", name=f"Model {n:05d}",
        status="registered", registered_at=timezone.now(),
    )  # fmt: skip


def a_sheet(model: AIModel, revision: int, editions: dict[str, str], drawn: random.Random) -> DutySheet:
    return DutySheet(
        organisation_id=model.organisation_id,
        model=model,
        computed_at_revision=revision,
        computed_at=timezone.now(),
        editions=editions,
        counts={
            key: {status: drawn.randint(1, 40) for status in drawn.sample(STATUSES, STATUSES_OF_A_CELL)}
            for key in editions
        },
        failing={
            str(model.pk): [
                {"key": f"a-requirement-{n}", "status": "failing", "framework": key, "norm": "duty"}
                for key in editions
                for n in range(3)
            ]
        },
    )


def standings(sheet: DutySheet) -> Iterator[Standing]:
    for key, tally in sheet.counts.items():
        yield Standing(
            organisation_id=sheet.organisation_id, model_id=sheet.model_id, framework_key=key, **tally
        )
