"""Letters to an event’s people that still stand, and those that must not be sent any more."""

from typing import Any

import pytest

from jirani.events.letters.actions.withdrawn import STANDS
from jirani.events.models import Event, Participation
from jirani.notifications.actions import key_of
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_which_letters_still_stand(cast: Cast, coming: Event) -> None:
    states = ["invited", "confirmed", "waitlisted", "attended", "declined", "cancelled"]
    parts = {state: make.listed(coming, state.title(), state=state) for state in states}

    def stands(kind: str, part: Participation, **other: Any) -> bool:
        address = part.person.email if part.person else ""
        facts = {"to": address, "records": [key_of(coming), key_of(part)]} | other
        return STANDS[kind](Message(kind=kind, **facts))

    there = dict.fromkeys(states[:4], True) | dict.fromkeys(states[4:], False)
    for state, kinds in [
        ("published", {"events.invitation": there, "events.changed": there, "events.cancelled": dict.fromkeys(states, False)}),
        ("cancelled", {"events.invitation": dict.fromkeys(states, False), "events.cancelled": there}),
    ]:  # fmt: skip
        Event.objects.filter(pk=coming.pk).update(state=state)
        found = {kind: {name: stands(kind, part) for name, part in parts.items()} for kind in kinds}
        assert found == kinds, state
        assert stands("events.answers", parts["invited"]) is (state == "published")
    Event.objects.filter(pk=coming.pk).update(state="published")
    asha = parts["invited"]
    assert stands("events.invitation", asha, to="other@example.org") is False
    assert stands("events.invitation", asha, records=[key_of(coming)]) is False
    assert stands("events.answers", asha, records=[]) is False
