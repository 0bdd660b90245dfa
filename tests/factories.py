"""Makers of records for tests: each takes what the test is about and fills in the rest.

They write directly to the models, so that a test can start in any state; actions are tested through actions.
"""

from datetime import date, time
from itertools import count
from typing import Any

from django.utils import timezone

from jirani.accounts.models import User
from jirani.commitments.models import Commitment, Evidence, Outcome
from jirani.core.enums import AccessMode, Precision
from jirani.events.enums import (
    EventFormat,
    EventKind,
    EventState,
    ParticipationRole,
    ParticipationState,
    SessionKind,
)
from jirani.events.models import Event, Participation, Session, SessionPart
from jirani.forums.enums import SeatRole
from jirani.forums.models import Forum, Seat
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Lesson, Note
from jirani.members.enums import AuthorityKind, MembershipState, NetworkDuty, Sector, TenureRole
from jirani.members.models import Hub, LocalAuthority, Membership, NetworkRole, Organisation, Person, Tenure
from jirani.plans.enums import PlanState, Status
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.taxonomy.models import Driver, Theme

_numbers = count(1)


def number() -> int:
    """A number that no other record of this run has."""
    return next(_numbers)


def organisation(name: str = "", **fields: Any) -> Organisation:
    """An organisation of civil society unless the sector says otherwise."""
    n = number()
    fields.setdefault("sector", Sector.CIVIL_SOCIETY)
    return Organisation.objects.create(
        name=name or f"Organisation {n}", slug=fields.pop("slug", f"organisation-{n}"), **fields
    )


def authority(name: str = "", *, member: bool = True, **fields: Any) -> LocalAuthority:
    """A Kenyan county, a member since 2015 unless `member` is false."""
    country = fields.pop("country", "KE")
    body = organisation(
        name or f"County {number()}",
        sector=Sector.LOCAL_GOVERNMENT,
        country=country,
        **{key: fields.pop(key) for key in ("slug", "language", "summary") if key in fields},
    )
    fields.setdefault("kind", AuthorityKind.COUNTY)
    made = LocalAuthority.objects.create(organisation=body, country=country, **fields)
    if member:
        Membership.objects.create(
            authority=made, state=MembershipState.MEMBER, joined_on=date(2015, 1, 1), joined_precision=Precision.YEAR
        )
    return made


def hub(name: str = "", **fields: Any) -> Hub:
    """A regional hub."""
    n = number()
    return Hub.objects.create(name=name or f"Hub {n}", slug=f"hub-{n}", **fields)


def theme(name: str = "", **fields: Any) -> Theme:
    """A theme."""
    n = number()
    return Theme.objects.create(name=name or f"Theme {n}", slug=f"theme-{n}", **fields)


def driver(name: str = "", **fields: Any) -> Driver:
    """A driver."""
    n = number()
    return Driver.objects.create(name=name or f"Driver {n}", slug=f"driver-{n}", **fields)


def user(email: str = "", **fields: Any) -> User:
    """Somebody who can sign in, without any role."""
    return User.objects.create_user(email or f"user{number()}@example.org", **fields)


def person(name: str = "", *, account: bool = True, **fields: Any) -> Person:
    """A person with an account of the same address."""
    n = number()
    email = fields.pop("email", f"person{n}@example.org")
    return Person.objects.create(
        name=name or f"Person {n}", email=email, user=user(email) if account else None, **fields
    )


def duty(who: Person, what: NetworkDuty, hub: Hub | None = None, **fields: Any) -> NetworkRole:
    """Give a person a duty for the network."""
    return NetworkRole.objects.create(person=who, duty=what, hub=hub, **fields)


def tenure(who: Person, at: Organisation, role: TenureRole = TenureRole.FOCAL_POINT, **fields: Any) -> Tenure:
    """Give a person a post."""
    fields.setdefault("from_precision", Precision.DAY if fields.get("from_on") else Precision.UNKNOWN)
    return Tenure.objects.create(person=who, organisation=at, role=role, **fields)


def forum(authority: LocalAuthority, **fields: Any) -> Forum:
    """A public forum of an authority."""
    n = number()
    fields.setdefault("name", f"Forum {n}")
    return Forum.objects.create(authority=authority, slug=f"forum-{n}", **fields)


def seat(forum: Forum, who: Person | None = None, role: SeatRole = SeatRole.MEMBER, **fields: Any) -> Seat:
    """A seat in a forum."""
    return Seat.objects.create(forum=forum, person=who, role=role, **fields)


def plan(authority: LocalAuthority, **fields: Any) -> ActionPlan:
    """A public, adopted plan."""
    n = number()
    fields.setdefault("title", f"Plan {n}")
    fields.setdefault("state", PlanState.ADOPTED)
    fields.setdefault("version", authority.plans.count() + 1)
    return ActionPlan.objects.create(authority=authority, slug=f"plan-{n}", **fields)


