"""None of the sixteen published sets is refused: they hold no names, addresses or numbers of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitoring.data.intake import Limits
from monitoring.data.parquet import open_parquet
from monitoring.shielding.looks import BY_VALUE, ENOUGH, looks
from monitoring.shielding.sieve import EVERYTHING, SAMPLED, Sample, to_look_at
from tests.reference import DATA, needs_reference_data

pytestmark = needs_reference_data

SETS = sorted({path.parent.name for path in DATA.glob("*/*.parquet")})


def sampled(path: Path) -> Sample:
    rows = open_parquet(path, Limits())
    sample = Sample({name: [] for name in to_look_at(rows.schema, EVERYTHING)})
    for batch in rows.batches:
        sample.add(batch)
    return sample


def test_there_are_sixteen_sets():
    assert len(SETS) == 16


@pytest.mark.parametrize("folder", SETS)
def test_no_column_of_a_published_set_looks_personal(folder):
    for path in sorted((DATA / folder).glob("*.parquet")):
        sample = sampled(path)
        assert sample.taken and sample.taken <= 2 * SAMPLED
        found = {name: looks(name, values) for name, values in sample.columns.items()}
        assert {name: kind for name, kind in found.items() if kind} == {}
        assert _nearest(sample) < ENOUGH / 10, "no column comes near the limit of a fifth"


def _nearest(sample: Sample) -> float:
    """The largest share of values of one column that pass as personal."""
    shares = [0.0]
    for values in sample.columns.values():
        texts = [str(each) for each in values if each is not None]
        shares += [sum(map(is_it, texts)) / len(texts) for is_it in BY_VALUE.values() if texts]
    return max(shares)
