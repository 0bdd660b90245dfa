"""Each action on events asks for itself who may, says in the audit what was done to the last detail, and returns what it made or changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani import events as app
from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationRole, ParticipationState
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.members.enums import NetworkDuty
from jirani.members.models import Grant
from tests import factories as make
from tests.cast import Cast
from tests.straight import VISITOR, Call, anew, itself, not_called, outcomes_amiss, refusals_missing

pytestmark = pytest.mark.django_db


class Stage:
    """An event of the cast's hub that is still to come, and who may not touch it; by default its network's coordinator may."""

    def __init__(self, cast: Cast, coming: Event) -> None:
        self.cast, self.coming, self.session = cast, coming, coming.sessions.get()
        self.donor = make.organisation("Donor")
        elsewhere = make.person("Hub coordinator of another hub")
        make.duty(elsewhere, NetworkDuty.HUB_COORDINATOR, make.hub("Another hub"))
        #: Whoever runs another hub's events; somebody of the event itself; a visitor.
        self.strangers = (elsewhere, cast.participant, VISITOR)
        self.guest = make.participation(
            coming, make.person("Asha", email="asha@example.org", account=False), state="invited", nonce="asha"
        )
        self.listed = make.participation(coming, make.person("Badru", account=False), state=ParticipationState.INVITED)
        make.participation(coming, cast.participant)

    def call(self, action: Any, run: Any, *says: tuple[Any, ...], gives: Any, **who: Any) -> Call:
        """A call by a coordinator that strangers may not make, unless `who` says otherwise."""
        theirs: dict[str, Any] = {"may": self.cast.coordinator, "may_not": self.strangers, **who}
        return Call(action, run, says=says, gives=gives, **theirs)

    def donor_added(self) -> tuple[Any, ...]:
        return said("add_party", self.coming, organisation=self.donor.pk, role="donor")


def said(verb: str, about: Any, **details: Any) -> tuple[Any, ...]:
    """An entry of this app with exactly these details."""
    return f"events.{verb}", about, details


def wholes(at: Stage) -> Iterator[Call]:
    """Calls about whole events. Who runs the events of one hub may begin one."""
    coming = at.coming
    draft = make.event("Draft", hub=at.cast.hub, place="Kwale", state=EventState.DRAFT)
    waived = make.event("No report", hub=at.cast.hub, report_waived_at=timezone.now())
    facts: dict[str, Any] = {
        "title": "New", "kind": "exchange", "format": "in-person", "access": "public", "hub": at.cast.hub,
        "starts_on": coming.starts_on, "ends_on": coming.ends_on,
    }  # fmt: skip
    yield at.call(actions.create_event, lambda by: actions.create_event(by=by, **facts), said("create", itself),
                  gives=lambda: Event.objects.latest("pk"), may_not=at.strangers[1:])  # fmt: skip
    yield at.call(actions.change_event, lambda by: actions.change_event(anew(coming), by=by, title="Other", summary="Of what"),
                  said("change", coming, fields=["summary", "title"]), gives=lambda: coming)  # fmt: skip
    yield at.call(actions.publish_event, lambda by: actions.publish_event(anew(draft), by=by),
                  said("publish", draft, access="public"), gives=lambda: draft)  # fmt: skip
    yield at.call(actions.cancel_event, lambda by: actions.cancel_event(anew(coming), by=by),
                  said("cancel", coming), gives=lambda: coming)  # fmt: skip
    yield at.call(actions.waive_report, lambda by: actions.waive_report(anew(coming), waived=True, by=by),
                  said("waive_report", coming), gives=lambda: coming)  # fmt: skip
    yield at.call(actions.waive_report, lambda by: actions.waive_report(anew(waived), waived=False, by=by),
                  said("expect_report", waived), gives=lambda: waived)  # fmt: skip


def grants(at: Stage) -> Iterator[Call]:
    """Calls about grants. A closed one is for the network's coordinators alone, and what is tied already is not tied again."""
    coming, donor = at.coming, at.donor
    open_, closed, tied = (
        Grant.objects.create(programme=name, funder=donor, access=mode)
        for name, mode in [("Open", AccessMode.PUBLIC), ("Closed", AccessMode.CLOSED), ("Tied", AccessMode.PUBLIC)]
    )
    coming.grants.add(tied)
    hub_coordinator = (at.cast.hub_coordinator,)

    def new(by: Any, **facts: Any) -> Grant:
        return actions.create_grant(by=by, programme="P", funder=donor, **facts)

    def tie(grant: Grant) -> Any:
        return lambda by: actions.tie_grant(anew(coming), grant=anew(grant), by=by)

    def tied_to(grant: Grant) -> tuple[Any, ...]:
        return said("tie_grant", coming, grant=grant.pk)

    def newest() -> Grant:
        return Grant.objects.latest("pk")

    created = said("create_grant", itself)
    yield at.call(actions.create_grant, new, created, gives=newest, may_not=at.strangers[1:])
    yield at.call(
        actions.create_grant,
        lambda by: new(by, access=AccessMode.CLOSED),
        created,
        gives=newest,
        may_not=hub_coordinator,
    )
    yield at.call(actions.tie_grant, tie(open_), tied_to(open_), at.donor_added(), gives=lambda: coming)
    yield at.call(actions.tie_grant, tie(closed), tied_to(closed), gives=lambda: coming, may_not=hub_coordinator)
    yield at.call(actions.tie_grant, tie(tied), at.donor_added(), gives=lambda: coming)
    yield at.call(actions.add_grant, lambda by: actions.add_grant(anew(coming), grant=anew(open_), by=by),
                  tied_to(open_), at.donor_added(), gives=lambda: coming)  # fmt: skip
    yield at.call(actions.untie_grant, lambda by: actions.untie_grant(anew(coming), grant=anew(tied), by=by),
                  said("untie_grant", coming, grant=tied.pk), gives=lambda: None)  # fmt: skip
    yield at.call(actions.untie_grant, lambda by: actions.untie_grant(anew(coming), grant=anew(open_), by=by),
                  gives=lambda: None)  # fmt: skip


