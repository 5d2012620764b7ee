"""Registrations that happen at the same moment do not take each other's number."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from governance.inventory import services
from governance.people.models import Organisation
from tests.factories import found, join

pytestmark = pytest.mark.commits


def test_two_registrations_at_once_get_two_numbers(committing):
    bank = found(1, name="First Bank")
    owner = join(bank, "model_owner", email="owner@bank.example")
    numbers: list[str] = []

    def register() -> None:
        try:
            organisation = Organisation(pk=bank.pk)
            numbers.append(
                services.register(by=owner, organisation=organisation, fields={"name": "One"}).number
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == ["M-0001", "M-0002", "M-0003", "M-0004"]
