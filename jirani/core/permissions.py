"""Permissions come in pairs: a question about one record, and the records for which its answer is yes.

`@pair(Event, "editable_by")` above `can_edit_event(user, event)` says that the two must agree;
`tests/test_permissions.py` asks both halves of every pair for every role. Where nothing but the queryset is asked, the question about one
record is whether the queryset has it; tests/oracles.py then holds another one, said by hand, as the other half.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

Question = TypeVar("Question", bound=Callable[..., bool])


@dataclass(frozen=True, slots=True)
class Pair:
    """A permission's two halves."""

    question: Callable[[Any, Any], bool]
    model: "type[Model]"
    method: str


_pairs: list[Pair] = []


def pair(model: "type[Model]", method: str) -> Callable[[Question], Question]:
    """Register the decorated question as the other half of `model.objects.<method>(user)`."""

    def register(question: Question) -> Question:
        _pairs.append(Pair(question, model, method))
        return question

    return register


def permission_pairs() -> list[Pair]:
    """Every registered pair."""
    return list(_pairs)


def require(allowed: bool, sentence: "StrOrPromise" = "") -> None:
    """Raise PermissionDenied with a sentence for the person, unless allowed."""
    if not allowed:
        raise PermissionDenied(str(sentence))
