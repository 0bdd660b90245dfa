"""What is written to the people of an event, each in their own language."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.text import sign_link
from jirani.members.models import Person
from jirani.notifications.actions import Letter, drop_waiting, queue_latest, queue_letter, write_letter
from jirani.translation.models import attach_translations

#: Stands in a preview for the link that each recipient gets for themselves.
SAMPLE_LINK = "…"
#: Letters that say how things stand now: of several about one event the latest is sent.
CHANGED = "events.changed"


def programme_url(participation: Participation, language: str) -> str:
    """The whole address of a participant's own page, in their language."""
    token = sign_link(participation.pk, participation.nonce)
    with override(language):
        return settings.BASE_URL + reverse("events:programme_detail", args=[token])


def write_to(participation: Participation, template: str, link: str, person: Person | None = None) -> Letter:
    """The letter to one participant, or as `person` reads it. The event's translations in that language must be attached."""
    person = person or participation.person
    assert person is not None
    context = {"event": participation.event, "participation": participation, "person": person, "link": link}
    return write_letter(template, context, person.language)


def send(kind: str, template: str, participations: Iterable[Participation]) -> int:
    """Queue a letter for each of them who has an address; how many. All are of one event and have their link."""
    by_language: dict[str, list[Participation]] = {}
    for participation in participations:
        if participation.person and participation.person.email:
            by_language.setdefault(participation.person.language, []).append(participation)
    for language, recipients in by_language.items():
        attach_translations(language, recipients[0].event)
        for participation in recipients:
            participation.event = recipients[0].event
            _queue(kind, template, participation)
    return sum(map(len, by_language.values()))


def _queue(kind: str, template: str, participation: Participation) -> None:
    person: Any = participation.person
    letter = write_to(participation, template, programme_url(participation, person.language))
    if kind == CHANGED:
        queue_latest(kind, letter, to=person.email, recipient=person.user, about=_about(participation.event))
    else:
        queue_letter(kind, letter, to=person.email, recipient=person.user)


def _about(event: Event) -> str:
    return f"events.event:{event.pk}"


def tell_participants(event: Event, kind: str, template: str) -> int:
    """Write to those who were invited and have neither declined nor lost their place; how many."""
    told = (
        Participation.objects.filter(
            event=event,
            state__in=(ParticipationState.INVITED, ParticipationState.CONFIRMED, ParticipationState.WAITLISTED),
        )
        .exclude(nonce="")
        .select_related("event", "person__user")
    )
    return send(kind, template, told)


def tell_changes(event: Event) -> int:
    """Tell the people of a published event that is still to come how dates, place and programme are now; to how many it is written.

    Their own pages say from now on that something changed.
    """
    today = timezone.localdate()
    if event.state != EventState.PUBLISHED or event.ends_on < today:
        return 0
    Event.objects.filter(pk=event.pk).update(rearranged_on=today)
    event.rearranged_on = today
    return tell_participants(event, CHANGED, "events/mail/changed")


def forget_changes(event: Event) -> None:
    """Leave unsent what still waits to be said of an event that will not take place."""
    drop_waiting(CHANGED, about=_about(event))
