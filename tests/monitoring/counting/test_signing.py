"""Counts are believed when a key signed them that the organisation's administrator registered."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.people.acting import viewing
from governance.store.keys import public_pem
from monitoring.counting.__main__ import main
from monitoring.counting.signing import signed
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.signers import services as signers
from monitoring.signers.models import CountingKey
from monitoring.signers.verifying import is_signed
from tests.factories import sign_in
from tests.monitoring.counting.files import a_file, counted, plan_of
from tests.monitoring.loans import a_dataset, a_model, a_window

pytestmark = pytest.mark.django_db

KEY = Ed25519PrivateKey.from_private_bytes(b"senim counts are signed by this.")
OTHER = Ed25519PrivateKey.from_private_bytes(b"somebody else signs with another")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return counted(tmp_path_factory.mktemp("made"))["reference"]


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner), sensitive=["white"])


@pytest.fixture
def key(administrator, bank) -> CountingKey:
    return signers.register(by=administrator, organisation=bank, name="Scoring", public_pem=public_pem(KEY))


def take_in(by, dataset, told: object) -> Window:
    file = BytesIO(json.dumps(told).encode())
    return data.add_window(
        by=by, dataset=dataset, name="2025", part="reference", file=file, file_name="counts.json"
    )


def refused(owner, dataset, told: object) -> str:
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, told)
    with viewing(owner):
        assert not Window.objects.exists()
    [problem] = refusal.value.problems
    return str(problem.what)


def test_the_command_signs_and_the_register_verifies_and_keeps_the_signature(owner, dataset, key, tmp_path):
    private, plan, out = tmp_path / "key.pem", tmp_path / "plan.json", tmp_path / "counts.json"
    private.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    plan.write_text(json.dumps(plan_of()))
    file = a_file(tmp_path, "reference")
    assert main(["count", str(file), "--plan", str(plan), "--out", str(out), "--key", str(private)]) == 0

    told = json.loads(out.read_bytes())
    window = take_in(owner, dataset, told)
    assert (window.signed_with_id, window.signature) == (key.pk, told["signature"])
    assert is_signed(told["document"], window.signature, key.public_pem)


def test_with_a_registered_key_nothing_unsigned_is_taken_in(owner, dataset, key, made):
    assert "this document is not signed" in refused(owner, dataset, made)


def test_without_a_registered_key_counts_are_taken_in_unsigned(owner, dataset, made):
    window = take_in(owner, dataset, made)
    assert (window.signed_with_id, window.signature) == (None, "")


def test_rows_need_no_signature(owner, dataset, key):
    assert a_window(owner, dataset).made_of == "rows"


def test_a_document_changed_after_it_was_signed_is_refused(owner, dataset, key, made):
    told = signed(made, KEY)
    told["document"]["rows"] += 10
    assert "changed after it was signed" in refused(owner, dataset, told)


def test_a_stranger_cannot_sign_under_a_registered_name(owner, dataset, key, made):
    told = {**signed(made, OTHER), "key": key.fingerprint}
    assert "changed after it was signed" in refused(owner, dataset, told)


@pytest.mark.parametrize("fingerprint", ["0" * 16, "", None, [], "a\0"])
def test_an_unknown_key_is_refused(owner, dataset, key, made, fingerprint):
    assert "not registered" in refused(owner, dataset, {**signed(made, OTHER), "key": fingerprint})


@pytest.mark.parametrize("signature", ["", "no base64!", None, 7, "AAAA"])
def test_a_malformed_signature_is_refused(owner, dataset, key, made, signature):
    told = {**signed(made, KEY), "signature": signature}
    assert "changed after it was signed" in refused(owner, dataset, told)


def test_an_envelope_with_more_in_it_is_refused(owner, dataset, key, made):
    assert "not of the form" in refused(owner, dataset, {**signed(made, KEY), "rows": []})


def test_a_revoked_key_signs_no_more_and_what_it_signed_stays(owner, administrator, dataset, key, made):
    window = take_in(owner, dataset, signed(made, KEY))
    signers.revoke(by=administrator, key=key)
    other = a_dataset(owner, a_model(owner, number="M-0002"), sensitive=["white"])
    for told in (signed(made, KEY), made):
        with pytest.raises(RuleBroken):
            take_in(owner, other, told)
    with viewing(owner):
        assert Window.objects.get().pk == window.pk
    with pytest.raises(OutOfOrder):
        signers.revoke(by=administrator, key=key)


def test_only_an_administrator_registers_and_revokes(owner, bank, key):
    with pytest.raises(NotAllowed):
        signers.register(by=owner, organisation=bank, name="Mine", public_pem=public_pem(OTHER))
    with pytest.raises(NotAllowed):
        signers.revoke(by=owner, key=key)
    with viewing(owner):
        assert [(each.pk, each.revoked_at) for each in CountingKey.objects.all()] == [(key.pk, None)]


def test_a_key_is_registered_once(administrator, bank, key):
    with pytest.raises(OutOfOrder):
        signers.register(by=administrator, organisation=bank, name="Again", public_pem=public_pem(KEY))


@pytest.mark.parametrize("pem", ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_what_is_no_public_key_is_refused(administrator, bank, pem):
    with pytest.raises(RuleBroken):
        signers.register(by=administrator, organisation=bank, name="Scoring", public_pem=pem)


def test_a_private_key_is_refused_and_never_kept(administrator, bank):
    private = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(RuleBroken) as refusal:
        signers.register(by=administrator, organisation=bank, name="Scoring", public_pem=private)
    assert "Never send the private one" in str(refusal.value.problems[0].what)


def test_the_page_registers_lists_and_revokes(client, administrator, owner):
    sign_in(client, administrator)
    assert "No key is registered" in client.get("/counting-keys/").content.decode()
    client.post("/counting-keys/", {"name": "Scoring", "public_pem": public_pem(KEY)})
    with viewing(administrator):
        key = CountingKey.objects.get()
    assert key.fingerprint in client.get("/counting-keys/").content.decode()
    client.post(f"/counting-keys/{key.pk}/revoke/")
    assert "revoked" in client.get("/counting-keys/").content.decode()
    assert sign_in(client, owner).get("/counting-keys/").status_code == 403


def test_a_key_file_that_is_none_is_refused(tmp_path: Path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_of()))
    file, out = a_file(tmp_path, "current"), tmp_path / "counts.json"
    assert main(["count", str(file), "--plan", str(plan), "--out", str(out), "--key", str(file)]) == 2
    assert "no private Ed25519 key" in capsys.readouterr().err
    assert not out.exists()
