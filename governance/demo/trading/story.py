"""A broker's trading model is approved in calm years, meets the crisis of 2008, and is suspended.

The quarters arrive one after another, are checked by the schedule, and nobody knows the next one. What each recipe
gave, and why this one was taken, stands in docs/decisions/2026-11-22-the-trading-models-story.md.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from governance.demo.case import Case
from governance.demo.cast import BROKER, REGISTER
from governance.demo.proofs import await_that, figure, prove
from governance.demo.stage import Stage
from governance.demo.trading import papers
from governance.demo.trading.answers import GRADE, LIMITS_OF_DRIFT, LIMITS_OF_PERFORMANCE, TRADING
from governance.demo.visitor import found_in
from governance.people.acting import viewing
from monitoring.runs.models import Finding

DATASET = "Trading days"
VERSION = "1"
CRISIS = "2008Q4"
TO_THE_CRISIS = tuple(f"{year}Q{quarter}" for year in (2007, 2008) for quarter in (1, 2, 3, 4))
AFTER_IT = tuple(f"2009Q{quarter}" for quarter in (1, 2, 3, 4))
AFTERSHOCK = "2009Q1"
CHECKED = ("drift", "performance")

INCIDENT = re.compile(r'href="(/incidents/[0-9a-f-]{36}/)"')
SUSPEND = re.compile(r'href="(/authorisations/[0-9a-f-]{36}/suspend/[^"]*)"')
LIFT = re.compile(r'href="(/suspensions/[0-9a-f-]{36}/lift/)"')
REQUEST = re.compile(r'href="(/requests/[0-9a-f-]{36})/"')


def play(stage: Stage) -> Trading:
    """All of it, in order."""
    story = Trading(stage)
    story.registers_the_model()
    story.hands_in_the_reference()
    story.second_line_sets_the_limits()
    story.committee_approves()
    story.quarters_arrive(TO_THE_CRISIS)
    story.first_red_is_the_crisis()
    story.both_open_an_incident()
    story.committee_suspends()
    story.quarters_arrive(AFTER_IT)
    story.drift_alone_is_a_finding()
    story.committee_rejects_the_lift()
    return story


@dataclass
class Trading(Case):
    """quarters: by name, then by check, the run that answered. incident: its page. denied_after: seconds from the commit."""

    firm = BROKER
    name = "trading"

    quarters: dict[str, dict[str, Any]] = field(default_factory=dict)
    incident: str = ""
    denied_after: float = 0.0

    def registers_the_model(self) -> None:
        self.tell(
            "The broker's owner registers “Direction of the index” by the form and grades it: high risk"
        )
        self.registers(TRADING, GRADE)

    def hands_in_the_reference(self) -> None:
        self.tell(
            "Its CI adds version 1, which never leaves the broker, with its card and the days of 1999 to 2006"
        )
        path = f"/models/{self.model_id}"
        notes = "The model stays at the broker; each period carries its scores."
        self.ci.post(
            f"{path}/versions",
            status=201,
            data={"label": VERSION, "decision_threshold": "0.5", "notes": notes},
        )
        self.hands_in("Model card", ["model_card", "technical_documentation"], papers.model_card(self.facts))
        kinds = ["trading_limits", "human_oversight_procedure", "monitoring_plan", "responsibility_matrix"]
        self.hands_in("Limits, oversight and stop", kinds, papers.limits_and_control())
        kinds = ["risk_register", "risk_management_document", "risk_treatment_plan"]
        self.hands_in("Risk file", kinds, papers.risk_file())
        columns = {name: self.facts[name] for name in ("features", "label", "score", "time")}
        self.ci.post(f"{path}/datasets", {"name": DATASET, **columns}, status=201)
        self.adds_period(DATASET, "1999–2006", "reference.csv", part="reference")

    def second_line_sets_the_limits(self) -> None:
        self.tell(
            "The second line sets the limits: drift from the reference's own quarters, falls beyond chance"
        )
        self.plans(DATASET, "drift", LIMITS_OF_DRIFT)
        self.plans(DATASET, "performance", LIMITS_OF_PERFORMANCE)

    def committee_approves(self) -> None:
        self.tell("The committee of three approves version 1; the gate allows it")
        request = self.asks_the_committee()
        self.recommends(request, "A small edge under a small limit; the limits of the checks are set.")
        self.votes(request)
        self.settled()
        self.gate(VERSION, "", expected="allow")

    def quarters_arrive(self, names: tuple[str, ...]) -> None:
        """Each is asked by the schedule as it comes; the worker answers while the next one arrives."""
        self.tell(f"Quarters arrive one after another: {names[0]} … {names[-1]}")
        for name in names:
            self.adds_period(DATASET, name, f"{name}.csv")
        for name in names:
            await_that(lambda name=name: self._answered(name), f"the checks of {name} end")  # type: ignore[misc]
            drift, performance = (self.quarters[name][check] for check in CHECKED)
            self.tell(f"    {name}  drift {drift['verdict']}, performance {performance['verdict']}")
            for run in (drift, performance):
                prove(run["status"] == "done", f"the check of {name} has run", run["reasons"])

    def _answered(self, name: str) -> bool:
        runs = {run["check"]: run for run in self.runs() if run["window"] == name}
        self.quarters[name] = runs
        return set(runs) >= set(CHECKED)

    def first_red_is_the_crisis(self) -> None:
        red = [name for name in TO_THE_CRISIS if self.quarters[name]["drift"]["verdict"] == "failed"]
        worse = [name for name in TO_THE_CRISIS if self.quarters[name]["performance"]["verdict"] == "failed"]
        prove(red == [CRISIS], f"the first red quarter is {CRISIS} and not earlier", red)
        prove(worse == [CRISIS], f"performance falls with it in {CRISIS} and not earlier", worse)
        for check in CHECKED:
            self.tell(f"    {CRISIS} {check}: {' '.join(self.quarters[CRISIS][check]['reasons'])}")
        fall = figure(self.quarters[CRISIS]["performance"], "auc_fall", "")
        prove(fall["low"] > 0, "the fall is beyond its interval", fall)

    def both_open_an_incident(self) -> None:
        """Drift and performance, both red over one period, are more than two findings."""
        path = f"/models/{self.model_id}/incidents"
        await_that(lambda: bool(self.ci.get(path)), "an incident is opened")
        [incident] = self.ci.get(path)
        self.tell(f"Senim opens incident {incident['number']}: {incident['title']}")  # type: ignore[index]
        prove(incident["kind"] == "drift_and_performance", "it is of drift and performance", incident)  # type: ignore[index]
        self.gate(VERSION, "", expected="allow")  # a machine opens an incident, a person stops the model

    def committee_suspends(self) -> None:
        member = self.members[0]
        self.incident = found_in(member.read(f"/incidents/?model={self.model_id}"), INCIDENT)
        form = found_in(member.read(self.incident), SUSPEND)
        reason = f"{CRISIS}: the market is not the one it learnt, and it ranks days worse than a coin would."
        committed = member.press(form, {"reason": reason})
        self.gate(VERSION, "", expected="deny")
        self.denied_after = time.monotonic() - committed
        told = f"{1000 * self.denied_after:.0f} ms"
        self.tell(
            f"A member of the committee suspends it; the very next question is denied, {told} after the commit"
        )

    def drift_alone_is_a_finding(self) -> None:
        """The quarter after the crisis drifts as well, but the model is no worse than chance allows."""
        with viewing(REGISTER):
            found = list(
                Finding.objects.filter(
                    model_id=UUID(self.model_id), check_key="drift", window__name=AFTERSHOCK
                ).values_list("severity", "incident")
            )
        prove(found == [("amber", None)], f"the drift of {AFTERSHOCK} is a finding and no incident", found)
        incidents = self.ci.get(f"/models/{self.model_id}/incidents")
        prove(len(incidents) == 1, "there is still one incident", incidents)

    def committee_rejects_the_lift(self) -> None:
        """The data came back to what they were, the edge did not: a calm market alone lifts nothing."""
        self.tell(
            "The data are calm again, so the owner asks for the lift; the committee looks at 2009 and rejects it"
        )
        form = found_in(self.owner.read(self.incident), LIFT)
        before = set(REQUEST.findall(self.members[0].read("/committee/")))
        self.settled()
        self.owner.amend(form, {"reason": "Drift has passed since 2009Q2; the size of an order was halved."})
        [request] = set(REQUEST.findall(self.members[0].read("/committee/"))) - before
        share = f"{100 * self.facts['quarters'][AFTER_IT[-1]]['accuracy']:.0f} %"
        reason = (
            f"Since the crisis it has shown no edge; in {AFTER_IT[-1]} it was right on {share} of the days."
        )
        self.recommends(request, reason, verdict="reject")
        self.votes(request, "reject", reason)
        self.settled()
        self.gate(VERSION, "", expected="deny")
