"""What is wrong is refused where it enters: with its place and its rule, in the reader's language, and nothing is kept."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.forms import FileField
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from governance.approvals.models import ApprovalRequest
from governance.errors import NotAllowed, RuleBroken
from governance.inventory.handed_in import RULES
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import ApiToken, Organisation
from monitoring.data.faults import Fault
from monitoring.data.words import problem as told_of
from tests import factories
from tests.factories import REGISTER, sign_in
from tests.furnished import ROWS
from tests.journeys.refusing import (
    LANGUAGES,
    machine,
    nothing_but_noted,
    nothing_written,
    page_in,
    problem,
    said,
    told,
    words_on,
)

pytestmark = pytest.mark.django_db

WRONG_BINS = ["240140000012", "24014000001", "2401400000110", "24014000001x", ""]
HEADER = b"income,approved,race,score\n"
WINDOWS = {
    "a broken row": (
        HEADER + b"1,1,a,0.5\n2,1,a\n",
        Fault("wrong_field_count", 3, params={"found": 3, "expected": 4}),
    ),
    "no number": (
        HEADER + b"1,1,a,0.5\nmuch,1,a,0.5\n",
        Fault("not_numeric", 3, "income", params={"value": "much"}),
    ),
    "a missing column": (b"income,approved,score\n1,1,0.5\n", Fault("missing_column", column="race")),
    "UTF-16": ((HEADER + b"1,1,a,0.5\n").decode().encode("utf-16"), Fault("not_utf8", 1)),
    "a byte of CP1251": (
        HEADER + b"1,1,\xe0,0.5\n",
        Fault("not_utf8", 2, offset=31, params={"byte": "0xe0"}),
    ),
    "no rows": (HEADER, Fault("no_rows")),
}
PICKLE = b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtin\x94."
TAKEN = gettext_lazy("This model already has a version with this label. A version never changes.")


SCOPES = ["models:read", "models:write", "windows:write", "gate:read"]


@pytest.fixture
def ci(bank, administrator):
    """The bank's CI, in a language."""
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=SCOPES, days=1)
    return lambda language="en": machine(secret, language)


