"""How each published set is handed in: its own columns and codings, and what its publication did to its rows.

Where a publication fitted a model and printed no decisions, the same model is fitted here and its decisions are handed in
as a column, as a participant whose model runs at home would hand them in. No figure is computed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from tests.monitoring.truth.asking import Question
from tests.reference import of_set

AS_EVIDENTLY = {"numeric_method": "evidently", "categorical_method": "evidently"}
QUESTIONS: dict[str, Callable[[], Question]] = {}


def question(make: Callable[[], Question]) -> Callable[[], Question]:
    QUESTIONS[make.__name__] = make
    return make


def rows_of(name: str) -> pd.DataFrame:
    return pd.read_parquet(of_set(name))


@question
def fairlearn_guide() -> Question:
    """The eighteen rows of Fairlearn's guide, as CSV; its smallest group has four."""
    rows = {
        "y_true": [0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1],
        "y_pred": [0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0],
        "group": list("bbabbcccaacabccbcc"),
    }
    roles = {"label": "y_true", "prediction": "y_pred", "sensitive": ["group"]}
    return Question(pd.DataFrame(rows), roles=roles, checks={"fairness": {"minimum_group": 1}}, as_csv=True)


@question
def adult_tree() -> Question:
    from sklearn.tree import DecisionTreeClassifier

    rows = rows_of("adult/data.parquet")
    known = pd.get_dummies(rows.drop(columns="class"))
    tree = DecisionTreeClassifier(min_samples_leaf=10, max_depth=4).fit(known, rows["class"])
    roles = {"label": "class", "prediction": "said", "sensitive": ["sex"], "favourable": ">50K"}
    return Question(rows.assign(said=tree.predict(known)), roles=roles, checks={"fairness": {}})


@question
def adult_drift() -> Question:
    return _adult(AS_EVIDENTLY, None)


@question
def adult_psi() -> Question:
    return _adult({}, ["education"])


def _adult(limits: dict[str, str], features: list[str] | None) -> Question:
    rows = rows_of("adult/data.parquet")
    now = rows.education.isin(["Some-college", "HS-grad", "Bachelors"])
    roles = _features(rows, features or list(rows))
    return Question(rows[now], rows[~now], roles=roles, checks={"drift": limits})


def _features(rows: pd.DataFrame, names: list[str]) -> dict[str, list[str]]:
    """The features, and that columns of words are categories."""
    words = [name for name in names if not pd.api.types.is_numeric_dtype(rows[name])]
    return {"features": names, "categorical": words}


COMPAS = {"label": "two_year_recid", "score": "decile_score", "favourable": "0", "sensitive": ["race"]}


@question
def compas() -> Question:
    """The file as it comes. The favourable answer is a score below the threshold: "will not offend again"."""
    file = of_set("compas/two_years.parquet")
    return Question(file, roles=COMPAS, checks={"fairness": {}}, threshold=5)


@question
def compas_high() -> Question:
    file = of_set("compas/two_years.parquet")
    return Question(file, roles=COMPAS, checks={"fairness": {}}, threshold=8)


@question
def compas_two_races() -> Question:
    rows = rows_of("compas/two_years.parquet")
    rows = rows[rows.race.isin(["African-American", "Caucasian"])]
    return Question(rows, roles=COMPAS, checks={"fairness": {}}, threshold=5)


@question
def compas_filtered() -> Question:
    """ProPublica's filter: screened within 30 days of the arrest, and three codes left out."""
    rows = rows_of("compas/two_years.parquet")
    kept = rows.days_b_screening_arrest.between(-30, 30) & (rows.is_recid != -1)
    kept &= (rows.c_charge_degree != "O") & (rows.score_text != "N/A")
    return Question(rows[kept], roles=COMPAS, checks={"fairness": {}}, threshold=5)


@question
def compas_violent() -> Question:
    return Question(of_set("compas/two_years_violent.parquet"), roles=COMPAS)


@question
def loanapp() -> Question:
    """The decisions are those of the bank itself."""
    roles = {"prediction": "approve", "sensitive": ["white", "male", "old", "suffolk"]}
    return Question(of_set("loanapp/data.parquet"), roles=roles, checks={"fairness": {}})


@question
def german() -> Question:
    """Age is cut as the two publications cut it: groups are values of a column."""
    rows = rows_of("german_credit/data.parquet")
    cuts = {
        "above_25": np.where(rows.age > 25, "older", "25 or younger"),
        "from_25": np.where(rows.age >= 25, "25 or older", "younger"),
    }
    roles = {"prediction": "good_credit", "sensitive": [*cuts, "sex"]}
    return Question(rows.assign(**cuts), roles=roles, checks={"fairness": {}})


