"""Write down what was done, in the transaction that does it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from jirani.accounts.models import User

from .models import Entry


def record(verb: str, about: models.Model, *, by: Any = None, **details: Any) -> Entry:
    """Write an entry; `by` is a user, or None for what no one must be linked to."""
    return Entry.objects.create(
        verb=verb,
        actor=by if isinstance(by, User) else None,
        content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk,
        details=details,
    )