def activity(plan: ActionPlan, **fields: Any) -> Activity:
    """Make an activity under the plan's first pillar and objective, which are made if missing."""
    pillar = plan.pillars.first() or Pillar.objects.create(plan=plan, number=1, title=f"Pillar {number()}")
    objective = pillar.objectives.first() or Objective.objects.create(
        pillar=pillar, number=1, title=f"Objective {number()}"
    )
    n = number()
    fields.setdefault("title", f"Activity {n}")
    return Activity.objects.create(objective=objective, number=objective.activities.count() + 1, **fields)


def event(title: str = "", **fields: Any) -> Event:
    """A public, published exchange in December 2021."""
    n = number()
    defaults = {
        "kind": EventKind.EXCHANGE,
        "format": EventFormat.IN_PERSON,
        "state": EventState.PUBLISHED,
        "starts_on": date(2021, 12, 6),
        "ends_on": date(2021, 12, 8),
        "slug": f"event-{n}",
    }
    return Event.objects.create(title=title or f"Event {n}", **(defaults | fields))


def session(event: Event, title: str = "", **fields: Any) -> Session:
    """A panel on the event's first morning."""
    defaults = {
        "kind": SessionKind.PANEL,
        "held_on": event.starts_on,
        "starts_at": time(9),
        "ends_at": time(11),
    }
    return Session.objects.create(event=event, title=title or f"Session {number()}", **(defaults | fields))


def participation(event: Event, who: Person, **fields: Any) -> Participation:
    """A confirmed delegate."""
    fields.setdefault("role", ParticipationRole.DELEGATE)
    fields.setdefault("state", ParticipationState.CONFIRMED)
    return Participation.objects.create(event=event, person=who, **fields)


def listed(event: Event, name: str, *, account: bool = False, language: str = "en", **fields: Any) -> Participation:
    """Somebody on an event's list, reached at an address of their name and invited by a link whose secret is their name too."""
    who = person(name, email=f"{name.lower()}@example.org", account=account, language=language)
    return participation(event, who, **({"state": ParticipationState.INVITED, "nonce": name.lower()} | fields))


def rapporteur(session: Session, who: Person) -> SessionPart:
    """Let a person keep a session's record."""
    part = Participation.objects.filter(event=session.event, person=who).first() or participation(
        session.event, who, role=ParticipationRole.RAPPORTEUR
    )
    return SessionPart.objects.create(session=session, participation=part, role=ParticipationRole.RAPPORTEUR)


def note(session: Session, text: str = "", **fields: Any) -> Note:
    """An unattributed note."""
    return Note.objects.create(session=session, text=text or f"Note {number()}", **fields)


def lesson(title: str = "", **fields: Any) -> Lesson:
    """A public, published lesson."""
    fields.setdefault("kind", LessonKind.GOOD_PRACTICE)
    fields.setdefault("state", Publication.PUBLISHED)
    if fields["state"] == Publication.PUBLISHED:
        fields.setdefault("published_at", timezone.now())
    themes, authorities = fields.pop("themes", []), fields.pop("authorities", [])
    made = Lesson.objects.create(title=title or f"Lesson {number()}", **fields)
    made.themes.set(themes)
    made.authorities.set(authorities)
    return made


def commitment(organisation: Organisation, **fields: Any) -> Commitment:
    """An open commitment, shared as widely as the lesson it applies; public if it applies none."""
    fields.setdefault("title", f"Commitment {number()}")
    if fields.get("lesson"):
        fields.setdefault("access", fields["lesson"].access)
    fields.setdefault("status", Status.OPEN)
    if fields["status"] != Status.DRAFT:
        fields.setdefault("published_at", timezone.now())
    if fields.get("made_on"):
        fields.setdefault("made_precision", Precision.DAY)
    return Commitment.objects.create(organisation=organisation, **fields)


def narrowed_alone(lesson: Lesson, access: AccessMode) -> Lesson:
    """Share the lesson with fewer people than the commitments that apply it, as in records older than the rule."""
    lesson.access = access
    lesson.save(update_fields=["access"])
    return lesson


def outcome(commitment: Commitment, **fields: Any) -> Outcome:
    """A public outcome."""
    fields.setdefault("change", f"Change {number()}")
    fields.setdefault("observed_on", date(2023, 5, 1))
    fields.setdefault("observed_precision", Precision.DAY if fields["observed_on"] else Precision.UNKNOWN)
    return Outcome.objects.create(commitment=commitment, **fields)


def evidence(commitment: Commitment, **fields: Any) -> Evidence:
    """A public link."""
    fields.setdefault("title", f"Evidence {number()}")
    fields.setdefault("link", f"https://example.org/{number()}")
    return Evidence.objects.create(commitment=commitment, **fields)
