"""What waits to be sent when the record goes that it tells of, or when that is no longer its reader's to know."""

from collections.abc import Collection, Sequence
from typing import Any

from jirani.changes.registry import Change, Kind
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import letters

from .alerts import tell_undelivered

#: States in which a message may still be sent.
_WAITING = (MessageState.QUEUED, MessageState.FAILED)


def key_of(record: Any) -> str:
    """Return how a message names a record: "events.event:5"."""
    return _key(type(record), record.pk)


def _key(model: Any, number: Any) -> str:
    return f"{model._meta.label_lower}:{number}"


def number_in(message: Message, label: str) -> int:
    """Return the key of the record of a model that a message is about; 0 if it is about none."""
    return next((int(key.rpartition(":")[2]) for key in message.records if key.startswith(f"{label}:")), 0)


def withdraw(changes: Sequence[Change], *kinds: str) -> None:
    """Delete what waits, is of these kinds, and tells of a record that went or must not be told any more (`register_letters`).

    What was given up waits too: a coordinator may have it sent again. What a worker is sending at this moment is left to
    it; if that fails, `is_over` finds it at the next attempt.
    """
    keys = {_key(change.model, change.pk): change.kind for change in changes if change.kind != Kind.MADE}
    if not keys:
        return
    gone = {key for key, kind in keys.items() if kind == Kind.GONE}
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state__in=_WAITING, kind__in=kinds, records__overlap=list(keys)
    )
    over = [one for one in waiting.order_by("pk") if gone & set(one.records) or not _stands(one)]
    _delete(over)
    if any(one.state == MessageState.FAILED for one in over):
        tell_undelivered()


def is_over(message: Message) -> bool:
    """Whether a message must not be sent any more, for what happened since without a change of its records, such as that its reader's
    post ended. Then it is deleted. The caller holds its row's lock.
    """
    if message.kind not in letters() or not message.records or _stands(message):
        return False
    _delete([message])
    return True


def _stands(message: Message) -> bool:
    return letters()[message.kind].stands(message)


def _delete(over: Sequence[Message]) -> None:
    if not over:
        return
    Message.objects.filter(pk__in=[one.pk for one in over]).delete()
    for kind in sorted({one.kind for one in over}):
        letters()[kind].unsent([one for one in over if one.kind == kind])


def delete_alerts(kind: str, about: Collection[str]) -> None:
    """Delete the alerts of a kind about records that went."""
    Alert.objects.filter(kind=kind, about__in=about).delete()