# --- the first organisation


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bin", WRONG_BINS)
def test_an_organisation_with_a_wrong_bin_is_not_entered(bin, language):
    with nothing_written(), override(language), pytest.raises(RuleBroken) as refused:
        people.found(by=REGISTER, kind="participant", bin=bin, names=dict.fromkeys(LANGUAGES, "Firm"))

    what = said("The BIN has 12 digits and the last one is a check digit.", language)
    with override(language):
        assert told(refused.value.problems) == [{"where": said("BIN", language), "what": what}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_that_founds_a_register_says_the_same(language):
    names = {f"name_{each}": "Firm" for each in LANGUAGES}
    with nothing_written(), pytest.raises(CommandError) as refused:
        call_command(
            "found", bin=WRONG_BINS[0], email="a@firm.example", person="A", language=language, **names
        )

    told = said("The BIN has 12 digits and the last one is a check digit.", language)
    assert f"{said('BIN', language)}: {told}" in str(refused.value)


# --- data periods


@pytest.mark.parametrize("case", WINDOWS)
def test_a_file_that_breaks_a_rule_is_told_its_row_column_and_rule(case, client, furnished, owner, ci):
    content, fault = WINDOWS[case]
    sign_in(client, owner)
    for language in LANGUAGES:
        sent = {"name": "two", "part": "current", "file": SimpleUploadedFile("w.csv", content)}
        with nothing_but_noted():
            answer = page_in(client, language).post(
                f"/datasets/{furnished.ids['dataset_id']}/windows/add/", sent
            )
        with override(language):
            wrong = told_of(fault)
        assert (answer.status_code, str(wrong.what) in words_on(answer)) == (422, True)
        assert fault.row is None or f"{wrong.where}: {wrong.what}" in words_on(answer)

    sent = {"dataset": "Applications", "name": "two", "file": SimpleUploadedFile("w.csv", content)}
    with nothing_but_noted():
        refused = ci("ru").post(f"/api/v1/models/{furnished.model_id}/windows", sent)
    with override("ru"):
        assert problem(refused, 422, "rule-broken")["problems"] == told([told_of(fault)])


def test_an_empty_file_stays_outside(client, furnished, owner, ci):
    sign_in(client, owner)
    for language in LANGUAGES:
        sent = {"name": "two", "part": "current", "file": SimpleUploadedFile("w.csv", b"")}
        with nothing_written():
            answer = page_in(client, language).post(
                f"/datasets/{furnished.ids['dataset_id']}/windows/add/", sent
            )
        with override(language):
            words = str(FileField.default_error_messages["empty"])
        assert (answer.status_code, words in words_on(answer)) == (422, True)

    sent = {"dataset": "Applications", "name": "two", "file": SimpleUploadedFile("w.csv", b"")}
    with nothing_but_noted():
        refused = ci().post(f"/api/v1/models/{furnished.model_id}/windows", sent)
    assert problem(refused, 422, "rule-broken")["problems"] == told([told_of(Fault("empty_file"))])


def test_a_name_that_is_taken_and_a_period_that_ends_before_it_starts_are_told_together(furnished, ci):
    sent = {"dataset": "Applications", "name": "2026 Q1", "starts_on": "2026-03-31", "ends_on": "2026-01-01"}
    with nothing_written():
        sent["file"] = SimpleUploadedFile("w.csv", ROWS)
        refused = ci().post(f"/api/v1/models/{furnished.model_id}/windows", sent)

    assert [each["where"] for each in problem(refused, 422, "rule-broken")["problems"]] == ["name", "ends_on"]


# --- versions


@pytest.mark.parametrize(
    ("label", "artefact", "where", "what"),
    [("2", PICKLE, "artefact", RULES["pickle"]), ("1", b"", "label", TAKEN)],
    ids=["a pickle that is called .json", "a label that is taken"],
)
def test_a_version_that_breaks_a_rule_is_refused(label, artefact, where, what, client, furnished, owner, ci):
    sign_in(client, owner)
    for language in LANGUAGES:
        with nothing_written():
            answer, refused = (
                asked.post(address, {"label": label, **handed_in(artefact)})
                for asked, address in (
                    (page_in(client, language), f"/models/{furnished.model_id}/versions/add/"),
                    (ci(language), f"/api/v1/models/{furnished.model_id}/versions"),
                )
            )
        with override(language):
            words = str(what)
        assert words in words_on(answer)
        assert problem(refused, 422, "rule-broken")["problems"] == [{"where": where, "what": words}]


def handed_in(artefact: bytes) -> dict[str, SimpleUploadedFile]:
    return {"artefact": SimpleUploadedFile("model.json", artefact)} if artefact else {}


# --- votes


@pytest.fixture
def asked(furnished) -> ApprovalRequest:
    with viewing(REGISTER):
        return ApprovalRequest.objects.get(pk=furnished.ids["request_id"])


@pytest.mark.parametrize("who", ["the requester, who sits on the committee", "an owner", "the second line"])
def test_who_may_not_vote_is_refused_and_no_vote_is_kept(who, client, asked, bank, owner, validator):
    if who.startswith("the requester"):
        factories.join(bank, "committee", email="owner@bank.example")
        by = owner
    elif who == "an owner":
        by = factories.join(bank, "model_owner", email="other@bank.example")
    else:
        by = validator
    sign_in(client, by)

    for language in LANGUAGES:
        with nothing_written():
            answer = page_in(client, language).post(
                f"/requests/{asked.pk}/vote/", {"ballot": "approve", "shown": asked.manifest_sha256}
            )
        assert answer.status_code == NotAllowed.status
        assert said("Your role does not allow this", language) in words_on(answer)
        assert f'<html lang="{language}">' in words_on(answer)


def test_a_stranger_who_votes_learns_nothing(client, asked, stranger):
    sign_in(client, stranger)
    with nothing_written():
        theirs, missing = (
            client.post(f"/requests/{each}/vote/", {"ballot": "approve", "shown": asked.manifest_sha256})
            for each in (asked.pk, uuid4())
        )
    assert (theirs.status_code, theirs.content) == (404, missing.content)


# --- tokens


def test_a_token_of_another_organisation_gets_the_same_bytes_as_for_nothing(furnished, broker):
    secret = furnished.token_of(broker)
    pairs = (
        (f"/api/v1/models/{furnished.model_id}", f"/api/v1/models/{uuid4()}"),
        (f"/api/v1/runs/{furnished.ids['run_id']}", f"/api/v1/runs/{uuid4()}"),
        ("/api/v1/gate?model=M-0001&version=1", "/api/v1/gate?model=M-9999&version=1"),
    )
    for language in LANGUAGES:
        for theirs, missing in pairs:
            with nothing_written():
                found, nothing = (machine(secret, language).get(each) for each in (theirs, missing))
            assert problem(found, 404, "not-found")["title"] == said("There is nothing here", language)
            assert found.content == nothing.content


@pytest.mark.parametrize("state", ["unknown", "expired", "revoked", "absent"])
def test_a_token_that_opens_nothing_is_told_so(state, bank, administrator):
    headers = {} if state == "absent" else {"Authorization": f"Bearer {a_token(state, bank, administrator)}"}
    for language in LANGUAGES:
        client = Client(headers={**headers, "Accept-Language": language})
        with nothing_written():
            answers = [
                client.get(f"/api/v1/models/{uuid4()}"),
                client.post("/api/v1/models", "{}", content_type="application/json"),
            ]
        for answer in answers:
            assert problem(answer, 401, "sign-in-needed")["title"] == said("Sign in first", language)


def a_token(state: str, bank: Organisation, administrator: Actor) -> str:
    """The secret of a token in this state."""
    token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read", "models:write"], days=1
    )
    if state == "unknown":
        return "senim_" + "x" * 43
    if state == "revoked":
        people.revoke_token(by=administrator, token=token)
    if state == "expired":
        yesterday = timezone.now() - timedelta(1)
        with acting(REGISTER, "test.arranged"):
            ApiToken.objects.filter(pk=token.pk).update(
                issued_at=yesterday - timedelta(1), expires_at=yesterday
            )
    return secret


