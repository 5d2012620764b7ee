"""Published figures: NannyML's employment set, US census 2015-2018 with a model's predictions and its known break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from tests.reference import needs_reference_data, of_set

CHUNK = 5000

pytestmark = [pytest.mark.slow, needs_reference_data]


@pytest.fixture(scope="module")
def rows() -> dict[str, pd.DataFrame]:
    table = pd.read_parquet(of_set("employment_ma/data.parquet"))
    return {period: table[table.period == period] for period in ("reference", "analysis")}


def asked(rows: dict[str, pd.DataFrame], chunk: int, folder: Path) -> tuple[dict[str, Any], Judged]:
    """Performance of one chunk of 5,000 rows of the analysis period against the whole reference."""
    parts = {"reference": rows["reference"], "current": rows["analysis"].iloc[chunk * CHUNK :].head(CHUNK)}
    paths = {name: folder / f"{name}.parquet" for name in parts}
    for name, part in parts.items():
        pq.write_table(pa.Table.from_pandas(part, preserve_index=False), paths[name])
    said = {"label": "employed", "prediction": "prediction", "score": "predicted_probability"}
    result = measure("performance", Inputs(**paths, **said))
    return result, CHECKS["performance"].judge(result, {})


@pytest.mark.parametrize(("chunk", "published"), [(27, 0.8035), (28, 0.8642)])
def test_the_realised_auc_of_the_broken_chunks(
    rows: dict[str, pd.DataFrame], tmp_path: Path, chunk: int, published: float
) -> None:
    result, _judged = asked(rows, chunk, tmp_path)

    assert result["periods"]["reference"]["n"] == 68785
    assert result["periods"]["current"]["auc"]["value"] == pytest.approx(published, abs=2e-4)


def test_the_break_fails_and_an_ordinary_chunk_passes(rows: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    assert asked(rows, 27, tmp_path)[1].verdict == "failed"
    ordinary, verdict = asked(rows, 0, tmp_path)
    assert 0.895 <= ordinary["periods"]["current"]["auc"]["value"] <= 0.914
    assert verdict.verdict == "passed"
