"""Shared by the tests of translations: a text in French."""

from typing import Any

from jirani.translation.actions import save_translation
from jirani.translation.models import TranslatableModel, Translation


def french(record: TranslatableModel, field: str = "title", body: str = "Mots", **facts: Any) -> Translation:
    """Say a text of a record in French."""
    made = save_translation(record, field, "fr", body, **facts)
    assert made is not None
    return made
