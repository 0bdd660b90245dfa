from collections.abc import Iterator

import pytest
from django.core.cache import cache

from jirani.accounts.models import User
from tests import factories as make
from tests.accounts.factors import Commit, set_up, signed_in
from tests.accounts.test_sign_in import EMAIL, PASSWORD


@pytest.fixture
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Commit) -> Iterator[None]:
    """Letters and lines of allauth follow the commit, which a test does not see."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture
def zawadi() -> User:
    return make.user(EMAIL, password=PASSWORD)


@pytest.fixture
def secret(zawadi: User, django_capture_on_commit_callbacks: Commit) -> str:
    """The key of Zawadi's app, which is set up."""
    return set_up(signed_in(), django_capture_on_commit_callbacks)
