"""The cast and the data about them, and a stranger whom others know by another name."""

from collections.abc import Callable
from datetime import date
from typing import Any

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.events.enums import ParticipationRole, ParticipationState
from jirani.events.models import Participation, Session, SessionPart
from jirani.forums.models import Forum, Seat
from jirani.members.enums import AgreementKind, MembershipState, TenureRole
from jirani.members.models import Agreement, Consent, Grant, Membership, Organisation, Tenure, standing_of
from jirani.notifications.actions import tell_undelivered
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import register_alert
from tests.oracles import can_see_membership, can_see_person

from .. import factories as make
from .tokens import Stage, everybody, nobody


def fill(stage: Stage) -> None:
    """Hub and members, those who work for them, memberships in every state, agreements and grants in every mode."""
    for told in (stage.cast.hub, stage.cast.kwale, stage.cast.kwale.organisation):
        stage.keep(told, may=everybody)
    _people(stage)
    _strangers(stage)
    _guests(stage)
    stage.keep(Entry(verb="members.look", about=stage.cast.kwale.organisation), may=nobody)
    register_alert("tests.alert", sentence=lambda facts: str(facts["words"]))
    stage.keep(Alert(kind="tests.alert"), may=_coordinates)
    tell_undelivered()
    for state in MembershipState:
        authority = make.authority(f"County {state}", member=False, hub=stage.cast.hub)
        left = {"left_on": date(2024, 1, 1), "left_precision": "year"} if state == MembershipState.LEFT else {}
        membership = Membership.objects.create(authority=authority, state=state, **left)
        stage.keep(membership, may=can_see_membership)
    for mode in stage.modes:
        agreement = Agreement.objects.create(kind=AgreementKind.MEMORANDUM, title="Agreement", access=mode)
        agreement.parties.set([stage.cast.kwale.organisation, stage.cast.mombasa.organisation])
        stage.keep(agreement, may=_sees_shared)
        grant = Grant.objects.create(funder=make.organisation("Donor"), programme="Programme", access=mode)
        stage.keep(grant, may=_sees_shared)
        stage.cast.event.grants.add(grant)


def _people(stage: Stage) -> None:
    for person in stage.cast.people().values():
        stage.keep(person, may=_knows, email=_reaches)
        account: Any = person.user
        stage.keep(account, may=nobody, email=lambda user, found: _reaches(user, found.person))
        Message.objects.filter(recipient=account).delete()
        own: Callable[[Any, Any], bool] = lambda user, record, account=account: user == account  # type: ignore[misc]  # noqa: E731
        told = Message(kind="events.changed", to=person.email, recipient=account, language="en", message_id=account.pk)
        stage.keep(told, may=own, message_id=nobody, last_error=nobody, about=nobody)
        lost = Message(
            kind="events.changed", to=person.email, recipient=account, language="en", message_id=f"{account.pk} lost"
        )
        lost.state = MessageState.FAILED
        reads: Callable[[Any, Any], bool] = lambda user, record, account=account: _wrote_to(user, account)  # type: ignore[misc]  # noqa: E731
        stage.keep(lost, may=own, to=reads, message_id=nobody, last_error=nobody, about=nobody)
        stage.keep(Consent(person=person, purpose="photographs", wording="I may be seen."), may=own)
        for held in person.tenures.all():
            stage.keep(held, may=everybody)  # a lesson's page says by their post whom one can ask


def _coordinates(user: Any, record: Any) -> bool:
    """Whether the user is a coordinator, who alone sees problems of the network."""
    return standing_of(user).coordinator


def _wrote_to(user: Any, account: Any) -> bool:
    """Network coordinators see to whom nothing could be delivered, never what."""
    return bool(user == account or standing_of(user).coordinator)


def _strangers(stage: Stage) -> None:
    """Somebody whom those who entered their address on a list, to a post and to a seat know by another name only."""
    stranger = stage.keep(make.person("Stranger", language="sw"), may=_knows, email=_reaches)
    typed: Any = {"entered_name": "Somebody", "entered_email": "somebody@example.org", "entered_language": "en"}
    part = make.participation(stage.cast.event, stranger, role=ParticipationRole.SPEAKER, **typed)
    SessionPart.objects.create(session=stage.cast.session, participation=part, role=ParticipationRole.SPEAKER)
    make.note(stage.cast.session, speaker=stranger)
    waiting = make.event(hub=stage.cast.hub, starts_on=date(2031, 1, 1), ends_on=date(2031, 1, 2))
    make.participation(waiting, stranger, state=ParticipationState.INVITED, **typed)
    make.tenure(stranger, stage.cast.kwale.organisation, TenureRole.OFFICIAL, **typed)
    make.seat(stage.cast.forum, stranger, **typed)


def _guests(stage: Stage) -> None:
    """Two people without an account, one of them on the list of an event too that the hub's coordinator does not run."""
    elsewhere = make.event("Elsewhere", access=AccessMode.CLOSED)
    for events in ([stage.cast.event], [stage.cast.event, elsewhere]):
        guest = stage.keep(make.person("Guest", account=False), may=_knows, email=_reaches)
        for event in events:
            make.participation(event, guest)


def _knows(user: Any, person: Any) -> bool:
    """Who runs an event, names people to posts or keeps a forum knows its people, and who keeps the record of a session knows
    those who may speak in it: as whoever entered them called them, if that was something else than what is kept."""
    typed = {"person": person, "entered_name": ""}
    parts = Participation.objects.filter(**typed)
    return (
        can_see_person(user, person)
        or Organisation.objects.staffed_by(user).filter(tenures__in=Tenure.objects.filter(**typed)).exists()
        or Forum.objects.editable_by(user).filter(seats__in=Seat.objects.filter(**typed)).exists()
        or Participation.objects.visible_to(user).filter(**typed).exists()
        or Session.objects.noted_by(user).filter(event__participations__in=parts).exists()
    )


def _reaches(user: Any, person: Any) -> bool:
    """Addresses are for those who write to somebody: not for rapporteurs, who know their speakers by name."""
    typed = {"person": person, "entered_email": ""}
    return (
        (person.user_id is not None and person.user_id == getattr(user, "pk", None))
        or Organisation.objects.staffed_by(user).filter(tenures__in=Tenure.objects.filter(**typed)).exists()
        or Forum.objects.editable_by(user).filter(seats__in=Seat.objects.filter(**typed)).exists()
        or Participation.objects.visible_to(user).filter(**typed).exists()
        or standing_of(user).coordinator
    )


def _sees_shared(user: Any, record: Any) -> bool:
    """Ask the queryset, because agreements and grants have no permission for one record."""
    return bool(type(record).objects.visible_to(user).filter(pk=record.pk).exists())
