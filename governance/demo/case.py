"""One model of a firm, and what its people and its CI do with it again and again. A story adds the order and the proofs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from governance.approvals.models import Authorisation, AuthorisationState, PermissionSheet
from governance.demo.cast import REGISTER, Cast, Firm
from governance.demo.facts import Facts, facts_of
from governance.demo.proofs import await_that, digest_of, prove
from governance.demo.stage import Stage
from governance.demo.visitor import Machine, StoryBroken, Visitor
from governance.inventory.models import AIModel, Revision
from governance.inventory.questions import TICKED
from governance.inventory.sections import BY_SLUG
from governance.inventory.ticking import NONE
from governance.obligations.queries import is_current, sheet_of
from governance.people.acting import viewing
from monitoring.data.models import Dataset
from monitoring.runs.models import Run

MODEL_ID = re.compile(r"/models/([0-9a-f-]{36})/")
OWNER = re.compile(r'name="owner".*?value="([0-9a-f-]{36})"', re.S)
SHOWN = re.compile(r'name="shown" value="([0-9a-f]{64})"')
ENDED = ("done", "failed")
Answers = dict[str, dict[str, Any]]
YES = "yes"


def typed(slug: str, said: dict[str, Any]) -> dict[str, Any]:
    """The fields of a section's form for these answers: some questions of yes or no are one list to tick."""
    ticks = BY_SLUG[slug].ticks
    fields = {name: value for name, value in said.items() if name not in ticks}
    yes = [name for name in ticks if said.get(name) == YES]
    return fields | ({TICKED: yes or [NONE]} if ticks else {})


