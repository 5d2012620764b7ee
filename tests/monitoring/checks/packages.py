"""A real installed distribution in a folder of a test: what pip would have left there."""

from __future__ import annotations

from pathlib import Path

SOUND = """
from monitoring.checks.check import Check, Judged, Limit, MeasurementFact

TEXTS = {
    "passed": "%(n)s rows are enough.",
    "failed": "%(n)s rows are too few.",
    "insufficient_data": "There are no rows.",
    "not_applicable": "This check could not be asked: %(missing)s was not given.",
}


def measure(inputs):
    from monitoring.engines.windows import row_count

    return {"kind": "liquidity", "n": row_count(inputs.current), "libraries": {"python": "3"}}


def judge(result, limits):
    verdict = "passed" if result["n"] >= limits["fewest"] else "failed"
    fact = MeasurementFact("rows", "", float(result["n"]), None, None, result["n"], "rows", limits["fewest"], verdict)
    return Judged(verdict, [fact], verdict, {"n": result["n"]})


CHECK = Check(
    key="liquidity",
    version=3,
    title="Depth of the market",
    question="Are there enough rows?",
    how="The rows of the data period are counted.",
    when_bad="Too few orders came in. It says nothing of the model: ask the venue.",
    unit="rows",
    evidence="check:data_quality",
    needs=("current",),
    limits=(Limit("fewest", "Fewest rows", 10, "A convention of Acme.", "at_least"),),
    summaries=TEXTS,
    measure=measure,
    judgement=judge,
)
"""


def installed(
    folder: Path, package: str = "acme-checks", *, version: str = "1.2.3", module: str = SOUND, **entries: str
) -> Path:
    """The folder, with the package in it. entries: name of an entry point → what it names; "liquidity" when none is said."""
    name = package.replace("-", "_")
    (folder / f"{name}.py").write_text(module)
    told = folder / f"{name}-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    lines = [f"{key} = {value}" for key, value in (entries or {"liquidity": f"{name}:CHECK"}).items()]
    (told / "entry_points.txt").write_text("\n".join(["[senim.checks]", *lines, ""]))
    return folder
