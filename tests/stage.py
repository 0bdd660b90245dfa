"""A network filled with records of every kind in every mode and state, each text of which holds a token of its own.

`Stage.tokens` says of each token who may see it: a question to the permission of its record. The canary test fetches everything
as everybody and looks for tokens that must not be there; the permission test asks both halves of each pair about these records.
A model whose texts hold no token fails `test_every_text_of_every_model_holds_a_token`: whoever adds one puts it on stage.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from wagtail.fields import StreamField

from jirani.audit.models import Entry
from jirani.commitments.models import Adaptation, Evidence, FollowUp, Milestone
from jirani.commitments.permissions import can_see_commitment, can_see_evidence, can_see_outcome
from jirani.core.enums import AccessMode, Completion, Publication, Status
from jirani.events.enums import EventState, ParticipationRole, ParticipationState, PartyRole
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.events.permissions import belongs_to, can_edit_event, can_see_event, can_see_session
from jirani.forums.enums import PriorityMethod
from jirani.forums.models import Decision, Forum, Meeting, Priority, Seat, WorkingGroup
from jirani.forums.permissions import can_see_decision, can_see_forum, can_see_meeting, can_see_priority
from jirani.lessons.enums import Addressee, LessonKind
from jirani.lessons.models import Endorsement, Response
from jirani.lessons.permissions import can_see_lesson, can_see_note
from jirani.members.enums import AgreementKind, MembershipState, TenureRole
from jirani.members.models import Agreement, Consent, Grant, Membership, Organisation, Tenure, standing_of
from jirani.members.permissions import can_see_membership, can_see_person
from jirani.newsroom.actions import write_report
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage, NewsPage, ReportLesson
from jirani.notifications.models import Message
from jirani.plans.enums import PlanState
from jirani.plans.models import Indicator, Measurement
from jirani.plans.permissions import can_see_activity, can_see_plan
from jirani.taxonomy.models import Goal, Target
from jirani.translation.models import Translation, source_hash

from . import factories as make
from .cast import Cast, assemble

Question = Callable[[Any], bool]
MODES = tuple(AccessMode)


#: Codes, not words.
CODES = {"language", "floor_language", "time_zone", "currency", "field", "engine", "source_hash"}


def texts(model: type[models.Model]) -> list[Any]:
    """The fields of a model into which somebody types words, an address or a link."""
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField | StreamField)
        and not (isinstance(field, models.SlugField) or field.choices or field.primary_key or not field.editable)
        and not (field.max_length and field.max_length < len("zq00000qz") * 2)
        and not (field.name in CODES or any(isinstance(one, RegexValidator) for one in field.validators))
    ]


@dataclass
class Stage:
    """The cast, the records, and the tokens with who may see them."""

    cast: Cast
    tokens: dict[str, Question] = field(default_factory=dict)
    records: list[models.Model] = field(default_factory=list)
    #: Names and slugs of organisations to which nothing but a closed event leads: only their own pages and forms tell of them.
    affiliations: dict[str, str] = field(default_factory=dict)

    def token(self, may: Question) -> str:
        """A new token that those for whom `may(user)` holds may see."""
        word = f"zq{len(self.tokens):05d}qz"
        self.tokens[word] = may
        return word

    def keep(self, record: Any, *, may: Callable[[Any, Any], bool], **narrower: Callable[[Any, Any], bool]) -> Any:
        """Write a token into each text of a record, and into its translations in all other languages; `may(user, record)`.

        `narrower` says of single fields by name who may see them.
        """
        questions: dict[Any, Question] = {
            asked: partial(_ask, asked, record)  # one for all of a record's texts: it is asked once
            for asked in (may, *narrower.values())
        }
        if record.pk is None and not isinstance(record, NewsPage):
            record.save()
        for text in [
            one for model in type(record).__mro__ if model is NewsPage or model is type(record) for one in texts(model)
        ]:
            seen = questions[narrower.get(text.name, may)]
            setattr(record, text.name, _with(getattr(record, text.name), self.token(seen), text))
            if text.name in getattr(record, "translatable_fields", ()):
                self._translate(record, text.name, seen)
        if isinstance(record, NewsPage):  # its title is Wagtail's
            record.title = self.token(lambda user: may(user, record))
        else:
            record.save()
        self.records.append(record)
        return record

    def _translate(self, record: Any, name: str, seen: Question) -> None:
        hashed = source_hash(getattr(record, name))
        Translation.objects.bulk_create(
            Translation(
                record=record, field=name, language=code, body=self.token(seen), state="drafted", source_hash=hashed
            )
            for code, _name in settings.LANGUAGES
            if code != record.language
        )


def _ask(asked: Callable[[Any, Any], bool], record: Any, user: Any) -> bool:
    return asked(user, record)


def _with(value: Any, word: str, text: Any) -> Any:
    """A field's value with a token in it."""
    if isinstance(text, models.EmailField):
        return f"{word}@example.org"
    if isinstance(text, models.URLField):
        return f"https://example.org/{word}"
    if isinstance(text, StreamField):
        return json.dumps([{"type": "paragraph", "value": f"<p>{word}</p>"}])
    if isinstance(text, models.JSONField):
        return {"words": word}
    return f"{value} {word}".strip()


