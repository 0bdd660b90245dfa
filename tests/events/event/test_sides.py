"""Events on both sides of each condition: what is missing, what may be moved, who sees them, what a form offers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode, Precision
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState, PartyRole
from jirani.events.event.forms.events import as_far_as_known
from jirani.events.forms import DelegationForm, EventCreateForm, EventEditForm, GrantForm, PartyForm
from jirani.events.models import Event, EventParty, Session
from jirani.members.enums import NetworkDuty
from jirani.members.models import Grant
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)
PLACE, LINK, ZONE = {"place": "Kwale"}, {"link": "https://meet.example.org/room"}, {"time_zone": "Africa/Nairobi"}


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"format": "in-person"}, {"place"}),
        ({"format": "in-person", **PLACE}, set()),
        ({"format": "hybrid"}, {"place", "link", "time_zone"}),
        ({"format": "hybrid", **PLACE, **LINK}, {"time_zone"}),
        ({"format": "hybrid", **PLACE, **ZONE}, {"link"}),
        ({"format": "hybrid", **LINK, **ZONE}, {"place"}),
        ({"format": "virtual"}, {"link", "time_zone"}),
        ({"format": "virtual", **LINK, **ZONE}, set()),
        ({"format": "virtual", "ends_on": None}, set()),
        ({"format": "virtual", "ends_on": TODAY - DAY}, set()),
    ],
)
def test_what_is_missing_by_format_until_its_last_day(facts: dict[str, Any], missing: set[str]) -> None:
    assert set(actions.what_is_missing(Event(**{"starts_on": TODAY - DAY, "ends_on": TODAY} | facts))) == missing


def test_what_is_missing_names_the_link_as_its_format_needs_it_and_the_visit_without_a_place(cast: Cast) -> None:
    words = [actions.what_is_missing(Event(format=one, ends_on=TODAY))["link"] for one in ("hybrid", "virtual")]
    assert words == [
        "A hybrid event has a place and a link to join. Add the link.", "Add the link that people use to join.",
    ]  # fmt: skip

    event = make.event(starts_on=TODAY, ends_on=TODAY, place="Kwale")
    make.session(event, "Panel", kind="panel")
    make.session(event, "Seen", kind="site-visit", place="Ukunda")
    assert actions.what_is_missing(event) == {}
    make.session(event, "Unseen", kind="site-visit")
    assert actions.what_is_missing(event) == {"sessions": "Say what is visited in “Unseen”, and where."}


def faults(changed: dict[str, Any], by: Any = None, **stored: Any) -> dict[str, list[str]]:
    """What is said of an event with these facts once it is changed so."""
    event = make.event(**stored)
    before = Event.objects.get(pk=event.pk)
    for name, value in changed.items():
        setattr(event, name, value)
    return actions.event_faults(event, before, by=by)


def test_days_are_within_reason_and_people_who_know_of_them_find_them_again(cast: Cast) -> None:
    latest = TODAY.year + 10
    within = f"Enter a day of a year from 1900 to {latest}."
    rows: list[tuple[Any, dict[str, list[str]]]] = [
        (None, {}), (date(1900, 1, 1), {}), (date(1899, 12, 31), {"starts_on": [within]}),
        (date(latest, 12, 31), {}), (date(latest + 1, 1, 1), {"starts_on": [within]}),
    ]  # fmt: skip
    assert [actions.event_faults(Event(starts_on=on, ends_on=on)) for on, _said in rows] == [said for _on, said in rows]

    def moved(to: int, state: EventState) -> list[str]:
        on = date(to, 12, 6)
        return list(faults({"starts_on": on, "ends_on": on}, state=state))

    assert [moved(year, EventState.PUBLISHED) for year in (2010, 2011, 2031, 2032)] == [
        ["starts_on"], [], [], ["starts_on"],
    ]  # fmt: skip
    assert moved(2010, EventState.DRAFT) == []


def test_an_event_stays_before_what_follows_it_and_what_is_hidden_is_not_named(cast: Cast) -> None:
    before = make.event(starts_on=date(2022, 3, 1), ends_on=date(2022, 3, 1))
    closed = make.event(
        "Debrief", follow_up_of=before, access="closed", starts_on=date(2022, 5, 1), ends_on=date(2022, 5, 1)
    )

    def said(user: Any, **changes: Any) -> dict[str, list[str]]:
        event = Event.objects.get(pk=before.pk)
        for name, value in changes.items():
            setattr(event, name, value)
        return actions.event_faults(event, Event.objects.get(pk=before.pk), by=user)

    outsider, coordinator = user_of(cast.outsider), user_of(cast.coordinator)
    same, later = date(2022, 5, 1), date(2022, 5, 2)
    assert said(coordinator, starts_on=same, ends_on=same) == {}
    assert said(coordinator, starts_on=later, ends_on=later) == {
        "starts_on": ["Enter a day no later than that of “Debrief”, which follows this event."]
    }
    assert said(outsider, starts_on=later, ends_on=later) == {
        "starts_on": ["Enter an earlier day: another event follows this one."]
    }
    # Known to the year, its own or the other's, only years are compared.
    year = {"date_precision": Precision.YEAR}
    assert said(coordinator, starts_on=later, ends_on=later, **year) == {}
    assert set(said(coordinator, starts_on=date(2023, 1, 1), ends_on=date(2023, 1, 1), **year)) == {"starts_on"}
    Event.objects.filter(pk=closed.pk).update(date_precision=Precision.YEAR)
    assert said(coordinator, starts_on=later, ends_on=later) == {}
    assert set(said(coordinator, starts_on=date(2023, 1, 1), ends_on=date(2023, 1, 1))) == {"starts_on"}


def test_sessions_move_along_and_none_is_left_outside(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    first, last = date(2021, 12, 6), date(2021, 12, 8)
    event = make.event(hub=cast.hub, starts_on=first, ends_on=last)
    opening, closing = make.session(event, "Opening"), make.session(event, "Closing", held_on=last)
    undated = make.session(event, "Some day", held_on=None, starts_at=None, ends_at=None)

    def held() -> list[date | None]:
        return [Session.objects.get(pk=one.pk).held_on for one in (opening, closing, undated)]

    for ends_on, outside in [(last - DAY, "Closing")]:
        with pytest.raises(ValidationError) as caught:
            actions.change_event(event, by=by, ends_on=ends_on)
        words = f"“{outside}” would not fall within these days. Change its day first, or choose other days."
        assert caught.value.message_dict == {"ends_on": [words]}
    actions.change_event(event, by=by, ends_on=last + DAY)
    assert held() == [first, last, None]
    actions.change_event(event, by=by, starts_on=first + 7 * DAY, ends_on=last + 7 * DAY)
    assert held() == [first + 7 * DAY, last + 7 * DAY, None]
    # Of a month, no session is out; nothing moves with what was not known to the day.
    actions.change_event(
        event, by=by, starts_on=date(2021, 12, 1), ends_on=date(2021, 12, 31), date_precision=Precision.MONTH
    )
    assert held() == [first + 7 * DAY, last + 7 * DAY, None]
    with pytest.raises(ValidationError, match="“Opening” would not fall"):
        actions.change_event(
            event, by=by, starts_on=date(2021, 12, 14), ends_on=date(2021, 12, 20), date_precision=Precision.DAY
        )
    assert held() == [first + 7 * DAY, last + 7 * DAY, None]


def test_a_change_counts_for_calendars_if_something_is_otherwise(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    theme = make.theme()
    event = actions.create_event(
        by=by, themes=[theme], title="Exchange", kind="exchange", format="in-person", access="public",
        starts_on=TODAY, ends_on=TODAY, hub=cast.hub, place="Kwale",
    )  # fmt: skip
    assert (list(event.themes.all()), event.sequence, event.state) == ([theme], 0, EventState.DRAFT)
    assert actions.change_event(event, by=by, title="Exchange").sequence == 0
    event = actions.change_event(event, by=by, title="Visit")
    assert (event.sequence, list(event.themes.all())) == (1, [theme])
    assert list(actions.change_event(event, by=by, themes=[]).themes.all()) == []
    published = actions.publish_event(event, by=by)
    assert (published.sequence, actions.publish_event(published, by=by)) == (2, event)
    cancelled = actions.cancel_event(event, by=by)
    assert (cancelled.sequence, actions.cancel_event(cancelled, by=by)) == (3, event)
    stored = Event.objects.get(pk=event.pk)
    assert (stored.sequence, stored.state, stored.title, (stored.told or {})["cancelled"]) == (
        3,
        "cancelled",
        "Visit",
        True,
    )
    again = actions.publish_event(event, by=by)
    assert (again.sequence, again.state, again.rearranged_on) == (4, EventState.PUBLISHED, TODAY)


def test_what_took_place_or_has_begun_is_not_cancelled(cast: Cast) -> None:
    def fault(first: int, last: int, **facts: Any) -> str:
        return actions.cancelling_fault(make.event(starts_on=TODAY + first * DAY, ends_on=TODAY + last * DAY, **facts))[
            :12
        ]

    begun = "It has begun"
    rows = [
        ((-1, 0, {}), begun), ((-1, 1, {}), begun), ((0, 1, {}), ""), ((1, 2, {}), ""), ((-2, -1, {}), ""),
        ((-1, 1, {"state": "draft"}), ""), ((-1, 1, {"date_precision": "month"}), ""),
        ((1, 1, {"reported_attendance": "65"}), "People were "),
    ]  # fmt: skip
    assert [fault(first, last, **facts) for (first, last, facts), _said in rows] == [said for _row, said in rows]
    event = make.event()
    make.participation(event, make.person(), state=ParticipationState.CONFIRMED)
    assert actions.cancelling_fault(event) == ""
    make.participation(event, make.person(), state=ParticipationState.ATTENDED)
    assert actions.cancelling_fault(event)[:12] == "People were "


def test_no_report_is_said_by_somebody_and_may_be_taken_back(cast: Cast) -> None:
    by, event = user_of(cast.hub_coordinator), cast.event
    said = actions.waive_report(event, waived=True, by=by)
    again = actions.waive_report(event, waived=True, by=user_of(cast.coordinator))
    assert (said.report_waived_by, again.report_waived_by) == (cast.hub_coordinator, cast.hub_coordinator)
    assert again.report_waived_at == said.report_waived_at is not None
    actions.waive_report(event, waived=False, by=by)
    actions.waive_report(event, waived=False, by=by)
    event.refresh_from_db()
    assert (event.report_waived_at, event.report_waived_by) == (None, None)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "events.waive_report",
        "events.expect_report",
    ]


def test_a_hub_is_one_that_the_user_coordinates(cast: Cast) -> None:
    other = make.hub("Another")
    coordinator, hub_coordinator = user_of(cast.coordinator), user_of(cast.hub_coordinator)
    assert actions.change_event(cast.event, by=coordinator, hub=None).hub is None
    assert actions.change_event(cast.event, by=coordinator, hub=other).hub == other
    assert actions.change_event(cast.event, by=coordinator, hub=cast.hub).hub == cast.hub
    for hub in (None, other):
        with pytest.raises(ValidationError) as caught:
            actions.change_event(cast.event, by=hub_coordinator, hub=hub)
        assert caught.value.message_dict == {"hub": ["Choose a hub that you coordinate."]}


def test_narrowing_an_event_narrows_its_wider_sessions_alone(cast: Cast) -> None:
    event = make.event(hub=cast.hub)
    modes = [AccessMode.PUBLIC, AccessMode.NETWORK, AccessMode.CLOSED]
    sessions = [make.session(event, access=mode) for mode in modes]

    def now() -> list[str]:
        return [Session.objects.get(pk=one.pk).access for one in sessions]

    actions.change_event(event, by=user_of(cast.coordinator), access=AccessMode.NETWORK)
    assert now() == ["network", "network", "closed"]
    actions.change_event(event, by=user_of(cast.coordinator), access=AccessMode.PUBLIC)
    assert now() == ["network", "network", "closed"]


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


def values(form: Any, name: str) -> list[Any]:
    return [value for value, _label in form.fields[name].choices]


def offered(form: Any, name: str) -> list[str]:
    return [str(label) for _value, label in form.fields[name].choices]


def test_what_the_form_of_an_event_offers(cast: Cast) -> None:
    Event.objects.exclude(pk=cast.event.pk).delete()
    other = make.hub("Another hub")
    make.theme("Youth")
    draft = make.event("Draft", state=EventState.DRAFT, hub=other, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 1))
    by_user = {name: EventCreateForm(user=user_of(getattr(cast, name))) for name in ("coordinator", "hub_coordinator")}
    form = by_user["coordinator"]
    assert (offered(form, "hub"), form.fields["hub"].required) == (
        ["None", "Another hub", "East and Southern Africa"],
        False,
    )
    assert offered(form, "follow_up_of") == ["None", "Draft", "Inter-county exchange"]
    assert (offered(form, "themes"), form.fields["hub"].initial) == (["Youth"], None)
    form = by_user["hub_coordinator"]
    assert (offered(form, "hub"), form.fields["hub"].required) == (["East and Southern Africa"], True)
    assert (form.fields["hub"].initial, offered(form, "follow_up_of")) == (
        cast.hub.pk,
        ["None", "Inter-county exchange"],
    )
    make.duty(cast.hub_coordinator, NetworkDuty.HUB_COORDINATOR, make.hub("A third"))
    form = EventCreateForm(user=user_of(cast.hub_coordinator))
    assert offered(form, "hub") == ["Choose a hub", "A third", "East and Southern Africa"]
    assert form.fields["hub"].initial is None
    # An event does not follow itself, and keeps a theme that is offered no more.
    edited = EventEditForm(user=user_of(cast.coordinator), event=cast.event)
    assert offered(edited, "follow_up_of") == ["None", draft.title]


@pytest.mark.parametrize(
    ("first", "last", "precision", "stored"),
    [
        ((2022, 2, 10), None, "day", ((2022, 2, 10), (2022, 2, 10))),
        ((2022, 2, 10), (2022, 2, 12), "day", ((2022, 2, 10), (2022, 2, 12))),
        ((2022, 2, 10), (2022, 2, 12), "inferred", ((2022, 2, 10), (2022, 2, 12))),
        ((2022, 2, 10), (2022, 3, 12), "month", ((2022, 2, 1), (2022, 2, 28))),
        ((2024, 2, 10), None, "by-month", ((2024, 2, 1), (2024, 2, 29))),
        ((2022, 2, 10), (2023, 3, 12), "year", ((2022, 1, 1), (2022, 12, 31))),
        ((2022, 2, 10), (2022, 2, 12), "by", ((2022, 2, 10), (2022, 2, 10))),
        ((2022, 2, 10), (2022, 2, 12), "unknown", ((2022, 2, 10), (2022, 2, 10))),
    ],
)
def test_days_are_stored_as_far_as_known(first: Any, last: Any, precision: str, stored: Any) -> None:
    found = as_far_as_known(date(*first), date(*last) if last else None, Precision(precision))
    assert found == tuple(date(*one) for one in stored)


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Visit", "kind": "exchange", "language": "en", "format": "in-person", "access": "public",
        "date_precision": "day", "starts_on": str(TODAY), "once": "a" * 32,
    } | changes  # fmt: skip


def test_what_the_form_of_an_event_makes_of_its_days_and_its_zone(cast: Cast) -> None:
    user = user_of(cast.coordinator)

    def facts(**changes: Any) -> tuple[Any, ...]:
        form = EventCreateForm(sent(**changes), user=user)
        assert form.is_valid(), form.errors
        return tuple(form.cleaned_data[name] for name in ("date_precision", "starts_on", "ends_on", "time_zone"))

    def wrong(**changes: Any) -> dict[str, list[str]]:
        form = EventCreateForm(sent(**changes), user=user)
        return {name: [str(one) for one in said] for name, said in form.errors.items()}

    assert facts() == ("day", TODAY, TODAY, "")
    assert facts(date_precision="", country="KE") == ("day", TODAY, TODAY, "Africa/Nairobi")
    assert facts(country="KE", time_zone="Africa/Kigali")[3] == "Africa/Kigali"
    assert facts(ends_on=str(TODAY + DAY))[1:3] == (TODAY, TODAY + DAY)
    assert facts(ends_on=str(TODAY))[1:3] == (TODAY, TODAY)
    assert wrong(ends_on=str(TODAY - DAY)) == {"ends_on": ["The last day is before the first."]}
    assert facts(date_precision="unknown", starts_on="")[1:3] == (TODAY - DAY, TODAY - DAY)
    assert facts(date_precision="unknown")[1:3] == (TODAY, TODAY)
    assert wrong(starts_on="") == {"starts_on": ["Enter the first day, or say that the date is not known."]}
    assert set(wrong(starts_on="1850-01-01")) == {"starts_on"}


def test_an_unknown_day_stays_the_one_that_was_stored(cast: Cast) -> None:
    event = cast.event
    user = user_of(cast.coordinator)
    assert EventEditForm(user=user, event=event).day_unknown() == TODAY - DAY
    event.date_precision = Precision.UNKNOWN
    assert EventEditForm(user=user, event=event).day_unknown() == event.starts_on


def test_organisations_and_delegations_to_choose(cast: Cast, coming: Event) -> None:
    actions.add_delegations(coming, authorities=[cast.kwale], by=user_of(cast.coordinator))
    form = DelegationForm(event=coming)
    assert (offered(form, "authorities"), form.remembered(None)) == (["Mombasa County"], coming)
    assert values(form, "authorities") == [cast.mombasa.pk]
    twice = DelegationForm({"authorities": [cast.kwale.pk, cast.mombasa.pk], "once": "b" * 32}, event=coming)
    assert twice.is_valid(), "the form may come twice"
    assert offered(PartyForm(), "organisation")[0] == "Choose an organisation"


def test_grants_to_choose_and_what_is_said_of_a_new_one(cast: Cast, coming: Event) -> None:
    donor = make.organisation("Donor")
    for programme, mode in [("Open", "public"), ("Shut", "closed"), ("Tied", "public")]:
        Grant.objects.create(
            programme=programme, funder=donor, access=mode, reference="7" if programme == "Open" else ""
        )
    tied = Grant.objects.get(programme="Tied")
    coming.grants.add(tied)
    users = {name: user_of(getattr(cast, name)) for name in ("coordinator", "hub_coordinator")}
    forms = {name: GrantForm(user=user, event=coming) for name, user in users.items()}
    new, modes = "None of these: it is new", ["public", "network"]
    assert {name: offered(form, "grant") for name, form in forms.items()} == {
        "coordinator": [new, "Open · 7 · Donor", "Shut · Donor"], "hub_coordinator": [new, "Open · 7 · Donor"],
    }  # fmt: skip
    said = {name: values(form, "access") for name, form in forms.items()}
    assert (said["coordinator"][-1], "closed" in said["hub_coordinator"]) == ("closed", False)
    assert said["coordinator"][:-1] == said["hub_coordinator"]
    assert set(modes) <= set(said["hub_coordinator"])
    # Its only donor is chosen already; of two, none.
    assert forms["coordinator"].fields["funder"].initial is None
    EventParty.objects.create(event=coming, organisation=donor, role=PartyRole.DONOR)
    EventParty.objects.create(event=coming, organisation=cast.kwale.organisation, role=PartyRole.HOST)
    EventParty.objects.create(event=cast.event, organisation=cast.kwale.organisation, role=PartyRole.DONOR)
    assert GrantForm(user=users["coordinator"], event=coming).fields["funder"].initial == donor.pk
    EventParty.objects.create(event=coming, organisation=cast.kwale.organisation, role=PartyRole.DONOR)
    assert GrantForm(user=users["coordinator"], event=coming).fields["funder"].initial is None
    # As wide as the event, if the user may choose that.
    assert forms["coordinator"].fields["access"].initial == "public"
    coming.access = AccessMode.CLOSED
    found = [GrantForm(user=user, event=coming).fields["access"].initial for user in users.values()]
    assert found == ["closed", "network"]


def test_a_grant_is_a_known_one_or_a_new_one_and_its_facts_hold_together(cast: Cast, coming: Event) -> None:
    donor, user = make.organisation("Donor"), user_of(cast.coordinator)
    grant = Grant.objects.create(programme="Open", funder=donor)
    tied = Grant.objects.create(programme="Tied", funder=donor)
    coming.grants.add(tied)

    def form(**said: Any) -> GrantForm:
        return GrantForm({"once": "c" * 32, **said}, user=user, event=coming)

    new = {"programme": "New", "funder": donor.pk}
    rows: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"grant"}), ({"grant": grant.pk}, set()), ({"grant": tied.pk}, set()), (new, set()),
        ({"grant": 0}, {"grant"}), ({"grant": grant.pk, **new}, {"programme"}),
        ({"programme": "New"}, {"funder"}), ({**new, "amount": "5"}, {"currency"}),
        ({**new, "amount": "5", "currency": "KES"}, set()), ({**new, "amount": "0"}, {"currency"}), ({**new, "amount": "-1", "currency": "KES"}, {"amount"}),
        ({**new, "from_on": "2022-01-02", "until_on": "2022-01-01"}, {"until_on"}),
        ({**new, "from_on": "2022-01-02", "until_on": "2022-01-02"}, set()),
        ({**new, "until_on": "2022-01-02"}, set()),
    ]  # fmt: skip
    assert [set(form(**said).errors) for said, _wrong in rows] == [wrong for _said, wrong in rows]
    known, fresh, closed = form(grant=grant.pk), form(**new), form(**new, access="closed")
    assert [one.is_valid() for one in (known, fresh, closed)] == [True, True, True]
    assert known.facts == {"grant": grant}
    assert {name: fresh.facts[name] for name in ("programme", "funder", "access", "language")} == {
        "programme": "New", "funder": donor, "access": "network", "language": "en",
    }  # fmt: skip
    assert closed.facts["access"] == "closed"
