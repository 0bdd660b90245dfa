"""What the pages of the spine share: pages of lists, commitments as a reader may see them, and how far something went.

A record inside another is checked again here: what the reader may not see is not in what these functions give.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import (
    Count,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from jirani.commitments.models import Adaptation, Commitment, CommitmentQuerySet, Evidence, Outcome
from jirani.core.enums import Status
from jirani.events.models import Event, Session
from jirani.events.permissions import can_note_session
from jirani.lessons.models import Lesson, Note
from jirani.members.enums import Sector
from jirani.members.models import LocalAuthority, Organisation
from jirani.plans.models import ActionPlan, Activity
from jirani.public.text import HowFar, Reach, how_far, notes_words, organisation_link
from jirani.translation.models import TranslatableModel
from jirani.translation.templatetags.records import text

M = TypeVar("M", bound=Model)

#: Rows of a section of a page; a list holds the rest.
SHOWN = 10
#: Characters of a link of the chain: what changed is told in sentences, and a title may hold 240.
LINK = 120


def way(name: str, *args: object) -> str:
    """The address of a view, or "" where this network does without it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def activity_address(activity: Activity) -> str:
    """The page of an activity whose plan has been loaded."""
    return reverse("public:activity_detail", args=[activity.objective.pillar.plan.slug, activity.pk])


@dataclass(frozen=True, slots=True)
class Pledge:
    """A commitment, with the lesson it carries out and its activity in a plan only where the reader may see these."""

    commitment: Commitment
    state: str
    lesson: Lesson | None = None
    activity: Activity | None = None
    adaptations: Sequence[Adaptation] = field(default=())
    proven: bool = False

    @property
    def how_far(self) -> HowFar:
        """How far it got, in the word of whoever made it."""
        return how_far(self.commitment, proven=self.proven)

    @property
    def state_name(self) -> str:
        """The state in words."""
        return state_name(self.state)

    @property
    def sentence(self) -> SafeString:
        """What a lesson's page says of it: who adopted, adapted or dropped it."""
        became = "dropped" if self.state == "dropped" else "adapted" if self.adaptations else "adopted"
        organisation = self.commitment.organisation
        words = _CITY if organisation.sector == Sector.LOCAL_GOVERNMENT else _BODY
        return format_html(words[became](), who=organisation_link(organisation))

    @property
    def records(self) -> list[Any]:
        """All whose text a list shows."""
        return [self.commitment, self.commitment.organisation, self.lesson, self.activity, *self.adaptations]


# Translators: {who} is a local authority, "it" a lesson
_CITY = {
    "dropped": lambda: gettext("{who} dropped it"),
    "adapted": lambda: gettext("{who} adapted it"),
    "adopted": lambda: gettext("{who} adopted it as it is"),
}
# Translators: {who} is an organisation of any gender, "it" a lesson
_BODY = {
    "dropped": lambda: pgettext("any organisation", "{who} dropped it"),
    "adapted": lambda: pgettext("any organisation", "{who} adapted it"),
    "adopted": lambda: pgettext("any organisation", "{who} adopted it as it is"),
}


def state_name(state: str) -> str:
    """A state's word."""
    return {
        "taken-up": pgettext("state of a commitment", "taken up"),
        "applied": pgettext("state of a commitment", "applied"),
        "dropped": pgettext("state of a commitment", "dropped"),
    }[state]


def seen(records: QuerySet[Any], key: str) -> Subquery:
    """The key of that one of `records`, those that the reader may see, at which the row's `key` points; None where it is not one.

    Not `Exists`: of that the database makes a hash of all the records that the reader may see, to look up twenty in it.
    """
    return Subquery(records.filter(pk=OuterRef(key)).order_by().values("pk")[:1])


def with_rooms(commitments: CommitmentQuerySet, user: Any) -> CommitmentQuerySet:
    """With what each applies and where it stands in a plan, and whether the reader may see these."""
    rows = commitments.with_applied(user).with_proof(user)
    return rows.select_related("organisation", "lesson", "activity__objective__pillar__plan").annotate(
        lesson_seen=seen(Lesson.objects.visible_to(user).published(), "lesson_id"),
        activity_seen=seen(Activity.objects.visible_to(user), "activity_id"),
    )


def pledge(row: Any) -> Pledge:
    """A commitment of `with_rooms` without what the reader may not see."""
    return Pledge(
        row,
        state="dropped" if row.status == Status.DROPPED else "applied" if row.is_applied else "taken-up",
        lesson=row.lesson if row.lesson_seen else None,
        activity=row.activity if row.activity_seen else None,
        adaptations=getattr(row, "shown_adaptations", ()),
        proven=row.proof is not None,
    )


