"""The pages of the committee and of the gate: what a reader sees, may do, and why they may not."""

from __future__ import annotations

import pytest

from governance.approvals import gate
from governance.approvals.models import ApprovalRequest, Condition, GateVerdict, Recommendation, Vote
from governance.inventory.models import AIModel
from governance.obligations.models import Obligation
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.approvals.conftest import ARTEFACT, add_version, ask_for, check, revise, sweep, vote_all

pytestmark = pytest.mark.django_db


def page(client, actor, path: str) -> str:
    response = sign_in(client, actor).get(path)
    assert response.status_code == 200
    return response.content.decode()


def post(client, actor, path: str, **sent):
    return sign_in(client, actor).post(path, sent)


def test_a_member_finds_what_waits_for_them_and_what_was_settled(asked, committee, client):
    assert 'id="waiting"' in (html := page(client, committee[0], "/committee/"))
    assert f"/requests/{asked.pk}/" in html
    vote_all(committee, asked)
    html = page(client, committee[0], "/committee/")
    assert "No request waits for your vote" in html
    assert html.index('id="settled"') < html.index(f"/requests/{asked.pk}/")


def test_a_request_shows_figures_with_their_interval_and_what_is_uncertain_first(
    version, card, owner, committee, client
):
    figures = {"attribute": "race", "value": 0.829, "low": 0.771, "high": 0.891, "n": 1234, "limit": 0.8}
    check(version, "uncertain", summary={"check": "fairness", "key": "uncertain", "params": figures})
    asked = ask_for(owner, version)
    html = page(client, committee[0], f"/requests/{asked.pk}/")
    assert html.index('id="open-points"') < html.index('id="figures"') < html.index('id="content"')
    assert "Evidence: Fairness" in html
    for words in ("0.829", "0.771", "0.891", "1,234", "0.800", "Model card", asked.manifest_sha256):
        assert words in html
    assert f'name="shown" value="{asked.manifest_sha256}"' in html


def test_without_any_check_the_page_says_so(asked, committee, client):
    assert "That is not the same as passed" in page(client, committee[0], f"/requests/{asked.pk}/")


def test_a_requirement_that_fails_is_named_with_its_article_and_that_it_closes_the_gate(
    version, card, owner, committee, client
):
    with acting(REGISTER, "test.arranged"):
        AIModel.objects.update(natural_persons=True, decisions_about_persons=True, trained_model=True)
    check(version, "failed")
    asked = ask_for(owner, version)
    assert "kz-art6-fairness-equality" in asked.manifest["open_points"]["failing"]["requirements"]
    html = page(client, committee[0], f"/requests/{asked.pk}/")
    with viewing(REGISTER):
        article = Obligation.objects.get(key="kz-art6-fairness-equality")
    failing = html[html.index('id="open-points"') : html.index('id="figures"')]
    assert article.title_en in failing and article.ref in failing
    assert "closes the gate while it fails or is overdue" in failing


def test_a_vote_through_the_page_is_kept_with_the_manifest_that_it_showed(asked, committee, client, count):
    path = f"/requests/{asked.pk}/vote/"
    sent = post(client, committee[0], path, ballot="approve", reason="", shown=asked.manifest_sha256)
    assert sent.status_code == 302
    assert count(Vote) == 1
    assert "You have already voted" in page(client, committee[0], f"/requests/{asked.pk}/")


def test_a_vote_against_without_a_reason_is_shown_beside_its_field(asked, committee, client, count):
    sent = post(
        client, committee[0], f"/requests/{asked.pk}/vote/", ballot="reject", shown=asked.manifest_sha256
    )
    assert "A vote against gives its reason." in sent.content.decode()
    assert count(Vote) == 0


def test_a_vote_over_an_older_page_is_a_conflict(asked, committee, client, count):
    sent = post(client, committee[0], f"/requests/{asked.pk}/vote/", ballot="approve", shown="0" * 64)
    assert sent.status_code == 409
    assert count(Vote) == 0


def test_who_cannot_vote_reads_why(asked, owner, validator, committee, client, card):
    assert "four eyes" in page(client, owner, f"/requests/{asked.pk}/")
    assert "Only members of the risk committee" in page(client, validator, f"/requests/{asked.pk}/")
    revise(card, 2)
    sweep(asked)
    html = page(client, committee[0], f"/requests/{asked.pk}/")
    assert "A newer revision of a cited document was handed in. (Model card)" in html
    assert 'name="ballot"' not in html


