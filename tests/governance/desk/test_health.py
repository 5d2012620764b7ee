"""The page of health: silence is shown as silence, with since when and what to do; never as health."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance.desk import broker, signs
from governance.people import pulse
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.pulse import Pulse
from governance.post.models import Message
from monitoring.runs.models import Run, RunLease
from tests.brokers import talking_to
from tests.factories import REGISTER, join, sign_in
from tests.furnished import Furnished

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=10)


@pytest.fixture
def reader(administrator, client) -> Client:
    return sign_in(client, administrator)


def heard(part: str, ago: timedelta) -> None:
    Pulse.objects.update_or_create(part=part, defaults={"at": timezone.now() - ago})


def shown() -> dict[str, signs.Sign]:
    with viewing(Actor.system("health")):
        return {sign.part: sign for sign in signs.of_the_installation(timezone.now())}


def row(page: str, part: str) -> str:
    """The words of one line of the page."""
    start = page.index(f'<th scope="row">{part}<')
    return " ".join(page[start : page.index("</tr>", start)].split())


def test_a_worker_that_answers_is_in_order(db):
    for part in (*pulse.QUEUES, pulse.CLOCK):
        pulse.felt(part)

    told = shown()

    assert told["Worker of checks"].status == told["Clock"].status == "in_order"
    assert told["Worker of requirements and letters"].status == told["Broker"].status == "in_order"


def test_a_dead_worker_shows_not_run_since_when_and_what_to_do(db, reader):
    pulse.felt("default")
    heard("checks", LONG_AGO)

    line = row(reader.get("/health/").content.decode(), "Worker of checks")

    assert "Not run" in line and "It has not answered since" in line and "Checks are not run." in line
    assert "Start it, or look into its log." in line


def test_a_worker_that_was_never_heard_is_not_taken_for_alive(db):
    assert shown()["Worker of checks"].status == "not_run"
    assert shown()["Worker of checks"].words == "It has never answered. Checks are not run."


def test_a_worker_busy_with_a_long_check_is_heard_by_its_lease(furnished: Furnished):
    heard("checks", LONG_AGO)
    with acting(REGISTER, "run.claimed"):
        run = Run.objects.first()
        Run.objects.filter(pk=run.pk).update(status="running")
        RunLease.objects.update_or_create(
            run=run,
            defaults={
                "organisation_id": run.organisation_id,
                "fence": 1,
                "expires_at": timezone.now() + timedelta(seconds=50),
            },
        )

    assert shown()["Worker of checks"].status == "in_order"


def test_whether_the_clock_ticks_is_not_known_while_no_worker_answers(db):
    for part in (*pulse.QUEUES, pulse.CLOCK):
        heard(part, LONG_AGO)
    assert (shown()["Clock"].status, shown()["Clock"].todo) == ("unknown", "Start the workers first.")

    pulse.felt("default")
    assert shown()["Clock"].status == "attention"


def test_a_silent_broker_is_told(db):
    with talking_to("redis://127.0.0.1:1/0"):
        assert not broker.answers()
        assert shown()["Broker"].status == "attention" and "nothing is lost" in shown()["Broker"].words


def test_keys_that_others_can_read_are_told(db, home):
    folder = home / "keys"
    folder.mkdir()
    (folder / "gate.ed25519").touch(mode=0o600)
    assert shown()["Keys"].status == "in_order"

    (folder / "gate.ed25519").chmod(0o644)

    assert shown()["Keys"].status == "attention" and "gate.ed25519" in shown()["Keys"].words


def test_little_space_is_told(db, monkeypatch):
    assert shown()["Space for files"].status == "in_order"
    monkeypatch.setattr(signs, "LITTLE_SPACE", 1 << 60)
    assert shown()["Space for files"].status == "attention"


def test_a_backup_of_yesterday_is_in_order_and_one_of_last_week_is_not(db):
    assert shown()["Backup"].status == "attention"
    heard(pulse.BACKUP, timedelta(hours=25))
    assert shown()["Backup"].status == "in_order"
    heard(pulse.BACKUP, timedelta(days=7))
    assert shown()["Backup"].status == "attention"


def test_checks_that_wait_too_long_are_not_run(furnished: Furnished, reader):
    with acting(REGISTER, "run.due"):
        Run.objects.update(due_at=timezone.now() - timedelta(hours=2))

    line = row(reader.get("/health/").content.decode(), "Checks that are due")

    assert "Not run" in line and "the oldest since" in line


def test_letters_that_nobody_takes_are_told(bank, owner, reader):
    with acting(REGISTER, "letter.written"):
        Message.objects.create(
            organisation=bank,
            to_id=owner.user_id,
            key="x",
            subject="s",
            body="b",
            created_at=timezone.now() - timedelta(hours=1),
        )

    line = row(reader.get("/health/").content.decode(), "Letters")

    assert "Needs attention" in line and "1 wait" in line


def test_another_organisations_work_is_not_counted(furnished: Furnished, broker):
    theirs = sign_in(Client(), join(broker, "administrator", email="administrator@broker.example"))

    page = theirs.get("/health/").content.decode()

    assert "None waits." in row(page, "Checks that are due")


@pytest.mark.parametrize("role", ["model_owner", "validator", "committee", "auditor"])
def test_it_is_for_administrators_and_officers(bank, supervisor, client, role):
    assert sign_in(client, supervisor).get("/health/").status_code == 200
    assert sign_in(Client(), join(bank, role, email="else@bank.example")).get("/health/").status_code == 403
    assert Client().get("/health/").status_code == 302


def test_the_way_to_it_stands_in_the_navigation_of_those_who_may(reader, owner):
    assert 'href="/health/"' in reader.get("/").content.decode()
    assert 'href="/health/"' not in sign_in(Client(), owner).get("/").content.decode()


def sandbox(home, **found: object) -> signs.Sign:
    (home / "isolation").mkdir(exist_ok=True)
    kept = {"at": "2026-11-28T08:00:00+00:00", "level": "", "open": [], "why": "", **found}
    (home / "isolation" / "worker-1.json").write_text(json.dumps(kept))
    return shown()["Sandbox for the files of models"]


def test_a_sandbox_that_was_tried_is_in_order_and_one_that_was_not_is_unknown(db, home):
    assert shown()["Sandbox for the files of models"].status == "unknown"

    told = sandbox(home, level="namespaces")

    assert (told.status, told.todo) == ("in_order", "")
    assert told.words.startswith("worker-1, tried at ") and "no network, no files, no secrets" in told.words


def test_where_no_sandbox_holds_it_says_what_stood_open_and_what_to_do(db, home):
    refused = sandbox(home, why="CannotIsolate: unshare: Operation not permitted")
    assert refused.status == "not_run" and "the files of models are not run" in refused.words
    assert "unshare: Operation not permitted" in refused.words and "Landlock" in refused.todo

    allowed = sandbox(home, level="process", open=["tcp", "file_outside"])
    assert allowed.status == "attention" and "not isolated" in allowed.words
    assert "What failed or stood open: tcp, file_outside." in allowed.words
