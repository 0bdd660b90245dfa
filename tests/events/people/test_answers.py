"""What an answer to an invitation makes of a place, whose answer it is, and what a guest agrees to along with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.events import actions
from jirani.events.enums import ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.permissions import speaks_alone
from jirani.members.models import Consent, Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)
FIELDS = ("state", "declined_from", "attended_from")


def test_who_may_still_answer(cast: Cast, coming: Event) -> None:
    rows: list[tuple[dict[str, Any], bool]] = [
        ({"state": "invited"}, True), ({"state": "confirmed"}, True), ({"state": "waitlisted"}, True),
        ({"state": "declined", "declined_from": "invited"}, True), ({"state": "declined"}, False),
        ({"state": "applied"}, False), ({"state": "cancelled"}, False), ({"state": "invited", "nonce": ""}, False),
        ({"state": "attended", "attended_from": "confirmed"}, True), ({"state": "attended", "attended_from": "declined"}, False),
    ]  # fmt: skip
    parts = [make.listed(coming, f"P{number}", **facts) for number, (facts, _may) in enumerate(rows)]
    assert [actions.may_answer(part) for part in parts] == [may for _facts, may in rows]

    def invited(**facts: Any) -> bool:
        event = make.event(**({"starts_on": TODAY - 2 * DAY, "ends_on": TODAY} | facts))
        return actions.may_answer(make.listed(event, event.slug))

    assert [invited(), invited(ends_on=TODAY - DAY), invited(state="cancelled"), invited(state="draft")] == [
        True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stands", "comes", "becomes", "turned"),
    [
        (("invited", "", ""), True, ("confirmed", "", ""), False),
        (("invited", "", ""), False, ("declined", "invited", ""), True),
        (("confirmed", "", ""), False, ("declined", "confirmed", ""), True),
        (("waitlisted", "", ""), True, ("waitlisted", "", ""), False),
        (("waitlisted", "", ""), False, ("declined", "waitlisted", ""), True),
        (("declined", "waitlisted", ""), True, ("waitlisted", "", ""), True),
        (("declined", "confirmed", ""), True, ("confirmed", "", ""), True),
        (("declined", "confirmed", ""), False, ("declined", "confirmed", ""), False),
        (("attended", "", "confirmed"), False, ("attended", "confirmed", "declined"), True),
        (("attended", "confirmed", "declined"), True, ("attended", "", "confirmed"), True),
    ],
)
def test_what_an_answer_makes_of_a_place(
    cast: Cast, coming: Event, stands: Any, comes: bool, becomes: Any, turned: bool
) -> None:
    part = make.listed(coming, "Asha", **dict(zip(FIELDS, stands, strict=True)))
    for _twice in range(2):
        said = actions.answer(part, comes=comes, nonce="asha")
        assert tuple(getattr(said, name) for name in FIELDS) == becomes
    stored = Participation.objects.get(pk=part.pk)
    assert tuple(getattr(stored, name) for name in FIELDS) == becomes
    assert (stored.answered_at is not None, stored.turned_at is not None) == (True, turned)
    assert Entry.objects.count() == 1, "the second time changed nothing"
    assert Person.objects.filter(participations=part, user__isnull=False).exists() == comes
    assert Message.objects.filter(kind="events.answers").exists() == turned


def test_an_answer_is_the_persons_own(cast: Cast, coming: Event) -> None:
    part, other = make.listed(coming, "Asha", account=True), make.listed(coming, "Badru", account=True)
    assert part.person is not None
    assert other.person is not None
    for by, nonce in [(user_of(other.person), ""), (user_of(other.person), "badru"), (None, ""), (None, "other")]:
        with pytest.raises(PermissionDenied):
            actions.answer(part, comes=True, by=by, nonce=nonce)
        with pytest.raises(PermissionDenied):
            actions.save_consents(part, offered=["news"], given=["news"], by=by, nonce=nonce)
    assert (part.state, Entry.objects.count(), Consent.objects.count()) == ("invited", 0, 0)
    part.state = ParticipationState.CANCELLED
    part.save()
    with pytest.raises(ValidationError, match="can no longer be answered"):
        actions.answer(part, comes=True, by=user_of(part.person))


def test_what_a_link_agrees_to_and_takes_back_once_there_is_an_account(cast: Cast, coming: Event) -> None:
    part = make.listed(coming, "Asha")
    assert part.person is not None
    for purpose in ("news", "directory"):
        Consent.objects.create(person=part.person, purpose=purpose, wording="…", given_at=timezone.now() - DAY)
    assert (actions.guest_purposes(part), speaks_alone(part)) == (set(), True)
    assert actions.save_consents(part, offered=["named", "news"], given=["named", "news"], nonce="asha") == ["named"]

    part.person.user = make.user("asha@example.org")
    part.person.save()
    part = Participation.objects.get(pk=part.pk)
    Consent.objects.filter(purpose="named").update(given_at=timezone.now() + DAY)
    assert (actions.guest_purposes(part), speaks_alone(part)) == ({"news", "directory"}, False)
    for offered, given in [(["named"], []), (["photographs"], ["photographs"]), (["news", "named"], ["news"])]:
        with pytest.raises(PermissionDenied):
            actions.save_consents(part, offered=offered, given=given, nonce="asha")
    # All that was agreed to as a guest may be offered at once, and a part of it be taken back.
    assert actions.save_consents(part, offered=["news", "directory"], given=["news"], nonce="asha") == ["directory"]
    assert actions.guest_purposes(part) == {"news"}
    assert part.person is not None
    assert actions.save_consents(part, offered=["photographs"], given=["photographs"], by=user_of(part.person)) == [
        "photographs"
    ]
    alone = Participation.objects.get(pk=part.pk)
    alone.person = None
    assert (actions.guest_purposes(alone), speaks_alone(alone)) == (set(), False)
