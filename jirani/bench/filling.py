"""Records in any number, of the same shape whatever the number."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType

from jirani.commitments.models import Commitment, Evidence, Outcome
from jirani.core.enums import Precision
from jirani.core.paging import write_cursor
from jirani.events.enums import EventFormat, EventKind, EventState
from jirani.events.models import Event, Session
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Lesson
from jirani.members.enums import AuthorityKind, MembershipState, Sector
from jirani.members.models import LocalAuthority, Membership, Organisation
from jirani.plans.enums import Completion, Status
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.models import Translation, source_hash

THEMES, DRIVERS, AUTHORITIES = 12, 8, 200
BATCH = 2_000
#: Lessons an event, lessons a commitment.
PER_EVENT, PER_COMMITMENT = 50, 10
#: Commitments that the busiest authority makes first: its page is as full in a small network, and what grows is not what it shows.
OWN = 20
FIRST_DAY = date(2012, 1, 1)


@dataclass(frozen=True, slots=True)
class Filled:
    """Slugs by which to ask for pages."""

    theme: str
    authority: str


def fill(lessons: int) -> Filled:
    """Fill an empty network. One authority, the busiest, gives a fifth of the lessons, and has made enough commitments to fill its page."""
    themes = _themes()
    authorities = _authorities()
    events = _events(max(1, lessons // PER_EVENT))
    made = _in_batches(Lesson, (_lesson(n, events) for n in range(lessons)))
    _link(Lesson.themes.through, "theme", made, lambda n: {themes[n % THEMES].pk, themes[(n // 3) % THEMES].pk})
    drivers = [Driver.objects.create(name=f"Driver {n}", slug=f"driver-{n}", position=n) for n in range(DRIVERS)]
    _link(Lesson.drivers.through, "driver", made, lambda n: {drivers[n % DRIVERS].pk})
    _link(Lesson.authorities.through, "localauthority", made, lambda n: {authorities[_giver(n)].pk})
    _translate(made)
    _commit(made, authorities)
    return Filled(themes[0].slug, authorities[0].organisation.slug)


def cursor_of_page(page: int, size: int) -> str:
    """The key after which the given page of the library begins (1 is the first)."""
    order = ("-published_at", "-id")
    last = Lesson.objects.published().order_by(*order)[(page - 1) * size - 1 : (page - 1) * size].get()
    return write_cursor("a", last, ["published_at", "id"])


def _giver(n: int) -> int:
    return 0 if n % 5 == 0 else 1 + n % (AUTHORITIES - 1)


def _themes() -> list[Theme]:
    return [Theme.objects.create(name=f"Theme {n}", slug=f"theme-{n}", position=n) for n in range(THEMES)]


def _authorities() -> list[LocalAuthority]:
    made = []
    for n in range(AUTHORITIES):
        body = Organisation.objects.create(
            name=f"County {n}", slug=f"county-{n}", sector=Sector.LOCAL_GOVERNMENT, country="KE"
        )
        place = LocalAuthority.objects.create(
            organisation=body, kind=AuthorityKind.COUNTY, country="KE", latitude="-1.2", longitude="36.8"
        )
        Membership.objects.create(authority=place, state=MembershipState.MEMBER)
        made.append(place)
    return made


def _events(number: int) -> list[Event]:
    events = _in_batches(Event, (_event(n) for n in range(number)))
    _in_batches(Session, (Session(event=event, kind="panel", title="A panel") for event in events))
    return events


def _event(n: int) -> Event:
    day = FIRST_DAY + timedelta(days=n % 5_000)
    return Event(
        kind=EventKind.EXCHANGE,
        format=EventFormat.IN_PERSON,
        state=EventState.PUBLISHED,
        title=f"Exchange {n}",
        slug=f"exchange-{n}",
        starts_on=day,
        ends_on=day,
        country="KE",
    )


def _lesson(n: int, events: list[Event]) -> Lesson:
    return Lesson(
        kind=list(LessonKind)[n % 5],
        title=f"Lesson {n}: begin with what the market street asks for",
        body="What was learned, in three sentences. It took a year. It needed no money of its own.",
        state=Publication.PUBLISHED,
        published_at=datetime(2012, 1, 1, tzinfo=UTC) + timedelta(minutes=70 * n),
        event=events[n % len(events)],
    )


def _translate(lessons: list[Lesson]) -> None:
    kind = ContentType.objects.get_for_model(Lesson)
    _in_batches(
        Translation,
        (
            Translation(
                content_type=kind,
                object_id=lesson.pk,
                field="title",
                language="ar",
                body="درس من الدروس",
                state="drafted",
                source_hash=source_hash(lesson.title),
            )
            for lesson in lessons
        ),
    )


def _commit(lessons: list[Lesson], authorities: list[LocalAuthority]) -> None:
    commitments = _in_batches(
        Commitment,
        (
            Commitment(
                organisation=authorities[0 if n < OWN else (n * 7) % AUTHORITIES].organisation,
                lesson=lesson,
                title=f"Commitment {n}",
                status=Status.OPEN,
                completion=Completion.LIMITED if n % 3 == 0 else Completion.NOT_STARTED,
                published_at=lesson.published_at,
            )
            for n, lesson in enumerate(lessons[::PER_COMMITMENT])
        ),
    )
    applied = [c for c in commitments if c.completion == Completion.LIMITED]
    changes = _in_batches(
        Outcome,
        (
            Outcome(commitment=c, change="Seats rotate", observed_on=FIRST_DAY, observed_precision=Precision.DAY)
            for c in applied
        ),
    )
    proof = {"title": "Minutes", "link": "https://example.org/"}
    _in_batches(Evidence, (Evidence(commitment=o.commitment, outcome=o, **proof) for o in changes))


def _link(through: Any, column: str, lessons: list[Lesson], wanted: Callable[[int], set[int]]) -> None:
    rows = (
        through(**{"lesson_id": lesson.pk, f"{column}_id": other})
        for n, lesson in enumerate(lessons)
        for other in wanted(n)
    )
    _in_batches(through, rows)


def _in_batches(model: Any, rows: Iterable[Any]) -> list[Any]:
    made: list[Any] = []
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            made += model.objects.bulk_create(batch)
            batch = []
    made += model.objects.bulk_create(batch)
    return made
