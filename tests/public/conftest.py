"""Shared by the tests of the public pages."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType


@pytest.fixture(autouse=True)
def _content_types_known(db: None) -> None:
    """Load all content types first: a process queries each of them once in its life, and query counts leave that out."""
    ContentType.objects.get_for_models(*apps.get_models())
