"""What a letter and a list call by name is called as in the language of whoever reads it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from jirani.commitments.actions import publish_commitment
from jirani.commitments.actions.reminders import NOBODY, remind_due
from jirani.commitments.models import FollowUp
from jirani.events import actions as of_events
from jirani.events.forms import GrantForm
from jirani.events.letters.actions.turns import tell_turned
from jirani.events.models import Delegation
from jirani.events.people.forms.participants import delegation_choices
from jirani.forums.actions import add_seat
from jirani.forums.forms import MeetingForm
from jirani.forums.models import Meeting
from jirani.lessons.actions import write_note
from jirani.lessons.actions.checking import named_lessons
from jirani.members.models import Grant, Person
from jirani.notifications.models import Alert, Message
from jirani.plans.enums import Status
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import choices, translated

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def named(cast: Cast) -> Cast:
    """The cast, whose people read Swahili, with names in it for what they read of."""
    Person.objects.update(language="sw")
    cast.event.starts_on = cast.event.ends_on = TODAY + timedelta(days=9)
    cast.event.save()
    cast.event.sessions.update(held_on=cast.event.starts_on)
    for record, name, field in (
        (cast.event, "Mkutano", "title"), (cast.session, "Kikao", "title"), (cast.forum, "Jukwaa", "name"),
        (cast.kwale.organisation, "Kaunti ya Kwale", "name"), (cast.mombasa.organisation, "Kaunti ya Mombasa", "name"),
    ):  # fmt: skip
        translated(record, name, field)
    return Cast(**{name: type(one).objects.get(pk=one.pk) for name, one in vars(cast).items()})


def test_letters(named: Cast) -> None:
    cast, by = named, user_of(named.coordinator)
    who = make.person("Zawadi", language="sw")
    part = make.participation(cast.event, who, nonce="n" * 24, turned_at=timezone.now())
    make.rapporteur(cast.session, who)
    lesson, promise = make.lesson("Rotate", writer=who), make.commitment(cast.kwale.organisation, status=Status.DRAFT)
    promise.lesson = lesson
    promise.save()
    due = make.commitment(cast.mombasa.organisation)
    FollowUp.objects.create(commitment=due, months=3, side="government", due_on=TODAY)
    for record, name in ((lesson, "Somo"), (promise, "Ahadi"), (due, "Ahadi ya zamani")):
        translated(record, name, "title")
    held: dict[str, Any] = {"organisation": None, "role": "member", "from_on": TODAY}
    acts: dict[str, tuple[Callable[[], object], str, tuple[str, ...]]] = {
        "seat": (lambda: add_seat(cast.forum, by=by, name="Z", email=who.email, **held), who.email, ("Jukwaa",)),
        "taken up": (lambda: publish_commitment(promise, by=by), who.email, ("Somo", "Ahadi", "Kaunti ya Kwale")),
        "due": (lambda: remind_due(TODAY), cast.mombasa_focal_point.email, ("Ahadi ya zamani", "Kaunti ya Mombasa")),
        "turned": (lambda: tell_turned(cast.event), cast.hub_coordinator.email, ("Mkutano", "Kikao")),
        "note": (
            lambda: write_note(session=cast.session, text="R", language="en", speaker=part, by=user_of(cast.rapporteur)),
            who.email, ("Mkutano",),
        ),
        "changed": (
            lambda: of_events.change_session(cast.session, by=by, place="Ukunda", shown=None), who.email, ("Mkutano", "Kikao"),
        ),
    }  # fmt: skip
    missing = {}
    for name, (act, to, words) in acts.items():
        Message.objects.all().delete()
        act()
        letters = Message.objects.filter(to=to)
        missing[name] = [word for word in words if not any(word in one.subject + one.body for one in letters)]
    assert missing == {name: [] for name in acts}


def test_alerts_and_lists(named: Cast) -> None:
    cast = named
    lonely = make.organisation("Lonely")
    translated(lonely, "Peke yake")
    FollowUp.objects.create(commitment=make.commitment(lonely), months=3, side="government", due_on=TODAY)
    remind_due(TODAY)
    assert Alert.objects.get(kind=NOBODY).facts["names"]["sw"] == "Peke yake"
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    grant = Grant.objects.create(funder=lonely, programme="Neighbours")
    translated(grant, "Majirani", "programme")
    make.seat(cast.forum, organisation=cast.kwale.organisation)
    lesson = translated(make.lesson("Rotate"), "Somo", "title")
    with override("sw"):
        assert [name for _key, name in delegation_choices(cast.event)] == ["Kaunti ya Kwale"]
        grants = GrantForm(user=user_of(cast.coordinator), event=cast.event)
        assert choices(grants, "grant") == ["Majirani · Peke yake"]
        meeting = MeetingForm(instance=Meeting(forum=cast.forum))
        seats = " ".join(choices(meeting, "seats"))
        assert named_lessons([{"lesson": lesson.pk}])[0][0] == "Somo"
    assert "Kaunti ya Kwale" in seats