def parties(at: Stage) -> Iterator[Call]:
    """Calls about organisations and delegations. Whoever is there already is not added, and nothing is said of it."""
    coming, donor, kwale, mombasa = at.coming, at.donor, at.cast.kwale, at.cast.mombasa
    party = EventParty.objects.create(event=coming, organisation=kwale.organisation, role="host")
    delegation = Delegation.objects.create(event=coming, authority=kwale)

    def add(organisation: Any, role: str) -> Any:
        return lambda by: actions.add_party(anew(coming), organisation=organisation, role=role, by=by)

    def delegate(*authorities: Any) -> Any:
        return lambda by: actions.add_delegations(anew(coming), authorities=[*authorities], by=by)

    host = {"organisation": kwale.organisation.pk, "role": "host"}
    yield at.call(
        actions.add_party, add(donor, "donor"), at.donor_added(), gives=lambda: EventParty.objects.latest("pk")
    )
    yield at.call(actions.add_party, add(kwale.organisation, "host"), gives=lambda: party)
    yield at.call(actions.remove_party, lambda by: actions.remove_party(anew(party), by=by),
                  said("remove_party", coming, **host), gives=lambda: None)  # fmt: skip
    yield at.call(actions.add_delegations, delegate(kwale, mombasa), said("add_delegations", coming, authorities=[mombasa.pk]),
                  gives=lambda: [Delegation.objects.latest("pk")])  # fmt: skip
    yield at.call(actions.add_delegations, delegate(kwale), gives=list)
    yield at.call(actions.remove_delegation, lambda by: actions.remove_delegation(anew(delegation), by=by),
                  said("remove_delegation", coming, authority=kwale.pk), gives=lambda: None)  # fmt: skip


def programme(at: Stage) -> Iterator[Call]:
    """Calls about sessions and parts in them."""
    coming, session, guest, listed = at.coming, at.session, at.guest, at.listed
    part = SessionPart.objects.create(session=session, participation=listed, role=ParticipationRole.SPEAKER)

    def name(who: Participation) -> Any:
        return lambda by: actions.add_part(anew(session), participation=anew(who), role="speaker", by=by)

    def speaks(verb: str, who: Participation) -> tuple[Any, ...]:
        return said(verb, session, participation=who.pk, role="speaker")

    yield at.call(actions.add_session, lambda by: actions.add_session(anew(coming), by=by, kind="panel", title="New"),
                  said("add_session", itself), gives=lambda: Session.objects.latest("pk"))  # fmt: skip
    yield at.call(actions.change_session, lambda by: actions.change_session(anew(session), by=by, title="Other", summary="Of what"),
                  said("change_session", session, fields=["summary", "title"]), gives=lambda: session)  # fmt: skip
    yield at.call(actions.delete_session, lambda by: actions.delete_session(anew(session), by=by),
                  said("delete_session", coming, session=session.pk), gives=lambda: coming)  # fmt: skip
    yield at.call(
        actions.add_part, name(guest), speaks("add_part", guest), gives=lambda: SessionPart.objects.latest("pk")
    )
    yield at.call(actions.add_part, name(listed), gives=lambda: part)
    yield at.call(actions.remove_part, lambda by: actions.remove_part(anew(part), by=by),
                  speaks("remove_part", listed), gives=lambda: None)  # fmt: skip


