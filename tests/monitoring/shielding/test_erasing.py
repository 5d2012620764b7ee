"""On its day a data period loses its rows and keeps digest, counts and results; no check of it is green for want of rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance import store
from governance.config.sweep import catch_up as sweep
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.models import Organisation
from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.counting import documents
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from monitoring.shielding import services as shielding
from monitoring.shielding.rules import Grounds
from tests.factories import REGISTER, join
from tests.monitoring.loans import a_model, a_version
from tests.monitoring.runs.conftest import preloaded
from tests.monitoring.shielding.rows import csv, grounds, hand_in, protected

__all__ = ["preloaded"]

pytestmark = pytest.mark.django_db


def its_day_comes(*windows: Window) -> None:
    with acting(REGISTER, "test.arranged"):
        Window.objects.filter(pk__in=[each.pk for each in windows]).update(keep_until=timezone.localdate())


def sweep_until_done(bank: Organisation) -> None:
    for _round in range(3):
        shielding.catch_up(bank.pk)


def fresh(window: Window) -> Window:
    with viewing(REGISTER):
        return Window.objects.select_related("dataset", "model").get(pk=window.pk)


def stored(home) -> set[str]:
    return {path.name for path in (home / "store").rglob("*") if path.is_file()}


@pytest.fixture
def dataset(owner) -> Dataset:
    return protected(owner)


@pytest.fixture
def window(owner, dataset) -> Window:
    return hand_in(owner, dataset, **grounds())


def test_before_its_day_nothing_is_erased(bank, window, home):
    sweep_until_done(bank)
    assert not fresh(window).is_erased and window.sha256 in stored(home)


def test_on_its_day_the_rows_go_and_digest_number_columns_and_counts_stay(bank, window, home):
    its_day_comes(window)
    sweep_until_done(bank)
    after = fresh(window)
    assert after.is_erased and after.removed_at
    assert stored(home) == {after.kept_sha256}
    assert (after.sha256, after.rows, after.columns) == (window.sha256, 200, window.columns)
    counts = documents.read(store.path(bank.pk, after.kept_sha256))
    assert (counts["rows"], counts["file"]["sha256"]) == (200, window.sha256)
    assert [each["name"] for each in counts["columns"]] == ["income"]


def test_of_two_sensitive_columns_the_groups_of_both_at_once_stay_too(bank, owner, home):
    """So that a plan that has them judged is answered as by the rows."""
    dataset = protected(owner, sensitive=["sex", "region"])
    head, *lines = csv(400).decode().splitlines()
    content = "\n".join([f"{head},region", *(f"{line},{'ns'[n // 2 % 2]}" for n, line in enumerate(lines))])
    window = hand_in(owner, dataset, content.encode(), **grounds())
    asked = {"sensitive": ("sex", "region"), "prediction": "decision", "limits": {"intersections": "judged"}}
    by_rows = measure("fairness", Inputs(current=store.path(bank.pk, window.sha256), **asked))
    its_day_comes(window)
    sweep_until_done(bank)

    by_counts = measure("fairness", Inputs(current=store.path(bank.pk, fresh(window).kept_sha256), **asked))
    [pair] = by_counts["crossed"]
    assert (pair["attribute"], len(pair["groups"])) == ("sex × region", 4)
    assert by_counts["crossed"] == by_rows["crossed"]
    found, before = (CHECKS["fairness"].judge(each, asked["limits"]) for each in (by_counts, by_rows))
    assert found == before


def test_it_is_done_by_the_round_that_the_clock_rings_for(bank, window):
    its_day_comes(window)
    sweep(bank.pk)
    assert fresh(window).removed_at


def test_rows_too_few_to_be_counted_are_erased_without_counts(bank, owner, dataset, home):
    few = hand_in(owner, dataset, csv(5), **grounds())
    its_day_comes(few)
    sweep_until_done(bank)
    assert fresh(few).removed_at and fresh(few).kept_sha256 == "" and stored(home) == set()


def test_a_damaged_file_is_erased_all_the_same(bank, window, home):
    store.path(bank.pk, window.sha256).write_bytes(b"damaged")
    its_day_comes(window)
    sweep_until_done(bank)
    assert fresh(window).removed_at and stored(home) == set()


def test_a_file_that_another_data_period_needs_stays_until_that_one_is_erased(
    bank, owner, dataset, window, home
):
    second = hand_in(owner, dataset, name="the same rows", **grounds())
    assert second.sha256 == window.sha256
    its_day_comes(window)
    sweep_until_done(bank)
    assert fresh(window).is_erased and fresh(window).removed_at is None
    assert window.sha256 in stored(home) and not fresh(second).is_erased
    its_day_comes(second)
    sweep_until_done(bank)
    assert fresh(window).removed_at and fresh(second).removed_at and window.sha256 not in stored(home)


def test_a_withdrawn_one_with_the_same_rows_keeps_no_file_alive(bank, owner, dataset, window, home):
    data.withdraw_window(by=owner, window=window, reason="wrong month")
    second = hand_in(owner, dataset, **grounds())
    its_day_comes(second)
    sweep_until_done(bank)
    assert fresh(window).is_erased and window.sha256 not in stored(home)


def test_an_erasure_cut_off_before_the_file_went_is_finished_by_the_next_round(bank, window, home):
    with acting(REGISTER, "test.arranged"):
        Window.objects.filter(pk=window.pk).update(erased_at=timezone.now())
    shielding.catch_up(bank.pk)
    assert fresh(window).removed_at and window.sha256 not in stored(home)


def test_rows_of_other_organisations_stay(bank, broker, window, home):
    its_day_comes(window)
    shielding.catch_up(broker.pk)
    assert not fresh(window).is_erased


# --- earlier, and later


def test_the_owner_has_rows_erased_early_and_says_why(bank, owner, window):
    with pytest.raises(RuleBroken):
        shielding.erase(by=owner, window=window, reason=" ")
    shielding.erase(by=owner, window=window, reason="The client took the consent back")
    sweep_until_done(bank)
    after = fresh(window)
    assert (after.removed_at is not None, after.erase_reason) == (True, "The client took the consent back")
    assert after.erase_asked_by_id == owner.user_id
    with pytest.raises(OutOfOrder):
        shielding.erase(by=owner, window=window, reason="again")


def test_rows_that_came_in_before_they_were_protected_get_a_basis_and_an_end(
    bank, owner, validator, stranger
):
    open_rows = protected(owner, personal=False)
    window = hand_in(owner, open_rows)
    with pytest.raises(OutOfOrder):
        shielding.ground(by=owner, window=window, grounds=Grounds.of(**grounds()))
    shielding.protect(by=owner, dataset=open_rows, personal=True, bank_secret=False)
    assert fresh(window).lacks_grounds
    for by in (validator, stranger):
        with pytest.raises((NotAllowed, Window.DoesNotExist, AIModel.DoesNotExist)):
            shielding.ground(by=by, window=window, grounds=Grounds.of(**grounds()))
    with pytest.raises(RuleBroken):
        shielding.ground(by=owner, window=window, grounds=Grounds.of("consent", "form 7", None))
    assert fresh(window).lacks_grounds
    shielding.ground(by=owner, window=window, grounds=Grounds.of(**grounds()))
    with pytest.raises(OutOfOrder):
        shielding.ground(by=owner, window=window, grounds=Grounds.of(**grounds()))
    its_day_comes(window)
    sweep_until_done(bank)
    assert fresh(window).removed_at is not None and not fresh(window).lacks_grounds


def test_the_second_line_alone_puts_the_day_off_with_a_reason(owner, validator, window):
    later = window.keep_until + timedelta(days=10)
    for by in (owner, join_colleague(owner)):
        with pytest.raises(NotAllowed):
            shielding.keep_longer(by=by, window=window, keep_until=later, reason="a dispute")
    for day, reason in ((later, " "), (window.keep_until, "a dispute"), (None, "a dispute")):
        with pytest.raises(RuleBroken):
            shielding.keep_longer(by=validator, window=window, keep_until=day, reason=reason)
    assert fresh(window).keep_until == window.keep_until
    shielding.keep_longer(by=validator, window=window, keep_until=later, reason="a dispute")
    assert fresh(window).keep_until == later


def join_colleague(owner):
    with viewing(REGISTER):
        bank = Organisation.objects.get(pk=owner.organisation_id)
    return join(bank, "committee", email="member@bank.example")


def test_nobody_beyond_the_owner_and_the_second_line_erases(owner, stranger, window):
    for by in (stranger, join_colleague(owner)):
        with pytest.raises((NotAllowed, AIModel.DoesNotExist)):
            shielding.erase(by=by, window=window, reason="mine")
    assert fresh(window).erase_reason == ""


# --- what checks, recomputations and plans say then


@pytest.fixture
def measured(owner, preloaded, dataset) -> dict[str, Run]:
    """A reference and a current data period, and the answers of every check that can be planned."""
    a_version(owner, dataset.model, bare=True)
    hand_in(owner, dataset, name="before", part="reference", **grounds())
    hand_in(owner, dataset, csv(moved=5), name="now", **grounds())
    runs.set_default_plans(by=owner, dataset=dataset)
    return answers(owner, dataset)


def answers(owner, dataset) -> dict[str, Run]:
    for run in runs.start(by=owner, model=dataset.model):
        runs.work(run.pk)
    with viewing(owner):
        newest = (
            Run.objects.filter(model=dataset.model).select_related("result", "window").order_by("asked_at")
        )
        return {run.check_key: run for run in newest}


def erase_all(bank, dataset) -> None:
    with viewing(REGISTER):
        windows = list(Window.objects.filter(dataset=dataset))
    its_day_comes(*windows)
    for _window in windows:
        sweep_until_done(bank)


def test_drift_and_fairness_still_answer_from_counts_and_what_needs_rows_says_why(
    bank, owner, dataset, measured
):
    before = {key: run.result.verdict for key, run in measured.items()}
    assert before["drift"] == "passed" and "quality" in before
    erase_all(bank, dataset)
    after = answers(owner, dataset)
    assert set(after) == set(before)
    assert after["drift"].result.verdict == "passed" and after["drift"].pk != measured["drift"].pk
    for key in set(after) - {"drift", "fairness"}:
        assert after[key].result.verdict == "insufficient_data", key
        assert after[key].result.summary["refused"] == "rows_erased"
        assert set(after[key].result.summary["params"].values()) & {"now", "before"}


def test_without_counts_no_check_is_green(bank, owner, preloaded, dataset):
    a_version(owner, dataset.model, bare=True)
    few = hand_in(owner, dataset, csv(5), **grounds())
    runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    its_day_comes(few)
    sweep_until_done(bank)
    [run] = answers(owner, dataset).values()
    assert (run.result.verdict, run.result.summary["refused"]) == ("insufficient_data", "rows_erased")


def test_a_run_over_erased_rows_cannot_be_computed_again_and_its_result_stays(
    bank, owner, validator, dataset, measured
):
    waiting = recomputing.recompute(by=validator, run=measured["drift"])
    erase_all(bank, dataset)
    recomputing.work(bank.pk, waiting.pk)
    with viewing(owner):
        asked = Recomputation.objects.get()
        run = Run.objects.select_related("result", "window", "reference").get(pk=measured["drift"].pk)
    assert (asked.status, asked.error) == ("failed", "rows_erased")
    with pytest.raises(OutOfOrder, match="erased"):
        recomputing.recompute(by=validator, run=run)
    assert store.read(bank.pk, run.result.sha256)


def test_a_run_over_the_counts_that_stayed_is_computed_again_to_the_last_digit(
    bank, owner, validator, dataset, measured
):
    erase_all(bank, dataset)
    asked = recomputing.recompute(by=validator, run=answers(owner, dataset)["drift"])
    recomputing.work(bank.pk, asked.pk)
    with viewing(owner):
        assert Recomputation.objects.get().outcome == "equal"


def test_a_new_data_period_is_compared_with_the_counts_of_an_erased_reference(bank, owner, dataset, measured):
    erase_all(bank, dataset)
    hand_in(owner, dataset, csv(moved=700), name="later", **grounds())
    drift = answers(owner, dataset)["drift"]
    assert drift.window.name == "later" and drift.result.verdict in ("amber", "failed")


def test_a_model_without_data_is_no_trouble(bank, owner):
    a_model(owner, number="M-0002")
    shielding.catch_up(bank.pk)