def pledges(commitments: CommitmentQuerySet, user: Any, *, adaptations: bool = False) -> list[Pledge]:
    """Commitments of a queryset that is already what the reader may see; one query, one more with their adaptations."""
    rows = with_rooms(commitments, user)
    return [pledge(row) for row in (rows.prefetch_related(_ADAPTATIONS) if adaptations else rows)]


_ADAPTATIONS = Prefetch("adaptations", to_attr="shown_adaptations")


def taken_up(user: Any) -> CommitmentQuerySet:
    """Published commitments that the reader may see, the latest first."""
    return Commitment.objects.visible_to(user).taken_up().order_by("-published_at", "-id")


_NO_CITY = ~Q(organisation__sector=Sector.LOCAL_GOVERNMENT)


def reach_of(commitments: CommitmentQuerySet, user: Any) -> Reach:
    """How far they went; one query."""
    outcomes = Outcome.objects.visible_to(user).filter(commitment=OuterRef("pk")).order_by()
    rows = (
        commitments.order_by()
        .with_applied(user)
        .annotate(
            activity_seen=seen(Activity.objects.visible_to(user), "activity_id"),
            outcomes_seen=Subquery(outcomes.values("commitment").annotate(found=Count("pk")).values("found")),
        )
    )
    found = rows.aggregate(
        organisations=Count("organisation", distinct=True),
        applied=Count("organisation", filter=Q(is_applied=True), distinct=True),
        dropped=Count("organisation", filter=Q(status=Status.DROPPED), distinct=True),
        standing=Count("organisation", filter=~Q(status=Status.DROPPED), distinct=True),
        others=Count("organisation", filter=_NO_CITY, distinct=True),
        commitments=Count("pk"),
        activities=Count("activity_seen", distinct=True),
        outcomes=Coalesce(Sum("outcomes_seen"), 0),
    )
    return Reach(**found)


def reach_by_lesson(lessons: Iterable[Lesson], user: Any) -> dict[int, Reach]:
    """How far each of the lessons of a list went; one query."""
    rows = (
        Commitment.objects.visible_to(user)
        .taken_up()
        .filter(lesson__in=[lesson.pk for lesson in lessons])
        .order_by()
        .with_applied(user)
        .values("lesson")
        .annotate(
            organisations=Count("organisation", distinct=True),
            applied=Count("organisation", filter=Q(is_applied=True), distinct=True),
            dropped=Count("organisation", filter=Q(status=Status.DROPPED), distinct=True),
            standing=Count("organisation", filter=~Q(status=Status.DROPPED), distinct=True),
            others=Count("organisation", filter=_NO_CITY, distinct=True),
        )
    )
    return {
        row["lesson"]: Reach(row["organisations"], row["applied"], row["dropped"], row["standing"], row["others"])
        for row in rows
        if row["lesson"]
    }


