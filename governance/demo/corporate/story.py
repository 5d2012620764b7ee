"""A bank's model of corporate default on Kazakh borrowers: no people in the data, and an economy that has moved.

The fairness check cannot be asked, and the second line says why: that is written down and never green. The macro
quarters are too few for a check of drift, which says so; by currency there are enough, and the tenge has moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from governance.demo import grounds
from governance.demo.case import Case
from governance.demo.cast import BANK
from governance.demo.corporate import macro, papers
from governance.demo.corporate.answers import (
    CORPORATE,
    GRADE,
    LIMITS_OF_DRIFT,
    LIMITS_OF_MACRO,
    LIMITS_OF_TENGE,
    NO_PERSONS,
)
from governance.demo.proofs import await_that, figure, prove
from governance.demo.stage import Stage
from governance.demo.visitor import words_of

BORROWERS, QUARTERS, TENGE = "Borrowers", "Macro quarters", "Tenge by currency"
BAND, FLOAT = "2010Q1–2015Q2", "2015Q3–2025Q1"
VERSION = "1"
PUBLIC = {"bank_secret": False, "protection_reason": "Published series of the economy, no borrower in them."}
RUNS = ("drift", "explanation", "performance")


def play(stage: Stage) -> Corporate:
    """All of it, in order."""
    story = Corporate(stage)
    story.ci_registers_the_model()
    story.second_line_sets_fairness_aside()
    story.worker_runs_the_checks()
    story.fairness_is_never_green()
    story.economy_has_moved()
    return story


@dataclass
class Corporate(Case):
    """drifts: by dataset, the run of the drift of its macro data."""

    firm = BANK
    name = "corporate"

    drifts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ci_registers_the_model(self) -> None:
        self.tell(
            "CI registers “Corporate default”: answers, grade, version 1, its card, two parts of 100 borrowers"
        )
        model = self.ci.post("/models", {**CORPORATE, "submit": True}, status=201)
        prove(model["status"] == "registered", "the model is registered at once", model["missing"])
        self.cast.models[self.name] = model["id"]
        self.ci.post(f"/models/{self.model_id}/grade", {"answers": GRADE}, status=201)
        self.adds_version(VERSION, "v1.json", decision_threshold=str(self.facts["threshold"]))
        self.hands_in("Model card", ["model_card", "technical_documentation"], papers.model_card(self.facts))
        columns = {name: self.facts[name] for name in ("features", "label", "identifier")}
        self.describes(BORROWERS, **columns)
        held_out = "Held out at approval"
        self.adds_period(BORROWERS, held_out, "held-out.csv", part="reference", **grounds.contract())
        self.adds_period(BORROWERS, "Later", "later.csv", **grounds.contract())

    def describes(self, name: str, **columns: Any) -> None:
        self.ci.post(f"/models/{self.model_id}/datasets", {"name": name, **columns}, status=201)

    def second_line_sets_fairness_aside(self) -> None:
        self.tell(
            "The second line says why fairness does not apply to companies, and sets the limit of drift"
        )
        path = f"/datasets/{self.dataset(BORROWERS)}/checks/fairness/not-applicable/"
        self.validator.send(path, {"reason": NO_PERSONS})
        self.plans(BORROWERS, "drift", LIMITS_OF_DRIFT)

    def worker_runs_the_checks(self) -> None:
        self.tell("The worker checks version 1: drift, performance, explanation")
        runs = self.runs_checks(VERSION)
        prove(set(RUNS) <= set(runs) and "fairness" not in runs, f"{RUNS} are run", sorted(runs))
        for check in RUNS:
            prove(
                runs[check]["verdict"] in ("passed", "uncertain"),
                f"{check} finds nothing",
                runs[check]["reasons"],
            )

    def fairness_is_never_green(self) -> None:
        """The reason and its author stand where a result would, and nothing counts as a run or a pass."""
        page = words_of(self.owner.read(f"{self.page}/checks/"))
        prove(NO_PERSONS in page, "the page of checks gives the reason", page[:600])
        prove(self.firm.part("validator").name in page, "and who answers for it", page[:600])
        prove(
            not any(run["check"] == "fairness" for run in self.runs()), "fairness was not run", self.verdicts
        )

    def economy_has_moved(self) -> None:
        self.tell("The macro quarters of its stress: the tenge in its band, and since it floats")
        wide = {"features": list(macro.SERIES), "time": macro.TIME}
        long = {"features": list(macro.TENGE), "time": macro.TIME}
        for name, columns, files in ((QUARTERS, wide, "macro"), (TENGE, long, "tenge")):
            self.describes(name, **columns, **PUBLIC)
            self.adds_period(name, f"{name}, {BAND}", f"{files}-reference.csv", part="reference")
            self.adds_period(name, f"{name}, {FLOAT}", f"{files}-current.csv")
        self.plans(QUARTERS, "drift", LIMITS_OF_MACRO)
        self.plans(TENGE, "drift", LIMITS_OF_TENGE)
        await_that(self._drifts_answered, "the drift of the macro data is measured")
        for name, run in self.drifts.items():
            self.tell(f"    {name}: {run['verdict']} – {' '.join(run['reasons'])}")
        few, many = self.drifts[QUARTERS], self.drifts[TENGE]
        prove(
            few["verdict"] == "insufficient_data", "22 quarters are too few, and never green", few["reasons"]
        )
        moved = figure(many, "wasserstein", "level")
        prove(many["verdict"] == "failed", "the tenge has drifted", many["reasons"])
        prove(moved["low"] > moved["limit"], "beyond its interval", moved)

    def _drifts_answered(self) -> bool:
        by_window = {run["window"]: run for run in self.runs()}
        self.drifts = {
            name: by_window[f"{name}, {FLOAT}"]
            for name in (QUARTERS, TENGE)
            if f"{name}, {FLOAT}" in by_window
        }
        return len(self.drifts) == 2
