"""What an action refuses, in the words that people read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

#: Said by more than one app.
HOLDS = "This person holds this role here already."
ENDED = "Enter a day after the one on which it began."


def faults(act: Callable[[], object]) -> Any:
    """Return what an action refuses, by field; the sentences alone if it is about no field."""
    with pytest.raises(ValidationError) as refused:
        act()
    return getattr(refused.value, "message_dict", None) or refused.value.messages


def refused_at(act: Callable[[], object]) -> list[str]:
    """Return at which fields an action refuses, or in which words if it is about no field."""
    with pytest.raises(ValidationError) as refused:
        act()
    return [*getattr(refused.value, "error_dict", refused.value.messages)]
