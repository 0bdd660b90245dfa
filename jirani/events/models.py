"""Exchanges, visits and summits: their sessions, the organisations behind them and the people in them."""

from .event.models import NO_DAYS, Delegation, Event, EventParty, EventQuerySet
from .people.models import Participation, ParticipationQuerySet
from .programme.models import RemovedSession, Session, SessionPart, SessionPartQuerySet, SessionQuerySet

__all__ = [
    "NO_DAYS",
    "Delegation",
    "Event",
    "EventParty",
    "EventQuerySet",
    "Participation",
    "ParticipationQuerySet",
    "RemovedSession",
    "Session",
    "SessionPart",
    "SessionPartQuerySet",
    "SessionQuerySet",
]
