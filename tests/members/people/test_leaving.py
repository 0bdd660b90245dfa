"""What is left of somebody who goes: what they held, as long as they held it, and no letter to them and no name."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.members.actions import erase_person, export_person
from jirani.members.models import ENTERED, NetworkRole, Person, Tenure
from jirani.members.people.actions.personal import erase_expired
from jirani.notifications.actions import Letter, queue_letter
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    """Today, or so many days from it."""
    return timezone.localdate() + timedelta(days=number)


def test_what_was_held_ends_and_what_was_to_come_never_begins(cast: Cast) -> None:
    who, other = make.person("Zawadi"), make.person("Other")
    typed: dict[str, Any] = dict.fromkeys(ENTERED, "x") | {"entered_name": "Zawadi"}
    spells = [(None, None), (-9, -3), (-9, 9), (0, None), (1, None)]
    for person in (who, other):
        for number, (first, last) in enumerate(spells):
            days: dict[str, Any] = {name: one and day(one) for name, one in (("from_on", first), ("until_on", last))}
            if first == 0:
                days["from_on"] = day(0)
            make.tenure(person, make.organisation(f"{person.name} {number}"), **days, **typed)
            make.duty(person, "hub-coordinator", make.hub(f"{person.name} {number}"), **days, **typed)  # type: ignore[arg-type]
    erase_person(who, by=user_of(cast.coordinator))
    for model in (Tenure, NetworkRole):
        rows = model._default_manager.order_by("pk").values_list("until_on", *ENTERED)
        left = [(day(0), "", "", ""), (day(-3), "", "", ""), (day(9), "", "", ""), (day(0), "", "", "")]
        assert list(rows.filter(person=who)) == left
        assert [until for until, *_typed in rows.filter(person=other)] == [None, day(-3), day(9), None, None]
        assert rows.filter(person=other, entered_name="Zawadi").count() == len(spells)


def test_letters_to_a_guest_go_along_and_those_to_other_guests_stay(cast: Cast) -> None:
    guest, other, mute = (make.person(email=to, account=False) for to in ("a@example.org", "b@example.org", ""))
    for to in ("a@example.org", "b@example.org"):
        queue_letter("events.invitation", Letter(f"For {to}", "Come", "en"), to=to)
    by = user_of(cast.coordinator)
    told = [[row["subject"] for row in export_person(one, by=by)["members"]["messages"]] for one in (guest, mute)]
    assert told == [["For a@example.org"], []]
    assert export_person(guest, by=by)["members"]["account"] is None
    for one in (mute, guest):
        erase_person(one, by=by)
    assert [one.to for one in Message.objects.all()] == [other.email]


def test_each_of_those_who_go_when_their_time_is_up_is_counted_once(cast: Cast) -> None:
    long_ago = timezone.now() - timedelta(days=999)
    make.user("unused@example.org", date_joined=long_ago)
    made = Person.objects.filter(pk=make.person(account=False).pk)
    made.update(created_at=long_ago)
    make.tenure(cast.outsider, make.organisation(), until_on=day(-800))
    assert [erase_expired(day(-700)) for _ in "12"] == [3, 0]
