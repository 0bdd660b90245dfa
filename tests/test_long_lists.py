"""Lists of a hundred and more within pages of one record are split, each with pages of its own."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jirani.events.enums import ParticipationRole, PartyRole
from jirani.events.models import Delegation, EventParty, Participation, Session, SessionPart
from jirani.forums.models import Decision, Meeting, WorkingGroup
from tests import factories as make
from tests.cast import Cast, client_of
from tests.lengths import each_once, light, many, walked
from tests.unchanged import forms_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known")]


def applied(cast: Cast, activity: Any, number: int) -> tuple[list[Any], list[Any]]:
    """Lessons that were told in a session, and a commitment to each, carried out by an activity."""
    told = many(make.lesson(event=cast.event, session=cast.session), number, title=lambda n: f"Lesson {n}")
    first = make.commitment(cast.mombasa.organisation, lesson=told[0], activity=activity)
    others = many(first, number - 1, title=lambda n: f"Pledge {n}", lesson_id=lambda n: told[n + 1].pk)
    return told, [first, *others]


def test_an_activity_of_many_commitments(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    told, promised = applied(cast, activity, 250)
    address = reverse("public:activity_detail", args=[cast.plan.slug, activity.pk])
    make.evidence(promised[0])  # on the last page
    for client in (Client(), client_of(cast.coordinator)):
        pages = walked(client, address, "commitments")
        keys = [str(each.pk) for each in sorted(promised, key=lambda each: each.pk, reverse=True)]
        assert each_once(pages, r'id="commitment-(\d+)"') == keys
        assert ["250 lessons" in page for page in pages] == [True] * 3
        behind = [
            page.partition('id="lessons"')[2].partition('id="commitments"')[0]
            for page in walked(client, address, "lessons")
        ]
        assert each_once(behind, r'/lessons/(\d+)/"') == [str(each.pk) for each in told]


def test_a_plan_of_many_lessons(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    told, _promised = applied(cast, activity, 250)
    address = reverse("public:plan_detail", args=[cast.plan.slug])
    for client in (Client(), client_of(cast.coordinator)):
        pages = [page.partition('id="lessons"')[2] for page in walked(client, address, "lessons")]
        assert each_once(pages, r'/lessons/(\d+)/"') == [str(each.pk) for each in told]
    assert "and 238 more lessons" in light(Client(), address)


def bodies(number: int) -> list[Any]:
    """Organisations, by name."""
    return many(make.organisation(), number, name=lambda n: f"Body {n:03}", slug=lambda n: f"body-{n}")


def landed(answer: Any) -> tuple[str, str]:
    """Where a form leads: the address, and the anchor on it."""
    assert answer.status_code == 302, answer.context["form"].errors
    address, _hash, anchor = answer.headers["Location"].partition("#")
    return address, anchor


def test_a_forum_of_many_seats_groups_plans_and_meetings(cast: Cast) -> None:
    held, forum = bodies(250), cast.forum
    many(make.seat(forum, organisation=held[0]), 249, organisation_id=lambda n: held[n + 1].pk)
    groups = many(WorkingGroup(forum=forum, name="Group"), 250, name=lambda n: f"Group {n}")
    plans = many(cast.plan, 149, slug=lambda n: f"long-{n}", version=lambda n: n + 2)
    meeting = Meeting(forum=forum, title="Met", access="public", held_on=date(2022, 1, 1))
    meetings = many(meeting, 30, held_on=lambda n: date(2022, 1, 1) + timedelta(n))
    address = reverse("public:forum_detail", args=[forum.slug])
    for client in (Client(), client_of(cast.coordinator)):
        seats = [
            page.partition('id="seats"')[2].partition('id="plans"')[0] for page in walked(client, address, "seats")
        ]
        assert each_once(seats, r"Body (\d+)") == [f"{n:03}" for n in range(250)]
        assert ["251 seats held today" in page for page in seats] == [True] * 3
        assert len(each_once(walked(client, address, "groups"), r"<h3>Group (\d+)")) == len(groups)
        assert (
            len(each_once(walked(client, address, "plans"), r'<h3><a href="[^"]*/plans/([\w-]+)/"')) == len(plans) + 1
        )
        met = each_once(walked(client, address, "meetings"), r'id="meeting-(\d+)"')
        assert met == [str(each.pk) for each in reversed(meetings)]


def test_a_link_to_an_old_meeting_of_a_forum_leads_to_its_page(cast: Cast) -> None:
    meeting = Meeting(forum=cast.forum, title="Met", access="public", held_on=date(2022, 1, 1))
    meetings = many(meeting, 30, held_on=lambda n: date(2022, 1, 1) + timedelta(n))
    editor, address = client_of(cast.coordinator), reverse("public:forum_detail", args=[cast.forum.slug])
    for one in (meetings[0], meetings[17], meetings[18], meetings[29]):
        activity = make.activity(cast.plan, decided_in=Decision.objects.create(meeting=one, text="Do it."))
        page = Client().get(reverse("public:activity_detail", args=[cast.plan.slug, activity.pk])).content.decode()
        link = re.search(rf'href="({address}[^"]*)#(meeting-{one.pk})"', page)
        assert link
        assert f'id="{link[2]}"' in light(Client(), link[1])
        edit = reverse("forums:meeting_edit", args=[cast.forum.slug, one.pk])
        (form,) = forms_on(editor, edit) or []
        to, anchor = landed(editor.post(edit, form.sent))
        assert (to == address, f'id="{anchor}"' in light(editor, to)) == (one.pk > meetings[17].pk, True)


def test_the_list_of_many_seats_and_the_way_back_to_a_seat(cast: Cast) -> None:
    held = bodies(250)
    made = many(make.seat(cast.forum, organisation=held[0]), 249, organisation_id=lambda n: held[n + 1].pk)
    editor, address = client_of(cast.coordinator), reverse("forums:seat_list", args=[cast.forum.slug])
    rows = each_once(walked(editor, address, "now"), r'<li id="seat-(\d+)"')
    assert (len(rows), len(set(rows))) == (251, 251)
    ended = editor.post(reverse("forums:seat_end", args=[cast.forum.slug, made[247].pk]), {"until_on": "2022-01-01"})
    assert [f"Body {n}" in light(editor, landed(ended)[0]) for n in (247, 249)] == [True, True]
    facts = {"organisation": str(held[248].pk), "role": "member", "from_on": "2022-01-01", "language": "en"}
    new = editor.post(reverse("forums:seat_create", args=[cast.forum.slug]), facts)
    to, anchor = landed(new)
    assert (to != address, f'id="{anchor}"' in light(editor, to)) == (True, True)


def test_the_edit_page_of_an_event_with_many_delegations_and_organisations(cast: Cast) -> None:
    coming = many(
        make.organisation(sector="local-government"), 251, slug=lambda n: f"city-{n}", name=lambda n: f"City {n:03}"
    )
    cities = many(cast.kwale, 251, organisation_id=lambda n: coming[n].pk, subdivision=lambda _n: "")
    event, editor = cast.event, client_of(cast.coordinator)
    sent = many(Delegation(event=event, authority=cities[0]), 250, authority_id=lambda n: cities[n].pk)
    partners = bodies(251)
    parties = many(EventParty(event=event, role=PartyRole.DONOR), 250, organisation_id=lambda n: partners[n].pk)
    address = reverse("events:event_edit", args=[event.slug])
    assert each_once(walked(editor, address, "delegations"), r"/delegations/(\d+)/remove/") == [
        str(one.pk) for one in sent
    ]
    assert each_once(walked(editor, address, "organisations"), r"/organisations/(\d+)/remove/") == [
        str(one.pk) for one in parties
    ]

    new = reverse("events:delegation_create", args=[event.slug])
    to, anchor = landed(editor.post(new, {"authorities": [str(cities[250].pk)]}))
    assert (anchor, "City 250" in light(editor, to)) == ("delegations", True)
    to, anchor = landed(editor.post(reverse("events:delegation_delete", args=[event.slug, sent[140].pk])))
    assert (anchor, "City 139" in light(editor, to), "City 140" in light(editor, to)) == ("delegations", True, False)
    new = reverse("events:party_create", args=[event.slug])
    to, anchor = landed(editor.post(new, {"organisation": str(partners[250].pk), "role": PartyRole.DONOR.value}))
    assert (anchor, "Body 250" in light(editor, to)) == ("organisations", True)


def test_a_new_session_and_a_new_participant_are_on_the_page_to_which_their_forms_lead(cast: Cast) -> None:
    event, editor = cast.event, client_of(cast.coordinator)
    many(make.session(event), 250, title=lambda n: f"Talk {n}", position=lambda n: n)
    facts = {
        "kind": "panel",
        "title": "The very last one",
        "held_on": "2021-12-08",
        "language": "en",
        "access": "public",
    }
    to, anchor = landed(editor.post(reverse("events:session_create", args=[event.slug]), facts))
    assert (anchor, "The very last one" in light(editor, to)) == ("programme", True)
    last = Session.objects.get(title="The very last one")
    to, anchor = landed(editor.post(reverse("events:session_delete", args=[event.slug, last.pk])))
    assert (anchor, "Talk 249" in light(editor, to)) == ("programme", True)

    people = many(make.person(account=False), 90, email=lambda n: f"p{n}@example.org", name=lambda n: f"Guest {n}")
    there = many(Participation.objects.get(person=cast.participant), 90, person_id=lambda n: people[n].pk)
    facts = {"name": "Newly Come", "email": "new@example.org", "role": "delegate", "language": "en"}
    to, _anchor = landed(editor.post(reverse("events:participation_create", args=[event.slug]), facts))
    assert "Newly Come" in light(editor, to)
    to, _anchor = landed(editor.post(reverse("events:participation_cancel", args=[event.slug, there[60].pk])))
    assert "Guest 60" in light(editor, to)


def test_a_session_in_which_many_speak_and_a_programme_of_many_sessions(cast: Cast) -> None:
    event, session, editor = cast.event, cast.session, client_of(cast.coordinator)
    people = many(make.person(account=False), 251, email=lambda n: f"p{n}@example.org", name=lambda n: f"Guest {n:03}")
    there = many(Participation.objects.get(person=cast.participant), 251, person_id=lambda n: people[n].pk)
    part = SessionPart(session=session, role=ParticipationRole.SPEAKER)
    speaking = many(part, 250, participation_id=lambda n: there[n].pk)
    address = reverse("events:session_edit", args=[event.slug, session.pk])
    pages = [page.partition("Who does what")[2].partition("</ul>")[0] for page in _parts(editor, address)]
    assert len(each_once(pages, r"/parts/(\d+)/remove/")) == len(speaking) + 1
    add = reverse("events:part_create", args=[event.slug, session.pk])
    to, _anchor = landed(editor.post(add, {"participation": str(there[250].pk), "role": "speaker"}))
    assert "Guest 250" in editor.get(to).content.decode().partition("Who does what")[2].partition("</ul>")[0]

    many(make.session(event), 250, title=lambda n: f"Talk {n:03}", position=lambda n: n)
    own = walked(client_of(cast.participant), reverse("events:own_programme_detail", args=[event.slug]))
    assert len(each_once(own, r"<h4>Talk (\d+)")) == 250


def _parts(editor: Client, address: str) -> list[str]:
    """The pages of a session's people; the form beside them offers all people of the event, which is what they weigh."""
    found, query = [], ""
    while True:
        page = editor.get(address + query).content.decode()
        found.append(page)
        older = re.search(r'href="(\?parts=[^"]*)" rel="next"', page)
        if older is None:
            return found
        query = older[1]
