"""The only writers of organisations, people, memberships and tokens."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotAllowed, NotFound, OutOfOrder, Problem, RuleBroken
from governance.people import bin as bins
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import ApiToken, Invitation, Kind, Membership, Organisation, Role, User
from governance.people.recognition import sha256
from governance.people.rights import SCOPES, require

INVITATION_DAYS = 14
LONGEST_TOKEN_DAYS = 366


def found(
    *, by: Actor, kind: str, bin: str, names: dict[str, str], is_licensed: bool = False, is_demo: bool = False
) -> Organisation:
    """Enter an organisation. `names`: kk, ru, en. Raises NotAllowed, RuleBroken, OutOfOrder."""
    if not bins.is_valid(bin):
        raise RuleBroken(
            problems=[Problem(_("BIN"), _("The BIN has 12 digits and the last one is a check digit."))]
        )
    if kind not in Kind.values or any(not names.get(each, "").strip() for each in ("kk", "ru", "en")):
        raise RuleBroken(
            problems=[Problem(_("name"), _("The name is needed in Kazakh, Russian and English."))]
        )
    with acting(by, "organisation.founded"):
        require(by, "organisation.found", None)
        if Organisation.objects.filter(bin=bin).exists():
            raise OutOfOrder(_("An organisation with this BIN is already in the register."))
        fields = {f"name_{language}": names[language].strip() for language in ("kk", "ru", "en")}
        return Organisation.objects.create(
            kind=kind, bin=bin, is_licensed=is_licensed, is_demo=is_demo, **fields
        )


def invite(
    *, by: Actor, organisation: Organisation, email: str, name: str, role: str, language: str = "kk"
) -> tuple[Membership, str | None]:
    """Give a person a role. Returns the membership and, for somebody without a password, the secret of the invitation."""
    email = email.strip().lower()
    if role not in Role.values:
        raise RuleBroken(problems=[Problem(_("role"), _("There is no such role."))])
    with acting(by, "member.invited", person=email):
        require(by, "member.invite", organisation)
        user = User.objects.filter(email=email).first() or User.objects.create(
            email=email, name=name.strip(), language=language
        )
        if Membership.objects.filter(organisation=organisation, user=user, role=role, ends_on=None).exists():
            raise OutOfOrder(_("This person already has this role."))
        membership = Membership.objects.create(organisation=organisation, user=user, role=role)
        return membership, None if user.password else _invitation(by, organisation, user)


def _invitation(by: Actor, organisation: Organisation, user: User) -> str:
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        organisation=organisation,
        user=user,
        invited_by_id=by.user_id,
        secret_sha256=sha256(secret),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    return secret


def invited(*, secret: str) -> tuple[User, Organisation]:
    """Who is invited by this secret, and where to. Raises NotFound for a secret that opens nothing."""
    with viewing(Actor.system("front door")):
        invitation = _open_invitations(secret).select_related("user", "organisation").first()
        if invitation is None:
            raise NotFound
        return invitation.user, invitation.organisation


def _open_invitations(secret: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        secret_sha256=sha256(secret), accepted_at=None, expires_at__gt=timezone.now()
    )


def accept(*, secret: str, password: str) -> User:
    """Set the first password of an invited person. Raises NotFound for a secret that opens nothing, RuleBroken."""
    with acting(Actor.system("front door"), "invitation.accepted"):
        invitation = _open_invitations(secret).select_for_update(no_key=True).first()
        if invitation is None:
            raise NotFound
        user = User.objects.get(pk=invitation.user_id)
        _set_password(user, password)
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        return user


def set_password(*, user: User, password: str) -> None:
    """A person who was recognised (by a link sent to their address) chooses a new password. Raises RuleBroken."""
    with acting(Actor.nobody(), "password.reset", person=str(user.pk)):
        _set_password(user, password)


def _account(by: Actor) -> User:
    """The account of a person, locked. Raises NotAllowed for whoever is none."""
    if by.user_id is None or not by.is_person:
        raise NotAllowed
    return User.objects.select_for_update(no_key=True).get(pk=by.user_id)


def change_profile(*, by: Actor, name: str, language: str, wants_mail: bool) -> User:
    """A person changes their own account. Raises RuleBroken."""
    if not name.strip() or language not in dict(settings.LANGUAGES):
        raise RuleBroken(problems=[Problem("name", _("The name and the language are needed."))])
    with acting(by, "person.changed", quiet=True):
        user = _account(by)
        user.name, user.language, user.wants_mail = name.strip(), language, wants_mail
        user.save(update_fields=["name", "language", "wants_mail"])
        return user


def change_password(*, by: Actor, old: str, new: str) -> User:
    """A person who knows their password chooses a new one. `problems` name "old" or "new". Raises RuleBroken."""
    with acting(by, "password.changed", quiet=True):
        user = _account(by)
        if not user.check_password(old):
            raise RuleBroken(problems=[Problem("old", _("This is not your present password."))])
        try:
            _set_password(user, new)
        except RuleBroken as refusal:
            raise RuleBroken(problems=[Problem("new", each.what) for each in refusal.problems]) from refusal
        return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(problems=[Problem(_("password"), message) for message in error.messages]) from error
    user.set_password(password)
    user.save(update_fields=["password"])


def end(*, by: Actor, membership: Membership, on: date) -> Membership:
    """A person leaves a role. Raises NotAllowed, OutOfOrder."""
    with acting(by, "member.left"):
        membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
        require(by, "member.end", membership)
        if membership.ends_on is not None or on < membership.starts_on:
            raise OutOfOrder(_("This membership cannot end on that day."))
        membership.ends_on = on
        membership.save(update_fields=["ends_on"])
        return membership


def admit(
    *,
    by: Actor,
    organisation: Organisation,
    email: str,
    name: str,
    language: str,
    starts_on: date,
    ends_on: date,
    models: Collection[UUID] | None = None,
) -> tuple[Membership, str | None]:
    """Let an auditor in from a day to a day, to see these AIModels (None = all) and change nothing.

    Returns the membership and, for somebody without a password, the secret of the invitation. Raises NotAllowed,
    RuleBroken for somebody who works for the organisation itself.
    """
    email = email.strip().lower()
    with acting(by, "visit.opened", person=email):
        require(by, "visit.open", organisation)
        user = User.objects.filter(email=email).first() or User.objects.create(
            email=email, name=name.strip() or email.partition("@")[0], language=language
        )
        own = Membership.objects.filter(organisation=organisation, user=user).exclude(role=Role.AUDITOR)
        if own.current(timezone.localdate()).exists():
            what = _("This person works for the organisation, so they cannot come as its auditor.")
            raise RuleBroken(problems=[Problem(email, what)])
        membership = Membership.objects.create(
            organisation=organisation,
            user=user,
            role=Role.AUDITOR,
            starts_on=starts_on,
            ends_on=ends_on,
            limited_to=None if models is None else sorted(str(each) for each in models),
        )
        return membership, None if user.password else _invitation(by, organisation, user)


def see_out(*, by: Actor, membership: Membership) -> Membership:
    """End a visit now, whatever its last day was to be. Doing so twice changes nothing. Raises NotAllowed."""
    with acting(by, "visit.closed"):
        membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
        require(by, "visit.close", membership)
        if membership.closed_at is None:
            membership.closed_at = timezone.now()
            membership.save(update_fields=["closed_at"])
        return membership


def issue_token(
    *, by: Actor, organisation: Organisation, name: str, scopes: list[str], days: int
) -> tuple[ApiToken, str]:
    """Issue a key for CI. Returns it with its secret, which is nowhere kept. Raises NotAllowed, RuleBroken."""
    if not name.strip() or not scopes or not set(scopes) <= set(SCOPES) or not 0 < days <= LONGEST_TOKEN_DAYS:
        what = _("A token needs a name, at least one known scope, and from 1 to 366 days.")
        raise RuleBroken(problems=[Problem(_("token"), what)])
    secret = "senim_" + secrets.token_urlsafe(32)
    with acting(by, "token.issued"):
        require(by, "token.issue", organisation)
        assert by.user_id is not None  # the right is a person's
        token = ApiToken.objects.create(
            organisation=organisation,
            name=name.strip(),
            secret_sha256=sha256(secret),
            scopes=sorted(set(scopes)),
            issued_by_id=by.user_id,
            expires_at=timezone.now() + timedelta(days=days),
        )
    return token, secret


def revoke_token(*, by: Actor, token: ApiToken) -> ApiToken:
    """Raises NotAllowed. Revoking twice changes nothing."""
    with acting(by, "token.revoked"):
        token = ApiToken.objects.select_for_update(no_key=True).get(pk=token.pk)
        require(by, "token.revoke", token)
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
        return token


def sign_in(request: HttpRequest, user: User) -> None:
    """Open a session for a person who has shown that they are `user`."""
    with acting(Actor("person", id=str(user.pk), name=user.name, user_id=user.pk), "person.signed_in"):
        login(request, user, backend="governance.people.recognition.Backend")
