"""The rows of the desk. Each list asks for a bounded number of records of each kind, in one query a kind."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jirani.commitments.models import Commitment, FollowUp
from jirani.core.enums import AccessMode, Publication, Status
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation, Session
from jirani.forums.enums import SeatRole
from jirani.forums.models import Seat
from jirani.lessons.models import Lesson, Note
from jirani.members.models import LocalAuthority, standing_of
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan
from jirani.translation.models import TranslatableModel
from jirani.translation.templatetags.records import text

#: Rows of one kind; more than these are behind the pages that the rows lead to.
MOST = 5
#: How far ahead a due date needs somebody.
SOON = timedelta(days=60)

#: A record's text field, read in the reader's language once translations have been attached.
Text = tuple[TranslatableModel, str]


@dataclass(frozen=True, slots=True)
class Row:
    """Who, what, by when, and the one thing to do. `words` may hold `%(about)s`."""

    who: Text | str
    words: str
    about: Text | None
    url: str
    action: str = ""
    action_url: str = ""
    due: date | None = None

    @property
    def records(self) -> list[TranslatableModel]:
        """The records whose text the row shows."""
        return [told[0] for told in (self.who, self.about) if isinstance(told, tuple)]

    def shown(self) -> dict[str, object]:
        """What the template shows."""
        return {
            "who": self.who if isinstance(self.who, str) else _read(self.who),
            "what": SafeString(escape(self.words) % {"about": _read(self.about) if self.about else ""}),
            "url": self.url,
            "due": self.due,
            "action": self.action,
            "action_url": self.action_url,
        }


def _read(told: Text) -> SafeString:
    return text(*told)


def needs_you(user: Any) -> list[Row]:
    """What this person has to do, the most pressing kind first."""
    rows = [*_invitations(user), *_words_wanted(user), *_follow_ups(user), *_due(user)]
    rows += [
        *_draft_commitments(user),
        *_plans_to_write(user),
        *_draft_lessons(user),
        *_sessions_to_note(user),
        *_events_to_prepare(user),
    ]
    return rows


def _invitations(user: Any) -> list[Row]:
    parts = (
        Participation.objects.filter(person__user=user, state=ParticipationState.INVITED)
        .exclude(event__state=EventState.CANCELLED)
        .filter(event__ends_on__gte=timezone.localdate())
        .select_related("event")
        .order_by("event__starts_on")[:MOST]
    )
    return [
        Row(
            (part.event, "title"),
            _("You are invited. Say whether you come."),
            None,
            address := reverse("events:own_programme_detail", args=[part.event.slug]),
            _("Answer"),
            address,
            part.event.starts_on,
        )
        for part in parts
    ]


def _words_wanted(user: Any) -> list[Row]:
    notes = (
        Note.objects.attributable_by(user)
        .filter(attributed_at__isnull=True)
        .select_related("session__event")
        .order_by("-created_at", "pk")[:MOST]
    )
    return [
        Row(
            (note.session.event, "title"),
            _("Say how what you said in “%(about)s” may be attributed."),
            (note.session, "title"),
            address := reverse("lessons:note_attribute", args=[note.pk]),
            _("Say how"),
            address,
        )
        for note in notes
    ]


def _follow_ups(user: Any) -> list[Row]:
    asked = FollowUp.objects.answerable_by(user).filter(
        answered_on__isnull=True, due_on__lte=timezone.localdate() + SOON, commitment__status=Status.OPEN
    )
    if standing_of(user).coordinates:  # they may answer for everybody, but they are not asked
        asked = asked.filter(commitment__in=_own_commitments(user))
    asked = asked.select_related("commitment__organisation").order_by("due_on", "id")[:MOST]
    return [
        Row(
            (ask.commitment.organisation, "name"),
            _("Answer the follow-up: %(about)s"),
            (ask.commitment, "title"),
            reverse("public:commitment_detail", args=[ask.commitment.pk]),
            _("Answer"),
            reverse("commitments:follow_up_answer", args=[ask.pk]),
            ask.due_on,
        )
        for ask in asked
    ]


def _own_commitments(user: Any) -> Any:
    """Commitments of organisations for which this person speaks, not all that a coordinator could change."""
    standing = standing_of(user)
    return Commitment.objects.filter(organisation__in=standing.focal_organisations).values("pk")


def _due(user: Any) -> list[Row]:
    open_ones = (
        Commitment.objects.filter(pk__in=_own_commitments(user), status=Status.OPEN)
        .filter(due_on__lte=timezone.localdate() + SOON)
        .select_related("organisation")
        .order_by("due_on", "id")[:MOST]
    )
    return [
        _commitment_row(
            commitment,
            _("Say how far it got: %(about)s"),
            _("Record progress"),
            reverse("commitments:completion_edit", args=[commitment.pk]),
            commitment.due_on,
        )
        for commitment in open_ones
    ]


def _draft_commitments(user: Any) -> list[Row]:
    drafts = (
        Commitment.objects.filter(pk__in=_own_commitments(user), status=Status.DRAFT)
        .select_related("organisation")
        .order_by("-updated_at")[:MOST]
    )
    return [
        _commitment_row(
            commitment,
            _("Finish and publish: %(about)s"),
            _("Go on"),
            reverse("commitments:commitment_edit", args=[commitment.pk]),
        )
        for commitment in drafts
    ]


def _commitment_row(commitment: Commitment, words: str, action: str, address: str, due: date | None = None) -> Row:
    return Row(
        (commitment.organisation, "name"),
        words,
        (commitment, "title"),
        reverse("public:commitment_detail", args=[commitment.pk]),
        action,
        address,
        due,
    )


def _plans_to_write(user: Any) -> list[Row]:
    """Drafts of plans that are theirs to write, and local authorities for which they speak that have no plan to tie a commitment to."""
    standing = standing_of(user)
    if standing.person is None:
        return []
    own = LocalAuthority.objects.filter(organisation__in=standing.focal_organisations)
    kept = Seat.objects.standing().filter(person=standing.person, role=SeatRole.SECRETARY)
    mine = Q(authority__in=own.values("pk")) | Q(forum__in=kept.values("forum"))
    drafts = ActionPlan.objects.filter(mine, state=PlanState.DRAFT).select_related("authority__organisation")
    rows = [
        Row(
            (plan.authority.organisation, "name"),
            _("Finish and adopt: %(about)s"),
            (plan, "title"),
            address := reverse("plans:plan_edit", args=[plan.slug]),
            _("Go on"),
            address,
        )
        for plan in drafts.order_by("-updated_at")[:MOST]
    ]
    return rows + [
        Row(
            (authority.organisation, "name"),
            _("There is no action plan yet. Commitments are tied to its activities."),
            None,
            reverse("public:authority_detail", args=[authority.organisation.slug]),
            _("Make an action plan"),
            reverse("plans:plan_create", args=[authority.organisation.slug]),
        )
        for authority in own.filter(plans=None).select_related("organisation").order_by("pk")[:MOST]
    ]


def _draft_lessons(user: Any) -> list[Row]:
    own = Q(writer__user=user) | Q(session__in=_recorded(user))
    drafts = Lesson.objects.filter(own, state=Publication.DRAFT).select_related("event").order_by("-updated_at")[:MOST]
    return [
        Row(
            (lesson.event, "title") if lesson.event else _("Lesson"),
            _("Finish and publish: %(about)s"),
            (lesson, "title"),
            address := reverse("lessons:lesson_edit", args=[lesson.pk]),
            _("Go on"),
            address,
        )
        for lesson in drafts
    ]


def _recorded(user: Any) -> Any:
    """Sessions of which this person is the rapporteur, not all that a coordinator could note."""
    return Session.objects.filter(parts__role="rapporteur", parts__participation__person__user=user).values("pk")


def _sessions_to_note(user: Any) -> list[Row]:
    sessions = (
        Session.objects.filter(pk__in=_recorded(user), lessons__isnull=True)
        .filter(event__state=EventState.PUBLISHED)
        .select_related("event")
        .order_by("held_on", "id")[:MOST]
    )
    return [
        Row(
            (session.event, "title"),
            _("Keep the record of “%(about)s”."),
            (session, "title"),
            address := reverse("lessons:note_list", args=[session.event.slug, session.pk]),
            _("Type notes"),
            address,
            session.held_on if session.held_on and session.held_on >= timezone.localdate() else None,
        )
        for session in sessions
    ]


def _events_to_prepare(user: Any) -> list[Row]:
    """Drafts, and past events without a report, for those who run them."""
    if not standing_of(user).coordinates:
        return []
    mine = Event.objects.editable_by(user)
    drafts = mine.filter(state=EventState.DRAFT).order_by("starts_on")[:MOST]
    rows = [
        Row(
            _("Event"),
            _("Prepare and publish: %(about)s"),
            (event, "title"),
            address := reverse("events:event_edit", args=[event.slug]),
            _("Go on"),
            address,
            event.starts_on,
        )
        for event in drafts
    ]
    told = (
        mine.filter(state=EventState.PUBLISHED, access=AccessMode.PUBLIC, ends_on__lt=timezone.localdate())
        .filter(lessons__state=Publication.PUBLISHED, reports__isnull=True)
        .distinct()
        .order_by("-ends_on", "-id")[:MOST]
    )
    return rows + [
        Row(
            _("Report"),
            _("Have the report written: %(about)s"),
            (event, "title"),
            reverse("public:event_detail", args=[event.slug]),
            _("Write the report"),
            reverse("newsroom:report_create", args=[event.slug]),
        )
        for event in told
    ]


def waits(user: Any) -> list[Row]:
    """What others have to do before this person can go on."""
    return [*_unanswered(user), *_unsaid(user)]


def _unanswered(user: Any) -> list[Row]:
    """Events of theirs whose invitations are not answered yet."""
    if not standing_of(user).coordinates:
        return []
    events = (
        Event.objects.editable_by(user)
        .filter(participations__state=ParticipationState.INVITED, ends_on__gte=timezone.localdate())
        .distinct()
        .order_by("starts_on")[:MOST]
    )
    return [
        Row(
            (event, "title"),
            _("Some of those who were invited have not answered."),
            None,
            address := reverse("events:participation_list", args=[event.slug]),
            _("See who"),
            address,
            event.starts_on,
        )
        for event in events
    ]


def _unsaid(user: Any) -> list[Row]:
    """Sessions of theirs in which a speaker has not said how a note may be attributed."""
    sessions = (
        Session.objects.filter(pk__in=_recorded(user))
        .filter(notes__speaker__isnull=False, notes__attributed_at__isnull=True)
        .select_related("event")
        .distinct()
        .order_by("-id")[:MOST]
    )
    return [
        Row(
            (session.event, "title"),
            _("Speakers of “%(about)s” have not said yet how their words may be attributed."),
            (session, "title"),
            reverse("lessons:note_list", args=[session.event.slug, session.pk]),
        )
        for session in sessions
    ]


def lately(user: Any) -> list[Row]:
    """What was learned and taken up lately, as far as this person may see it."""
    taken = (
        Commitment.objects.visible_to(user)
        .taken_up()
        .select_related("organisation", "lesson")
        .order_by("-published_at", "-id")[:MOST]
    )
    return [
        Row(
            (commitment.organisation, "name"),
            _("Took up: %(about)s"),
            (commitment, "title"),
            reverse("public:commitment_detail", args=[commitment.pk]),
        )
        for commitment in taken
    ]
