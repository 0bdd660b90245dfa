"""The sitemap: an index of parts that hold every public page in every language (https://www.sitemaps.org/protocol.html).

A part holds the pages of one kind whose records' keys lie in one range, read a few hundred at a time.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, ExpressionWrapper, F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import override

from jirani.commitments.models import Commitment, Outcome
from jirani.core.routes import public, whole_address
from jirani.events.models import Event, Session
from jirani.forums.models import Forum
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority, Organisation
from jirani.plans.models import ActionPlan, Activity
from jirani.reading.filters import LARGEST
from jirani.reading.registry import Listing, listings

#: Keys of a part: in all languages fewer than the 50,000 addresses that the format allows a file. Records read at a time.
PART, CHUNK = 40_000 // len(settings.LANGUAGES), 500
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_VISITOR = AnonymousUser()
#: Pages that are no record's.
_LISTS = (
    "home", "authority_list", "event_list", "lesson_list", "commitment_list", "outcome_list", "plan_list", "about", "personal_data",
)  # fmt: skip


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: which parts there are."""
    parts = [("pages", 0), *((each.kind, part) for each in _listings() for part in _parts(each))]
    addresses = (whole_address(reverse("sitemap_part", args=part)) for part in parts)
    body = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in addresses)
    index = f"{_HEAD}<sitemapindex {_SCHEMA}>{body}</sitemapindex>\n"
    return HttpResponse(index, content_type="application/xml; charset=utf-8")


@public
def sitemap_part(request: HttpRequest, kind: str, part: int) -> HttpResponseBase:
    """One part: the addresses of some pages of a kind."""
    if kind == "pages" and part == 0:
        addresses = _pages()
    else:
        found = next((each for each in _listings() if each.kind == kind), None)
        if found is None or part >= LARGEST // PART or not _rows(found, part).exists():
            raise Http404
        addresses = _addresses(found, part)
    return StreamingHttpResponse(_file(addresses), content_type="application/xml; charset=utf-8")


def _everywhere(name: str, *arguments: Any) -> list[str]:
    """A page's address in each language."""
    found = []
    for code, _ in settings.LANGUAGES:
        with override(code):
            found.append(reverse(name, args=arguments))
    return found


def _listings() -> list[Listing]:
    """Return every kind of record with its own page, and the records that a visitor may see."""

    def of(kind: str, records: Any, page: str, *fields: str) -> Listing:
        return Listing(kind, records, fields, partial(_everywhere, f"public:{page}_detail"))

    events = Event.objects.visible_to(_VISITOR)
    sessions = Session.objects.visible_to(_VISITOR).filter(event__in=events.values("pk"))
    lessons = Lesson.objects.visible_to(_VISITOR).published()
    return [
        of("authorities", LocalAuthority.objects.all(), "authority", "organisation__slug"),
        of("organisations", Organisation.objects.filter(authority__isnull=True), "organisation", "slug"),
        of("events", events, "event", "slug"),
        of("sessions", sessions, "session", "event__slug", "pk"),
        of("lessons", lessons, "lesson", "pk"),
        of("commitments", Commitment.objects.visible_to(_VISITOR), "commitment", "pk"),
        of("outcomes", Outcome.objects.visible_to(_VISITOR), "outcome", "pk"),
        of("plans", ActionPlan.objects.visible_to(_VISITOR), "plan", "slug"),
        of("activities", Activity.objects.visible_to(_VISITOR), "activity", "objective__pillar__plan__slug", "pk"),
        of("forums", Forum.objects.visible_to(_VISITOR), "forum", "slug"),
        *listings(),
    ]


def _parts(listing: Listing) -> list[int]:
    """Return the parts that hold something, in one query."""
    part = ExpressionWrapper(F("pk") / PART, output_field=BigIntegerField())
    return sorted(listing.records.order_by().annotate(part=part).values_list("part", flat=True).distinct())


def _rows(listing: Listing, part: int) -> Any:
    return listing.records.filter(pk__gte=part * PART, pk__lt=(part + 1) * PART).order_by("pk")


def _addresses(listing: Listing, part: int) -> Iterator[str]:
    rows, seen = _rows(listing, part).values_list("pk", *listing.fields), -1
    while chunk := list(rows.filter(pk__gt=seen)[:CHUNK]):
        seen = chunk[-1][0]
        for _, *fields in chunk:
            yield from listing.addresses(*fields)


def _pages() -> Iterator[str]:
    for name in _LISTS:
        yield from _everywhere(f"public:{name}")
    yield from _everywhere("wagtail_serve", "")


def _file(addresses: Iterable[str]) -> Iterator[str]:
    yield f"{_HEAD}<urlset {_SCHEMA}>"
    for address in addresses:
        yield f"<url><loc>{escape(whole_address(address))}</loc></url>"
    yield "</urlset>\n"
