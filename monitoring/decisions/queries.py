"""What pages and programs ask about explained decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.decisions.models import Explained
from monitoring.runs import words
from monitoring.runs.charts import Chart
from monitoring.runs.models import RunStatus

MOST_ROWS = 20
REFUSALS = {
    "no_such_case": _("The data period has no case of this number."),
    "case_repeats": _(
        "In the data period several rows have this number, so none of them is the decision that is meant."
    ),
}


@dataclass(frozen=True)
class Told:
    """An explanation as it is shown: the contributions the largest first, and the sentence where there are none."""

    asked: Explained

    @property
    def found(self) -> dict[str, Any]:
        return dict(self.asked.found)

    @property
    def is_told(self) -> bool:
        return bool(self.found) and "refused" not in self.found

    @property
    def sentence(self) -> str:
        if self.asked.blanked_at:
            day = date_format(timezone.localdate(self.asked.blanked_at), "SHORT_DATE_FORMAT")
            return gettext("Erased with its data period on %(day)s.") % {"day": day}
        if self.asked.status == RunStatus.FAILED:
            return words.cause(self.asked.error)
        rule = self.found.get("refused")
        if rule is None:
            return ""
        return str(REFUSALS.get(rule) or words.sentence("explanation", self.found))

    @property
    def state(self) -> str:
        """A key of the status component; never green, for an explanation is no verdict."""
        if not self.asked.is_finished:
            return str(self.asked.status)
        return "done" if self.is_told else "not_run"

    @cached_property
    def chart(self) -> Chart:
        """From the base value, one bar a feature, to the output; what is beyond the twenty largest is one bar."""
        rows = [
            {"name": name, "value": value, "from": start, "to": end}
            for name, value, start, end in self._bars()
        ]
        data = {"kind": "waterfall", "rows": rows, "words": {"value": _("Contribution")}}
        return Chart("waterfall", _("From the base value to the output of the model"), data)

    def _bars(self) -> Iterator[tuple[str, float, float, float]]:
        at = self.found["base"]
        told = self.found["contributions"]
        for each in told[:MOST_ROWS]:
            named = f"{each['feature']} = {each['value']}" if each["value"] else each["feature"]
            yield named, each["contribution"], at, at + each["contribution"]
            at += each["contribution"]
        rest = sum(each["contribution"] for each in told[MOST_ROWS:])
        if len(told) > MOST_ROWS:
            yield str(_("all others")), rest, at, at + rest
