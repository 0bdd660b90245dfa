"""The local authorities: their list, with filters, and their map."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet
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
from jirani.public.members.forms import AuthorityFilter, Group
from jirani.public.members.text import membership_words
from jirani.reading.filters import tell_found
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
    form = _filter(request, {"hub": _names(hubs), "theme": _names(themes)})
    page = page_of(request, _by_name(_matching(form.wanted), request.user), ("place", "id"))
    tell_found(request, form, anything=bool(page.rows))
    for authority in page.rows:
        authority.words = membership_words(next(iter(authority.shown_memberships), None))  # type: ignore[attr-defined]
    query = urlencode(form.wanted)
    context = {
        "form": form,
        "page": page,
        "count": form.count,
        "query": f"{query}&" if query else "",
        "wanted": form.wanted,
        "hub": next((hub for hub in hubs if hub.slug == form.wanted.get("hub")), None),
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
    form = _filter(request, names)
    places = {
        organisation: (code, (float(longitude or 0), float(latitude or 0)))
        for organisation, code, longitude, latitude in _matching(form.wanted)
        .filter(latitude__isnull=False)
        .values_list("organisation", "country", "longitude", "latitude")
    }
    tell_found(request, form, anything=bool(places))
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


def _filter(request: HttpRequest, names: Mapping[str, Mapping[str, str]]) -> AuthorityFilter:
    """The filters with their counts; two queries, whose rows are as many as there are combinations of values."""
    theme = request.GET.get("theme", "")
    tagged = LocalAuthority.themes.through.objects
    has_theme = Exists(
        tagged.filter(localauthority=OuterRef("pk"), theme__slug=theme if theme in names["theme"] else "")
    )
    rows = LocalAuthority.objects.order_by().annotate(member=_is_member("pk"), has_theme=has_theme)
    counted = rows.values_list("member", "country", "hub__slug", "kind", "has_theme").annotate(Count("pk"))
    themed = tagged.order_by().annotate(member=_is_member("localauthority")).values_list("member", *_OF_AUTHORITY)
    return AuthorityFilter(
        request.GET,
        groups=[
            _group(count, member, code, hub, kind, theme if has else "")
            for member, code, hub, kind, has, count in counted
        ],
        by_theme=[_group(count, *values) for *values, count in themed.annotate(Count("pk"))],
        names=names,
    )


_OF_AUTHORITY = ("localauthority__country", "localauthority__hub__slug", "localauthority__kind", "theme__slug")


def _group(count: int, member: bool, code: str, hub: str | None, kind: str, theme: str) -> Group:
    facets = {"member": "yes" if member else "no", "country": code, "hub": hub or "", "kind": kind, "theme": theme}
    return Group(count, facets)


def _is_member(key: str) -> Exists:
    return Exists(Membership.objects.filter(authority=OuterRef(key), state=MembershipState.MEMBER))


def _matching(wanted: Mapping[str, str]) -> QuerySet[LocalAuthority]:
    """Return the authorities that match all chosen facets."""
    fields = {"country": "country", "hub": "hub__slug", "kind": "kind"}
    found = LocalAuthority.objects.filter(**{fields[name]: value for name, value in wanted.items() if name in fields})
    if "member" in wanted:
        found = found.filter(_is_member("pk") if wanted["member"] == "yes" else ~_is_member("pk"))
    if "theme" in wanted:
        tagged = LocalAuthority.themes.through.objects.filter(theme__slug=wanted["theme"])
        found = found.filter(pk__in=tagged.values("localauthority"))
    return found


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
