"""One bank with one of everything that has an address, for tests that knock on every door."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audits.engagements import services as engagements
from audits.packs import services as packs
from governance import store
from governance.approvals import services as approvals
from governance.approvals.models import ApprovalRequest, Authorisation, Decision
from governance.demo.mortgage.answers import GRADE, as_json
from governance.filing import campaigns
from governance.filing import services as filing
from governance.filing.models import Campaign
from governance.filing.occasion import Occasion, Said
from governance.incidents import services as incidents
from governance.incidents.models import Incident, Notice
from governance.inventory import services as inventory
from governance.inventory.figures import services as figures
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.outlines import services as outlines
from governance.inventory.rows.lists import LISTS
from governance.inventory.suppliers import services as suppliers
from governance.obligations import services as obligations
from governance.obligations.crosswalk import services as crosswalk
from governance.obligations.house import services as house
from governance.obligations.house import training
from governance.obligations.mapping import services as mapping
from governance.obligations.surroundings import newest_editions, owed
from governance.obligations.waiving import services as waiving
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Membership, Organisation, User
from governance.post import services as post
from governance.risk import services as risk
from governance.risk.overriding import services as overriding
from monitoring.arrivals import settling
from monitoring.arrivals.rules import Trouble
from monitoring.baselines import services as baselines
from monitoring.blackouts import services as blackouts
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.decisions import services as decisions
from monitoring.decisions.models import Explained
from monitoring.declaring import rules as declarations
from monitoring.declaring import services as declaring
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.labels import services as labels
from monitoring.labels.models import Labels
from monitoring.mlflow_link import services as mlflow_link
from monitoring.runs import services as runs
from monitoring.runs.models import Finding
from monitoring.signers import services as signers
from tests import factories, on_the_way
from tests.governance.inventory import made_rows

ROWS = b"income,approved,race,score\n" + b"".join(
    b"%d,%d,%s,%.2f\n" % (n, n % 2, b"a" if n % 3 else b"b", n / 200) for n in range(200)
)
PUBLIC = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
"""An Ed25519 key of RFC 8410, whose private half is published."""
GAP = "kz-art18-1-1-identify-risks"


@dataclass
class Furnished:
    """ids: by the name of the parameter in the addresses."""

    model_id: Any
    key: str
    ids: dict[str, Any] = field(default_factory=dict)
    tokens: dict[Any, str] = field(default_factory=dict)

    def token_of(self, organisation: Organisation) -> str:
        if organisation.pk not in self.tokens:
            who = factories.join(organisation, "administrator", email=f"ci@{organisation.bin}.example")
            scopes = [
                "models:read",
                "models:write",
                "windows:write",
                "approvals:request",
                "gate:read",
                "oversight:write",
            ]
            _token, self.tokens[organisation.pk] = people.issue_token(
                by=who, organisation=organisation, name="CI", scopes=scopes, days=10
            )
        return self.tokens[organisation.pk]


def furnish(bank: Organisation, owner: Actor) -> Furnished:
    model = inventory.register(by=owner, organisation=bank, fields=as_json())
    model = inventory.submit(by=owner, model=model)
    risk.assess(by=owner, model=model, answers=GRADE)
    version = inventory.add_version(by=owner, model=model, label="1", artefact=None, artefact_name="")
    revision = inventory.add_document(
        by=owner,
        model=model,
        title="Model card",
        kinds=["model_card"],
        file=SimpleUploadedFile("card.md", b"# Model card\n"),
        file_name="card.md",
        language="en",
    )
    dataset = data.describe(
        by=owner,
        model=model,
        name="Applications",
        features=["income"],
        sensitive=["race"],
        label="approved",
        score="score",
        personal=False,
        bank_secret=False,
        protection_reason="Rows made up for tests.",
    )
    window = data.add_window(
        by=owner, dataset=dataset, name="2026 Q1", part="current", file=io.BytesIO(ROWS), file_name="rows.csv"
    )
    delivered, explained = _later(model, version, owner)
    of_evidently = _of_evidently(window)
    worker = Actor.system("checks worker", bank.pk)
    baselines.keep(by=worker, reference=window, current=window, made={"baseline": "{}", "scan": "{}"})
    baselines.keep_attribution(by=worker, reference=window, version=version, key="0" * 64, made={})
    runs.set_default_plans(by=owner, dataset=dataset)
    run = runs.start(by=owner, model=model)[0]
    declaring.declare(
        by=owner,
        version=version,
        window=window,
        figures=[declarations.Said("fairness", "selection_rate", 0.5, 200, "race=a")],
    )
    obligations.catch_up(bank.pk)
    request = approvals.request(by=owner, version=version, environment="production")
    obligations.catch_up(bank.pk)
    component = suppliers.add_component(
        by=owner, model=model, component={"kind": "software", "name": "XGBoost"}
    )
    draft = outlines.begin(by=owner, model=model, kind="model_card", language="en", facts={})
    with viewing(owner):
        membership = Membership.objects.get(user_id=owner.user_id)
        to = User.objects.get(pk=owner.user_id)
    with acting(owner, "something.happened"):
        message = post.send(organisation_id=bank.pk, to=to, key="password_link", context={}, link="/")
    key = "kz-art6-fairness-equality"
    furnished = Furnished(model.pk, key)
    second_line = factories.join(bank, "validator", "administrator", email="second@bank.example")
    waiver = waiving.waive(
        by=second_line,
        model=model,
        obligation_key=GAP,
        terms=waiving.Terms(
            reason="It comes in March.",
            plan="A person reads each answer until then.",
            responsible_id=model.owner_id,
            ends_on=timezone.localdate() + timedelta(days=30),
        ),
    )
    confirmation = crosswalk.confirm(by=second_line, organisation=bank, group="fairness", members=[key])[0]
    by_hand = overriding.override(
        by=second_line,
        model=model,
        axis="risk",
        value="medium",
        reason="As we see it.",
        ends_on=timezone.localdate() + timedelta(days=30),
    )
    connector = mlflow_link.register(
        by=second_line, organisation=bank, name="MLflow", url="http://127.0.0.1:9/"
    )
    counting_key = signers.register(by=second_line, organisation=bank, name="Scoring", public_pem=PUBLIC)
    blackout = blackouts.declare(
        by=second_line,
        organisation=bank,
        reason="Nothing is changed at the end of the year.",
        starts_at=timezone.now() + timedelta(days=300),
        ends_at=timezone.now() + timedelta(days=310),
    )
    link = mlflow_link.link(by=second_line, connector=connector, model=model, registered_name="mortgage")
    nil = filing.file(
        by=second_line,
        organisation=bank,
        occasion=Occasion(date(2020, 1, 1), date(2020, 3, 31)),
        said=Said("nil", officer="A. Director", position="Director", is_complete=True),
    )
    administrator = factories.join(bank, "administrator", email="tokens@bank.example")
    campaign = _asked_of_everybody()
    kpi = figures.set_kpi(by=owner, model=model, name="Complaints", owner_id=owner.user_id, upper=5.0)
    audit = engagements.open_engagement(
        by=administrator,
        organisation=bank,
        auditors=[engagements.Auditor("auditor@audit.example")],
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        purpose="A yearly audit.",
        models=[model],
    )
    pack = packs.order(by=administrator, model=model, engagement=audit)
    token = people.issue_token(
        by=administrator,
        organisation=bank,
        name="x",
        scopes=["gate:read"],
        days=1,
    )[0]
    incident = incidents.open_incident(
        by=owner, model=model, kind="harm", severity="critical", title="Clients were refused"
    )
    permission = _permitted(request)
    order = incidents.suspend(by=owner, authorisation=permission, reason="Harm", incident=incident)
    objection = incidents.record_objection(by=owner, model=model, reference="OB-1", ground="human")
    drill = incidents.start_drill(by=owner, model=model, kind="kill_switch")
    signature = mapping.sign(
        by=second_line,
        organisation=bank,
        obligation_key=GAP,
        name="A. Lawyer",
        position="Head of Legal",
        seen_digest=_mapping_of(GAP),
    )
    charter = house.hand_in(
        by=owner,
        organisation=bank,
        said=house.HandedIn(
            title="AI governance charter",
            kinds=["governance_charter"],
            file=io.BytesIO(b"# Charter\n"),
            file_name="charter.md",
            language="en",
            effective_on=timezone.localdate(),
        ),
    )
    taught = training.record(
        by=owner,
        organisation=bank,
        held=training.Held("Reading a score", ["A. Officer"], timezone.localdate(), "B. Trainer"),
    )
    furnished.ids = {
        **on_the_way.ids(owner, second_line, dataset),
        "paper_id": charter.paper_id,
        "house_revision_id": charter.pk,
        "training_id": taught.pk,
        "incident_id": incident.pk,
        "notice_id": _notice_of(incident),
        "authorisation_id": permission.pk,
        "order_id": order.pk,
        "objection_id": objection.pk,
        "drill_id": drill.pk,
        "model_id": model.pk,
        "version_id": version.pk,
        "document_id": revision.document_id,
        "revision_id": revision.pk,
        "dataset_id": dataset.pk,
        "window_id": window.pk,
        "labels_id": delivered.pk,
        "explained_id": explained.pk,
        "report_id": of_evidently.pk,
        "run_id": run.pk,
        "request_id": request.pk,
        "membership_id": membership.pk,
        "token_id": token.pk,
        "component_id": component.pk,
        **_rows_of(model, owner, second_line),
        "draft_id": draft.pk,
        "message_id": message.pk,
        "connector_id": connector.pk,
        "link_id": link.pk,
        "counting_key_id": counting_key.pk,
        "blackout_id": blackout.pk,
        "finding_id": _found(window),
        "waiver_id": waiver.pk,
        "confirmation_id": confirmation.pk,
        "signature_id": signature.pk,
        "override_id": by_hand.pk,
        "engagement_id": audit.pk,
        "pack_id": pack.pk,
        "return_id": nil.pk,
        "campaign_id": campaign.pk,
        "kpi_id": kpi.pk,
        "section": "what",
        "key": key,
    }
    return furnished


def _later(model: AIModel, version: ModelVersion, owner: Actor) -> tuple[Labels, Explained]:
    """Cases of which some outcomes became known later, and about one of which somebody asked."""
    roles = {"features": ["income"], "label": "repaid", "score": "score", "identifier": "case"}
    open_rows = {"personal": False, "bank_secret": False, "protection_reason": "The rows are invented."}
    dataset = data.describe(by=owner, model=model, name="Loans", **roles, **open_rows)
    rows = b"case,income,score\n" + b"".join(b"L-%d,%d,%.2f\n" % (n, n, n / 40) for n in range(40))
    said = {"name": "2025 Q4", "part": "current", "file_name": "loans.csv"}
    window = data.add_window(by=owner, dataset=dataset, file=io.BytesIO(rows), **said)
    known = io.BytesIO(b"case,repaid\nL-1,0\nL-2,1\n")
    delivered = labels.add(by=owner, window=window, file=known, file_name="outcomes.csv")
    return delivered, decisions.ask(by=owner, window=window, version=version, case="L-1")


def _of_evidently(window: Window) -> EvidentlyReport:
    """A report as a worker leaves it, without the seconds that Evidently takes."""
    stored = store.put(window.organisation_id, b"<p>Drift</p>")
    of = {"organisation_id": window.organisation_id, "model_id": window.model_id, "window": window}
    with acting(factories.REGISTER, "test.arranged"):
        return EvidentlyReport.objects.create(
            **of, reference=window, limits={}, status="done", sha256=stored.sha256, size=stored.size,
            requested_by_id=window.uploaded_by_id,
        )  # fmt: skip


def _found(window: Window) -> UUID:
    """A finding about a data period, as its arrival would leave it."""
    with acting(factories.REGISTER, "test.arranged"):
        settling.settle(
            window, [Trouble("window_late", "late", "amber", {"expected_on": "2026-01-01", "days": 5})]
        )
        return Finding.objects.filter(window=window, kind="window_late").values_list("pk", flat=True)[0]


def _rows_of(model: AIModel, owner: Actor, second_line: Actor) -> dict[str, UUID]:
    """One row in every list, by the parameter of its address."""
    return {
        each.key: made_rows.add(made_rows.writer(each.slug, owner, second_line), model, each.slug).pk
        for each in LISTS
    }


def _asked_of_everybody() -> Campaign:
    """A campaign of a supervisor: every participant reads that it is there, and nobody but officers has its pages."""
    home = factories.found(77, kind="supervisor", name="Another supervisor")
    return campaigns.open_campaign(
        by=factories.join(home, "officer", email="officer@another.example"),
        organisation=home,
        titles=dict.fromkeys(("kk", "ru", "en"), "First quarter"),
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 3, 31),
        due_on=timezone.localdate(),
        edition="2026-1",
    )


def _permitted(request: ApprovalRequest) -> Authorisation:
    """As if the committee had approved it before: the votes are no matter of these tests."""
    now = timezone.now()
    with acting(factories.REGISTER, "test.arranged"):
        of = {"organisation_id": request.organisation_id, "model": request.model}
        decision = Decision.objects.create(
            request=request, verdict="approve", manifest_sha256=request.manifest_sha256, **of
        )
        return Authorisation.objects.create(
            version=request.version,
            decision=decision,
            environment=request.environment,
            starts_at=now,
            expires_at=now + timedelta(days=90),
            **of,
        )


def _mapping_of(key: str) -> str:
    with viewing(factories.REGISTER):
        return next(each.mapping_digest for each in owed(newest_editions()) if each.obligation.key == key)


def _notice_of(incident: Incident) -> UUID:
    with viewing(factories.REGISTER):
        return Notice.objects.filter(incident=incident).values_list("pk", flat=True)[0]


@pytest.fixture
def furnished(bank, owner) -> Furnished:
    return furnish(bank, owner)
