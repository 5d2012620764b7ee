"""How fast requirements follow the register: every edition is on, models differ in what they do and in what is on file."""

from __future__ import annotations

import multiprocessing
import random
import resource
import time
from collections.abc import Iterator, Sequence
from multiprocessing.queues import SimpleQueue
from uuid import UUID

from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from governance.config import loaded
from governance.config.measuring import Figure
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Framework
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from tests import factories
from tests.benchmarks.ground import ASKED, a_database_of_its_own, p95
from tests.governance.inventory.made import second_person
from tests.governance.obligations.things import a_paper, graded

FIRMS, MODELS, MARKET = 2, 500, 10_000
"""So many are derived, half of them on each of two cores; the goal speaks of a market, so the time is given for that many."""
ANSWERS = (
    *("trained_model", "generative", "trading", "market_data", "credit_scoring", "natural_persons"),
    *("decisions_about_persons", "client_facing", "personal_data", "staff", "solely_automated", "eu_scope"),
)
PAPERS = ("model_card", "risk_register", "data_sheet", "human_oversight_procedure", "monitoring_plan")


def bench_duties() -> Iterator[Figure]:
    """The time for ten thousand models is that for a thousand, times ten: they are derived some hundreds at a time."""
    with a_database_of_its_own("duties"), override_settings(SENIM_BELL="", ALLOWED_HOSTS=["testserver"]):
        banks = [factories.found(number) for number in range(1, FIRMS + 1)]
        owners = [
            factories.join(bank, "model_owner", "validator", email=f"owner@bank{number}.example")
            for number, bank in enumerate(banks)
        ]
        registers = [a_register(bank, owner) for bank, owner in zip(banks, owners, strict=True)]
        taken, memory = derived(banks)
        scale = MARKET / (FIRMS * MODELS)
        yield Figure("duties_of_10000_models_all_editions", taken * scale, "s", goal=60)
        yield Figure("duties_peak_memory_of_both_processes", memory, "MB", goal=1500)

        loaded.set_aside()  # as web and workers do when they have started
        owner, models = owners[0], registers[0]
        papers = iter([a_paper(owner, model, "ai_policy", read=False) for model in models[: ASKED + 3]])
        second = second_person(banks[0])
        obligations.catch_up(banks[0].pk)

        def hand_in() -> None:
            inventory.review_document(by=second, revision=next(papers), verdict="accepted")
            obligations.catch_up(banks[0].pk)

        yield Figure("new_evidence_to_updated_duties_p95", p95(hand_in), "ms", goal=50)
        client, page = factories.sign_in(Client(), owner), reverse("owed", args=[models[0].pk])
        yield Figure("still_owed_page_p95", p95(lambda: client.get(page)), "ms", goal=150)


def derived(banks: Sequence[Organisation]) -> tuple[float, float]:
    """Seconds until every sheet is there, one process a firm as the workers do it, and what they held in MB at most."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    peaks = context.SimpleQueue()
    workers = [context.Process(target=derive, args=(bank.pk, peaks)) for bank in banks]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    taken = time.perf_counter() - begun
    assert [worker.exitcode for worker in workers] == [0] * len(workers)
    return taken, sum(peaks.get() for _worker in workers)


def derive(organisation_id: UUID, peaks: SimpleQueue[float]) -> None:
    obligations.catch_up(organisation_id)
    peaks.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def a_register(bank: Organisation, owner: Actor) -> list[AIModel]:
    drawn = random.Random(1)
    with viewing(owner):
        frameworks = list(Framework.objects.filter(default_on=False))
    with acting(factories.REGISTER, "bench.arranged"):
        made = AIModel.objects.bulk_create([a_model(bank, owner, n, drawn) for n in range(MODELS)])
    for framework in frameworks:
        obligations.adopt(by=owner, organisation=bank, framework_key=framework.key)
    for model in made:
        graded(owner, model, drawn.choice(("minimal", "medium", "high")), drawn.choice(("low", "medium")))
        a_paper(owner, model, *drawn.sample(PAPERS, 3))
    return made


def a_model(bank: Organisation, owner: Actor, n: int, drawn: random.Random) -> AIModel:
    answers = {name: drawn.choice((True, False)) for name in ANSWERS}
    return AIModel(
        organisation=bank, owner_id=owner.user_id, number=f"M-{n:05d}", name=f"Model {n:05d}",
        status="registered", registered_at=timezone.now(), role="owner_or_holder",
        origin=drawn.choice(("in_house", "vendor")), usage_mode="closed", **answers,
    )  # fmt: skip
