"""A message of every kind that Jirani writes, caused by the actions that cause it."""

from typing import Any

from allauth.core.context import request_context
from django.test import RequestFactory
from django.utils import timezone

from jirani.commitments.actions.commitments import publish_commitment
from jirani.commitments.models import Commitment
from jirani.events.actions import answer, cancel_event, change_event, invite
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Session
from jirani.forums.actions import add_seat
from jirani.forums.models import Forum
from jirani.lessons.actions import write_note
from jirani.members.actions import add_post, give_duty
from jirani.notifications.actions import raise_alert
from jirani.notifications.adapters import LETTERS, AccountAdapter
from jirani.notifications.models import Message
from jirani.plans.enums import Status

from . import factories as make
from .stage import Stage


def write_to_everybody(stage: Stage) -> list[Message]:
    """Cause a message of every kind. Returns them together with those queued when the stage was filled."""
    users, cast = stage.cast.users(), stage.cast
    by: Any = users["coordinator"]
    written = {message.pk: message for message in Message.objects.all()}
    coming = [one for one in stage.records if isinstance(one, Event) and one.state == EventState.PUBLISHED and one.hub]
    coming = [event for event in coming if event.starts_on > timezone.localdate()]
    for event in coming:
        part = make.participation(event, cast.outsider, state=ParticipationState.INVITED)
        assert invite(event, participations=[part.pk], by=by) == 1
        change_event(event, by=by, country="KE")
        for comes in (False, True):
            answer(part, comes=comes, by=users["outsider"])
    written |= {message.pk: message for message in Message.objects.all()}
    for event in coming:  # nobody has been at it yet, whatever the stage says
        Event.objects.filter(pk=event.pk).update(reported_attendance="")
        event.participations.filter(state=ParticipationState.ATTENDED).update(state=ParticipationState.CONFIRMED)
        cancel_event(event, by=by)
    for session in _open_sessions(coming):
        speaker = session.event.participations.get(person=cast.participant)
        write_note(session=session, text=stage.token(lambda user: False), language="en", by=by, speaker=speaker)
    focal: Any = users["kwale_focal_point"]
    for commitment in Commitment.objects.filter(status=Status.DRAFT).exclude(title=""):
        commitment.follow_ups.all().delete()  # publishing asks them
        commitment.outcomes.all().delete()  # and nothing has come of a draft
        publish_commitment(commitment, by=focal)
    who: dict[str, Any] = {"by": by, "name": "New", "email": "new@example.org"}
    add_post(cast.kwale.organisation, role="official", title=stage.token(lambda user: False), **who)
    give_duty(duty="translator", **who)
    for forum in Forum.objects.all():
        add_seat(forum, organisation=cast.kwale.organisation, role="member", from_on=timezone.localdate(), **who)
    raise_alert("tests.alert", about="letters", facts={"words": stage.token(lambda user: user == by)})
    with request_context(RequestFactory().post("/")):
        for letter in LETTERS:
            AccountAdapter().send_mail(letter, by.email, {"user": by, "code": "abc"})
    return list((written | {message.pk: message for message in Message.objects.all()}).values())


def _open_sessions(events: list[Event]) -> list[Session]:
    sessions = Session.objects.filter(event__in=events).select_related("event")
    return [session for session in sessions if not session.is_closed]
