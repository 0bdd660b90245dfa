"""Events, their sessions, and who takes part."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events.enums import EventFormat, EventKind, EventState, ParticipationState, PartyRole
from jirani.events.models import Delegation, Event, EventParty, RemovedSession, Session
from jirani.events.permissions import belongs_to, can_edit_event, can_see_event, can_see_session
from jirani.members.models import Organisation

from .. import factories as make
from .tokens import Stage


def fill(stage: Stage) -> None:
    """Events in every mode and state, each with sessions in every mode."""
    cast = stage.cast
    stage.records += [cast.event, cast.session]
    coming = timezone.localdate() + timedelta(days=20)
    for mode in stage.modes:
        begun = Event(
            slug=f"begun-{mode}", kind=EventKind.EXCHANGE, format=EventFormat.IN_PERSON, access=mode, hub=cast.hub
        )
        stage.begin(begun, "summary", may=can_see_event)
        for state in EventState:
            event = make.event(access=mode, state=state, hub=cast.hub, starts_on=coming, ends_on=coming)
            stage.keep(event, may=can_see_event, link=joins)
            host = _affiliated(stage, event) if mode == AccessMode.CLOSED else cast.kwale.organisation
            EventParty.objects.create(event=event, organisation=host, role=PartyRole.HOST)
            delegation = Delegation.objects.create(event=event, authority=cast.mombasa)
            part = make.participation(event, cast.participant, delegation=delegation)
            listed = make.participation(event, cast.mombasa_focal_point, state=ParticipationState.INVITED)
            written = make.participation(event, cast.kwale_focal_point, state=ParticipationState.INVITED, nonce="sent")
            stage.records += [part, listed, written]
            for inner in stage.modes:
                session = make.session(event, access=inner, host=host)
                stage.keep(session, may=can_see_session)
                taken = {"access": inner, "number": 10**9 + session.pk, "held_on": coming, "title": "Taken out"}
                stage.keep(RemovedSession(event=event, **taken), may=_could_see)


def _could_see(user: Any, removed: RemovedSession) -> bool:
    """As of the session that it was."""
    return can_see_session(user, Session(event=removed.event, access=removed.access))


def joins(user: Any, event: Any) -> bool:
    """Whether somebody may see the link to join."""
    return can_edit_event(user, event) or belongs_to(user, event)


def _affiliated(stage: Stage, event: Any) -> Organisation:
    """An organisation that nothing but a closed event leads to."""
    word = stage.token(lambda user: can_see_event(user, event))
    host = make.organisation(word)
    stage.affiliations[word] = host.slug
    return host
