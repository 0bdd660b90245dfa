"""Letters to the people of an event, each in their own language. Recipients and texts are known before anything is sent."""

from collections.abc import Callable, Collection, Iterable
from copy import copy
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from jirani.core.text import active_language
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation, Session
from jirani.events.text import sign_link
from jirani.members.models import Person
from jirani.notifications.actions import Letter, Mailing, Recipient, drop_waiting, is_waiting, key_of, write_letter
from jirani.translation.models import attach_translations

from .changes import arrangements, changes, type_arrangements

#: What a letter tells one of the event's people besides, in a language.
type_more = Callable[[Participation, str], dict[str, Any]]

#: Stands in a preview for the link that each recipient gets for themselves.
SAMPLE_LINK = "…"
#: Letters about the current state: of several about one event only the latest is sent.
CHANGED = "events.changed"
#: States in which somebody who was invited is told what becomes of the event.
TOLD = (ParticipationState.INVITED, ParticipationState.CONFIRMED, ParticipationState.WAITLISTED)


def programme_url(participation: Participation, language: str) -> str:
    """The whole address of a participant's own page, in their language."""
    address = participation.person.email if participation.person else ""
    token = sign_link(participation.pk, participation.nonce, address)
    with override(language):
        return settings.BASE_URL + reverse("events:programme_detail", args=[token])


def to_participants(
    event: Event, kind: str, participations: Iterable[Participation], *, about: str = "", more: type_more | None = None
) -> Mailing:
    """The letter of this kind ("events.invitation") to those of the event's people who have an address. `more` is what the letter
    tells of besides, for one participation in a language.

    They need `person__user` and `delegation__authority__organisation`. Their links are taken when it is sent. What is shown of them
    is what was entered on the list; what they get is theirs.
    """
    rows = {one.pk: one for one in participations if one.person and one.person.email}
    recipients = _recipients(rows.values())
    editions = _editions(event, [*recipients, *(row.person for row in rows.values() if row.person)])

    def write(row: Participation, to: Recipient | Person, link: str) -> Letter:
        known = {"event": editions[to.language], "person": to, "link": link}
        known |= more(row, to.language) if more else {}
        return write_letter(f"events/mail/{kind.partition('.')[2]}", known, to.language)

    def write_own(to: Recipient) -> Letter:
        row = rows[to.key]
        assert row.person is not None
        return write(row, row.person, programme_url(row, row.person.language))

    def sample(to: Recipient) -> Letter:
        return write(rows[to.key], to, SAMPLE_LINK)

    def tells_of(to: Recipient) -> tuple[str, ...]:
        return key_of(event), key_of(rows[to.key])

    return Mailing(kind, recipients, write=write_own, sample=sample, about=about, records=tells_of)


def _editions(event: Event, readers: Iterable[Recipient | Person]) -> dict[str, Event]:
    """Return the event's texts in each language in which somebody reads about it."""
    editions = {reader.language: copy(event) for reader in readers}
    for language, edition in editions.items():
        attach_translations(language, edition)
    return editions


def _recipients(participations: Iterable[Participation]) -> list[Recipient]:
    rows = list(participations)
    language = active_language()
    bodies = {one.pk: one.delegation.authority.organisation for one in rows if one.delegation}
    attach_translations(language, bodies.values())
    return [
        Recipient(
            one.pk,
            one.called,
            one.address,
            one.written_in,
            to=person.email,
            user=person.user,
            comes_for=bodies[one.pk].text_in("name", language) if one.pk in bodies else ("", ""),
        )
        for one in rows
        if (person := one.person)
    ]


def _about(event: Event) -> str:
    return f"events.event:{event.pk}"


def _informed(event: Event) -> Iterable[Participation]:
    """Return people who were invited and have neither declined nor lost their place; nobody if the event is over."""
    if event.is_over:
        return []
    there = Q(state=ParticipationState.ATTENDED) & ~Q(attended_from=ParticipationState.DECLINED)
    rows = Participation.objects.filter(Q(state__in=TOLD) | there, event=event).exclude(nonce="")
    rows = rows.select_related("person__user", "delegation__authority__organisation")
    return rows.order_by("person__name", "pk")


def mailing_of_changes(event: Event, before: type_arrangements, now: type_arrangements | None = None) -> Mailing:
    """Tell the event's people what changed in dates, place and programme, and the current state. People who may see none of it get no
    letter.
    """
    now = now or arrangements(event)
    since = event.told if event.told and is_waiting(CHANGED, about=_about(event)) else before
    read: dict[tuple[str, bool], list[str]] = {}

    def told(row: Participation, language: str) -> list[str]:
        key = language, row.is_inside
        if key not in read:
            read[key] = changes(event, since, now, language=language, inside=row.is_inside)
        return read[key]

    rows = [row for row in _informed(event) if row.person and told(row, row.person.language)]
    return to_participants(
        event, CHANGED, rows, about=_about(event), more=lambda row, language: {"changes": told(row, language)}
    )


def mailing_of_removal(session: Session) -> Mailing:
    """Tell the event's people that a session is taken out of the programme."""
    event = session.event
    before = arrangements(event)
    rest = {key: facts for key, facts in before["sessions"].items() if key != str(session.pk)}
    shown = event.state == EventState.PUBLISHED
    return mailing_of_changes(event, before, {**before, "sessions": rest} if shown else before)


def mailing_of_reinstatement(event: Event) -> Mailing:
    """Tell the people of a cancelled event that it takes place after all, and what else has changed since."""
    return mailing_of_changes(event, called_off(event))


def called_off(event: Event) -> type_arrangements:
    """Return how a cancelled event stood before it was cancelled."""
    return event.told if event.told and event.told.get("cancelled") else {**arrangements(event), "cancelled": True}


def mailing_of_cancellation(event: Event) -> Mailing:
    """Tell the people of a published event that it will not take place."""
    told = _informed(event) if event.state == EventState.PUBLISHED else []
    return to_participants(event, "events.cancelled", told)


def tell_changes(event: Event, before: type_arrangements, *, shown: Collection[str] | None = None) -> int:
    """Tell the people of a published event that is still to come what is otherwise than `before`; to how many it is written. A letter
    that is still waiting keeps comparing with the state before its first change.

    From now on their own pages say that something changed. Raises NotShown if they were not `shown`.
    """
    today = timezone.localdate()
    if event.state != EventState.PUBLISHED or event.ends_on < today:
        return 0
    waits = bool(event.told) and is_waiting(CHANGED, about=_about(event))
    letters = mailing_of_changes(event, before)
    event.rearranged_on, event.told = today, event.told if waits else before
    Event.objects.filter(pk=event.pk).update(rearranged_on=today, told=event.told)
    if waits and not letters.recipients:  # what was changed was changed back
        drop_waiting_changes(event)
    return letters.send(shown)


def drop_waiting_changes(event: Event) -> None:
    """Drop letters about changes that still wait for an event that will not take place."""
    drop_waiting(CHANGED, about=_about(event))
