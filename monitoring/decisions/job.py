"""What a worker asks the sandbox about one decision, and what its answer has to look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from governance import store
from monitoring.checks.check import RUNNABLE
from monitoring.decisions.apart import ENTRY
from monitoring.decisions.models import Explained
from monitoring.runs import isolation
from monitoring.runs.inputs import SEED
from monitoring.runs.shapes import ESTIMATE
from monitoring.sandbox.running import CannotIsolate
from monitoring.sandbox.shape import form, listed, maybe, named, number, one_of, same, text
from monitoring.sandbox.talk import MALFORMED, Beat, Died


def answered(asked: Explained, beat: Beat) -> dict[str, Any]:
    """The contributions, or {"refused": rule, "params": …}. Raises Died, Lost, OSError, store.Damaged."""
    standing = isolation.standing()
    if standing.level is None:
        return {"refused": "cannot_isolate", "params": {}}
    files, params = _job(asked)
    try:
        answer = isolation.sandbox.run(ENTRY, files=files, params=params, level=standing.level, beat=beat)
    except CannotIsolate:
        return {"refused": "cannot_isolate", "params": {}}
    if _problem(params, answer.value):
        raise Died(MALFORMED)
    return answer.value


def _job(asked: Explained) -> tuple[dict[str, Path], dict[str, Any]]:
    dataset, version, window = asked.window.dataset, asked.version, asked.window
    digests = {"current": window.sha256, "version": version.digest}
    files = {"current": store.path(asked.organisation_id, window.sha256)}
    opens = bool(version.artefact_sha256) and version.artefact_format in RUNNABLE
    if opens:
        files["artefact"] = store.path(asked.organisation_id, version.artefact_sha256)
        digests["artefact"] = version.artefact_sha256
    answers = {
        "score": dataset.score,
        "prediction": dataset.prediction,
        "favourable": dataset.favourable,
        "high_score": dataset.high_score,
        "seed": SEED,
    }
    params = {
        "asked": {"identifier": dataset.identifier, "case": asked.case, "inputs": digests, "seed": SEED},
        "features": list((version.features if opens else dataset.features) or dataset.features),
        "format": version.artefact_format,
        "answers": answers,
    }
    return files, params


def _problem(params: dict[str, Any], answer: dict[str, Any]) -> str:
    """Which features there are and what was asked is compared, not believed."""
    if "refused" in answer:
        return form(refused=text, params=named(text))(answer)
    one = form(feature=one_of(*params["features"]), value=text, contribution=number)
    numbers = dict.fromkeys(("score", "output", "base", "error"), number)
    of = {"inputs": same(params["asked"]["inputs"]), "libraries": named(text), "fidelity": maybe(ESTIMATE)}
    return form(contributions=listed(one), **numbers, **of)(answer)