def with_origins(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """With the authorities they come from and the room they were told in; one more query."""
    authorities = LocalAuthority.objects.select_related("organisation").order_by("pk")
    return lessons.select_related("event", "session__event").prefetch_related(Prefetch("authorities", authorities))


def origins(lesson: Lesson) -> list[Organisation]:
    """Who shared a lesson, where it may say so."""
    return [authority.organisation for authority in lesson.authorities.all()] if lesson.names_origin else []


def in_room(lessons: QuerySet[Lesson], user: Any) -> QuerySet[Lesson]:
    """With the event and the session in which each was told, and whether the reader may see these; and with the outcomes that they
    may see from which a good practice grew. One more query.
    """
    roots = Outcome.objects.visible_to(user).select_related("commitment__organisation")
    latest = roots.order_by(F("observed_on").desc(nulls_last=True), "-id")
    return (
        lessons.select_related("event", "session__event")
        .prefetch_related(Prefetch("grew_from", latest, to_attr="shown_roots"))
        .annotate(
            event_seen=seen(Event.objects.visible_to(user), "event_id"),
            session_seen=seen(Session.objects.visible_to(user), "session_id"),
        )
    )


def room_of(lesson: Any) -> list[Any]:
    """The event and the session of a lesson of `in_room` and what it grew from, so far as the reader may see them."""
    if lesson is None:
        return []
    grown = [[root, root.commitment] for root in lesson.shown_roots]
    return [lesson.event if lesson.event_seen else None, lesson.session if lesson.session_seen else None, *grown]


def room_links(lesson: Any, user: Any) -> dict[str, tuple[str, str, bool]]:
    """The first links of a lesson's chain: from what it grew, where it was told, and from which notes it was made. One query, none for a
    visitor.
    """
    event: tuple[str, str, bool] = ("", "", False)
    session: tuple[str, str, bool] = ("", "", False)
    if lesson.event_seen:
        event = link_in_chain(lesson.event, reverse("public:event_detail", args=[lesson.event.slug]))
    elif lesson.event_id:
        event = gettext("At an event that is not public."), "", False
    if lesson.session_seen:
        address = reverse("public:session_detail", args=[lesson.session.event.slug, lesson.session_id])
        session = link_in_chain(lesson.session, address)
    elif lesson.session_id:
        session = gettext("In a session that is not public."), "", False
    notes = notes_in(lesson.session, user, lesson) if lesson.session_id else ("", "")
    return {**_growth(lesson), "event": event, "session": session, "notes": (*notes, False)}


def _growth(lesson: Any) -> dict[str, tuple[str, str, bool]]:
    """The outcome that a good practice grew from, and the commitment that this came of."""
    if not lesson.shown_roots:
        return {}
    outcome = lesson.shown_roots[0]
    made = outcome.commitment
    return {
        "commitment": link_in_chain(made, reverse("public:commitment_detail", args=[made.pk])),
        "outcome": link_in_chain(outcome, reverse("public:outcome_detail", args=[outcome.pk]), "change"),
    }


def notes_in(session: Session, user: Any, lesson: Lesson | None = None) -> tuple[str, str]:
    """How many notes of a session, those that became `lesson` if it is given, the reader finds at the address that follows.

    Its keepers find all of them, others what they said themselves. Queries only for somebody signed in.
    """
    if not user.is_authenticated:
        return "", ""
    if can_note_session(user, session):
        notes, page, asked = session.notes.all(), way("lessons:note_list", session.event.slug, session.pk), {}
    else:
        notes = Note.objects.attributable_by(user).filter(session=session)
        page, asked = way("lessons:note_own"), {"session": session.pk}
    if lesson:
        notes, asked = notes.filter(lessons=lesson), {**asked, "lesson": lesson.pk}
    count = notes.count()
    return notes_words(count), f"{page}?{urlencode(asked)}" if count and asked else page if count else ""


def link_in_chain(record: Any, address: str, field: str = "title") -> tuple[str, str, bool]:
    """A record as a link of the chain: its title, its page, and whether it was made up."""
    return text(record, field, limit=LINK), address, record.illustrative


def lesson_rows(lessons: QuerySet[Lesson] | Sequence[Lesson], user: Any) -> list[dict[str, Any]]:
    """Rows of lessons for a list: who shared it, and how far it went; two queries and the list's own."""
    found = list(lessons)
    reach = reach_by_lesson(found, user)
    return [{"lesson": each, "origins": origins(each), "reach": reach.get(each.pk, Reach())} for each in found]


def records_in(found: Any) -> Iterator[TranslatableModel]:
    """The records with texts in a page's context: in lists, rows and commitments, not those behind foreign keys."""
    if isinstance(found, TranslatableModel):
        yield found
    elif isinstance(found, Pledge):
        yield from records_in(found.records)
    elif isinstance(found, (list, tuple)):
        for each in found:
            yield from records_in(each)
    elif isinstance(found, dict):
        yield from records_in(list(found.values()))


def outcomes_of(user: Any) -> QuerySet[Outcome]:
    """Outcomes that the reader may see, with whose they are and the evidence that they may see; two queries."""
    evidence = Evidence.objects.visible_to(user).order_by("id")
    return (
        Outcome.objects.visible_to(user)
        .select_related("commitment__organisation", "substantiated_by")
        .prefetch_related(Prefetch("evidence", evidence, to_attr="shown_evidence"))
    )


def link_to(record: Lesson | Event | Session | ActionPlan | Organisation | None) -> SafeString | str:
    """A record's title, leading to its page, in the reader's language; "" for none."""
    if record is None:
        return ""
    if isinstance(record, Organisation):
        return organisation_link(record)
    if isinstance(record, Session):
        address = reverse("public:session_detail", args=[record.event.slug, record.pk])
    elif isinstance(record, Event):
        address = reverse("public:event_detail", args=[record.slug])
    elif isinstance(record, ActionPlan):
        address = reverse("public:plan_detail", args=[record.slug])
    else:
        address = reverse("public:lesson_detail", args=[record.pk])
    return format_html('<a href="{}">{}</a>', address, text(record, "title"))
