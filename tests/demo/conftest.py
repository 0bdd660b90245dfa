"""The demo network, loaded once for the tests of this folder and taken back after them."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from jirani.demo.actions import load


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Counter[str]]:
    """The counts of one load. Tests ask for it instead of `db`: they only read, or take back what they change."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)
