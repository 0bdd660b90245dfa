"""Which events are to come, past or follow another, and who sees and edits which."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.events.enums import EventState, PartyRole
from jirani.events.models import Event, EventParty
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def test_events_by_day_and_by_what_they_follow(cast: Cast) -> None:
    cast.event.delete()
    past, ends, future = (
        make.event(title, starts_on=first, ends_on=last)
        for title, first, last in [
            ("past", TODAY - 3 * DAY, TODAY - DAY),
            ("ends", TODAY - DAY, TODAY),
            ("future", TODAY + DAY, TODAY + DAY),
        ]
    )
    older = make.event("older", starts_on=TODAY - 9 * DAY, ends_on=TODAY - 9 * DAY)
    draft = make.event(
        "draft", state=EventState.DRAFT, starts_on=TODAY + 2 * DAY, ends_on=TODAY + 2 * DAY, follow_up_of=past
    )
    twin = make.event("twin", starts_on=TODAY + DAY, ends_on=TODAY + DAY)
    assert list(Event.objects.coming(TODAY)) == [ends, future, twin, draft]
    assert list(Event.objects.past(TODAY)) == [past, older]
    assert list(Event.objects.announced().order_by("pk")) == [past, ends, future, older, twin]
    assert list(Event.objects.with_follow_ups(pk=past.pk).order_by("pk")) == [past, draft]
    parties = [
        EventParty.objects.create(event=past, organisation=cast.kwale.organisation, role=role)
        for role in (PartyRole.DONOR, PartyRole.HOST, PartyRole.ORGANISER, PartyRole.PARTNER)
    ]
    donor, host, organiser, partner = parties
    assert list(past.parties.in_order()) == [organiser, host, partner, donor]


def test_who_sees_and_edits_which_events(cast: Cast) -> None:
    """One of each mode and state, of a hub and of none; the list and the question agree, and both are as said here."""
    other = make.hub("Other")
    events = {
        f"{mode} {state} {'own' if hub == cast.hub else 'other'}": make.event(access=mode, state=state, hub=hub)
        for mode in ("public", "network", "closed") for state in ("draft", "published", "cancelled") for hub in (cast.hub, other)
    }  # fmt: skip
    guest = events["closed published other"]
    rows = {
        "invited": ("invited", "n"),
        "listed": ("invited", ""),
        "confirmed": ("confirmed", ""),
        "declined": ("declined", "n"),
    }
    people = {name: make.person(name) for name in rows}
    for name, (state, nonce) in rows.items():
        for event in (guest, events["closed draft other"]):
            make.participation(event, people[name], state=state, nonce=nonce)

    def seen(person: Any, method: str = "visible_to") -> set[str]:
        found = set(getattr(Event.objects, method)(user_of(person)).values_list("pk", flat=True))
        return {name for name, event in events.items() if event.pk in found}

    shown = {name for name in events if "draft" not in name}
    public = {name for name in shown if "public" in name}
    own = {name for name in events if "own" in name}
    assert seen(cast.coordinator) == seen(cast.coordinator, "editable_by") == set(events)
    assert seen(cast.hub_coordinator, "editable_by") == own
    assert seen(cast.hub_coordinator) == own | {name for name in shown if "closed" not in name}
    assert seen(cast.kwale_focal_point) == {name for name in shown if "closed" not in name}
    assert seen(cast.kwale_focal_point, "editable_by") == set()
    assert {name: seen(person) for name, person in people.items()} == {
        "invited": public | {"closed published other"}, "listed": public,
        "confirmed": public | {"closed published other"}, "declined": public,
    }  # fmt: skip
