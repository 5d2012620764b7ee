"""Which addresses an administrator may give, and which of those may be connected to."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from monitoring.mlflow_link.address import Refused, is_refused, resolved, shape_of
from monitoring.mlflow_link.words import Trouble


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (" https://mlflow.bank.kz/ ", "https://mlflow.bank.kz"),
        ("http://10.1.2.3:5000", "http://10.1.2.3:5000"),
        ("https://tools.bank.kz/mlflow/", "https://tools.bank.kz/mlflow"),
        ("http://[fd00::1]:5000", "http://[fd00::1]:5000"),
    ],
)
def test_plain_addresses_are_kept_without_their_last_slash(said, kept):
    assert shape_of(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "",
        "mlflow.bank.kz",
        "ftp://mlflow.bank.kz",
        "file:///etc/passwd",
        "http://",
        "http://user:password@mlflow.bank.kz",
        "http://@mlflow.bank.kz",
        "http://mlflow.bank.kz?token=1",
        "http://mlflow.bank.kz#top",
        "http://mlflow.bank.kz:99999",
        "http://mlflow.bank.kz:0",
        "http://mlflow bank.kz",
        "http://mlflow.bank.kz\\@evil.example",
        "http://[::1",
        "http://банк.kz",
        "http://" + "a" * 300,
    ],
)
def test_everything_else_is_no_address(said):
    assert shape_of(said) == ""


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "240.0.0.1",
    ],
)
def test_link_local_and_metadata_addresses_are_refused(address):
    assert is_refused(ip_address(address), loopback=True)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.4", "172.16.0.1", "8.8.8.8", "fd12::1"])
def test_private_networks_are_the_usual_case(address):
    assert not is_refused(ip_address(address), loopback=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_very_machine_is_refused_in_production(address):
    assert is_refused(ip_address(address), loopback=False)
    assert not is_refused(ip_address(address), loopback=True)


def test_one_bad_address_behind_a_name_refuses_the_name(monkeypatch):
    answers = [(2, 1, 6, "", ("10.0.0.1", 80)), (2, 1, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answers)
    with pytest.raises(Refused) as found:
        resolved("http://mlflow.bank.kz", loopback=True)
    assert found.value.trouble == Trouble.REFUSED_ADDRESS


@pytest.mark.parametrize("said", ["http://2852039166", "http://0xa9fea9fe", "http://0251.0376.0251.0376"])
def test_other_spellings_of_a_metadata_address_are_refused(said):
    with pytest.raises(Refused) as found:
        resolved(said, loopback=True)
    assert found.value.trouble in {Trouble.REFUSED_ADDRESS, Trouble.UNKNOWN_HOST}