@dataclass
class Case:
    """name: of the story; its material and its model are kept under it. verdicts: runs by version, then by check."""

    firm: ClassVar[Firm]
    name: ClassVar[str]

    stage: Stage
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _seen: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def cast(self) -> Cast:
        return self.stage.cast

    @cached_property
    def owner(self) -> Visitor:
        return self.stage.visitor(self.firm.part("model_owner"))

    @cached_property
    def validator(self) -> Visitor:
        return self.stage.visitor(self.firm.part("validator"))

    @cached_property
    def members(self) -> list[Visitor]:
        return [self.stage.visitor(part) for part in self.firm.parts("committee")]

    @cached_property
    def ci(self) -> Machine:
        return self.stage.machine(self.firm)

    @cached_property
    def material(self) -> Path:
        return self.stage.made(self.name)

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.material)

    @property
    def model_id(self) -> str:
        return self.cast.models[self.name]

    @property
    def page(self) -> str:
        return f"/models/{self.model_id}"

    def tell(self, line: str) -> None:
        self.stage.tell(line)

    # --- the owner's pages

    def registers(self, answers: Answers, grade: dict[str, str]) -> None:
        """By the form, section by section, to the grade."""
        sections = iter(answers.items())
        _slug, first = next(sections)
        landed = self.owner.send("/models/new/", first)
        found = MODEL_ID.search(landed)
        if found is None:
            raise StoryBroken(f"the first section led to {landed}")
        self.cast.models[self.name] = found.group(1)
        owner_id = OWNER.search(self.owner.read(f"{self.page}/edit/people/"))
        for slug, said in sections:
            named = {"owner": owner_id.group(1)} if slug == "people" and owner_id else {}
            self.owner.fill(f"{self.page}/edit/{slug}/", typed(slug, said) | named)
        self.owner.send(f"{self.page}/check-answers/", {})
        self.owner.send(f"{self.page}/grade/", grade)
        shown = self.ci.get(f"/models/{self.model_id}")
        prove(shown["status"] == "registered", "the model is registered", shown["status"])
        prove(shown["missing"] == [], "no answer is missing", shown["missing"])

    def hands_in(self, title: str, kinds: Iterable[str], text: str, *, language: str = "en") -> None:
        """A document, over REST."""
        said = {"title": title, "kinds": list(kinds), "language": language}
        name = title.lower().replace(" ", "-") + ".md"
        sent = {"file": (name, text.encode(), "text/markdown")}
        self.ci.post(f"/models/{self.model_id}/documents", status=201, data=said, files=sent)
        self.accepts_documents()

    def accepts_documents(self) -> None:
        """The second line reads what was handed in for the model, each on its own page."""
        with viewing(REGISTER):
            waiting = Revision.objects.to_review().filter(model_id=UUID(self.model_id))
            ids = [str(pk) for pk in waiting.values_list("pk", flat=True)]
        for revision_id in ids:
            self.validator.send(f"/revisions/{revision_id}/review/", {"verdict": "accepted", "note": ""})

    def adds_version(self, label: str, file: str, **said: str) -> None:
        """A version with its artefact, over REST."""
        sent = {"artefact": (file, (self.material / file).read_bytes(), "application/json")}
        self.ci.post(
            f"/models/{self.model_id}/versions", status=201, data={"label": label, **said}, files=sent
        )

    def adds_period(self, dataset: str, name: str, file: str, *, part: str = "current", **more: str) -> None:
        """A data period of a dataset, over REST. more: starts_on, ends_on, and the grounds on which rows are here."""
        sent = {"file": (file, (self.material / file).read_bytes(), "text/csv")}
        said = {"dataset": dataset, "name": name, "part": part, **more}
        self.ci.post(f"/models/{self.model_id}/windows", status=201, data=said, files=sent)

    # --- checks

    def runs_checks(self, label: str) -> dict[str, dict[str, Any]]:
        """Ask every planned check of a version now and wait for the worker's answers."""
        runs = self.finished(self.started(label))
        for check, run in runs.items():
            prove(run["status"] == "done", f"the check of {check} has run", run["reasons"])
            self.tell(f"    {check}: {run['verdict']} – {' '.join(run['reasons'])}")
        self.verdicts[label] = runs
        return runs

    def started(self, label: str) -> dict[str, str]:
        answered = self.ci.post(f"/models/{self.model_id}/runs", status=202)
        return {run["check"]: run["id"] for run in answered if run["version"] == label}  # type: ignore[index]

    def finished(self, started: dict[str, str]) -> dict[str, dict[str, Any]]:
        await_that(lambda: set(started.values()) <= {run["id"] for run in self.runs()}, "the checks end")
        return {check: self._seen[run_id] for check, run_id in started.items()}

    def dataset(self, name: str) -> str:
        with viewing(REGISTER):
            return str(Dataset.objects.newest().get(model_id=UUID(self.model_id), name=name).pk)

    def plans(self, dataset: str, check: str, limits: dict[str, str]) -> None:
        """The second line sets a check's limits and says why, on the page of the plan."""
        self.validator.amend(f"/datasets/{self.dataset(dataset)}/checks/{check}/", limits)

    def runs(self) -> list[dict[str, Any]]:
        """Every run that has ended, as the REST interface tells it; those that the schedule asked for as well."""
        with viewing(REGISTER):
            over = Run.objects.filter(model_id=UUID(self.model_id), status__in=ENDED).order_by("asked_at")
            ids = [str(pk) for pk in over.values_list("pk", flat=True)]
        for run_id in set(ids) - set(self._seen):
            self._seen[run_id] = self.ci.get(f"/runs/{run_id}")
        return [self._seen[run_id] for run_id in ids]

    # --- the committee

    def asks_the_committee(self, environment: str = "production") -> str:
        """The owner puts the newest version before the committee; returns the path of the request."""
        version_id = self.ci.get(f"/models/{self.model_id}")["focus_version"]["id"]
        self.settled()
        landed = self.owner.send(f"/versions/{version_id}/request/", {"environment": environment})
        return landed.rstrip("/")

    def recommends(self, request: str, reason: str, verdict: str = "approve") -> None:
        self.validator.send(f"{request}/", {"verdict": verdict, "reason": reason}, at=f"{request}/recommend/")

    def votes(self, request: str, ballot: str = "approve", reason: str = "") -> None:
        """Every member votes on exactly what the page shows."""
        for member in self.members:
            shown = SHOWN.search(member.read(f"{request}/"))
            if shown is None:
                raise StoryBroken(f"{request} does not carry the digest of what is decided")
            said = {"ballot": ballot, "reason": reason, "shown": shown.group(1)}
            member.send(f"{request}/", said, at=f"{request}/vote/")

    # --- asking

    def gate(
        self, label: str, file: str, *, expected: str, environment: str = "production"
    ) -> dict[str, Any]:
        """What the gate answers; file: "" for a version without one. Raises StoryBroken for another answer than expected."""
        digest = digest_of(self.material / file) if file else ""
        asked: dict[str, Any] = {
            "model": self.number,
            "version": label,
            "digest": digest,
            "environment": environment,
        }
        answers: list[dict[str, Any]] = []

        def is_known() -> bool:
            """As a deployment tool does: ask again while the requirements are still being computed."""
            answers.append(self.ci.get("/gate", **asked))
            reasons = answers[-1]["statement"]["reasons"]
            return expected == "unknown" or all(reason["key"] != "state_behind" for reason in reasons)

        await_that(is_known, "the gate knows the present state")
        answer = answers[-1]
        prove(
            answer["answer"] == expected,
            f"the gate answers {expected} for {label}, {file}, {environment}",
            answer,
        )
        return answer

    @cached_property
    def number(self) -> str:
        number: str = self.ci.get(f"/models/{self.model_id}")["number"]
        return number

    def settled(self) -> None:
        """Wait until requirements and permissions are computed for what was just written, as the page says in words."""
        await_that(self._is_settled, "the requirements are computed")

    def _is_settled(self) -> bool:
        with viewing(REGISTER):
            model = AIModel.objects.get(pk=UUID(self.model_id))
            running = Authorisation.objects.filter(model=model, state=AuthorisationState.ACTIVE).exists()
            seen = PermissionSheet.objects.filter(model=model, computed_at_revision=model.revision).exists()
            return is_current(model, sheet_of(model)) and (seen or not running)
