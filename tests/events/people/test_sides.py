"""Who comes, on both sides of each condition: whose link opens, who answers what, who is marked, who is offered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationRole, ParticipationState
from jirani.events.forms import (
    AttendanceForm,
    GuestForm,
    InviteForm,
    ParticipantForm,
    ParticipantsForm,
    ParticipationForm,
)
from jirani.events.models import Delegation, Event, Participation, Session, SessionPart
from jirani.events.people.actions.answers import link_ends
from jirani.events.people.actions.personal import erase_expired, keep
from jirani.events.people.forms.lines import is_heading, read_lines, repeated_addresses
from jirani.events.people.forms.participants import delegation_choices
from jirani.events.people.forms.several import added_sentence
from jirani.events.permissions import can_correct_guest, speaks_alone
from jirani.events.text import sign_link
from jirani.members.enums import NetworkDuty
from jirani.members.models import Consent, Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def put(event: Event, name: str, *, account: bool = False, **facts: Any) -> Participation:
    """Somebody on the list, invited by a link of their own unless the facts say otherwise."""
    person = make.person(name, email=f"{name.lower()}@example.org", account=account)
    return make.participation(event, person, **({"state": "invited", "nonce": name.lower()} | facts))


def token(part: Participation, **other: Any) -> str:
    address = part.person.email if part.person else ""
    said: dict[str, Any] = {"number": part.pk, "nonce": part.nonce, "address": address} | other
    return sign_link(said["number"], said["nonce"], said["address"])


def test_whose_link_opens_and_whose_has_ended(cast: Cast, coming: Event) -> None:
    guest = put(coming, "Asha")
    rows = {
        token(guest): guest, "": None, "nonsense": None, token(guest, nonce="other"): None,
        token(guest, address="other@example.org"): None, token(guest, number=0): None,
        token(put(coming, "Badru", nonce=""), nonce="x"): None, token(put(coming, "Chege", state="cancelled")): None,
        token(put(make.event(state=EventState.DRAFT, starts_on=coming.starts_on, ends_on=coming.ends_on), "Dalila")): None,
    }  # fmt: skip
    assert {link: actions.holder_of(link) for link in rows} == rows
    past, holder = put(cast.event, "Eshe"), put(coming, "Fumo", account=True)
    assert (actions.holder_of(token(past)), actions.holder_of(token(holder))) == (None, holder)
    assert [actions.has_ended(token(one)) for one in (guest, past)] == [False, True]
    assert [actions.has_ended(one) for one in ("nonsense", token(past, number=0))] == [False, False]
    assert [actions.has_way_in(one) for one in (guest, past, holder)] == [True, False, True]
    link, user = token(holder), user_of(holder.person or cast.outsider)
    user.is_active = False
    user.save()
    closed = Participation.objects.get(pk=holder.pk)
    assert (actions.holder_of(link), actions.has_way_in(closed), actions.opens("fumo", closed)) == (None, False, False)
    Participation.objects.filter(pk=guest.pk).update(person=None)
    alone = Participation.objects.get(pk=guest.pk)
    assert (actions.holder_of(token(guest)), actions.opens("asha", alone)) == (None, True)


def test_the_last_day_of_a_link(cast: Cast, settings: Any) -> None:
    settings.LINK_WEEKS = 2
    lasts = 15 * DAY
    found = {
        name: link_ends(make.event(date_precision=name, starts_on=date(2021, 12, 6), ends_on=date(2021, 12, 8)))
        for name in ("day", "inferred", "month", "by-month", "year", "unknown")
    }
    more = {"day": 0, "inferred": 0, "month": 31, "by-month": 31, "year": 366, "unknown": 366}
    assert found == {name: date(2021, 12, 8) + lasts + days * DAY for name, days in more.items()}
    ends = {
        days: put(make.event(ends_on=TODAY - days * DAY, starts_on=TODAY - 30 * DAY), f"G{days}") for days in (14, 15)
    }
    assert {days: actions.opens(part.nonce, part) for days, part in ends.items()} == {14: True, 15: False}
    assert {days: actions.has_way_in(part) for days, part in ends.items()} == {14: True, 15: False}
    assert {days: actions.has_ended(token(part)) for days, part in ends.items()} == {14: False, 15: True}


def test_who_may_still_answer(cast: Cast, coming: Event) -> None:
    rows: list[tuple[dict[str, Any], bool]] = [
        ({"state": "invited"}, True), ({"state": "confirmed"}, True), ({"state": "waitlisted"}, True),
        ({"state": "declined", "declined_from": "invited"}, True), ({"state": "declined"}, False),
        ({"state": "applied"}, False), ({"state": "cancelled"}, False), ({"state": "invited", "nonce": ""}, False),
        ({"state": "attended", "attended_from": "confirmed"}, True), ({"state": "attended", "attended_from": "declined"}, False),
    ]  # fmt: skip
    parts = [put(coming, f"P{number}", **facts) for number, (facts, _may) in enumerate(rows)]
    assert [actions.may_answer(part) for part in parts] == [may for _facts, may in rows]

    def invited(**facts: Any) -> bool:
        event = make.event(**({"starts_on": TODAY - 2 * DAY, "ends_on": TODAY} | facts))
        return actions.may_answer(put(event, event.slug))

    assert [invited(), invited(ends_on=TODAY - DAY), invited(state="cancelled"), invited(state="draft")] == [
        True, False, False, False,
    ]  # fmt: skip


FIELDS = ("state", "declined_from", "attended_from")


@pytest.mark.parametrize(
    ("stands", "comes", "becomes", "turned"),
    [
        (("invited", "", ""), True, ("confirmed", "", ""), False),
        (("invited", "", ""), False, ("declined", "invited", ""), True),
        (("confirmed", "", ""), False, ("declined", "confirmed", ""), True),
        (("waitlisted", "", ""), True, ("waitlisted", "", ""), False),
        (("waitlisted", "", ""), False, ("declined", "waitlisted", ""), True),
        (("declined", "waitlisted", ""), True, ("waitlisted", "", ""), True),
        (("declined", "confirmed", ""), True, ("confirmed", "", ""), True),
        (("declined", "confirmed", ""), False, ("declined", "confirmed", ""), False),
        (("attended", "", "confirmed"), False, ("attended", "confirmed", "declined"), True),
        (("attended", "confirmed", "declined"), True, ("attended", "", "confirmed"), True),
    ],
)
def test_what_an_answer_makes_of_a_place(
    cast: Cast, coming: Event, stands: Any, comes: bool, becomes: Any, turned: bool
) -> None:
    part = put(coming, "Asha", **dict(zip(FIELDS, stands, strict=True)))
    for _twice in range(2):
        said = actions.answer(part, comes=comes, nonce="asha")
        assert tuple(getattr(said, name) for name in FIELDS) == becomes
    stored = Participation.objects.get(pk=part.pk)
    assert tuple(getattr(stored, name) for name in FIELDS) == becomes
    assert (stored.answered_at is not None, stored.turned_at is not None) == (True, turned)
    assert Entry.objects.count() == 1, "the second time changed nothing"
    assert Person.objects.filter(participations=part, user__isnull=False).exists() == comes
    assert Message.objects.filter(kind="events.answers").exists() == turned


def test_an_answer_is_the_persons_own(cast: Cast, coming: Event) -> None:
    part, other = put(coming, "Asha", account=True), put(coming, "Badru", account=True)
    assert part.person is not None
    assert other.person is not None
    for by, nonce in [(user_of(other.person), ""), (user_of(other.person), "badru"), (None, ""), (None, "other")]:
        with pytest.raises(PermissionDenied):
            actions.answer(part, comes=True, by=by, nonce=nonce)
        with pytest.raises(PermissionDenied):
            actions.save_consents(part, offered=["news"], given=["news"], by=by, nonce=nonce)
    assert (part.state, Entry.objects.count(), Consent.objects.count()) == ("invited", 0, 0)
    part.state = ParticipationState.CANCELLED
    part.save()
    with pytest.raises(ValidationError, match="can no longer be answered"):
        actions.answer(part, comes=True, by=user_of(part.person))


def test_what_a_link_agrees_to_and_takes_back_once_there_is_an_account(cast: Cast, coming: Event) -> None:
    part = put(coming, "Asha")
    assert part.person is not None
    for purpose in ("news", "directory"):
        Consent.objects.create(person=part.person, purpose=purpose, wording="…", given_at=timezone.now() - DAY)
    assert (actions.guest_purposes(part), speaks_alone(part)) == (set(), True)
    assert actions.save_consents(part, offered=["named", "news"], given=["named", "news"], nonce="asha") == ["named"]

    part.person.user = make.user("asha@example.org")
    part.person.save()
    part = Participation.objects.get(pk=part.pk)
    Consent.objects.filter(purpose="named").update(given_at=timezone.now() + DAY)
    assert (actions.guest_purposes(part), speaks_alone(part)) == ({"news", "directory"}, False)
    for offered, given in [(["named"], []), (["photographs"], ["photographs"]), (["news", "named"], ["news"])]:
        with pytest.raises(PermissionDenied):
            actions.save_consents(part, offered=offered, given=given, nonce="asha")
    # All that was agreed to as a guest may be offered at once, and a part of it be taken back.
    assert actions.save_consents(part, offered=["news", "directory"], given=["news"], nonce="asha") == ["directory"]
    assert actions.guest_purposes(part) == {"news"}
    assert part.person is not None
    assert actions.save_consents(part, offered=["photographs"], given=["photographs"], by=user_of(part.person)) == [
        "photographs"
    ]
    alone = Participation.objects.get(pk=part.pk)
    alone.person = None
    assert (actions.guest_purposes(alone), speaks_alone(alone)) == (set(), False)


def test_who_is_put_on_the_list_keeps_what_is_known_of_them(cast: Cast, coming: Event) -> None:
    by, kwale = user_of(cast.coordinator), Delegation.objects.create(event=coming, authority=cast.kwale)
    elsewhere = Delegation.objects.create(event=cast.event, authority=cast.kwale)
    with pytest.raises(ValidationError) as caught:
        actions.add_participant(coming, by=by, name="Asha", role="speaker", delegation=elsewhere)
    assert caught.value.message_dict == {"delegation": ["This delegation is another event’s."]}
    facts: dict[str, Any] = {"role": "speaker", "sector": "health", "delegation": kwale}
    made, new = actions.add_participant(coming, by=by, name="Asha", email="asha@example.org", language="sw", **facts)
    stored = Participation.objects.select_related("person").get(pk=made.pk)
    assert (new, {name: getattr(stored, name) for name in facts}, stored.state) == (True, facts, "invited")
    assert stored.person is not None
    assert (stored.person.name, stored.person.email, stored.person.language) == ("Asha", "asha@example.org", "sw")
    people = [
        {"name": "Zawadi", "email": "zawadi@example.org", "role": "delegate"},
        {"name": "Asha", "email": "asha@example.org", "role": "delegate"}, {"name": "Badru", "role": "delegate"},
    ]  # fmt: skip
    assert (actions.add_participants(coming, people=people, by=by), coming.participations.count()) == (2, 3)
    assert Participation.objects.get(pk=made.pk).role == "speaker"


def test_what_those_who_run_it_set_of_a_place(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    turned = timezone.now()
    part = put(coming, "Asha", state="declined", declined_from="invited", turned_at=turned)
    changed = actions.change_participation(part, by=by, role="speaker", state="declined")
    assert (changed.role, changed.declined_from, changed.turned_at) == ("speaker", "invited", turned)
    actions.change_participation(part, by=by, state="confirmed")
    part.refresh_from_db()
    assert (part.role, part.state, part.declined_from, part.turned_at) == ("speaker", "confirmed", "", None)
    with pytest.raises(ValidationError, match="Attendance can be entered from the first day"):
        actions.change_participation(part, by=by, state="attended")
    with pytest.raises(ValidationError):
        actions.change_participation(part, by=by, role="king")
    Event.objects.filter(pk=coming.pk).update(starts_on=TODAY)
    actions.change_participation(part, by=by, state="attended")
    part.refresh_from_db()
    assert (part.role, part.state, part.attended_from) == ("speaker", "attended", "confirmed")
    actions.change_participation(part, by=by, state="waitlisted")
    part.refresh_from_db()
    assert (part.state, part.attended_from) == ("waitlisted", "")
    Event.objects.filter(pk=coming.pk).update(state=EventState.CANCELLED)
    with pytest.raises(ValidationError, match="nobody can have been at a cancelled one"):
        actions.change_participation(part, by=by, state="attended")


def test_who_is_still_to_be_invited_and_who_is_written_to(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    asha, badru = put(coming, "Asha", nonce=""), put(coming, "Badru", nonce="")
    put(coming, "Chege")
    put(coming, "Dalila", nonce="", state="confirmed")
    put(make.event(), "Eshe", nonce="")
    make.participation(coming, make.person("Nobody", email="", account=False), state="invited")
    erased = put(coming, "Fumo", nonce="")
    Participation.objects.filter(pk=erased.pk).update(person=None)
    assert list(actions.to_be_invited(coming)) == [asha, badru]
    Event.objects.filter(pk=coming.pk).update(state=EventState.DRAFT)
    with pytest.raises(ValidationError, match="Publish the event before you invite"):
        actions.invite(coming, participations=[asha.pk], by=by)
    Event.objects.filter(pk=coming.pk).update(state=EventState.PUBLISHED)
    assert [actions.invite(coming, participations=[asha.pk], by=by) for _twice in range(2)] == [1, 0]
    asha.refresh_from_db()
    assert (len(asha.nonce), list(actions.to_be_invited(coming))) == (32, [badru])
    assert list(Message.objects.values_list("to", "kind")) == [("asha@example.org", "events.invitation")]
    # A new link: another secret, another letter. Not for somebody without one, without an address, or of a draft.
    before = asha.nonce
    renewed = actions.renew_invitation(asha, by=by)
    assert (Participation.objects.get(pk=asha.pk).nonce, renewed.nonce != before) == (renewed.nonce, True)
    assert (Message.objects.count(), len(renewed.nonce)) == (2, 32)
    with pytest.raises(ValidationError, match="No invitation has gone out"):
        actions.renew_invitation(badru, by=by)
    nameless = make.participation(coming, make.person("X", email="", account=False), state="invited", nonce="x")
    Participation.objects.filter(pk=erased.pk).update(nonce="f")
    for part in (nameless, Participation.objects.get(pk=erased.pk)):
        with pytest.raises(ValidationError, match="no e-mail address"):
            actions.renew_invitation(part, by=by)
    coming.state = renewed.event.state = EventState.DRAFT
    with pytest.raises(ValidationError, match="Publish the event"):
        actions.renew_invitation(renewed, by=by)


def test_whoever_is_taken_off_loses_link_state_and_parts_and_nobody_else_does(cast: Cast, coming: Event) -> None:
    part = put(
        coming, "Asha", state="attended", declined_from="invited", attended_from="declined", turned_at=timezone.now()
    )
    other = put(coming, "Badru")
    session = coming.sessions.get()
    for one in (part, other):
        SessionPart.objects.create(session=session, participation=one, role="speaker")
    actions.cancel_participation(part, by=user_of(cast.coordinator))
    part.refresh_from_db()
    other.refresh_from_db()
    names = ("state", "nonce", "declined_from", "attended_from", "turned_at")
    assert [getattr(part, name) for name in names] == ["cancelled", "", "", "", None]
    assert (other.state, list(session.parts.values_list("participation", flat=True))) == ("invited", [other.pk])


def test_marks_are_made_of_those_shown_at_this_event(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    Event.objects.filter(pk=coming.pk).update(starts_on=TODAY)
    parts = [
        put(coming, f"P{number}", state=state)
        for number, state in enumerate(["confirmed", "invited", "declined", "cancelled"])
    ]
    elsewhere = make.participation(cast.event, make.person(), state="confirmed")
    keys = [one.pk for one in (*parts, elsewhere)]
    assert actions.mark_attended(coming, shown=keys, present=[*keys[:2], *keys[3:]], by=by) == 2

    def now() -> list[tuple[str, str]]:
        return [(one.state, one.attended_from) for one in Participation.objects.filter(pk__in=keys).order_by("pk")]

    left = [("declined", ""), ("cancelled", ""), ("confirmed", "")]
    assert now() == [("attended", "confirmed"), ("attended", "invited"), *left]
    assert actions.mark_attended(coming, shown=keys[:1], present=[], by=by) == 0
    assert now() == [("confirmed", ""), ("attended", "invited"), *left]
    Event.objects.filter(pk=coming.pk).update(state=EventState.CANCELLED)
    assert actions.mark_attended(coming, shown=keys, present=keys[1:2], by=by) == 1, "who was marked before stays so"
    with pytest.raises(ValidationError, match="nobody can have been at a cancelled one"):
        actions.mark_attended(coming, shown=keys, present=keys[:2], by=by)


def test_a_corrected_address_ends_every_link_of_the_guest_and_makes_none(cast: Cast, coming: Event) -> None:
    part = put(coming, "Asha")
    assert part.person is not None
    debrief = make.event(hub=cast.hub)
    listed = make.participation(
        debrief, part.person, nonce="", state="invited", entered_name="Asche", entered_email="a@b.org"
    )
    by = user_of(cast.hub_coordinator)
    assert actions.correct_guest(part, by=by, name="Asha", language="en") == []
    part.refresh_from_db()
    listed.refresh_from_db()
    assert (part.nonce, listed.entered_name, listed.entered_email) == ("asha", "", "a@b.org")
    assert actions.correct_guest(part, by=by, email="asha.mwinyi@example.org") == ["email"]
    nonces = [Participation.objects.get(pk=one.pk).nonce for one in (part, listed)]
    assert (len(nonces[0]), nonces[1]) == (32, "")
    assert Participation.objects.get(pk=listed.pk).entered_email == ""


def test_somebody_who_has_spoken_keeps_their_address(cast: Cast, coming: Event) -> None:
    silent, answered, agreed = (put(coming, name) for name in ("Asha", "Badru", "Chege"))
    Participation.objects.filter(pk=answered.pk).update(answered_at=timezone.now())
    assert agreed.person is not None
    Consent.objects.create(person=agreed.person, purpose="news", wording="…")
    people = [one.person for one in (silent, answered, agreed) if one.person]
    assert [actions.has_spoken(one) for one in people] == [False, True, True]
    by = user_of(cast.coordinator)
    for part in (answered, agreed):
        with pytest.raises(PermissionDenied):
            actions.correct_guest(part, by=by, email="new@example.org")
        assert part.person is not None
        assert actions.correct_guest(part, by=by, email=part.person.email, name="New") == ["name"]


def test_who_corrects_which_guest_and_the_list_agrees(cast: Cast, coming: Event) -> None:
    parts = {"guest": put(coming, "Asha"), "account": put(coming, "Badru", account=True), "post": put(coming, "Chege")}
    parts |= {name: put(coming, name) for name in ("duty", "seat", "elsewhere", "nobody")}
    people = {name: part.person or cast.outsider for name, part in parts.items()}
    make.tenure(people["post"], cast.kwale.organisation)
    make.duty(people["duty"], NetworkDuty.EDITOR)
    make.seat(cast.forum, people["seat"])
    make.participation(make.event(), people["elsewhere"])
    Participation.objects.filter(pk=parts["nobody"].pk).update(person=None)

    def corrected(user: Any) -> set[str]:
        rows = {name: Participation.objects.get(pk=part.pk) for name, part in parts.items()}
        asked = {name for name, row in rows.items() if can_correct_guest(user, row)}
        listed = set(Participation.objects.correctable_by(user).values_list("pk", flat=True))
        assert {name for name, row in rows.items() if row.pk in listed} == asked
        return asked

    assert corrected(user_of(cast.coordinator)) == {"guest", "elsewhere"}
    assert corrected(user_of(cast.hub_coordinator)) == {"guest"}
    assert corrected(user_of(cast.participant)) == set()


def test_who_sees_whose_part_and_whose_is_inside(cast: Cast, coming: Event) -> None:
    other = make.event("Other")
    person = make.person("Asha")
    rows = {name: make.participation(coming if number % 2 else other, who, state=state, nonce=nonce)
            for number, (name, who, state, nonce) in enumerate([
                ("asha invited", person, "invited", "n"), ("asha listed", person, "invited", ""),
                ("confirmed", make.person(), "confirmed", ""), ("declined", make.person(), "declined", ""),
                ("attended", make.person(), "attended", ""), ("waits", make.person(), "waitlisted", "n"),
            ])}  # fmt: skip

    def names(found: Any) -> set[str]:
        keys = {one.pk for one in found}
        return {name for name, row in rows.items() if row.pk in keys}

    def seen(who: Any) -> set[str]:
        return names(Participation.objects.visible_to(user_of(who)))

    assert (seen(cast.coordinator), seen(cast.outsider)) == (set(rows), set())
    assert seen(person) == {"asha invited", "asha listed"}
    assert seen(cast.hub_coordinator) == {"asha listed", "declined", "waits"}
    assert names(Participation.objects.visible_to(make.user())) == set()
    assert names(Participation.objects.inside()) == {"asha invited", "confirmed", "attended"}
    assert names(Participation.objects.of_person(user_of(person))) == {"asha invited"}
    assert names(Participation.objects.of_person(make.user())) == set()
    now = timezone.now()
    Participation.objects.filter(pk=rows["waits"].pk).update(turned_at=now - DAY)
    Participation.objects.filter(pk=rows["declined"].pk).update(turned_at=now)
    Participation.objects.filter(pk=rows["attended"].pk).update(turned_at=now, person=None)
    assert list(Participation.objects.turned()) == [rows["waits"], rows["declined"]]


def test_which_rapporteurs_lack_a_record(cast: Cast, coming: Event) -> None:
    session = coming.sessions.get()
    roles = [
        ("rapporteur", False),
        ("rapporteur", True),
        ("speaker", False),
        ("rapporteur", False),
        ("rapporteur", False),
    ]
    parts = [put(coming, f"P{number}", role=role, keeps_record=keeps) for number, (role, keeps) in enumerate(roles)]
    SessionPart.objects.create(session=session, participation=parts[3], role=ParticipationRole.RAPPORTEUR)
    SessionPart.objects.create(session=session, participation=parts[4], role=ParticipationRole.SPEAKER)
    found: Any = Participation.objects.filter(event=coming).knowing_record().order_by("pk")
    assert [one.without_record for one in found] == [True, False, False, False, True]
    # What a rapporteur keeps: what they are named at, or all of an event.
    roles_of: dict[str, dict[str, Any]] = {
        "Named": {"role": "speaker"}, "Whole": {"role": "rapporteur", "keeps_record": True},
        "Neither": {"role": "speaker", "keeps_record": True}, "Away": {"role": "rapporteur", "keeps_record": True, "state": "declined"},
    }  # fmt: skip
    users = {name: put(coming, name, account=True, **facts) for name, facts in roles_of.items()}
    second = make.session(coming, "Second")
    SessionPart.objects.create(session=session, participation=users["Named"], role=ParticipationRole.RAPPORTEUR)
    SessionPart.objects.create(session=second, participation=users["Named"], role=ParticipationRole.SPEAKER)

    def kept(who: Person | None, method: str) -> list[Session]:
        return list(getattr(Session.objects.filter(event=coming), method)(user_of(who or cast.outsider)).order_by("pk"))

    for method in ("kept_by", "noted_by"):
        assert {name: kept(part.person, method) for name, part in users.items()} == {
            "Named": [session], "Whole": [session, second], "Neither": [], "Away": [],
        }  # fmt: skip
    assert [kept(who, "noted_by") for who in (cast.coordinator, cast.hub_coordinator)] == [[session, second]] * 2
    assert [kept(who, "kept_by") for who in (cast.coordinator, cast.hub_coordinator)] == [[], []]


def test_what_expires_and_who_is_kept(cast: Cast) -> None:
    before = date(2022, 1, 1)
    events = [make.event(starts_on=day, ends_on=day) for day in (before - DAY, before)]
    parts = [put(event, f"P{number}", answered_at=timezone.now()) for number, event in enumerate(events)]
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
        put(coming, "Asha", turned_at=timezone.now(), entered_name="A"),
        put(coming, "Badru", turned_at=timezone.now()),
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


def choices(form: Any, name: str) -> list[str]:
    return [str(label) for _value, label in form.fields[name].choices]


def test_what_the_forms_of_people_offer(cast: Cast, coming: Event) -> None:
    mine = Delegation.objects.create(event=coming, authority=cast.kwale)
    other = Delegation.objects.create(event=cast.event, authority=cast.mombasa)
    part = put(coming, "Asha")
    assert delegation_choices(coming) == [(str(mine.pk), "Kwale County")]
    for form in (ParticipantForm(event=coming), ParticipationForm(participation=part)):
        assert choices(form, "delegation") == ["None", "Kwale County"]
        assert choices(form, "sector")[:1] == ["None"]
    assert choices(ParticipantForm(event=coming, delegations=[("1", "Given")]), "delegation") == ["None", "Given"]
    said = {"name": "X", "language": "en", "role": "delegate", "once": "d" * 32}
    faults = [set(ParticipantForm(said | {"delegation": one.pk}, event=coming).errors) for one in (mine, other)]
    assert faults == [set(), {"delegation"}]
    assert "cancelled" not in choices(ParticipationForm(participation=part), "state")
    part.state = ParticipationState.CANCELLED
    assert "cancelled" in choices(ParticipationForm(participation=part), "state")


def test_only_a_rapporteur_keeps_the_record(cast: Cast, coming: Event) -> None:
    part = put(coming, "Asha")

    def wrong(**said: Any) -> set[str]:
        return set(ParticipationForm({"state": "invited", **said}, participation=part).errors)

    rows = [
        ({"role": "speaker"}, set()), ({"role": "speaker", "keeps_record": "on"}, {"keeps_record"}),
        ({"role": "rapporteur", "keeps_record": "on"}, set()), ({"role": "x", "keeps_record": "on"}, {"role"}),
    ]  # fmt: skip
    assert [wrong(**said) for said, _faults in rows] == [faults for _said, faults in rows]


def test_the_form_of_a_guest_asks_for_an_address_if_there_was_one_and_it_is_not_proven(
    cast: Cast, coming: Event
) -> None:
    link, listed = put(coming, "Asha"), put(coming, "Badru", nonce="")
    nobody = make.participation(coming, make.person("X", email="", account=False))

    def email(part: Participation, *, proven: bool = False) -> Any:
        field = GuestForm(participation=part, proven=proven).fields.get("email")
        return field and (field.required, str(field.help_text))

    words = "If you change the address, links sent to the old one stop working."
    assert [email(one) for one in (link, listed, nobody)] == [(True, words), (True, ""), (False, "")]
    assert email(link, proven=True) is None

    def form(**said: str) -> GuestForm:
        return GuestForm(
            {"name": "Asha", "email": "asha@example.org", "language": "en", **said}, participation=link, proven=False
        )

    same, changed, taken = form(), form(name="Asha Mwinyi"), form(email="badru@example.org", name="")
    assert [one.is_valid() for one in (same, changed, taken)] == [True, True, False]
    assert (set(same.facts) - {"version"}, set(changed.facts) - {"version"}) == (set(), {"name"})
    assert set(taken.errors) == {"email", "name"}


def test_who_is_ticked_is_of_this_event(cast: Cast, coming: Event) -> None:
    here, there = put(coming, "Asha"), put(cast.event, "Badru")
    forms = [AttendanceForm({"shown": [one.pk], "present": [one.pk]}, event=coming) for one in (here, there)]
    assert [form.is_valid() for form in forms] == [True, False]
    assert forms[0].facts == {"shown": [here.pk], "present": [here.pk]}
    assert set(forms[1].errors) == {"shown", "present"}
    none, some = InviteForm({}), InviteForm({"shown": [f"{here.pk}-0123", "x-1"]})
    assert ([str(one) for one in none.non_field_errors()], none.is_valid()) == (["Choose at least one person."], False)
    assert (some.is_valid(), some.facts["participations"]) == (True, [here.pk])


def cells(line: str) -> list[list[str]]:
    return [[value for value in said.values() if value] for _number, said in read_lines(line)]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Asha", [["Asha"]]), ("   ", []), ("", []),
        ("Asha, asha@example.org, speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("Asha; asha@example.org; speaker, health", [["Asha", "asha@example.org", "speaker, health"]]),
        ("Asha\tasha@example.org\tspeaker; x", [["Asha", "asha@example.org", "speaker; x"]]),
        ('"Mwinyi, Asha", asha@example.org', [["Mwinyi, Asha", "asha@example.org"]]),
        ('"Mwinyi; Asha", asha@example.org', [["Mwinyi; Asha", "asha@example.org"]]),
        ("Asha asha@example.org, speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("Asha (asha@example.org), speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("asha@example.org, Asha, speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("asha@example.org", [["asha@example.org"]]),
        ("Asha @ home", [["Asha @ home"]]), ("Asha @home", [["Asha @home"]]), ("asha@", [["asha@"]]),
        ("أمينة، asha@example.org، speaker", [["أمينة", "asha@example.org", "speaker"]]),
        ('"أمينة، حداد"، asha@example.org', [["أمينة، حداد", "asha@example.org"]]),
    ],
)  # fmt: skip
def test_the_parts_of_a_line(line: str, read: list[list[str]]) -> None:
    assert cells(line) == read


def test_lines_are_numbered_from_one_and_a_heading_is_one_in_any_language() -> None:
    found = list(read_lines("Asha\n\nBadru <badru@example.org>, Chege <chege@example.org>"))
    assert [(number, said["name"], said["email"]) for number, said in found] == [
        (1, "Asha", ""), (3, "Badru", "badru@example.org"), (3, "Chege", "chege@example.org"),
    ]  # fmt: skip
    rows = ["Name, E-mail address", "name, email", "Nom, Courriel", "Name", "Asha, Role", "Jina, Barua pepe"]
    headed = [is_heading(next(iter(read_lines(row)))[1]) for row in rows]
    assert headed[:5] == [True, True, True, False, False]
    twice = [
        (1, {"email": "a@example.org"}),
        (2, {"email": ""}),
        (3, {"email": "A@example.org"}),
        (4, {"email": ""}),
        (5, {"email": "a@example.org"}),
    ]
    assert list(repeated_addresses(twice)) == [
        "Line 3: the address “A@example.org” is already in line 1.", "Line 5: the address “a@example.org” is already in line 1.",
    ]  # fmt: skip


def test_what_is_said_of_pasted_lines(cast: Cast, coming: Event) -> None:
    mine = Delegation.objects.create(event=coming, authority=cast.kwale)

    def form(lines: str) -> ParticipantsForm:
        return ParticipantsForm({"lines": lines, "once": "e" * 32}, event=coming)

    def wrong(lines: str, at: Event = coming) -> list[str]:
        return [
            str(one) for one in ParticipantsForm({"lines": lines, "once": "e" * 32}, event=at).errors.get("lines", [])
        ]

    good = form("Name, E-mail address\nAsha, asha@example.org, Speaker, health, Kwale County, français\nBadru")
    assert good.is_valid(), good.errors
    asha, badru = good.facts["people"]
    assert [asha[name] for name in ("name", "email", "role", "sector", "delegation", "language")] == [
        "Asha", "asha@example.org", "speaker", "health", mine, "fr",
    ]  # fmt: skip
    assert [badru[name] for name in ("role", "language", "delegation")] == ["delegate", "en", None]
    assert good.remembered(None) == coming
    assert wrong("Name, E-mail address") != [], "a heading alone is a person called so"
    assert wrong("x" * 1001) == ["Line 1: shorten it to 1,000 characters."] or "1000" in wrong("x" * 1001)[0]
    assert "shorten" not in " ".join(wrong("x" * 1000))
    assert wrong(", asha@example.org")[0].endswith("Enter a name beside the address.")
    assert "Enter one of: Kwale County." in wrong("Asha,,,,Nowhere")[0]
    assert "there is none to choose yet" in wrong("Asha,,,,Nowhere", cast.event)[0]
    assert wrong("\n".join(f"P{number}" for number in range(501))) == ["Paste at most 500 lines at once."]
    assert wrong("\n".join(f"P{number}" for number in range(500))) == []
    assert form(f"Asha,,,,{mine.pk}").is_valid() is True, "the number is the form's own value"


def test_how_many_were_added_is_said() -> None:
    assert [added_sentence(*counts) for counts in ((1, 0), (2, 0), (2, 1), (0, 2))] == [
        "1 person added.", "2 people added.", "2 people added. 1 was on the list already.",
        "0 people added. 2 were on the list already.",
    ]  # fmt: skip
