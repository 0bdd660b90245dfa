"""Remind people of follow-ups that fall due: everybody who may answer gets one letter. If nobody may, coordinators are told."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from jirani.commitments.models import FollowUp
from jirani.forums.enums import SeatRole
from jirani.forums.models import Seat
from jirani.members.enums import TenureRole
from jirani.members.models import Organisation, Person, Tenure
from jirani.notifications.actions import clear_alert, key_of, queue_message, raise_alerts
from jirani.notifications.models import Alert, Message
from jirani.plans.enums import Status
from jirani.translation.models import attach_translations

#: The letter that asks.
DUE = "commitments.follow_up_due"
#: That nobody may answer what an organisation is asked.
NOBODY = "commitments.nobody_to_ask"


@transaction.atomic
def remind_due(today: date) -> int:
    """Write to those who may answer follow-ups that are due by `today` and of which nobody was told: one message each for all of
    theirs. How many messages.

    The rows stay locked until all is queued and marked; another worker passes over them. Where nobody may answer yet, a follow-up
    waits for somebody who may, and the network's coordinators learn that it does.
    """
    due = list(
        _untold(today)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("commitment__organisation")
        .order_by("due_on", "id")
    )
    asked: dict[Person, list[FollowUp]] = {}
    waiting: dict[Organisation, list[FollowUp]] = {}
    known, told = _asked_before(due), set()
    for follow_up in due:
        answerers = _answerers(follow_up, today)
        for person in answerers:
            told.add(follow_up.pk)
            if (person.user_id, follow_up.pk) not in known:
                asked.setdefault(person, []).append(follow_up)
        if not answerers:
            waiting.setdefault(follow_up.commitment.organisation, []).append(follow_up)
    for person, theirs in asked.items():
        _tell(person, theirs)
    FollowUp.objects.filter(pk__in=told).update(reminded_on=today)
    _tell_coordinators(waiting, today)
    return len(asked)


def _asked_before(follow_ups: Sequence[FollowUp]) -> set[tuple[int | None, int]]:
    """Return which accounts already have a letter about which of these follow-ups, so that only the others are asked
    again. If a follow-up's day was moved, earlier letters do not count.
    """
    by_key = {key_of(one): one for one in follow_ups}
    return {
        (letter.recipient_id, by_key[key].pk)
        for letter in Message.objects.filter(kind=DUE, records__overlap=list(by_key))
        for key in by_key.keys() & set(letter.records)
        if timezone.localdate(letter.queued_at) >= by_key[key].due_on
    }


def _untold(today: date) -> QuerySet[FollowUp]:
    due = FollowUp.objects.open().filter(due_on__lte=today, commitment__status=Status.OPEN)
    return due.filter(reminded_on__isnull=True)


def _tell_coordinators(waiting: dict[Organisation, list[FollowUp]], today: date) -> None:
    """Keep one alert per organisation until somebody may answer each of its follow-ups."""
    facts: dict[str, dict[str, Any]] = {
        str(organisation.pk): {"names": {}, "number": len(theirs), "follow_up": theirs[0].pk}
        for organisation, theirs in waiting.items()
    }
    # Keep the names in all languages, because each coordinator reads the alert in their own.
    for language, _name in settings.LANGUAGES:
        attach_translations(language, list(waiting))
        for organisation in waiting:
            facts[str(organisation.pk)]["names"][language] = organisation.text_in("name", language)[0]
    raise_alerts(NOBODY, facts)
    still = {str(pk) for pk in _untold(today).values_list("commitment__organisation", flat=True)}
    for alert in Alert.objects.open().filter(kind=NOBODY).exclude(about__in=still):
        clear_alert(NOBODY, about=alert.about)


def _answerers(follow_up: FollowUp, today: date) -> list[Person]:
    """Return the people to ask: focal points, people of supporting organisations and secretaries of forums, if the
    follow-up's side is theirs.

    Coordinators may answer for everybody, but they are not asked.
    """
    commitment = follow_up.commitment
    focal = Q(organisation=commitment.organisation_id, role=TenureRole.FOCAL_POINT)
    posts = Tenure.objects.held(today).filter(focal | Q(organisation__commitments_supported=commitment))
    seats = Seat.objects.standing().filter(
        role=SeatRole.SECRETARY, forum__authority__organisation=commitment.organisation_id
    )
    people = Person.objects.filter(Q(pk__in=posts.values("person")) | Q(pk__in=seats.values("person")))
    # Only an account can open the page that the message links to.
    reached = people.filter(user__is_active=True).exclude(email="").select_related("user").order_by("pk")
    itself = FollowUp.objects.filter(pk=follow_up.pk)
    return [person for person in reached if itself.answerable_by(person.user).exists()]


def _tell(person: Person, follow_ups: Sequence[FollowUp]) -> None:
    language = person.language
    commitments = [follow_up.commitment for follow_up in follow_ups]
    attach_translations(language, commitments, [commitment.organisation for commitment in commitments])
    with override(language):
        rows = [
            {
                "title": follow_up.commitment.text_in("title", language)[0],
                "organisation": follow_up.commitment.organisation.text_in("name", language)[0],
                "months": follow_up.months,
                "address": reverse("commitments:follow_up_answer", args=[follow_up.pk]),
            }
            for follow_up in follow_ups
        ]
    queue_message(
        DUE,
        to=person.email,
        recipient=person.user,
        language=language,
        template="commitments/mail/follow_up_due",
        context={"name": person.name, "rows": rows},
        records=[key_of(one) for follow_up in follow_ups for one in (follow_up, follow_up.commitment)],
    )
