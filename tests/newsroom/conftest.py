"""A newsroom, and how somebody of the cast comes to it."""

from collections.abc import Callable

import pytest
from django.test import Client

from jirani.newsroom.actions import ensure_newsroom
from jirani.newsroom.models import NewsIndexPage
from tests.cast import Cast

Enter = Callable[[str], Client]


@pytest.fixture
def newsroom(db: None) -> NewsIndexPage:
    """The English newsroom."""
    return ensure_newsroom()


@pytest.fixture
def enter(cast: Cast) -> Enter:
    """A browser of somebody of the cast, by their part; "visitor" is not signed in."""

    def opened(part: str) -> Client:
        client = Client()
        user = cast.users()[part]
        if user.is_authenticated:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened
