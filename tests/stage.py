"""A network filled with records of every kind in every mode and state, each text of which holds a token of its own.

`Stage.tokens` says of each token who may see it: a question to the permission of its record. The canary test fetches everything
as everybody and looks for tokens that must not be there; the permission test asks both halves of each pair about these records.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from jirani.commitments.models import Adaptation, FollowUp, Milestone
from jirani.commitments.permissions import can_see_commitment, can_see_evidence, can_see_outcome
from jirani.core.enums import AccessMode, Completion, Publication, Status
from jirani.events.enums import EventState, ParticipationState, PartyRole
from jirani.events.models import Delegation, EventParty, Participation, Session
from jirani.events.permissions import belongs_to, can_edit_event, can_see_event, can_see_session
from jirani.forums.enums import PriorityMethod
from jirani.forums.models import Decision, Forum, Meeting, Priority
from jirani.forums.permissions import can_see_decision, can_see_forum, can_see_meeting, can_see_priority
from jirani.lessons.enums import Addressee, LessonKind
from jirani.lessons.models import Endorsement, Response
from jirani.lessons.permissions import can_see_lesson, can_see_note
from jirani.members.enums import AgreementKind, MembershipState
from jirani.members.models import Agreement, Grant, Membership, Organisation
from jirani.members.permissions import can_see_membership, can_see_person
from jirani.plans.enums import PlanState
from jirani.plans.models import Indicator, Measurement
from jirani.plans.permissions import can_see_activity, can_see_plan
from jirani.translation.models import TranslatableModel, Translation, source_hash

from . import factories as make
from .cast import Cast, assemble

Question = Callable[[Any], bool]
MODES = tuple(AccessMode)


@dataclass
class Stage:
    """The cast, the records, and the tokens with who may see them."""

    cast: Cast
    tokens: dict[str, Question] = field(default_factory=dict)
    records: list[models.Model] = field(default_factory=list)

    def token(self, may: Question) -> str:
        """A new token that those for whom `may(user)` holds may see."""
        word = f"zq{len(self.tokens):04d}qz"
        self.tokens[word] = may
        return word

    def keep(self, record: Any, *fields: str, may: Callable[[Any, Any], bool]) -> Any:
        """Write a token into each text field of a record and into its Arabic translation; `may(user, record)`."""
        for name in fields:
            setattr(record, name, f"{getattr(record, name)} {self.token(lambda user: may(user, record))}".strip())
        record.save()
        if isinstance(record, TranslatableModel):
            for name in fields:
                if name in record.translatable_fields:
                    Translation.objects.create(
                        record=record,
                        field=name,
                        language="ar",
                        body=self.token(lambda user: may(user, record)),
                        state="drafted",
                        source_hash=source_hash(getattr(record, name)),
                    )
        self.records.append(record)
        return record


def fill() -> Stage:
    """Put everything on stage."""
    stage = Stage(assemble())
    _members(stage)
    _forums_and_plans(stage)
    _events(stage)
    _lessons(stage)
    _commitments(stage)
    return stage


def _members(stage: Stage) -> None:
    for person in stage.cast.people().values():
        stage.keep(person, "name", may=_knows)
    for state in MembershipState:
        authority = make.authority(f"County {state}", member=False, hub=stage.cast.hub)
        membership = Membership.objects.create(authority=authority, state=state)
        stage.keep(membership, "remark", may=can_see_membership)
    for mode in MODES:
        agreement = Agreement.objects.create(kind=AgreementKind.MEMORANDUM, title="Agreement", access=mode)
        agreement.parties.set([stage.cast.kwale.organisation, stage.cast.mombasa.organisation])
        stage.keep(agreement, "title", "summary", may=_sees_shared)
        grant = Grant.objects.create(funder=make.organisation("Donor"), programme="Programme", access=mode)
        stage.keep(grant, "programme", "reference", may=_sees_shared)
        stage.cast.event.grants.add(grant)


def _knows(user: Any, person: Any) -> bool:
    """Who runs an event, names people to posts or keeps a forum knows its people, and who keeps the record of a session knows
    those who may speak in it."""
    return (
        can_see_person(user, person)
        or Organisation.objects.staffed_by(user).filter(tenures__person=person).exists()
        or Forum.objects.editable_by(user).filter(seats__person=person).exists()
        or Participation.objects.visible_to(user).filter(person=person).exists()
        or Session.objects.noted_by(user).filter(event__participations__person=person).exists()
    )


def _sees_shared(user: Any, record: Any) -> bool:
    """Agreements and grants have no question of their own: the queryset is their permission."""
    return bool(type(record).objects.visible_to(user).filter(pk=record.pk).exists())


def _forums_and_plans(stage: Stage) -> None:
    cast = stage.cast
    stage.records += [cast.forum, cast.plan, cast.kwale, cast.mombasa, cast.kwale.organisation]
    for mode in MODES:
        forum = stage.keep(make.forum(cast.mombasa, access=mode), "name", "summary", may=can_see_forum)
        make.seat(forum, organisation=cast.kwale.organisation)
        for inner in MODES:
            meeting = Meeting.objects.create(forum=forum, title="Meeting", held_on=date(2024, 5, 1), access=inner)
            stage.keep(meeting, "title", "minutes", may=can_see_meeting)
            decision = Decision.objects.create(meeting=meeting, text="Decision")
            stage.keep(decision, "text", may=can_see_decision)
        priority = Priority.objects.create(
            authority=cast.mombasa,
            forum=forum,
            theme=make.theme(),
            words="Words",
            method=PriorityMethod.VOTE,
            access=mode,
        )
        stage.keep(priority, "words", may=can_see_priority)
        for state in PlanState:
            plan = make.plan(cast.mombasa, forum=forum, access=mode, state=state)
            stage.keep(plan, "title", "summary", "vision", may=can_see_plan)
            activity = make.activity(plan, decided_in=Decision.objects.filter(meeting__forum=forum).last())
            texts = ("title", "description", "means_of_verification", "funding_source")
            stage.keep(activity, *texts, may=can_see_activity)
            indicator = Indicator.objects.create(activity=activity, kind="qualitative", title="Indicator")
            indicator.title = stage.token(lambda user, a=activity: can_see_activity(user, a))  # type: ignore[misc]
            indicator.save()
            measured = Measurement.objects.create(indicator=indicator, measured_on=date(2024, 1, 1), words="Found")
            stage.keep(measured, "words", may=lambda user, found: can_see_activity(user, found.indicator.activity))


def _events(stage: Stage) -> None:
    cast = stage.cast
    stage.records += [cast.event, cast.session]
    coming = timezone.localdate() + timedelta(days=20)
    for mode in MODES:
        for state in EventState:
            event = make.event(access=mode, state=state, hub=cast.hub, starts_on=coming, ends_on=coming)
            stage.keep(event, "title", "summary", "description", "next_steps", "place", may=can_see_event)
            word = stage.token(lambda user, e=event: can_edit_event(user, e) or belongs_to(user, e))  # type: ignore[misc]
            event.link = f"https://join.example.org/{word}"
            event.save()
            EventParty.objects.create(event=event, organisation=cast.kwale.organisation, role=PartyRole.HOST)
            delegation = Delegation.objects.create(event=event, authority=cast.mombasa)
            part = make.participation(event, cast.participant, delegation=delegation)
            listed = make.participation(event, cast.mombasa_focal_point, state=ParticipationState.INVITED)
            written = make.participation(event, cast.kwale_focal_point, state=ParticipationState.INVITED, nonce="sent")
            stage.records += [part, listed, written]
            for inner in MODES:
                session = make.session(event, access=inner)
                stage.keep(session, "title", "summary", "place", may=can_see_session)


def _lessons(stage: Stage) -> None:
    cast = stage.cast
    for mode in MODES:
        session = make.session(cast.event, access=mode)
        make.rapporteur(session, cast.rapporteur)
        note = make.note(
            session, typist=cast.rapporteur, speaker=None if mode == AccessMode.CLOSED else cast.participant
        )
        stage.keep(note, "text", may=can_see_note)
        for state in Publication:
            lesson = make.lesson(
                kind=LessonKind.GOOD_PRACTICE,
                access=mode,
                state=state,
                published_at=timezone.now(),
                event=cast.event,
                session=session,
                writer=cast.rapporteur,
                authorities=[cast.mombasa],
                themes=[make.theme()],
            )
            lesson.notes.set([note])
            texts = ("title", "body", "cost", "why_it_works", "what_did_not_work", "what_to_change")
            stage.keep(lesson, *texts, may=can_see_lesson)
            endorsed = Endorsement.objects.create(
                lesson=lesson, organisation=cast.kwale.organisation, endorsed_on=date(2024, 1, 1)
            )
            stage.keep(endorsed, "words", may=lambda user, found: can_see_lesson(user, found.lesson))
            asked = make.lesson(
                kind=LessonKind.RECOMMENDATION,
                addressee=Addressee.CITIES,
                access=mode,
                state=state,
                published_at=timezone.now(),
                event=cast.event,
                session=session,
            )
            stage.keep(asked, "title", may=can_see_lesson)
            answered = Response.objects.create(
                lesson=asked, organisation=cast.kwale.organisation, answered_on=date(2024, 1, 1)
            )
            stage.keep(answered, "text", may=lambda user, found: can_see_lesson(user, found.lesson))


def _commitments(stage: Stage) -> None:
    cast = stage.cast
    lesson = make.lesson("A lesson for all", event=cast.event, authorities=[cast.mombasa])
    stage.records.append(lesson)
    closed_activity = make.activity(make.plan(cast.kwale, access=AccessMode.CLOSED))
    for mode in MODES:
        for status in Status:
            commitment = make.commitment(
                cast.kwale.organisation,
                lesson=lesson,
                event=cast.event,
                access=mode,
                status=status,
                activity=closed_activity,
                completion=Completion.LIMITED,
                dropped_because="Why" if status == Status.DROPPED else "",
                due_on=timezone.localdate() + timedelta(days=5),
            )
            stage.keep(commitment, "title", "problem", "description", "lead", may=can_see_commitment)
            promised: Callable[[Any, Any], bool] = lambda user, found: can_see_commitment(user, found.commitment)  # noqa: E731
            stage.keep(Adaptation.objects.create(commitment=commitment), "kept", "why", may=promised)
            asked = FollowUp.objects.create(
                commitment=commitment,
                months=3,
                side="government",
                due_on=timezone.localdate(),
                answered_on=timezone.localdate(),
                completion=Completion.LIMITED,
            )
            stage.keep(asked, "words", may=promised)
            FollowUp.objects.create(
                commitment=commitment, months=6, side="government", due_on=timezone.localdate()
            )  # falls due
            stage.keep(Milestone.objects.create(commitment=commitment, title="Step"), "title", may=promised)
            for inner in MODES:
                outcome = make.outcome(commitment, access=inner)
                stage.keep(outcome, "change", "significance", "contribution", may=can_see_outcome)
                evidence = make.evidence(commitment, outcome=outcome, access=inner)
                stage.keep(evidence, "title", may=can_see_evidence)
