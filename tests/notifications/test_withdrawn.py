"""What waits to be sent and must not be told any more is not sent, whoever takes its record away, and however."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.changes.registry import Change, Kind
from jirani.commitments.actions.notices import tell_taken_up
from jirani.commitments.actions.reminders import NOBODY, remind_due
from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, FollowUp
from jirani.core.enums import AccessMode
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.people.actions.people import invitations
from jirani.forums.actions import add_seat
from jirani.forums.enums import SeatRole
from jirani.lessons.actions import write_note
from jirani.lessons.actions.checking import TOLD_TOO_MUCH
from jirani.members.enums import TenureRole
from jirani.members.models import NetworkRole, Organisation, Tenure
from jirani.members.people.actions.posts import add_post
from jirani.notifications.actions import (
    UNDELIVERED,
    deliver_due,
    given_up,
    key_of,
    number_in,
    queue_message,
    raise_alert,
    send_again,
    tell_undelivered,
    withdraw,
)
from jirani.notifications.actions.withdrawal import is_over
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import register_letters
from jirani.plans.enums import Completion, Status
from tests import factories as make
from tests.cast import Cast, user_of

from .conftest import left, queue

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 1)


def waiting() -> list[str]:
    return sorted(Message.objects.filter(state=MessageState.QUEUED).values_list("kind", flat=True))


def invited() -> tuple[Event, Participation, Participation]:
    """Two people are invited to an event that is to come, and neither letter has gone."""
    day = timezone.localdate() + timedelta(days=30)
    event = make.event("Fair", starts_on=day, ends_on=day)
    one, other = (
        make.participation(event, make.person(), state=ParticipationState.INVITED, nonce=f"n{number}")
        for number in range(2)
    )
    rows = Participation.objects.filter(event=event).select_related(
        "person__user", "delegation__authority__organisation"
    )
    invitations(event, rows).send()
    assert waiting() == ["events.invitation"] * 2
    return event, one, other


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (lambda event, one: Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED), 0),
        (lambda event, one: event.delete(), 0),
        (lambda event, one: one.delete(), 1),
        (lambda event, one: Participation.objects.filter(pk=one.pk).update(state=ParticipationState.DECLINED), 1),
        (lambda event, one: Participation.objects.filter(pk=one.pk).update(state=ParticipationState.CONFIRMED), 2),
        (lambda event, one: Event.objects.filter(pk=event.pk).update(access=AccessMode.CLOSED), 2),
    ],
    ids=["called off", "deleted", "taken off", "declined", "confirmed", "narrowed"],
)
def test_an_invitation_goes_to_those_who_are_still_invited(act: Callable[..., Any], left: int) -> None:
    event, one, _other = invited()
    Message.objects.filter(to=one.person.email if one.person else "").update(attempts=2)  # a server was slow

    act(event, one)

    assert waiting() == ["events.invitation"] * left


def test_what_was_sent_stays_on_record() -> None:
    event, _one, _other = invited()
    Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())

    event.delete()

    assert Message.objects.count() == 2


def test_what_was_given_up_is_not_sent_again_once_it_must_not_be_told(cast: Cast) -> None:
    event, _one, _other = invited()
    commitment = make.commitment(cast.mombasa.organisation, lesson=make.lesson("Rotate seats", writer=cast.outsider))
    tell_taken_up(commitment, by=user_of(cast.coordinator))
    stays = queue_message(
        "other", to="a@example.org", language="en", template="events/mail/cancelled", context={"event": event}
    )
    Message.objects.update(state=MessageState.FAILED)
    tell_undelivered()

    Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED)
    Commitment.objects.filter(pk=commitment.pk).update(access=AccessMode.CLOSED)
    assert list(given_up()) == [stays]
    assert Alert.objects.open().filter(kind=UNDELIVERED).exists()


def test_nothing_is_said_to_be_undelivered_once_all_of_it_was_withdrawn() -> None:
    event, _one, _other = invited()
    Message.objects.update(state=MessageState.FAILED)
    tell_undelivered()

    event.delete()
    assert (send_again(given_up()), waiting()) == (0, [])
    assert not Alert.objects.open().filter(kind=UNDELIVERED).exists()


def taken_up(cast: Cast, **fields: Any) -> Commitment:
    lesson = make.lesson("Rotate seats", writer=cast.outsider)
    commitment = make.commitment(cast.mombasa.organisation, lesson=lesson, **fields)
    tell_taken_up(commitment, by=user_of(cast.coordinator))
    assert waiting() == ["commitments.taken_up"]
    return commitment


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (lambda rows: rows.update(access=AccessMode.CLOSED), 0),
        (lambda rows: rows.update(status=Status.DRAFT), 0),
        (lambda rows: rows.delete(), 0),
        (lambda rows: rows.update(title="Rotate the seats"), 1),
    ],
    ids=["narrowed", "taken back", "deleted", "reworded"],
)
def test_that_a_lesson_was_taken_up_is_told_to_those_who_may_see_it(
    cast: Cast, act: Callable[..., Any], left: int
) -> None:
    commitment = taken_up(cast)

    act(Commitment.objects.filter(pk=commitment.pk))

    assert waiting() == ["commitments.taken_up"] * left


def test_of_several_questions_the_others_are_asked_anew(cast: Cast) -> None:
    kept, gone = (make.commitment(cast.mombasa.organisation, title=title) for title in ("Kept", "Gone"))
    for commitment in (kept, gone):
        FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=DUE)
    assert remind_due(DUE) == 1
    assert ("Kept" in Message.objects.get().body, "Gone" in Message.objects.get().body) == (True, True)

    Commitment.objects.filter(pk=gone.pk).update(status=Status.DROPPED, dropped_because="Money")
    assert waiting() == []

    assert remind_due(DUE) == 1
    assert ("Kept" in Message.objects.get().body, "Gone" in Message.objects.get().body) == (True, False)


def test_who_has_been_asked_is_not_asked_anew(cast: Cast) -> None:
    other = make.person("Second")
    Tenure.objects.create(person=other, organisation=cast.mombasa.organisation, role=TenureRole.FOCAL_POINT)
    answered, left = (make.commitment(cast.mombasa.organisation, title=title) for title in ("Answered", "Left"))
    for commitment in (answered, left):
        FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=DUE)
    assert remind_due(DUE) == 2
    Message.objects.exclude(to=other.email).update(state=MessageState.SENT, sent_at=timezone.now())

    FollowUp.objects.filter(commitment=answered).update(answered_on=DUE, completion=Completion.COMPLETE)
    assert waiting() == []
    assert remind_due(DUE) == 1
    assert [(one.to, "Answered" in one.body) for one in Message.objects.filter(state=MessageState.QUEUED)] == [
        (other.email, False)
    ]
    assert (remind_due(DUE), FollowUp.objects.open().filter(reminded_on=None).exists()) == (0, False)

    later = timezone.localdate() + timedelta(days=30)
    FollowUp.objects.open().update(due_on=later, reminded_on=None)  # its day was moved
    assert remind_due(later) == 2


def test_a_post_that_ended_is_seen_at_the_next_attempt(cast: Cast) -> None:
    """Its record is no record of the letter's: who lost the right to read is looked at before each attempt."""
    commitment = make.commitment(cast.mombasa.organisation, title="Behind doors", access=AccessMode.CLOSED)
    asked = FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=DUE)
    assert remind_due(DUE) == 1
    NetworkRole.objects.filter(person=cast.hub_coordinator).delete()
    tenures = Tenure.objects.filter(organisation=cast.mombasa.organisation)
    tenures.update(until_on=timezone.localdate() - timedelta(days=1))

    assert (deliver_due(), waiting()) == (0, [])
    asked.refresh_from_db()
    assert asked.reminded_on is None  # whoever comes after them is asked


