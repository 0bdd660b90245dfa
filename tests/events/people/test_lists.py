"""Those who run an event put people on its list, change their places, invite them and take them off; nobody else’s facts change."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.events import actions
from jirani.events.enums import EventState
from jirani.events.models import Delegation, Event, Participation, SessionPart
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def test_who_is_put_on_the_list_keeps_what_is_known_of_them(cast: Cast, coming: Event) -> None:
    by, kwale = user_of(cast.coordinator), Delegation.objects.create(event=coming, authority=cast.kwale)
    elsewhere = Delegation.objects.create(event=cast.event, authority=cast.kwale)
    with pytest.raises(ValidationError) as caught:
        actions.add_participant(coming, by=by, name="Asha", role="speaker", delegation=elsewhere)
    assert caught.value.message_dict == {"delegation": ["This delegation is another event’s."]}
    facts: dict[str, Any] = {"role": "speaker", "sector": "health", "delegation": kwale}
    made, new = actions.add_participant(coming, by=by, name="Asha", email="asha@example.org", language="sw", **facts)
    stored = Participation.objects.select_related("person").get(pk=made.pk)
    assert (new, {name: getattr(stored, name) for name in facts}, stored.state) == (True, facts, "invited")
    assert stored.person is not None
    assert (stored.person.name, stored.person.email, stored.person.language) == ("Asha", "asha@example.org", "sw")
    people = [
        {"name": "Zawadi", "email": "zawadi@example.org", "role": "delegate"},
        {"name": "Asha", "email": "asha@example.org", "role": "delegate"}, {"name": "Badru", "role": "delegate"},
    ]  # fmt: skip
    assert (actions.add_participants(coming, people=people, by=by), coming.participations.count()) == (2, 3)
    assert Participation.objects.get(pk=made.pk).role == "speaker"


def test_what_those_who_run_it_set_of_a_place(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    turned = timezone.now()
    part = make.listed(coming, "Asha", state="declined", declined_from="invited", turned_at=turned)
    changed = actions.change_participation(part, by=by, role="speaker", state="declined")
    assert (changed.role, changed.declined_from, changed.turned_at) == ("speaker", "invited", turned)
    actions.change_participation(part, by=by, state="confirmed")
    part.refresh_from_db()
    assert (part.role, part.state, part.declined_from, part.turned_at) == ("speaker", "confirmed", "", None)
    with pytest.raises(ValidationError, match="Attendance can be entered from the first day"):
        actions.change_participation(part, by=by, state="attended")
    with pytest.raises(ValidationError):
        actions.change_participation(part, by=by, role="king")
    Event.objects.filter(pk=coming.pk).update(starts_on=TODAY)
    actions.change_participation(part, by=by, state="attended")
    part.refresh_from_db()
    assert (part.role, part.state, part.attended_from) == ("speaker", "attended", "confirmed")
    actions.change_participation(part, by=by, state="waitlisted")
    part.refresh_from_db()
    assert (part.state, part.attended_from) == ("waitlisted", "")
    Event.objects.filter(pk=coming.pk).update(state=EventState.CANCELLED)
    with pytest.raises(ValidationError, match="nobody can have been at a cancelled one"):
        actions.change_participation(part, by=by, state="attended")


def test_who_is_still_to_be_invited_and_who_is_written_to(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    asha, badru = make.listed(coming, "Asha", nonce=""), make.listed(coming, "Badru", nonce="")
    make.listed(coming, "Chege")
    make.listed(coming, "Dalila", nonce="", state="confirmed")
    make.listed(make.event(), "Eshe", nonce="")
    make.participation(coming, make.person("Nobody", email="", account=False), state="invited")
    erased = make.listed(coming, "Fumo", nonce="")
    Participation.objects.filter(pk=erased.pk).update(person=None)
    assert list(actions.to_be_invited(coming)) == [asha, badru]
    Event.objects.filter(pk=coming.pk).update(state=EventState.DRAFT)
    with pytest.raises(ValidationError, match="Publish the event before you invite"):
        actions.invite(coming, participations=[asha.pk], by=by)
    Event.objects.filter(pk=coming.pk).update(state=EventState.PUBLISHED)
    assert [actions.invite(coming, participations=[asha.pk], by=by) for _twice in range(2)] == [1, 0]
    asha.refresh_from_db()
    assert (len(asha.nonce), list(actions.to_be_invited(coming))) == (32, [badru])
    assert list(Message.objects.values_list("to", "kind")) == [("asha@example.org", "events.invitation")]
    # A new link: another secret, another letter. Not for somebody without one, without an address, or of a draft.
    before = asha.nonce
    renewed = actions.renew_invitation(asha, by=by)
    assert (Participation.objects.get(pk=asha.pk).nonce, renewed.nonce != before) == (renewed.nonce, True)
    assert (Message.objects.count(), len(renewed.nonce)) == (2, 32)
    with pytest.raises(ValidationError, match="No invitation has gone out"):
        actions.renew_invitation(badru, by=by)
    nameless = make.participation(coming, make.person("X", email="", account=False), state="invited", nonce="x")
    Participation.objects.filter(pk=erased.pk).update(nonce="f")
    for part in (nameless, Participation.objects.get(pk=erased.pk)):
        with pytest.raises(ValidationError, match="no e-mail address"):
            actions.renew_invitation(part, by=by)
    coming.state = renewed.event.state = EventState.DRAFT
    with pytest.raises(ValidationError, match="Publish the event"):
        actions.renew_invitation(renewed, by=by)


def test_whoever_is_taken_off_loses_link_state_and_parts_and_nobody_else_does(cast: Cast, coming: Event) -> None:
    part = make.listed(
        coming, "Asha", state="attended", declined_from="invited", attended_from="declined", turned_at=timezone.now()
    )
    other = make.listed(coming, "Badru")
    session = coming.sessions.get()
    for one in (part, other):
        SessionPart.objects.create(session=session, participation=one, role="speaker")
    actions.cancel_participation(part, by=user_of(cast.coordinator))
    part.refresh_from_db()
    other.refresh_from_db()
    names = ("state", "nonce", "declined_from", "attended_from", "turned_at")
    assert [getattr(part, name) for name in names] == ["cancelled", "", "", "", None]
    assert (other.state, list(session.parts.values_list("participation", flat=True))) == ("invited", [other.pk])
