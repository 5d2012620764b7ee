"""Evidently's own report of drift as the page that Evidently makes: explicit ValueDrift metrics, never the preset.

Evidently writes names and values of the data into a script as they are. `disarm` writes them as JSON may, so that no name ends
the script; who has no place to do that makes no report.
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from monitoring.engines.columns import Pair, paired
from monitoring.engines.drift_rule import P_VALUES, PSI_DECILES, Rule, evidently_takes
from monitoring.engines.evidently_report import p_value
from monitoring.engines.preload import quieten
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.roles import there
from monitoring.engines.versions import versions
from monitoring.engines.windows import chosen_rows, require_columns, row_count

if TYPE_CHECKING:
    import numpy as np

MOST_ROWS = 200_000
MOST_VALUES = 20_000_000
"""Of one period: of more than a hundred columns fewer rows are drawn, or the report takes more memory than a worker has."""
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class CannotDisarm(Exception):
    """This release of Evidently writes its page in another way than the one that was looked at."""


def disarm() -> None:
    """Have Evidently write its data so that nothing in them ends its script. Twice changes nothing. Raises CannotDisarm."""
    quieten()
    from evidently.legacy.utils import dashboard

    if getattr(dashboard, "json", None) is json:
        dashboard.json = SimpleNamespace(dumps=_harmless, loads=json.loads)
    if getattr(getattr(dashboard, "json", None), "dumps", None) is not _harmless:
        raise CannotDisarm
    if "<" in dashboard.dashboard_info_to_json(dashboard.DashboardInfo(name="</script>", widgets=[])):
        raise CannotDisarm


def _harmless(*given: Any, **more: Any) -> str:
    return json.dumps(*given, **more).translate(ESCAPED)


def report(
    reference: Path,
    current: Path,
    *,
    features: Sequence[str],
    categorical: Sequence[str],
    rule: Rule,
    seed: int,
    roles: Mapping[str, str] | None = None,
    progress: Callable[[int, str], None] = lambda percent, phase: None,
) -> dict[str, Any]:
    """JSON-ready: html; rows of both periods, as they are and as drawn; and of each feature what Evidently found.

    roles: column by role; of those that both periods have a value of the same is told, with the role beside it. left_out: columns
    that hold numbers in one period and text in the other, and features without a value in one of them.
    Raises MissingColumns, CannotMeasure, CannotDisarm.
    """
    disarm()
    types = [
        require_columns(path, list(features), where)
        for path, where in ((reference, "reference"), (current, "current"))
    ]
    role_of = there(roles or {}, *types)
    rows = {"reference": row_count(reference), "current": row_count(current)}
    columns = dict.fromkeys(features, "") | role_of
    budget = min(MOST_ROWS, MOST_VALUES // max(len(columns), 1))
    chosen = [chosen_rows(each, budget, seed) for each in rows.values()]
    pairs = {
        name: paired(reference, current, name, chosen, categorical=name in categorical, role=role)
        for name, role in columns.items()
    }
    valued = {name: pair for name, pair in pairs.items() if len(pair.reference) and len(pair.current)}
    told = {name: pair for name, pair in valued.items() if pair.kind != "incomparable"}
    if not told.keys() - role_of.keys():
        raise CannotMeasure("no_features")
    progress(40, "drift")
    html, found = _made(list(told.values()), rule)
    return {
        "html": html,
        "rows": rows,
        "drawn": {name: min(n, budget) for name, n in rows.items()},
        "seed": seed,
        "features": [each for each in found if each["feature"] not in role_of],
        "roles": [{**each, "role": role_of[each["feature"]]} for each in found if each["feature"] in role_of],
        "left_out": [
            name for name in columns if name not in told and (name in valued or name not in role_of)
        ],
        "libraries": versions("evidently", "pandas", "numpy", "scipy"),
    }


def _made(pairs: Sequence[Pair], rule: Rule) -> tuple[str, list[dict[str, Any]]]:
    """Evidently's page, and per column its method, threshold, score and verdict."""
    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    metrics = [ValueDrift(**_asked(pair, rule)) for pair in pairs]
    kinds = DataDefinition(
        numerical_columns=[each.name for each in pairs if each.kind == "numeric"],
        categorical_columns=[each.name for each in pairs if each.kind != "numeric"],
    )

    def period(values: Callable[[Pair], np.ndarray]) -> Dataset:
        """Columns side by side; of which row a value was does not matter to any of them."""
        return Dataset.from_pandas(
            pd.DataFrame({each.name: pd.Series(values(each)) for each in pairs}), kinds
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        snapshot = Report(metrics, include_tests=True).run(
            period(lambda pair: pair.current), period(lambda pair: pair.reference)
        )
        html = snapshot.get_html_str(as_iframe=False)
    return html, _found(json.loads(snapshot.json()))


IN_PLACE = {PSI_DECILES: "psi", "g_test": "chisquare", "fisher_exact": "chisquare"}
"""What Evidently's page is asked for where it has no such method, or answers only for as many rows in both periods."""
NOT_ALWAYS = ("anderson", "cramer_von_mises", "t_test", "es")
"""Without an answer where values hardly vary or are too few, and then there would be no page; Kolmogorov-Smirnov has one."""


def _asked(pair: Pair, rule: Rule) -> dict[str, Any]:
    """As the plan asks, or what comes nearest; the page names its method itself."""
    method = rule.method_of(pair.name, pair.kind)
    method = method or evidently_takes(pair.kind, len(pair.reference), pair.values)
    threshold = rule.threshold_of(pair.name, method, pair.kind)
    method = IN_PLACE.get(method, method)
    if method in P_VALUES and pair.is_constant:
        method = "ks" if pair.kind == "numeric" else "z"
    elif method in NOT_ALWAYS and math.isnan(p_value(pair.reference, pair.current, method)):
        method = "ks"
    return {"column": pair.name, "method": method, "threshold": threshold}


def _found(answer: dict[str, Any]) -> list[dict[str, Any]]:
    failed = {each["metric_config"]["metric_id"]: each["status"] == "FAIL" for each in answer["tests"]}
    return [
        {
            "feature": each["config"]["column"],
            "method": each["config"]["method"],
            "threshold": each["config"]["threshold"],
            "score": float(each["value"]),
            "drifted": failed[each["id"]],
        }
        for each in answer["metrics"]
    ]