def everybody(user: Any, record: Any) -> bool:
    """What is no secret."""
    return True


def nobody(user: Any, record: Any) -> bool:
    """What no page shows."""
    return False


def fill() -> Stage:
    """Put everything on stage."""
    stage = Stage(assemble())
    _words(stage)
    _members(stage)
    _strangers(stage)
    _forums_and_plans(stage)
    _events(stage)
    _lessons(stage)
    _commitments(stage)
    return stage


def _words(stage: Stage) -> None:
    """What is no secret: words of the field, and what the network says of its hubs and members."""
    goal = Goal.objects.first() or Goal.objects.create(number=17, title="Partnerships")
    target = goal.targets.first() or Target.objects.create(goal=goal, code="17.16", title="Partnership")
    cast = stage.cast
    for record in (goal, target, make.theme(), make.driver(), cast.hub, cast.kwale, cast.kwale.organisation):
        stage.keep(record, may=everybody)


def _members(stage: Stage) -> None:
    for person in stage.cast.people().values():
        stage.keep(person, may=_knows, email=_reaches)
        account: Any = person.user
        stage.keep(account, may=nobody, email=lambda user, found: _reaches(user, found.person))
        Message.objects.filter(recipient=account).delete()
        own: Callable[[Any, Any], bool] = lambda user, record, account=account: user == account  # type: ignore[misc]  # noqa: E731
        told = Message(kind="events.changed", to=person.email, recipient=account, language="en", message_id=account.pk)
        stage.keep(told, may=own, message_id=nobody, last_error=nobody, about=nobody)
        stage.keep(Consent(person=person, purpose="photographs", wording="I may be seen."), may=own)
        for held in person.tenures.all():
            stage.keep(held, may=everybody)  # a lesson's page says by their post whom one can ask
    stage.keep(Entry(verb="members.look", about=stage.cast.kwale.organisation), may=nobody)
    for state in MembershipState:
        authority = make.authority(f"County {state}", member=False, hub=stage.cast.hub)
        membership = Membership.objects.create(authority=authority, state=state)
        stage.keep(membership, may=can_see_membership)
    for mode in MODES:
        agreement = Agreement.objects.create(kind=AgreementKind.MEMORANDUM, title="Agreement", access=mode)
        agreement.parties.set([stage.cast.kwale.organisation, stage.cast.mombasa.organisation])
        stage.keep(agreement, may=_sees_shared)
        grant = Grant.objects.create(funder=make.organisation("Donor"), programme="Programme", access=mode)
        stage.keep(grant, may=_sees_shared)
        stage.cast.event.grants.add(grant)


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


