"""Which table of the demo's files is which model, and by what a record is known again on a second run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Milestone, Outcome
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.forums.models import Attendance, Decision, Forum, Meeting, Priority, Seat, WorkingGroup
from jirani.lessons.models import Endorsement, Lesson, Note, Response
from jirani.members.models import (
    Agreement,
    Consent,
    Grant,
    Hub,
    LocalAuthority,
    Membership,
    NetworkRole,
    Organisation,
    Person,
    Tenure,
)
from jirani.plans.models import ActionPlan, Activity, Indicator, Measurement, Objective, Pillar
from jirani.taxonomy.models import Driver, Goal, Target, Theme


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of table: its model, the fields that identify a record, and the tables nested inside it."""

    model: type[Model]
    identity: tuple[str, ...]
    #: The field that holds the record in which this one is nested.
    inside: str = ""
    children: Mapping[str, "Noun"] = field(default_factory=dict)


_authority = Noun(
    LocalAuthority,
    ("organisation",),
    "organisation",
    {"membership": Noun(Membership, ("authority",), "authority")},
)
_organisation = Noun(Organisation, ("slug",), children={"authority": _authority})
_person = Noun(
    Person,
    ("email",),
    children={
        "tenure": Noun(Tenure, ("person", "organisation", "role"), "person"),
        "duty": Noun(NetworkRole, ("person", "duty", "hub"), "person"),
        "consent": Noun(Consent, ("person", "purpose"), "person"),
    },
)
_meeting = Noun(
    Meeting,
    ("forum", "held_on", "title"),
    "forum",
    {
        "decision": Noun(Decision, ("meeting", "text"), "meeting"),
        "attendance": Noun(Attendance, ("meeting", "seat"), "meeting"),
    },
)
_forum = Noun(
    Forum,
    ("slug",),
    children={
        "seat": Noun(Seat, ("forum", "role", "organisation", "sector"), "forum"),
        "group": Noun(WorkingGroup, ("forum", "name"), "forum"),
        "meeting": _meeting,
    },
)
_indicator = Noun(
    Indicator,
    ("activity", "title"),
    "activity",
    {"measurement": Noun(Measurement, ("indicator", "measured_on"), "indicator")},
)
_activity = Noun(Activity, ("objective", "number"), "objective", {"indicator": _indicator})
_objective = Noun(Objective, ("pillar", "number"), "pillar", {"activity": _activity})
_pillar = Noun(Pillar, ("plan", "number"), "plan", {"objective": _objective})
_session = Noun(
    Session,
    ("event", "position"),
    "event",
    {
        "note": Noun(Note, ("session", "text"), "session"),
        "part": Noun(SessionPart, ("session", "participation", "role"), "session"),
    },
)
_event = Noun(
    Event,
    ("slug",),
    children={
        "party": Noun(EventParty, ("event", "organisation", "role"), "event"),
        "delegation": Noun(Delegation, ("event", "authority"), "event"),
        "participation": Noun(Participation, ("event", "person"), "event"),
        "session": _session,
    },
)
_lesson = Noun(
    Lesson,
    ("title",),
    children={
        "endorsement": Noun(Endorsement, ("lesson", "organisation"), "lesson"),
        "response": Noun(Response, ("lesson", "organisation"), "lesson"),
    },
)
_evidence = Noun(Evidence, ("commitment", "title"), "commitment")
_commitment = Noun(
    Commitment,
    ("organisation", "title"),
    children={
        "milestone": Noun(Milestone, ("commitment", "title"), "commitment"),
        "adaptation": Noun(Adaptation, ("commitment",), "commitment"),
        "follow_up": Noun(FollowUp, ("commitment", "months", "side"), "commitment"),
        "outcome": Noun(Outcome, ("commitment", "change"), "commitment"),
        "evidence": _evidence,
    },
)

#: The files in loading order, each with the tables allowed at its top level.
FILES: tuple[tuple[str, Mapping[str, Noun]], ...] = (
    ("themes", {"theme": Noun(Theme, ("slug",)), "driver": Noun(Driver, ("slug",))}),
    ("goals", {"goal": Noun(Goal, ("number",), children={"target": Noun(Target, ("code",), "goal")})}),
    ("hubs", {"hub": Noun(Hub, ("slug",))}),
    ("organisations", {"organisation": _organisation}),
    ("members", {"organisation": _organisation}),
    ("people", {"person": _person}),
    ("agreements", {"agreement": Noun(Agreement, ("title",)), "grant": Noun(Grant, ("funder", "programme"))}),
    ("forums", {"forum": _forum, "priority": Noun(Priority, ("authority", "rank"))}),
    ("plans", {"plan": Noun(ActionPlan, ("slug",), children={"pillar": _pillar})}),
    ("exchange", {"event": _event}),
    ("summit", {"event": _event}),
    ("events", {"event": _event}),
    ("peers", {"event": _event}),
    ("lessons", {"lesson": _lesson}),
    ("practices", {"lesson": _lesson}),
    ("commitments", {"commitment": _commitment}),
)
