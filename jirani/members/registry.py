"""What higher apps pass to this one. They register in `AppConfig.ready()`."""

from collections.abc import Callable
from typing import Any

#: Questions by which somebody chooses among organisations although they speak for none.
_choosers: list[Callable[[Any], bool]] = []


def register_chooser(chooses: Callable[[Any], bool]) -> None:
    """Let those for whom `chooses(user)` is true enter organisations that their lists lack."""
    _choosers.append(chooses)


def chooses_organisations(user: Any) -> bool:
    """Whether a higher app has somebody choose among organisations."""
    return any(chooses(user) for chooses in _choosers)
