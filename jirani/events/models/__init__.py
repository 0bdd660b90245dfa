"""Exchanges, visits and summits: their sessions, the organisations behind them and the people in them."""

from .events import (
    Delegation,
    Event,
    EventParty,
    EventQuerySet,
    Participation,
    ParticipationQuerySet,
)
from .sessions import RemovedSession, Session, SessionPart, SessionPartQuerySet, SessionQuerySet

__all__ = [
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
