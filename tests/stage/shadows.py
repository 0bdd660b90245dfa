"""Records that nobody of the cast may see but the network's coordinator, hung on all that everybody sees.

They belong to an authority abroad and to strangers. Pages of what everybody sees must not tell that they are there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from jirani.commitments.models import Adaptation, Commitment, FollowUp, Milestone
from jirani.core.enums import AccessMode
from jirani.events.enums import EventState, ParticipationRole, ParticipationState, PartyRole
from jirani.events.models import Delegation, Event, EventParty, Session
from jirani.forums.enums import PriorityMethod, SeatRole
from jirani.forums.models import Decision, Forum, Meeting, Priority, WorkingGroup
from jirani.lessons.enums import Addressee, Attribution, LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.members.enums import AgreementKind, Sector
from jirani.members.models import Agreement, Grant, LocalAuthority, Organisation, Person
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from jirani.plans.enums import Completion, PlanState, Status
from jirani.plans.models import ActionPlan, Activity, Indicator, Measurement
from jirani.taxonomy.models import Driver, Target, Theme
from jirani.translation.models import Translation, source_hash

from .. import factories as make
from .tokens import Stage

CLOSED = AccessMode.CLOSED


@dataclass(frozen=True)
class Ground:
    """What everybody sees of the records that the shadows are attached to: it is the same before and after."""

    authority: LocalAuthority
    near: Organisation
    far: Organisation
    forum: Forum
    plan: ActionPlan
    event: Event
    session: Session
    lesson: Lesson
    commitment: Commitment
    people: list[Person]


def lay_ground() -> Ground:
    """An authority abroad with one public record of each kind, a neighbour of the counties, and strangers."""
    abroad = make.authority("Rabat", country="MA")
    near, far = make.organisation("Near", country="KE"), make.organisation("Far", country="MA")
    forum = make.forum(abroad)
    make.seat(forum, organisation=far)
    plan = make.plan(abroad, forum=forum)
    make.activity(plan)
    event = make.event("Elsewhere")
    session = make.session(event)
    lesson = make.lesson(event=event, session=session, authorities=[abroad], themes=[make.theme()])
    commitment = make.commitment(abroad.organisation, lesson=lesson)
    make.outcome(commitment)
    # Wagtail's lists show that a page has children, whatever their state.
    NewsIndexPage.objects.get(locale__language_code="en").add_child(instance=ArticlePage(title="News", slug="ground"))
    people = [make.person(f"Stranger {n}", account=n < 2) for n in range(5)]
    return Ground(abroad, near, far, forum, plan, event, session, lesson, commitment, people)


def cast_shadows(stage: Stage, ground: Ground, *, drafts: bool) -> None:
    """Closed records of every kind. `drafts`: public ones too that are not shown yet or no longer, which editors may see."""
    for event in list(_events(ground)):
        _fill_event(event, ground)
    taken_out = {"title": "A shadow", "held_on": ground.event.starts_on, "access": CLOSED}
    ground.event.removed_sessions.create(number=2**40, **taken_out)
    _learn(stage, ground, make.session(ground.event, access=CLOSED, host=stage.cast.kwale.organisation), drafts=drafts)
    _promise(stage, ground)
    _meet(stage, ground)
    _plan(stage, ground)
    _pay(stage, ground)
    _tell(stage)


def _events(ground: Ground) -> Iterator[Event]:
    for access, state in (
        (CLOSED, EventState.PUBLISHED), (CLOSED, EventState.CANCELLED), (CLOSED, EventState.DRAFT),
        (AccessMode.PUBLIC, EventState.DRAFT),
    ):  # fmt: skip
        yield make.event("A shadow", access=access, state=state, country="KE", follow_up_of=ground.event)


def _fill_event(event: Event, ground: Ground) -> None:
    event.themes.set(Theme.objects.all())
    event.grants.set(Grant.objects.all())
    EventParty.objects.bulk_create(
        EventParty(event=event, organisation=one, role=role) for one in Organisation.objects.all() for role in PartyRole
    )
    for authority in LocalAuthority.objects.all():
        Delegation.objects.create(event=event, authority=authority)
    session = make.session(event, access=event.access, host=ground.near)
    for person in ground.people:
        part = make.participation(
            event, person, state=ParticipationState.ATTENDED, sector=Sector.HEALTH, delegation=event.delegations.first()
        )
        session.parts.create(participation=part, role=ParticipationRole.SPEAKER)


def _learn(stage: Stage, ground: Ground, session: Session, *, drafts: bool) -> None:
    told: dict[str, Any] = {
        "attribution": Attribution.AUTHORITY,
        "authority": stage.cast.kwale,
        "attributed_at": timezone.now(),
    }
    notes = [make.note(session, speaker=ground.people[0]), make.note(session, **told)]
    states = [(CLOSED, state) for state in Publication]
    states += [(AccessMode.PUBLIC, state) for state in (Publication.DRAFT, Publication.WITHDRAWN)] if drafts else []
    for access, state in states:
        for kind in (LessonKind.GOOD_PRACTICE, LessonKind.RECOMMENDATION):
            lesson = make.lesson(
                "A shadow", body="rotate", kind=kind, access=access, state=state, event=ground.event, writer=ground.people[0],
                session=session if access == CLOSED else ground.session, published_at=timezone.now(),
                addressees=[Addressee.CITIES] if kind == LessonKind.RECOMMENDATION else [],
                authorities=LocalAuthority.objects.all(), themes=Theme.objects.all(),
            )  # fmt: skip
            lesson.drivers.set(Driver.objects.all())
            lesson.targets.set(Target.objects.all())
            lesson.notes.set(notes if access == CLOSED else [])
            _answer(lesson)
            _translate(lesson)


def _answer(lesson: Lesson) -> None:
    today = timezone.localdate()
    for organisation in Organisation.objects.all():
        Endorsement.objects.create(lesson=lesson, organisation=organisation, endorsed_on=today)
    if lesson.kind == LessonKind.RECOMMENDATION:
        for authority in LocalAuthority.objects.all():
            Response.objects.create(lesson=lesson, organisation=authority.organisation, text="Yes", answered_on=today)


def _translate(lesson: Lesson) -> None:
    kind, digest = ContentType.objects.get_for_model(Lesson), source_hash(lesson.title)
    for code in ("ar", "fr", "sw"):
        Translation.objects.create(
            content_type=kind, object_id=lesson.pk, field="title", language=code, body="A shadow", state="drafted",
            source_hash=digest,
        )  # fmt: skip


def _promise(stage: Stage, ground: Ground) -> None:
    closed = [(CLOSED, status) for status in Status]
    activity = Activity.objects.filter(objective__pillar__plan=ground.plan).first()
    for lesson in [*Lesson.objects.published().filter(access=AccessMode.PUBLIC), None]:
        for access, status in [*closed, (AccessMode.PUBLIC, Status.DRAFT)]:
            commitment = make.commitment(
                ground.authority.organisation, title="A shadow", access=access, status=status, lesson=lesson,
                event=stage.cast.event, activity=activity, completion=Completion.COMPLETE, due_on=timezone.localdate(),
                dropped_because="Why" if status == Status.DROPPED else "", published_at=timezone.now(),
            )  # fmt: skip
            commitment.supporting.set([ground.near, ground.far])
        _carry_out(ground, commitment)
    for outcome in (make.outcome(ground.commitment, access=CLOSED), ground.commitment.outcomes.first()):
        make.evidence(ground.commitment, outcome=outcome, access=CLOSED)
    make.evidence(ground.commitment, access=CLOSED)


def _carry_out(ground: Ground, commitment: Commitment) -> None:
    today = timezone.localdate()
    Adaptation.objects.create(commitment=commitment, kept="Kept", why="Why")
    Milestone.objects.create(commitment=commitment, title="A shadow", due_on=today)
    for months in (3, 6):
        FollowUp.objects.create(commitment=commitment, months=months, side="government", due_on=today)
    outcome = make.outcome(commitment, access=commitment.access, substantiated_by=ground.near)
    make.evidence(commitment, outcome=outcome, access=commitment.access)
    outcome.became = Lesson.objects.filter(access=CLOSED).last()
    outcome.save()


def _meet(stage: Stage, ground: Ground) -> None:
    closed = make.forum(ground.authority, access=CLOSED)
    for organisation in (ground.near, ground.far):  # those who hold a seat see the forum
        make.seat(closed, organisation=organisation)
    make.seat(closed, ground.people[0], SeatRole.SECRETARY)
    WorkingGroup.objects.create(forum=closed, name="A shadow")
    for forum in (closed, ground.forum):
        meeting = Meeting.objects.create(forum=forum, title="A shadow", held_on=date(2024, 5, 1), access=CLOSED)
        Decision.objects.create(meeting=meeting, text="A shadow")
        for theme in Theme.objects.all():
            Priority.objects.create(
                authority=ground.authority,
                forum=forum,
                theme=theme,
                words="A shadow",
                method=PriorityMethod.VOTE,
                access=CLOSED,
            )


def _plan(stage: Stage, ground: Ground) -> None:
    shadows = [(CLOSED, state) for state in PlanState] + [(AccessMode.PUBLIC, PlanState.DRAFT)]
    for n, (access, state) in enumerate(shadows):
        plan = make.plan(ground.authority, title="A shadow", forum=ground.forum, access=access, state=state)
        if n == 0:
            plan.supersedes = ground.plan
            plan.save()
        plan.themes.set(Theme.objects.all())
        activity = make.activity(plan, lead=stage.cast.kwale.organisation, until_on=timezone.localdate())
        activity.supporting.set(Organisation.objects.all())
        decided = Decision.objects.filter(meeting__forum=ground.forum).first()
        Activity.objects.filter(pk=activity.pk).update(decided_in=decided)
        indicator = Indicator.objects.create(activity=activity, kind="qualitative", title="A shadow")
        Measurement.objects.create(indicator=indicator, measured_on=date(2024, 1, 1), words="Found")


def _pay(stage: Stage, ground: Ground) -> None:
    agreement = Agreement.objects.create(kind=AgreementKind.MEMORANDUM, title="A shadow", access=CLOSED)
    agreement.parties.set([ground.near, ground.far, ground.authority.organisation])
    grant = Grant.objects.create(funder=ground.far, programme="A shadow", access=CLOSED)
    for event in (stage.cast.event, ground.event):
        event.grants.add(grant)


def _tell(stage: Stage) -> None:
    front = NewsIndexPage.objects.get(locale__language_code="en")
    hidden = Event.objects.filter(access=CLOSED).last()
    drafts: list[Any] = [
        ArticlePage(title="A shadow", slug="a-shadow", live=False, event=stage.cast.event),
        EventReportPage(title="A shadow", slug="another-shadow", live=False, event=hidden),
    ]
    for page in drafts:
        front.add_child(instance=page)
