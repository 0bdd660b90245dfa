"""Forums, their meetings and decisions, written in the browser."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.enums import AccessMode, Precision
from jirani.forums.actions import create_forum, save_meeting
from jirani.forums.forms import MeetingChangeForm
from jirani.forums.models import Decision, Forum, Meeting, WorkingGroup
from tests import factories as make
from tests.cast import Cast, client_of
from tests.rows import rows

pytestmark = pytest.mark.django_db

#: Who may edit the forum of the cast.
MAY = {"coordinator", "hub_coordinator", "mombasa_focal_point", "forum_secretary"}


def way(cast: Cast, end: str) -> str:
    return f"/en/forums/{cast.forum.slug}/{end}"


def typed(**changed: Any) -> dict[str, Any]:
    """Return what the form of a meeting sends."""
    facts = {"title": "Second quarter", "held_on": "2024-06-14", "language": "en", "access": "public", "once": "k"}
    return facts | rows("decisions") | changed


def test_who_records_a_meeting_and_who_forms_a_forum(cast: Cast) -> None:
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    own = [way(cast, end) for end in ("edit/", "meetings/new/", f"meetings/{meeting.pk}/edit/")]
    new = "/en/local-authorities/mombasa/forums/new/"
    for part, person in cast.people().items():
        client = client_of(person)
        codes = [client.get(address).status_code for address in (*own, new)]
        may, forms = part in MAY, part in MAY - {"forum_secretary"}
        assert codes == [*[200 if may else 404] * 3, 200 if forms else 404], part
    stranger: Any = User.objects.get(person=cast.kwale_focal_point)
    with pytest.raises(PermissionDenied):
        create_forum(Forum(authority=cast.mombasa, name="x"), by=stranger)
    with pytest.raises(PermissionDenied):
        save_meeting(meeting, by=stranger, seats=[], others=0, decided={})


def test_a_forum_is_formed_once_and_changed(cast: Cast) -> None:
    client = client_of(cast.kwale_focal_point)
    facts = {"name": "Kwale Forum", "language": "en", "access": "network", "formed": "2019", "once": "k"}

    for _ in range(2):
        client.post("/en/local-authorities/kwale/forums/new/", facts)
    forum = Forum.objects.get(authority=cast.kwale)
    opened_at = forum.slug
    assert re.fullmatch("kwale-forum-[a-z0-9]{5}", opened_at)
    assert (forum.access, forum.formed_on, forum.formed_precision) == (
        AccessMode.NETWORK, date(2019, 1, 1), Precision.YEAR,
    )  # fmt: skip
    address = f"/en/forums/{forum.slug}/edit/"
    opened = client.get(address).context["form"]["version"].value()
    client.post(address, facts | {"name": "Changed", "version": opened})
    late = client.post(address, facts | {"name": "Late", "version": opened})

    forum.refresh_from_db()
    assert (forum.name, forum.slug) == ("Changed", opened_at)
    assert late.context["form"].non_field_errors()


def test_a_meeting_is_recorded_once_with_who_came_and_what_was_decided(cast: Cast) -> None:
    group = WorkingGroup.objects.create(forum=cast.forum, name="Youth")
    seat = cast.forum.seats.get()
    facts = typed(
        seats=[seat.pk],
        others="2",
        working_group=group.pk,
        **rows("decisions", {"text": "Rotate"}, {"text": ""}, {"text": " Meet "}),
    )
    client = client_of(cast.forum_secretary)

    answers = [client.post(way(cast, "meetings/new/"), facts) for _ in range(2)]

    meeting = Meeting.objects.get()
    assert [answer["Location"] for answer in answers] == [way(cast, f"#meeting-{meeting.pk}")] * 2
    assert (meeting.forum, meeting.working_group, meeting.access) == (cast.forum, group, AccessMode.PUBLIC)
    assert sorted(meeting.attendances.values_list("seat", flat=True), key=str) == sorted([seat.pk, None, None], key=str)
    assert [decision.text for decision in meeting.decisions.order_by("pk")] == ["Rotate", "Meet"]
    assert Entry.objects.get(verb="forums.record_meeting").actor_id == cast.forum_secretary.user_id
    [shown] = Client().get(way(cast, "")).context["meetings"]
    assert (shown.present, [each.text for each in shown.shown_decisions]) == (3, ["Rotate", "Meet"])


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": ""}, "title"),
        ({"held_on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "held_on"),
        ({"others": "1000"}, "others"),
        ({"seats": ["0"]}, "seats"),
    ],
)
def test_what_does_not_fit_is_said(cast: Cast, changed: dict[str, Any], fault: str) -> None:
    answer = client_of(cast.forum_secretary).post(way(cast, "meetings/new/"), typed(**changed))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [fault])
    assert not Meeting.objects.exists()


def test_a_meeting_is_closed_unless_somebody_opens_it(cast: Cast) -> None:
    form = client_of(cast.forum_secretary).get(way(cast, "meetings/new/")).context["form"]

    assert form["access"].value() == AccessMode.CLOSED


def test_what_is_recorded_is_changed_and_a_decision_that_asked_for_something_stays(cast: Cast) -> None:
    seats = [make.seat(cast.forum, organisation=make.organisation(f"Body {n}")) for n in range(2)]
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    user: Any = User.objects.get(person=cast.forum_secretary)
    save_meeting(meeting, by=user, seats=seats[:1], others=3, decided={}, also_decided=["Rotate", "Meet", "Eat"])
    rotate, meet, eat = meeting.decisions.order_by("pk")
    activity = make.activity(cast.plan, decided_in=rotate)
    client, address = client_of(cast.forum_secretary), way(cast, f"meetings/{meeting.pk}/edit/")
    form = client.get(address).context["form"]
    assert (form["others"].value(), form["seats"].value()[:1]) == (3, [seats[0].pk])
    facts = typed(version=form["version"].value(), seats=[seats[1].pk], others="1")
    kept = [{"decision": meet.pk, "text": "Meet monthly"}, {"decision": eat.pk, "text": ""}]

    def texts(words: str) -> dict[str, Any]:
        return rows("decisions", {"decision": rotate.pk, "text": words}, *kept, known=3)

    refused = client.post(address, facts | texts(""))
    assert (bool(refused.context["form"].non_field_errors()), meeting.decisions.count()) == (True, 3)
    client.post(address, facts | texts("Rotate"))
    late = client.post(address, facts | texts("Late"))

    meeting.refresh_from_db()
    activity.refresh_from_db()
    assert [decision.text for decision in meeting.decisions.order_by("pk")] == ["Rotate", "Meet monthly"]
    assert set(meeting.attendances.values_list("seat", flat=True)) == {seats[1].pk, None}
    assert (meeting.attendances.count(), activity.decided_in, meeting.title) == (2, rotate, "Second quarter")
    assert late.context["form"].non_field_errors()


def test_a_decision_can_be_chosen_as_what_asked_for_an_activity(cast: Cast) -> None:
    client = client_of(cast.forum_secretary)
    client.post(way(cast, "meetings/new/"), typed(**rows("decisions", {"text": "Rotate the seats"})))
    activity, decision = make.activity(cast.plan), Decision.objects.get()
    address = f"/en/plans/{cast.plan.slug}/activities/{activity.pk}/edit/"
    form = client.get(address).context["form"]

    client.post(address, {
        "title": "Rotate", "objective": activity.objective_id, "language": "en", "decided_in": decision.pk,
        "version": form["version"].value(),
    })  # fmt: skip

    assert [label for _, label in form.fields["decided_in"].choices] == ["None", "Rotate the seats"]
    assert Client().get(f"/en/plans/{cast.plan.slug}/activities/{activity.pk}/").context["decision"] == decision


def test_a_decision_that_somebody_deleted_meanwhile_is_written_down_anew(cast: Cast) -> None:
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    decision = Decision.objects.create(meeting=meeting, text="Rotate")
    client, address = client_of(cast.forum_secretary), way(cast, f"meetings/{meeting.pk}/edit/")
    row = {"decision": decision.pk, "text": "Rotate the seats"}
    facts = typed(version=client.get(address).context["form"]["version"].value(), **rows("decisions", row, known=1))
    decision.delete()

    assert client.post(address, facts).status_code == 302

    assert [each.text for each in meeting.decisions.all()] == ["Rotate the seats"]


def test_new_decisions_that_are_sent_twice_are_written_down_once(cast: Cast) -> None:
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    client, address = client_of(cast.forum_secretary), way(cast, f"meetings/{meeting.pk}/edit/")
    version = client.get(address).context["form"]["version"].value()
    words = [{"text": "Rotate\r\nthe seats"}, {"text": "Agreed."}, {"text": "Agreed."}]
    facts = typed(version=version, **rows("decisions", *words))

    codes = [client.post(address, facts).status_code, (again := client.post(address, facts)).status_code]
    shown = {field.html_name: field.value() for field in again.context["form"] if field.value() is not None}
    stored = list(meeting.decisions.order_by("pk").values_list("pk", flat=True))
    assert [shown[f"decisions-{number}-decision"] for number in range(3)] == [str(pk) for pk in stored]
    codes.append(
        client.post(address, shown | {"decisions-0-text": "Rotate the seats", "decisions-2-text": ""}).status_code
    )

    assert codes == [302, 422, 302]
    assert list(meeting.decisions.order_by("pk").values_list("pk", "text")) == [
        (stored[0], "Rotate the seats"), (stored[1], "Agreed."),
    ]  # fmt: skip


def test_a_second_click_that_was_read_before_the_first_was_saved_learns_what_it_saved(cast: Cast) -> None:
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    by = User.objects.get(person=cast.forum_secretary)
    version = str(MeetingChangeForm(instance=meeting)["version"].value())
    data = typed(version=version, **rows("decisions", {"text": "Rotate"}))
    first, second = (
        MeetingChangeForm(QueryDict(urlencode(data)), instance=Meeting.objects.get(pk=meeting.pk))
        for _click in range(2)
    )
    assert (first.is_valid(), second.is_valid()) == (True, True)

    assert first.submit(save_meeting, by=by)
    assert second.submit(save_meeting, by=by) is None

    assert second.rows[0]["decision"].value() == str(meeting.decisions.get().pk)


def test_decisions_that_are_sent_again_without_looking_are_written_down_once(cast: Cast) -> None:
    """The page was kept by a device that sends the old rows with the new version."""
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    client, address = client_of(cast.forum_secretary), way(cast, f"meetings/{meeting.pk}/edit/")
    for text in ("Agreed.", "Agreed.", "Rotate"):
        version = client.get(address).context["form"]["version"].value()
        client.post(address, typed(version=version, **rows("decisions", {"text": text})))

    assert [one.text for one in meeting.decisions.order_by("pk")] == ["Agreed.", "Rotate"]


@pytest.mark.parametrize("number", [1, 30])
def test_the_form_costs_the_same_with_one_and_with_thirty(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    for n in range(number):
        WorkingGroup.objects.create(forum=cast.forum, name=f"Group {n}")
        seat = make.seat(cast.forum, make.person(), organisation=make.organisation())
        meeting.attendances.create(seat=seat)
        Decision.objects.create(meeting=meeting, text=f"Decision {n}")

    client, address = client_of(cast.forum_secretary), way(cast, f"meetings/{meeting.pk}/edit/").replace("/en/", "/ar/")
    client.get(address)  # which kinds of records there are is remembered in the process

    with django_assert_num_queries(13):
        page = client.get(address)

    assert len(page.context["form"].rows) == number + 3
