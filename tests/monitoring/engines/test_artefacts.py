"""An artefact is what its content says, whatever its name; what could run code or crash a library is refused."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from governance.inventory.artefacts import HEAD_BYTES, RefusedArtefact, describe_bytes, sniff
from monitoring.engines.artefacts import inspect
from monitoring.engines.refusals import Refused

from .conftest import FEATURES, Trained


class Evil:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("open('it-ran', 'w').close()",))


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return held.getvalue()


def onnx_model() -> bytes:
    """A model of one node and one input "income", written by hand in protobuf's wire format."""
    name = b"\x0a\x06income"
    graph = b"\x0a\x02\x22\x00" + b"\x5a" + bytes([len(name)]) + name
    return b"\x08\x08" + b"\x3a" + bytes([len(graph)]) + graph + b"\x42\x02\x10\x11"


def test_xgboost_and_lightgbm_name_their_features(xgboost_model: Trained, lightgbm_model: Trained) -> None:
    found = [
        inspect(xgboost_model.path),
        inspect(xgboost_model.path.with_suffix(".ubj")),
        inspect(lightgbm_model.path),
    ]

    assert [each.format for each in found] == ["xgboost_json", "xgboost_ubj", "lightgbm_text"]
    assert {each.features for each in found} == {FEATURES}
    assert [each.objective for each in found] == ["binary:logistic", "binary:logistic", "binary"]
    assert {(each.classes, each.opened) for each in found} == {(2, True)}


def test_onnx_names_its_inputs(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(onnx_model())

    found = inspect(tmp_path / "model.onnx")

    assert (found.format, found.features, found.opened) == ("onnx", ("income",), False)


def test_skops_with_reviewed_types_is_accepted_and_others_are_not(tmp_path: Path) -> None:
    import skops.io
    from sklearn.linear_model import LogisticRegression

    skops.io.dump(LogisticRegression().fit([[0], [1]], [0, 1]), tmp_path / "good.skops")
    skops.io.dump(Path("x"), tmp_path / "strange.skops")

    assert inspect(tmp_path / "good.skops").format == "skops"
    with pytest.raises(Refused) as refused:
        inspect(tmp_path / "strange.skops")
    assert refused.value.rule == "unreviewed_types"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("name", ["model.json", "model.ubj", "model.txt", "model.onnx", "model.skops"])
def test_a_pickle_is_refused_under_every_name_and_never_runs(
    tmp_path: Path, name: str, protocol: int
) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Evil(), protocol))

    with pytest.raises(Refused) as refused:
        inspect(tmp_path / name)

    assert refused.value.rule == "pickle"
    assert not Path("it-ran").exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [{"a": 1}, [1], (1, 2), {}, []])
def test_harmless_pickles_are_pickles_too(value: Any, protocol: int) -> None:
    with pytest.raises(RefusedArtefact):
        describe_bytes(pickle.dumps(value, protocol), "model.json")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (gzip.compress(b"x"), "compressed"),
        (b"x\x9c\x00", "compressed"),
        (b"\x89HDF\r\n", "hdf5"),
        (b"binf\x00", "xgboost_binary"),
        (zipped(**{"archive/data__pkl": b"x"}), "torch"),
        (zipped(config__json=b"{}"), "archive"),
        (zipped(schema__json=b"{}"), "archive"),
        (zipped(schema__json=b"{}", run__py=b""), "strange_members"),
        (b"PK\x03\x04junk", "broken_archive"),
        (b"import os\n", "unknown_format"),
        (b"\x08\x08\xff\xff", "unknown_format"),
        (b"{}", "not_xgboost"),
        (b"{", "broken_json"),
        (b'{"a":' * 100_000, "broken_json"),
        (b'{"learner": 1}', "not_xgboost"),
        (b"tree\nversion=v4\n", "not_lightgbm"),
        (b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner{", "broken_json"),
        (b"{L\x7f\xff\xff\xff\xff\xff\xff\xfflearner", "broken_json"),
    ],
)
def test_what_is_no_model_is_refused_by_name(tmp_path: Path, content: bytes, rule: str) -> None:
    (tmp_path / "model.json").write_bytes(content)

    with pytest.raises(Refused) as refused:
        inspect(tmp_path / "model.json")

    assert refused.value.rule == rule


def out_of_the_tree(model: Any) -> None:
    model["learner"]["gradient_booster"]["model"]["trees"][0]["left_children"][0] = 99_999


def a_circle(model: Any) -> None:
    model["learner"]["gradient_booster"]["model"]["trees"][0]["left_children"][1] = 0


def a_feature_that_is_not_there(model: Any) -> None:
    model["learner"]["gradient_booster"]["model"]["trees"][3]["split_indices"][0] = 9


def too_few_nodes(model: Any) -> None:
    model["learner"]["gradient_booster"]["model"]["trees"][0]["split_conditions"].pop()


