"""Whom a commitment concerns, and what they are told."""

from collections.abc import Iterator

from django.utils import timezone

from jirani.accounts.models import User
from jirani.commitments.models import Commitment
from jirani.commitments.permissions import can_see_commitment
from jirani.events.models import Event
from jirani.members.enums import NetworkDuty
from jirani.members.models import NetworkRole, Person
from jirani.notifications.actions import key_of, queue_message
from jirani.translation.models import attach_translations


def tell_taken_up(commitment: Commitment, *, by: User) -> None:
    """Tell the lesson's writer and those who coordinate its event that it was taken up, as far as they may see by whom."""
    told = set()
    for person in _concerned(commitment):
        if person.pk in told or not person.email or person.user_id == by.pk:
            continue
        told.add(person.pk)
        if can_see_commitment(person.user, commitment):
            _tell(person, commitment)


def _concerned(commitment: Commitment) -> Iterator[Person]:
    lesson = commitment.lesson
    if lesson is None:
        return
    if lesson.writer is not None:
        yield lesson.writer
    if lesson.event is not None:
        yield from _coordinators(lesson.event)


def _coordinators(event: Event) -> Iterator[Person]:
    """Yield the coordinators of the event's hub today or, without a hub, of the network."""
    duty = NetworkDuty.HUB_COORDINATOR if event.hub_id else NetworkDuty.COORDINATOR
    roles = NetworkRole.objects.held(timezone.localdate()).filter(duty=duty, hub=event.hub)
    for role in roles.select_related("person__user"):
        yield role.person


def _tell(person: Person, commitment: Commitment) -> None:
    lesson, organisation = commitment.lesson, commitment.organisation
    attach_translations(person.language, lesson, organisation, commitment)
    context = {
        "name": person.name,
        "organisation": organisation.text_in("name", person.language)[0],
        "lesson": lesson.text_in("title", person.language)[0] if lesson else "",
        "title": commitment.text_in("title", person.language)[0],
        "commitment": commitment.pk,
    }
    queue_message(
        "commitments.taken_up",
        to=person.email,
        recipient=person.user,
        language=person.language,
        template="commitments/mail/taken_up",
        context=context,
        records=[key_of(commitment)],
    )