# --- requests that are no requests


UNREADABLE = "The request does not have the shape that the API describes"
SHAPES = {
    "JSON that breaks off": ('{"name": "Scor', "application/json"),
    "no JSON at all": ("name=Scoring", "application/json"),
    "bytes that are no text": (b"\xff\xfe\x00{", "application/json"),
    "a list": ("[]", "application/json"),
    "a form": ("name=Scoring", "application/x-www-form-urlencoded"),
    "plain text": ("Scoring", "text/plain"),
    "nothing": ("", "application/json"),
    "a field of another type": (json.dumps({"name": 5}), "application/json"),
    "an unknown field": (json.dumps({"name": "Scoring", "colour": "red"}), "application/json"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_request_without_the_shape_of_the_api_is_refused(shape, ci):
    body, content_type = SHAPES[shape]
    for language in LANGUAGES:
        with nothing_written():
            answer = ci(language).post("/api/v1/models", body, content_type=content_type)

        refused = problem(answer, 422, "unreadable")
        assert refused["title"] == said(UNREADABLE, language)
        assert all(each["where"] and each["what"] for each in refused["problems"]) and refused["problems"]


def test_a_version_sent_as_json_is_told_that_its_label_is_missing(furnished, ci):
    with nothing_written():
        answer = ci().post(
            f"/api/v1/models/{furnished.model_id}/versions", '{"label": "2"}', content_type="application/json"
        )

    assert "label" in problem(answer, 422, "unreadable")["problems"][0]["where"]


def test_a_digest_that_is_none_is_refused_by_the_gate(ci):
    with nothing_written():
        answer = ci().get("/api/v1/gate", {"model": "M-0001", "version": "1", "digest": "abc"})

    assert problem(answer, 422, "rule-broken")["problems"][0]["where"] == "digest"


def test_a_file_is_not_read_twice_as_something_else(furnished, ci):
    """The content decides, not the name: what passed as rows under one name does not pass as an artefact."""
    with nothing_written():
        sent = {"label": "3", "artefact": io.BytesIO(ROWS)}
        answer = ci().post(f"/api/v1/models/{furnished.model_id}/versions", sent)

    assert problem(answer, 422, "rule-broken")["problems"][0]["where"] == "artefact"
