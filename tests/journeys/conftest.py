"""One running Senim for all journeys. The story of the mortgage model is told in it once, as far as a test needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.product import Product, product

FIRST = "test_mortgage_model.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The story comes before those who walk through what it left behind."""
    here = [at for at, item in enumerate(items) if item.path.is_relative_to(__file__.rsplit("/", 1)[0])]
    ordered = sorted((items[at] for at in here), key=lambda item: item.path.name != FIRST)
    for at, item in zip(here, ordered, strict=True):
        items[at] = item


@pytest.fixture(scope="session")
def senim(django_db_blocker) -> Iterator[Product]:
    """Started with empty hands; see tests/journeys/product.py."""
    with django_db_blocker.unblock(), product() as running:
        yield running
