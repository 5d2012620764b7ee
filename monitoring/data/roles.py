"""What the columns of a dataset are: pure, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.data import declared, logs
from monitoring.engines.direction import AGAINST, FOR, told_by

LONGEST_NAME = 120
MOST_COLUMNS = 500
MOST_DAYS = 366


@dataclass(frozen=True)
class Roles:
    """Names of columns by what they mean. categorical: those of the features that are no numbers.

    allowed, population: what is declared of single columns (`declared.py`). kind, log_columns, log_values: of a log (`logs.py`).
    """

    features: list[str]
    categorical: list[str]
    sensitive: list[str]
    label: str
    prediction: str
    score: str
    identifier: str
    favourable: str
    high_score: str
    time: str
    weight: str
    allowed: Mapping[str, Any]
    population: Mapping[str, Any]
    kind: str
    log_columns: Mapping[str, Any]
    log_values: Mapping[str, Any]

    @classmethod
    def of(cls, **said: str | Sequence[str] | Mapping[str, Any]) -> Roles:
        """Names without the spaces around them, each once."""
        tidy: dict[str, Any] = {
            key: value if isinstance(value, Mapping) else _tidied(value) for key, value in said.items()
        }
        return cls(**tidy)

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)

    def problems(self) -> list[Problem]:
        """What is wrong with them, role by role."""
        named = {
            "features": self.features,
            "sensitive": self.sensitive,
            "label": [self.label],
            "prediction": [self.prediction],
            "score": [self.score],
            "identifier": [self.identifier],
            "time": [self.time],
            "weight": [self.weight],
        }
        long = _("A column name has at most 120 characters.")
        problems = [
            Problem(role, long) for role, names in named.items() if any(len(n) > LONGEST_NAME for n in names)
        ]
        problems += self._problems_of_log()
        if not any(name for names in named.values() for name in names) and self.kind not in logs.LAYOUTS:
            problems.append(Problem("features", _("Name at least one column.")))
        if len(self.features) > MOST_COLUMNS:
            problems.append(Problem("features", _("At most 500 features can be named.")))
        strangers = [name for name in self.categorical if name not in self.features]
        if strangers:
            what = _("These are not among the features: %(names)s") % {"names": ", ".join(strangers)}
            problems.append(Problem("categorical", what))
        if not self.favourable or len(self.favourable) > 40:
            problems.append(Problem("favourable", _("Say it in 1 to 40 characters.")))
        problems += self._problems_of_direction()
        columns = {name for names in named.values() for name in names if name} | {*self.log_columns.values()}
        problems += declared.problems(columns, self.allowed, self.population)
        return (
            problems + self._results_among_features() + self._time_among_features() + self._weight_is_else()
        )

    def _problems_of_direction(self) -> list[Problem]:
        """Where nobody says it, a threshold and an area under the curve could be read upside down."""
        if self.high_score not in ("", FOR, AGAINST):
            return [Problem("high_score", _("This is not one of the choices."))]
        if self.score and not (self.high_score or told_by(self.favourable)):
            what = _("The value “%(value)s” does not tell for which outcome a high score speaks: say it.")
            return [Problem("high_score", what % {"value": self.favourable})]
        return []

    def _problems_of_log(self) -> list[Problem]:
        others = [*self.features, *self.sensitive, self.label, self.prediction, self.score, self.weight]
        named = [name for name in others if name]
        times = {"time": self.time, "identifier": self.identifier}
        return list(logs.problems(self.kind, self.log_columns, self.log_values, others=named, **times))

    def _results_among_features(self) -> list[Problem]:
        """A model that reads its own answer explains nothing."""
        results = {self.label, self.prediction, self.score} - {""}
        both = [name for name in self.features if name in results]
        what = _("A feature cannot also be the outcome, the decision or the score: %(names)s")
        return [Problem("features", what % {"names": ", ".join(both)})] if both else []

    def _time_among_features(self) -> list[Problem]:
        """A date is no number, so every data period would be refused."""
        what = _("The column of the time cannot also be a feature: %(name)s")
        return [Problem("time", what % {"name": self.time})] if self.time in self.features else []

    def _weight_is_else(self) -> list[Problem]:
        """A weight says how a row came into the data, so it is nothing that the model reads or answers."""
        results = {self.label, self.prediction, self.score}
        taken = {*self.features, *self.sensitive, *results, self.identifier, self.time}
        what = _("The column of the weight has no other role: %(name)s")
        return [Problem("weight", what % {"name": self.weight})] if self.weight in taken - {""} else []


def _tidied(said: str | Sequence[str]) -> str | list[str]:
    return said.strip() if isinstance(said, str) else _tidy(said)


def problems_of_cadence(days: int | None) -> list[Problem]:
    if days is None or 1 <= days <= MOST_DAYS:
        return []
    return [Problem("expected_every_days", _("A data period is expected every 1 to 366 days."))]


def problems_of_use(kind: str, trades: bool | None) -> list[Problem]:
    """Whoever sends no orders has no order log; where the registration does not say yet, one is taken."""
    if kind != logs.Kind.ORDERS or trades is not False:
        return []
    return [Problem("kind", _("The registration says that this model sets no parameters of orders."))]


def _tidy(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))
