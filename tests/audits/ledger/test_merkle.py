"""The Merkle tree of RFC 6962 against its published vectors, and every proof of small logs against every wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.ledger import merkle

# The entries and heads of the reference implementation of Certificate Transparency (merkle_tree_test.cc).
ENTRIES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf(entry) for entry in ENTRIES]
LONG = [merkle.leaf(bytes([n])) for n in range(40)]


def test_an_empty_log_has_the_head_of_nothing():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_heads_are_the_published_ones(size):
    assert merkle.root(LEAVES[:size]).hex() == HEADS[size - 1]
    assert merkle.Tree(LEAVES[:size]).root.hex() == HEADS[size - 1]


def test_every_entry_of_every_small_log_is_proven_and_nothing_else_is():
    for size in range(1, len(LONG)):
        tree, head = merkle.Tree(LONG[:size]), merkle.root(LONG[:size])
        for at in range(size):
            proof = tree.inclusion(at)
            assert merkle.is_included(at, size, LONG[at], proof, head)
            assert not merkle.is_included(at, size, merkle.leaf(b"other"), proof, head)
            assert not merkle.is_included(at, size, LONG[at], [*proof, head], head)
            assert size == 1 or not merkle.is_included((at + 1) % size, size, LONG[at], proof, head)


def test_a_log_is_consistent_with_each_of_its_beginnings_and_with_no_other():
    for size in range(1, 24):
        for former in range(size + 1):
            proof = merkle.consistency(former, LONG[:size])
            before, head = merkle.root(LONG[:former]), merkle.root(LONG[:size])
            assert merkle.is_consistent(former, size, before, head, proof)
            if former:
                assert not merkle.is_consistent(former, size, merkle.leaf(b"other"), head, proof)


@given(st.integers(0, 39), st.integers(0, 39))
def test_a_frontier_grows_to_the_same_head_from_wherever_it_stood(first, second):
    first, second = sorted((first, second))
    stood = merkle.Frontier().grown(LONG[:first])
    again = merkle.Frontier.packed(stood.size, b"".join(stood.peaks))
    assert again.grown(LONG[first:second]).root == merkle.root(LONG[:second])


@pytest.mark.parametrize(("size", "peaks"), [(3, b""), (1, b"x" * 31), (2, b"x" * 64)])
def test_peaks_of_another_size_are_refused(size, peaks):
    with pytest.raises(ValueError, match="no peaks"):
        merkle.Frontier.packed(size, peaks)