def test_the_second_line_speaks_through_the_page(asked, validator, client, count):
    said = {"verdict": "approve", "reason": "Measured and sound."}
    assert post(client, validator, f"/requests/{asked.pk}/recommend/", **said).status_code == 302
    assert (
        post(client, validator, f"/requests/{asked.pk}/conditions/", text="Monthly report").status_code == 302
    )
    assert (count(Recommendation), count(Condition)) == (1, 1)
    html = page(client, validator, f"/requests/{asked.pk}/")
    assert "Measured and sound." in html and "Monthly report" in html


def test_the_owner_sees_what_the_committee_will_see_and_asks(version, card, owner, client, count):
    path = f"/versions/{version.pk}/request/"
    sweep(version)
    assert "Model card" in page(client, owner, path)
    assert post(client, owner, path, environment="production").status_code == 302
    assert count(ApprovalRequest) == 1
    assert "already before the committee" in page(client, owner, path)


def test_the_owner_withdraws_a_request(asked, owner, client):
    assert post(client, owner, f"/requests/{asked.pk}/withdraw/").status_code == 302
    assert "no longer open" in page(client, owner, f"/requests/{asked.pk}/")


def test_a_person_asks_the_gate_and_reads_reasons_and_what_to_do(permission, owner, client, count, model):
    path = f"/models/{model.pk}/gate/"
    html = page(client, owner, path)
    assert "The committee approved this version, but not for the environment “pilot”." in html
    assert "Ask the committee for approval in this environment." in html
    assert post(client, owner, path, version="1.0", environment="production", digest="").status_code == 302
    assert count(GateVerdict) == 1
    assert post(client, owner, path, version="1.0", environment="production", digest="x").status_code == 200
    assert count(GateVerdict) == 1


def test_every_page_is_there_in_three_languages(permission, asked, owner, model, version, client):
    gate.ask(by=owner, model=model, label="1.0", artefact_sha256=ARTEFACT, environment="pilot")
    sign_in(client, owner)
    for language in ("kk", "ru", "en"):
        client.cookies["django_language"] = language
        for path in (
            "/committee/",
            f"/requests/{asked.pk}/",
            f"/versions/{version.pk}/request/",
            f"/models/{model.pk}/gate/",
        ):
            assert client.get(path).status_code == 200


def test_a_stranger_gets_the_same_404_for_everything(asked, version, model, stranger, client, count):
    sign_in(client, stranger)
    nowhere = client.get("/requests/00000000-0000-0000-0000-000000000000/").content
    for path in (f"/requests/{asked.pk}/", f"/versions/{version.pk}/request/", f"/models/{model.pk}/gate/"):
        response = client.get(path)
        assert (response.status_code, response.content) == (404, nowhere)
    for path, sent in (
        (f"/requests/{asked.pk}/vote/", {"ballot": "approve", "shown": asked.manifest_sha256}),
        (f"/requests/{asked.pk}/recommend/", {"verdict": "approve", "reason": "x"}),
        (f"/requests/{asked.pk}/conditions/", {"text": "x"}),
        (f"/requests/{asked.pk}/withdraw/", {}),
        (f"/versions/{version.pk}/request/", {"environment": "pilot"}),
        (f"/models/{model.pk}/gate/", {"version": "1.0", "environment": "production"}),
    ):
        response = client.post(path, sent)
        assert (response.status_code, response.content) == (404, nowhere)
    assert (count(Vote), count(Recommendation), count(Condition), count(ApprovalRequest)) == (0, 0, 0, 1)
    assert f"/requests/{asked.pk}/" not in client.get("/committee/").content.decode()


def test_the_committee_page_asks_as_much_for_three_requests_as_for_one(
    asked, model, owner, committee, client, django_assert_max_num_queries
):
    sign_in(client, committee[0])
    with django_assert_max_num_queries(1000) as one:
        client.get("/committee/")
    sweep(model)
    ask_for(owner, asked.version, "pilot")
    ask_for(owner, add_version(model, "2.0"))
    with django_assert_max_num_queries(len(one.captured_queries)):
        html = client.get("/committee/").content.decode()
    assert html.count('href="/requests/') == 3
