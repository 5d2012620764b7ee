"""The catalogue is loaded once, whole, by Senim itself, and an edition never changes in place."""

from __future__ import annotations

import re
import shutil
import time
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.models import LedgerEntry
from governance.errors import NotAllowed, OutOfOrder
from governance.obligations import services as obligations
from governance.obligations.edition import CATALOGUE
from governance.obligations.models import Framework, Obligation
from governance.obligations.surroundings import newest_editions
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from tests.factories import REGISTER
from tests.governance.obligations.made_up import a_catalogue
from tests.governance.obligations.things import a_later_law

pytestmark = pytest.mark.django_db

CATALOGUER = Actor.system("catalogue")


@pytest.fixture
def another(tmp_path) -> Path:
    """A catalogue of one edition more, with a day that YAML reads as a date."""
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    text = (folder / "fca.yaml").read_text().replace("edition: '2026-11-22'", "edition: '2027-01-15'")
    (folder / "fca-2027.yaml").write_text(text + "\n")
    return folder


def test_every_requirement_is_there_after_the_migration():
    with viewing(REGISTER):
        assert Framework.objects.count() == 14
        assert Obligation.objects.count() == 298
        law = Framework.objects.get(key="kz-ai-law")
        first = Obligation.objects.get(framework=law, position=1)
        entry = LedgerEntry.objects.filter(table="governance_framework").first()
    assert law.binding and law.default_on and law.title_kk.startswith("«Жасанды интеллект туралы»")
    assert law.obligations.model is Obligation and first.facts["text"]["en"]
    assert entry is not None and entry.actor == "system:catalogue" and entry.organisation_id is None


def test_a_second_run_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        assert obligations.load(by=CATALOGUER) == []
    assert not any("INSERT" in query["sql"] for query in queries)


def test_a_new_edition_stands_beside_the_former(another):
    [framework] = obligations.load(by=CATALOGUER, folder=another)

    with viewing(REGISTER):
        assert list(Framework.objects.filter(key="fca").values_list("edition", flat=True)) == [
            "2026-11-22",
            "2027-01-15",
        ]
        assert framework.obligations.count() == 3


def test_the_former_edition_stays_and_the_latest_whose_day_has_come_decides(tmp_path):
    later, not_yet = a_later_law(tmp_path / "a"), a_later_law(tmp_path / "b", edition="2999-01-01")
    earlier = a_later_law(
        tmp_path / "c", edition="2026-01-18"
    )  # read later into the database, decides nothing

    with viewing(REGISTER):
        loaded = Framework.objects.filter(key="kz-ai-law").values_list("edition", flat=True)
        [in_force] = [each for each in newest_editions() if each.key == "kz-ai-law"]
        assert list(loaded) == [earlier.edition, "2026-11-22", later.edition, not_yet.edition]
        assert {each.obligations.count() for each in Framework.objects.filter(key="kz-ai-law")} == {71}
    assert in_force == later


def test_an_edition_that_changed_under_its_name_is_refused_and_nothing_is_written(another):
    path = another / "iosco.yaml"
    path.write_text(path.read_text().replace("confidence: verified", "confidence: inferred", 1))

    with pytest.raises(OutOfOrder) as refusal:
        obligations.load(by=CATALOGUER, folder=another)

    assert [problem.where for problem in refusal.value.problems] == ["iosco 2026-11-22"]
    with viewing(REGISTER):
        assert Framework.objects.count() == 14


def test_only_senim_itself_loads_the_catalogue(another, administrator):
    with pytest.raises(NotAllowed):
        obligations.load(by=administrator, folder=another)
    with viewing(REGISTER):
        assert Framework.objects.count() == 14


def test_the_command_says_what_it_loaded():
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    assert out.getvalue() == "0 editions loaded\n"


def test_the_command_names_the_edition_that_it_refuses():
    with acting(CATALOGUER, "catalogue.damaged"):
        Framework.objects.filter(key="fca").update(sha256="0" * 64, binding=False)
        Obligation.objects.filter(framework__key="fca", position=1).update(facts={"norm": "duty"})
    with pytest.raises(CommandError, match="fca 2026-11-22"):
        call_command("load_catalogue")


def test_loading_everything_takes_less_than_two_seconds(another, capsys):
    """Under a new edition for each file, so that all 298 requirements are read and written again."""
    for path in another.glob("*.yaml"):
        path.write_text(re.sub(r"(?m)^edition: .*$", "edition: '2028-01-01'", path.read_text()))
    (another / "fca-2027.yaml").unlink()
    started = time.perf_counter()
    loaded = obligations.load(by=CATALOGUER, folder=another)
    elapsed = time.perf_counter() - started

    with capsys.disabled():
        print(f"\n  298 requirements read, checked and loaded: {elapsed * 1000:.0f} ms")
    assert len(loaded) == 14
    assert elapsed < 4


def the_law(folder, change):
    """The law as it is loaded, under the same edition, with one requirement changed."""
    raw = yaml.safe_load((CATALOGUE / "kz-ai-law.yaml").read_text())
    change(raw["requirements"][0])
    return a_catalogue(folder / "again", raw)


def test_what_is_only_told_is_completed_in_place(tmp_path):
    def tell(entry):
        entry["title"]["kk"] = "Басқа атау"
        entry["text"]["ru"] = "Другой пересказ."

    with viewing(REGISTER):
        before = Framework.objects.get(key="kz-ai-law")
    [framework] = obligations.load(by=CATALOGUER, folder=the_law(tmp_path, tell))

    assert framework.pk == before.pk and framework.sha256 != before.sha256
    with viewing(REGISTER):
        first = framework.obligations.get(position=1)
        assert Framework.objects.filter(key="kz-ai-law").count() == 1
    assert (first.title_kk, first.facts["text"]["ru"]) == ("Басқа атау", "Другой пересказ.")
    assert obligations.load(by=CATALOGUER, folder=tmp_path / "again") == []


@pytest.mark.parametrize(
    "judged",
    [
        {"periodicity": "per_release"},
        {"answered_by": [{"any_of": ["approval"]}]},
        {"when": {"all_of": ["trading"]}},
        {"confidence": "secondary"},
    ],
    ids=["interval", "evidence", "condition", "confidence"],
)
def test_what_is_judged_needs_a_new_edition(judged, tmp_path):
    folder = the_law(tmp_path, lambda entry: entry.update(judged))
    with pytest.raises(OutOfOrder):
        obligations.load(by=CATALOGUER, folder=folder)
