"""Each action on forums asks for itself who may, and says in the audit what was done."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from jirani import forums as app
from jirani.forums import actions
from jirani.forums.models import Decision, Forum, Meeting, Priority, Seat, WorkingGroup
from tests import factories as make
from tests.cast import Cast
from tests.straight import Call, itself, not_called, outcomes_amiss, refusals_missing

pytestmark = pytest.mark.django_db


def _groups_and_priorities(cast: Cast) -> list[Call]:
    """Calls about a forum's groups and what matters most to it; what the authority itself says is not for its secretary to say."""
    forum, secretary, focal = cast.forum, cast.forum_secretary, cast.mombasa_focal_point
    others, theme = (cast.kwale_focal_point, cast.participant), make.theme()
    group = WorkingGroup.objects.create(forum=forum, name="Youth")
    said: dict[str, Any] = {"authority": cast.mombasa, "theme": theme, "method": "vote", "language": "en"}
    shared, own = Priority.objects.create(forum=forum, **said), Priority.objects.create(**said)

    def take_over(by: Any) -> Priority:
        changed = Priority.objects.get(pk=shared.pk)
        changed.forum = None
        return actions.save_priority(changed, by=by)

    return [
        Call(actions.save_working_group, lambda by: actions.save_working_group(WorkingGroup(forum=forum, name="New"), by=by),
             secretary, others, (("forums.add_working_group", itself),)),
        Call(actions.save_working_group, lambda by: actions.save_working_group(group, by=by), secretary, others,
             (("forums.change_working_group", group),)),
        Call(actions.remove_working_group, lambda by: actions.remove_working_group(group, by=by), secretary, others,
             (("forums.remove_working_group", forum),)),
        Call(actions.save_priority, lambda by: actions.save_priority(Priority(forum=forum, **said), by=by), secretary, others,
             (("forums.add_priority", itself),)),
        Call(actions.save_priority, lambda by: actions.save_priority(Priority(**said), by=by), focal, (secretary, *others),
             (("forums.add_priority", itself),)),
        Call(actions.save_priority, lambda by: actions.save_priority(shared, by=by), secretary, others,
             (("forums.change_priority", shared),)),
        Call(actions.save_priority, take_over, focal, (secretary, *others), (("forums.change_priority", shared),)),
        Call(actions.remove_priority, lambda by: actions.remove_priority(shared, by=by), secretary, others,
             (("forums.remove_priority", cast.mombasa),)),
        Call(actions.remove_priority, lambda by: actions.remove_priority(own, by=by), focal, (secretary, *others),
             (("forums.remove_priority", cast.mombasa),)),
    ]  # fmt: skip


def test_every_action_refuses_those_who_may_not_and_records_what_others_do(cast: Cast) -> None:
    forum, today = cast.forum, timezone.localdate()
    secretary, focal, hub = cast.forum_secretary, cast.mombasa_focal_point, cast.hub_coordinator
    others = (cast.kwale_focal_point, cast.participant)
    meeting = Meeting.objects.create(forum=forum, title="First", held_on=date(2024, 3, 1))
    Decision.objects.create(meeting=meeting, text="Rotate")
    seat = make.seat(forum, organisation=cast.kwale.organisation)
    first = Seat.objects.get(person=secretary)
    who: dict[str, Any] = {"name": "Zawadi", "email": "zawadi@example.org"}
    none: dict[str, Any] = {"seats": [], "others": 1, "decided": {}}
    day: dict[str, Any] = {"from_on": today}

    def form(by: Any) -> Forum:
        return actions.create_forum(Forum(authority=cast.mombasa, name="Second"), by=by)

    def meet(by: Any) -> Meeting:
        return actions.save_meeting(Meeting(forum=forum, title="New", held_on=today), by=by, **none)

    def sit(by: Any, role: str) -> None:
        actions.add_seat(forum, by=by, organisation=cast.mombasa.organisation, role=role, **day, **who)

    changed = (("forums.end_seat", forum), ("forums.add_seat", forum))
    calls = [
        Call(actions.create_forum, form, focal, (secretary, *others), (("forums.create_forum", itself),)),
        Call(actions.change_forum, lambda by: actions.change_forum(Forum.objects.get(pk=forum.pk), by=by), secretary, others,
             (("forums.change_forum", forum),)),
        Call(actions.save_meeting, meet, secretary, others, (("forums.record_meeting", itself),)),
        Call(actions.save_meeting, lambda by: actions.save_meeting(meeting, by=by, **none), secretary, others,
             (("forums.change_meeting", meeting),)),
        Call(actions.add_seat, lambda by: sit(by, "member"), secretary, others, (("forums.add_seat", forum),)),
        Call(actions.change_seat, lambda by: actions.change_seat(seat, by=by), secretary, others, (("forums.change_seat", forum),)),
        Call(actions.change_seat, lambda by: actions.change_seat(first, by=by), hub, (secretary, focal, *others),
             (("forums.change_seat", forum),)),
        Call(actions.end_seat, lambda by: actions.end_seat(seat, by=by, until_on=today), secretary, others,
             (("forums.end_seat", forum),)),
        Call(actions.end_seat, lambda by: actions.end_seat(first, by=by, until_on=today), hub, (secretary, focal, *others),
             (("forums.end_seat", forum),)),
        Call(actions.replace_holder, lambda by: actions.replace_holder(seat, by=by, **day, **who), secretary, others, changed),
        Call(actions.replace_holder, lambda by: actions.replace_holder(first, by=by, **day, **who), hub,
             (secretary, focal, *others), changed),
        Call(actions.add_working_group, lambda by: actions.add_working_group(forum, by=by, name="Youth", language="en"),
             secretary, others, (("forums.add_working_group", itself),)),
        *_groups_and_priorities(cast),
    ]  # fmt: skip

    assert not_called(app, calls) == set()
    assert refusals_missing(calls) == []
    assert outcomes_amiss(calls) == {}
