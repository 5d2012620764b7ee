"""A dataset may be a log: its roles are asked for by name, and a file that lacks them is refused row by row."""

from __future__ import annotations

import io

import pytest

from governance.errors import OutOfOrder, RuleBroken
from governance.people.acting import viewing
from monitoring.data import logs, receiving
from monitoring.data import services as data
from monitoring.data.declared import Misread
from monitoring.data.models import Dataset, Window
from tests.factories import sign_in
from tests.monitoring.engines import decision_logs, order_logs
from tests.monitoring.loans import a_model
from tests.monitoring.logs import decision_log, hand_in, order_log, state

pytestmark = pytest.mark.django_db

ROLES = {key: order_logs.COLUMNS[key] for key in ("event", "algorithm", "order", "quantity", "price")}
EVENTS = {"order": ["NEW"], "cancel": ["CXL"], "trade": ["FILL"]}


def without(said: dict, key: str) -> dict:
    return {name: value for name, value in said.items() if name != key}


@pytest.mark.parametrize(
    ("said", "where", "named"),
    [
        *(({"log_columns": without(ROLES, role)}, "log_columns", f"({role})") for role in ROLES),
        *(({"log_values": without(EVENTS, event)}, "log_values", f"({event})") for event in EVENTS),
        ({"log_columns": {**ROLES, "side": "s"}}, "log_values", "(buy)"),
        ({"log_columns": {**ROLES, "venue": "v"}}, "log_columns", "venue"),
        ({"log_values": {**EVENTS, "paused": ["P"]}}, "log_values", "paused"),
        ({"log_columns": {**ROLES, "price": "qty"}}, "log_columns", "qty"),
        ({"log_columns": {**ROLES, "price": "at"}}, "log_columns", "at"),
        ({"log_columns": {**ROLES, "price": "x" * 121}}, "log_columns", "120"),
        ({"log_values": {**EVENTS, "cancel": ["NEW"]}}, "log_values", "NEW"),
        ({"log_values": {**EVENTS, "kill": []}}, "log_values", "200"),
        ({"time": ""}, "time", "time"),
        ({"features": ["px"]}, "features", "log"),
        ({"label": "outcome"}, "features", "log"),
        ({"kind": "trades"}, "kind", "kind"),
        ({"kind": "rows", "features": ["px"], "log_values": {}}, "log_columns", "log"),
    ],
)
def test_what_an_order_log_lacks_is_named(owner, said, where, named):
    given = {"log_columns": ROLES, "log_values": EVENTS, **said}
    with pytest.raises(RuleBroken) as refused:
        order_log(owner, a_model(owner), **given)
    told = {each.where: str(each.what) for each in refused.value.problems}
    assert named in told[where]
    with viewing(owner):
        assert not Dataset.objects.exists()


def test_a_decision_log_needs_the_number_of_a_decision(owner):
    with pytest.raises(RuleBroken) as refused:
        decision_log(owner, a_model(owner), identifier="")
    assert [each.where for each in refused.value.problems] == ["identifier"]


def test_a_model_that_does_not_trade_has_no_order_log(owner):
    model = state(owner, a_model(owner), trading=False)
    with pytest.raises(RuleBroken) as refused:
        order_log(owner, model)
    assert [each.where for each in refused.value.problems] == ["kind"]
    assert order_log(owner, state(owner, model, trading=True)).kind == "orders"


def test_the_columns_of_a_log_must_be_there_and_hold_numbers_where_they_should(owner):
    dataset = order_log(owner, a_model(owner))
    content = order_logs.as_csv(order_logs.busy(days=1))
    with pytest.raises(RuleBroken) as refused:
        hand_in(owner, dataset, content.replace(b"ref_px", b"reference", 1))
    assert [each.where for each in refused.value.problems] == ["column ref_px"]
    lines = content.splitlines()
    lines[1] = b"2026-10-05 11:00:00,NEW,MM-1,1,many,1.0,B,KZ1,1.0,"
    with pytest.raises(RuleBroken) as refused:
        hand_in(owner, dataset, b"\n".join(lines))
    assert [each.where for each in refused.value.problems] == ["row 2, column qty"]
    with viewing(owner):
        assert not Window.objects.exists()


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ("2026-10-05 11:00:00,HELLO,MM-1,1,5,1.0,B,KZ1,1.0,", "column msg", "HELLO"),
        ("2026-10-05 11:00:00,NEW,,1,5,1.0,B,KZ1,1.0,", "column algo", "needs a value"),
        ("2026-10-05 11:00:00,CXL,MM-1,,5,1.0,B,KZ1,1.0,", "column order_id", "needs a value"),
        ("2026-10-05 11:00:00,NEW,MM-1,1,,1.0,B,KZ1,1.0,", "column qty", "needs a value"),
        ("2026-10-05 11:00:00,FILL,MM-1,1,5,,B,KZ1,1.0,", "column px", "needs a value"),
        ("2026-10-05 11:00:00,NEW,MM-1,1,-5,1.0,B,KZ1,1.0,", "column qty", "less than zero"),
    ],
)
def test_a_broken_event_is_named_by_row_and_column_and_nothing_is_kept(owner, line, where, what):
    dataset = order_log(owner, a_model(owner))
    lines = order_logs.as_csv(order_logs.busy(days=1)).decode().splitlines()
    lines.insert(3, line)
    with pytest.raises(RuleBroken) as refused:
        hand_in(owner, dataset, "\n".join(lines).encode())
    [problem] = refused.value.problems
    assert problem.where == f"row 4, {where}" and what in str(problem.what)
    with viewing(owner):
        assert not Window.objects.exists()


