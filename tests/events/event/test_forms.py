"""What the forms of an event, its organisations, delegations and grants offer, and what they make of what is typed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, PartyRole
from jirani.events.forms import DelegationForm, EventCreateForm, EventEditForm, GrantForm, PartyForm
from jirani.events.models import Event, EventParty
from jirani.members.enums import NetworkDuty
from jirani.members.models import Grant
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import labels, values

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Visit", "kind": "exchange", "language": "en", "format": "in-person", "access": "public",
        "date_precision": "day", "starts_on": str(TODAY), "once": "a" * 32,
    } | changes  # fmt: skip


def test_what_the_form_of_an_event_offers(cast: Cast) -> None:
    Event.objects.exclude(pk=cast.event.pk).delete()
    other = make.hub("Another hub")
    make.theme("Youth")
    draft = make.event("Draft", state=EventState.DRAFT, hub=other, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 1))
    by_user = {name: EventCreateForm(user=user_of(getattr(cast, name))) for name in ("coordinator", "hub_coordinator")}
    form = by_user["coordinator"]
    assert (labels(form, "hub"), form.fields["hub"].required) == (
        ["None", "Another hub", "East and Southern Africa"],
        False,
    )
    assert labels(form, "follow_up_of") == ["None", "Draft", "Inter-county exchange"]
    assert (labels(form, "themes"), form.fields["hub"].initial) == (["Youth"], None)
    form = by_user["hub_coordinator"]
    assert (labels(form, "hub"), form.fields["hub"].required) == (["East and Southern Africa"], True)
    assert (form.fields["hub"].initial, labels(form, "follow_up_of")) == (
        cast.hub.pk,
        ["None", "Inter-county exchange"],
    )
    make.duty(cast.hub_coordinator, NetworkDuty.HUB_COORDINATOR, make.hub("A third"))
    form = EventCreateForm(user=user_of(cast.hub_coordinator))
    assert labels(form, "hub") == ["Choose a hub", "A third", "East and Southern Africa"]
    assert form.fields["hub"].initial is None
    # An event does not follow itself, and keeps a theme that is offered no more.
    edited = EventEditForm(user=user_of(cast.coordinator), event=cast.event)
    assert labels(edited, "follow_up_of") == ["None", draft.title]


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
    assert facts(starts_on="")[1:3] == (None, None), "a draft may do without"
    assert wrong(starts_on="", ends_on=str(TODAY)) == {
        "starts_on": ["Enter the first day, or say that the date is not known."]
    }
    assert set(wrong(starts_on="1850-01-01")) == {"starts_on"}


def test_organisations_and_delegations_to_choose(cast: Cast, coming: Event) -> None:
    actions.add_delegations(coming, authorities=[cast.kwale], by=user_of(cast.coordinator))
    form = DelegationForm(event=coming)
    assert (labels(form, "authorities"), form.remembered(None)) == (["Mombasa County"], coming)
    assert values(form, "authorities") == [cast.mombasa.pk]
    twice = DelegationForm({"authorities": [cast.kwale.pk, cast.mombasa.pk], "once": "b" * 32}, event=coming)
    assert twice.is_valid(), "the form may come twice"
    assert labels(PartyForm(), "organisation")[0] == "Choose an organisation"


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
    assert {name: labels(form, "grant") for name, form in forms.items()} == {
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
