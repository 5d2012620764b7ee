"""The bank's CI without any person: it registers, hands in and asks the gate over REST alone."""

from __future__ import annotations

from pathlib import Path

from governance.demo import grounds
from governance.demo.facts import Facts
from governance.demo.mortgage import papers
from governance.demo.mortgage.answers import GRADE, as_json
from governance.demo.proofs import digest_of, prove
from governance.demo.visitor import Machine

DATASET = "Applications"


def registers_alone(ci: Machine, material: Path, facts: Facts) -> None:
    """Everything that the first step did by forms. Raises StoryBroken."""
    told = {**as_json(), "name": "Mortgage approval scoring, branches", "submit": True}
    model = ci.post("/models", told, status=201)
    path, file, label = f"/models/{model['id']}", "v1.json", "1"
    prove(model["status"] == "registered", "the model is registered at once", model["missing"])
    ci.post(f"{path}/grade", {"answers": GRADE}, status=201)
    artefact = {"artefact": (file, (material / file).read_bytes(), "application/json")}
    ci.post(
        f"{path}/versions", status=201, data={"label": label, "decision_threshold": "0.5"}, files=artefact
    )
    card = {"file": ("model-card.md", papers.model_card(facts, "v1").encode(), "text/markdown")}
    said = {"title": "Model card", "kinds": ["model_card"], "language": "en"}
    ci.post(f"{path}/documents", status=201, data=said, files=card)
    columns = {name: facts[name] for name in ("features", "sensitive", "label", "favourable", "identifier")}
    described = ci.post(f"{path}/datasets", {"name": DATASET, **columns}, status=201)
    prove(described["hand_in"] == "counts", "rows of people are asked for as counts first", described)
    for name, part in (("Outside Suffolk county", "reference"), ("Suffolk county", "current")):
        rows = {"file": (f"{part}.csv", (material / f"{part}.csv").read_bytes(), "text/csv")}
        said = {"dataset": DATASET, "name": name, "part": part}
        refused = ci.post(f"{path}/windows", status=422, data=said, files=rows)
        prove("legal_basis" in str(refused), "rows without a legal basis are refused", refused)
        ci.post(f"{path}/windows", status=201, data={**said, **grounds.consent()}, files=rows)
    asked = {"model": model["number"], "version": label, "environment": "production"}
    answer = ci.get("/gate", **asked, digest=digest_of(material / file))
    prove(answer["answer"] == "deny", "nobody has approved it, so the gate denies", answer)
