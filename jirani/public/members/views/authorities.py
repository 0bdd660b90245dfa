"""The local authorities: their list, with filters, and their map."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from jirani.commitments.models import Commitment
from jirani.core.paging import page_of
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.lessons.models import Lesson
from jirani.members.enums import MembershipState
from jirani.members.models import Hub, LocalAuthority, Membership, Organisation
from jirani.members.permissions import coordinates
from jirani.public.members.forms import AuthorityFilter, Row
from jirani.public.members.text import membership_words
from jirani.reading.showing import show
from jirani.taxonomy.models import Theme
from jirani.translation.models import attach_translations, place_in_alphabet, translate_now
from jirani.ui.text import country, number
from jirani.ui.text.maps import Point, locator_svg, region_svg

#: How many arcs a map shows, the latest ones.
ARCS = 60
#: How long a map may be kept by whoever fetched it, in seconds.
MAP_AGE = 300


@public
@made_once("member", "country", "hub", "kind", "theme", "cursor")
def authority_list(request: HttpRequest) -> HttpResponse:
    """List members of the network and others that take part, by name in the reader's language."""
    hubs, themes = list(Hub.objects.all()), list(Theme.objects.all())
    language = active_language()
    attach_translations(language, hubs, themes)
    form = AuthorityFilter(request.GET, rows=_rows(), names={"hub": _names(hubs), "theme": _names(themes)})
    found = form.matching()
    page = page_of(request, _by_name(LocalAuthority.objects.filter(pk__in=found), request.user), ("place", "id"))
    for authority in page.rows:
        authority.words = membership_words(next(iter(authority.shown_memberships), None))  # type: ignore[attr-defined]
    query = urlencode(form.wanted)
    context = {
        "form": form,
        "page": page,
        "count": len(found),
        "query": f"{query}&" if query else "",
        "wanted": form.wanted,
        "admits": coordinates(request.user),
    }
    return show(request, "public/members/authority_list.html", context, [each.organisation for each in page.rows])


@public
@made_once("member", "country", "hub", "kind", "theme")
def authority_map(request: HttpRequest) -> HttpResponse:
    """Draw the list's map with the same filters: a dot for each, and an arc from where a lesson was told to where it was taken up."""
    names = {
        "hub": dict.fromkeys(Hub.objects.values_list("slug", flat=True), ""),
        "theme": dict.fromkeys(_theme_slugs(), ""),
    }
    form = AuthorityFilter(request.GET, rows=_rows(), names=names)
    places = {
        organisation: (code, (float(longitude or 0), float(latitude or 0)))
        for organisation, code, longitude, latitude in LocalAuthority.objects.filter(
            pk__in=form.matching(), latitude__isnull=False
        ).values_list("organisation", "country", "longitude", "latitude")
    }
    title = ngettext("%(count)s local authority", "%(count)s local authorities", len(places)) % {
        "count": number(len(places))
    }
    image = region_svg(
        members={code for code, _ in places.values()},
        points=sorted(point for _, point in places.values()),
        arcs=_arcs(request.user, {key: point for key, (_, point) in places.items()}),
        title=title,
    )
    return _image(request, image)


@public
@made_once()
def authority_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw where an authority lies in its country."""
    authority = get_object_or_404(
        LocalAuthority.objects.select_related("organisation"), organisation__slug=slug, latitude__isnull=False
    )
    translate_now(authority.organisation)
    name = authority.organisation.text_in("name", active_language())[0]
    place = float(authority.longitude or 0), float(authority.latitude or 0)
    return _image(request, locator_svg(authority.country, *place, title=f"{name}, {country(authority.country)}"))


def _image(request: HttpRequest, svg: str) -> HttpResponse:
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = f"{'private' if request.user.is_authenticated else 'public'}, max-age={MAP_AGE}"
    return response


def _rows() -> list[Row]:
    """Every authority as the filters see it; two queries."""
    themes: dict[int, set[str]] = defaultdict(set)
    for authority, slug in LocalAuthority.themes.through.objects.values_list("localauthority", "theme__slug"):
        themes[authority].add(slug)
    member = Exists(Membership.objects.filter(authority=OuterRef("pk"), state=MembershipState.MEMBER))
    rows = LocalAuthority.objects.annotate(member=member).values_list("pk", "member", "country", "hub__slug", "kind")
    return [
        Row(
            pk,
            {
                "member": frozenset(["yes" if is_member else "no"]),
                "country": frozenset([code]),
                "hub": frozenset([hub] if hub else []),
                "kind": frozenset([kind]),
                "theme": frozenset(themes[pk]),
            },
        )
        for pk, is_member, code, hub, kind in rows
    ]


def _names(records: list[Any]) -> dict[str, str]:
    language = active_language()
    return {record.slug: record.text_in("name", language)[0] for record in records}


def _theme_slugs() -> QuerySet[Theme, str]:
    return Theme.objects.values_list("slug", flat=True)


def _by_name(authorities: QuerySet[LocalAuthority], user: Any) -> QuerySet[LocalAuthority]:
    """Annotate `place`, the order in the alphabet of the reader's language."""
    memberships = Membership.objects.visible_to(user).order_by(F("joined_on").desc(nulls_last=True), "-id")
    return (
        authorities.annotate(place=place_in_alphabet(Organisation, number="organisation", name="organisation__name"))
        .select_related("organisation")
        .prefetch_related(Prefetch("memberships", memberships, to_attr="shown_memberships"))
    )


def _arcs(user: Any, places: dict[int, Point]) -> list[tuple[Point, Point]]:
    """Return arcs from where lessons were told to where they were taken up: the latest that the reader may see."""
    taken = Commitment.objects.visible_to(user).taken_up().filter(organisation__in=places)
    lessons = Lesson.objects.visible_to(user).published().naming_origin()
    told = Lesson.authorities.through.objects.filter(
        lesson__in=lessons.values("pk"), localauthority__organisation__in=places
    )
    pairs = (
        taken.filter(lesson__in=told.values("lesson"))
        .order_by("-published_at", "-id")
        .values_list("lesson", "organisation")[:ARCS]
    )
    origins = defaultdict(set)
    for lesson, origin in told.filter(lesson__in={lesson for lesson, _ in pairs}).values_list(
        "lesson", "localauthority__organisation"
    ):
        origins[lesson].add(origin)
    ways = {(origin, target) for lesson, target in pairs for origin in origins[lesson] if origin != target}
    return sorted((places[origin], places[target]) for origin, target in ways)
