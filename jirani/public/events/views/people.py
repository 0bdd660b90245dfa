"""Who comes to an event, counted so that nobody can be told apart."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from jirani.core.compiled import compiled_once
from jirani.core.crowds import CROWD, distinguishable
from jirani.core.enums import AccessMode
from jirani.events.enums import ParticipationState
from jirani.events.models import Delegation, Event, Participation
from jirani.members.enums import Sector
from jirani.reading.figures import bars
from jirani.reading.links import organisation_address
from jirani.translation.templatetags.records import text


def people_of(event: Event, user: Any) -> dict[str, Any]:
    """Who comes, by sector and delegation, counted from the records; two queries.

    The page says which authorities send people, and how many people only if they are a crowd. It says nothing of this about a closed event:
    neither affiliation nor the list of those present leaves the room.
    """
    if event.access == AccessMode.CLOSED:
        return {}
    delegations = _delegations(user, event=event.pk)
    sectors, senders, attended, made_up = _counted(_people(user, event=event.pk))
    large, others = distinguishable(sectors)
    named = [(Sector(key).label if key else capfirst(gettext("not said")), count) for key, count in large]
    sent, rest = distinguishable(senders)
    apart = {key for key, _ in sent}
    return {
        "delegations": [each.authority.organisation for each in delegations],
        "uncounted": [each.authority.organisation for each in delegations if each.pk not in apart],
        "came": sectors.total() if sectors.total() >= CROWD else 0,
        "attended": attended,
        "made_up": made_up and not event.illustrative,
        "by_sector": _bars_with(named, others),
        "by_delegation": lambda: _bars_of_delegations(delegations, sent, rest),
    }


@compiled_once
def _delegations(_user: Any, *, event: int) -> QuerySet[Delegation]:
    return Delegation.objects.filter(event=event).select_related("authority__organisation").order_by("pk")


@compiled_once
def _people(_user: Any, *, event: int) -> QuerySet[Participation, tuple[Any, ...]]:
    here = [ParticipationState.CONFIRMED, ParticipationState.ATTENDED]
    parts = Participation.objects.filter(event=event, state__in=here).order_by("sector", "delegation")
    return parts.values_list("state", "sector", "delegation", "illustrative").annotate(Count("pk"))


def _bars_with(named: list[tuple[Any, ...]], others: int) -> list[dict[str, Any]]:
    """Return bars, the last one for all others; none if there would be nothing to compare."""
    rest = (
        [(capfirst(pgettext("people of other sectors or delegations", "others")), others)] if named and others else []
    )
    return bars([*named, *rest])


def _counted(rows: list[tuple[Any, ...]]) -> tuple[Counter[str], Counter[int | None], bool, bool]:
    """Count people by sector and by delegation: those who attended if that is known, or else those who confirmed.

    The last two values say whether attendance is known, and whether any of those counted are illustrative.
    """
    attended = [row for row in rows if row[0] == ParticipationState.ATTENDED]
    counted = attended or rows
    sectors, senders = Counter[str](), Counter[int | None]()
    for _, sector, delegation, _, count in counted:
        sectors[sector] += count
        senders[delegation] += count
    return sectors, senders, bool(attended), any(illustrative for _, _, _, illustrative, _ in counted)


def _bars_of_delegations(
    delegations: Iterable[Delegation], sent: Iterable[tuple[int | None, int]], rest: int
) -> list[dict[str, Any]]:
    """Return bars for delegations, and for people without one, if they are a crowd. Call it after the texts have been translated."""
    named = {each.pk: each.authority.organisation for each in delegations}
    rows = [
        (text(named[key], "name"), count, organisation_address(named[key]))
        if key in named
        else (capfirst(gettext("in no delegation")), count)
        for key, count in sent
    ]
    return _bars_with(rows, rest)
