"""With the rows of a data period go its outcomes, the explanations of its decisions, and what one pass found; digests stay."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.utils import timezone

from audits.ledger.models import LedgerEntry, LedgerPayload
from governance import store
from governance.config.backup.contents import ERASED
from governance.errors import OutOfOrder, RuleBroken
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals import facts
from monitoring.arrivals.apart import counted_apart
from monitoring.baselines import services as baselines
from monitoring.baselines.models import Attribution, Baseline, Scan
from monitoring.data.models import Window
from monitoring.decisions import services as decisions
from monitoring.decisions.models import Explained
from monitoring.labels import services as labels
from monitoring.labels.models import Labels
from monitoring.recomputing import services as recomputing
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from monitoring.shielding import services as shielding
from tests.factories import REGISTER, sign_in
from tests.monitoring.loans import a_version
from tests.monitoring.runs.conftest import preloaded
from tests.monitoring.shielding.rows import csv, grounds, hand_in, hashed, protected
from tests.monitoring.shielding.test_erasing import fresh, its_day_comes, stored, sweep_until_done

__all__ = ["preloaded"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(owner):
    return protected(owner, label="repaid")


@pytest.fixture
def version(owner, dataset):
    return a_version(owner, dataset.model, bare=True)


@pytest.fixture
def window(owner, dataset, version) -> Window:
    return hand_in(owner, dataset, **grounds())


def told(rows: int = 200, case=hashed) -> BytesIO:
    return BytesIO(("case,repaid\n" + "".join(f"{case(n)},{n % 2}\n" for n in range(rows))).encode())


def deliver(owner, window, rows: int = 200, **said) -> Labels:
    return labels.add(by=owner, window=window, file=told(rows, **said), file_name="outcomes.csv")


def erase(bank, *windows: Window) -> None:
    its_day_comes(*windows)
    for _window in windows:
        sweep_until_done(bank)


def all_of(kind) -> list:
    with viewing(REGISTER):
        return list(kind.objects.order_by("pk"))


def answers(owner, dataset) -> dict[str, Run]:
    for run in runs.start(by=owner, model=dataset.model):
        runs.work(run.pk)
    with viewing(owner):
        newest = Run.objects.select_related("result", "window", "reference").order_by("asked_at")
        return {run.check_key: run for run in newest}


# --- outcomes


def test_the_outcomes_go_with_the_rows_and_digest_number_and_row_stay(bank, owner, window, home):
    first, second = deliver(owner, window, 120), deliver(owner, window)
    erase(bank, window)
    assert stored(home) == {fresh(window).kept_sha256}
    after = {each.pk: each for each in all_of(Labels)}
    for each in (first, second):
        now = after[each.pk]
        assert now.removed_at is not None
        assert (now.sha256, now.labelled, now.fresh) == (each.sha256, each.labelled, each.fresh)
        assert now.source_sha256 == each.source_sha256
    with viewing(REGISTER):
        assert LedgerEntry.objects.filter(action="labels.erased").count() == 2
    assert ERASED[("monitoring_labels", "sha256")] == "removed_at"


def test_outcomes_that_another_data_period_needs_stay_until_that_one_is_erased(
    bank, owner, dataset, window, home
):
    other = hand_in(owner, dataset, csv(moved=3), name="other", **grounds())
    mine, same = deliver(owner, window), deliver(owner, other)
    assert mine.sha256 == same.sha256
    erase(bank, window)
    assert mine.sha256 in stored(home) and {each.removed_at for each in all_of(Labels)} == {None}
    erase(bank, other)
    assert mine.sha256 not in stored(home) and all(each.removed_at for each in all_of(Labels))


def test_withdrawn_outcomes_keep_no_file_alive(bank, owner, window, home):
    wrong = deliver(owner, window)
    labels.withdraw(by=owner, labels=wrong, reason="another product")
    erase(bank, window)
    assert wrong.sha256 not in stored(home)


def test_what_an_erasure_left_when_it_was_cut_off_is_erased_by_the_next_round(bank, owner, window, home):
    mine = deliver(owner, window)
    with acting(REGISTER, "test.arranged"):
        Window.objects.filter(pk=window.pk).update(erased_at=timezone.now(), removed_at=timezone.now())
    shielding.catch_up(bank.pk)
    assert mine.sha256 not in stored(home)


def test_counts_stay_of_rows_whose_outcomes_came_later(bank, owner, window):
    deliver(owner, window)
    erase(bank, window)
    assert fresh(window).kept_sha256


def test_no_outcome_joins_an_erased_data_period(bank, owner, window):
    erase(bank, window)
    with pytest.raises(RuleBroken) as refused:
        deliver(owner, window)
    assert "rows of this data period are erased" in str(refused.value.problems[0].what)
    assert all_of(Labels) == []


def test_outcomes_of_protected_rows_name_their_cases_hashed(owner, window):
    with pytest.raises(RuleBroken) as refused:
        deliver(owner, window, case=lambda n: f"880101{n:06}")
    said = [(each.where, str(each.what)) for each in refused.value.problems]
    assert said[0][0] == "row 2, column case" and len(said) > 1
    assert all("not hashed" in what and "880101" not in what for _where, what in said)
    assert all_of(Labels) == []


def test_a_refusal_of_outcomes_of_protected_rows_repeats_no_value(owner, window):
    deliver(owner, window, 1)
    content = f"case,repaid\n{hashed(0)},1\n{hashed(999)},1\n".encode()
    with pytest.raises(RuleBroken) as refused:
        labels.add(by=owner, window=window, file=BytesIO(content), file_name="o.csv")
    said = [(each.where, str(each.what)) for each in refused.value.problems]
    assert [where for where, _ in said] == ["row 2, column repaid", "row 3, column case"]
    assert hashed(0) not in str(said) and hashed(999)[:20] not in str(said)


def test_checks_that_join_outcomes_say_that_the_rows_are_erased(
    bank, owner, validator, preloaded, dataset, version
):
    hand_in(owner, dataset, csv(repaid="1"), name="before", part="reference", **grounds())
    now = hand_in(owner, dataset, csv(), name="now", **grounds())
    deliver(owner, now)
    for key in ("performance", "fairness"):
        runs.set_plan(by=owner, dataset=dataset, check_key=key)
    before = answers(owner, dataset)
    assert set(before) == {"performance", "fairness"}
    assert {run.labels_id for run in before.values()} == {all_of(Labels)[0].pk}
    assert all(run.result.summary.get("refused") != "rows_erased" for run in before.values())
    erase(bank, now)
    after = answers(owner, dataset)
    for key, run in after.items():
        assert run.pk != before[key].pk
        assert (run.result.verdict, run.result.summary["refused"]) == ("insufficient_data", "rows_erased")
    with viewing(owner):
        gone = Run.objects.select_related("result", "window", "reference").get(pk=before["fairness"].pk)
    with pytest.raises(OutOfOrder, match="inputs are gone"):
        recomputing.recompute(by=validator, run=gone)


def test_the_page_says_when_the_outcomes_were_erased(client, bank, owner, window):
    deliver(owner, window)
    erase(bank, window)
    page = sign_in(client, owner).get(f"/windows/{window.pk}/labels/").content.decode()
    assert "Erased with its data period on" in page and "Rows erased on" in page
    assert 'type="file"' not in page and "there is nothing to which an outcome could join" in page


# --- explanations of single decisions


def test_explanations_are_blanked_and_those_underway_are_ended(client, bank, owner, window, version):
    done, due = (
        decisions.ask(by=owner, window=window, version=version, case=hashed(number)) for number in (1, 2)
    )
    with acting(REGISTER, "test.arranged"):
        Explained.objects.filter(pk=done.pk).update(
            status="done", found={"refused": "x", "params": {"income": "37"}}
        )
    erase(bank, window)
    after = {each.pk: each for each in all_of(Explained)}
    assert {(each.case, str(each.found)) for each in after.values()} == {("", "{}")}
    assert (after[done.pk].status, after[due.pk].status) == ("done", "failed")
    decisions.work(bank.pk, due.pk)
    assert all(each.found == {} and each.blanked_at for each in all_of(Explained))
    with viewing(REGISTER):
        assert LedgerEntry.objects.filter(action="decision.forgotten").count() >= 2
        assert hashed(1) not in str([vars(each) for each in LedgerPayload.objects.all()])
    page = sign_in(client, owner).get(f"/decisions/{done.pk}/").content.decode()
    assert "Erased with its data period on" in page and hashed(1) not in page


def test_no_decision_of_an_erased_data_period_is_asked_about(bank, owner, window, version):
    erase(bank, window)
    with pytest.raises(RuleBroken) as refused:
        decisions.ask(by=owner, window=window, version=version, case=hashed(1))
    assert "erased" in str(refused.value.problems[0].what) and all_of(Explained) == []


def test_a_raw_number_of_a_case_of_protected_rows_is_not_kept(owner, window, version):
    with pytest.raises(RuleBroken) as refused:
        decisions.ask(by=owner, window=window, version=version, case="880101300123")
    [problem] = refused.value.problems
    assert problem.where == "case" and "not hashed" in str(problem.what) and all_of(Explained) == []


# --- what one pass found


def test_the_frozen_baseline_goes_and_drift_is_measured_over_the_counts(
    client, bank, owner, preloaded, dataset, version, home
):
    hand_in(owner, dataset, csv(repaid="1"), name="before", part="reference", **grounds())
    hand_in(owner, dataset, csv(moved=5), name="now", **grounds())
    said = {"limits": {"cells": "frozen_baseline"}, "reason": "one pass"}
    runs.set_plan(by=owner, dataset=dataset, check_key="drift", **said)
    run = answers(owner, dataset)["drift"]
    [baseline], [scan] = all_of(Baseline), all_of(Scan)
    assert {baseline.sha256, scan.sha256} <= stored(home)
    worker, kept = Actor.system("checks worker", owner.organisation_id), {"rows": 200, "figures": ""}
    [reference] = [each for each in all_of(Window) if each.pk == baseline.window_id]
    baselines.keep_attribution(by=worker, reference=reference, version=version, key="0" * 64, made=kept)
    [attribution] = all_of(Attribution)
    assert attribution.sha256 in stored(home)
    address = f"/windows/{baseline.window_id}/baseline/"
    assert sign_in(client, owner).get(address).status_code == 409
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert address not in page and baseline.sha256[:12] in page

    erase(bank, *all_of(Window))

    assert not {baseline.sha256, scan.sha256, attribution.sha256} & stored(home)
    assert all_of(Baseline) == all_of(Scan) == all_of(Attribution) == []
    again = answers(owner, dataset)["drift"]
    assert again.pk != run.pk and again.result.verdict == run.result.verdict == "passed"
    assert all_of(Baseline) == [] and store.read(bank.pk, run.result.sha256)
    assert client.get(address).status_code == 404


# --- what else reads rows


def test_a_later_data_period_is_looked_through_beside_an_erased_one(bank, owner, dataset, window):
    erase(bank, window)
    later, erased = fresh(hand_in(owner, dataset, csv(moved=9), name="later", **grounds())), fresh(window)
    with viewing(owner):
        files = facts.files(later)
        assert files and counted_apart(files, lambda: True)["rows"]
        assert facts.files(erased) is None
