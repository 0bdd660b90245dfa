"""Who must have a second factor; apps that know what an account may do register that here."""

from collections.abc import Callable
from typing import Any

type_question = Callable[[Any], bool]
_asked: list[type_question] = []


def ask_second_factor_of(must: type_question) -> None:
    """Ask whoever `must(user)` is true of for a second factor, if the installation does so at all. Called in `AppConfig.ready()`."""
    _asked.append(must)


def must_have_second_factor(user: Any) -> bool:
    """Whether anybody asks this user for one."""
    return any(must(user) for must in _asked)