def test_what_was_being_sent_while_it_ended_is_not_tried_again() -> None:
    event, _one, _other = invited()
    held = Message.objects.order_by("pk").first()
    assert held is not None
    event.delete()
    held.save(force_insert=True)  # as if a worker had held its row

    assert (deliver_due(), waiting()) == (0, [])


def test_what_still_stands_is_sent() -> None:
    invited()
    assert (deliver_due(), waiting()) == (2, [])


def test_somebody_who_was_named_reads_so_while_it_holds(cast: Cast) -> None:
    body = cast.mombasa.organisation
    post = add_post(body, by=user_of(cast.coordinator), name="New", email="new@example.org", role=TenureRole.OFFICIAL)
    seat = add_seat(
        cast.forum,
        by=user_of(cast.coordinator),
        organisation=body,
        role=SeatRole.MEMBER,
        from_on=timezone.localdate(),
        name="New",
        email="new@example.org",
    )
    assert waiting() == ["forums.named", "members.named"]

    Tenure.objects.filter(pk=post.pk).update(until_on=timezone.localdate() + timedelta(days=9))
    assert waiting() == ["forums.named", "members.named"]
    Tenure.objects.filter(pk=post.pk).update(until_on=timezone.localdate() - timedelta(days=1))
    assert waiting() == ["forums.named"]
    seat.delete()
    assert waiting() == []


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (lambda event, person: event.delete(), 0),
        (lambda event, person: person.delete(), 0),
        (lambda event, person: Event.objects.filter(pk=event.pk).update(title="Fair of 2026"), 1),
    ],
    ids=["event deleted", "speaker deleted", "event renamed"],
)
def test_a_speaker_is_asked_for_their_word_while_both_they_and_the_event_are_there(
    cast: Cast, act: Callable[..., Any], left: int
) -> None:
    speaker = Participation.objects.get(event=cast.event, person=cast.participant)
    write_note(session=cast.session, text="Said", language="en", by=user_of(cast.rapporteur), speaker=speaker)
    assert waiting() == ["lessons.word_wanted"]

    act(cast.event, cast.participant)

    assert waiting() == ["lessons.word_wanted"] * left


