"""One organisation that is no local authority, and what any organisation took up and signed."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from jirani.commitments.models import Commitment, CommitmentQuerySet
from jirani.core.paging import page_by_place
from jirani.core.routes import made_once, public
from jirani.events.enums import PartyRole
from jirani.events.models import Event, EventParty
from jirani.members.models import Agreement, Grant, Organisation, standing_of
from jirani.members.permissions import can_edit_organisation
from jirani.reading.sentences import latest_learned, learned
from jirani.reading.showing import show

#: Lessons that it took up; the list holds the rest.
LATEST = 5


@public
@made_once("events", "agreements", "grants")
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: what it is, its parts in events, what it signed, what it pays for, what it took up."""
    user = request.user
    organisation = get_object_or_404(Organisation.objects.select_related("authority"), slug=slug)
    if hasattr(organisation, "authority"):
        return redirect("public:authority_detail", slug)
    parts, parts_page = page_by_place(request, _parts(organisation, user), name="events")
    agreements, agreements_page = page_by_place(request, signed_by(organisation.pk, user), name="agreements")
    grants, grants_page = page_by_place(request, _grants(organisation, user), name="grants")
    taken = learned(latest_learned(taken_up_by(organisation.pk, user), user, LATEST), user)
    context = {
        "organisation": organisation,
        "parts": parts,
        "parts_page": parts_page,
        "agreements": agreements,
        "agreements_page": agreements_page,
        "grants": grants,
        "grants_page": grants_page,
        "taken": taken,
        "appoints": standing_of(user).coordinator,
        "edits": can_edit_organisation(user, organisation),
    }
    told = [part.event for part in parts], agreements, grants, [each.records for each in taken]
    return show(request, "public/members/organisation_detail.html", context, organisation, *told)


def _parts(organisation: Organisation, user: Any) -> QuerySet[EventParty]:
    """Return its parts in events that the reader may see, the latest first."""
    events = Event.objects.visible_to(user)
    return (
        EventParty.objects.filter(organisation=organisation, event__in=events.values("pk"), role__in=PartyRole.values)
        .select_related("event")
        .order_by("-event__starts_on", "-event", "role", "pk")
    )


def _grants(organisation: Organisation, user: Any) -> QuerySet[Grant]:
    """Return the grants that it gives, the latest first."""
    found = Grant.objects.visible_to(user).filter(funder=organisation)
    return found.order_by(F("from_on").desc(nulls_last=True), "-id")


def taken_up_by(body: int, user: Any) -> CommitmentQuerySet:
    """What an organisation took up."""
    return Commitment.objects.visible_to(user).taken_up().filter(organisation=body)


def signed_by(body: int, user: Any) -> QuerySet[Agreement]:
    """Agreements to which an organisation is a party, the latest first."""
    found = Agreement.objects.visible_to(user).filter(parties=body)
    return found.order_by(F("signed_on").desc(nulls_last=True), "-id")
