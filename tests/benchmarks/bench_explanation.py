"""Contributions by XGBoost and LightGBM themselves against SHAP's explainer, and how near a sample comes to the whole ranking."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from governance.config.measuring import Figure
from tests.benchmarks import apart

FITTED, EXPLAINED, WHOLE, FEATURES = 20_000, 2_000, 20_000, 25

MAKE = f"""
import os
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
from monitoring.engines import boosters
names = tuple(f"x{{at}}" for at in range({FEATURES}))
rng = np.random.default_rng(1)
rows = rng.normal(size=({WHOLE}, {FEATURES}))
label = (rows @ np.linspace(0.05, 1, {FEATURES}) + rows[:, 3] * rows[:, 20] + rng.normal(size={WHOLE}) > 0).astype(int)
"""
XGBOOST = """
import xgboost
matrix = xgboost.DMatrix(rows, label, feature_names=list(names), nthread=1)
booster = xgboost.train({"objective": "binary:logistic", "max_depth": 6, "seed": 1, "nthread": 1}, matrix, 100)
booster.save_model(folder / "model.json")
model = boosters.load(folder / "model.json", "xgboost_json", names)
def by_itself(some):
    return booster.predict(xgboost.DMatrix(some, feature_names=list(names), nthread=1), pred_contribs=True)
"""
LIGHTGBM = """
import lightgbm
settings = {"objective": "binary", "num_leaves": 63, "seed": 1, "num_threads": 1, "verbose": -1}
booster = lightgbm.train(settings, lightgbm.Dataset(rows, label, feature_name=list(names)), 100)
(folder / "model.txt").write_text(booster.model_to_string())
model = boosters.load(folder / "model.txt", "lightgbm_text", names)
def by_itself(some):
    return booster.predict(some, pred_contrib=True, num_threads=1)
"""
COMPARED = f"""
import shap
def taken(explain):
    began = time.process_time()
    found = explain()
    return time.process_time() - began, np.asarray(found)
explainer, some = shap.TreeExplainer(booster), rows[:{EXPLAINED}]
ways = [explainer.shap_values, by_itself, model.contributions]
for way in ways:
    way(some[:50])
begin()
turns = [[taken(lambda: way(some)) for way in ways] for _ in range(5)]
theirs, native, ours = zip(*turns)
difference = float(np.abs(ours[0][1][:, :-1] - theirs[0][1]).max())
end([*(min(each[0] for each in way) for way in (theirs, native, ours)), difference])
"""
RANKED = f"""
from scipy.stats import spearmanr
begin()
whole = np.abs(model.contributions(rows)[:, :-1])
ranks = whole.mean(axis=0)
drawn = [whole[rng.choice({WHOLE}, {EXPLAINED}, replace=False)].mean(axis=0) for _ in range(100)]
top = set(np.argsort(-ranks)[:10])
end([[1 - spearmanr(ranks, each).statistic for each in drawn], [len(top & set(np.argsort(-each)[:10])) for each in drawn]])
"""


def bench_explanation() -> Iterator[Figure]:
    """Seconds of a processor, the quickest of five turns of 2,000 rows; the sample's error over a hundred samples.

    Beside SHAP's explainer, and beside the contributions that the library itself hands out.
    """
    with tempfile.TemporaryDirectory(prefix="senim-bench-explanation-") as folder:
        for name, fitted in (("xgboost", XGBOOST), ("lightgbm", LIGHTGBM)):
            theirs, native, ours, difference = apart.told(MAKE + fitted + COMPARED, folder)["values"]
            yield Figure(f"explanation_{name}_largest_difference_to_shap", difference, "", goal=0)
            yield Figure(f"explanation_{name}_cost_beside_shap", ours / theirs, "×", goal=1.05)
            yield Figure(f"explanation_{name}_cost_beside_the_library", ours / native, "×", goal=1.05)
        errors, kept = apart.told(MAKE + XGBOOST + RANKED, folder)["values"]
    yield Figure("explanation_of_2000_rows_rank_error_at_most", max(errors), "1 − ρ", goal=0.005)
    yield Figure("explanation_of_2000_rows_kept_of_top_10_at_least", min(kept), "features")
