"""Refusals and changes of mind: those who run the event are written to, and see them on their desks until they say so."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.events.models import Event, Participation, Session
from jirani.events.permissions import can_edit_event
from jirani.members.actions import those_who_coordinate
from jirani.members.models import with_known
from jirani.notifications.actions import delete_messages, drop_waiting, key_of, queue_latest, write_letter
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Message
from jirani.notifications.registry import Addressee
from jirani.translation.models import attach_translations

#: One letter reports several answers to one event's invitations that come in quick succession.
ANSWERS = "events.answers"


def tell_turned(event: Event) -> None:
    """Write to those who run the event which answers they have not seen yet. A letter that still waits takes up the later ones."""
    for reader in those_who_coordinate(event.hub):
        context = {"event": copy(event), "turns": _turns(event, reader), "to": reader}
        attach_translations(reader.language, context["event"])
        with override(reader.language):
            context["link"] = settings.BASE_URL + reverse("events:participation_list", args=[event.slug])
        letter = write_letter("events/mail/answers", context, reader.language)
        queue_latest(ANSWERS, letter, to=reader.to, about=_about(event), recipient=reader.user, records=[key_of(event)])


def tell_without(events: Iterable[Event]) -> None:
    """Let letters about these events that were not sent yet name only those who are still on the list, for somebody was erased."""
    for event in events:
        waiting = Message.objects.filter(kind=ANSWERS, about=_about(event)).exclude(state=MessageState.SENT)
        if delete_messages(waiting) and Participation.objects.filter(event=event).turned().exists():
            tell_turned(event)


def _turns(event: Event, reader: Addressee) -> list[dict[str, Any]]:
    """Return who refused or changed their mind, as the reader may know them, and the sessions in which they have a part."""
    turned = with_known(Participation.objects.filter(event=event).turned(), reader.user)
    rows = list(turned.select_related("person").prefetch_related("session_parts__session"))
    sessions: dict[int, list[Session]] = {
        one.pk: [*{part.session_id: part.session for part in one.session_parts.all()}.values()] for one in rows
    }
    attach_translations(reader.language, *sessions.values())
    return [
        {"who": one, "comes": not one.declined_from, "parts": _titles(sessions[one.pk], reader.language)}
        for one in rows
    ]


def _titles(sessions: Iterable[Session], language: str) -> list[str]:
    return [session.text_in("title", language)[0] for session in sessions]


@transaction.atomic
def see_turned(event: Event, *, until: datetime, by: Any) -> Event:
    """Say that the refusals and changes of mind up to a moment have been seen: they need nobody any more."""
    require(can_edit_event(by, event))
    seen = Participation.objects.filter(event=event).turned().filter(turned_at__lte=until)
    record("events.see_answers", event, by=by, participations=list(seen.values_list("pk", flat=True)))
    seen.order_by().update(turned_at=None)
    if not Participation.objects.filter(event=event).turned().exists():
        drop_waiting(ANSWERS, about=_about(event))
    return event


def _about(event: Event) -> str:
    return f"events.event:{event.pk}"
