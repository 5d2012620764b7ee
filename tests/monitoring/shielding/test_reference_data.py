"""None of the sixteen published sets is refused: they hold no names, addresses or numbers of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitoring.data.intake import Limits
from monitoring.data.parquet import open_parquet
from monitoring.shielding.looks import looks
from monitoring.shielding.sieve import EVERYTHING, Sample, to_look_at
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
        assert 0 < len(sample.drawn) <= sample.most
        found = {name: looks(name, values) for name, values in sample.columns.items()}
        assert {name: look for name, look in found.items() if look} == {}
