"""What participants do themselves: say whether they come.

They act by the link in their invitation, or signed in. The link speaks for the address it was sent to; it never signs anyone in.
"""

import hmac
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.audit.actions import record
from jirani.core.enums import Precision
from jirani.core.permissions import require
from jirani.events.enums import EventState, ParticipationState
from jirani.events.letters.actions.turns import tell_turned
from jirani.events.models import Event, Participation
from jirani.events.permissions import speaks_alone
from jirani.events.text import read_link
from jirani.members.actions import give_account, keep_consents
from jirani.members.models import Person

#: States in which a person may say whether they come. Their own refusal they may take back, nobody else's.
OPEN = (ParticipationState.INVITED, ParticipationState.CONFIRMED, ParticipationState.WAITLISTED)


def holder_of(token: str) -> Participation | None:
    """The participation that a link opens.

    None for a link that is not ours, was taken back, has ended or whose event is a draft; and for that of somebody whose account was
    closed, or whose address is another one by now.
    """
    read = read_link(token)
    found = _invited(read.number) if read else None
    if read is None or found is None or found.person is None or not read.is_for(found.person.email):
        return None
    return found if opens(read.nonce, found) else None


def has_ended(token: str) -> bool:
    """Whether a link opens nothing because its event was long ago."""
    read = read_link(token)
    found = _invited(read.number) if read else None
    return found is not None and link_ends(found.event) <= timezone.localdate()


def _invited(number: int) -> Participation | None:
    return (
        Participation.objects.select_related("event__hub", "person__user", "delegation__authority__organisation")
        .exclude(event__state=EventState.DRAFT)
        .exclude(state=ParticipationState.CANCELLED)
        .filter(pk=number, person__isnull=False)
        .first()
    )


#: How many days after the stored last day an event may have ended that is dated less exactly.
_LATER = {Precision.MONTH: 31, Precision.BY_MONTH: 31, Precision.YEAR: 366, Precision.UNKNOWN: 366}


def link_ends(event: Event) -> date:
    """The day from which links in its invitations open nothing: some weeks later, in which a guest says how they are attributed."""
    later = timedelta(days=_LATER.get(Precision(event.date_precision), 0), weeks=settings.LINK_WEEKS)
    ends_on: date = event.ends_on
    return ends_on + later + timedelta(days=1)


def has_way_in(participation: Participation) -> bool:
    """Whether the person can still come to their own pages: by an account, or by a link that has not ended."""
    person = participation.person
    if person is not None and person.user is not None:
        return person.user.is_active
    return link_ends(participation.event) > timezone.localdate()


def opens(nonce: str, participation: Participation) -> bool:
    """Whether this is the nonce of the participation's standing link: one that has not ended, of somebody whose account is open."""
    if not participation.nonce or not hmac.compare_digest(participation.nonce.encode(), nonce.encode()):
        return False
    user = participation.person.user if participation.person else None
    return (user is None or user.is_active) and link_ends(participation.event) > timezone.localdate()


def may_answer(participation: Participation) -> bool:
    """Whether the person may still answer: the event is neither cancelled nor over, they have been told of it, and their place was not withdrawn."""
    event = participation.event
    if event.state != EventState.PUBLISHED or event.is_over:
        return False
    return participation.is_told and (participation.standing in OPEN or bool(participation.declined_from))


@transaction.atomic
def answer(participation: Participation, *, comes: bool, by: Any = None, nonce: str = "") -> Participation:
    """Accept or decline, as the person (`by`) or with the link's `nonce`. People who accept get an account for their address. People who
    run the event are told of a refusal and of a change of mind. The same answer again changes nothing.

    Who is on the waiting list stays there, also after a no and a yes: who gets a place is said by the organisers.
    Raises ValidationError if there is nothing left to answer.
    """
    # The person before their place on the list, as in whatever erases them: the account that a yes makes is written into their row.
    Person.objects.select_for_update(of=("self",)).filter(participations=participation).first()
    locked = (
        Participation.objects.select_for_update(of=("self",)).select_related("event", "person").get(pk=participation.pk)
    )
    person = locked.person
    require(person is not None and (opens(nonce, locked) or _is(person, by)))
    if not may_answer(locked):
        raise ValidationError(_("This invitation can no longer be answered. Write to the organisers."))
    before, turns = _answer_of(locked), comes == bool(locked.declined_from)
    _take(locked, comes=comes)
    if locked.answered_at and _answer_of(locked) == before:
        return locked  # a link that is followed twice says the same once
    locked.answered_at = timezone.now()
    if turns:
        locked.turned_at = locked.answered_at
    locked.save(update_fields=["state", "declined_from", "attended_from", "answered_at", "turned_at", "updated_at"])
    if comes and person is not None:
        give_account(person)
    record("events.accept" if comes else "events.decline", locked, by=person.user if person else None)
    if turns:
        tell_turned(locked.event)
    return locked


def _answer_of(participation: Participation) -> tuple[str, ...]:
    return participation.state, participation.declined_from, participation.attended_from


def _take(participation: Participation, *, comes: bool) -> None:
    """Apply a yes or a no to the participation; a no remembers the state before. Somebody who was there stays marked as present, whatever they say."""
    held = participation.declined_from or participation.standing
    becomes = ParticipationState.DECLINED
    if comes:
        waits = held == ParticipationState.WAITLISTED
        becomes = ParticipationState.WAITLISTED if waits else ParticipationState.CONFIRMED
    participation.declined_from = "" if comes else held
    if participation.state == ParticipationState.ATTENDED:
        participation.attended_from = becomes
    else:
        participation.state = becomes


def guest_purposes(participation: Participation) -> set[str]:
    """Return what the person agreed to before they had an account and has not taken back, which their link still shows."""
    person = participation.person
    user = person.user if person else None
    if person is None or user is None:
        return set()
    standing = person.consents.filter(withdrawn_at__isnull=True, given_at__lt=user.date_joined)
    return set(standing.values_list("purpose", flat=True))


@transaction.atomic
def save_consents(
    participation: Participation, *, offered: Iterable[str], given: Iterable[str], by: Any = None, nonce: str = ""
) -> list[str]:
    """Save what the person agrees to, as `by` or with the link's `nonce`. Returns the purposes that changed. If there is an account by
    now, the link takes back what was agreed to as a guest, and gives nothing.
    """
    person, offered, given = participation.person, set(offered), set(given)
    require(person is not None and (opens(nonce, participation) or _is(person, by)))
    assert person is not None
    if not (speaks_alone(participation) or _is(person, by)):
        require(offered | given <= guest_purposes(participation))
    return keep_consents(person, offered=offered, given=given)


def _is(person: Person, user: Any) -> bool:
    return person.user_id is not None and person.user_id == getattr(user, "pk", None)
