"""Are the trees of a model sound? Their libraries follow a node's children without looking where they lead.

A node number outside its tree makes XGBoost and LightGBM read foreign memory, so such a file is refused
before either opens it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NO_CHILD = -1
MOST_FIELDS = 1_000
XGBOOST_PER_NODE = (
    "left_children",
    "right_children",
    "parents",
    "split_indices",
    "split_conditions",
    "default_left",
    "split_type",
    "base_weights",
)


def sound_xgboost(learner: Mapping[str, Any]) -> bool:
    """Whether every child, feature and category of a decoded XGBoost learner lies inside its model.

    Raises KeyError, TypeError or ValueError when the document is of another shape.
    """
    features = int(learner["learner_model_param"]["num_feature"])
    booster = learner["gradient_booster"]
    if booster["name"] == "gblinear":
        return True
    model = booster["gbtree"]["model"] if booster["name"] == "dart" else booster["model"]
    trees = model["trees"]
    named = len(learner.get("feature_names") or []) in (0, features)
    counted = len(model["tree_info"]) == len(trees) == int(model["gbtree_model_param"]["num_trees"])
    return named and counted and all(_sound_xgboost_tree(tree, features) for tree in trees)


def _sound_xgboost_tree(tree: Mapping[str, Any], features: int) -> bool:
    nodes = int(tree["tree_param"]["num_nodes"])
    if nodes < 1 or any(len(tree[key]) != nodes for key in XGBOOST_PER_NODE):
        return False
    splits = zip(tree["left_children"], tree["split_indices"], strict=True)
    inside = all(0 <= feature < features for child, feature in splits if child != NO_CHILD)
    return (
        inside and _sound_categories(tree, nodes) and _is_tree(tree["left_children"], tree["right_children"])
    )


def _sound_categories(tree: Mapping[str, Any], nodes: int) -> bool:
    places = list(zip(tree["categories_segments"], tree["categories_sizes"], strict=True))
    whole = len(tree["categories"])
    return (
        len(tree["categories_nodes"]) == len(places)
        and all(0 <= node < nodes for node in tree["categories_nodes"])
        and all(start >= 0 and size >= 0 and start + size <= whole for start, size in places)
    )


def _is_tree(left: Sequence[int], right: Sequence[int]) -> bool:
    """Each node has two children or none, no child is the root, and no two nodes share one."""
    children = []
    for one, other in zip(left, right, strict=True):
        if (one == NO_CHILD) != (other == NO_CHILD):
            return False
        if one != NO_CHILD:
            children += [one, other]
    return len(set(children)) == len(children) and all(0 < child < len(left) for child in children)


def sound_lightgbm(text: str, features: int) -> bool:
    """Whether every split of a LightGBM text model names a feature, node and leaf that exist.

    Raises KeyError or ValueError when the document is of another shape.
    """
    blocks = text.split("\nend of trees")[0].split("\nTree=")[1:]
    return bool(blocks) and all(_sound_lightgbm_tree(fields(block), features) for block in blocks)


def fields(block: str) -> dict[str, str]:
    """The lines `name=value` of one block of a LightGBM text model. Raises ValueError for more than any block has."""
    if block.count("\n") > MOST_FIELDS:
        raise ValueError
    return dict(line.split("=", 1) for line in block.splitlines() if "=" in line)


def _sound_lightgbm_tree(tree: Mapping[str, str], features: int) -> bool:
    leaves = int(tree["num_leaves"])
    if leaves < 1 or len(tree["leaf_value"].split()) != leaves:
        return False
    if leaves == 1:
        return True
    if int(tree.get("num_cat", "0")) != 0:
        return _sound_lightgbm_categories(tree) and _sound_splits(tree, leaves, features)
    return _sound_splits(tree, leaves, features)


def _sound_splits(tree: Mapping[str, str], leaves: int, features: int) -> bool:
    """Children: node numbers from 0, leaves as -1, -2, …; every node and leaf is reached exactly once."""
    splits, left, right = (
        [int(each) for each in tree[key].split()] for key in ("split_feature", "left_child", "right_child")
    )
    sized = all(len(tree[key].split()) == leaves - 1 for key in ("threshold", "decision_type"))
    reached = sorted([*left, *right])
    expected = [*range(-leaves, 0), *range(1, leaves - 1)]
    named = len(splits) == len(left) == len(right) == leaves - 1
    return named and sized and reached == expected and all(0 <= each < features for each in splits)


def _sound_lightgbm_categories(tree: Mapping[str, str]) -> bool:
    bounds = [int(each) for each in tree["cat_boundaries"].split()]
    words = len(tree["cat_threshold"].split())
    return (
        len(bounds) == int(tree["num_cat"]) + 1
        and bounds == sorted(bounds)
        and bounds[0] == 0
        and bounds[-1] <= words
    )
