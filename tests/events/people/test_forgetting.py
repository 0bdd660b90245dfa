"""What events forget of people once it has expired or they are erased, and that they forget nothing of others."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from jirani.events import actions
from jirani.events.models import Event, Participation, SessionPart
from jirani.events.people.actions.personal import erase_expired, keep
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_what_expires_and_who_is_kept(cast: Cast) -> None:
    before = date(2022, 1, 1)
    events = [make.event(starts_on=day, ends_on=day) for day in (before - DAY, before)]
    parts = [make.listed(event, f"P{number}", answered_at=timezone.now()) for number, event in enumerate(events)]
    for part, event in zip(parts, events, strict=True):
        SessionPart.objects.create(session=make.session(event), participation=part, role="speaker")
    people = [part.person for part in parts]
    Participation.objects.filter(event=cast.event).delete()
    assert list(keep(before)) == [people[1]]
    assert [erase_expired(before) for _twice in range(2)] == [2, 0]
    for part in parts:
        part.refresh_from_db()
    assert [(part.person, part.nonce, bool(part.answered_at)) for part in parts] == [
        (None, "", False),
        (people[1], "p1", True),
    ]
    assert list(SessionPart.objects.filter(participation__in=parts).values_list("participation", flat=True)) == [
        parts[1].pk
    ]


def test_whoever_is_erased_leaves_counts_and_others_are_left(cast: Cast, coming: Event) -> None:
    part, other = (
        make.listed(coming, "Asha", turned_at=timezone.now(), entered_name="A"),
        make.listed(coming, "Badru", turned_at=timezone.now()),
    )
    for one in (part, other):
        SessionPart.objects.create(session=coming.sessions.get(), participation=one, role="speaker")
    people = [one.person or cast.outsider for one in (part, other)]
    events = [make.event(report_waived_by=person, report_waived_at=timezone.now()) for person in people]
    told = actions.export_person(people[0])
    assert [row["event__title"] for row in told["participations"]] == [coming.title]
    assert [row["title"] for row in told["reports_waived"]] == [events[0].title]
    assert [row["session__title"] for row in told["parts"]] == ["Opening; with tea, and a vote"]
    actions.erase_person(people[0])
    for one in (part, other):
        one.refresh_from_db()
    names = ("person", "nonce", "turned_at", "entered_name", "role")
    assert [getattr(part, name) for name in names] == [None, "", None, "", "delegate"]
    assert (other.person, other.nonce, other.turned_at is None) == (people[1], "badru", False)
    assert list(coming.sessions.get().parts.values_list("participation", flat=True)) == [other.pk]
    assert [Event.objects.get(pk=one.pk).report_waived_by for one in events] == [None, people[1]]
