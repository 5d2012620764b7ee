"""What verify.py computes with a few lines of its own is what the register and the library compute."""

from __future__ import annotations

import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from audits.ledger import merkle
from audits.packs import verify
from audits.packs.proofs import needed, proof


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf(str(n).encode()) for n in range(size)]


def test_some_leaves_and_their_proof_give_the_head_of_the_log():
    chance = random.Random(6962)
    for size in range(1, 70):
        log = leaves(size)
        for _round in range(4):
            chosen = chance.sample(range(size), chance.randint(1, size))
            nodes = proof(size, iter(log), chosen)
            assert set(nodes) == needed(size, chosen)
            known = {at: log[at] for at in chosen}
            assert verify.head_of(size, known, nodes) == merkle.root(log), (size, chosen)


def test_another_leaf_gives_another_head():
    log = leaves(37)
    nodes = proof(37, iter(log), [3, 20])
    assert verify.head_of(37, {3: log[3], 20: log[21]}, nodes) != merkle.root(log)


def test_a_proof_of_all_leaves_needs_nothing():
    assert proof(37, iter(leaves(37)), range(37)) == {}


def test_signatures_are_judged_as_the_library_judges_them():
    for n in range(5):
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = b"statement %d" % n
        signature = key.sign(message)
        assert verify.ed25519(public, message, signature)
        assert not verify.ed25519(public, message + b".", signature)
        other = bytes([signature[0] ^ 1]) + signature[1:]
        try:
            assert not verify.ed25519(public, message, other)
        except ValueError:
            continue  # no point of the curve: verify.py says that the files cannot be read as they should
