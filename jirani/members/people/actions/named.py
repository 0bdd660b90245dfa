"""Letters to somebody who was named to something, while they wait."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.utils import timezone

from jirani.changes.registry import Change, Kind
from jirani.members.models import going_on
from jirani.notifications.actions import withdraw
from jirani.notifications.models import Message


def follow_named(changes: Sequence[Change]) -> None:
    """Leave unsent a letter about a post or duty that was deleted, has ended or belongs to somebody else by now."""
    withdraw_named("members.named", changes)


def withdraw_named(kind: str, changes: Sequence[Change]) -> None:
    """Like `follow_named`, for letters of another app's kind about something that is held until a day."""
    stirred = [one for one in changes if one.kind == Kind.GONE or not one.fields.isdisjoint({"until_on", "person"})]
    withdraw(stirred, kind)


def is_theirs(message: Message) -> bool:
    """Tell whether its reader still holds the post or duty that it is about."""
    label, _, number = message.records[0].rpartition(":")
    model: Any = apps.get_model(label)
    held = model.objects.filter(going_on(timezone.localdate()), pk=number, person__user=message.recipient)
    return bool(held.exists())