def test_that_a_lesson_told_too_much_is_told_while_it_is_there(cast: Cast) -> None:
    kept, gone = make.lesson(), make.lesson()
    for lesson in (kept, gone):
        raise_alert(TOLD_TOO_MUCH, about=str(lesson.pk), facts={"lesson": lesson.pk})

    gone.delete()

    assert [alert.about for alert in Alert.objects.all()] == [str(kept.pk)]


def test_an_alert_about_a_record_goes_with_it(cast: Cast) -> None:
    body = make.organisation("Going")
    asked = FollowUp.objects.create(
        commitment=make.commitment(cast.mombasa.organisation), months=3, side=Side.GOVERNMENT, due_on=DUE
    )
    for about in (body.pk, cast.mombasa.organisation.pk):
        raise_alert(NOBODY, about=str(about), facts={"names": {"en": "Name"}, "number": 1, "follow_up": asked.pk})

    Organisation.objects.filter(pk=body.pk).delete()
    assert [alert.about for alert in Alert.objects.all()] == [str(cast.mombasa.organisation.pk)]
    asked.commitment.delete()
    assert not Alert.objects.open().exists()


def change(event: Event, kind: Kind) -> Change:
    return Change(model=Event, pk=event.pk, kind=kind, before={}, after={}, fields=frozenset({"state"}))


def test_what_tells_of_a_record_that_goes_or_must_not_be_told_is_not_sent() -> None:
    unsent: list[int] = []
    stands = {"tests.kind": lambda message: message.subject == "Hello", "tests.other": lambda message: True}
    register_letters(stands, unsent=lambda messages: unsent.extend(one.pk for one in messages))
    event, other = make.event(), make.event()
    about, elsewhere = [key_of(event)], [key_of(other)]

    def rows() -> dict[str, Message]:
        Message.objects.all().delete()
        unsent.clear()
        return {
            "stands": queue(records=about), "fell": queue(records=about, subject="Old"), "failed": queue(records=about, subject="Old", state="failed"),
            "sent": queue(records=about, subject="Old", state="sent", sent_at=timezone.now()), "of another": queue(records=elsewhere, subject="Old"),
            "another kind": queue("tests.other", records=about, subject="Old"),
        }  # fmt: skip

    def gone(made: dict[str, Message]) -> set[str]:
        here = left()
        return {name for name, one in made.items() if one.pk not in here}

    for kind, expected in [
        (Kind.MADE, set()),
        (Kind.CHANGED, {"fell", "failed"}),
        (Kind.GONE, {"stands", "fell", "failed"}),
    ]:
        made = rows()
        tell_undelivered()
        withdraw([change(event, kind)], "tests.kind")
        assert gone(made) == expected, kind
        assert {made[name].pk for name in expected} == set(unsent)
        assert Alert.objects.open().filter(kind=UNDELIVERED).exists() is ("failed" not in expected)
    made = rows()
    assert {name: is_over(one) for name, one in made.items() if name in ("stands", "fell", "another kind")} == {
        "stands": False, "fell": True, "another kind": False,
    }  # fmt: skip
    assert (gone(made), unsent) == ({"fell"}, [made["fell"].pk])
    assert is_over(queue(subject="Old")) is False, "it tells of no record"
    assert is_over(queue("tests.unknown", records=about)) is False
    keys = [(number_in(made["stands"], label)) for label in ("events.event", "events.even", "events.session")]
    assert keys == [event.pk, 0, 0]
