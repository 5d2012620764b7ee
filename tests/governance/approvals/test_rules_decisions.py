"""How votes add up, and what makes a decision void afterwards."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from governance.approvals.route import Committee, load
from governance.approvals.rules import Manifest, Voided, VoteFact, tally, voided

ROUTE = load()
MEMBERS = ("ainur", "boris", "celia", "dana", "erlan")


def votes(ballots: str) -> list[VoteFact]:
    """One vote per letter, y or n, by one member after the other."""
    verdicts = {"y": "approve", "n": "reject"}
    return [VoteFact(by, verdicts[letter]) for by, letter in zip(MEMBERS, ballots, strict=False)]


@pytest.mark.parametrize(
    ("ballots", "outcome"),
    [
        ("", "open"),
        ("y", "open"),
        ("n", "open"),
        ("yy", "open"),
        ("nn", "open"),
        ("yn", "open"),
        ("yyy", "approved"),
        ("yyn", "approved"),
        ("ynn", "rejected"),
        ("nnn", "rejected"),
    ],
)
def test_three_members_vote_and_the_majority_decides(ballots, outcome):
    for order in permutations(votes(ballots)):
        assert tally(order, ROUTE, requested_by="requester") == outcome


def test_the_vote_of_the_requester_does_not_count():
    assert tally(votes("yyy"), ROUTE, requested_by="celia") == "open"


def test_a_member_has_one_vote_and_the_later_one_counts():
    twice = [VoteFact("ainur", "approve"), VoteFact("ainur", "approve"), VoteFact("boris", "approve")]
    assert tally(twice, ROUTE, requested_by="requester") == "open"

    changed = [*votes("yyn"), VoteFact("boris", "reject")]
    assert tally(changed, ROUTE, requested_by="requester") == "rejected"


@pytest.mark.parametrize(
    ("ballots", "outcome"),
    [
        ("yynn", "open"),
        ("yynny", "approved"),
        ("yynnn", "rejected"),
        ("nnny", "rejected"),
        ("yyy", "approved"),
    ],
)
def test_a_larger_committee_stays_open_only_while_a_majority_can_be_reached(ballots, outcome):
    five = replace(ROUTE, committee=Committee(size=5, quorum=3, majority=3))

    assert tally(votes(ballots), five, requested_by="requester") == outcome


DECIDED = Manifest(
    version="v2",
    artefact_sha256="abc",
    documents={"card": "1", "register": "2"},
    grade={"risk_degree": "medium", "autonomy_degree": "medium", "tier": 2},
    evidence={"run-1": "a", "run-2": "b"},
    editions={"kz-ai-law": "2026-11-22"},
)


@pytest.mark.parametrize(
    ("change", "grounds"),
    [
        ({}, []),
        ({"artefact_sha256": "evil"}, [Voided("artefact_changed")]),
        ({"version": "v3"}, [Voided("artefact_changed")]),
        ({"documents": {"card": "1", "register": "3"}}, [Voided("document_superseded", "register")]),
        ({"documents": {"card": "1"}}, [Voided("document_superseded", "register")]),
        ({"grade": DECIDED.grade | {"risk_degree": "high"}}, [Voided("grade_raised")]),
        ({"grade": DECIDED.grade | {"tier": 1}}, [Voided("grade_raised")]),
        ({"evidence": {"run-2": "b"}}, [Voided("evidence_revoked", "run-1")]),
        (
            {"artefact_sha256": "evil", "evidence": {}},
            [
                Voided("artefact_changed"),
                Voided("evidence_revoked", "run-1"),
                Voided("evidence_revoked", "run-2"),
            ],
        ),
    ],
)
def test_a_written_list_makes_a_decision_void(change, grounds):
    assert list(voided(DECIDED, replace(DECIDED, **change))) == grounds


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": DECIDED.evidence | {"run-3": "c"}},
        {"editions": {"kz-ai-law": "2027-01-01"}},
        {"documents": DECIDED.documents | {"minutes": "9"}},
        {"grade": {"risk_degree": "minimal", "autonomy_degree": "low", "tier": 4}},
    ],
)
def test_nothing_else_does_not_a_nightly_run_nor_a_new_edition_nor_a_lower_grade(change):
    assert voided(DECIDED, replace(DECIDED, **change)) == ()


def test_a_manifest_has_one_digest_however_it_is_ordered_and_survives_json():
    shuffled = replace(DECIDED, documents={"register": "2", "card": "1"})

    assert shuffled.sha256 == DECIDED.sha256
    assert Manifest.from_dict(DECIDED.as_dict()) == DECIDED
    assert voided(DECIDED.as_dict(), DECIDED) == ()
    assert replace(DECIDED, version="v3").sha256 != DECIDED.sha256
