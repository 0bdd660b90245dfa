"""What actions on forums write, and what their forms offer and refuse, with rows on both sides of each condition."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.forums.actions import (
    add_seat,
    add_working_group,
    change_forum,
    create_forum,
    end_seat,
    erase_expired,
    erase_person,
    export_person,
    holder_faults,
    keep,
    replace_holder,
    save_meeting,
    seat_faults,
)
from jirani.forums.enums import SeatRole
from jirani.forums.forms import HolderForm, MeetingChangeForm, MeetingForm, SeatForm, organisations_near
from jirani.forums.models import Attendance, Decision, Forum, Meeting, Seat, WorkingGroup
from tests import factories as make
from tests.cast import Cast, user_of
from tests.refused import ENDED, HOLDS, faults
from tests.rows import rows

pytestmark = pytest.mark.django_db

TODAY_OR_BEFORE = "Enter today or a day in the past."
NAMELESS = "This organisation already has such a seat. Enter who holds this one."


# ── Meetings ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def taken(meeting: Meeting) -> list[tuple[int | None, str]]:
    return list(meeting.attendances.order_by("pk").values_list("seat", "sector"))


def test_of_a_meeting_only_what_has_changed_is_written(cast: Cast) -> None:
    by, facts = user_of(cast.forum_secretary), {"title": "First", "held_on": date(2024, 3, 1)}
    health, faith, youth = (make.seat(cast.forum, sector=sector) for sector in ("health", "faith", "youth"))
    other = Meeting.objects.create(forum=cast.forum, **facts)
    for seat in (health, None):
        Attendance.objects.create(meeting=other, seat=seat)
    meeting = Meeting(forum=cast.forum, **facts)

    assert (
        save_meeting(meeting, by=by, seats=[health, faith], others=2, decided={}, also_decided=["A", "B", "C"])
        is meeting
    )
    assert taken(meeting) == [(health.pk, "health"), (faith.pk, "faith"), (None, ""), (None, "")]
    numbers = dict(meeting.attendances.values_list("seat", "pk"))
    anonymous = meeting.attendances.filter(seat=None).order_by("pk").values_list("pk", flat=True)[0]
    a, b, c = meeting.decisions.order_by("pk")
    assert [one.language for one in (a, b, c)] == [meeting.language] * 3

    with CaptureQueriesContext(connection) as queries:
        save_meeting(meeting, by=by, seats=[faith, youth], others=1, decided={a.pk: "A", b.pk: " B2 ", c.pk: " "})
    written = [one["sql"].split('"')[1] for one in queries.captured_queries if one["sql"].startswith("UPDATE")]
    assert written.count("forums_decision") == 1
    assert taken(meeting) == [(faith.pk, "faith"), (None, ""), (youth.pk, "youth")]
    kept: dict[int | None, int] = dict(meeting.attendances.values_list("seat", "pk"))
    assert (kept[faith.pk], kept[None]) == (numbers[faith.pk], anonymous)
    assert [(one.pk, one.text) for one in meeting.decisions.order_by("pk")] == [(a.pk, "A"), (b.pk, "B2")]
    save_meeting(meeting, by=by, seats=[faith, youth], others=3, decided={})
    assert sorted(taken(meeting), key=str) == sorted(
        [(faith.pk, "faith"), (youth.pk, "youth"), *[(None, "")] * 3], key=str
    )
    assert (len(taken(other)), meeting.decisions.count()) == (2, 2)
    assert list(Entry.objects.filter(verb__endswith="_meeting").order_by("pk").values_list("verb", flat=True)) == [
        "forums.record_meeting", "forums.change_meeting", "forums.change_meeting",
    ]  # fmt: skip


def test_a_meeting_and_a_forum_stay_where_they_are(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    second = make.forum(cast.kwale)
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    meeting.forum = second
    with pytest.raises(PermissionDenied):
        save_meeting(meeting, by=by, seats=[], others=0, decided={})
    moved = Forum.objects.get(pk=cast.forum.pk)
    moved.authority = cast.kwale
    with pytest.raises(PermissionDenied):
        change_forum(moved, by=by)
    assert (Meeting.objects.get().forum, Forum.objects.get(pk=cast.forum.pk).authority) == (cast.forum, cast.mombasa)


def test_what_is_not_complete_is_refused_past_the_forms_too(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    none: dict[str, Any] = {"seats": [], "others": 0, "decided": {}}
    nameless = Forum.objects.get(pk=cast.forum.pk)
    nameless.name = ""
    refused = [
        faults(lambda: create_forum(Forum(authority=cast.mombasa, name="", slug="x"), by=by)),
        faults(lambda: change_forum(nameless, by=by)),
        faults(lambda: save_meeting(Meeting(forum=cast.forum, title="", held_on=date(2024, 1, 1)), by=by, **none)),
        faults(lambda: add_working_group(cast.forum, by=by, name="", language="en")),
        faults(lambda: add_seat(cast.forum, by=by, organisation=None, role="king", from_on=timezone.localdate())),
    ]
    assert [list(one) for one in refused] == [["name"], ["name"], ["title"], ["name"], ["role"]]
    group = add_working_group(cast.forum, by=by, name="Youth", language="fr")
    assert (WorkingGroup.objects.get(), group.forum, group.name, group.language) == (group, cast.forum, "Youth", "fr")
    first = Forum.objects.get(pk=cast.forum.pk)
    first.access = AccessMode.CLOSED
    assert change_forum(first, by=by) is first
    assert Entry.objects.get(verb="forums.change_forum").details == {"before": "public", "after": "closed"}


# ── Seats ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_why_a_seat_cannot_be_given(cast: Cast) -> None:
    today, body = timezone.localdate(), cast.kwale.organisation
    tomorrow = today + timedelta(days=1)
    zawadi = make.person("Zawadi", email="zawadi@example.org")
    make.seat(cast.forum, zawadi, organisation=body)
    make.seat(cast.forum, make.person(email="past@example.org"), organisation=body, until_on=today)
    make.seat(cast.forum, organisation=body, until_on=today)
    elsewhere = make.seat(make.forum(cast.kwale), make.person(email="elsewhere@example.org"), organisation=body)
    nameless = make.seat(cast.forum, organisation=cast.mombasa.organisation)
    make.seat(cast.forum, organisation=None, sector="youth")
    alone = Seat(forum=cast.forum, organisation=None, role="member", from_on=today)
    civil = make.organisation()
    make.seat(cast.forum, organisation=civil, entered_name="Somebody")

    def asked(email: str = "", organisation: Any = body, **facts: Any) -> dict[str, str]:
        seat = Seat(**{"forum": cast.forum, "organisation": organisation, "role": "member", "from_on": today} | facts)
        return seat_faults(seat, email)

    assert [asked("ZAWADI@example.org"), asked("zawadi@example.org", role="co-chair"), asked("zawadi@example.org", civil)] == [
        {"email": HOLDS}, {}, {},
    ]  # fmt: skip
    assert [asked(f"{who}@example.org") for who in ("past", "elsewhere", "nobody")] == [{}] * 3
    assert [asked(), asked(organisation=cast.mombasa.organisation), asked(organisation=civil), seat_faults(alone, "")] == [
        {}, {"organisation": NAMELESS}, {}, {},
    ]  # fmt: skip
    assert asked(organisation=cast.mombasa.organisation, pk=nameless.pk) == {}
    assert asked(organisation=cast.mombasa.organisation, role="co-chair") == {}
    assert [asked(from_on=day) for day in (None, today, tomorrow)] == [{}, {}, {"from_on": TODAY_OR_BEFORE}]
    assert asked("zawadi@example.org", from_on=tomorrow) == {"email": HOLDS, "from_on": TODAY_OR_BEFORE}

    began = make.seat(cast.forum, make.person(), organisation=body, from_on=today - timedelta(days=3))
    early, last = today - timedelta(days=5), today - timedelta(days=4)

    def over(email: str, from_on: date | None, seat: Seat = began) -> dict[str, str]:
        return holder_faults(seat, email=email, from_on=from_on)

    assert [over("new@example.org", day) for day in (None, early, last, today, tomorrow)] == [
        {}, {"from_on": ENDED}, {}, {}, {"from_on": TODAY_OR_BEFORE},
    ]  # fmt: skip
    assert [over("zawadi@example.org", today), over("", today), over("", tomorrow), over("", None)] == [
        {"email": HOLDS}, {}, {"from_on": TODAY_OR_BEFORE}, {},
    ]  # fmt: skip
    assert over("", today, nameless) == {}
    assert over("elsewhere@example.org", today, elsewhere) == {}


def test_a_seat_is_given_over_with_all_that_it_is(cast: Cast) -> None:
    by, today = user_of(cast.forum_secretary), timezone.localdate()
    who: dict[str, Any] = {"name": "Zawadi", "email": "zawadi@example.org", "language": "sw"}
    held = make.seat(cast.forum, make.person(), SeatRole.CO_CHAIR, organisation=cast.kwale.organisation, sector="health",
                     from_on=today - timedelta(days=9))  # fmt: skip

    with pytest.raises(PermissionDenied):  # even with a fault, of which somebody else is told nothing
        replace_holder(held, by=user_of(cast.outsider), from_on=today + timedelta(days=1), **who)
    assert faults(lambda: replace_holder(held, by=by, from_on=today + timedelta(days=1), **who)) == {
        "from_on": [TODAY_OR_BEFORE]
    }
    new = replace_holder(held, by=by, from_on=today, **who)
    held.refresh_from_db()
    assert (held.until_on, new.until_on, new.from_on) == (today, None, today)
    assert [getattr(new, name) for name in ("forum", "organisation", "role", "sector")] == [
        cast.forum, cast.kwale.organisation, SeatRole.CO_CHAIR, "health",
    ]  # fmt: skip
    assert (new.person and new.person.language, Seat.objects.filter(role=SeatRole.CO_CHAIR).count()) == ("sw", 2)
    assert faults(lambda: replace_holder(held, by=by, from_on=today, **who)) == ["It has ended already."]
    assert faults(lambda: end_seat(new, by=by, until_on=today + timedelta(days=1))) == {"until_on": [TODAY_OR_BEFORE]}
    ended = end_seat(new, by=by, until_on=today)
    assert (ended, ended.until_on) == (new, today)
    end_seat(new, by=by, until_on=today)
    verbs = Entry.objects.filter(verb__startswith="forums.").order_by("pk").values_list("verb", "details")
    assert list(verbs) == [
        ("forums.end_seat", {"seat": held.pk, "role": "co-chair"}), ("forums.add_seat", {"seat": new.pk, "role": "co-chair"}),
        ("forums.end_seat", {"seat": new.pk, "role": "co-chair"}),
    ]  # fmt: skip


def test_the_same_holder_is_refused_under_the_lock_and_what_was_typed_is_kept_beside_them(cast: Cast) -> None:
    by, today = user_of(cast.forum_secretary), timezone.localdate()
    zawadi = make.person("Zawadi", email="zawadi@example.org")
    facts: dict[str, Any] = {"organisation": cast.kwale.organisation, "role": "member", "from_on": today}
    typed: dict[str, Any] = {"name": "Zawadi Otieno", "email": "zawadi@example.org", "language": "en"}

    seat = add_seat(cast.forum, by=by, sector="faith", **facts, **typed)
    assert (seat.person, seat.entered_name, seat.entered_email, seat.sector) == (zawadi, "Zawadi Otieno", "", "faith")
    assert faults(lambda: add_seat(cast.forum, by=by, **facts, **typed)) == {"email": [HOLDS]}
    second = add_seat(cast.forum, by=by, **facts | {"role": "co-chair"}, **typed)
    assert [one.pk for one in Seat.objects.filter(person=zawadi).order_by("pk")] == [seat.pk, second.pk]


# ── Somebody's data ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_kept_of_somebody_is_told_and_let_go_and_nothing_of_others(cast: Cast) -> None:
    today = timezone.localdate()
    zawadi, other = make.person(), make.person()
    for who in (zawadi, other):
        body, ended = cast.kwale.organisation, date(2020, 1, 1)
        make.seat(
            cast.forum, who, organisation=body, entered_name="Z", entered_email="z@example.org", entered_language="sw"
        )
        make.seat(cast.forum, who, sector="youth")
        make.seat(cast.forum, who, sector="faith", until_on=ended)
    meeting = Meeting.objects.create(forum=cast.forum, title="First", held_on=date(2024, 3, 1))
    for seat in (
        Seat.objects.filter(person=zawadi).order_by("pk")[1],
        Seat.objects.filter(person=other).order_by("pk")[0],
    ):
        Attendance.objects.create(meeting=meeting, seat=seat, sector="youth")
    of_other = list(Seat.objects.filter(person=other).order_by("pk").values())

    told = export_person(zawadi)
    assert sorted((one["sector"], one["entered_name"], str(one["until_on"])) for one in told["seats"]) == [
        ("", "Z", "None"), ("faith", "", "2020-01-01"), ("youth", "", "None"),
    ]  # fmt: skip
    assert told["attendances"] == [{
        "meeting__forum__name": cast.forum.name, "meeting__title": "First", "meeting__held_on": date(2024, 3, 1),
        "sector": "youth",
    }]  # fmt: skip

    mine = list(Seat.objects.filter(person=zawadi).order_by("pk").values_list("pk", flat=True))
    erase_person(zawadi)
    names = ("person", "entered_name", "entered_email", "entered_language", "until_on")
    assert list(Seat.objects.filter(pk__in=mine).order_by("pk").values_list(*names)) == [
        (None, "", "", "", None), (None, "", "", "", today), (None, "", "", "", date(2020, 1, 1)),
    ]  # fmt: skip
    assert list(Seat.objects.filter(person=other).order_by("pk").values()) == of_other


def test_what_has_expired_is_let_go_and_what_has_not_stays(cast: Cast) -> None:
    day = date(2024, 11, 22)
    before = day - timedelta(days=1)
    old, last, held = (
        make.seat(cast.forum, make.person(), sector="faith", until_on=until) for until in (before, day, None)
    )
    make.seat(cast.forum, sector="media", until_on=before)
    ended, kept = (Meeting.objects.create(forum=cast.forum, title="M", held_on=on) for on in (before, day))
    for meeting in (ended, kept):
        for seat, sector in ((held, ""), (last, "health"), (None, "")):
            Attendance.objects.create(meeting=meeting, seat=seat, sector=sector)

    assert set(keep(day)) & {old.person, last.person, held.person} == {last.person, held.person}
    assert erase_expired(day) == 1 + 2
    assert [Seat.objects.get(pk=one.pk).person for one in (old, last, held)] == [None, last.person, held.person]
    assert (taken(ended), taken(kept)) == (
        [(None, "faith"), (None, "health"), (None, "")],
        [(held.pk, ""), (last.pk, "health"), (None, "")],
    )
    assert erase_expired(day) == 0


# ── Forms ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_organisations_that_could_have_a_seat_are_near_or_have_had_one(cast: Cast) -> None:
    far = make.organisation("Far", country="NO")
    make.organisation("Elsewhere", country="NO")
    near, many = make.organisation("Near", country="KE"), make.organisation("Many", country="")
    for until in (None, date(2020, 1, 1)):
        make.seat(cast.forum, organisation=far, until_on=until)
    asked = sorted(body.name for body in organisations_near(cast.forum))
    assert asked == sorted([
        cast.kwale.organisation.name, cast.mombasa.organisation.name, "Mombasa civil society", far.name, near.name, many.name,
    ])  # fmt: skip


def test_a_seat_is_asked_for_with_roles_that_one_may_give(cast: Cast) -> None:
    body, today = cast.kwale.organisation, timezone.localdate()
    forms: list[Any] = [SeatForm(forum=cast.forum, secretary=may) for may in (True, False)]
    roles = [[value for value, _label in form.fields["role"].choices] for form in forms]
    assert (set(roles[0]) - set(roles[1]), len(roles[1])) == ({"secretary"}, len(SeatRole) - 1)
    make.seat(cast.forum, organisation=body)

    def asked(**changed: Any) -> Any:
        sent = {"organisation": body.pk, "role": "member", "email": "z@example.org", "name": "Z", "language": "en",
                "from_on": today.isoformat(), "once": "a"}  # fmt: skip
        form = SeatForm(sent | changed, forum=cast.forum, secretary=True)
        form.is_valid()
        foreseen = {name: [reason] for name, reason in form.foresee().items() if reason}
        return foreseen | {name: [str(one) for one in form.errors[name]] for name in form.errors}

    need = "Enter a person: the secretary looks after the forum here."
    late = (today + timedelta(days=1)).isoformat()
    assert asked() == {}
    assert asked(name="", email="") == {"organisation": [NAMELESS]}
    assert list(asked(name="")) == ["name"]
    assert set(asked(email="")) == {"email"}
    assert asked(email="nobody")["email"] != asked(email="")["email"]
    assert len(asked(email="nobody", role="secretary")["email"]) == 1
    assert asked(email="", name="", role="secretary") == {"email": [need]}
    assert asked(name="", email="", role="co-chair") == {}
    assert asked(from_on=late) == {"from_on": [TODAY_OR_BEFORE]}
    assert list(asked(organisation="", from_on=late)) == ["organisation", "from_on"]
    assert list(asked(organisation="", email="", name="")) == ["organisation"]


def test_a_meeting_form_offers_what_is_the_forums(cast: Cast) -> None:
    def form(meeting: Meeting) -> Any:
        return (MeetingForm if meeting._state.adding else MeetingChangeForm)(instance=meeting)

    empty = make.forum(cast.kwale)
    bare = form(Meeting(forum=empty))
    assert {"seats", "working_group"} & bare.fields.keys() == set()
    assert (bare.initial["access"], bare.initial["language"], bare["others"].value()) == ("closed", "en", None)

    body = cast.kwale.organisation
    held = make.seat(cast.forum, make.person("Amina"), organisation=body)
    was, unseen = (make.seat(cast.forum, sector=sector, until_on=date(2024, 5, 1)) for sector in ("youth", "faith"))
    make.seat(empty, organisation=body)
    group = WorkingGroup.objects.create(forum=cast.forum, name="Youth")
    WorkingGroup.objects.create(forum=empty, name="Other")
    meeting = Meeting.objects.create(
        forum=cast.forum, title="First", held_on=date(2024, 3, 1), access="public", language="sw"
    )
    for seat in (was, None, None):
        meeting.attendances.create(seat=seat)
    Decision.objects.create(meeting=meeting, text="Rotate")
    first = cast.forum.seats.get(role="secretary")

    new, kept = form(Meeting(forum=cast.forum)), form(meeting)
    assert [[value for value, _name in one.fields["seats"].choices] for one in (new, kept)] == [
        [held.pk, first.pk], [held.pk, was.pk, first.pk],
    ]  # fmt: skip
    assert set(kept.fields["seats"].queryset) == {held, was, first}
    assert dict(kept.fields["seats"].choices)[was.pk] == "Youth · member"
    assert dict(kept.fields["seats"].choices)[held.pk] == "Kwale County · Amina · member"
    assert [str(getattr(value, "value", value)) for value, _name in kept.fields["working_group"].choices] == [
        "",
        str(group.pk),
    ]
    assert [one["others"].value() for one in (new, kept)] == [None, 2]
    assert [(one["access"].value(), one["language"].value()) for one in (new, kept)] == [
        ("closed", "en"),
        ("public", "sw"),
    ]
    assert [[row.initial for row in one.rows if row.initial] for one in (new, kept)] == [
        [], [{"decision": meeting.decisions.get().pk, "text": "Rotate"}],
    ]  # fmt: skip
    assert unseen.pk not in dict(kept.fields["seats"].choices)


def test_a_meeting_form_says_what_was_decided_and_when_it_was_held(cast: Cast) -> None:
    today = timezone.localdate()
    sent = {"title": "First", "language": "en", "access": "public", "once": "k", "held_on": today.isoformat()}
    form = MeetingForm({**sent, **rows("decisions", {"text": "A"}, {"text": ""})}, instance=Meeting(forum=cast.forum))
    assert form.is_valid(), form.errors
    facts = form.facts
    assert {name: facts[name] for name in ("seats", "others", "decided", "also_decided")} == {
        "seats": [], "others": 0, "decided": {}, "also_decided": ["A"],
    }  # fmt: skip
    assert form.cleaned_data["held_on"] == today
    late = {"held_on": (today + timedelta(days=1)).isoformat()}
    refused = MeetingForm({**sent, **late, **rows("decisions")}, instance=Meeting(forum=cast.forum))
    assert refused.errors == {"held_on": [TODAY_OR_BEFORE]}


def test_who_takes_a_seat_over_is_asked_as_the_action_asks(cast: Cast) -> None:
    today = timezone.localdate()
    seat = make.seat(cast.forum, make.person(email="z@example.org"), organisation=cast.kwale.organisation)
    sent = {"email": "z@example.org", "name": "Z", "language": "en", "from_on": today.isoformat(), "once": "a"}
    forms = [HolderForm(sent | {"email": email}, seat=seat) for email in ("z@example.org", "new@example.org")]
    assert [form.is_valid() for form in forms] == [True, True]
    assert (forms[0].about, list(forms[0].fields)[:4]) == ((seat,), ["email", "name", "language", "from_on"])
    make.seat(cast.forum, make.person(email="new@example.org"), organisation=cast.kwale.organisation)
    assert [form.foresee() for form in forms] == [{}, {"email": HOLDS}]