@pytest.mark.parametrize("damage", [out_of_the_tree, a_circle, a_feature_that_is_not_there, too_few_nodes])
def test_an_xgboost_tree_that_leads_out_of_the_model_is_refused(
    xgboost_model: Trained, damage: Callable[[Any], None]
) -> None:
    model = json.loads(xgboost_model.path.read_bytes())
    damage(model)

    with pytest.raises(RefusedArtefact) as refused:
        describe_bytes(json.dumps(model).encode())

    assert refused.value.rule == "unsound_trees"


@pytest.mark.parametrize("line", ["left_child=", "split_feature="])
def test_a_lightgbm_tree_that_leads_out_of_the_model_is_refused(lightgbm_model: Trained, line: str) -> None:
    text = lightgbm_model.path.read_text()
    start = text.index(line) + len(line)
    damaged = text[:start] + "99999" + text[text.index(" ", start) :]

    with pytest.raises(RefusedArtefact) as refused:
        describe_bytes(damaged.encode())

    assert refused.value.rule == "unsound_trees"


@pytest.mark.parametrize(
    "grown",
    [
        {"tree_method": "exact", "gamma": 5, "max_depth": 6},
        {"booster": "dart", "rate_drop": 0.3},
        {"booster": "gblinear"},
        {"num_parallel_tree": 3},
        {"grow_policy": "lossguide", "max_leaves": 9},
        {"gamma": 1e9},
    ],
)
@pytest.mark.parametrize("suffix", [".json", ".ubj"])
def test_every_kind_of_model_that_xgboost_grows_is_sound(
    applications: pd.DataFrame, tmp_path: Path, grown: dict[str, Any], suffix: str
) -> None:
    import xgboost

    matrix = xgboost.DMatrix(applications[["hrat", "price"]], applications.approve)
    common = {"objective": "binary:logistic", "nthread": 1}
    xgboost.train({**common, **grown}, matrix, 5).save_model(tmp_path / f"model{suffix}")

    assert inspect(tmp_path / f"model{suffix}").features == ("hrat", "price")


def test_splits_on_categories_are_sound(applications: pd.DataFrame, tmp_path: Path) -> None:
    import lightgbm
    import xgboost

    rows = applications[["hrat"]].assign(cons=applications.cons.astype("category"))
    matrix = xgboost.DMatrix(rows, applications.approve, enable_categorical=True)
    settings = {"objective": "binary:logistic", "nthread": 1, "max_cat_to_onehot": 2}
    xgboost.train(settings, matrix, 5).save_model(tmp_path / "model.json")
    data = lightgbm.Dataset(rows, applications.approve)
    settings = {"objective": "binary", "num_threads": 1, "verbose": -1, "min_data_per_group": 5}
    lightgbm.train(settings, data, 5).save_model(tmp_path / "model.txt")

    assert {inspect(tmp_path / name).features for name in ("model.json", "model.txt")} == {("hrat", "cons")}


@pytest.mark.parametrize(
    "grown",
    [
        {"boosting": "rf", "bagging_fraction": 0.5, "bagging_freq": 1},
        {"linear_tree": True},
        {"min_gain_to_split": 1e9},
    ],
)
def test_every_kind_of_model_that_lightgbm_grows_is_sound(
    applications: pd.DataFrame, tmp_path: Path, grown: dict[str, Any]
) -> None:
    import lightgbm

    data = lightgbm.Dataset(applications[["hrat", "price"]].to_numpy(float), applications.approve)
    common = {"objective": "binary", "num_threads": 1, "verbose": -1}
    lightgbm.train({**common, **grown}, data, 5).save_model(tmp_path / "model.txt")

    found = inspect(tmp_path / "model.txt")

    assert (found.classes, found.features) == (2, ()), "columns that LightGBM numbered have no names"


@pytest.mark.parametrize("cut", [1, 10, 1_000])
def test_a_model_cut_short_is_refused(xgboost_model: Trained, cut: int) -> None:
    for path in (xgboost_model.path, xgboost_model.path.with_suffix(".ubj")):
        with pytest.raises(RefusedArtefact) as refused:
            describe_bytes(path.read_bytes()[:-cut])
        assert refused.value.rule == "broken_json"


def test_the_first_bytes_are_enough_to_tell_a_format(xgboost_model: Trained, lightgbm_model: Trained) -> None:
    paths = (xgboost_model.path, xgboost_model.path.with_suffix(".ubj"), lightgbm_model.path)

    assert [sniff(path.read_bytes()[:HEAD_BYTES]) for path in paths] == [
        "xgboost_json",
        "xgboost_ubj",
        "lightgbm_text",
    ]


def test_telling_formats_apart_needs_no_science_library() -> None:
    code = (
        "import sys, governance.inventory.artefacts\n"
        "heavy = {'numpy', 'xgboost', 'lightgbm', 'skops', 'sklearn', 'pyarrow', 'django'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