def _logistic(rows: pd.DataFrame, label: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fitted on seven tenths, words as numbers, not converged; both parts with its decisions in `said`."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import LabelEncoder

    known = rows.drop(columns=label)
    for name in known.columns[[not pd.api.types.is_numeric_dtype(each) for each in known.dtypes]]:
        known[name] = LabelEncoder().fit_transform(known[name])
    train, test = train_test_split(np.arange(len(rows)), test_size=0.3, random_state=42)
    model = LogisticRegression().fit(known.iloc[train], rows[label].iloc[train])
    said = rows.assign(said=model.predict(known))
    return said.iloc[train], said.iloc[test]


@question
def bank_regression() -> Question:
    rows = rows_of("bank_marketing/data.parquet").drop(columns=["row_id", "contact_date"])
    before, now = _logistic(rows, "y")
    roles = {"label": "y", "prediction": "said", "sensitive": ["marital"]}
    return Question(now, before, roles=roles, checks={"fairness": {}, "performance": {}})


@question
def bank_drift() -> Question:
    before, now = _bank_periods()
    left_out = {"row_id", "contact_date", "day", "month", "duration"}
    features = [name for name in before if name not in left_out]
    return Question(now, before, roles=_features(before, features), checks={"drift": AS_EVIDENTLY})


@question
def bank_before() -> Question:
    return Question(_bank_periods()[0], roles=SUBSCRIBED, checks={"fairness": {}})


@question
def bank_after() -> Question:
    return Question(_bank_periods()[1], roles=SUBSCRIBED, checks={"fairness": {}})


SUBSCRIBED = {"prediction": "y", "sensitive": ["marital"]}


def _bank_periods() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = rows_of("bank_marketing/data.parquet")
    return rows[rows.contact_date < "2008-11-01"], rows[rows.contact_date >= "2009-05-01"]


@question
def taiwan_regression() -> Question:
    before, now = _logistic(rows_of("taiwan_default/data.parquet"), "default_next_month")
    roles = {"label": "default_next_month", "prediction": "said", "favourable": "0"}
    return Question(now, before, roles=roles, checks={"performance": {}})


@question
def taiwan() -> Question:
    """What happened, counted as if it were decided: the share of those who did not pay."""
    roles = {"prediction": "default_next_month", "sensitive": ["SEX"]}
    return Question(of_set("taiwan_default/data.parquet"), roles=roles, checks={"fairness": {}})


def _artefact(name: str, file: str) -> dict[str, Any]:
    import json

    card = json.loads(of_set(f"models/{name}/card.json").read_text())
    return {
        "artefact": of_set(f"models/{name}/{file}"),
        "features": tuple(card["features"]),
        "threshold": card["threshold"],
    }


@question
def taiwan_model() -> Question:
    """The rows that the model was not trained on, scored by its artefact."""
    tested = rows_of("models/taiwan_default_lgbm/predictions.parquet").row_id
    rows = rows_of("taiwan_default/data.parquet").set_index("row_id").loc[tested].reset_index()
    roles = {"label": "default_next_month", "sensitive": ["SEX"]}
    checks: dict[str, dict[str, Any]] = {"fairness": {}, "explanation": {}}
    return Question(rows, roles=roles, checks=checks, **_artefact("taiwan_default_lgbm", "model.txt"))


@question
def hmda() -> Question:
    """The notebook's split. Race and sex come as flags, empty where nobody said; two columns say them in words."""
    rows = rows_of("hmda_2018/labelled.parquet")
    for name, flags in (("race", ["black", "asian", "white"]), ("sex", ["male", "female"])):
        rows[name] = None
        for flag in flags:
            rows.loc[(rows[flag] == 1).fillna(False), name] = flag
    train = np.random.RandomState(12345).rand(len(rows)) < 0.7
    sensitive = ["black", "asian", "white", "male", "female", "race", "sex"]
    roles = {"label": "high_priced", "favourable": "0", "sensitive": sensitive}
    checks: dict[str, dict[str, Any]] = {"fairness": {}, "performance": {}, "explanation": {}}
    artefact = _artefact("hmda_highpriced_xgb", "model.json")
    return Question(rows[~train], rows[train], roles=roles, checks=checks, **artefact)


def _printed(**matrices: tuple[int, int, int, int]) -> Question:
    """Rows that give these printed matrices (TP, FP, FN, TN; positive = high-priced), and no others."""
    kinds = [(1, 1), (0, 1), (1, 0), (0, 0)]
    rows = [
        (group, *kind)
        for group, counts in matrices.items()
        for kind, n in zip(kinds, counts, strict=True)
        for _ in range(n)
    ]
    frame = pd.DataFrame(rows, columns=["group", "high_priced", "said"])
    roles = {"label": "high_priced", "prediction": "said", "favourable": "0", "sensitive": ["group"]}
    return Question(frame, roles=roles, checks={"fairness": {}}, as_csv=True)


@question
def hmda_printed_races() -> Question:
    return _printed(black=(447, 809, 217, 1719), asian=(94, 161, 54, 2941), white=(1809, 5461, 1356, 25899))


@question
def hmda_printed_sexes() -> Question:
    return _printed(male=(957, 2771, 707, 11397), female=(792, 1932, 448, 6860))


EMPLOYMENT = {"label": "employed", "prediction": "prediction", "score": "predicted_probability"}
ANSWERED = (
    *("AGEP", "SCHL", "MAR", "RELP", "DIS", "ESP", "CIT", "MIG", "MIL", "ANC", "NATIVITY", "DEAR", "DEYE"),
    *("DREM", "SEX", "RAC1P", "employed"),
)


def _employment(chunk: int | None = None, **asked: Any) -> Question:
    """The reference of 2015 against the whole analysis period, or a chunk of 5,000 of its rows."""
    rows = rows_of("employment_ma/data.parquet")
    before, now = (rows[rows.period == part] for part in ("reference", "analysis"))
    now = now if chunk is None else now.iloc[chunk * 5000 :].head(5000)
    return Question(now, before, **asked)


@question
def employment() -> Question:
    return _employment(roles={**EMPLOYMENT, "sensitive": ["SEX"]}, checks={"fairness": {}})


def _chunk(chunk: int) -> Question:
    """NannyML's own methods for the chunk: the realised area, and Jensen-Shannon of categories."""
    categories = ["RELP", "SCHL"]
    roles = {**EMPLOYMENT, "features": categories, "categorical": categories}
    checks = {"performance": {}, "drift": {"categorical_method": "jensenshannon"}}
    return _employment(chunk, roles=roles, checks=checks)


@question
def employment_27() -> Question:
    return _chunk(27)


@question
def employment_28() -> Question:
    return _chunk(28)


@question
def employment_shares() -> Question:
    """The chunk in which one kind of household suddenly makes up most: how far the groups have moved."""
    roles = {**EMPLOYMENT, "sensitive": ["RELP"]}
    return _employment(27, roles=roles, checks={"quality": {}})


def _by_evidently(chunk: int) -> Question:
    """Whole numbers of at most ten values are categories to Evidently; the columns say so here."""
    categories = [name for name in ANSWERED if name not in ("AGEP", "SCHL", "RELP")]
    return _employment(
        chunk, roles={"features": ANSWERED, "categorical": categories}, checks={"drift": AS_EVIDENTLY}
    )


@question
def employment_evidently_27() -> Question:
    return _by_evidently(27)


@question
def employment_evidently_0() -> Question:
    return _by_evidently(0)


@question
def elec2() -> Question:
    """The no-change classifier: what the price did half an hour ago. The first row has nothing before it."""
    rows = rows_of("elec2/data.parquet")
    rows = rows.assign(said=rows.price_up.shift())
    roles = {"label": "price_up", "prediction": "said"}
    return Question(rows, rows[rows.ts < "1997-05-01"], roles=roles, checks={"performance": {}})


@question
def elec2_drift() -> Question:
    rows = rows_of("elec2/data.parquet")
    then = rows.ts < "1997-05-01"
    features = ["nswprice", "nswdemand", "vicprice", "vicdemand", "transfer", "price_up"]
    return Question(rows[~then], rows[then], roles={"features": features}, checks={"drift": AS_EVIDENTLY})


@question
def banking77() -> Question:
    files = [of_set(f"banking77/{part}.parquet") for part in ("test", "train")]
    return Question(*files, roles={"label": "category"})


@question
def eth_fraud() -> Question:
    """What the accounts turned out to be, counted as if it were decided."""
    roles = {"label": "flag", "prediction": "flag", "favourable": "0", "features": ["total_erc20_tnxs"]}
    rows = of_set("eth_fraud/data.parquet")
    return Question(rows, rows, roles=roles, checks={"performance": {}})


@question
def macro_kz() -> Question:
    series = [name for name in rows_of("macro_kz/data.parquet") if name != "quarter_end"]
    return Question(of_set("macro_kz/data.parquet"), roles={"time": "quarter_end", "features": series})


@question
def factors_kz() -> Question:
    """What became of the borrowers, by whether their statements are audited."""
    roles = {"prediction": "Default", "sensitive": ["AuditSt"]}
    return Question(of_set("factors_kz/data.parquet"), roles=roles, checks={"fairness": {}})


@question
def ticks() -> Question:
    """A rule calls a print of SPY suspicious that lies 1 % off the median; the vendor's flag is the outcome."""
    rows = rows_of("equities/ticks.parquet")
    median = rows.groupby("symbol").price.transform("median")
    rows = rows.assign(said=((rows.price / median - 1).abs() > 0.01).astype(int))
    roles = {"label": "suspicious", "prediction": "said"}
    now, before = rows[rows.symbol == "SPY"], rows[rows.symbol == "IBM"]
    return Question(now, before, roles=roles, checks={"performance": {}})
