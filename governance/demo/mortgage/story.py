"""A bank's mortgage model is registered, checked, refused, mitigated, approved and allowed.

Every step goes the way its person goes: people through pages and forms, the bank's CI through REST, the checks through
the worker. Each step proves what it promises, or raises StoryBroken with what the product answered instead.
"""

from __future__ import annotations

import json
import re

from django.utils import timezone

from governance.demo import grounds
from governance.demo.case import Case
from governance.demo.cast import BANK, OTHER_BANK
from governance.demo.mortgage import papers
from governance.demo.mortgage.answers import GRADE, LIMITS_OF_DRIFT, MORTGAGE
from governance.demo.mortgage.ci import DATASET, registers_alone
from governance.demo.mortgage.house_papers import hand_in_papers
from governance.demo.proofs import UNKNOWN, figure, prove
from governance.demo.stage import READS, Stage
from governance.demo.visitor import StoryBroken

FAIRNESS = "kz-art6-fairness-equality"


def play(stage: Stage) -> None:
    """All of it, in order."""
    story = Mortgage(stage)
    story.registers_the_model()
    story.hands_in_version("1", "v1.json", by_form=True)
    story.hands_in_the_data()
    story.worker_runs_the_checks("1")
    story.is_denied_for_its_fairness()
    story.hands_in_version("2", "v2.json", by_form=False)
    story.worker_runs_the_checks("2")
    story.second_line_concludes()
    story.committee_approves("2")
    story.is_allowed_for_exactly_that()
    story.ci_registers_alone()
    story.others_see_nothing()


class Mortgage(Case):
    firm = BANK
    name = "mortgage"

    def registers_the_model(self) -> None:
        self.tell("The model owner registers “Mortgage approval scoring” by the form, section by section")
        self.registers(MORTGAGE, GRADE)

    def hands_in_version(self, label: str, file: str, *, by_form: bool) -> None:
        card = papers.model_card(self.facts, f"v{label}")
        kinds = ["model_card", "technical_documentation"]
        threshold = str(self.facts["threshold"])
        if by_form:
            self.tell(f"The model owner adds version {label} with its artefact and model card by the form")
            sent = {"artefact": (file, (self.material / file).read_bytes(), "application/json")}
            said = {"label": label, "decision_threshold": threshold, "notes": "First version."}
            self.owner.send(f"{self.page}/versions/add/", said, sent)
            day = timezone.localdate().isoformat()
            paper = {"title": "Model card", "kinds": kinds, "language": "en", "effective_on": day}
            file_of = {"file": ("model-card.md", card.encode(), "text/markdown")}
            self.owner.send(f"{self.page}/documents/add/", paper, file_of)
            hand_in_papers(self.owner, self.page, self.facts)
            self.accepts_documents()
        else:
            self.tell(f"The bank's CI adds version {label} and the new model card over REST")
            notes = "Mitigated in training: race enters as row weights and is no input."
            self.adds_version(label, file, decision_threshold=threshold, notes=notes)
            self.hands_in("Model card", kinds, card)

    def hands_in_the_data(self) -> None:
        self.tell(
            "The model owner describes the columns and hands in two periods: outside and inside Suffolk county. Rows of people "
            "come with their legal basis, hashed numbers and the day on which they are erased"
        )
        described = {
            "name": DATASET,
            "features": "\n".join(self.facts["features"]),
            "sensitive": "\n".join(self.facts["sensitive"]),
            "label": self.facts["label"],
            "favourable": self.facts["favourable"],
            "identifier": self.facts["identifier"],
            "personal": "on",
            "bank_secret": "on",
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
            said = {"name": name, "part": part, **grounds.consent()}
            self.owner.send(
                f"/datasets/{dataset_id.group(1)}/windows/add/", said, {"file": (file, content, "text/csv")}
            )
        self.plans(DATASET, "drift", LIMITS_OF_DRIFT)
        self.owner.send(f"{self.page}/checks/", {}, at=f"/datasets/{dataset_id.group(1)}/checks/")

    def worker_runs_the_checks(self, label: str) -> None:
        self.tell(
            f"The worker checks version {label}: drift (Evidently), fairness (Fairlearn), explanation (SHAP)"
        )
        self.runs_checks(label)

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
        self.tell("The bank's lawyer signs the mapping of fairness; the second line concludes on version 2")
        ratio = figure(self.verdicts["2"]["fairness"], "demographic_parity_ratio", "race")
        prove(
            ratio["value"] >= 0.8 and ratio["low"] < 0.8 < ratio["high"], "version 2 passes, uncertain", ratio
        )
        prove(self.verdicts["2"]["fairness"]["verdict"] == "uncertain", "its verdict says so", ratio)
        second = papers.fairness_assessment(self.facts, "v2")
        self.hands_in("Fairness assessment", ["fairness_assessment"], second)
        self.settled()
        signer = {"name": "Сәуле Нұрланова", "position": "Head of the legal department"}
        self.validator.send(f"{self.page}/requirements/{FAIRNESS}/", signer, at="/mappings/kz-ai-law/")
        self.settled()  # the signature changes what the requirement rests on; the page that is concluded on says so
        reason = "Measured on 307 applications; the interval crosses the limit, the committee is told. The price is documented."
        self.validator.send(f"{self.page}/requirements/{FAIRNESS}/", {"verdict": "met", "reason": reason})

    def committee_approves(self, label: str) -> None:
        self.tell(
            f"The owner puts version {label} before the committee; the second line recommends; three members vote"
        )
        request = self.asks_the_committee()
        self.recommends(request, "Reviewed; the gap is narrower and the price of it is stated.")
        self.votes(request)

    def is_allowed_for_exactly_that(self) -> None:
        self.tell(
            "CI asks the gate again: it allows version 2 with this file in production, and nothing else"
        )
        self.settled()
        self.gate("2", "v2.json", expected="allow")
        self.gate("1", "v1.json", expected="deny")
        self.gate("2", "v1.json", expected="deny")
        self.gate("2", "v2.json", expected="deny", environment="pilot")

    def ci_registers_alone(self) -> None:
        self.tell(
            "CI registers a model of its own over REST: answers, grade, version, model card, data, and the gate"
        )
        registers_alone(self.ci, self.material, self.facts)

    def others_see_nothing(self) -> None:
        self.tell("Another bank sees nothing of it: not the model, not its runs, not the gate")
        elsewhere = self.stage.machine(OTHER_BANK, READS)
        elsewhere.get(f"/models/{self.model_id}", status=404)
        elsewhere.get(f"/runs/{self.verdicts['1']['drift']['id']}", status=404)
        stranger = self.stage.visitor(OTHER_BANK.part("model_owner"))
        theirs, missing = (
            stranger.read(f"/models/{each}/", status=404) for each in (self.model_id, str(UNKNOWN))
        )
        prove(theirs == missing, "the answer is the same as for a missing id", self.model_id)
        prove(self.model_id not in stranger.read("/models/"), "the list is empty", self.model_id)
