"""What waits to be sent when the record goes that it tells of, or when that is no longer its reader's to know."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jirani.changes.registry import Change, Kind
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import letters, type_stands

from .alerts import tell_undelivered

#: States in which a message may still be sent.
_WAITING = (MessageState.QUEUED, MessageState.FAILED)


def key_of(record: Any) -> str:
    """What a message names a record by: "events.event:5"."""
    return f"{record._meta.label_lower}:{record.pk}"


def number_in(message: Message, label: str) -> int:
    """The key of the record of a model that a message tells of; 0 if it tells of none."""
    return next((int(key.rpartition(":")[2]) for key in message.records if key.startswith(f"{label}:")), 0)


def withdraw(changes: Sequence[Change], stands: Mapping[str, type_stands]) -> list[Message]:
    """Delete what waits, is of a kind in `stands`, and tells of a record that went or must not be told any more. Returns what it was.

    What was given up waits too: a coordinator may have it sent again. What a worker is sending at this moment is left to
    it; if that fails, `is_over` finds it at the next attempt.
    """
    keys = {
        f"{change.model._meta.label_lower}:{change.pk}": change.kind for change in changes if change.kind != Kind.MADE
    }
    if not keys:
        return []
    gone = {key for key, kind in keys.items() if kind == Kind.GONE}
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state__in=_WAITING, kind__in=stands, records__overlap=list(keys)
    )
    over = [one for one in waiting.order_by("pk") if gone & set(one.records) or not stands[one.kind](one)]
    if over:
        Message.objects.filter(pk__in=[one.pk for one in over]).delete()
    if any(one.state == MessageState.FAILED for one in over):
        tell_undelivered()
    return over


def is_over(message: Message) -> bool:
    """Whether a message must not be sent any more, for what happened since without a change of its records, such as that its reader's
    post ended. Then it is deleted. The caller holds its row's lock.
    """
    if message.kind not in letters() or not message.records:
        return False
    stands, unsent = letters()[message.kind]
    if stands(message):
        return False
    Message.objects.filter(pk=message.pk).delete()
    unsent([message])
    return True


def forget_alerts(kind: str, about: Collection[str]) -> None:
    """Delete the alerts of a kind about records that went."""
    Alert.objects.filter(kind=kind, about__in=about).delete()
