"""The first story: a bank's mortgage model is registered, checked, refused, mitigated, approved and allowed.

Every step goes the way its person goes: people through pages and forms, the bank's CI through REST, the checks through
the worker. Each step proves what it promises, or raises StoryBroken with what the product answered instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from governance.demo import loanapp_documents as papers
from governance.demo.answers import GRADE, MORTGAGE
from governance.demo.cast import BANK, OTHER_BANK, Cast, Part, token_for
from governance.demo.ci import DATASET, registers_alone
from governance.demo.house_papers import hand_in_papers
from governance.demo.proofs import UNKNOWN, await_that, digest_of, figure, prove
from governance.demo.visitor import Machine, StoryBroken, Visitor

FAIRNESS = "kz-art6-fairness-equality"
MODEL_ID = re.compile(r"/models/([0-9a-f-]{36})/")


@dataclass
class Story:
    """url: a running Senim. material: the folder that `governance.demo.training` filled. tell: where progress goes."""

    url: str
    cast: Cast
    material: Path
    tell: Callable[[str], None] = print
    model_id: str = ""
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)

    # --- who takes part

    def visitor(self, part: Part) -> Visitor:
        return Visitor(self.url, part.email, self.cast.password)

    @cached_property
    def owner(self) -> Visitor:
        return self.visitor(BANK.people[0])

    @cached_property
    def validator(self) -> Visitor:
        return self.visitor(BANK.people[1])

    @cached_property
    def members(self) -> list[Visitor]:
        return [self.visitor(part) for part in BANK.people if "committee" in part.roles]

    @cached_property
    def ci(self) -> Machine:
        scopes = ["models:read", "models:write", "windows:write", "approvals:request", "gate:read"]
        return Machine(self.url, token_for(self.cast, BANK, "CI of scoring", scopes))

    @cached_property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((self.material / "facts.json").read_text())
        return facts

    @property
    def page(self) -> str:
        return f"/models/{self.model_id}"

    # --- the steps

    def play(self) -> None:
        """All of it, in order."""
        self.registers_the_model()
        self.hands_in_version("1", "v1.json", by_form=True)
        self.hands_in_the_data()
        self.worker_runs_the_checks("1")
        self.is_denied_for_its_fairness()
        self.hands_in_version("2", "v2.json", by_form=False)
        self.worker_runs_the_checks("2")
        self.second_line_concludes()
        self.committee_approves("2")
        self.is_allowed_for_exactly_that()
        self.tell(
            "CI registers a model of its own over REST: answers, grade, version, model card, data, and the gate"
        )
        registers_alone(self.ci, self.material, self.facts)
        self.others_see_nothing()

    def registers_the_model(self) -> None:
        self.tell("The model owner registers “Mortgage approval scoring” by the form, section by section")
        sections = iter(MORTGAGE.items())
        slug, answers = next(sections)
        landed = self.owner.send("/models/new/", answers)
        found = MODEL_ID.search(landed)
        if found is None:
            raise StoryBroken(f"the first section led to {landed}")
        self.model_id = self.cast.model_id = found.group(1)
        owner_id = re.search(
            r'name="owner".*?value="([0-9a-f-]{36})"', self.owner.read(f"{self.page}/edit/people/"), re.S
        )
        for slug, answers in sections:
            said = {**answers, "owner": owner_id.group(1)} if slug == "people" and owner_id else answers
            self.owner.fill(f"{self.page}/edit/{slug}/", said)
        self.owner.send(f"{self.page}/check-answers/", {})
        self.owner.send(f"{self.page}/grade/", GRADE)
        shown = self.ci.get(f"/models/{self.model_id}")
        prove(shown["status"] == "registered", "the model is registered", shown["status"])
        prove(shown["missing"] == [], "no answer is missing", shown["missing"])

    def hands_in_version(self, label: str, file: str, *, by_form: bool) -> None:
        artefact = (self.material / file).read_bytes()
        sent = {"artefact": (file, artefact, "application/json")}
        notes = (
            "Mitigated in training: race enters as row weights and is no input."
            if label == "2"
            else "First version."
        )
        said = {"label": label, "decision_threshold": str(self.facts["threshold"]), "notes": notes}
        card = papers.model_card(self.facts, f"v{label}").encode()
        if by_form:
            self.tell(f"The model owner adds version {label} with its artefact and model card by the form")
            self.owner.send(f"{self.page}/versions/add/", said, sent)
            paper = {
                "title": "Model card",
                "kinds": ["model_card", "technical_documentation"],
                "language": "en",
            }
            self.owner.send(
                f"{self.page}/documents/add/", paper, {"file": ("model-card.md", card, "text/markdown")}
            )
            hand_in_papers(self.owner, self.page, self.facts)
        else:
            self.tell(f"The bank's CI adds version {label} and the new model card over REST")
            self.ci.post(f"/models/{self.model_id}/versions", data=said, files=sent)
            paper = {
                "title": "Model card",
                "kinds": ["model_card", "technical_documentation"],
                "language": "en",
            }
            self.ci.post(
                f"/models/{self.model_id}/documents",
                data=paper,
                files={"file": ("model-card.md", card, "text/markdown")},
            )

    def hands_in_the_data(self) -> None:
        self.tell(
            "The model owner describes the columns and hands in two periods: outside and inside Suffolk county"
        )
        described = {
            "name": DATASET,
            "features": "\n".join(self.facts["features"]),
            "sensitive": "\n".join(self.facts["sensitive"]),
            "label": self.facts["label"],
            "favourable": self.facts["favourable"],
            "identifier": self.facts["identifier"],
        }
        self.owner.send(f"{self.page}/data/", described)
        page = self.owner.read(f"{self.page}/data/")
        dataset_id = re.search(r"/datasets/([0-9a-f-]{36})/", page)
        if dataset_id is None:
            raise StoryBroken("the dataset is not on the page of the model's data")
        for name, part, file in (
            ("Outside Suffolk county", "reference", "reference.csv"),
            ("Suffolk county", "current", "current.csv"),
        ):
            content = (self.material / file).read_bytes()
            said = {"name": name, "part": part}
            self.owner.send(
                f"/datasets/{dataset_id.group(1)}/windows/add/", said, {"file": (file, content, "text/csv")}
            )
        self.owner.send(f"{self.page}/checks/", {}, at=f"/datasets/{dataset_id.group(1)}/checks/")

    def worker_runs_the_checks(self, label: str) -> None:
        self.tell(
            f"The worker checks version {label}: drift (Evidently), fairness (Fairlearn), explanation (SHAP)"
        )
        runs = self._finished(self._started(label))
        for check, run in runs.items():
            prove(run["status"] == "done", f"the check of {check} has run", run["reasons"])
            self.tell(f"    {check}: {run['verdict']} – {' '.join(run['reasons'])}")
        self.verdicts[label] = runs

    def _started(self, label: str) -> dict[str, str]:
        answered = self.ci.post(f"/models/{self.model_id}/runs", status=202)
        return {run["check"]: run["id"] for run in answered if run["version"] == label}  # type: ignore[index]

    def _finished(self, started: dict[str, str]) -> dict[str, dict[str, Any]]:
        runs: dict[str, dict[str, Any]] = {}

        def ended() -> bool:
            runs.update({check: self.ci.get(f"/runs/{run_id}") for check, run_id in started.items()})
            return bool(runs) and all(run["status"] in ("done", "failed") for run in runs.values())

        await_that(ended, "the checks end")
        return runs

    def is_denied_for_its_fairness(self) -> None:
        self.tell("CI asks the gate for version 1: it denies, and says why")
        fairness, drift = self.verdicts["1"]["fairness"], self.verdicts["1"]["drift"]
        ratio = figure(fairness, "demographic_parity_ratio", "race")
        prove(
            fairness["verdict"] == "failed" and ratio["value"] < 0.8,
            "selection rates by race fail the limit",
            ratio,
        )
        prove(drift["verdict"] == "amber", "drift is amber", drift["reasons"])
        answer = self.gate("1", "v1.json", expected="deny")
        prove(
            FAIRNESS in json.dumps(answer["statement"]),
            "the gate names the requirement of fairness",
            answer["says"],
        )
        prove("art8" not in json.dumps(answer["statement"]), "amber drift does not block", answer["says"])

    def second_line_concludes(self) -> None:
        self.tell("The second line concludes on the fairness of version 2")
        ratio = figure(self.verdicts["2"]["fairness"], "demographic_parity_ratio", "race")
        prove(
            ratio["value"] >= 0.8 and ratio["low"] < 0.8 < ratio["high"], "version 2 passes, uncertain", ratio
        )
        prove(self.verdicts["2"]["fairness"]["verdict"] == "uncertain", "its verdict says so", ratio)
        second = papers.fairness_assessment(self.facts, "v2").encode()
        said = {"title": "Fairness assessment", "kinds": ["fairness_assessment"], "language": "en"}
        sent = {"file": ("fairness-assessment.md", second, "text/markdown")}
        self.ci.post(f"/models/{self.model_id}/documents", data=said, files=sent)
        self.settled()
        reason = "Measured on 307 applications; the interval crosses the limit, the committee is told. The price is documented."
        self.validator.send(f"{self.page}/requirements/{FAIRNESS}/", {"verdict": "met", "reason": reason})

    def committee_approves(self, label: str) -> None:
        self.tell(
            f"The owner puts version {label} before the committee; the second line recommends; three members vote"
        )
        version_id = self.ci.get(f"/models/{self.model_id}")["focus_version"]["id"]
        self.settled()
        landed = self.owner.send(f"/versions/{version_id}/request/", {"environment": "production"})
        request = landed.rstrip("/")
        said = {
            "verdict": "approve",
            "reason": "Reviewed; the gap is narrower and the price of it is stated.",
        }
        self.validator.send(f"{request}/", said, at=f"{request}/recommend/")
        for member in self.members:
            shown = re.search(r'name="shown" value="([0-9a-f]{64})"', member.read(f"{request}/"))
            prove(shown is not None, "the page carries the digest of what is decided", request)
            assert shown is not None
            member.send(f"{request}/", {"ballot": "approve", "shown": shown.group(1)}, at=f"{request}/vote/")

    def is_allowed_for_exactly_that(self) -> None:
        self.tell(
            "CI asks the gate again: it allows version 2 with this file in production, and nothing else"
        )
        self.settled()
        self.gate("2", "v2.json", expected="allow")
        self.gate("1", "v1.json", expected="deny")
        self.gate("2", "v1.json", expected="deny")
        self.gate("2", "v2.json", expected="deny", environment="pilot")

    def others_see_nothing(self) -> None:
        self.tell("Another bank sees nothing of it: not the model, not its runs, not the gate")
        elsewhere = Machine(self.url, token_for(self.cast, OTHER_BANK, "CI", ["models:read", "gate:read"]))
        elsewhere.get(f"/models/{self.model_id}", status=404)
        elsewhere.get(f"/runs/{self.verdicts['1']['drift']['id']}", status=404)
        stranger = self.visitor(OTHER_BANK.people[0])
        theirs, missing = (
            stranger.read(f"/models/{each}/", status=404) for each in (self.model_id, str(UNKNOWN))
        )
        prove(theirs == missing, "the answer is the same as for a missing id", self.model_id)
        prove(self.model_id not in stranger.read("/models/"), "the list is empty", self.model_id)

    # --- asking

    def gate(
        self, label: str, file: str, *, expected: str, environment: str = "production"
    ) -> dict[str, Any]:
        number = self.ci.get(f"/models/{self.model_id}")["number"]
        asked = {
            "model": number,
            "version": label,
            "digest": digest_of(self.material / file),
            "environment": environment,
        }
        answer = self.ci.get("/gate", **asked)
        prove(
            answer["answer"] == expected,
            f"the gate answers {expected} for {label}, {file}, {environment}",
            answer,
        )
        return answer

    def settled(self) -> None:
        """Wait until the requirements are computed for what was just written."""
        page = f"{self.page}/"
        await_that(lambda: "data-behind" not in self.owner.read(page), "the requirements are computed")
