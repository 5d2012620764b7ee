"""Another package adds a check; a broken one is refused with its reason and holds up nobody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from governance import store
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.checks import CHECKS, plugins, register
from monitoring.checks.check import Kind, Origin
from monitoring.data import logs
from monitoring.runs import services as runs
from monitoring.runs.api import RunOut
from monitoring.runs.models import Plan, Result, Run
from monitoring.runs.queries import answer_of
from monitoring.runs.words import sentence
from tests.factories import sign_in
from tests.monitoring.checks.packages import SOUND, installed
from tests.monitoring.loans import loans

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that Python looks for packages in; what is imported from it is forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in sys.modules[name].__file__:
            del sys.modules[name]


def why(folder: Path, module: str, **entries: str) -> str:
    """The reason for which the only check of a package is refused."""
    installed(folder, module=module, **entries)
    checks, [refused] = register()
    assert checks == CHECKS, "all others stand"
    assert str(refused).startswith("The check liquidity of the package acme-checks 1.2.3 was refused: ")
    return refused.why


def test_a_sound_check_of_a_package_is_in_the_register_with_its_origin(folder):
    installed(folder)
    checks, refused = register()
    assert refused == []
    assert set(checks) == {*CHECKS, "liquidity"}
    assert checks["liquidity"].origin == Origin("liquidity", "acme-checks", "1.2.3")
    assert {check.origin for key, check in checks.items() if key != "liquidity"} == {None}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('key="liquidity"', 'key="drift"', "the key drift is taken by Senim itself"),
        ('key="liquidity"', 'key="Depth of it"', "its key must be"),
        ("version=3", 'version="3"', "its version must be a whole number"),
        ('title="Depth of the market"', 'title=""', "its title is no text, or empty"),
        ('how="The rows of the data period are counted."', 'how=" "', "its how is no text, or empty"),
        (
            'how="The rows of the data period are counted.",',
            "",
            "missing 1 required positional argument: 'how'",
        ),
        ('when_bad="', 'when_bad="" and "', "its when_bad is no text, or empty"),
        ('    when_bad="', '    # "', "missing 1 required positional argument: 'when_bad'"),
        ('evidence="check:data_quality"', 'evidence="check:luck"', "no kind of evidence check:luck"),
        (
            'needs=("current",)',
            'needs=("current",), kind="order"',
            "it is asked of the kind 'order', of which no",
        ),
        (
            'needs=("current",)',
            'needs=("current",), kind=["rows"]',
            "it is asked of the kind ['rows'], of which",
        ),
        (
            'needs=("current",)',
            'needs=("current",), reads_counts="no"',
            "its reads_counts must be True or False",
        ),
        (
            '"A convention of Acme.", "at_least"',
            '"A convention.", whole_from=-1',
            "'fewest' needs a whole number",
        ),
        ('needs=("current",)', 'needs=("crystal_ball",)', "it needs 'crystal_ball'"),
        ('needs=("current",)', 'needs=["current"]', "its needs must be a tuple"),
        ('"Fewest rows", 10,', '"Fewest rows", -1,', "its limit 'fewest' needs a default"),
        ('"Fewest rows", 10,', '"Fewest rows", float("nan"),', "its limit 'fewest' needs a default"),
        ('"A convention of Acme."', '""', "needs a title and an explanation"),
        ('"at_least")', '"upwards")', "has the side 'upwards'"),
        ('Limit("fewest",', 'Limit("reason",', "its limit 'reason' needs another key"),
        ('"not_applicable": ', '"not_applied": ', "it has no sentence for not_applicable"),
        ("def measure(inputs):", "def measure():", "its measure must be a function of 1 argument"),
        ("judgement=judge", 'judgement="judge"', "its judgement must be a function of 2 arguments"),
        ("CHECK = Check(", "CHECK = dict(", "is no monitoring.checks.check.Check but of type dict"),
        ("TEXTS = {", "raise SystemExit(3)\nTEXTS = {", "cannot be imported (SystemExit: 3)"),
        ("TEXTS = {", "import a_package_of_nobody\nTEXTS = {", "cannot be imported (ModuleNotFoundError"),
        ("TEXTS = {", "TEXTS = {{", "cannot be imported (SyntaxError"),
    ],
)
def test_a_broken_check_is_refused_and_says_what_is_wrong(folder, old, new, reason):
    assert old in SOUND
    assert reason in why(folder, SOUND.replace(old, new, 1))


def test_a_check_may_be_asked_of_every_kind_of_dataset_that_there_is():
    assert list(get_args(Kind)) == logs.Kind.values


def test_an_entry_that_names_nothing_is_refused(folder):
    assert "cannot be imported (AttributeError" in why(folder, SOUND, liquidity="acme_checks:NOTHING")


def test_of_two_packages_with_one_key_the_second_is_refused(folder):
    installed(folder)
    installed(folder, "zeta-checks", version="9")
    checks, [refused] = register()
    assert checks["liquidity"].origin == Origin("liquidity", "acme-checks", "1.2.3")
    assert (refused.package, refused.why) == (
        "zeta-checks",
        "the key liquidity is taken by the package acme-checks",
    )


def test_manage_py_check_tells_what_was_refused_and_still_passes(folder):
    installed(folder, module=SOUND.replace('key="liquidity"', 'key="drift"'))
    told = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert "senim.W002" in told.stderr
    assert "acme-checks 1.2.3 was refused: the key drift is taken by Senim itself" in told.stderr


def test_the_worker_s_log_tells_it_as_an_error(folder, caplog):
    installed(folder, module="")
    with caplog.at_level(logging.ERROR):
        plugins.tell(register()[1])
    [record] = caplog.records
    assert record.levelname == "ERROR" and "acme-checks 1.2.3 was refused" in record.getMessage()


@pytest.fixture
def liquidity(folder, monkeypatch):
    """The check of the package, in the register that everything reads."""

    def taken(module: str = SOUND) -> None:
        installed(folder, module=module)
        checks, refused = register()
        assert not refused
        monkeypatch.setitem(CHECKS, "liquidity", checks["liquidity"])

    return taken


def answered(owner) -> tuple[Run, Result | None]:
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="liquidity")
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    with viewing(owner):
        return Run.objects.get(pk=run.pk), Result.objects.filter(run=run).first()


@pytest.mark.django_db
def test_its_results_name_the_package_and_its_page_does_too(owner, client, liquidity):
    liquidity()
    run, result = answered(owner)
    origin = {"name": "liquidity", "package": "acme-checks", "version": "1.2.3"}
    assert result is not None
    assert (result.verdict, sentence("liquidity", result.summary)) == ("passed", "307 rows are enough.")
    assert result.summary["origin"] == origin and result.libraries["acme-checks"] == "1.2.3"
    assert json.loads(store.read(owner.organisation_id, result.sha256))["origin"] == origin
    with viewing(owner):
        assert Evidence.objects.get(kind="check:data_quality").verdict == "passed"
        assert RunOut.of(answer_of(run)).origin == origin
    signed_in = sign_in(client, owner)
    board = signed_in.get(f"/models/{run.model_id}/checks/").content.decode()
    assert "This check comes from the package acme-checks 1.2.3 (liquidity)" in board
    page = signed_in.get(f"/runs/{run.pk}/").content.decode()
    assert "acme-checks 1.2.3 (liquidity)" in page and "It says nothing of the model: ask the venue." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('return {"kind"', 'raise KeyError("x")\n    return {"kind"', "KeyError"),
        ("    return Judged(verdict", '    result["nothing"]\n    return Judged(verdict', "KeyError"),
        ("return Judged(verdict, [fact], verdict", 'return Judged("splendid", [fact], verdict', "Unsound"),
        ("return Judged(verdict, [fact], verdict", 'return Judged("not_applicable", [], verdict', "Unsound"),
        ("return Judged(verdict, [fact], verdict", 'return Judged(verdict, [fact], "unsaid"', "Unsound"),
        ('MeasurementFact("rows"', 'MeasurementFact("r" * 61', "Unsound"),
    ],
)
def test_what_breaks_while_it_measures_or_judges_breaks_this_run_alone(owner, liquidity, old, new, cause):
    assert old in SOUND
    liquidity(SOUND.replace(old, new, 1))
    run, result = answered(owner)
    assert (result, run.status, run.error) == (None, "due", cause)


@pytest.mark.django_db
def test_a_package_that_is_gone_leaves_its_run_as_not_run(owner, liquidity, monkeypatch):
    liquidity()
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="liquidity")
    [run] = runs.start(by=owner, model=things.model)
    monkeypatch.delitem(CHECKS, "liquidity")
    runs.work(run.pk)
    with viewing(owner):
        result = Result.objects.get(run=run)
        assert Plan.objects.get().check_key == "liquidity"
        assert not Evidence.objects.filter(source__startswith="plan:").exists()
    assert result.verdict == "not_run"
    assert "not installed here any more" in sentence("liquidity", result.summary)
