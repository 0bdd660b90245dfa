"""Lists of a hundred and more within pages of one record are split, each with pages of its own."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jirani.commitments.models import Adaptation, Evidence, Milestone
from jirani.core.noted import MADE_ONCE
from jirani.core.paging import Page
from jirani.events.enums import ParticipationRole, PartyRole
from jirani.events.models import Delegation, EventParty, Participation, Session, SessionPart
from jirani.forums.models import Decision, Meeting, WorkingGroup
from jirani.lessons.enums import LessonKind
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.members.enums import NetworkDuty, TenureRole
from jirani.members.models import Agreement, Grant, LocalAuthority, NetworkRole, Tenure
from jirani.plans.models import Activity, Indicator, Measurement, Objective
from tests import factories as make
from tests.cast import Cast, client_of
from tests.lengths import each_once, light, many, walked
from tests.members.facts import as_csv
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


def test_who_turns_one_list_of_a_page_stays_where_they_are_in_the_others(cast: Cast) -> None:
    forum = cast.forum
    many(WorkingGroup(forum=forum, name="Group"), 250, name=lambda n: f"Group {n}")
    many(cast.plan, 249, slug=lambda n: f"long-{n}", version=lambda n: n + 2)
    meeting = Meeting(forum=forum, title="Met", access="public", held_on=date(2022, 1, 1))
    many(meeting, 30, held_on=lambda n: date(2022, 1, 1) + timedelta(n))
    address = reverse("public:forum_detail", args=[forum.slug])
    client, query, seen = Client(), "", []
    for name, side in [
        ("groups", "next"),
        ("plans", "next"),
        ("meetings", "next"),
        ("plans", "next"),
        ("groups", "prev"),
    ]:
        page = client.get(address + query).content.decode()
        (query,) = re.findall(rf'href="(\?[^"#]*)#{name}" rel="{side}"', page)
        query = query.replace("&amp;", "&")
        answer = client.get(address + query)
        assert answer.wsgi_request.META[MADE_ONCE], "it is kept, as it is written in one order"
        shown = answer.context
        seen.append([page_of_list.rows[0] if isinstance(page_of_list, Page) else page_of_list.places[0]
            for page_of_list in (shown["groups_page"], shown["plans_page"], shown["meetings_page"])])  # fmt: skip
    groups = list(WorkingGroup.objects.order_by("pk"))
    meetings = list(Meeting.objects.filter(forum=forum).order_by("-held_on", "-pk"))
    assert seen == [
        [groups[100], (1,), meetings[0]],
        [groups[100], (101,), meetings[0]],
        [groups[100], (101,), meetings[12]],
        [groups[100], (201,), meetings[12]],
        [groups[0], (201,), meetings[12]],
    ]


def test_who_turns_to_another_chapter_of_a_plan_stays_where_they_are_in_its_lessons(cast: Cast) -> None:
    applied(cast, make.activity(cast.plan), 150)
    objective = cast.plan.pillars.get().objectives.get()
    address = reverse("public:plan_detail", args=[cast.plan.slug])
    Activity.objects.bulk_create(Activity(objective=objective, number=n, title=f"Do {n}") for n in range(2, 152))
    Objective.objects.create(pillar=cast.plan.pillars.create(number=2, title="Water"), number=1, title="Wells")
    second = walked(Client(), address, "lessons")[1]
    assert re.findall(r'<li><a href="([^"]*)#pillar-2">', second) == ["?cursor=2&amp;lessons=101"]
    (onward,) = re.findall(r'href="\?(cursor=[0-9.]+&amp;lessons=101)" rel="next"', second)
    answer = Client().get(f"{address}?{onward.replace('&amp;', '&')}")
    assert (answer.context["lessons_page"].places[0], answer.wsgi_request.META[MADE_ONCE]) == ((101,), True)


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


def test_a_commitment_of_which_much_came(cast: Cast) -> None:
    made = make.commitment(cast.mombasa.organisation)
    outcomes = many(make.outcome(made), 249, change=lambda n: f"Change {n}")
    many(make.evidence(made), 149, title=lambda n: f"Proof {n}")
    many(Adaptation(commitment=made, why="Because"), 150, why=lambda n: f"Because of {n}.")
    many(Milestone(commitment=made, title="Step"), 150, title=lambda n: f"Step {n}")
    address = reverse("public:commitment_detail", args=[made.pk])
    for client in (Client(), client_of(cast.mombasa_focal_point)):
        assert len(each_once(walked(client, address, "outcomes"), r'id="outcome-(\d+)"')) == len(outcomes) + 1
        assert len(each_once(_after(walked(client, address, "evidence"), "evidence"), r">(Proof \d+)<")) == 149
        assert len(each_once(walked(client, address, "adaptations"), r"Because of (\d+)\.")) == 150
        assert len(each_once(walked(client, address, "milestones"), r"Step (\d+)")) == 150
    assert "250 outcomes" in light(Client(), address)


def test_a_lesson_that_many_endorse_and_a_recommendation_that_many_answer(cast: Cast) -> None:
    lesson = make.lesson(event=cast.event, session=cast.session)
    Lesson.objects.filter(pk=lesson.pk).update(kind=LessonKind.RECOMMENDATION, addressees=["network"])
    held, day = bodies(250), date(2022, 1, 1)
    reply = Response(lesson=lesson, organisation=held[0], text="Yes", answered_on=day)
    many(reply, 250, organisation_id=lambda n: held[n].pk, text=lambda n: f"Reply {n}.")
    many(Endorsement(lesson=lesson, organisation=held[0], endorsed_on=day), 250, organisation_id=lambda n: held[n].pk)
    address, everybody = reverse("public:lesson_detail", args=[lesson.pk]), [f"{n:03}" for n in range(250)]
    answered = each_once(walked(Client(), address, "responses"), r"Reply (\d+)\.")
    assert answered == [str(n) for n in range(250)]
    endorsed = [
        page.partition('id="endorsements"')[2].partition("</aside>")[0]
        for page in walked(Client(), address, "endorsements")
    ]
    assert each_once(endorsed, r"Body (\d+)") == everybody


def test_an_outcome_of_much_evidence(cast: Cast) -> None:
    outcome = make.outcome(make.commitment(cast.mombasa.organisation))
    proof = Evidence(commitment=outcome.commitment, outcome=outcome, link="https://example.org/")
    many(proof, 249, title=lambda n: f"Proof {n:03}", access=lambda _n: "public")
    many(proof, 1, title=lambda _n: "Between us", access=lambda _n: "closed")
    address = reverse("public:outcome_detail", args=[outcome.pk])
    for client, closed in ((Client(), 0), (client_of(cast.coordinator), 1)):
        pages = walked(client, address, "evidence")
        assert each_once(pages, r">Proof (\d+)<") == [f"{n:03}" for n in range(249)]
        assert sum("Between us" in page for page in pages) == closed


def test_an_indicator_that_was_measured_often(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    indicators = many(
        Indicator(activity=activity, title="Wells", kind="quantitative"), 100, title=lambda n: f"Wells {n}"
    )
    for indicator in (indicators[0], indicators[99]):
        measured = Measurement(indicator=indicator, measured_on=date(2020, 1, 1), words="Seen")
        many(measured, 250, measured_on=lambda n: date(2020, 1, 1) + timedelta(n), words=lambda n: f"Seen {n:03}.")
    everything = reverse("public:indicator_detail", args=[cast.plan.slug, indicators[0].pk])
    for client in (Client(), client_of(cast.coordinator)):
        page = light(client, reverse("public:activity_detail", args=[cast.plan.slug, activity.pk]))
        assert re.findall(r"Seen (\d+)\.", page) == ["249", "248", "247"] * 2
        assert page.count(f'href="{everything}"') == 1
        assert each_once(walked(client, everything), r"Seen (\d+)\.") == [f"{n:03}" for n in range(249, -1, -1)]


def test_an_organisation_with_many_events_agreements_and_grants(cast: Cast) -> None:
    body = make.organisation()
    events = many(cast.event, 250, title=lambda n: f"Meet {n:03}", slug=lambda n: f"meet-{n}")
    many(EventParty(organisation=body, role=PartyRole.DONOR, event=events[0]), 250, event_id=lambda n: events[n].pk)
    signed = many(Agreement(title="Pact", kind="memorandum", access="public"), 150, title=lambda n: f"Pact {n:03}.")
    Agreement.parties.through.objects.bulk_create(
        Agreement.parties.through(agreement=each, organisation=body) for each in signed
    )
    many(Grant(funder=body, programme="Aid"), 150, programme=lambda n: f"Aid {n:03}.")
    address = reverse("public:organisation_detail", args=[body.slug])
    for client in (Client(), client_of(cast.coordinator)):
        for name, pattern, number in (
            ("events", r">Meet (\d+)<", 250),
            ("agreements", r"Pact (\d+)\.", 150),
            ("grants", r"Aid (\d+)\.", 150),
        ):
            found = each_once(walked(client, address, name), pattern)
            assert (sorted(set(found)), len(found)) == ([f"{n:03}" for n in range(number)], number), name


def test_themes_and_drivers_without_end(cast: Cast) -> None:
    themes = many(make.theme(), 249, name=lambda n: f"Theme {n:03}", slug=lambda n: f"t{n}")
    drivers = many(make.driver(), 249, name=lambda n: f"Driver {n:03}", slug=lambda n: f"d{n}")
    editor, address = client_of(cast.coordinator), reverse("members:taxonomy_list")
    for kind, made in (("theme", themes), ("driver", drivers)):
        rows = each_once(walked(editor, address, kind), rf"/taxonomy/{kind}/(\d+)/edit/")
        assert (len(rows), set(map(str, (one.pk for one in made))) <= set(rows)) == (250, True)
    for verb, sent in (("retire", {"retired": "1"}), ("delete", {})):
        to, anchor = landed(editor.post(reverse(f"members:taxonomy_{verb}", args=["theme", themes[180].pk]), sent))
        assert (anchor, "Theme 179" in light(editor, to)) == ("theme", True)


def test_posts_and_duties_of_many_people(cast: Cast) -> None:
    people = many(make.person(account=False), 250, email=lambda n: f"p{n}@example.org", name=lambda n: f"Holder {n:03}")
    body, editor = cast.mombasa.organisation, client_of(cast.coordinator)
    post = Tenure(organisation=body, role=TenureRole.OFFICIAL, entered_name="")
    many(post, 250, person_id=lambda n: people[n].pk)
    many(NetworkRole(duty=NetworkDuty.EDITOR), 250, person_id=lambda n: people[n].pk)
    posts, duties = reverse("members:post_list", args=[body.slug]), reverse("members:duty_list")
    for address in (posts, duties):
        assert len(each_once(walked(editor, address, "now"), r"/(\d+)/end/")) >= 250
    facts = {"name": "Newly Come", "email": "new@example.org", "language": "en", "from_on": "2022-01-01"}
    new = reverse("members:post_create", args=[body.slug])
    to, _anchor = landed(editor.post(new, facts | {"role": TenureRole.OFFICIAL.value}))
    assert (to != posts, "Newly Come" in light(editor, to)) == (True, True)


@pytest.mark.sweep
def test_the_preview_of_a_long_import_is_turned_page_by_page(cast: Cast) -> None:
    rows = [[f"Town {n:03}", "", "city", "UG", *[""] * 8] for n in range(201)]
    editor, address = client_of(cast.coordinator), reverse("members:import_create")
    page = editor.post(address, {"file": SimpleUploadedFile("towns.csv", as_csv(rows))})
    found = [page.content.decode()]
    packed = re.search(r'name="packed" value="([^"]+)"', found[0])
    assert packed
    while older := re.findall(r'name="page" value="(\d+)"', found[-1])[(1 if len(found) > 1 else 0) :]:
        found.append(editor.post(address, {"packed": packed[1], "page": older[-1]}).content.decode())
    assert [len(set(re.findall(r"<bdi>Town (\d+)", one))) for one in found] == [100, 100, 1]
    assert set(re.findall(r"<bdi>Town (\d+)", "".join(found))) == {f"{n:03}" for n in range(201)}
    assert [re.search(r'name="packed" value="([^"]+)"', one) is not None for one in found] == [True] * 3
    assert not LocalAuthority.objects.filter(country="UG").exists()
    assert editor.post(address, {"packed": "junk", "page": "100"}).status_code == 302


def _after(pages: list[str], anchor: str) -> list[str]:
    return [page.partition(f'id="{anchor}"')[2] for page in pages]


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
