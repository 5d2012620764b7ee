"""What is handed in as an artefact, judged by its content; every refusal says its rule in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken
from governance.inventory import artefacts
from governance.inventory.artefacts import ArtefactFacts, RefusedArtefact

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RULES: Mapping[str, StrOrPromise] = {
    "empty": _("The file is empty."),
    "pickle": _(
        "This is a pickle, whatever its name says. Opening a pickle runs the code in it, so it is never accepted."
        " Save the model in one of the formats listed here."
    ),
    "torch": _("This archive holds a pickle (as torch files do). Export the model to ONNX."),
    "compressed": _(
        "The file is compressed, as joblib files are. Hand in the model itself, in one of the formats listed here."
    ),
    "hdf5": _("HDF5 (Keras) can carry code. Export the model to ONNX."),
    "xgboost_binary": _("The old binary format of XGBoost is not accepted. Save the model as JSON or UBJ."),
    "archive": _("The archive is not a skops file."),
    "broken_archive": _("The archive cannot be read."),
    "strange_members": _("The archive holds files that no skops file has."),
    "unpacks_too_large": _("The archive unpacks to more than is accepted."),
    "broken_json": _("The file begins like JSON but is not valid JSON."),
    "model_too_large": _("A model of this size is not accepted."),
    "unsound_trees": _("Its trees point outside themselves; the library that reads them would crash."),
    "not_xgboost": _("The file is JSON, but not a model of XGBoost."),
    "not_lightgbm": _("The file begins like a model of LightGBM but is not one."),
    "unknown_format": _("The content is in none of the formats listed here."),
}
NO_ARTEFACT = ArtefactFacts("none")


def judged(artefact: BinaryIO | None, name: str) -> ArtefactFacts:
    """The format of an artefact and the features it names. Raises RuleBroken."""
    if artefact is None:
        return NO_ARTEFACT
    artefact.seek(0)
    try:
        return artefacts.describe(artefact, name)
    except RefusedArtefact as refused:
        what = RULES.get(refused.rule, RULES["unknown_format"])
        raise RuleBroken(problems=[Problem("artefact", what)]) from refused


def features_of(facts: ArtefactFacts, given: Sequence[str]) -> list[str]:
    """The features in order: those the artefact names, else those given. Raises RuleBroken.

    An ONNX model with one input names a tensor there, not a feature.
    """
    stated = [each.strip() for each in given if each.strip()]
    named = [] if facts.format == artefacts.ONNX and len(facts.features) < 2 else list(facts.features)
    problem = _problem(facts, stated, named)
    if problem:
        raise RuleBroken(problems=[Problem("features", problem)])
    return named or stated


def _problem(facts: ArtefactFacts, stated: list[str], named: list[str]) -> StrOrPromise:
    if len(set(stated)) < len(stated):
        return _("A feature stands twice in the list.")
    if named and stated and named != stated:
        return _("The artefact names other features, or another order: %(features)s.") % {
            "features": ", ".join(named[:20])
        }
    if facts.format != NO_ARTEFACT.format and not named and not stated:
        return _(
            "This artefact does not name its features. List them here in the order in which it reads them."
        )
    return ""
