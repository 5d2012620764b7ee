"""What a check measured is a key figure of the model, and stands in the report to the board."""

from __future__ import annotations

import pytest

from governance.demo import figures
from governance.demo.cast import REGISTER
from governance.inventory.figures.models import KpiValue
from governance.people.acting import viewing
from monitoring.runs.models import Measurement

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


def test_the_figure_of_the_fairness_check_is_taken_over_with_its_n(senim):
    story = senim.tell("version 1 is checked")

    senim.play(figures.play)

    with senim.database(), viewing(REGISTER):
        [taken] = KpiValue.objects.filter(model_id=story.model_id)
        measured = Measurement.objects.filter(
            result__sha256=taken.digest, metric="demographic_parity_ratio", subject="race"
        )
        # The same inputs give the same digest, so a check that was asked again stands here once more, and is taken over once.
        assert {(taken.value, taken.n)} == set(measured.values_list("value", "n"))
