"""What there is to check: models with small data periods, and questions asked by a person and by the schedule."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, connection

from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS as LIBRARY
from monitoring.recomputing import services as recomputing
from monitoring.runs import plans
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.factories import found, join
from tests.monitoring.loans import Loans, a_window, csv, loans

BARE = 2
"""Models whose decisions stand in the data; one more has an artefact, which is opened in the sandbox."""
CHECKS = ("drift", "fairness", "performance", "quality")
"""Whatever of these a model's data can answer: the quick ones, 0.2 s and a little more each."""
OPEN_A_FILE = ("fairness", "performance")
"""These of the model with an artefact: its data have no decision, so its file is run for them."""
ROWS = 120


AGAIN = 0.15
"""How often the second line has a past run computed again, of the times that the owner asks."""


@dataclass
class Register:
    """asked, again: every run and every recomputation that a person was told of. What has been told must be there afterwards."""

    owner: Actor
    validator: Actor
    models: list[Loans]
    chance: random.Random
    asked: set[object] = field(default_factory=set)
    again: set[object] = field(default_factory=set)
    periods: int = 0

    def ask(self) -> None:
        """A person asks every question of one model. The database may be away: then nothing was asked."""
        with suppress(OperationalError, InterfaceError):
            model = self.chance.choice(self.models).model
            self.asked |= {run.pk for run in runs.start(by=self.owner, model=model)}
            return
        connection.close()

    def ask_again(self) -> None:
        """The second line has a run of the past computed again, which is an errand and no run."""
        if self.chance.random() > AGAIN:
            return
        with suppress(OperationalError, InterfaceError):
            with viewing(self.validator):
                done = list(Run.objects.filter(status="done").select_related("result", "model"))
            if done:
                run = self.chance.choice(done)
                self.again.add(recomputing.recompute(by=self.validator, run=run).pk)
            return
        connection.close()

    def hand_in(self) -> None:
        """A new data period of one model, for which the schedule has to ask. Refused while disk or database are away."""
        self.periods += 1
        name, dataset = f"period {self.periods}", self.chance.choice(self.models).dataset
        try:
            a_window(self.owner, dataset, name=name, file=csv(rows=ROWS + self.periods))
        except (OperationalError, InterfaceError):
            connection.close()
        except OSError:
            pass


def opens_a_file(run: Run) -> bool:
    """Whether a model's file is run for it, in the sandbox."""
    return run.check_key in OPEN_A_FILE and bool(run.version.artefact_sha256)


def furnish(chance: random.Random) -> Register:
    """One firm, three models, a few checks of each."""
    bank = found(1, name="First Bank")
    owner = join(bank, "model_owner", email="owner@bank.example")
    validator = join(bank, "validator", email="validator@bank.example")
    models = [loans(owner, number=f"M-{n:04}", bare=n <= BARE) for n in range(1, BARE + 2)]
    register = Register(owner, validator, models, chance)
    for things in models:
        for check in CHECKS:
            if plans.can_be_planned(LIBRARY[check], things.dataset, [things.version]):
                runs.set_plan(by=owner, dataset=things.dataset, check_key=check)
    return register
