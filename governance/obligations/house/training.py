"""The only writers of trainings: what the people of the organisation were taught, as evidence that its models inherit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.digests import digest
from governance.inventory.locks import locked
from governance.obligations import services as obligations
from governance.obligations.house.models import Training
from governance.obligations.models import Evidence, EvidenceVerdict
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require

KIND = "training_record"
MOST_PEOPLE = 500
LONGEST_NAME = 120


@dataclass(frozen=True)
class Held:
    """One training. people: the names of those who were trained. valid_until: None = without end."""

    topic: str
    people: Sequence[str]
    held_on: date
    trainer: str = ""
    valid_until: date | None = None

    @property
    def names(self) -> list[str]:
        """Each once, as they were written."""
        return list(dict.fromkeys(name for each in self.people if (name := each.strip())))


def record(*, by: Actor, organisation: Organisation, held: Held) -> Training:
    """A training took place. Raises NotAllowed, RuleBroken."""
    _judge(held)
    with acting(by, "training.recorded"):
        organisation = locked(organisation)
        require(by, "training.record", organisation)
        training: Training = Training.objects.create(
            organisation=organisation,
            topic=held.topic.strip(),
            trainer=held.trainer.strip()[:200],
            people=held.names,
            held_on=held.held_on,
            valid_until=held.valid_until,
            recorded_by_id=by.person,
        )
        _record_evidence(by, training)
        return training


def _judge(held: Held) -> None:
    """Raises RuleBroken with everything that is wrong."""
    problems = []
    if not held.topic.strip() or len(held.topic.strip()) > 200:
        problems.append(Problem("topic", _("Say in at most 200 characters what was taught.")))
    if not held.names or len(held.names) > MOST_PEOPLE:
        problems.append(Problem("people", _("Name the people who were trained, at most 500.")))
    problems += [
        Problem("people", _("Line %(number)s is longer than a name.") % {"number": number})
        for number, name in enumerate(held.people, start=1)
        if len(name.strip()) > LONGEST_NAME
    ]
    if held.held_on > timezone.localdate():
        problems.append(Problem("held_on", _("This day has not come yet.")))
    if held.valid_until is not None and held.valid_until < held.held_on:
        problems.append(Problem("valid_until", _("It was held on a later day.")))
    if problems:
        raise RuleBroken(problems=problems)


def _record_evidence(by: Actor, training: Training) -> None:
    """Every training speaks for itself: a later and shorter one does not silence it. No name leaves its row."""
    told = {
        "training": str(training.pk),
        "topic": training.topic,
        "people": training.people,
        "held_on": training.held_on.isoformat(),
    }
    obligations.record(
        by=by,
        organisation_id=training.organisation_id,
        model_id=None,
        version_id=None,
        kind=KIND,
        verdict=EvidenceVerdict.ON_FILE,
        source=f"training:{training.pk}",
        source_id=training.pk,
        digest=digest(told),
        taken_at=timezone.make_aware(datetime.combine(training.held_on, time.min)),
        valid_until=training.valid_until,
        summary={"people": len(training.people)},
    )


def withdraw(*, by: Actor, training: Training, reason: str) -> Training:
    """It was recorded by mistake: it no longer counts, and its trace stays. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Say why it is withdrawn."))])
    with acting(by, "training.withdrawn", reason=reason.strip()):
        training = locked(training)
        require(by, "training.record", training)
        if training.withdrawn_at is not None:
            raise OutOfOrder(_("This training was withdrawn."))
        training.withdrawn_at, training.withdrawn_reason = timezone.now(), reason.strip()
        training.withdrawn_by_id = by.person
        training.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
        Evidence.objects.standing().filter(kind=KIND, source_id=training.pk).update(revoked_at=timezone.now())
        return training
