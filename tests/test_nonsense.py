"""An action refuses what is no such record though no form was asked, and nothing has changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.events import actions as of_events
from jirani.forums import actions as of_forums
from jirani.forums.models import Forum, Meeting
from tests import factories as make
from tests.cast import Cast, user_of
from tests.unchanged import Ledger

pytestmark = pytest.mark.django_db

LONG = "x" * 5000


def changed(record: Any, **facts: Any) -> Any:
    """Return the record as it is stored, with facts that are not saved yet."""
    found = type(record)._default_manager.get(pk=record.pk)
    for name, value in facts.items():
        setattr(found, name, value)
    return found


def test_what_is_no_such_record_is_refused(cast: Cast) -> None:
    by, today, forum = user_of(cast.coordinator), timezone.localdate(), cast.forum
    part = make.participation(cast.event, make.person())
    donor = make.organisation("Donor")
    meeting: dict[str, Any] = {"by": by, "seats": [], "others": 0, "decided": {}}
    event: dict[str, Any] = {
        "title": "Exchange", "kind": "exchange", "format": "in-person", "access": "public", "starts_on": today,
        "ends_on": today, "hub": cast.hub,
    }  # fmt: skip
    acts: dict[str, Callable[[], object]] = {
        "new forum": lambda: of_forums.create_forum(Forum(authority=cast.kwale, name=LONG), by=by),
        "forum": lambda: of_forums.change_forum(changed(forum, access="nonsense"), by=by),
        "meeting": lambda: of_forums.save_meeting(Meeting(forum=forum, title=LONG, held_on=today), **meeting),
        "seat": lambda: of_forums.add_seat(forum, by=by, organisation=donor, role="nonsense", from_on=today),
        "group": lambda: of_forums.add_working_group(forum, by=by, name=LONG, language="en"),
        "grant": lambda: of_events.create_grant(by=by, funder=donor, programme=LONG),
        "new event": lambda: of_events.create_event(by=by, **event | {"kind": "nonsense"}),
        "event": lambda: of_events.change_event(cast.event, by=by, format="nonsense"),
        "participation": lambda: of_events.change_participation(part, by=by, role="nonsense"),
        "session": lambda: of_events.change_session(cast.session, by=by, kind="nonsense"),
        "new session": lambda: of_events.add_session(cast.event, by=by, kind="nonsense", title="New"),
    }  # fmt: skip
    ledger, taken = Ledger(), []
    for name, act in acts.items():
        try:
            act()
        except ValidationError:
            continue
        taken.append(name)
    assert (taken, ledger.changes()) == ([], [])