def _sees_shared(user: Any, record: Any) -> bool:
    """Agreements and grants have no question of their own: the queryset is their permission."""
    return bool(type(record).objects.visible_to(user).filter(pk=record.pk).exists())


def _forums_and_plans(stage: Stage) -> None:
    cast = stage.cast
    stage.records += [cast.forum, cast.plan, cast.kwale, cast.mombasa, cast.kwale.organisation]
    for mode in MODES:
        forum = stage.keep(make.forum(cast.mombasa, access=mode), may=can_see_forum)
        make.seat(forum, organisation=cast.kwale.organisation)
        group = WorkingGroup(forum=forum, name="Group")
        stage.keep(group, may=lambda user, found: can_see_forum(user, found.forum))
        for inner in MODES:
            meeting = Meeting.objects.create(forum=forum, title="Meeting", held_on=date(2024, 5, 1), access=inner)
            stage.keep(meeting, may=can_see_meeting)
            decision = Decision.objects.create(meeting=meeting, text="Decision")
            stage.keep(decision, may=can_see_decision)
        priority = Priority.objects.create(
            authority=cast.mombasa,
            forum=forum,
            theme=make.theme(),
            words="Words",
            method=PriorityMethod.VOTE,
            access=mode,
        )
        stage.keep(priority, may=can_see_priority)
        for state in PlanState:
            plan = make.plan(cast.mombasa, forum=forum, access=mode, state=state)
            stage.keep(plan, may=can_see_plan)
            activity = make.activity(plan, decided_in=Decision.objects.filter(meeting__forum=forum).last())
            stage.keep(activity, may=can_see_activity)
            objective = activity.objective
            objective.pillar.working_group = group
            stage.keep(objective.pillar, may=lambda user, found: can_see_plan(user, found.plan))
            stage.keep(objective, may=lambda user, found: can_see_plan(user, found.pillar.plan))
            indicator = Indicator.objects.create(activity=activity, kind="qualitative", title="Indicator")
            stage.keep(indicator, may=lambda user, found: can_see_activity(user, found.activity))
            measured = Measurement.objects.create(indicator=indicator, measured_on=date(2024, 1, 1), words="Found")
            stage.keep(measured, may=lambda user, found: can_see_activity(user, found.indicator.activity))


def _joins(user: Any, event: Any) -> bool:
    return can_edit_event(user, event) or belongs_to(user, event)


def _affiliated(stage: Stage, event: Any) -> Organisation:
    """An organisation that nothing but a closed event leads to."""
    word = stage.token(lambda user: can_see_event(user, event))
    host = make.organisation(word)
    stage.affiliations[word] = host.slug
    return host


def _events(stage: Stage) -> None:
    cast = stage.cast
    stage.records += [cast.event, cast.session]
    coming = timezone.localdate() + timedelta(days=20)
    for mode in MODES:
        for state in EventState:
            event = make.event(access=mode, state=state, hub=cast.hub, starts_on=coming, ends_on=coming)
            stage.keep(event, may=can_see_event, link=_joins)
            host = _affiliated(stage, event) if mode == AccessMode.CLOSED else cast.kwale.organisation
            EventParty.objects.create(event=event, organisation=host, role=PartyRole.HOST)
            delegation = Delegation.objects.create(event=event, authority=cast.mombasa)
            part = make.participation(event, cast.participant, delegation=delegation)
            listed = make.participation(event, cast.mombasa_focal_point, state=ParticipationState.INVITED)
            written = make.participation(event, cast.kwale_focal_point, state=ParticipationState.INVITED, nonce="sent")
            stage.records += [part, listed, written]
            for inner in MODES:
                session = make.session(event, access=inner, host=host)
                stage.keep(session, may=can_see_session)


