"""What the tests of the reading pages share."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType


@pytest.fixture(autouse=True)
def _content_types_known(db: None) -> None:
    """A process asks for each content type once in its life; what a page costs is counted without that."""
    ContentType.objects.get_for_models(*apps.get_models())