def test_a_kill_switch_may_stop_all_algorithms_and_an_order_at_the_market_has_no_price(owner):
    dataset = order_log(owner, a_model(owner))
    lines = order_logs.as_csv(order_logs.busy(days=1)).decode().splitlines()
    lines += ["2026-10-06 11:00:00,KILL,,,,,,,,", "2026-10-06 12:00:00,NEW,MM-1,9,5,,B,KZ1,,"]
    window = hand_in(owner, dataset, "\n".join(lines).encode())
    assert (window.rows, window.starts_on.isoformat(), window.ends_on.isoformat()) == (
        len(lines) - 1,
        "2026-10-05",
        "2026-10-06",
    )


def test_days_without_hours_are_no_moments(owner):
    dataset = decision_log(owner, a_model(owner))
    rows = [{**row, "at": row["at"].date()} for row in decision_logs.whole(60)]
    with pytest.raises(RuleBroken) as refused:
        hand_in(owner, dataset, decision_logs.as_csv(rows))
    assert [each.where for each in refused.value.problems] == ["column at"]


def test_a_log_is_never_handed_in_as_counts(owner):
    dataset = decision_log(owner, a_model(owner))
    with pytest.raises(RuleBroken) as refused:
        data.add_window(
            by=owner,
            dataset=dataset,
            name="October",
            part="current",
            file=io.BytesIO(b"{}"),
            file_name="counts.json",
        )
    assert "rows" in str(refused.value.problems[0].what)
    with pytest.raises(OutOfOrder):
        receiving.plan_of_counts(dataset)


def test_a_decision_log_with_holes_is_taken_in_for_its_check_counts_them(owner):
    rows = decision_logs.whole(60)
    rows[3]["decision"] = ""
    assert hand_in(owner, decision_log(owner, a_model(owner)), decision_logs.as_csv(rows)).rows == 60


def test_roles_are_written_in_lines():
    assert logs.columns_of("event: type\n\n algorithm : algo id ") == {
        "event": "type",
        "algorithm": "algo id",
    }
    assert logs.values_of("cancel: CXL, EXPIRED, CXL") == {"cancel": ["CXL", "EXPIRED"]}
    assert logs.written({"cancel": ["CXL", "EXPIRED"], "event": "type"}) == [
        "event: type",
        "cancel: CXL, EXPIRED",
    ]
    for text in ("event", "event:", ": type", "event: a\nevent: b"):
        with pytest.raises(Misread):
            logs.columns_of(text)


def test_a_person_describes_a_log_on_the_page_and_reads_what_is_missing(owner, client):
    model = a_model(owner)
    page = sign_in(client, owner)
    said = {"name": "Order log", "kind": "orders", "time": "at", "favourable": "1"}
    columns = "\n".join(f"{role}: {name}" for role, name in ROLES.items())
    refused = page.post(f"/models/{model.pk}/data/", {**said, "log_columns": "event: msg"})
    assert refused.status_code == 422 and "(algorithm)" in refused.content.decode()
    taken = page.post(
        f"/models/{model.pk}/data/",
        {**said, "log_columns": columns, "log_values": "order: NEW\ncancel: CXL\ntrade: FILL"},
    )
    assert taken.status_code == 302
    shown = page.get(f"/models/{model.pk}/data/").content.decode()
    assert "order log of a trading model" in shown and "event: msg; algorithm: algo" in shown
    assert "plan-of-counts" not in shown


def test_the_operator_of_a_decision_log_is_a_pseudonym_or_declared(owner):
    rows = decision_logs.whole(40)
    dataset = decision_log(owner, a_model(owner))
    for name in ("Aigul", "d.omarov", "Ким А. П.", "clerk@bank.kz"):
        told = [{**row, "clerk": row["clerk"] and name} for row in rows]
        with pytest.raises(RuleBroken) as refused:
            hand_in(owner, dataset, decision_logs.as_csv(told))
        [problem] = refused.value.problems
        assert problem.where == "column clerk" and name not in str(problem.what)
    with viewing(owner):
        assert not Window.objects.exists()
    assert hand_in(owner, dataset, decision_logs.as_csv(rows)).rows == 40


def test_an_operator_that_is_declared_is_taken_in_by_name(owner):
    declared = decision_log(owner, a_model(owner), looks_personal={"clerk": "Desks are called after cities"})
    told = [{**row, "clerk": row["clerk"] and "Astana"} for row in decision_logs.whole(40)]
    assert hand_in(owner, declared, decision_logs.as_csv(told)).rows == 40