def lists(at: Stage) -> Iterator[Call]:
    """Calls about who is on the list, and who was there."""
    coming, guest, listed, past = at.coming, at.guest, at.listed, at.cast.event
    own = Participation.objects.get(event=past, person=at.cast.participant)

    def newest() -> Participation:
        return Participation.objects.latest("pk")

    def added(role: str) -> tuple[Any, ...]:
        return "events.add_participant", coming, lambda _made: {"participation": newest().pk, "role": role}

    def add(name: str, email: str) -> Any:
        return lambda by: actions.add_participant(anew(coming), by=by, name=name, email=email, role="speaker")

    def invite(*people: Participation) -> Any:
        return lambda by: actions.invite(anew(coming), participations=[one.pk for one in people], by=by)

    yield at.call(
        actions.add_participant, add("New", "new@example.org"), added("speaker"), gives=lambda: (newest(), True)
    )
    yield at.call(actions.add_participant, add("X", "asha@example.org"), gives=lambda: (guest, False))
    yield at.call(actions.add_participants, lambda by: actions.add_participants(
        anew(coming), people=[{"name": "New", "role": "delegate"}], by=by), added("delegate"), gives=lambda: 1)  # fmt: skip
    yield at.call(actions.change_participation, lambda by: actions.change_participation(
        anew(guest), by=by, role="speaker", sector="health"),
        said("change_participation", guest, fields=["role", "sector"]), gives=lambda: guest)  # fmt: skip
    yield at.call(
        actions.invite, invite(guest, listed), said("invite", coming, participations=[listed.pk]), gives=lambda: 1
    )
    yield at.call(actions.invite, invite(guest), gives=lambda: 0)
    yield at.call(actions.renew_invitation, lambda by: actions.renew_invitation(anew(guest), by=by),
                  said("renew_invitation", guest), gives=lambda: guest)  # fmt: skip
    yield at.call(actions.cancel_participation, lambda by: actions.cancel_participation(anew(guest), by=by),
                  said("cancel_participation", guest), gives=lambda: guest)  # fmt: skip
    yield at.call(actions.mark_attended, lambda by: actions.mark_attended(anew(past), shown=[own.pk], present=[own.pk], by=by),
                  said("mark_attended", past, present=[own.pk]), gives=lambda: 1)  # fmt: skip
    yield at.call(actions.correct_guest, lambda by: actions.correct_guest(anew(guest), by=by, name="Asha Mwinyi", language="en"),
                  said("correct_guest", guest, fields=["name"]), gives=lambda: ["name"])  # fmt: skip


def answers(at: Stage) -> Iterator[Call]:
    """Calls that are a person's own, which not even coordinators make for them: another's secret does not take their word's place."""
    refuser = make.person("Chege")
    turned = make.participation(
        at.coming, refuser, state="declined", declined_from="confirmed", nonce="chege",
        turned_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    own: dict[str, Any] = {"may": refuser, "may_not": (*at.strangers, at.cast.coordinator)}

    def answer(**says: Any) -> Any:
        return lambda by: actions.answer(anew(turned), by=by, **says)

    words: list[tuple[dict[str, Any], str]] = [
        ({"comes": True}, "accept"),
        ({"comes": False}, "decline"),
        ({"comes": False, "nonce": "asha"}, "decline"),
    ]
    for says, verb in words:
        yield at.call(actions.answer, answer(**says), said(verb, turned), gives=lambda: turned, **own)
    yield at.call(actions.save_consents, lambda by: actions.save_consents(anew(turned), offered=["news"], given=["news"], by=by),
                  ("members.give_consent", refuser, {"purpose": "news"}), gives=lambda: ["news"], **own)  # fmt: skip
    yield at.call(actions.see_turned, lambda by: actions.see_turned(anew(at.coming), until=timezone.now(), by=by),
                  said("see_answers", at.coming, participations=[turned.pk]), gives=lambda: at.coming)  # fmt: skip


def test_every_action_refuses_those_who_may_not_and_records_what_others_do(cast: Cast, coming: Event) -> None:
    at = Stage(cast, coming)
    calls = [call for part in (wholes, grants, parties, programme, lists, answers) for call in part(at)]

    assert not_called(app, calls, reads=[actions.event_faults]) == set()
    assert refusals_missing(calls) == []
    assert outcomes_amiss(calls) == {}