def _lessons(stage: Stage) -> None:
    cast = stage.cast
    for mode in MODES:
        session = make.session(cast.event, access=mode)
        make.rapporteur(session, cast.rapporteur)
        note = make.note(
            session, typist=cast.rapporteur, speaker=None if mode == AccessMode.CLOSED else cast.participant
        )
        stage.keep(note, may=can_see_note)
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
            stage.keep(lesson, may=can_see_lesson)
            inside: Callable[[Any, Any], bool] = lambda user, found: can_see_lesson(user, found.lesson)  # noqa: E731
            endorsed = Endorsement.objects.create(
                lesson=lesson, organisation=cast.kwale.organisation, endorsed_on=date(2024, 1, 1)
            )
            stage.keep(endorsed, may=inside)
            asked = make.lesson(
                kind=LessonKind.RECOMMENDATION,
                addressee=Addressee.CITIES,
                access=mode,
                state=state,
                published_at=timezone.now(),
                event=cast.event,
                session=session,
            )
            stage.keep(asked, may=can_see_lesson)
            answered = Response(
                lesson=asked, organisation=cast.kwale.organisation, text="Answer", answered_on=date(2024, 1, 1)
            )
            stage.keep(answered, may=inside)


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
            stage.keep(commitment, may=can_see_commitment)
            promised: Callable[[Any, Any], bool] = lambda user, found: can_see_commitment(user, found.commitment)  # noqa: E731
            stage.keep(Adaptation(commitment=commitment, kept="Kept", why="Why"), may=promised)
            asked = FollowUp.objects.create(
                commitment=commitment,
                months=3,
                side="government",
                due_on=timezone.localdate(),
                answered_on=timezone.localdate(),
                completion=Completion.LIMITED,
            )
            stage.keep(asked, may=promised)
            FollowUp.objects.create(
                commitment=commitment, months=6, side="government", due_on=timezone.localdate()
            )  # falls due
            stage.keep(Milestone.objects.create(commitment=commitment, title="Step"), may=promised)
            for inner in MODES:
                outcome = make.outcome(commitment, access=inner)
                stage.keep(outcome, may=can_see_outcome)
                stage.keep(make.evidence(commitment, outcome=outcome, access=inner), may=can_see_evidence)
                _file(stage, make.evidence(commitment, outcome=outcome, access=inner))


def _file(stage: Stage, evidence: Evidence) -> None:
    """A piece of evidence that is a file: what is in it is for those who see it, what it was called for nobody."""
    stage.keep(evidence, may=can_see_evidence)
    name, words = stage.token(lambda user: False), stage.token(lambda user: can_see_evidence(user, evidence))
    evidence.link, evidence.file = "", SimpleUploadedFile(f"{name}.txt", words.encode())
    evidence.save()


def publish(stage: Stage) -> None:
    """Put the newsroom on stage: articles in every state, and reports of events in every mode, as if published before these closed."""
    by, front = stage.cast.users()["coordinator"], NewsIndexPage.objects.get(locale__language_code="en")
    for live in (True, False):
        article = ArticlePage(slug=f"article-{live}", live=live, event=_closed(stage))
        front.add_child(instance=stage.keep(article, may=everybody if live else nobody))
        article.save_revision()
        stage.keep(article, may=nobody).save_revision()  # somebody goes on with it; it is not published
    report = write_report(stage.cast.event, by=by)
    for lesson in stage.cast.event.lessons.exclude(report_places__page=report):
        report.report_lessons.add(ReportLesson(lesson=lesson))
    report.save_revision().publish()
    for mode in MODES:
        event = make.event(access=mode)
        seen: Callable[[Any, Any], bool] = lambda user, page: can_see_event(user, page.event)  # noqa: E731
        front.add_child(instance=stage.keep(EventReportPage(slug=f"report-{mode}", event=event), may=seen))


def _closed(stage: Stage) -> Any:
    return next(one for one in stage.records if isinstance(one, Event) and one.access == AccessMode.CLOSED)
